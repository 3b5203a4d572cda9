// What every write of the desk leaves behind in its transaction: event rows, timers, live changes, what other programs
// are told, and word to reports that something changed. Lives inside one closure.
#pragma once

#include "desk/config.hpp"
#include "desk/conversation.hpp"
#include "desk/levels.hpp"
#include "desk/placement.hpp"
#include "desk/ratings.hpp"
#include "desk/store.hpp"
#include "gateway/outbox.hpp"
#include "storage/sql/database.hpp"
#include "webhooks/events.hpp"

namespace miniops::desk {

// What every write of the desk works with.
struct Common {
  IdSource& ids;
  gateway::Outbox& outbox;
  const Configs& configs;
  const Placer& placer;
  const Levels& levels;
  const Ratings& ratings;
  const webhooks::Events& events;
};

class Recorder {
 public:
  Recorder(sql::Transaction& tx, const Common& common, TimeMs now) : tx_(tx), common_(common), now_(now) {}
  // What is untold is told by one.
  Recorder(Recorder&&) = default;
  Recorder& operator=(Recorder&&) = delete;

  void event(const Conversation& conversation, const Event& event);
  // The conversation or message as it is now, for the browsers; and what happened to the conversation, with it, for
  // other programs. Call last, once for each.
  void changed(const Conversation& conversation);
  void changed(const Conversation& conversation, const gateway::Budget& budget);
  void changed(const Message& message);
  // Tells other programs of a message of that customer, when they want to know.
  void publish(webhooks::Kind kind, const Message& message, const OpenId& openid);
  // To its agent and its supervisors: a service level, or the reply window.
  void tell(const Conversation& conversation, const service_levels::Notice& notice);
  // Gives it its place in the queue when it waits, starts and stops its clocks, sets the timers that it wants now, and
  // cancels the others. Before it is stored, and after its messages are.
  Result<void> arm(Conversation& conversation);
  // Arms, saves (compare-and-set), then tells.
  Result<void> save(Conversation& conversation);

 private:
  // What happened to a conversation and is told with it as it ends up.
  struct Untold {
    ConversationId conversation{};
    webhooks::Kind kind{};
    store::StoredEvent event{};
  };
  void publish(const Conversation& conversation, const gateway::Budget& budget,
               const std::vector<service_levels::Mark>& marks);
  void append(const AppId& appid, std::string topic, boost::json::object data);
  void tell_reports(ConversationId id);

  sql::Transaction& tx_;
  const Common& common_;
  const TimeMs now_;
  std::vector<Untold> untold_{};
  ConversationId told_{};  // the last one that reports were told of
};

}  // namespace miniops::desk
