#include "wrapup/store.hpp"

namespace miniops::wrapup::store {

namespace {

Reason reason_of(const sql::Row& row) {
  Reason out{row.id<ReasonId>(0), row.id<AppId>(1), row.id<ReasonId>(2), row.text(3), row.integer(4)};
  for (const json::value& rule : json::parse(row.text(5)).as_array()) out.rules.push_back(rule.as_int64());
  for (const json::value& tag : json::parse(row.text(6)).as_array()) out.tags.emplace_back(tag.as_string());
  out.archived = row.integer(7) != 0;
  out.used = row.integer(8) != 0;
  return out;
}

template <class T>
std::string list_text(const std::vector<T>& list) {
  return json::serialize(json::array(list.begin(), list.end()));
}

std::optional<double> optional_number(const sql::Row& row, std::size_t column) {
  return row.is_null(column) ? std::nullopt : std::optional(row.number(column));
}

Field field_of(const sql::Row& row) {
  Field out;
  out.id = row.id<FieldId>(0);
  out.appid = row.id<AppId>(1);
  out.key = row.text(2);
  out.name = row.text(3);
  out.type = parse_word<FieldType>(row.text(4)).value_or(FieldType::text);
  for (const json::value& choice : json::parse(row.text(5)).as_array()) out.choices.emplace_back(choice.as_string());
  out.chars_max = row.integer(6);
  out.number_min = optional_number(row, 7);
  out.number_max = optional_number(row, 8);
  out.position = row.integer(9);
  out.archived = row.integer(10) != 0;
  out.used = row.integer(11) != 0;
  return out;
}

}  // namespace

// ---- reasons ----

Reasons reasons(sql::Transaction& tx, const AppId& appid) {
  Reasons out;
  for (const sql::Row& row :
       tx.query("SELECT id, appid, parent, name, position, rules, tags, archived, used FROM wrapup_reasons WHERE appid "
                "= $1 ORDER BY position, id",
                {appid}))
    out.push_back(reason_of(row));
  return out;
}

void insert_reason(sql::Transaction& tx, const Reason& reason) {
  const std::string rules = list_text(reason.rules), tags = list_text(reason.tags);
  tx.execute(
      "INSERT INTO wrapup_reasons (id, appid, parent, name, position, rules, tags) VALUES ($1, $2, $3, $4, $5, $6, $7)",
      {reason.id, reason.appid, reason.parent, reason.name, reason.position, rules, tags});
}

void update_reason(sql::Transaction& tx, const Reason& reason) {
  const std::string rules = list_text(reason.rules), tags = list_text(reason.tags);
  tx.execute("UPDATE wrapup_reasons SET name = $2, rules = $3, tags = $4, archived = $5 WHERE id = $1",
             {reason.id, reason.name, rules, tags, static_cast<std::int64_t>(reason.archived)});
}

void place_reason(sql::Transaction& tx, ReasonId id, std::int64_t position) {
  tx.execute("UPDATE wrapup_reasons SET position = $2 WHERE id = $1", {id, position});
}

void mark_used(sql::Transaction& tx, ReasonId id) {
  tx.execute("UPDATE wrapup_reasons SET used = 1 WHERE id = $1 AND used = 0", {id});
}

void delete_reason(sql::Transaction& tx, ReasonId id) { tx.execute("DELETE FROM wrapup_reasons WHERE id = $1", {id}); }

// ---- fields ----

std::vector<Field> fields(sql::Transaction& tx, const AppId& appid) {
  std::vector<Field> out;
  for (const sql::Row& row :
       tx.query("SELECT id, appid, key, name, type, choices, chars_max, number_min, number_max, position, archived, "
                "used FROM wrapup_fields WHERE appid = $1 ORDER BY position, id",
                {appid}))
    out.push_back(field_of(row));
  return out;
}

void insert_field(sql::Transaction& tx, const Field& field) {
  const std::string choices = list_text(field.choices);
  tx.execute(
      "INSERT INTO wrapup_fields (id, appid, key, name, type, choices, chars_max, number_min, number_max, position) "
      "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
      {field.id, field.appid, field.key, field.name, word(field.type), choices, field.chars_max, field.number_min,
       field.number_max, field.position});
}

void update_field(sql::Transaction& tx, const Field& field) {
  const std::string choices = list_text(field.choices);
  tx.execute(
      "UPDATE wrapup_fields SET name = $2, choices = $3, chars_max = $4, number_min = $5, number_max = $6, archived = "
      "$7 WHERE id = $1",
      {field.id, field.name, choices, field.chars_max, field.number_min, field.number_max,
       static_cast<std::int64_t>(field.archived)});
}

void place_field(sql::Transaction& tx, FieldId id, std::int64_t position) {
  tx.execute("UPDATE wrapup_fields SET position = $2 WHERE id = $1", {id, position});
}

void mark_used(sql::Transaction& tx, FieldId id) {
  tx.execute("UPDATE wrapup_fields SET used = 1 WHERE id = $1 AND used = 0", {id});
}

void delete_field(sql::Transaction& tx, FieldId id) { tx.execute("DELETE FROM wrapup_fields WHERE id = $1", {id}); }

// ---- tags ----

std::vector<LatelyUsed> tags(sql::Transaction& tx, const AppId& appid, int limit) {
  std::vector<LatelyUsed> out;
  for (const sql::Row& row : tx.query(
           "SELECT tag, used_at FROM wrapup_tags WHERE appid = $1 ORDER BY used_at DESC, tag LIMIT $2", {appid, limit}))
    out.push_back({row.text(0), row.integer(1)});
  return out;
}

void note_tag(sql::Transaction& tx, const AppId& appid, std::string_view tag, TimeMs now) {
  tx.execute(
      "INSERT INTO wrapup_tags (appid, tag, used_at) VALUES ($1, $2, $3) ON CONFLICT (appid, tag) DO UPDATE SET "
      "used_at = excluded.used_at WHERE wrapup_tags.used_at < excluded.used_at",
      {appid, tag, now - now % hour_ms});
}

// ---- settings ----

bool reason_required(sql::Transaction& tx, const AppId& appid) {
  const auto row = tx.query_one("SELECT reason_required FROM wrapup_settings WHERE appid = $1", {appid});
  return row && row->integer(0) != 0;
}

void put_reason_required(sql::Transaction& tx, const AppId& appid, bool required) {
  tx.execute(
      "INSERT INTO wrapup_settings (appid, reason_required) VALUES ($1, $2) ON CONFLICT (appid) DO UPDATE SET "
      "reason_required = excluded.reason_required",
      {appid, static_cast<std::int64_t>(required)});
}

}  // namespace miniops::wrapup::store
