#include "desk/wrap_up.hpp"

#include "desk/profiles.hpp"
#include "identity/audit.hpp"

namespace miniops::desk {

namespace {

// Which reason and tags is no secret; what fields say may be personal.
void audit(const Work& work, const wrapup::WrapUp& before) {
  const wrapup::WrapUp& after = work.conversation.wrap_up;
  identity::AuditEntry entry{work.common.ids.next(), work.now, "desk.wrap_up.update",
                             "conversation:" + work.conversation.id.str()};
  if (before.reason != after.reason)
    entry.changes["reason"] = {{"from", before.reason_name}, {"to", after.reason_name}};
  if (before.tags != after.tags)
    entry.changes["tags"] = {{"from", json::array(before.tags.begin(), before.tags.end())},
                             {"to", json::array(after.tags.begin(), after.tags.end())}};
  if (before.fields != after.fields) entry.changes["fields"] = {{"changed", true}};
  identity::audit(work.tx, work.access, entry);
}

}  // namespace

Result<bool> wrap_up(Work& work, const wrapup::Patch& patch) {
  if (patch.empty()) return false;
  Conversation& conversation = work.conversation;
  const wrapup::WrapUp before = conversation.wrap_up;
  const auto changes = wrapup::apply(work.tx, work.access.appid(), conversation.wrap_up, patch, work.now);
  if (!changes) return std::unexpected(changes.error());
  if (conversation.wrap_up == before) return false;
  store::save_wrap_up(work.tx, conversation);
  for (const wrapup::Change& one : *changes)
    work.recorder.event(conversation, {std::string(one.kind), one.from, one.to, work.actor, one.note});
  if (conversation.state == State::closed) audit(work, before);
  return true;
}

Result<void> check_reason(const Work& work) {
  if (!work.conversation.wrap_up.reason.empty()) return {};
  if (wrapup::reason_required(work.tx, work.access.appid())) return fail(errors::reason_required());
  return {};
}

wrapup::ReasonId suggested_reason(sql::Transaction& tx, const Thread& thread, const Conversation& conversation) {
  if (!conversation.wrap_up.reason.empty()) return {};
  std::vector<std::string> tags = conversation.wrap_up.tags;
  for (std::string& tag : tags_of(thread)) tags.push_back(std::move(tag));
  return wrapup::suggested(tx, conversation.appid, conversation.placement.rule.value(), tags);
}

}  // namespace miniops::desk
