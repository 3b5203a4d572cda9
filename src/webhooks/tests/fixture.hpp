// Webhooks on a fresh database of either engine, with a real HTTP server on loopback as the receiver.
#pragma once

#include <gmock/gmock.h>

#include <deque>

#include "net/server.hpp"
#include "storage/testing/engines.hpp"
#include "webhooks/events.hpp"
#include "webhooks/service.hpp"
#include "webhooks/worker.hpp"

namespace miniops {
namespace identity {
std::span<const sql::Migration> migrations();
}
namespace live {
std::span<const sql::Migration> migrations();
}
namespace webhooks {
std::span<const sql::Migration> migrations();
}
}  // namespace miniops

namespace miniops::webhooks {

inline const AppId shop("wxshop");
inline const AppId bank("wxbank");

inline Kinds kinds_of(std::initializer_list<Kind> kinds) {
  Kinds all;
  for (const Kind kind : kinds) all.set(static_cast<std::size_t>(kind));
  return all;
}

// The receiver: keeps what it gets, answers 200 or what the test wants.
class Peer {
 public:
  explicit Peer(net::Router& router) {
    for (const char* path : {"/hook", "/elsewhere"})
      router.add({net::Method::post, path, "none", ""}, [this](net::Request& request) { return answer(request); });
  }
  // In this order; then 200 again.
  void will_answer(std::vector<net::Response> answers) {
    const std::scoped_lock lock(mutex_);
    answers_ = {std::make_move_iterator(answers.begin()), std::make_move_iterator(answers.end())};
  }
  void will_always_answer(int status) {
    const std::scoped_lock lock(mutex_);
    answers_.clear();
    always_ = status;
  }
  // While held, requests wait for their answers.
  void hold(bool held) { held_ = held; }
  int most_at_once() const { return most_; }
  int at_once() const { return now_; }
  std::vector<net::Request> requests() const {
    const std::scoped_lock lock(mutex_);
    return requests_;
  }
  std::size_t count() const { return requests().size(); }

 private:
  Task<net::Response> answer(net::Request& request) {
    const int now = ++now_;
    most_ = std::max(most_.load(), now);
    {
      const std::scoped_lock lock(mutex_);
      requests_.push_back(request);
    }
    boost::asio::steady_timer timer(co_await boost::asio::this_coro::executor);
    while (held_) {
      timer.expires_after(std::chrono::milliseconds(1));
      co_await timer.async_wait(boost::asio::use_awaitable);
    }
    --now_;
    const std::scoped_lock lock(mutex_);
    net::Response next = net::Response::text("thanks", always_);
    if (!answers_.empty()) next = std::move(answers_.front());
    if (!answers_.empty()) answers_.pop_front();
    co_return next;
  }

