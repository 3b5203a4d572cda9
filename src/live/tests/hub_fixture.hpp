// The hub on a fresh database of either engine, with an agent, an operator, an analyst and their browsers.
#pragma once

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <deque>

#include "base/json.hpp"
#include "identity/service.hpp"
#include "live/change_log.hpp"
#include "live/hub.hpp"
#include "live/live.hpp"
#include "storage/testing/engines.hpp"

namespace miniops::live {

// A browser: what it says is scripted, what it gets is kept.
class FakeSocket final : public net::WebSocket {
 public:
  explicit FakeSocket(boost::asio::io_context& context) : timer_(context) {
    timer_.expires_at(boost::asio::steady_timer::time_point::max());
  }
  // On the io_context's thread.
  void say(std::string message) {
    said_.push_back(std::move(message));
    timer_.cancel();
  }
  void leave() {
    gone_ = true;
    timer_.cancel();
  }
  Task<std::optional<std::string>> receive() override {
    while (said_.empty() && !gone_) {
      boost::system::error_code cancelled;
      auto token = boost::asio::redirect_error(boost::asio::use_awaitable, cancelled);
      co_await timer_.async_wait(token);
    }
    if (said_.empty()) co_return std::nullopt;
    auto next = std::move(said_.front());
    said_.pop_front();
    co_return next;
  }
  bool post(std::shared_ptr<const std::string> message) override {
    const std::scoped_lock lock(mutex_);
    if (slow_ && got_.size() >= 3) return false;
    got_.push_back(*message);
    return true;
  }
  void close(std::uint16_t code, std::string) override {
    const std::scoped_lock lock(mutex_);
    closed_ = code;
  }
  std::size_t queued_bytes() const override { return 0; }

  void be_slow() { slow_ = true; }
  int closed() const {
    const std::scoped_lock lock(mutex_);
    return closed_;
  }
  std::vector<boost::json::object> got(const std::string& type) const {
    std::vector<boost::json::object> found;
    const std::scoped_lock lock(mutex_);
    for (const auto& text : got_) {
      auto message = boost::json::parse(text).as_object();
      if (message.at("type").as_string() == type) found.push_back(std::move(message));
    }
    return found;
  }
  // The numbers of the changes, as "1 2 3 ".
  std::string numbers() const {
    std::string text;
    for (const auto& change : got("change")) text += std::to_string(change.at("seq").as_int64()) + " ";
    return text;
  }

 private:
  boost::asio::steady_timer timer_;
  std::deque<std::string> said_;
  std::atomic<bool> gone_{false}, slow_{false};
  mutable std::mutex mutex_;
  std::vector<std::string> got_;
  int closed_ = 0;
};

class HubTest : public sql::EngineTest {
 protected:
  void SetUp() override {
    open({identity::migrations(), live::migrations()});
    version_.emplace(db());
    identity::Settings settings;
    settings.password_cost = {64, 1};
    service_.emplace(db(), *version_, clock_, random_, ids_, workers_, settings);
    make_hub({.ring_changes_max = 20, .page_rows = 10});
    sequencer_.emplace(db(), clock_, SequencerOptions{.owner = "a"});
    agent_ = make_caller("agent", identity::Role::agent);
    operator_ = make_caller("operator", identity::Role::operator_);
    analyst_ = make_caller("analyst", identity::Role::analyst);
  }
  void TearDown() override {
    for (auto& socket : sockets_) socket->leave();
    until([&] { return hub_->counts().sockets == 0; });
  }
  void make_hub(HubOptions options) {
    hub_.emplace(db(), *version_, service_->authenticator(), clock_, options);
    hub_->set_presence_handler([this](const identity::Caller& caller, bool connected) {
      presence_ += caller.username + (connected ? "+ " : "- ");
    });
    hub_->set_client_message_handler([this](const identity::Caller& caller, const boost::json::object& message) {
      messages_ += caller.username + ":" + std::string(message.at("type").as_string()) + " ";
    });
  }

  identity::Caller make_caller(const std::string& username, identity::Role role) {
    const identity::NewMember wanted{username, role, "correct-horse-7"};
    const auto access = identity::Access::system(AppId("wxa"), "test");
    EXPECT_TRUE(sql::run(service_->add_member(access, wanted)));
    const identity::SignIn attempt{username, "correct-horse-7", "10.0.0.1"};
    const auto token = sql::run(service_->sign_in(attempt)).value().token;
    net::Request request;
    request.headers.add("Cookie", "miniops_session=" + token);
    return sql::run(service_->authenticator().authenticate(request)).value();
  }

  // `further`: what else the hello says, as ,"full":true
  FakeSocket& connect(const identity::Caller& caller, const std::string& last = "null", const char* appid = "wxa",
                      const std::string& further = "") {
    auto& socket = *sockets_.emplace_back(std::make_unique<FakeSocket>(context_));
    boost::asio::co_spawn(context_, hub_->serve(caller, socket), boost::asio::detached);
    socket.say(fmt::format(R"({{"type":"hello","appids":{{"{}":{}}}{}}})", appid, last, further));
    until([&] { return !socket.got("ready").empty() || !socket.got("error").empty() || socket.closed() != 0; });
    return socket;
  }
  void change(const std::string& content = "hello", identity::Permission permission = identity::Permission::desk_read,
              Audience audience = {}) {
    const auto id = ids_.next();
    const Change made{AppId("wxa"), "message", permission, {{"id", "1"}, {"text", {{"content", content}}}}, audience};
    ASSERT_TRUE(db().write_blocking([&](sql::Transaction& tx) -> Result<void> {
      append_change(tx, id, clock_.now(), made);
      return {};
    }));
  }
  void number_and_deliver() {
    while (sql::run(sequencer_->step()).value()) {
    }
    while (sql::run(hub_->step()).value()) {
    }
  }
  void changes(int count) {
    for (int i = 0; i < count; ++i) change();
    number_and_deliver();
  }
  void turn() {
    context_.restart();
    context_.run_for(std::chrono::milliseconds(1));
  }
  template <class Condition>
  void until(Condition condition) {
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(20);
    while (!condition() && std::chrono::steady_clock::now() < deadline) turn();
    EXPECT_TRUE(condition());
  }
  void watch() { sql::run(hub_->watch_step()); }

  boost::asio::io_context context_;
  net::Workers workers_{1, 16};
  std::optional<sql::ConfigVersion> version_;
  std::optional<identity::Service> service_;
  std::vector<std::unique_ptr<FakeSocket>> sockets_;
  std::optional<Hub> hub_;
  std::optional<Sequencer> sequencer_;
  identity::Caller agent_, operator_, analyst_;
  std::string presence_, messages_;
};

}  // namespace miniops::live
