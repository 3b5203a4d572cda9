#include "desk/escalation.hpp"

#include <fmt/format.h>

#include "base/json.hpp"
#include "calendar/business_time.hpp"
#include "desk/content.hpp"

namespace miniops::desk {

namespace {

constexpr routing::Tier next_tier = routing::Tier::expert;

// nullptr: nothing goes up from there by itself.
const teams::Group* escalating_group(const Conversation& conversation, const teams::Setup& setup) {
  const teams::Group* group = setup.roster().find(conversation.placement.group);
  return group != nullptr && group->tier == routing::Tier::ordinary ? group : nullptr;
}

struct Limit {
  std::string_view why{};  // as the event says it
  std::int64_t minutes = 0;
  TimeMs since = 0;
};
Limit limit_of(const Conversation& conversation, const teams::Group& group) {
  if (conversation.stage == Stage::queued)
    return {"waiting", group.escalation.waiting_minutes, conversation.queue_since};
  if (conversation.stage == Stage::assigned)
    return {"assigned", group.escalation.assigned_minutes, conversation.assigned_at};
  return {};
}

std::string name_of(const teams::Setup& setup, routing::GroupId id) {
  const teams::Group* group = setup.roster().find(id);
  return group == nullptr ? std::string() : group->name;
}

// For those who read the conversation later: what the console shows in its own words, and a sentence for the others.
Message note_of(const Limit& limit, routing::GroupId from, routing::GroupId to, const std::string& to_name) {
  const std::string_view what = limit.why == "waiting" ? "等待" : "接待";
  const Content content =
      system_content("escalated", fmt::format("{}超过 {} 分钟，会话已升级到{}", what, limit.minutes, to_name),
                     {{"reason", limit.why}, {"minutes", limit.minutes}, {"from", from.str()}, {"to", to.str()}});
  Message note;
  note.direction = Direction::note;
  note.sender_kind = SenderKind::system;
  note.msgtype = content.msgtype;
  note.body = boost::json::serialize(content.body);
  return note;
}

}  // namespace

TimeMs escalates_at(const Conversation& conversation, const teams::Setup& setup) {
  if (conversation.state == State::closed || conversation.escalated_at != 0) return 0;
  const teams::Group* group = escalating_group(conversation, setup);
  if (group == nullptr || setup.tier(next_tier) == nullptr) return 0;
  const Limit limit = limit_of(conversation, *group);
  if (limit.minutes == 0 || limit.since == 0) return 0;
  return calendar::add_business(group->calendar, limit.since, limit.minutes * minute_ms).value_or(0);
}

void escalate(sql::Transaction& tx, const Common& common, Recorder& recorder, Thread& thread,
              Conversation& conversation, TimeMs now) {
  const auto setup = common.placer.setups().of(conversation.appid);
  const teams::Group* from = escalating_group(conversation, *setup);
  if (from == nullptr || !common.placer.send_to_tier(tx, conversation, next_tier, now)) return;
  const Limit limit = limit_of(conversation, *from);
  const auto holder = conversation.holder();
  const TimeMs queue_since = conversation.queue_since;
  const routing::GroupId to = conversation.placement.group;
  Event event = to_queue(conversation, "escalated", Actor::system("timer"), limit.why, now);
  event.to = "group:" + to.str();
  if (queue_since != 0) conversation.queue_since = queue_since;  // who waited already goes on waiting
  conversation.escalated_at = now;
  recorder.event(conversation, event);

  const std::string to_name = name_of(*setup, to);
  Message note = note_of(limit, from->id, to, to_name);
  note.id = common.ids.next_as<MessageId>();
  note.created_at = now;
  add_message(thread, conversation, note, "");
  store::insert_message(tx, note);
  recorder.changed(note, conversation);
  if (!holder.agent.empty()) recorder.tell(conversation, {{}, to_name}, "escalated", holder);
}

}  // namespace miniops::desk
