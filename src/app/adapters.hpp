// What the desk asks of others, plugged together here: the composition root alone knows both sides.
#pragma once

#include "desk/ports.hpp"
#include "gateway/gateway.hpp"
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

}  // namespace miniops::app
