// What the desk asks of others, plugged together here: the composition root alone knows both sides.
#pragma once

#include "desk/ports.hpp"
#include "gateway/gateway.hpp"
#include "identity/accounts.hpp"
#include "live/live.hpp"
#include "net/server.hpp"

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
  void broadcast(const AppId& appid, boost::json::object message) override;
  void changed(const AppId& appid) override;

 private:
  live::Live& live_;
};

// Members with desk.reply; instance administrators answer under their own name too.
class IdentityColleagues final : public desk::Colleagues {
 public:
  std::optional<desk::Colleague> find(sql::Transaction& tx, const AppId& appid, identity::AccountId account) override;
  std::vector<desk::Colleague> members(sql::Transaction& tx, const AppId& appid) override;
};

class GatewayPictures final : public desk::Pictures {
 public:
  std::optional<desk::Picture> find(sql::Transaction& tx, const AppId& appid, std::string_view picture_id) override;
};

}  // namespace miniops::app
