#include "wrapup/service.hpp"

#include <algorithm>

#include "wrapup/errors.hpp"

namespace miniops::wrapup {

namespace {

std::string object_of(ReasonId id) { return "contact_reason:" + id.str(); }
std::string object_of(FieldId id) { return "conversation_field:" + id.str(); }

Result<Reason> reason_in(const Reasons& reasons, ReasonId id) {
  const Reason* found = find(reasons, id);
  return found == nullptr ? Result<Reason>(fail(errors::not_found("reason"))) : *found;
}

Result<Field> field_in(const std::vector<Field>& fields, FieldId id) {
  const auto found = std::ranges::find(fields, id, &Field::id);
  return found == fields.end() ? Result<Field>(fail(errors::not_found("field"))) : *found;
}

// No two of one name stand side by side, those that are archived left out.
Result<void> check_name(const Reasons& reasons, const Reason& wanted) {
  const bool twice = std::ranges::any_of(reasons, [&](const Reason& one) {
    return one.id != wanted.id && one.parent == wanted.parent && one.name == wanted.name && !one.archived;
  });
  if (twice && !wanted.archived) return fail(errors::exists("reason"));
  return {};
}

Result<void> check_parent(const Reasons& reasons, ReasonId parent) {
  if (parent.empty()) return {};
  const Reason* above = find(reasons, parent);
  if (above == nullptr) return fail(errors::not_found("reason"));
  if (!above->parent.empty()) return fail(errors::too_deep());
  return {};
}

Reason patched(Reason reason, const ReasonPatch& patch) {
  reason.name = patch.name.value_or(reason.name);
  reason.rules = patch.rules.value_or(reason.rules);
  reason.tags = patch.tags.value_or(reason.tags);
  reason.archived = patch.archived.value_or(reason.archived);
  return reason;
}

template <class Id>
bool same_members(std::vector<Id> a, std::vector<Id> b) {
  std::ranges::sort(a);
  std::ranges::sort(b);
  return a == b;
}

}  // namespace

identity::AuditEntry Service::entry(std::string action, std::string object) const {
  return {with_.ids.next(), with_.clock.now(), std::move(action), std::move(object)};
}

// ---- reasons ----

Task<Result<Reasons>> Service::reasons(Access access) {
  auto read = [=](sql::Transaction& tx) -> Result<Reasons> { return store::reasons(tx, access.appid()); };
  co_return co_await with_.database.read(std::move(read));
}

Task<Result<Reasons>> Service::add_reason(Access access, ReasonPatch given) {
  Reason reason = patched({with_.ids.next_as<ReasonId>(), access.appid(), given.parent.value_or(ReasonId())}, given);
  identity::AuditEntry audited = entry("wrapup.reason.create", object_of(reason.id));
  auto write = [=](sql::Transaction& tx) -> Result<Reasons> {
    Reasons all = store::reasons(tx, access.appid());
    if (all.size() >= reasons_max) return fail(errors::too_many("contact reasons", reasons_max));
    if (auto ok = check_parent(all, reason.parent); !ok) return std::unexpected(ok.error());
    if (auto ok = check_name(all, reason); !ok) return std::unexpected(ok.error());
    Reason placed = reason;
    placed.position = all.empty() ? 1 : all.back().position + 1;
    store::insert_reason(tx, placed);
    all.push_back(placed);
    identity::AuditEntry told = audited;
    told.changes["reason"] = {{"to", to_json(all, placed)}};
    identity::audit(tx, access, told);
    return all;
  };
  co_return co_await with_.database.write(std::move(write));
}

Task<Result<Reasons>> Service::change_reason(Access access, ReasonId id, ReasonPatch patch) {
  identity::AuditEntry audited = entry("wrapup.reason.update", object_of(id));
  auto write = [=](sql::Transaction& tx) -> Result<Reasons> {
    const Reasons all = store::reasons(tx, access.appid());
    const auto before = reason_in(all, id);
    if (!before) return std::unexpected(before.error());
    const Reason after = patched(*before, patch);
    if (auto ok = check_name(all, after); !ok) return std::unexpected(ok.error());
    store::update_reason(tx, after);
    Reasons now = store::reasons(tx, access.appid());
    identity::AuditEntry told = audited;
    told.changes["reason"] = {{"from", to_json(all, *before)}, {"to", to_json(now, after)}};
    identity::audit(tx, access, told);
    return now;
  };
  co_return co_await with_.database.write(std::move(write));
}

Task<Result<Reasons>> Service::order_reasons(Access access, ReasonId parent, std::vector<ReasonId> ids) {
  identity::AuditEntry audited =
      entry("wrapup.reason.order", parent.empty() ? "contact_reasons:" + access.appid().str() : object_of(parent));
  auto write = [=](sql::Transaction& tx) -> Result<Reasons> {
    std::vector<ReasonId> known;
    for (const Reason& one : store::reasons(tx, access.appid()))
      if (one.parent == parent) known.push_back(one.id);
    if (!same_members(known, ids)) return fail(errors::changed());
    for (std::size_t i = 0; i < ids.size(); ++i) store::place_reason(tx, ids[i], static_cast<std::int64_t>(i) + 1);
    identity::audit(tx, access, audited);
    return store::reasons(tx, access.appid());
  };
  co_return co_await with_.database.write(std::move(write));
}

Task<Result<void>> Service::remove_reason(Access access, ReasonId id) {
  identity::AuditEntry audited = entry("wrapup.reason.delete", object_of(id));
  auto write = [=](sql::Transaction& tx) -> Result<void> {
    const Reasons all = store::reasons(tx, access.appid());
    const auto reason = reason_in(all, id);
    if (!reason) return std::unexpected(reason.error());
    if (reason->used) return fail(errors::used("reason"));
    if (std::ranges::find(all, id, &Reason::parent) != all.end()) return fail(errors::has_children());
    store::delete_reason(tx, id);
    identity::AuditEntry told = audited;
    told.changes["reason"] = {{"from", to_json(all, *reason)}};
    identity::audit(tx, access, told);
    return {};
  };
  co_return co_await with_.database.write(std::move(write));
}

// ---- fields ----

Task<Result<std::vector<Field>>> Service::fields(Access access) {
  auto read = [=](sql::Transaction& tx) -> Result<std::vector<Field>> { return store::fields(tx, access.appid()); };
  co_return co_await with_.database.read(std::move(read));
}

Task<Result<Field>> Service::add_field(Access access, Field field) {
  field.id = with_.ids.next_as<FieldId>();
  field.appid = access.appid();
  identity::AuditEntry audited = entry("wrapup.field.create", object_of(field.id));
  auto write = [=](sql::Transaction& tx) -> Result<Field> {
    const auto all = store::fields(tx, access.appid());
    if (std::ranges::find(all, field.key, &Field::key) != all.end()) return fail(errors::exists("field"));
    if (all.size() >= fields_max) return fail(errors::too_many("custom fields of conversations", fields_max));
    Field placed = field;
    placed.position = all.empty() ? 1 : all.back().position + 1;
    store::insert_field(tx, placed);
    identity::AuditEntry told = audited;
    told.changes["field"] = {{"to", to_json(placed)}};
    identity::audit(tx, access, told);
    return placed;
  };
  co_return co_await with_.database.write(std::move(write));
}

Task<Result<Field>> Service::change_field(Access access, FieldId id, json::value patch) {
  identity::AuditEntry audited = entry("wrapup.field.update", object_of(id));
  auto write = [=](sql::Transaction& tx) -> Result<Field> {
    const auto before = field_in(store::fields(tx, access.appid()), id);
    if (!before) return before;
    Field after = *before;
    JsonInput in(patch);
    read_field(in, after, true);
    after.archived = in.optional_boolean("archived").value_or(after.archived);
    if (auto ok = in.finish(); !ok) return std::unexpected(ok.error());
    store::update_field(tx, after);
    identity::AuditEntry told = audited;
    told.changes["field"] = {{"from", to_json(*before)}, {"to", to_json(after)}};
    identity::audit(tx, access, told);
    return after;
  };
  co_return co_await with_.database.write(std::move(write));
}

Task<Result<std::vector<Field>>> Service::order_fields(Access access, std::vector<FieldId> ids) {
  identity::AuditEntry audited = entry("wrapup.field.order", "conversation_fields:" + access.appid().str());
  auto write = [=](sql::Transaction& tx) -> Result<std::vector<Field>> {
    std::vector<FieldId> known;
    for (const Field& one : store::fields(tx, access.appid())) known.push_back(one.id);
    if (!same_members(known, ids)) return fail(errors::changed());
    for (std::size_t i = 0; i < ids.size(); ++i) store::place_field(tx, ids[i], static_cast<std::int64_t>(i) + 1);
    identity::audit(tx, access, audited);
    return store::fields(tx, access.appid());
  };
  co_return co_await with_.database.write(std::move(write));
}

Task<Result<void>> Service::remove_field(Access access, FieldId id) {
  identity::AuditEntry audited = entry("wrapup.field.delete", object_of(id));
  auto write = [=](sql::Transaction& tx) -> Result<void> {
    const auto field = field_in(store::fields(tx, access.appid()), id);
    if (!field) return std::unexpected(field.error());
    if (field->used) return fail(errors::used("field"));
    store::delete_field(tx, id);
    identity::AuditEntry told = audited;
    told.changes["field"] = {{"from", to_json(*field)}};
    identity::audit(tx, access, told);
    return {};
  };
  co_return co_await with_.database.write(std::move(write));
}

// ---- tags, settings ----

Task<Result<std::vector<store::LatelyUsed>>> Service::tags(Access access) {
  auto read = [=](sql::Transaction& tx) -> Result<std::vector<store::LatelyUsed>> {
    return store::tags(tx, access.appid(), lately_used_max);
  };
  co_return co_await with_.database.read(std::move(read));
}

Task<Result<bool>> Service::reason_required(Access access) {
  auto read = [=](sql::Transaction& tx) -> Result<bool> { return store::reason_required(tx, access.appid()); };
  co_return co_await with_.database.read(std::move(read));
}

Task<Result<bool>> Service::require_reason(Access access, bool required) {
  identity::AuditEntry audited = entry("wrapup.settings.update", "wrapup_settings:" + access.appid().str());
  auto write = [=](sql::Transaction& tx) -> Result<bool> {
    const bool before = store::reason_required(tx, access.appid());
    if (before == required) return required;
    store::put_reason_required(tx, access.appid(), required);
    identity::AuditEntry told = audited;
    told.changes["reason_required"] = {{"from", before}, {"to", required}};
    identity::audit(tx, access, told);
    return required;
  };
  co_return co_await with_.database.write(std::move(write));
}

}  // namespace miniops::wrapup
