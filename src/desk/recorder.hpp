// What every write of the desk leaves behind in its transaction: event rows, timers, live changes, what other programs
// are told, and word to reports that something changed. Lives inside one closure.
#pragma once

#include "automation/event.hpp"
#include "automation/rule_set.hpp"
#include "desk/channel.hpp"
#include "desk/config.hpp"
#include "desk/conversation.hpp"
#include "desk/levels.hpp"
#include "desk/placement.hpp"
#include "desk/ratings.hpp"
#include "desk/sealing.hpp"
#include "desk/store.hpp"
#include "storage/sql/database.hpp"
#include "webhooks/events.hpp"

namespace miniops::desk {

class Automation;

// What every write of the desk works with.
struct Common {
  IdSource& ids;
  const Channels& channels;
  const Configs& configs;
  const Placer& placer;
  const Levels& levels;
  const Ratings& ratings;
  const webhooks::Events& events;
  const Automation& automation;
  const Sealing& sealing;
};

// When what happens to the conversation by itself is due; `waits` is of the rules.
Delays delays_of(const Common& common, const Conversation& conversation, const automation::RuleSet& rules);

class Recorder {
 public:
  // What rules do begins no rules: theirs is the recorder that is deaf to it.
  enum class By { desk, rules };
  Recorder(sql::Transaction& tx, const Common& common, TimeMs now, By by = By::desk)
      : tx_(tx), common_(common), now_(now), by_(by) {}
  // What is untold is told by one.
  Recorder(Recorder&&) = default;
  Recorder& operator=(Recorder&&) = delete;

  void event(const Conversation& conversation, const Event& event);
  // The conversation or message as it is now, for the browsers of those who may read it; whoever may not any more is
  // told that it left (topic conversation_left). And what happened to the conversation, with it, for other programs.
  // Call last, once for each.
  void changed(const Conversation& conversation);
  void changed(const Conversation& conversation, const std::optional<gateway::Budget>& budget);
  void changed(const Message& message, const Conversation& in);
  // Tells other programs of a message of that customer, when they want to know.
  void publish(webhooks::Kind kind, const Message& message, const OpenId& openid);
  // To its agent and its supervisors: a service level, or the reply window.
  void tell(const Conversation& conversation, const service_levels::Notice& notice);
  // What became of a transfer that waited, to both sides. outcome: asked, accepted, declined, withdrawn, expired
  void tell(const Conversation& conversation, const Offer& offer, std::string_view outcome,
            const Conversation::Holder& sender);
  // An agent who let the customer wait too long, to that agent: reminded, or (back) without it now; then the
  // supervisors are told as well.
  enum class Silent { reminded, back };
  void tell_silent(const Conversation& conversation, const Conversation::Holder& agent, Silent what);
  // That a note names them. kind: mention, consult, answer
  void tell_named(const Conversation& conversation, std::string_view kind, std::string_view from_name,
                  const std::vector<AccountId>& accounts);
  // What automation rules may begin with; of each kind once. event() and tell() know theirs.
  void happened(const Conversation& conversation, automation::Occasion occasion);
  // Lets the rules act on what happened to it since. When it is stored, and its thread; it is afterwards as it is
  // stored then. save() does so by itself.
  Result<void> automate(Conversation& conversation);
  // Gives it its place in the queue when it waits, starts and stops its clocks, sets the timers that it wants now, and
  // cancels the others. Before it is stored, and after its messages are.
  Result<void> arm(Conversation& conversation);
  // Arms, saves (compare-and-set), tells, and lets the rules act.
  Result<void> save(Conversation& conversation);

 private:
  // What happened to a conversation and is told with it as it ends up.
  struct Untold {
    ConversationId conversation{};
    webhooks::Kind kind{};
    store::StoredEvent event{};
  };
  void publish(const Conversation& conversation, const std::optional<gateway::Budget>& budget,
               const std::vector<service_levels::Mark>& marks);
  void append(const AppId& appid, std::string topic, boost::json::object data, live::Audience audience);
  void tell_reports(ConversationId id);

  sql::Transaction& tx_;
  const Common& common_;
  const TimeMs now_;
  const By by_;
  std::vector<Untold> untold_{};
  std::vector<std::pair<ConversationId, automation::Occasion>> occasions_{};
  ConversationId told_{};  // the last one that reports were told of
};

}  // namespace miniops::desk
