#include "quick_replies/views.hpp"

namespace miniops::quick_replies {

namespace {

std::string_view scope_of(AccountId owner) { return owner.empty() ? "shared" : "personal"; }

}  // namespace

json::object to_json(const Listed& listed) {
  const QuickReply& reply = listed.reply;
  return {{"id", reply.id.str()},
          {"scope", scope_of(reply.owner)},
          {"folder", reply.folder},
          {"shortcut", reply.shortcut},
          {"title", reply.title},
          {"content", reply.content},
          {"picture_id", reply.picture_id},
          {"initials", initials_of(reply)},
          {"initials_by_hand", !reply.initials.empty()},
          {"uses", listed.uses},
          {"last_used_at", listed.last_used_at == 0 ? json::value(nullptr) : json::value(listed.last_used_at)},
          {"updated_at", reply.updated_at}};
}

json::object to_json(const store::Folder& folder) {
  return {{"path", folder.path}, {"scope", folder.shared ? "shared" : "personal"}, {"quick_replies", folder.replies}};
}

json::object to_json(const Macro& macro) {
  return {{"id", macro.id.str()},
          {"scope", scope_of(macro.owner)},
          {"name", macro.name},
          {"actions", to_json(macro.steps)},
          {"updated_at", macro.updated_at}};
}

json::object to_json(const ImportResult& result) {
  json::array rejected;
  for (const Rejected& one : result.rejected) rejected.push_back(json::object{{"line", one.line}, {"why", one.why}});
  return {{"added", result.added}, {"duplicates", result.duplicates}, {"rejected", std::move(rejected)}};
}

json::object to_json(const MacroRun& run) {
  json::array actions;
  for (const Planned& one : run.done)
    actions.push_back(json::object{{"kind", word(one.action.kind)}, {"undoable", !one.inverse.empty()}});
  return {{"id", run.id.str()},
          {"macro_id", run.macro.str()},
          {"conversation_id", std::to_string(run.conversation)},
          {"actions", std::move(actions)},
          {"ran_at", run.ran_at},
          {"undo_until", run.ran_at + undo_ms_max}};
}

json::object to_json(const Undo& undo) {
  json::array actions;
  for (const Action& one : undo.actions) actions.emplace_back(word(one.kind));
  json::array kept;
  for (const auto& [kind, why] : undo.kept) kept.push_back(json::object{{"kind", word(kind)}, {"why", word(why)}});
  return {{"actions", std::move(actions)}, {"kept", std::move(kept)}};
}

}  // namespace miniops::quick_replies
