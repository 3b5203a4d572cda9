#include "desk/automatic.hpp"

#include "desk/errors.hpp"
#include "gateway/media.hpp"

namespace miniops::desk {

Result<Content> hand_over_automatic(sql::Transaction& tx, gateway::Outbox& outbox, const Thread& thread,
                                    const ToSend& sending, Message& message, TimeMs now) {
  gateway::OutgoingMessage out{gateway::OutboxId(message.id.value()), thread.appid, thread.openid, sending.message};
  out.automatic = true;
  out.reference = message.id.value();
  if (!sending.picture_id.empty()) {
    const auto picture = gateway::find_picture(tx, thread.appid, sending.picture_id);
    if (!picture) return fail(errors::unknown_picture());
    out.blob = picture->blob;
    out.blob_content_type = picture->content_type;
  }
  const auto state = outbox.queue(tx, out, now, false);
  if (!state) return std::unexpected(state.error());
  Content content = content_of(sending.message, sending.picture_id);
  message.direction = Direction::out;
  message.queued_at = now;
  message.state = gateway::to_string(*state);
  message.msgtype = content.msgtype;
  message.body = boost::json::serialize(content.body);
  return content;
}

}  // namespace miniops::desk
