// The clocks of one conversation within one transaction: the desk says what happens to the conversation, and what that
// starts, pauses and stops is decided here. Load, call, save(); lives inside one closure.
//
//   first_answer  from the human queue until WeChat accepted a person's message
//   next_answer   from the first customer message that nobody answered until the same; while the first answer is owing,
//                 that clock speaks for all messages
//   resolution    from opening to closing, paused while parked and while it is the customer's turn
#pragma once

#include <vector>

#include "service_levels/hours.hpp"
#include "service_levels/marks.hpp"
#include "service_levels/notice.hpp"
#include "service_levels/store.hpp"

namespace miniops::service_levels {

// The conversation, as it is after what happened.
struct About {
  ConversationId conversation{};
  AppId appid{};
  std::string group{};  // empty: none
  std::int64_t priority = 0;
  AccountId agent{};                      // who has it; none: nobody
  bool with_people = true;                // false: an assistant or another system has it, no answer of ours is owing
  SharedHours hours = round_the_clock();  // of the group; never nullptr
};

// A person's message that WeChat accepted.
struct Answer {
  TimeMs written_at = 0;  // when it was sent (again): it answers what was asked before, and nothing later
  TimeMs accepted_at = 0;
  // The customer's first message after all answers that were accepted; none: it is the customer's turn.
  TimeMs asked_again_at = 0;
  AccountId agent{};
};

class ConversationClocks {
 public:
  ConversationClocks(sql::Transaction& tx, IdSource& ids, About about);

  void opened(TimeMs now);
  // Into a human queue, the first time or again, also from parking; then asked(), too, when the customer waits.
  void queued(TimeMs now);
  // By each message of the customer; those that find a clock running change nothing.
  void asked(TimeMs at);
  void answered(const Answer& answer);
  void parked(TimeMs now);
  void unparked(TimeMs now);
  void closed(TimeMs now);
  // The time between does not count; then queued() and asked(), where that is so.
  void reopened(TimeMs now);
  // What is to be told now; each level of a clock once, and of several that were passed the newest.
  std::vector<Notice> fire(TimeMs now);

  // What is shown of the conversation from now on.
  std::vector<Mark> marks(TimeMs now) const;
  // Stores what changed. When to fire() next; 0: never. Fails with service_levels.changed when another transaction was
  // faster, as cannot be where the conversation itself is saved by compare-and-set.
  Result<TimeMs> save();

 private:
  ServiceClock* find(Kind kind, bool open);
  ServiceClock* owing();  // of the answer that the customer waits for
  void start(Kind kind, TimeMs at);
  void pause_resolution(Pause why, TimeMs at);
  void resume_resolution(Pause why, TimeMs at);
  const calendar::Calendar& calendar_of(const ServiceClock& clock);
  void attribute(ServiceClock& clock, const ServiceClock& before, AccountId agent) const;

  sql::Transaction& tx_;
  IdSource& ids_;
  const About about_;
  std::vector<ServiceClock> stored_, clocks_;           // as they were loaded, and as they are; new ones follow
  std::optional<std::optional<store::Terms>> terms_{};  // read when first asked for
  std::map<std::string, SharedHours> hours_{};          // by key
};

// The reply window of a conversation that waits closes at that time: for whoever raises it.
Notice window_closing(const About& about, TimeMs closes_at);

}  // namespace miniops::service_levels
