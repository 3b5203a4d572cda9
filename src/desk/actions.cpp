#include "desk/actions.hpp"

#include "base/mask.hpp"
#include "desk/agents_store.hpp"
#include "desk/queue_store.hpp"
#include "desk/views.hpp"

namespace miniops::desk {

namespace {

bool is_full(const Work& work, AccountId account, const std::optional<Agent>& agent) {
  const AppId& appid = work.access.appid();
  const auto config = work.common.configs.of(appid);
  const auto setup = work.common.placer.setups().of(appid);
  routing::Agent who;
  who.limit = load_max_of(*setup, account, agent, config->settings.load_max_default);
  const teams::Group* group = setup->roster().find(work.conversation.placement.group);
  const std::int64_t limit =
      group == nullptr ? who.limit : routing::limit_in(store::as_it_is(work.tx, appid, *group), who);
  return store::load_of(work.tx, appid, account) >= limit;
}

bool seals(const Work& work) { return work.common.configs.of(work.access.appid())->settings.seal_numbers; }

// Of an event whose note is a message, too: the numbers are there.
std::string masked_note(const Work& work, const std::string& note) {
  return seals(work) ? mask_personal_data(note) : note;
}

void give(Work& work, AccountId to, std::string_view name, std::string_view kind, const std::string& note = "") {
  work.recorder.event(work.conversation, assign(work.conversation, to, name, kind, work.actor, note, work.now));
  store::note_assignment(work.tx, work.access.appid(), to, work.now);
}

}  // namespace

// ---- who has it ----

std::optional<Colleague> find_colleague(sql::Transaction& tx, const AppId& appid, AccountId account,
                                        Colleagues& colleagues) {
  if (auto found = colleagues.find(tx, appid, account)) return found;
  // An instance administrator who came online is no member, and yet an agent.
  const auto agent = store::find_agent(tx, appid, account);
  if (!agent || agent->presence == Presence::offline || !colleagues.may_answer(tx, appid, account)) return std::nullopt;
  return Colleague{account, agent->display_name};
}

Result<bool> take(Work& work) {
  if (work.conversation.state == State::closed) return fail(errors::conversation_closed());
  if (work.mine()) return false;
  if (!work.conversation.assignee.empty()) return fail(errors::already_taken(work.conversation.assignee_name));
  const auto me = store::find_agent(work.tx, work.access.appid(), work.access.account());
  if (is_full(work, work.access.account(), me)) return fail(errors::agent_full(work.actor.name));
  give(work, work.access.account(), work.actor.name, "taken");
  return true;
}

Result<bool> release(Work& work, const std::string& note) {
  if (work.conversation.state == State::closed) return fail(errors::conversation_closed());
  if (work.conversation.assignee.empty()) return false;
  if (!work.may_interfere()) return fail(errors::already_taken(work.conversation.assignee_name));
  work.recorder.event(work.conversation, give_up(work.conversation, "released", work.actor, note, work.now));
  return true;
}

namespace {

void end_offer(Work& work, std::string_view outcome, const std::string& note = "") {
  const Offer over = work.conversation.offer;
  work.recorder.event(work.conversation,
                      end_offer(work.conversation, "transfer_" + std::string(outcome), work.actor, note));
  work.recorder.tell(work.conversation, over, outcome, work.conversation.holder());
}

}  // namespace

Result<bool> transfer(Work& work, AccountId to, const std::string& note) {
  if (work.conversation.state == State::closed) return fail(errors::conversation_closed());
  if (!work.may_interfere()) return fail(errors::already_taken(work.conversation.assignee_name));
  if (work.conversation.assignee == to) return work.conversation.offer.to.empty() ? false : withdraw_transfer(work);
  const auto agent = store::find_agent(work.tx, work.access.appid(), to);
  const auto colleague = find_colleague(work.tx, work.access.appid(), to, work.colleagues);
  if (!colleague) return fail(errors::not_an_agent());
  // Whoever had it a moment ago gets it back, however it is with them.
  const bool there = agent && agent->presence != Presence::offline;
  if (!there && !work.undoing) return fail(errors::agent_offline(colleague->display_name));
  if (!work.undoing && is_full(work, to, agent)) return fail(errors::agent_full(colleague->display_name));
  const TimeMs asked_ms = work.common.configs.of(work.access.appid())->settings.transfer_accept_seconds * second_ms;
  if (asked_ms > 0 && work.mine() && !work.undoing) {
    if (work.conversation.offer.to == to) return false;
    if (!work.conversation.offer.to.empty()) end_offer(work, "withdrawn");  // one is asked at a time
    work.recorder.event(work.conversation, offer(work.conversation, to, colleague->display_name, work.now + asked_ms,
                                                 work.actor, masked_note(work, note)));
    work.recorder.tell(work.conversation, work.conversation.offer, "asked", work.conversation.holder());
    return true;
  }
  give(work, to, colleague->display_name, "transferred", masked_note(work, note));
  return true;
}

namespace {

// Its time may be over before the timer says so.
bool is_offered_to_me(const Work& work) {
  const Offer& offer = work.conversation.offer;
  return work.conversation.state != State::closed && !work.access.account().empty() &&
         offer.to == work.access.account() && work.now < offer.until;
}

}  // namespace

Result<bool> accept_transfer(Work& work) {
  if (!is_offered_to_me(work)) return fail(errors::no_offer());
  const Offer accepted = work.conversation.offer;
  const auto sender = work.conversation.holder();
  give(work, accepted.to, work.actor.name, "transferred");
  work.recorder.tell(work.conversation, accepted, "accepted", sender);
  return true;
}

Result<bool> decline_transfer(Work& work, const std::string& note) {
  if (!is_offered_to_me(work)) return fail(errors::no_offer());
  end_offer(work, "declined", masked_note(work, note));
  return true;
}

Result<bool> withdraw_transfer(Work& work) {
  if (work.conversation.offer.to.empty()) return false;
  if (!work.may_interfere()) return fail(errors::already_taken(work.conversation.assignee_name));
  end_offer(work, "withdrawn");
  return true;
}

Result<bool> take_over(Work& work) {
  if (!work.supervises()) return fail(errors::not_supervisor());
  if (work.conversation.state == State::closed) return fail(errors::conversation_closed());
  if (work.mine()) return false;
  const auto before = work.conversation.holder();
  give(work, work.access.account(), work.actor.name, "taken", "taken over");
  if (!before.agent.empty())
    work.recorder.tell(work.conversation, {work.access.account(), work.actor.name}, "taken_over", before);
  return true;
}

Result<bool> transfer_to_group(Work& work, routing::GroupId to, const std::string& note) {
  Conversation& conversation = work.conversation;
  if (conversation.state == State::closed) return fail(errors::conversation_closed());
  if (!work.may_interfere()) return fail(errors::already_taken(conversation.assignee_name));
  const auto setup = work.common.placer.setups().of(work.access.appid());
  if (setup->roster().find(to) == nullptr) return fail(errors::not_found("group"));
  if (conversation.stage == Stage::queued && conversation.placement.group == to) return false;
  Event event = give_up(conversation, "transferred", work.actor, masked_note(work, note), work.now);
  event.to = "group:" + to.str();
  // Back in the queue that it came from: what its rule asks of the agent stays.
  if (!work.undoing || conversation.placement.group != to) Placer::send_to(conversation, to);
  work.recorder.event(conversation, event);
  return true;
}

Result<bool> transfer_to_tier(Work& work, routing::Tier to, const std::string& note) {
  Conversation& conversation = work.conversation;
  if (conversation.state == State::closed) return fail(errors::conversation_closed());
  if (!work.may_interfere()) return fail(errors::already_taken(conversation.assignee_name));
  const auto setup = work.common.placer.setups().of(work.access.appid());
  const routing::TierRules* tier = setup->tier(to);
  if (tier == nullptr) return fail(errors::empty_tier());
  if (conversation.stage == Stage::queued && tier->has(conversation.placement.group)) return false;
  work.common.placer.send_to_tier(work.tx, conversation, to, work.now);
  Event event = give_up(conversation, "transferred", work.actor, masked_note(work, note), work.now);
  event.to = "group:" + conversation.placement.group.str();
  work.recorder.event(conversation, event);
  return true;
}

Result<bool> park(Work& work, TimeMs until, const std::string& note) {
  if (work.conversation.stage != Stage::assigned || work.conversation.state == State::closed)
    return fail(errors::not_assigned());
  if (!work.may_interfere()) return fail(errors::already_taken(work.conversation.assignee_name));
  if (until != 0 && (until <= work.now || until > work.now + parked_ms_max)) return fail(errors::parked_too_long());
  work.recorder.event(work.conversation, park(work.conversation, work.actor, note, until));
  return true;
}

Result<bool> unpark(Work& work, const std::string& note) {
  if (work.conversation.state == State::closed) return fail(errors::conversation_closed());
  if (work.conversation.stage != Stage::parked) return false;
  if (!work.may_interfere()) return fail(errors::already_taken(work.conversation.assignee_name));
  Event event = is_left_message(work.conversation) ? to_queue(work.conversation, "returned", work.actor, note, work.now)
                                                   : unpark(work.conversation, work.actor, work.now);
  event.note = note;
  work.recorder.event(work.conversation, event);
  return true;
}

Result<bool> close(Work& work, const std::string& note, const std::string& outcome, const wrapup::Patch& patch) {
  const auto said = wrap_up(work, patch);
  if (!said || work.conversation.state == State::closed) return said;
  if (auto ok = check_reason(work); !ok) return std::unexpected(ok.error());
  work.recorder.event(work.conversation, close(work.conversation, work.actor, note, outcome, work.now));
  work.common.ratings.closed(work.tx, work.recorder, work.thread, work.conversation, work.now);
  return true;
}

namespace {

Result<void> check_reopening(const Work& work) {
  if (work.conversation.state != State::closed) return fail(errors::conversation_open());
  if (work.thread.conversation_id != work.conversation.id) return fail(errors::newer_conversation());
  return {};
}

}  // namespace

Result<bool> reopen(Work& work) {
  if (auto may = check_reopening(work); !may) return std::unexpected(may.error());
  work.recorder.event(work.conversation, reopen(work.conversation, work.actor, work.now));
  work.recorder.event(work.conversation, assign(work.conversation, work.access.account(), work.actor.name, "taken",
                                                work.actor, "", work.now));
  return true;
}

Result<bool> take_back_close(Work& work, const std::string& note) {
  if (auto may = check_reopening(work); !may) return std::unexpected(may.error());
  Conversation& conversation = work.conversation;
  const AccountId assignee = conversation.assignee;
  const std::string name = conversation.assignee_name;
  store::read_whose_turn(work.tx, conversation);
  Event event = reopen(conversation, work.actor, work.now);
  event.note = note;
  work.recorder.event(conversation, event);
  if (!assignee.empty()) give(work, assignee, name, assignee == work.access.account() ? "taken" : "transferred", note);
  return true;
}

// ---- what is said ----

namespace {

constexpr int answers_shown = 10;

Content content_to_send(const ToSend& sending) {
  return sending.note ? note_content(sending.text, sending.named, sending.consult)
                      : content_of(sending.message, sending.picture_id);
}

void keep(Work& work, Message& message) {
  add_message(work.thread, work.conversation, message, summary_of(message));
  store::insert_message(work.tx, message);
  store::save_thread(work.tx, work.thread);
  work.recorder.changed(message, work.conversation);
}

// To the channel, in the same transaction. With the window closed it is held until the customer writes.
Result<void> hand_over(Work& work, const ToSend& sending, Message& message) {
  auto handed = hand_over(work.tx, work.common.channels, work.thread, sending, message.id, false, work.now);
  if (!handed) return std::unexpected(handed.error());
  message.state = gateway::to_string(handed->state);
  message.reason = std::move(handed->reason);
  message.queued_at = work.now;
  return {};
}

}  // namespace

Result<void> check_unmoved(const Work& work, std::int64_t seen_seq) {
  const auto answers = store::answers_after(work.tx, work.thread.id, seen_seq, work.actor.id, answers_shown);
  if (answers.empty()) return {};
  boost::json::array briefs;
  for (const Message& answer : answers) briefs.push_back(brief_json(answer, {work.access.sees_personal_data()}));
  return fail(errors::conversation_moved(std::move(briefs)));
}

Message message_of(const Work& work, const ToSend& sending) {
  Message message = work.message_of(content_to_send(sending));
  if (seals(work)) work.common.sealing.hide(message);
  return message;
}

bool is_same(sql::Transaction& tx, const Message& stored, const Message& again) {
  if (stored.msgtype != again.msgtype || stored.body != again.body) return false;
  return std::ranges::equal(store::search_keys_of(tx, stored.id), again.sealed, {}, {}, &SealedNumber::search_key);
}

Result<Message> say(Work& work, const ToSend& sending, Message message, const Clearance& clearance) {
  message.flagged = clearance.flagged;
  if (sending.note) {
    message.direction = Direction::note;
  } else {
    if (work.conversation.state == State::closed) return fail(errors::conversation_closed());
    if (auto handed = hand_over(work, sending, message); !handed) return std::unexpected(handed.error());
    // Whoever answers first has it.
    if (work.conversation.assignee.empty()) give(work, work.access.account(), work.actor.name, "taken");
  }
  keep(work, message);
  if (!clearance.confirmed.empty())
    work.recorder.event(work.conversation, {"check_confirmed", clearance.confirmed, message.id.str(), work.actor});
  return message;
}

void add_note(Work& work, const std::string& note) {
  if (note.empty()) return;
  ToSend sending;
  sending.note = true;
  sending.text = note;
  Message message = message_of(work, sending);
  message.direction = Direction::note;
  keep(work, message);
}

}  // namespace miniops::desk
