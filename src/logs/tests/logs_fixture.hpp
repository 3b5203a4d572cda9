// Logs on a real event store: lines are appended to the spool, loaded with their templates, and asked for through the
// routes.
#pragma once

#include "identity/guard.hpp"
#include "identity/service.hpp"
#include "logs/routes.hpp"
#include "logs/template_observer.hpp"
#include "telemetry/tests/loader_fixture.hpp"

namespace miniops::identity {
std::span<const sql::Migration> migrations();
}

namespace miniops::logs {

std::span<const sql::Migration> migrations();

using telemetry::Kind;
using telemetry::Level;
using telemetry::noon;
using telemetry::Record;

class LogsTest : public telemetry::LoaderTest {
 protected:
  std::vector<std::span<const sql::Migration>> sets() const override {
    return {identity::migrations(), telemetry::migrations(), migrations()};
  }

  void SetUp() override {
    LoaderTest::SetUp();
    identity::Settings settings;
    settings.password_cost = {64, 1};
    identity_.emplace(db(), *version_, clock_, random_, ids_, workers_, settings);
    guard_.emplace(router_, *identity_);
    build();
    mount(*guard_, *service_, clock_);
    mount_saved(*guard_, *service_);
    mount_exports(*guard_, *exports_);
    admin_ = key_of("boss", identity::Role::admin);
    developer_ = key_of("dev", identity::Role::developer);
    analyst_ = key_of("analyst", identity::Role::analyst);
  }
  void TearDown() override {
    exports_.reset();
    service_.reset();
    records_.reset();
  }

  void build() {
    templates_.emplace(db());
    loader_->add_observer(*templates_);
    records_.emplace(
        telemetry::Service::Collaborators{db(), *version_, clock_, random_, ids_, workers_, *events_, *loader_});
    service_.emplace(Service::Collaborators{db(), *records_, clock_, ids_});
    exports_.emplace(Exports::Collaborators{db(), *records_, *service_, clock_, ids_}, exports_folder_.path());
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

  Record line(std::string text, Level level = Level::info, TimeMs at = 0) {
    Record one;
    const std::int64_t id = ids_.next();
    for (std::size_t i = 0; i < 8; ++i) one.id.at(i) = static_cast<char>(id >> (8 * i) & 0xff);
    one.kind = Kind::log;
    one.name = "log";
    one.protocol = "miniops";
    one.level = level;
    one.client_time = one.time = at == 0 ? clock_.now() : at;
    one.received_at = clock_.now();
    one.user.device_id = "d1";
    one.page = "pages/index/index";
    one.release = "1.4.2";
    one.session = "s-1";
    one.text = std::move(text);
    return one;
  }
  void load(std::vector<Record> records) {
    append(std::move(records));
    load_all();
  }
  void load(std::initializer_list<std::string_view> texts) {
    std::vector<Record> records;
    for (const std::string_view text : texts) records.push_back(line(std::string(text)));
    load(std::move(records));
  }

  // ---- calls ----

  net::Response call(const std::string& key, net::Method method, const std::string& target,
                     const std::string& body = "") {
    net::Request request;
    request.method = method;
    request.path = "/api/v1/miniprograms/wx1/logs/" + target.substr(0, target.find('?'));
    if (target.contains('?')) request.query = target.substr(target.find('?') + 1);
    request.body = body;
    if (!body.empty()) request.headers.add("Content-Type", "application/json");
    request.headers.add("Authorization", "Bearer " + key);
    const auto match = router_.match(method, request.path);
    if (match.route == nullptr) throw std::runtime_error("no route " + request.path);
    request.path_params = match.params;
    return sql::run(match.route->handler(request));
  }
  json::object get(const std::string& target) { return get(admin_, target); }
  json::object get(const std::string& key, const std::string& target) {
    const auto answer = call(key, net::Method::get, target);
    EXPECT_EQ(answer.status, 200) << target << ": " << answer.body;
    return json::parse(answer.body).as_object();
  }
  json::object post(const std::string& target, const std::string& body = "{}") {
    const auto answer = call(admin_, net::Method::post, target, body);
    EXPECT_LT(answer.status, 300) << target << ": " << answer.body;
    return json::parse(answer.body).as_object();
  }
  std::string code(const std::string& key, net::Method method, const std::string& target,
                   const std::string& body = "") {
    const auto answer = call(key, method, target, body);
    return answer.status < 300 ? std::to_string(answer.status)
                               : std::string(json::parse(answer.body).at("code").as_string());
  }
  static std::vector<std::string> texts(const json::value& items) {
    std::vector<std::string> out;
    for (const json::value& item : items.as_array()) out.emplace_back(item.at("text").as_string());
    return out;
  }
  std::vector<std::string> found(const std::string& query) {
    auto out = texts(get("lines?query=" + escaped(query)).at("items"));
    std::ranges::reverse(out);
    return out;
  }
  static std::string escaped(std::string_view text) {
    std::string out;
    for (const char c : text) out += fmt::format("%{:02X}", static_cast<unsigned char>(c));
    return out;
  }

  net::Workers workers_{1, 16};
  net::Router router_;
  sql::TemporaryFolder exports_folder_;
  std::optional<identity::Service> identity_;
  std::optional<identity::Guard> guard_;
  std::optional<TemplateObserver> templates_;
  std::optional<telemetry::Service> records_;
  std::optional<Service> service_;
  std::optional<Exports> exports_;
  std::string admin_, developer_, analyst_;
};

}  // namespace miniops::logs
