// What the module's tests share: a database of either engine, channels, a scripted outside, a worker.
#pragma once

#include <gtest/gtest.h>

#include <boost/asio/executor_work_guard.hpp>
#include <deque>
#include <thread>

#include "base/json.hpp"
#include "notify/consents.hpp"
#include "notify/delivery_log.hpp"
#include "notify/notifier.hpp"
#include "notify/worker.hpp"
#include "storage/testing/engines.hpp"

namespace miniops {
namespace identity {
std::span<const sql::Migration> migrations();
}
namespace notify {
std::span<const sql::Migration> migrations();
}
}  // namespace miniops

namespace miniops::notify {

inline const std::string signing_secret = "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";

class IoThread {
 public:
  IoThread() : guard_(boost::asio::make_work_guard(context_)), thread_([this] { context_.run(); }) {}
  ~IoThread() {
    guard_.reset();  // and ends when all that was begun has come to its end
    thread_.join();
  }
  boost::asio::any_io_executor executor() { return context_.get_executor(); }

 private:
  boost::asio::io_context context_{1};
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> guard_;
  std::thread thread_;
};

// Answers by host as it was told; the last answer of a host repeats. Remembers every request.
class FakeHttp final : public net::HttpClient {
 public:
  using Answer = std::expected<net::ClientResponse, net::ClientFailure>;

  static Answer ok(std::string body = R"({"errcode":0,"errmsg":"ok"})") { return status(200, std::move(body)); }
  static Answer errcode(int code) { return ok(fmt::format(R"({{"errcode":{},"errmsg":"said so"}})", code)); }
  static Answer status(int code, std::string body = "") {
    net::ClientResponse response;
    response.status = code;
    response.body = std::move(body);
    return response;
  }
  static Answer broken(bool bytes_left) {
    net::ClientFailure failure;
    failure.kind = bytes_left ? net::ClientFailure::Kind::read : net::ClientFailure::Kind::connect;
    failure.bytes_left = bytes_left;
    failure.what = "scripted";
    return std::unexpected(failure);
  }

  // `part`: of the address, such as "https://a.example" or "gettoken".
  void script(const std::string& part, std::vector<Answer> answers) {
    const std::scoped_lock lock(mutex_);
    answers_[part] = {answers.begin(), answers.end()};
  }
  void on_request(std::function<void()> hook) { hook_ = std::move(hook); }
  std::vector<net::ClientRequest> seen(std::string_view part = "") const {
    const std::scoped_lock lock(mutex_);
    std::vector<net::ClientRequest> found;
    for (const net::ClientRequest& one : seen_)
      if (one.url.contains(part)) found.push_back(one);
    return found;
  }

  Task<Answer> send(net::ClientRequest request) override {
    if (hook_) hook_();
    const std::scoped_lock lock(mutex_);
    seen_.push_back(request);
    for (auto& [part, answers] : answers_) {
      if (!request.url.contains(part)) continue;
      Answer answer = answers.front();
      if (answers.size() > 1) answers.pop_front();
      co_return answer;
    }
    co_return ok();
  }

 private:
  mutable std::mutex mutex_;
  std::map<std::string, std::deque<Answer>> answers_;
  std::vector<net::ClientRequest> seen_;
  std::function<void()> hook_;
};

class FakeWechat final : public SubscribeSender {
 public:
  Task<Answer> send(AppId appid, wechat::ApiCall call) override {
    const std::scoped_lock lock(mutex_);
    calls.push_back({std::move(appid), std::move(call)});
    co_return answer;
  }
  Answer answer{Answer::Kind::answered, 0, "ok"};
  std::vector<std::pair<AppId, wechat::ApiCall>> calls;

 private:
  std::mutex mutex_;
};

inline wechat::SubscribeEvent subscribe_event(std::string event, const std::string& template_id,
                                              const std::string& status) {
  wechat::SubscribeItem item;
  item.template_id = template_id;
  item.status = status;
  return {std::move(event), {item}};
}

class NotifyTest : public sql::EngineTest {
 protected:
  void SetUp() override {
    open({identity::migrations(), notify::migrations()});
    worker_ = make_worker("node-1");
  }
  void TearDown() override {
    worker_.reset();
    close();
  }

  std::unique_ptr<Worker> make_worker(const std::string& owner, bool alone = true) {
    Worker::Settings settings;
    settings.owner = owner;
    settings.alone = alone;
    return std::make_unique<Worker>(db(), sender_, clock_, random_, thread_.executor(), settings);
  }

  // ---- closures that cannot fail ----

