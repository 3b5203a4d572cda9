// The outbox with a sender that runs when a test lets it, and a listener that remembers.
#pragma once

#include "gateway/outbox.hpp"
#include "gateway/sender.hpp"
#include "gateway/tests/support.hpp"

namespace miniops::gateway {

// Remembers what it was told.
class Listener final : public DeliveryListener {
 public:
  void on_delivery(sql::Transaction&, const DeliveryUpdate& update) override {
    const std::scoped_lock lock(mutex);
    updates.push_back(update);
  }
  void on_budget(sql::Transaction&, const AppId&, const OpenId&, const Budget& budget) override {
    const std::scoped_lock lock(mutex);
    last_budget = budget;
  }
  std::mutex mutex;
  std::vector<DeliveryUpdate> updates;
  Budget last_budget;
};

class NoBlobs final : public Blobs {
 public:
  Task<Result<std::string>> put(std::string bytes) override {
    const std::string name = hex(sha256(bytes));
    kept[name] = std::move(bytes);
    co_return name;
  }
  Task<Result<std::string>> get(std::string name) override {
    if (!kept.contains(name)) co_return fail(ErrorKind::not_found, "storage.blob_missing", "missing");
    co_return kept[name];
  }
  Task<Result<bool>> remove(std::string name) override {
    kept.erase(name);
    co_return true;
  }
  std::map<std::string, std::string> kept;
};

class OutboxTest : public GatewayTest {
 protected:
  void SetUp() override {
    GatewayTest::SetUp();
    outbox_.set_listener(listener_);
    http_.script(token_path, {token_answer("T1")});
    http_.script(send_path, {FakeHttp::errcode(0)});
    start("node-a");
  }
  void TearDown() override {
    stop();
    GatewayTest::TearDown();
  }
  void start(const std::string& owner) {
    io_ = std::make_unique<IoThread>();
    Tokens::Settings token_settings;
    token_settings.api_base = "http://wechat";
    token_settings.owner = owner;
    tokens_ = std::make_unique<Tokens>(db(), *programs_, *sealer_, clock_, http_, token_settings);
    wechat_ = std::make_unique<WeChatClient>(db(), *tokens_, clock_, http_,
                                             WeChatClient::Settings{"http://wechat", 10000, 1000});
    uploads_ = std::make_unique<Uploads>(db(), blobs_, *wechat_, clock_, random_);
    Sender::Settings settings;
    settings.owner = owner;
    sender_ = std::make_unique<Sender>(db(), outbox_, *programs_, *wechat_, *uploads_, clock_, random_, io_->executor(),
                                       settings);
    sender_->set_listener(listener_);
  }
  void stop() {
    io_.reset();
    sender_.reset();
    uploads_.reset();
    wechat_.reset();
    tokens_.reset();
  }

  void open_window(bool by_message = true) {
    auto work = [&](sql::Transaction& tx) -> Result<std::vector<std::int64_t>> {
      return outbox_.open_window(tx, AppId("wx1"), OpenId("u1"), by_message, clock_.now()).released;
    };
    ASSERT_TRUE(db().write_blocking(work));
  }
  Result<DeliveryState> queue(const std::string& content, bool automatic = false, bool hold = false,
                              const std::string& blob = "") {
    OutgoingMessage message;
    message.id = ids_.next_as<OutboxId>();
    message.appid = AppId("wx1");
    message.openid = OpenId("u1");
    if (blob.empty()) {
      message.message = wechat::SendText{content};
    } else {
      message.message = wechat::SendImage{};
      message.blob = blob;
      message.blob_content_type = "image/png";
    }
    message.automatic = automatic;
    message.reference = 7;
    last_id_ = message.id;
    auto work = [&](sql::Transaction& tx) -> Result<DeliveryState> {
      return outbox_.queue(tx, message, clock_.now(), hold);
    };
    return db().write_blocking(work);
  }
  void drain() {
    auto done = sql::run(sender_->drain());
    ASSERT_TRUE(done) << done.error().code;
  }
  std::string state(OutboxId id) {
    const auto row = query("SELECT state, reason, possibly_repeated FROM gateway_outbox WHERE id = $1", {id}).at(0);
    return row.text(0) + (row.text(1).empty() ? "" : " " + row.text(1)) + (row.integer(2) == 0 ? "" : " ?");
  }
  int remaining() {
    auto work = [&](sql::Transaction& tx) -> Result<Budget> {
      return outbox_.budget(tx, AppId("wx1"), OpenId("u1"), clock_.now());
    };
    return db().read_blocking(work)->remaining;
  }

  Outbox outbox_{Outbox::Settings{}};
  Listener listener_;
  NoBlobs blobs_;
  OutboxId last_id_;
  std::unique_ptr<IoThread> io_;
  std::unique_ptr<Tokens> tokens_;
  std::unique_ptr<WeChatClient> wechat_;
  std::unique_ptr<Uploads> uploads_;
  std::unique_ptr<Sender> sender_;
};

}  // namespace miniops::gateway
