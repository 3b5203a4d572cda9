// The content check on a fresh database of either engine, with a real HTTP server on loopback as the other program.
#pragma once

#include <gmock/gmock.h>

#include "content_check/service.hpp"
#include "net/server.hpp"
#include "storage/testing/engines.hpp"

namespace miniops::identity {
std::span<const sql::Migration> migrations();
}

namespace miniops::content_check {
std::span<const sql::Migration> migrations();

inline const AppId shop("wxshop");
inline const AppId bank("wxbank");

// Answers what a test wants, or nothing while it is held.
class Peer {
 public:
  explicit Peer(net::Router& router) {
    router.add({net::Method::post, "/check", "none", ""}, [this](net::Request& request) { return answer(request); });
  }
  void will_answer(std::string body, int status = 200) {
    const std::scoped_lock lock(mutex_);
    body_ = std::move(body);
    status_ = status;
  }
  void hold(bool held) { held_ = held; }
  std::vector<net::Request> requests() const {
    const std::scoped_lock lock(mutex_);
    return requests_;
  }

 private:
  Task<net::Response> answer(net::Request& request) {
    {
      const std::scoped_lock lock(mutex_);
      requests_.push_back(request);
    }
    boost::asio::steady_timer timer(co_await boost::asio::this_coro::executor);
    while (held_) {
      timer.expires_after(std::chrono::milliseconds(1));
      co_await timer.async_wait(boost::asio::use_awaitable);
    }
    const std::scoped_lock lock(mutex_);
    net::Response response = net::Response::text(body_, status_);
    if (status_ == 302) response.headers.set("Location", "/check");
    co_return response;
  }

  mutable std::mutex mutex_;
  std::vector<net::Request> requests_;
  std::string body_ = R"({"verdict":"pass"})";
  int status_ = 200;
  std::atomic<bool> held_{false};
};

class FakeWeChat final : public WeChat {
 public:
  Task<Reply> call(AppId, wechat::ApiCall call) override {
    calls.push_back(std::move(call));
    co_return reply;
  }
  std::vector<wechat::ApiCall> calls;
  Reply reply{true, 200, R"({"errcode":0,"result":{"suggest":"pass","label":100}})"};
};

class ContentCheckTest : public sql::EngineTest {
 protected:
  void SetUp() override {
    open({identity::migrations(), content_check::migrations()});
    version_.emplace(db());
    ASSERT_TRUE(server_.listen());
    io_.start();
    allow({"127.0.0.1"});
  }
  void TearDown() override {
    peer_.hold(false);
    io_.stop();
    service_.reset();
    checks_.reset();
    webhook_.reset();
    version_.reset();
    close();
  }
  // Which private addresses may be called.
  void allow(const std::vector<std::string>& addresses) {
    service_.reset();
    checks_.reset();
    webhook_.emplace(WebhookAsker::Collaborators{*client_, sealer_, clock_, ids_},
                     net::AddressGuard::parse(addresses).value());
    checks_.emplace(Checks::Collaborators{db(), *version_, clock_, wechat_, *webhook_, {.at_once = 4, .failures = 3}});
    service_.emplace(Service::Collaborators{db(), *version_, sealer_, clock_, random_, ids_, *webhook_, *checks_});
    must(checks_->prepare_blocking());
  }

  template <class T>
  static T must(Result<T> result) {
    if (!result) throw std::runtime_error(result.error().code + ": " + result.error().message);
    if constexpr (!std::is_void_v<T>) return std::move(*result);
  }
  template <class T>
  static std::string code_of(const Result<T>& result) {
    return result ? "ok" : result.error().code;
  }
  static Access access(const AppId& appid = shop) {
    identity::Caller caller;
    caller.account = identity::AccountId(7);
    caller.username = "wang";
    caller.roles = {{shop, identity::Role::admin}, {bank, identity::Role::admin}};
    caller.via = "session";
    return caller.access(appid, identity::Permission::desk_configure).value();
  }
  std::string address(const std::string& path = "/check") const {
    return fmt::format("http://127.0.0.1:{}{}", server_.port(), path);
  }
  WithSecret add(Failing unanswered = Failing::open, const std::string& name = "风控") {
    Given given;
    given.name = name;
    given.address = address();
    given.unanswered = unanswered;
    return must(sql::run(service_->add(access(), given)));
  }
  void set(WeChatRule rule, std::vector<std::string> leave_out = {}) {
    Settings settings = must(sql::run(service_->setup(access()))).settings;
    settings.wechat = rule;
    settings.leave_out = std::move(leave_out);
    must(sql::run(service_->set_settings(access(), settings)));
  }
  std::vector<Finding> ask(const std::string& text, const AppId& appid = shop) {
    return sql::run(checks_->ask({appid, OpenId("o1"), text}));
  }
  // What stands in the way, as "webhook risky 竞品".
  std::string found(const std::string& text) {
    std::vector<std::string> all;
    for (const Finding& one : ask(text))
      all.push_back(fmt::format("{} {} {}", one.kind, word(one.answer.verdict), one.answer.reason));
    return fmt::format("{}", fmt::join(all, "; "));
  }

  net::IoThreads io_{2};
  net::Router router_;
  Peer peer_{router_};
  SystemClock system_clock_;
  net::HttpServer server_{{.port = 0}, router_, io_, system_clock_, random_};
  std::unique_ptr<net::HttpClient> client_ = net::make_http_client(0);  // each sql::run() has a context of its own
  Sealer sealer_{std::string(Sealer::key_bytes, 'k'), random_};
  FakeWeChat wechat_;
  std::optional<sql::ConfigVersion> version_;
  std::optional<WebhookAsker> webhook_;
  std::optional<Checks> checks_;
  std::optional<Service> service_;
};

}  // namespace miniops::content_check
