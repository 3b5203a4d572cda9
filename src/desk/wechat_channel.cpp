#include "desk/wechat_channel.hpp"

#include "gateway/picture_types.hpp"

namespace miniops::desk {

namespace {

Capabilities capabilities_of(const gateway::Outbox::Settings& settings) {
  Capabilities can;
  can.receives = {"text", "image", "miniprogrampage", "link", "location"};
  can.sends = {"text", "image", "link", "miniprogrampage"};
  can.window = {settings.message_ms, settings.message_count, settings.message_for_people};
  can.typing = true;
  can.picture_bytes_max = gateway::picture_bytes_max;
  return can;
}

gateway::OutboxId outbox_id(MessageId id) { return gateway::OutboxId(id.value()); }

}  // namespace

WechatChannel::WechatChannel(gateway::Outbox& outbox, TypingSender& typing)
    : outbox_(outbox), typing_(typing), capabilities_(capabilities_of(outbox.settings())) {}

Channel::Handed WechatChannel::handed(sql::Transaction& tx, const Thread& to, gateway::DeliveryState state,
                                      TimeMs now) const {
  if (state != gateway::DeliveryState::held) return {state};
  const bool open = outbox_.budget(tx, to.appid, to.openid, now).expires_at > now;
  return {state, open ? "budget_spent" : "window_closed"};
}

Result<Channel::Handed> WechatChannel::hand_over(sql::Transaction& tx, const Handover& message, TimeMs now) {
  gateway::OutgoingMessage out{outbox_id(message.id), message.to.appid, message.to.openid, message.message};
  out.automatic = message.automatic;
  out.reference = message.id.value();
  if (message.picture) {
    out.blob = message.picture->blob;
    out.blob_content_type = message.picture->content_type;
  }
  const auto state = outbox_.queue(tx, out, now, !message.automatic);
  if (!state) return std::unexpected(state.error());
  return handed(tx, message.to, *state, now);
}

Result<Channel::Handed> WechatChannel::resend(sql::Transaction& tx, MessageId id, const Thread& to,
                                              const wechat::Outgoing& message, TimeMs now) {
  const auto state = outbox_.resend(tx, outbox_id(id), message, now);
  if (!state) return std::unexpected(state.error());
  return handed(tx, to, *state, now);
}

boost::json::array WechatChannel::attempts(sql::Transaction& tx, MessageId id) const {
  return outbox_.attempts(tx, outbox_id(id));
}

std::optional<gateway::Budget> WechatChannel::budget(sql::Transaction& tx, const AppId& appid, const OpenId& openid,
                                                     TimeMs now) const {
  return outbox_.budget(tx, appid, openid, now);
}

Channel::Opened WechatChannel::open_window(sql::Transaction& tx, const Thread& of, bool by_message, TimeMs at) {
  auto opened = outbox_.open_window(tx, of.appid, of.openid, by_message, at);
  Opened out{{}, std::move(opened.budget)};
  for (const std::int64_t id : opened.released) out.released.emplace_back(id);
  return out;
}

void WechatChannel::want_media(sql::Transaction& tx, const AppId& appid, const wechat::Message& message, TimeMs now) {
  const auto* image = std::get_if<wechat::Image>(&message.content);
  for (const std::string& media_id : message.media_ids)
    gateway::want_media(tx, appid, media_id, now,
                        image != nullptr ? std::string_view(image->pic_url) : std::string_view());
}

void WechatChannel::wake() { outbox_.wake(); }

void WechatChannel::typing(const AppId& appid, const OpenId& openid, bool typing) {
  typing_.typing(appid, openid, typing);
}

}  // namespace miniops::desk
