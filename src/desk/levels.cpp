#include "desk/levels.hpp"

namespace miniops::desk {

namespace {

using service_levels::ConversationClocks;

// What the change means for the clocks, in the order in which they need it. False: nothing.
bool tell(ConversationClocks& clocks, const Conversation& c, TimeMs now) {
  const Conversation::AsRead& before = c.as_read;
  const bool fresh = !before.exists;
  const bool over = c.state == State::closed;
  const bool was_over = !fresh && before.state == State::closed;
  if (over && (fresh || was_over)) return false;
  const bool asked = c.waiting_since != 0 && (fresh || was_over || before.waiting_since == 0);
  // A message's own time, not when it was worked on; a message that reopens is what changed it. Where closing was taken
  // back the message is older: until then it was counted.
  const TimeMs at = asked ? std::max(c.waiting_since, was_over ? before.closed_at : 0) : now;
  const bool queued = c.stage == Stage::queued && (fresh || was_over || before.stage != Stage::queued);
  const bool parked = c.stage == Stage::parked;
  const bool was_parked = !fresh && !was_over && before.stage == Stage::parked;
  if (over) clocks.closed(now);
  if (over) return true;
  if (fresh) clocks.opened(c.opened_at);
  if (was_over) clocks.reopened(at);
  if (queued || (was_over && asked)) clocks.queued(at);
  if (parked && !was_parked) clocks.parked(now);
  if (!parked && was_parked && !queued) clocks.unparked(at);
  // Back in the queue with a question that nobody answered, too.
  if (asked || (queued && c.waiting_since != 0)) clocks.asked(at);
  return fresh || was_over || queued || asked || parked != was_parked;
}

}  // namespace

service_levels::SharedHours Levels::hours_of(const AppId& appid, routing::GroupId group) const {
  auto setup = setups_.of(appid);
  const std::lock_guard lock(mutex_);
  Known& known = known_[appid];
  if (known.setup != setup) known = {setup, {}};
  auto& hours = known.hours[group];
  if (!hours) {
    const teams::Group* found = setup->roster().find(group);
    hours = found == nullptr ? service_levels::round_the_clock() : service_levels::make_hours(found->calendar);
  }
  return hours;
}

service_levels::About Levels::about(const Conversation& c) const {
  service_levels::About about;
  about.conversation = service_levels::ConversationId(c.id.value());
  about.appid = c.appid;
  about.group = c.placement.group.str();
  about.priority = c.priority;
  about.agent = c.assignee;
  about.with_people = c.stage != Stage::assistant && c.stage != Stage::outside;
  about.hours = hours_of(c.appid, c.placement.group);
  return about;
}

Result<void> Levels::follow(sql::Transaction& tx, Conversation& conversation, TimeMs now) const {
  const Conversation::AsRead& before = conversation.as_read;
  const bool same = before.exists && before.state == conversation.state && before.stage == conversation.stage &&
                    (before.waiting_since != 0 || conversation.waiting_since == 0);
  if (same) return {};
  ConversationClocks clocks(tx, ids_, about(conversation));
  if (!tell(clocks, conversation, now)) return {};
  const auto next = clocks.save();
  if (!next) return std::unexpected(next.error());
  conversation.service_due_at = *next;
  conversation.as_read = {true,
                          conversation.state,
                          conversation.stage,
                          conversation.waiting_since,
                          conversation.closed_at,
                          conversation.queue_since};
  return {};
}

Result<void> Levels::answered(sql::Transaction& tx, Conversation& conversation,
                              const service_levels::Answer& answer) const {
  ConversationClocks clocks(tx, ids_, about(conversation));
  clocks.answered(answer);
  const auto next = clocks.save();
  if (!next) return std::unexpected(next.error());
  conversation.service_due_at = *next;
  return {};
}

Result<std::vector<service_levels::Notice>> Levels::fire(sql::Transaction& tx, Conversation& conversation,
                                                         TimeMs now) const {
  ConversationClocks clocks(tx, ids_, about(conversation));
  auto notices = clocks.fire(now);
  const auto next = clocks.save();
  if (!next) return std::unexpected(next.error());
  conversation.service_due_at = *next;
  return notices;
}

service_levels::Notice Levels::window_closing(const Conversation& conversation, TimeMs closes_at) const {
  return service_levels::window_closing(about(conversation), closes_at);
}

}  // namespace miniops::desk
