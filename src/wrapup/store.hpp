// The module's rows, as verbs of the domain. Called inside closures; stateless. Private to the module.
#pragma once

#include "storage/sql/database.hpp"
#include "wrapup/field.hpp"
#include "wrapup/reason.hpp"

namespace miniops::wrapup::store {

// ---- reasons ----
Reasons reasons(sql::Transaction& tx, const AppId& appid);
void insert_reason(sql::Transaction& tx, const Reason& reason);
void update_reason(sql::Transaction& tx, const Reason& reason);  // name, what suggests it, archived
void place_reason(sql::Transaction& tx, ReasonId id, std::int64_t position);
void mark_used(sql::Transaction& tx, ReasonId id);
void delete_reason(sql::Transaction& tx, ReasonId id);

// ---- fields ----
std::vector<Field> fields(sql::Transaction& tx, const AppId& appid);  // by position and id
void insert_field(sql::Transaction& tx, const Field& field);
void update_field(sql::Transaction& tx, const Field& field);
void place_field(sql::Transaction& tx, FieldId id, std::int64_t position);
void mark_used(sql::Transaction& tx, FieldId id);
void delete_field(sql::Transaction& tx, FieldId id);

// ---- tags ----
struct LatelyUsed {
  std::string tag{};
  TimeMs used_at = 0;
};
// The latest first.
std::vector<LatelyUsed> tags(sql::Transaction& tx, const AppId& appid, int limit);
// To the hour, so that agents who give the same tag are seldom in conflict.
void note_tag(sql::Transaction& tx, const AppId& appid, std::string_view tag, TimeMs now);

// ---- settings ----
bool reason_required(sql::Transaction& tx, const AppId& appid);
void put_reason_required(sql::Transaction& tx, const AppId& appid, bool required);

}  // namespace miniops::wrapup::store