  mutable std::mutex mutex_;
  std::vector<net::Request> requests_;
  std::deque<net::Response> answers_;
  int always_ = 200;
  std::atomic<bool> held_{false};
  std::atomic<int> now_{0}, most_{0};
};

class WebhooksTest : public sql::EngineTest {
 protected:
  void SetUp() override {
    open({identity::migrations(), live::migrations(), webhooks::migrations()});
    version_.emplace(db());
    subscribers_.emplace(db(), *version_);
    events_.emplace(*subscribers_, ids_);
    ASSERT_TRUE(server_.listen());
    io_.start();
    allow({"127.0.0.1"});
  }
  void TearDown() override {
    peer_.hold(false);
    worker_.reset();
    io_.stop();
    service_.reset();
    sender_.reset();
    events_.reset();
    subscribers_.reset();
    version_.reset();
    close();
  }
  // Which private addresses may be sent to.
  void allow(const std::vector<std::string>& addresses) {
    worker_.reset();
    service_.reset();
    sender_.emplace(*client_, sealer_, clock_, net::AddressGuard::parse(addresses).value());
    service_.emplace(Service::Collaborators{db(), *version_, sealer_, clock_, random_, ids_, *sender_, *subscribers_});
    worker_ = make_worker();
  }
  // Another process, as far as claims are concerned.
  std::unique_ptr<Worker> make_worker(Worker::Settings settings = generous()) {
    return std::make_unique<Worker>(Worker::Collaborators{db(), *sender_, clock_, random_, ids_},
                                    io_.context(1).get_executor(), settings);
  }
  // The manual clock stands still: the limit of a second would never end.
  static Worker::Settings generous() {
    Worker::Settings settings;
    settings.limits.per_second = 1000;
    return settings;
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
  template <class F>
  void within(F act) {
    auto write = [&](sql::Transaction& tx) -> Result<void> {
      act(tx);
      return {};
    };
    must(db().write_blocking(write));
  }
  static Access access(const AppId& appid = shop) {
    identity::Caller caller;
    caller.account = identity::AccountId(7);
    caller.username = "wang";
    caller.roles = {{shop, identity::Role::admin}, {bank, identity::Role::admin}};
    caller.via = "session";
    return caller.access(appid, identity::Permission::desk_configure).value();
  }

  // ---- webhooks ----
  std::string address(const std::string& path = "/hook") const {
    return fmt::format("http://127.0.0.1:{}{}", server_.port(), path);
  }
  WithSecret add(const std::string& to, std::initializer_list<Kind> kinds = {Kind::message_received},
                 const AppId& appid = shop) {
    Given given;
    given.address = to;
    given.kinds = kinds_of(kinds);
    return must(sql::run(service_->add(access(appid), given)));
  }
  SubscriptionId add_hook() { return add(address()).view.subscription.id; }
  View seen(SubscriptionId id) { return must(sql::run(service_->get(access(), id))); }
  Result<View> change(SubscriptionId id, const Given& given) {
    return sql::run(service_->change(access(), id, seen(id).subscription.version, given));
  }
  void enable(SubscriptionId id, bool enabled) {
    Given given;
    given.enabled = enabled;
    must(change(id, given));
  }

  // ---- events ----
  void emit(Kind kind = Kind::message_received, const AppId& appid = shop, const std::string& text = "你好") {
    within(
        [&](sql::Transaction& tx) { events_->emit(tx, {kind, appid, OpenId("o1"), clock_.now(), {{"text", text}}}); });
  }
  std::vector<Delivery> log(SubscriptionId id, const DeliveryFilter& filter = {}) {
    return must(sql::run(service_->deliveries(access(), id, filter, std::nullopt, 1000))).items;
  }
  // The newest delivery, as "pending/server_error".
  std::string state(SubscriptionId id) {
    const auto all = log(id);
    if (all.empty()) return "none";
    std::string text(word(all.front().state));
    return all.front().reason.empty() ? text : text + "/" + all.front().reason;
  }
  std::int64_t rows(const std::string& table) { return query("SELECT COUNT(*) FROM " + table)[0].integer(0); }

  void drain() { must(sql::run(worker_->drain())); }
  // To the time at which the newest delivery is due.
  void drain_next(SubscriptionId id) {
    clock_.set(std::max(clock_.now(), log(id).front().next_at));
    drain();
  }
  // Until the newest delivery has come to its end.
  void drain_to_the_end(SubscriptionId id) {
    for (int i = 0; i < 100 && log(id).front().state == State::pending; ++i) drain_next(id);
  }

  net::IoThreads io_{2};
  net::Router router_;
  Peer peer_{router_};
  SystemClock system_clock_;
  net::HttpServer server_{{.port = 0}, router_, io_, system_clock_, random_};
  std::unique_ptr<net::HttpClient> client_ = net::make_http_client(0);  // each sql::run() has a context of its own
  Sealer sealer_{std::string(Sealer::key_bytes, 'k'), random_};
  std::optional<sql::ConfigVersion> version_;
  std::optional<Subscribers> subscribers_;
  std::optional<Events> events_;
  std::optional<Sender> sender_;
  std::optional<Service> service_;
  std::unique_ptr<Worker> worker_;
};

}  // namespace miniops::webhooks