  template <class F>
  auto read_write(F closure) {
    using Value = std::invoke_result_t<F&, sql::Transaction&>;
    return db().write_blocking([&](sql::Transaction& tx) -> Result<Value> { return closure(tx); }).value();
  }
  template <class F>
  auto read(F closure) {
    using Value = std::invoke_result_t<F&, sql::Transaction&>;
    return db().read_blocking([&](sql::Transaction& tx) -> Result<Value> { return closure(tx); }).value();
  }
  template <class F>
  void write(F closure) {
    ASSERT_TRUE(db().write_blocking([&](sql::Transaction& tx) -> Result<void> {
      closure(tx);
      return {};
    }));
  }

  // ---- channels ----

  ChannelId add(Settings settings, Secrets secrets, std::int64_t per_minute = 0) {
    Channel channel;
    channel.id = ids_.next_as<ChannelId>();
    channel.appid = appid_;
    channel.name = fmt::format("channel {}", ++channels_);
    channel.per_minute = per_minute != 0 ? per_minute : pace_of(settings).usual;
    channel.settings = std::move(settings);
    channel.sealed = seal_secrets(sealer_, channel.id, secrets);
    for (const auto& [name, value] : secrets) channel.secret_names.push_back(name);
    write([&](sql::Transaction& tx) { insert_channel(tx, channel); });
    return channel.id;
  }
  ChannelId add_robot(std::int64_t per_minute = 0) { return add(WecomRobot(), {{"key", "robot-key"}}, per_minute); }
  ChannelId add_webhook(const std::string& host = "hook.example", std::int64_t per_minute = 0) {
    return add(Webhook(), {{"url", "https://" + host + "/h"}, {"signing_secret", signing_secret}}, per_minute);
  }
  ChannelId add_sms() {
    TencentSms sms;
    sms.secret_id = "AKID";
    sms.sdk_app_id = "1400000000";
    sms.sign_name = "示例监控";
    sms.template_id = "1234567";
    sms.phones = {"+8613800000000"};
    return add(sms, {{"secret_key", "k"}});
  }
  ChannelId add_subscribe() {
    Subscribe subscribe;
    subscribe.openid = "o1";
    subscribe.template_id = "TPL_A";
    subscribe.data = {{"thing1", "{title}"}};
    return add(subscribe, {});
  }
  void enable(ChannelId id, bool enabled) {
    execute("UPDATE notify_channels SET enabled = $1 WHERE id = $2", {enabled, id});
  }
  Health health(ChannelId id) {
    return read([&](sql::Transaction& tx) { return find_channel(tx, appid_, id).value()->health; });
  }

  // ---- notifications ----

  Notification notification(std::vector<ChannelId> channels, const std::string& title = "支付失败率 12.5%") {
    Notification out;
    out.id = ids_.next_as<NotificationId>();
    out.appid = appid_;
    out.channels = std::move(channels);
    out.dedupe_key = fmt::format("alert:{}", out.id.str());
    out.subject = "alert:7";
    out.title = title;
    out.text = "服务：checkout";
    out.severity = Severity::critical;
    out.at = clock_.now();
    return out;
  }
  Queued queue(const Notification& given) {
    return read_write([&](sql::Transaction& tx) { return notifier_.queue(tx, given, clock_.now()).value(); });
  }
  // Queues one for this chain.
  NotificationId tell(std::vector<ChannelId> channels, const std::string& title = "支付失败率 12.5%") {
    const Notification given = notification(std::move(channels), title);
    EXPECT_EQ(queue(given), Queued::yes);
    return given.id;
  }
  std::vector<Delivery> chain(NotificationId id) {
    return read([&](sql::Transaction& tx) {
      std::vector<Delivery> all;
      for (LoggedDelivery& one : chain_of(tx, appid_, id)) all.push_back(std::move(one.delivery));
      return all;
    });
  }
  // "sent", or of a chain "failed/refused sent".
  std::string told(NotificationId id) {
    std::string all;
    for (const Delivery& one : chain(id)) {
      all += fmt::format("{}{}", all.empty() ? "" : " ", to_string(one.state));
      if (!one.reason.empty()) all += "/" + one.reason;
    }
    return all;
  }
  std::vector<LoggedAttempt> attempts(NotificationId id, int position = 0) {
    return read([&](sql::Transaction& tx) { return attempts_of(tx, {id, position}); });
  }

  void drain() { ASSERT_TRUE(sql::run(worker_->drain())); }
  void drain_after(TimeMs by_ms) {
    clock_.advance(by_ms);
    drain();
  }

  const AppId appid_{"wxapp"};
  Sealer sealer_{std::string(Sealer::key_bytes, 'k'), random_};
  FakeHttp http_;
  FakeWechat wechat_;
  Sender sender_{http_, wechat_, sealer_, clock_, {}};
  Notifier notifier_;
  IoThread thread_;
  std::unique_ptr<Worker> worker_;
  int channels_ = 0;
};

}  // namespace miniops::notify
