// Performance on a real event store: records are appended to the spool, loaded, and asked about through the routes.
#pragma once

#include "identity/guard.hpp"
#include "identity/service.hpp"
#include "performance/routes.hpp"
#include "telemetry/tests/loader_fixture.hpp"

namespace miniops::identity {
std::span<const sql::Migration> migrations();
}

namespace miniops::performance {

using telemetry::noon;
using telemetry::Record;

class PerformanceTest : public telemetry::LoaderTest {
 protected:
  std::vector<std::span<const sql::Migration>> sets() const override {
    return {identity::migrations(), telemetry::migrations()};
  }

  void SetUp() override {
    LoaderTest::SetUp();
    identity::Settings settings;
    settings.password_cost = {64, 1};
    identity_.emplace(db(), *version_, clock_, random_, ids_, workers_, settings);
    guard_.emplace(router_, *identity_);
    records_.emplace(
        telemetry::Service::Collaborators{db(), *version_, clock_, random_, ids_, workers_, *events_, *loader_});
    service_.emplace(*records_);
    mount(*guard_, *service_, clock_);
    analyst_ = key_of("analyst", identity::Role::analyst);
    agent_ = key_of("agent", identity::Role::agent);
  }

  std::string key_of(const std::string& name, identity::Role role) {
    const auto system = identity::Access::system(telemetry::app, "test");
    const identity::NewAccount account{name, "correct-horse-7", name};
    const auto made = sql::run(identity_->create_account(system, account));
    const identity::NewMember member{name, role};
    EXPECT_TRUE(sql::run(identity_->add_member(system, member)));
    return sql::run(identity_->create_api_key(system, made->id, {"key"}))->secret;
  }

  // ---- what phones report ----

  Record measured(std::string name, double ms, TimeMs at = noon - hour_ms) {
    Record one;
    const std::int64_t id = ids_.next();
    for (std::size_t i = 0; i < 8; ++i) one.id.at(i) = static_cast<char>(id >> (8 * i) & 0xff);
    one.kind = telemetry::Kind::performance;
    one.name = std::move(name);
    one.protocol = "miniops";
    one.client_time = one.time = at;
    one.received_at = clock_.now();
    one.value = ms;
    one.user.device_id = "d1";
    one.page = "pages/index/index";
    one.release = "1.0";
    one.session = "s-1";
    one.network = "4g";
    one.region = "广东";
    one.device = {"Xiaomi", "Redmi", "12", "Android", "12", "8.0.50", "3.6.0"};
    return one;
  }
  Record request(const std::string& url, double ms, int status = 200, TimeMs at = noon - hour_ms) {
    Record one = measured("request", ms, at);
    one.properties = fmt::format(R"({{"method":"GET","url":"{}","status":{},"failed":false}})", url, status);
    return one;
  }
  void load(std::vector<Record> records) {
    append(std::move(records));
    load_all();
  }

  // ---- calls ----

  net::Response call(const std::string& key, const std::string& target) {
    net::Request request;
    request.method = net::Method::get;
    request.path = "/api/v1/miniprograms/wx1/performance/" + target.substr(0, target.find('?'));
    if (target.contains('?')) request.query = target.substr(target.find('?') + 1);
    request.headers.add("Authorization", "Bearer " + key);
    const auto match = router_.match(request.method, request.path);
    if (match.route == nullptr) throw std::runtime_error("no route " + request.path);
    request.path_params = match.params;
    return sql::run(match.route->handler(request));
  }
  json::object get(const std::string& target) {
    const auto answer = call(analyst_, target);
    EXPECT_EQ(answer.status, 200) << target << ": " << answer.body;
    return json::parse(answer.body).as_object();
  }
  std::string refusal(const std::string& target) {
    const auto answer = call(analyst_, target);
    return answer.status < 300 ? std::to_string(answer.status)
                               : std::string(json::parse(answer.body).at("code").as_string());
  }
  // "name count p50, …" of an answer's items; the p50 in tenths of a second.
  static std::string rows(const json::object& answer) {
    std::string out;
    for (const json::value& item : answer.at("items").as_array())
      out +=
          fmt::format("{}{} {} {:.0f}", out.empty() ? "" : ", ", std::string(item.at("name").as_string()),
                      item.at("count").to_number<double>(), item.at("quantiles").at("p50").to_number<double>() / 100);
    return out;
  }

  net::Workers workers_{1, 16};
  net::Router router_;
  std::optional<identity::Service> identity_;
  std::optional<identity::Guard> guard_;
  std::optional<telemetry::Service> records_;
  std::optional<Service> service_;
  std::string analyst_, agent_;
};

}  // namespace miniops::performance
