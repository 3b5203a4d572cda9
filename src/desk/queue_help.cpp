#include "desk/queue_help.hpp"

#include <fmt/ranges.h>

#include "calendar/business_time.hpp"
#include "desk/agents.hpp"
#include "desk/automatic.hpp"
#include "desk/queue_store.hpp"
#include "satisfaction/answer.hpp"

namespace miniops::desk {

namespace {

constexpr std::string_view cause = "queue";
// After so long it is clear that nobody takes them at once.
constexpr TimeMs at_once_ms = minute_ms;

bool waits(const Conversation& conversation) {
  return conversation.stage == Stage::queued && conversation.state != State::closed;
}

}  // namespace

void note_wait(sql::Transaction& tx, const Common& common, const Conversation& conversation, TimeMs now) {
  const Conversation::AsRead& before = conversation.as_read;
  if (!before.exists || before.queue_since == 0 || conversation.stage != Stage::assigned) return;
  // Whoever has it talks with the customer: what they say is no message to leave, in another wait neither.
  if (conversation.leave_offered_at != 0) store::decline_left_message(tx, conversation.id);
  if (conversation.left_due_at != 0) return;  // most of it was parked
  if (before.waited != 0) return;             // they came back to the queue with what they had waited
  if (!common.configs.of(conversation.appid)->queue.notices) return;
  // Nights are nobody's wait: whoever writes in the morning would be told of hours.
  const auto setup = common.placer.setups().of(conversation.appid);
  const teams::Group* group = setup->roster().find(conversation.placement.group);
  store::note_wait(tx, conversation,
                   group == nullptr ? now - before.queue_since
                                    : calendar::business_between(group->calendar, before.queue_since, now),
                   now);
}

QueueView QueueHelp::look(const Conversation& conversation) const {
  const auto setup = common_.placer.setups().of(conversation.appid);
  const routing::GroupId id = conversation.placement.group;
  QueueView view;
  view.position = store::position_of(tx_, conversation);
  const teams::Group* group = setup->roster().find(id);
  if (group == nullptr) return view;
  view.open = calendar::open_at(group->calendar, now_);
  view.busy = routing::is_busy(store::as_it_is(tx_, conversation.appid, *group));
  const auto samples = store::waits_after(tx_, conversation.appid, id, now_ - wait_samples_ms);
  view.wait = expected_wait(samples, calendar::business_between(group->calendar, conversation.queue_since, now_));
  return view;
}

// Only of a window that a message opened, and never a message that is for people.
bool QueueHelp::may_speak(const Thread& thread) const {
  const Channel& channel = common_.channels.of(thread.channel);
  const auto budget = channel.budget(tx_, thread.appid, thread.openid, now_);
  return !budget || (budget->opened_by == "message" && for_automatic(channel, *budget) > 0);
}

// Who comes first and is taken within a moment need not hear of a queue.
bool QueueHelp::is_taken_at_once(const Conversation& conversation) const {
  const auto config = common_.configs.of(conversation.appid);
  if (!config->settings.auto_assign || now_ - conversation.queue_since > at_once_ms) return false;
  const auto setup = common_.placer.setups().of(conversation.appid);
  routing::Waiting one{conversation.id, conversation.placement.place, conversation.queue_since,
                       conversation.placement.language};
  one.last_agent = conversation.last_agent;
  one.last_agent_at = conversation.last_agent_at;
  one.relieved = conversation.relieved;
  one.target = store::target_in(conversation.placement.target, *setup);
  const Presences there = presences_of(tx_, conversation.appid, *setup, config->settings.load_max_default, now_);
  return !routing::match(std::span(&one, 1), there.snapshot, now_).empty();
}

// What is new to them of their place.
std::optional<store::QueueNotice> QueueHelp::to_tell(const Conversation& conversation, const QueueView& view) const {
  if (!common_.configs.of(conversation.appid)->queue.notices || !view.open) return std::nullopt;
  const store::QueueNotice notice{view.position, view.wait};
  if (store::last_notice(tx_, conversation.id) == notice) return std::nullopt;
  return notice;
}

// Once in a conversation; what could not be said then is said now.
std::optional<LeaveReason> QueueHelp::to_offer(const Conversation& conversation, const QueueView& view) const {
  const auto config = common_.configs.of(conversation.appid);
  const QueueSettings& settings = config->queue;
  if (!settings.leave) return std::nullopt;
  const TimeMs after = settings.offers_after();
  std::optional<LeaveReason> reason;
  if (after > 0 && now_ - conversation.queue_since >= after) reason = LeaveReason::waiting;
  if (view.busy) reason = LeaveReason::busy;
  if (!view.open) reason = LeaveReason::closed;
  if (reason && conversation.leave_offered_at != 0 && store::find_left_message(tx_, conversation.id)) return {};
  return reason;
}

std::optional<Message> QueueHelp::answer(Thread& thread, Conversation& conversation, const QueueView& view) const {
  if (!waits(conversation) || !may_speak(thread)) return std::nullopt;
  const auto notice = to_tell(conversation, view);
  const auto reason = to_offer(conversation, view);
  if (!notice && !reason) return std::nullopt;
  if (view.position == 1 && is_taken_at_once(conversation)) return std::nullopt;
  const auto config = common_.configs.of(conversation.appid);
  const QueueSettings& settings = config->queue;
  std::vector<std::string> lines;
  if (view.busy && view.open) lines.push_back(settings.busy_text);
  if (notice)
    lines.push_back(
        filled(notice->wait ? settings.wait_text : settings.position_text,
               {{"position", std::to_string(notice->position)}, {"wait", notice->wait ? notice->wait->text() : ""}}));
  if (reason) lines.push_back(*reason == LeaveReason::closed ? settings.closed_text : settings.offer_text);
  auto said = say(thread, conversation, fmt::format("{}", fmt::join(lines, "\n")));
  if (said && notice) store::put_notice(tx_, conversation.id, *notice, now_);
  if (said && reason) offered(conversation, *reason, said->seq);
  return said;
}

// ---- leaving a message ----

void QueueHelp::offered(Conversation& conversation, LeaveReason reason, std::int64_t seq) const {
  conversation.leave_offered_at = now_;
  store::put_left_message(tx_, conversation.id, {LeaveState::offered, reason, seq});
}

std::optional<Message> QueueHelp::offer(Thread& thread, Conversation& conversation) const {
  conversation.leave_offered_at = now_;  // also when it may not be said: in answer to the next message it will be
  const QueueView view = look(conversation);
  if (!waits(conversation) || !may_speak(thread)) return std::nullopt;
  if (view.position == 1 && is_taken_at_once(conversation)) return std::nullopt;
  const auto config = common_.configs.of(conversation.appid);
  const QueueSettings& settings = config->queue;
  auto said = say(thread, conversation, view.open ? settings.offer_text : settings.closed_text);
  if (said) offered(conversation, view.open ? LeaveReason::waiting : LeaveReason::closed, said->seq);
  return said;
}

// A 1 counts while the offer is the last thing that was said: it may answer something else by now.
LeaveReply QueueHelp::heard(const Conversation& conversation, std::string_view text) const {
  if (conversation.leave_offered_at == 0 || !waits(conversation)) return LeaveReply::none;
  const auto left = store::find_left_message(tx_, conversation.id);
  if (!left) return LeaveReply::none;
  if (left->state == LeaveState::offered)
    return accepts_offer(text) && !store::said_after(tx_, conversation.thread_id, left->offered_seq)
               ? LeaveReply::accepts
               : LeaveReply::none;
  if (left->state != LeaveState::asked || satisfaction::canonical(text).empty()) return LeaveReply::none;
  return takes_back(text) ? LeaveReply::takes_back : LeaveReply::says;
}

std::optional<Message> QueueHelp::go_on(LeaveReply reply, Thread& thread, Conversation& conversation,
                                        MessageId message) const {
  auto left = store::find_left_message(tx_, conversation.id);
  if (!left || reply == LeaveReply::none) return std::nullopt;
  if (reply == LeaveReply::says) return park(thread, conversation, *left, message);
  std::optional<Message> said;
  if (reply == LeaveReply::accepts) {
    said = say(thread, conversation, common_.configs.of(conversation.appid)->queue.ask_text);
    if (!said) return std::nullopt;
  }
  left->state = reply == LeaveReply::accepts ? LeaveState::asked : LeaveState::declined;
  store::put_left_message(tx_, conversation.id, *left);
  return said;
}

std::optional<Message> QueueHelp::park(Thread& thread, Conversation& conversation, LeftMessage left,
                                       MessageId message) const {
  const auto config = common_.configs.of(conversation.appid);
  const QueueSettings& settings = config->queue;
  const auto setup = common_.placer.setups().of(conversation.appid);
  const teams::Group* group = setup->roster().find(conversation.placement.group);
  const calendar::Calendar hours = group == nullptr ? calendar::Calendar{} : group->calendar;
  const auto budget = common_.channels.of(thread.channel).budget(tx_, thread.appid, thread.openid, now_);
  const LeaveTimes times =
      leave_times(hours, now_, settings.answer_within_minutes * minute_ms, budget ? budget->expires_at : 0);
  recorder_.event(conversation, leave_message(conversation, {SenderKind::customer, conversation.openid.str(), {}},
                                              times.returns_at, times.due_at));
  left.state = LeaveState::left;
  left.message = message;
  left.left_at = now_;
  store::put_left_message(tx_, conversation.id, left);
  return say(thread, conversation, filled(settings.left_text, {{"due", time_text(hours, times.due_at)}}));
}

// What may not be sent is dropped, and noted.
std::optional<Message> QueueHelp::say(Thread& thread, Conversation& conversation, std::string text) const {
  Message message;
  message.id = common_.ids.next_as<MessageId>();
  message.created_at = now_;
  message.sender_kind = SenderKind::system;
  message.cause = cause;
  const auto content = hand_over_automatic(tx_, common_.channels, thread, text_to_send(std::move(text)), message, now_);
  if (!content) {
    recorder_.event(conversation,
                    {"reply_refused", "", content.error().code, Actor::system(message.cause), content.error().message});
    return std::nullopt;
  }
  add_message(thread, conversation, message, content->summary);
  store::insert_message(tx_, message);
  return message;
}

}  // namespace miniops::desk
