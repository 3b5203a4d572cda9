// A channel is a way on which customers write and are answered: a mini program, an official account, a page of ours.
// Each implements one interface and says what it can do. Desk code asks for the capability, never for the channel's
// name: what no channel says of itself the desk does not know.
#pragma once

#include <boost/json/array.hpp>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "desk/outgoing.hpp"
#include "gateway/media.hpp"
#include "gateway/outbox.hpp"
#include "storage/sql/database.hpp"
#include "wechat/message.hpp"

namespace miniops::desk {

// How an answer reaches the customer. queued: it is kept and tried again until it is accepted, and what failed may be
// sent again. live: the page that the customer has open takes it, now or never.
enum class ReplyPath { queued, live };

struct Capabilities {
  // What the platform allows after a customer's message: so many messages for so long.
  struct Window {
    TimeMs length = 0;
    int messages = 0;
    int for_people = 0;  // of these, what automatic ones of all kinds together leave
  };
  std::vector<std::string_view> receives{}, sends{};  // kinds of messages, as `msgtype`
  std::optional<Window> window{};                     // none: we write when we like, as much as we like
  bool menus = false;                                 // messages with items to tap
  bool typing = false;                                // the customer sees that somebody types
  std::int64_t picture_bytes_max = 0;                 // 0: no limit of the channel's own
  ReplyPath reply_path = ReplyPath::queued;

  bool can_send(std::string_view msgtype) const;
};

class Channel {
 public:
  virtual ~Channel() = default;
  // As threads and conversations keep it; never changes.
  virtual std::string_view name() const = 0;
  virtual const Capabilities& capabilities() const = 0;

  // ---- in the desk's transactions ----
  struct Handover {
    MessageId id{};  // by which news of it comes to gateway::DeliveryListener
    const Thread& to;
    const wechat::Outgoing& message;          // the four kinds that the desk knows
    std::optional<gateway::Picture> picture;  // that the message shows
    bool automatic = false;                   // nobody wrote it: it leaves `for_people`
  };
  struct Handed {
    gateway::DeliveryState state{};
    std::string reason{};  // why it is held
  };
  // Takes a message in the transaction that stores it. With a closed window a person's is held until the customer
  // writes, an automatic one refused: gateway.window_closed, gateway.budget_spent.
  virtual Result<Handed> hand_over(sql::Transaction& tx, const Handover& message, TimeMs now) = 0;
  // One that failed, once more; `message` is what it says, whole. Asked only where the reply path is queued.
  // gateway.not_resendable, gateway.window_closed, gateway.budget_spent
  virtual Result<Handed> resend(sql::Transaction& tx, MessageId id, const Thread& to, const wechat::Outgoing& message,
                                TimeMs now) = 0;
  // Of one message, oldest first, in the API's form.
  virtual boost::json::array attempts(sql::Transaction& tx, MessageId id) const = 0;
  // What may still be said to a customer. nullopt exactly where there is no window.
  virtual std::optional<gateway::Budget> budget(sql::Transaction& tx, const AppId& appid, const OpenId& openid,
                                                TimeMs now) const = 0;
  // The customer wrote, or only entered: what that opens, and the messages that were held until then.
  struct Opened {
    std::vector<MessageId> released{};
    std::optional<gateway::Budget> budget{};
  };
  virtual Opened open_window(sql::Transaction& tx, const Thread& of, bool by_message, TimeMs at) = 0;
  // Sees to it that what a customer's message shows is fetched.
  virtual void want_media(sql::Transaction& tx, const AppId& appid, const wechat::Message& message, TimeMs now) = 0;

  // ---- outside of them ----
  // After the commit of what handed something over.
  virtual void wake() = 0;
  // Best effort, returns at once. Asked only where the channel can.
  virtual void typing(const AppId& appid, const OpenId& openid, bool typing) = 0;
};

// The channels of this program, by name. Does not own them; safe from any thread.
class Channels {
 public:
  explicit Channels(std::vector<Channel*> channels) : channels_(std::move(channels)) {}
  // Of a thread or a conversation. One that nobody registered is a mistake of ours: throws.
  Channel& of(std::string_view name) const;
  void wake() const;

 private:
  const std::vector<Channel*> channels_;
};

// What a person or a rule wants to send, to the thread's channel, if that can send it. desk.unknown_picture,
// desk.channel_cannot_send, and what the channel says.
Result<Channel::Handed> hand_over(sql::Transaction& tx, const Channels& channels, const Thread& to,
                                  const ToSend& sending, MessageId id, bool automatic, TimeMs now);

}  // namespace miniops::desk
