#include "desk/macros.hpp"

#include "calendar/time_zone.hpp"
#include "desk/actions.hpp"
#include "gateway/miniprograms.hpp"

namespace miniops::desk {

namespace {

using quick_replies::Action;
using quick_replies::ActionKind;
using quick_replies::Cause;
using quick_replies::StepKind;

Result<bool> done(const Result<Message>& said) {
  if (!said) return std::unexpected(said.error());
  return true;
}

// With the word list and the limits of what is typed: a variable may stand for anything.
Result<bool> send_text(Work& work, const std::string& text) {
  auto sending = parse_to_send({{"msgtype", "text"}, {"text", {{"content", text}}}}, false);
  if (!sending) return std::unexpected(sending.error());
  const auto config = work.common.configs.of(work.access.appid());
  auto flagged = check_words(*config->words, *sending);
  if (!flagged) return std::unexpected(flagged.error());
  Message message = message_of(work, *sending);
  message.flagged = std::move(*flagged);
  return done(say(work, *sending, std::move(message)));
}

Result<bool> send_picture(Work& work, const std::string& picture_id) {
  ToSend sending;
  sending.message = wechat::SendImage{};
  sending.picture_id = picture_id;
  return done(say(work, sending, message_of(work, sending)));
}

// Also for another time than it is parked for. What was to come back in the meantime is back.
Result<bool> park_until(Work& work, TimeMs until, const std::string& note) {
  if (work.conversation.stage == Stage::parked)
    if (auto unparked = unpark(work, note); !unparked) return unparked;
  if (work.undoing && until != 0 && until <= work.now) return true;
  return park(work, until, note);
}

Result<bool> perform(Work& work, const Action& action) {
  const std::string note = work.undoing ? "macro undone" : "";
  switch (action.kind) {
    case ActionKind::send_text:
      return send_text(work, action.text);
    case ActionKind::send_picture:
      return send_picture(work, action.text);
    case ActionKind::note:
      add_note(work, action.text);
      return true;
    case ActionKind::assign:
      return transfer(work, AccountId(action.number), note);
    case ActionKind::to_group:
      return transfer_to_group(work, routing::GroupId(action.number), note);
    case ActionKind::to_queue:
      return release(work, note);
    case ActionKind::park:
      return park_until(work, action.number, note);
    case ActionKind::unpark:
      return unpark(work, note);
    case ActionKind::close:
      return close(work, note, "resolved");
    case ActionKind::reopen:
      return take_back_close(work, note);
    case ActionKind::add_tag:
    case ActionKind::remove_tag:
    case ActionKind::set_level:
      return false;  // of the customer
  }
  std::unreachable();
}

// What the actions come to, of all that is said about a customer.
CustomerPatch patch_of(const std::vector<Action>& actions, const Thread& thread) {
  CustomerPatch patch;
  std::vector<std::string> tags = tags_of(thread);
  for (const Action& action : actions) {
    if (action.kind == ActionKind::set_level) patch.level = static_cast<int>(action.number);
    if (action.kind != ActionKind::add_tag && action.kind != ActionKind::remove_tag) continue;
    std::erase(tags, action.text);
    if (action.kind == ActionKind::add_tag) tags.push_back(action.text);
    patch.tags = tags;
  }
  return patch;
}

}  // namespace

Result<quick_replies::Facts> MacroExecutor::facts(sql::Transaction& tx, const identity::Access& access,
                                                  std::int64_t conversation, TimeMs now) {
  const auto work = load_work(tx, access, ConversationId(conversation), with_.common, with_.colleagues, now);
  if (!work) return std::unexpected(work.error());
  const Conversation& of = work->conversation;
  quick_replies::Facts facts;
  facts.closed = of.state == State::closed;
  facts.assignee = of.assignee;
  facts.group = of.placement.group.value();
  facts.parked = !facts.closed && of.stage == Stage::parked;
  facts.parked_until = of.parked_until;
  facts.tags = tags_of(work->thread);
  if (const auto person = with_.profiles.directory().facts(tx, work->thread.profile, now)) facts.level = person->level;
  facts.nickname = work->thread.nickname;
  facts.agent_name = work->actor.name;
  facts.miniprogram_name = gateway::mini_program_name(tx, access.appid());
  facts.source = of.source;
  const auto config = with_.common.configs.of(access.appid());
  facts.local_time = now + calendar::wall_clock(config->hours.time_zone, now).offset_ms;
  return facts;
}

Result<void> MacroExecutor::check(sql::Transaction& tx, const identity::Access& access,
                                  const quick_replies::Step& step) {
  if (step.kind == StepKind::transfer_agent &&
      !find_colleague(tx, access.appid(), AccountId(step.number), with_.colleagues))
    return fail(errors::not_an_agent());
  const auto setup = with_.common.placer.setups().of(access.appid());
  if (step.kind == StepKind::transfer_group && setup->roster().find(routing::GroupId(step.number)) == nullptr)
    return fail(errors::not_found("group"));
  return {};
}

Result<void> MacroExecutor::describe_customer(sql::Transaction& tx, const identity::Access& access, ConversationId id,
                                              const std::vector<Action>& actions, TimeMs now) const {
  auto contact = store::find_contact(tx, id);
  if (!contact || contact->thread.appid != access.appid()) return fail(errors::not_found("conversation"));
  const CustomerPatch patch = patch_of(actions, contact->thread);
  if (!patch.tags && !patch.level) return {};
  if (patch.tags && patch.tags->size() > tags_max) return fail(errors::too_many("tags", static_cast<int>(tags_max)));
  return with_.profiles.describe(tx, access, std::move(contact->thread), patch, now);
}

Result<void> MacroExecutor::act(sql::Transaction& tx, const identity::Access& access, std::int64_t conversation,
                                const std::vector<Action>& actions, Cause cause, TimeMs now) {
  const ConversationId id(conversation);
  // First what is the customer's: it saves the conversation by itself.
  if (auto described = describe_customer(tx, access, id, actions, now); !described) return described;
  const BudgetNews::Hushed hushed(with_.news, tx);
  auto work = load_work(tx, access, id, with_.common, with_.colleagues, now);
  if (!work) return std::unexpected(work.error());
  work->undoing = cause == Cause::undo;
  bool changed = false;
  for (const Action& action : actions) {
    const auto did = perform(*work, action);
    if (!did) return std::unexpected(did.error());
    changed = changed || *did;
  }
  return changed ? work->recorder.save(work->conversation) : Result<void>{};
}

void MacroExecutor::committed(const AppId& appid) {
  with_.common.outbox.wake();
  with_.broadcaster.changed(appid);
  with_.freed();
}

}  // namespace miniops::desk
