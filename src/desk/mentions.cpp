#include "desk/mentions.hpp"

#include "desk/actions.hpp"

namespace miniops::desk {

namespace {

constexpr std::size_t readers_max = 100;  // who read along, of one conversation

Mention mention_of(const Work& work, const Message& note, MentionKind kind, Named whom) {
  Mention mention;
  mention.id = work.common.ids.next_as<MentionId>();
  mention.appid = work.access.appid();
  mention.conversation = work.conversation.id;
  mention.message = note.id;
  mention.kind = kind;
  mention.whom = std::move(whom);
  mention.from = {work.access.account(), work.actor.name};
  mention.created_at = work.now;
  return mention;
}

void answer_consults(Work& work, const Message& note) {
  std::vector<AccountId> told;
  for (const Mention& asked : store::asked_of(work.tx, work.conversation.id, work.access.account())) {
    store::note_answer(work.tx, asked.id, note.id, work.now);
    if (std::ranges::find(told, asked.from.account) != told.end()) continue;
    store::insert_mention(work.tx, mention_of(work, note, MentionKind::answer, asked.from));
    told.push_back(asked.from.account);
  }
  if (!told.empty()) work.recorder.tell_named(work.conversation, to_string(MentionKind::answer), work.actor.name, told);
}

}  // namespace

Result<void> look_up_named(const Work& work, ToSend& sending) {
  std::erase_if(sending.named, [&](const Named& one) { return one.account == work.access.account(); });
  if (sending.named.empty()) return {};
  // Nobody could read it.
  if (work.conversation.state == State::closed) return fail(errors::conversation_closed());
  for (Named& one : sending.named) {
    auto colleague = find_colleague(work.tx, work.access.appid(), one.account, work.colleagues);
    if (!colleague) return fail(errors::not_an_agent());
    one.name = std::move(colleague->display_name);
  }
  const auto& readers = work.conversation.mentioned;
  const auto added = std::ranges::count_if(
      sending.named, [&](const Named& one) { return std::ranges::find(readers, one.account) == readers.end(); });
  if (readers.size() + static_cast<std::size_t>(added) > readers_max)
    return fail(errors::too_many("colleagues who read along", static_cast<int>(readers_max)));
  return {};
}

void tell_named(Work& work, const ToSend& sending, const Message& note) {
  answer_consults(work, note);
  if (sending.named.empty()) return;
  const MentionKind kind = sending.consult ? MentionKind::consult : MentionKind::mention;
  auto& readers = work.conversation.mentioned;
  std::vector<AccountId> told;
  for (const Named& one : sending.named) {
    store::insert_mention(work.tx, mention_of(work, note, kind, one));
    if (std::ranges::find(readers, one.account) == readers.end()) readers.push_back(one.account);
    told.push_back(one.account);
  }
  work.recorder.tell_named(work.conversation, to_string(kind), work.actor.name, told);
}

Result<void> withdraw(Work& work, MentionId id) {
  const auto mention = store::find_mention(work.tx, id);
  if (!mention || mention->conversation != work.conversation.id) return fail(errors::not_found("mention"));
  if (mention->from.account != work.access.account() && !work.may_interfere())
    return fail(work.works_on ? errors::already_taken(work.conversation.assignee_name) : errors::other_group());
  store::withdraw_mention(work.tx, id, work.now);
  work.conversation.mentioned = store::named_accounts(work.tx, work.conversation.id);
  return {};
}

}  // namespace miniops::desk
