#include "app/adapters.hpp"

namespace miniops::app {

namespace {

// Best effort: a typing indicator that does not get through is nobody's loss.
Task<void> send_typing(gateway::Gateway& gateway, AppId appid, OpenId openid, wechat::Typing typing) {
  co_await gateway.typing(std::move(appid), std::move(openid), typing);
}

}  // namespace

void GatewayTyping::typing(const AppId& appid, const OpenId& openid, bool typing) {
  io_.spawn("typing", send_typing(gateway_, appid, openid, typing ? wechat::Typing::start : wechat::Typing::stop));
}

void LiveBroadcaster::broadcast(const AppId& appid, boost::json::object message) {
  live_.hub().broadcast(appid, identity::Permission::desk_read, message);
}

void LiveBroadcaster::changed(const AppId&) { live_.wake(); }

}  // namespace miniops::app
