#include "desk/channel.hpp"

#include "desk/errors.hpp"

namespace miniops::desk {

bool Capabilities::can_send(std::string_view msgtype) const { return std::ranges::find(sends, msgtype) != sends.end(); }

Channel& Channels::of(std::string_view name) const {
  const auto found = std::ranges::find(channels_, name, [](const Channel* one) { return one->name(); });
  if (found == channels_.end()) throw std::out_of_range("there is no channel " + std::string(name));
  return **found;
}

void Channels::wake() const {
  for (Channel* channel : channels_) channel->wake();
}

Result<Channel::Handed> hand_over(sql::Transaction& tx, const Channels& channels, const Thread& to,
                                  const ToSend& sending, MessageId id, bool automatic, TimeMs now) {
  Channel& channel = channels.of(to.channel);
  const Capabilities& can = channel.capabilities();
  const std::string_view msgtype = wechat::msgtype_of(sending.message);
  if (!can.can_send(msgtype)) return fail(errors::channel_cannot_send(msgtype));
  Channel::Handover message{id, to, sending.message, std::nullopt, automatic};
  if (!sending.picture_id.empty()) {
    message.picture = gateway::find_picture(tx, to.appid, sending.picture_id);
    if (!message.picture) return fail(errors::unknown_picture());
    if (can.picture_bytes_max > 0 && message.picture->size > can.picture_bytes_max)
      return fail(errors::channel_cannot_send("picture of this size"));
  }
  return channel.hand_over(tx, message, now);
}

}  // namespace miniops::desk
