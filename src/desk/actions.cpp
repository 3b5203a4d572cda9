#include "desk/actions.hpp"

#include "desk/agents_store.hpp"
#include "gateway/media.hpp"

namespace miniops::desk {

namespace {

bool is_full(const Work& work, AccountId account, const std::optional<Agent>& agent) {
  const AppId& appid = work.access.appid();
  const auto config = work.common.configs.of(appid);
  const auto setup = work.common.placer.setups().of(appid);
  return store::load_of(work.tx, appid, account) >=
         load_max_of(*setup, account, agent, config->settings.load_max_default);
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
  if (!agent || agent->presence == Presence::offline) return std::nullopt;
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
  work.recorder.event(work.conversation, to_queue(work.conversation, "released", work.actor, note, work.now));
  return true;
}

Result<bool> transfer(Work& work, AccountId to, const std::string& note) {
  if (work.conversation.state == State::closed) return fail(errors::conversation_closed());
  if (!work.may_interfere()) return fail(errors::already_taken(work.conversation.assignee_name));
  if (work.conversation.assignee == to) return false;
  const auto agent = store::find_agent(work.tx, work.access.appid(), to);
  const auto colleague = find_colleague(work.tx, work.access.appid(), to, work.colleagues);
  if (!colleague) return fail(errors::not_an_agent());
  // Whoever had it a moment ago gets it back, however it is with them.
  const bool there = agent && agent->presence != Presence::offline;
  if (!there && !work.undoing) return fail(errors::agent_offline(colleague->display_name));
  if (!work.undoing && is_full(work, to, agent)) return fail(errors::agent_full(colleague->display_name));
  give(work, to, colleague->display_name, "transferred", note);
  return true;
}

Result<bool> transfer_to_group(Work& work, routing::GroupId to, const std::string& note) {
  Conversation& conversation = work.conversation;
  if (conversation.state == State::closed) return fail(errors::conversation_closed());
  if (!work.may_interfere()) return fail(errors::already_taken(conversation.assignee_name));
  const auto setup = work.common.placer.setups().of(work.access.appid());
  if (setup->roster().find(to) == nullptr) return fail(errors::not_found("group"));
  if (conversation.stage == Stage::queued && conversation.placement.group == to) return false;
  Event event = to_queue(conversation, "transferred", work.actor, note, work.now);
  event.to = "group:" + to.str();
  // Back in the queue that it came from: what its rule asks of the agent stays.
  if (!work.undoing || conversation.placement.group != to) Placer::send_to(conversation, to);
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
  Event event = unpark(work.conversation, work.actor, work.now);
  event.note = note;
  work.recorder.event(work.conversation, event);
  return true;
}

Result<bool> close(Work& work, const std::string& reason, const std::string& outcome) {
  if (work.conversation.state == State::closed) return false;
  work.recorder.event(work.conversation, close(work.conversation, work.actor, reason, outcome, work.now));
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

Content content_to_send(const ToSend& sending) {
  return sending.note ? note_content(sending.text) : content_of(sending.message, sending.picture_id);
}

void keep(Work& work, Message& message, std::string_view summary) {
  add_message(work.thread, work.conversation, message, summary);
  store::insert_message(work.tx, message);
  store::save_thread(work.tx, work.thread);
  work.recorder.changed(message);
}

// To the outbox, in the same transaction. With the window closed it is held until the customer writes.
Result<void> hand_over(Work& work, const ToSend& sending, Message& message) {
  gateway::OutgoingMessage out{gateway::OutboxId(message.id.value()), work.thread.appid, work.thread.openid,
                               sending.message};
  out.reference = message.id.value();
  if (!sending.picture_id.empty()) {
    const auto picture = gateway::find_picture(work.tx, work.thread.appid, sending.picture_id);
    if (!picture) return fail(errors::unknown_picture());
    out.blob = picture->blob;
    out.blob_content_type = picture->content_type;
  }
  const auto state = work.common.outbox.queue(work.tx, out, work.now, true);
  if (!state) return std::unexpected(state.error());
  message.state = gateway::to_string(*state);
  message.queued_at = work.now;
  if (*state == gateway::DeliveryState::held) message.reason = why_held(work);
  return {};
}

}  // namespace

Result<std::string> check_words(const WordMatcher& matcher, ToSend& sending) {
  std::vector<std::string> found, blocked;
  auto look = [&](std::string& text) {
    Checked checked = check(matcher, text);
    found.insert(found.end(), checked.found.begin(), checked.found.end());
    blocked.insert(blocked.end(), checked.blocked.begin(), checked.blocked.end());
    text = std::move(checked.masked);
  };
  if (sending.note) return std::string();  // the customer does not see it
  if (auto* text = std::get_if<wechat::SendText>(&sending.message)) {
    look(text->content);
    sending.text = text->content;
  } else if (auto* link = std::get_if<wechat::SendLink>(&sending.message)) {
    look(link->title);
    look(link->description);
  } else if (auto* card = std::get_if<wechat::SendMiniProgramPage>(&sending.message)) {
    look(card->title);
  }
  if (!blocked.empty()) return fail(errors::blocked_word(blocked));
  return fmt::format("{}", fmt::join(found, ", "));
}

Message message_of(const Work& work, const ToSend& sending) { return work.message_of(content_to_send(sending)); }

Result<Message> say(Work& work, const ToSend& sending, Message message) {
  if (sending.note) {
    message.direction = Direction::note;
  } else {
    if (work.conversation.state == State::closed) return fail(errors::conversation_closed());
    if (auto handed = hand_over(work, sending, message); !handed) return std::unexpected(handed.error());
    // Whoever answers first has it.
    if (work.conversation.assignee.empty()) give(work, work.access.account(), work.actor.name, "taken");
  }
  keep(work, message, content_to_send(sending).summary);
  return message;
}

void add_note(Work& work, const std::string& note) {
  if (note.empty()) return;
  Message message = work.message_of(note_content(note));
  message.direction = Direction::note;
  keep(work, message, "");
}

std::string why_held(const Work& work) {
  const auto budget = work.common.outbox.budget(work.tx, work.thread.appid, work.thread.openid, work.now);
  return budget.expires_at > work.now ? "budget_spent" : "window_closed";
}

}  // namespace miniops::desk
