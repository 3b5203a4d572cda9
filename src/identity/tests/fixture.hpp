// The identity service on a fresh database, with cheap passwords and a clock that stands still.
#pragma once

#include "identity/guard.hpp"
#include "identity/routes.hpp"
#include "identity/service.hpp"
#include "net/router.hpp"
#include "storage/testing/engines.hpp"

namespace miniops::identity {

inline constexpr std::string_view good_password = "correct-horse-7";

class IdentityTest : public sql::EngineTest {
 protected:
  void SetUp() override {
    open({identity::migrations()});
    version_.emplace(db());
    Settings settings;
    settings.password_cost = {64, 1};
    settings.data_folder = folder_.path();
    service_.emplace(db(), *version_, clock_, random_, ids_, workers_, settings);
    service_->set_knows_miniprogram([](AppId appid) { return known(std::move(appid)); });
    guard_.emplace(router_, *service_);
    mount(*guard_, *service_);
  }

  static Task<bool> known(AppId appid) { co_return appid.str().starts_with("wx"); }

  Account make_account(const std::string& username, bool instance_admin = false) {
    NewAccount wanted{username, std::string(good_password), "", instance_admin};
    return sql::run(service_->create_account(Access::system(AppId(), "test"), wanted)).value();
  }
  Member make_member(const std::string& username, const std::string& appid, Role role) {
    NewMember wanted{username, role};
    return sql::run(service_->add_member(Access::system(AppId(appid), "test"), wanted)).value();
  }
  std::string sign_in(const std::string& username, std::string_view password = good_password,
                      const std::string& address = "10.0.0.1") {
    const SignIn attempt{username, std::string(password), address};
    const auto done = sql::run(service_->sign_in(attempt));
    return done ? done->token : "error:" + done.error().code;
  }
  std::string make_key(const Account& owner, NewApiKey wanted = {"key"}) {
    return sql::run(service_->create_api_key(Access::system(AppId(), "test"), owner.id, wanted)).value().secret;
  }

  static net::Request request(net::Method method, const std::string& path, const std::string& body = "") {
    net::Request made;
    made.method = method;
    made.target = made.path = path;
    if (const auto at = path.find('?'); at != std::string::npos) {
      made.path = path.substr(0, at);
      made.query = path.substr(at + 1);
    }
    made.body = body;
    if (!body.empty()) made.headers.add("Content-Type", "application/json");
    made.remote_address = "10.0.0.1";
    made.request_id = "r1";
    return made;
  }
  static net::Request by_cookie(net::Request made, const std::string& token, bool with_csrf = true) {
    made.headers.add("Cookie", "miniops_session=" + token);
    if (with_csrf) made.headers.add("X-CSRF-Token", csrf_token(token));
    return made;
  }
  static net::Request by_key(net::Request made, const std::string& key) {
    made.headers.add("Authorization", "Bearer " + key);
    return made;
  }

  // As the server does it.
  net::Response send(net::Request made) {
    const auto match = router_.match(made.method, made.path);
    if (!match.route) return net::Response::text("no route", 404);
    made.path_params = match.params;
    return sql::run(match.route->handler(made));
  }
  static std::string code(const net::Response& response) {
    const auto body = boost::json::parse(response.body.empty() ? "{}" : response.body);
    const auto* found = body.as_object().if_contains("code");
    return fmt::format("{} {}", response.status, found ? std::string(found->as_string()) : "");
  }

  sql::TemporaryFolder folder_;
  net::Workers workers_{1, 16};
  net::Router router_;
  std::optional<sql::ConfigVersion> version_;
  std::optional<Service> service_;
  std::optional<Guard> guard_;
};

}  // namespace miniops::identity
