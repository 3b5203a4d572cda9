// Exports.
#include "records/store.hpp"

namespace miniops::records::store {

namespace {

constexpr std::string_view export_columns =
    "id, appid, kind, state, format, question, openid, reader, place, parts, rows_written, bytes, reached_at, cut, "
    "problem, account, username, created_at, ended_at, expires_at, version";

std::string select_exports(std::string_view condition) {
  return fmt::format("SELECT {} FROM records_exports WHERE {}", export_columns, condition);
}

Export export_in(const sql::Row& row) {
  Export one;
  one.id = row.id<ExportId>(0);
  one.appid = row.id<AppId>(1);
  one.kind = parse_word<ExportKind>(row.text(2)).value();
  one.state = parse_word<ExportState>(row.text(3)).value();
  one.format = parse_word<Format>(row.text(4)).value();
  one.question = question_in(json::parse(row.text(5)).as_object());
  one.openid = row.text(6);
  one.reader = reader_in(json::parse(row.text(7)).as_object());
  one.place = row.text(8);
  one.parts = row.integer(9);
  one.rows = row.integer(10);
  one.bytes = row.integer(11);
  one.reached_at = row.integer(12);
  one.cut = row.integer(13) != 0;
  one.problem = row.text(14);
  one.account = row.id<AccountId>(15);
  one.username = row.text(16);
  one.created_at = row.integer(17);
  one.ended_at = row.integer(18);
  one.expires_at = row.integer(19);
  one.version = row.integer(20);
  return one;
}

std::optional<Export> first_export(const std::optional<sql::Row>& row) {
  return row ? std::optional(export_in(*row)) : std::nullopt;
}

}  // namespace

void insert_export(sql::Transaction& tx, const Export& one) {
  const std::string question = json::serialize(to_json(one.question));
  const std::string reader = json::serialize(to_json(one.reader));
  tx.execute(
      "INSERT INTO records_exports (id, appid, kind, state, format, question, openid, reader, account, username, "
      "created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
      {one.id, one.appid, word(one.kind), word(one.state), word(one.format), question, one.openid, reader, one.account,
       one.username, one.created_at});
}

std::optional<Export> export_of(sql::Transaction& tx, const AppId& appid, ExportId id) {
  static const std::string select = select_exports("appid = $1 AND id = $2");
  return first_export(tx.query_one(select, {appid, id}));
}

std::vector<Export> list_exports(sql::Transaction& tx, const AppId& appid, ExportId before, int limit) {
  static const std::string select = select_exports("appid = $1 AND ($2 = 0 OR id < $2) ORDER BY id DESC LIMIT $3");
  std::vector<Export> out;
  for (const sql::Row& row : tx.query(select, {appid, before, limit})) out.push_back(export_in(row));
  return out;
}

ExportCounts count_exports(sql::Transaction& tx, const AppId& appid) {
  const auto row = tx.query_one(
      "SELECT COUNT(*), COALESCE(SUM(CASE WHEN state IN ('waiting', 'running') THEN 1 ELSE 0 END), 0) FROM "
      "records_exports WHERE appid = $1",
      {appid});
  return {row->integer(1), row->integer(0)};
}

std::optional<Export> next_export(sql::Transaction& tx) {
  static const std::string select = select_exports("state IN ('waiting', 'running') ORDER BY id LIMIT 1");
  return first_export(tx.query_one(select));
}

bool save_export(sql::Transaction& tx, const Export& one) {
  return tx.execute(
             "UPDATE records_exports SET state = $3, openid = $4, place = $5, parts = $6, rows_written = $7, bytes = "
             "$8, reached_at = $9, cut = $10, problem = $11, ended_at = $12, expires_at = $13, version = version + 1 "
             "WHERE id = $1 AND version = $2 AND state IN ('waiting', 'running')",
             {one.id, one.version, word(one.state), one.openid, one.place, one.parts, one.rows, one.bytes,
              one.reached_at, one.cut, one.problem, one.ended_at, one.expires_at}) == 1;
}

void delete_export(sql::Transaction& tx, const AppId& appid, ExportId id) {
  tx.execute("DELETE FROM records_exports WHERE appid = $1 AND id = $2", {appid, id});
}

std::vector<ExportId> withdraw_exports(sql::Transaction& tx, const AppId& appid, TimeMs now) {
  std::vector<ExportId> out;
  const std::string nothing = json::serialize(to_json(Question{}));
  for (const sql::Row& row :
       tx.query("UPDATE records_exports SET state = 'withdrawn', openid = '', question = $4, ended_at = CASE WHEN "
                "ended_at = 0 THEN $2 ELSE ended_at END, expires_at = $3, version = version + 1 WHERE appid = $1 AND "
                "state IN ('waiting', 'running', 'done') RETURNING id",
                {appid, now, now + export_kept_ms, nothing}))
    out.push_back(row.id<ExportId>(0));
  return out;
}

void delete_expired_exports(sql::Transaction& tx, TimeMs now, int limit) {
  tx.execute(
      "DELETE FROM records_exports WHERE id IN (SELECT id FROM records_exports WHERE expires_at <> 0 AND expires_at <= "
      "$1 LIMIT $2)",
      {now, limit});
}

std::vector<ExportId> exports_with_files(sql::Transaction& tx) {
  std::vector<ExportId> out;
  for (const sql::Row& row : tx.query("SELECT id FROM records_exports WHERE state IN ('running', 'done')"))
    out.push_back(row.id<ExportId>(0));
  return out;
}

bool work_waits(sql::Transaction& tx, TimeMs now) {
  return due_retention(tx, now).has_value() || next_export(tx).has_value();
}

}  // namespace miniops::records::store
