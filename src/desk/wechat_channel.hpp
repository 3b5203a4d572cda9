// The mini program's customer-service messages 小程序客服消息 as a channel: over the gateway's outbox, whose listener
// is the desk's Delivery. Safe from any thread.
#pragma once

#include "desk/channel.hpp"
#include "desk/ports.hpp"

namespace miniops::desk {

class WechatChannel final : public Channel {
 public:
  // Both must outlive it.
  WechatChannel(gateway::Outbox& outbox, TypingSender& typing);

  std::string_view name() const override { return wechat_channel; }
  const Capabilities& capabilities() const override { return capabilities_; }
  Result<Handed> hand_over(sql::Transaction& tx, const Handover& message, TimeMs now) override;
  Result<Handed> resend(sql::Transaction& tx, MessageId id, const Thread& to, const wechat::Outgoing& message,
                        TimeMs now) override;
  boost::json::array attempts(sql::Transaction& tx, MessageId id) const override;
  std::optional<gateway::Budget> budget(sql::Transaction& tx, const AppId& appid, const OpenId& openid,
                                        TimeMs now) const override;
  Opened open_window(sql::Transaction& tx, const Thread& of, bool by_message, TimeMs at) override;
  void want_media(sql::Transaction& tx, const AppId& appid, const wechat::Message& message, TimeMs now) override;
  void wake() override;
  void typing(const AppId& appid, const OpenId& openid, bool typing) override;

 private:
  Handed handed(sql::Transaction& tx, const Thread& to, gateway::DeliveryState state, TimeMs now) const;

  gateway::Outbox& outbox_;
  TypingSender& typing_;
  const Capabilities capabilities_;
};

}  // namespace miniops::desk
