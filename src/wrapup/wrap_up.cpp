#include "wrapup/wrap_up.hpp"

#include <algorithm>

#include "wrapup/errors.hpp"
#include "wrapup/store.hpp"

namespace miniops::wrapup {

namespace {

Result<void> set_reason(sql::Transaction& tx, const AppId& appid, WrapUp& wrap_up, const Patch& patch,
                        std::vector<Change>& changes) {
  if (!patch.reason || *patch.reason == wrap_up.reason) return {};
  Change change{"reason_set", wrap_up.reason.empty() ? "" : wrap_up.reason.str()};
  wrap_up.reason = *patch.reason;
  wrap_up.reason_name.clear();
  if (!wrap_up.reason.empty()) {
    const Reasons reasons = store::reasons(tx, appid);
    const Reason* chosen = find(reasons, wrap_up.reason);
    if (chosen == nullptr || (!patch.restoring && !choosable(reasons, *chosen))) return fail(errors::not_choosable());
    wrap_up.reason_name = path_of(reasons, *chosen);
    store::mark_used(tx, chosen->id);
    change.to = chosen->id.str();
  }
  change.note = wrap_up.reason_name;
  changes.push_back(std::move(change));
  return {};
}

void set_tags(sql::Transaction& tx, const AppId& appid, WrapUp& wrap_up, const Patch& patch, TimeMs now,
              std::vector<Change>& changes) {
  if (!patch.tags) return;
  std::vector<std::string> tags, told;
  for (const std::string& tag : *patch.tags) {
    if (std::ranges::find(tags, tag) != tags.end()) continue;
    tags.push_back(tag);
    if (std::ranges::find(wrap_up.tags, tag) != wrap_up.tags.end()) continue;
    store::note_tag(tx, appid, tag, now);
    told.push_back("+" + tag);
  }
  for (const std::string& tag : wrap_up.tags)
    if (std::ranges::find(tags, tag) == tags.end()) told.push_back("-" + tag);
  wrap_up.tags = std::move(tags);
  if (!told.empty()) changes.push_back({"tags_set", "", "", fmt::format("{}", fmt::join(told, ", "))});
}

std::string text_of(const json::value& value) {
  return value.is_string() ? std::string(value.get_string()) : fmt::format("{}", value.to_number<double>());
}

Result<void> set_fields(sql::Transaction& tx, const AppId& appid, WrapUp& wrap_up, const Patch& patch,
                        std::vector<Change>& changes) {
  if (patch.fields.empty()) return {};
  const auto fields = store::fields(tx, appid);
  for (const auto& [key, given] : patch.fields) {
    const auto field = std::ranges::find(fields, std::string_view(key), &Field::key);
    if (field == fields.end()) return fail(errors::invalid_field("named here", "is not defined"));
    const json::value* before = wrap_up.fields.if_contains(key);
    if (given.is_null()) {
      if (before == nullptr) continue;
      wrap_up.fields.erase(key);
      changes.push_back({"field_set", "", "", field->name + ": –"});
      continue;
    }
    const auto value = read_value(*field, given);
    if (!value) return fail(errors::invalid_field(field->key, value.error()));
    json::value after = miniops::to_json(static_cast<const CustomField&>(*field), *value);
    if (before != nullptr && *before == after) continue;
    if (field->archived) return fail(errors::invalid_field(field->key, "is archived"));
    store::mark_used(tx, field->id);
    changes.push_back({"field_set", "", "", field->name + ": " + text_of(after)});
    wrap_up.fields[key] = std::move(after);
  }
  return {};
}

}  // namespace

Patch read_patch(JsonInput& in, const json::value& body) {
  Patch patch;
  const json::value* reason_given = body.is_object() ? body.get_object().if_contains("reason_id") : nullptr;
  if (reason_given != nullptr && reason_given->is_null()) patch.reason = ReasonId();
  if (const auto reason = in.optional_id("reason_id")) patch.reason = ReasonId(*reason);
  if (in.has("tags")) patch.tags = in.optional_texts("tags", tags_max, tag_rule);
  if (const json::value* fields = in.optional_value("fields")) {
    if (fields->is_object() && fields->get_object().size() <= fields_max) {
      patch.fields = fields->get_object();
    } else {
      in.mistake("fields", "must be an object of at most 20 members");
    }
  }
  return patch;
}

Result<std::vector<Change>> apply(sql::Transaction& tx, const AppId& appid, WrapUp& wrap_up, const Patch& patch,
                                  TimeMs now) {
  std::vector<Change> changes;
  if (auto set = set_reason(tx, appid, wrap_up, patch, changes); !set) return std::unexpected(set.error());
  set_tags(tx, appid, wrap_up, patch, now, changes);
  if (auto set = set_fields(tx, appid, wrap_up, patch, changes); !set) return std::unexpected(set.error());
  return changes;
}

bool reason_required(sql::Transaction& tx, const AppId& appid) {
  if (!store::reason_required(tx, appid)) return false;
  const Reasons reasons = store::reasons(tx, appid);
  return std::ranges::any_of(reasons, [&](const Reason& one) { return choosable(reasons, one); });
}

ReasonId suggested(sql::Transaction& tx, const AppId& appid, std::int64_t rule, const std::vector<std::string>& tags) {
  return suggested(store::reasons(tx, appid), rule, tags);
}

std::vector<ReasonId> with_children(sql::Transaction& tx, const AppId& appid, ReasonId id) {
  std::vector<ReasonId> out{id};
  for (const Reason& one : store::reasons(tx, appid))
    if (one.parent == id) out.push_back(one.id);
  return out;
}

std::map<ReasonId, std::string> names(sql::Transaction& tx, const AppId& appid) {
  std::map<ReasonId, std::string> out;
  const Reasons reasons = store::reasons(tx, appid);
  for (const Reason& one : reasons) out[one.id] = path_of(reasons, one);
  return out;
}

bool exists(sql::Transaction& tx, const AppId& appid, ReasonId id) {
  return find(store::reasons(tx, appid), id) != nullptr;
}

json::object to_json(const WrapUp& wrap_up) {
  json::value reason(nullptr);
  if (!wrap_up.reason.empty()) reason = {{"id", wrap_up.reason.str()}, {"name", wrap_up.reason_name}};
  return {{"reason", std::move(reason)},
          {"tags", json::array(wrap_up.tags.begin(), wrap_up.tags.end())},
          {"fields", wrap_up.fields}};
}

}  // namespace miniops::wrapup
