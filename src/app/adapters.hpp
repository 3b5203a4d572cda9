// What modules ask of each other, plugged together here: the composition root alone knows both sides.
#pragma once

#include "content_check/askers.hpp"
#include "desk/ports.hpp"
#include "gateway/gateway.hpp"
#include "live/live.hpp"
#include "net/server.hpp"
#include "notify/ports.hpp"
#include "official/official.hpp"
#include "reports/ports.hpp"
#include "teams/ports.hpp"
#include "telemetry/ports.hpp"

namespace miniops::app {

class GatewayTyping final : public desk::TypingSender {
 public:
  GatewayTyping(gateway::Gateway& gateway, net::IoThreads& io) : gateway_(gateway), io_(io) {}
  void typing(const AppId& appid, const OpenId& openid, bool typing) override;

 private:
  gateway::Gateway& gateway_;
  net::IoThreads& io_;
};

class LiveBroadcaster final : public desk::Broadcaster {
 public:
  explicit LiveBroadcaster(live::Live& live) : live_(live) {}
  void broadcast(const AppId& appid, boost::json::object message, live::Audience audience) override;
  void changed(const AppId& appid) override;

 private:
  live::Live& live_;
};

// What people allowed in the popup of subscribe messages 订阅消息弹窗 becomes consents that channels spend.
std::unique_ptr<gateway::TransactionalConsumer> make_consents_consumer();

// All mini programs, as reports name them.
Task<std::vector<reports::Program>> reported_programs(gateway::Gateway& gateway);

class GatewaySubscribe final : public notify::SubscribeSender {
 public:
  explicit GatewaySubscribe(gateway::Gateway& gateway) : gateway_(gateway) {}
  Task<Answer> send(AppId appid, wechat::ApiCall call) override;

 private:
  gateway::Gateway& gateway_;
};

class GatewaySecurity final : public content_check::WeChat {
 public:
  explicit GatewaySecurity(gateway::Gateway& gateway) : gateway_(gateway) {}
  Task<Reply> call(AppId appid, wechat::ApiCall call) override;

 private:
  gateway::Gateway& gateway_;
};

class GatewayOperations final : public official::Platform {
 public:
  explicit GatewayOperations(gateway::Gateway& gateway) : gateway_(gateway) {}
  Task<Answer> call(AppId appid, wechat::ApiCall call) override;

 private:
  gateway::Gateway& gateway_;
};

// What is set up in teams changed: browsers read it again.
class LiveTeams final : public teams::ChangeListener {
 public:
  explicit LiveTeams(IdSource& ids) : ids_(ids) {}
  void changed(sql::Transaction& tx, const AppId& appid, teams::Part part, TimeMs now) override;

 private:
  IdSource& ids_;
};

// Who is deleted from what phones reported goes from WeChat's own data as well.
class OfficialKeeper final : public telemetry::PersonKeeper {
 public:
  explicit OfficialKeeper(official::Official& official) : official_(official) {}
  std::string_view name() const override { return "official"; }
  Result<std::int64_t> forget(const AppId& appid, std::string_view id_kind, const std::string& id) override;

 private:
  official::Official& official_;
};

}  // namespace miniops::app
