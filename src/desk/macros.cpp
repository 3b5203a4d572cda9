#include "desk/macros.hpp"

#include "calendar/time_zone.hpp"
#include "content_check/errors.hpp"
#include "desk/actions.hpp"
#include "gateway/miniprograms.hpp"

namespace miniops::desk {

namespace {

using quick_replies::Action;
using quick_replies::ActionKind;
using quick_replies::Cause;
using quick_replies::Cleared;
using quick_replies::StepKind;

Result<bool> done(const Result<Message>& said) {
  if (!said) return std::unexpected(said.error());
  return true;
}

Result<ToSend> text_to_send(const std::string& text) {
  return parse_to_send({{"msgtype", "text"}, {"text", {{"content", text}}}}, false);
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

Reach reach_of(Cause cause) { return cause == Cause::undo ? Reach::take_back : Reach::work; }

}  // namespace

Result<quick_replies::Facts> MacroExecutor::facts(sql::Transaction& tx, const identity::Access& access,
                                                  std::int64_t conversation, Cause cause, TimeMs now) {
  const auto work =
      load_work(tx, access, ConversationId(conversation), with_.common, with_.colleagues, now, reach_of(cause));
  if (!work) return std::unexpected(work.error());
  const Conversation& of = work->conversation;
  quick_replies::Facts facts;
  facts.closed = of.state == State::closed;
  facts.assignee = of.assignee;
  // An offer ends with its time. Who transfers what is another's asks nobody (transfer()).
  if (work->mine() && now < of.offer.until) facts.offered_to = of.offer.to;
  facts.group = of.placement.group.value();
  facts.tier = word(with_.common.placer.setups().of(access.appid())->tier_of(of.placement.group));
  facts.parked = !facts.closed && of.stage == Stage::parked;
  facts.parked_until = of.parked_until;
  facts.tags = tags_of(work->thread);
  facts.reason = of.wrap_up.reason.value();
  facts.conversation_tags = of.wrap_up.tags;
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
  if (step.kind == StepKind::transfer_tier && setup->tier(routing::tier_named(step.text)) == nullptr)
    return fail(errors::empty_tier());
  if (step.kind == StepKind::close && step.number != 0 &&
      !wrapup::exists(tx, access.appid(), wrapup::ReasonId(step.number)))
    return fail(errors::not_found("contact reason"));
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

Task<Result<Cleared>> MacroExecutor::clear(identity::Access access, std::int64_t conversation,
                                           std::vector<std::string> texts, bool confirmed) {
  Cleared cleared{confirmed, texts};
  const ConversationId id(conversation);
  const ReadScope scope = read_scope(access, *with_.common.placer.setups().of(access.appid()));
  auto look = [=](sql::Transaction& tx) -> Result<OpenId> {
    const auto found = store::find_conversation(tx, id);
    if (!found || found->appid != access.appid()) return fail(errors::not_found("conversation"));
    if (auto may = may_work_on(scope, *found); !may) return std::unexpected(may.error());
    return found->openid;
  };
  const auto reader = co_await with_.database.read(std::move(look));
  if (!reader) co_return std::unexpected(reader.error());
  const auto config = with_.common.configs.of(access.appid());
  const content_check::Action blocked = with_.checker.rules(access.appid()).words;
  for (const std::string& text : texts) {
    auto sending = text_to_send(text);
    if (!sending) co_return std::unexpected(sending.error());
    if (auto ok = check_words(*config->words, blocked, *sending, confirmed); !ok) co_return std::unexpected(ok.error());
    Clearance clearance;
    content_check::Question question{access.appid(), *reader, text_to_check(*sending)};
    const auto asked = co_await ask_checkers(with_.checker, std::move(question), confirmed, clearance);
    if (!asked) co_return std::unexpected(asked.error());
    if (cleared.names.empty()) cleared.names = clearance.confirmed;
  }
  co_return cleared;
}

// With the word list and the limits of what is typed: a variable may stand for anything.
Result<bool> MacroExecutor::send_text(Work& work, const std::string& text, const Cleared& cleared) const {
  auto sending = text_to_send(text);
  if (!sending) return std::unexpected(sending.error());
  const AppId& appid = work.access.appid();
  if (asks(appid) && std::ranges::count(cleared.texts, text) == 0) return fail(content_check::errors::changed());
  const auto config = work.common.configs.of(appid);
  auto clearance = check_words(*config->words, with_.checker.rules(appid).words, *sending, cleared.confirmed);
  if (!clearance) return std::unexpected(clearance.error());
  if (!clearance->confirmed.empty() && !cleared.names.empty()) clearance->confirmed += ", ";
  clearance->confirmed += cleared.names;
  return done(say(work, *sending, message_of(work, *sending), *clearance));
}

Result<bool> MacroExecutor::perform(Work& work, const Action& action, const Cleared& cleared) const {
  const std::string note = work.undoing ? "macro undone" : "";
  switch (action.kind) {
    case ActionKind::send_text:
      return send_text(work, action.text, cleared);
    case ActionKind::send_picture:
      return send_picture(work, action.text);
    case ActionKind::note:
      add_note(work, action.text);
      return true;
    case ActionKind::assign:
      return transfer(work, AccountId(action.number), note);
    case ActionKind::to_group:
      return transfer_to_group(work, routing::GroupId(action.number), note);
    case ActionKind::to_tier:
      return transfer_to_tier(work, routing::tier_named(action.text), note);
    case ActionKind::to_queue:
      return release(work, note);
    case ActionKind::park:
      return park_until(work, action.number, note);
    case ActionKind::unpark:
      return unpark(work, note);
    case ActionKind::wrap_up:
      if (action.tags.size() > wrapup::tags_max)
        return fail(errors::too_many("tags", static_cast<int>(wrapup::tags_max)));
      return wrap_up(work, {.reason = wrapup::ReasonId(action.number), .tags = action.tags, .restoring = work.undoing});
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

Result<void> MacroExecutor::check_unmoved(sql::Transaction& tx, const identity::Access& access,
                                          std::int64_t conversation, std::int64_t seen_seq, TimeMs now) {
  const auto work = load_work(tx, access, ConversationId(conversation), with_.common, with_.colleagues, now);
  if (!work) return std::unexpected(work.error());
  return desk::check_unmoved(*work, seen_seq);
}

Result<void> MacroExecutor::act(sql::Transaction& tx, const identity::Access& access, std::int64_t conversation,
                                const std::vector<Action>& actions, Cause cause, const Cleared& cleared, TimeMs now) {
  const ConversationId id(conversation);
  // First what is the customer's: it saves the conversation by itself.
  if (auto described = describe_customer(tx, access, id, actions, now); !described) return described;
  const BudgetNews::Hushed hushed(with_.news, tx);
  auto work = load_work(tx, access, id, with_.common, with_.colleagues, now, reach_of(cause));
  if (!work) return std::unexpected(work.error());
  work->undoing = cause == Cause::undo;
  bool changed = false;
  for (const Action& action : actions) {
    const auto did = perform(*work, action, cleared);
    if (!did) return std::unexpected(did.error());
    changed = changed || *did;
  }
  return changed ? work->recorder.save(work->conversation) : Result<void>{};
}

void MacroExecutor::committed(const AppId& appid) {
  with_.common.channels.wake();
  with_.broadcaster.changed(appid);
  with_.freed();
}

}  // namespace miniops::desk
