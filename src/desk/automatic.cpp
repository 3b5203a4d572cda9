#include "desk/automatic.hpp"

namespace miniops::desk {

Result<Content> hand_over_automatic(sql::Transaction& tx, const Channels& channels, const Thread& thread,
                                    const ToSend& sending, Message& message, TimeMs now) {
  const auto handed = hand_over(tx, channels, thread, sending, message.id, true, now);
  if (!handed) return std::unexpected(handed.error());
  Content content = content_of(sending.message, sending.picture_id);
  message.direction = Direction::out;
  message.queued_at = now;
  message.state = gateway::to_string(handed->state);
  message.msgtype = content.msgtype;
  message.body = boost::json::serialize(content.body);
  return content;
}

ToSend text_to_send(std::string text) {
  ToSend sending;
  sending.text = text;
  sending.message = wechat::SendText{std::move(text)};
  return sending;
}

int for_automatic(const Channel& channel, const gateway::Budget& budget) {
  const auto& window = channel.capabilities().window;
  return budget.remaining - (window ? window->for_people : 0);
}

}  // namespace miniops::desk
