#include "logs/store.hpp"

#include "base/json.hpp"

namespace miniops::logs::store {

namespace {

std::string columns_text(const std::vector<std::string>& columns) {
  json::array out;
  for (const std::string& column : columns) out.emplace_back(column);
  return json::serialize(out);
}

std::vector<std::string> read_columns(const std::string& text) {
  std::vector<std::string> out;
  boost::system::error_code problem;
  const json::value columns = json::parse(text, problem);
  if (problem || !columns.is_array()) return out;
  for (const json::value& column : columns.as_array())
    if (column.is_string()) out.emplace_back(column.as_string());
  return out;
}

telemetry::Level read_level(const std::string& text) {
  return telemetry::parse_level(text).value_or(telemetry::Level::none);
}

constexpr std::string_view export_columns =
    "id, appid, state, query, source, level, from_at, to_at, format, gzip, columns, masked, lines, lines_expected, "
    "bytes, cut, problem, account, username, created_at, ended_at, expires_at";

Export read_export(const sql::Row& row) {
  Export one;
  one.id = row.integer(0);
  one.appid = row.id<AppId>(1);
  one.state = parse_export_state(row.text(2));
  one.wish = {row.text(3),
              parse_source(row.text(4)).value_or(Source::log),
              read_level(row.text(5)),
              row.integer(6),
              row.integer(7),
              row.text(8) == to_string(Format::csv) ? Format::csv : Format::jsonl,
              row.integer(9) != 0,
              read_columns(row.text(10))};
  one.masked = row.integer(11) != 0;
  one.progress = {row.integer(12), row.optional_integer(13), row.integer(14), row.integer(15) != 0};
  one.problem = row.text(16);
  one.account = row.id<identity::AccountId>(17);
  one.username = row.text(18);
  one.created_at = row.integer(19);
  one.ended_at = row.integer(20);
  one.expires_at = row.integer(21);
  return one;
}

std::vector<Export> read_exports(const sql::Rows& rows) {
  std::vector<Export> out;
  for (const sql::Row& row : rows) out.push_back(read_export(row));
  return out;
}

SavedQuery read_query(const sql::Row& row) {
  SavedQuery one;
  one.id = row.integer(0);
  one.name = row.text(1);
  one.query = row.text(2);
  one.source = parse_source(row.text(3)).value_or(Source::log);
  one.level = read_level(row.text(4));
  one.columns = read_columns(row.text(5));
  one.account = row.id<identity::AccountId>(6);
  one.username = row.text(7);
  one.created_at = row.integer(8);
  one.updated_at = row.integer(9);
  return one;
}

}  // namespace

// ---- templates ----

std::vector<Template> templates(sql::Transaction& tx, const AppId& appid) {
  std::vector<Template> out;
  for (const auto& row : tx.query("SELECT number, text, sample, first_seen_at, first_release, alias_of FROM "
                                  "logs_templates WHERE appid = $1 ORDER BY number",
                                  {appid}))
    out.push_back({static_cast<std::int32_t>(row.integer(0)), row.text(1), row.text(2), row.integer(3), row.text(4),
                   static_cast<std::int32_t>(row.integer(5))});
  return out;
}

Aliases aliases(sql::Transaction& tx, const AppId& appid) {
  Aliases out;
  for (const auto& row :
       tx.query("SELECT number, alias_of FROM logs_templates WHERE appid = $1 AND alias_of <> 0", {appid}))
    out.emplace(static_cast<std::int32_t>(row.integer(0)), static_cast<std::int32_t>(row.integer(1)));
  return out;
}

void put_templates(sql::Transaction& tx, const AppId& appid, const std::vector<Template>& templates) {
  std::vector<sql::Params> rows;
  for (const Template& one : templates)
    rows.push_back({appid, one.number, one.text, one.sample, one.first_seen_at, one.first_release, one.alias_of});
  tx.execute_many(
      "INSERT INTO logs_templates (appid, number, text, sample, first_seen_at, first_release, alias_of) VALUES ($1, "
      "$2, $3, $4, $5, $6, $7) ON CONFLICT (appid, number) DO UPDATE SET text = excluded.text, alias_of = "
      "excluded.alias_of",
      rows);
}

std::vector<Release> releases(sql::Transaction& tx, const AppId& appid) {
  std::vector<Release> out;
  for (const auto& row : tx.query("SELECT release, first_seen_at FROM logs_releases WHERE appid = $1 ORDER BY "
                                  "first_seen_at DESC, release",
                                  {appid}))
    out.push_back({row.text(0), row.integer(1)});
  return out;
}

void add_releases(sql::Transaction& tx, const AppId& appid, const std::vector<Release>& releases) {
  std::vector<sql::Params> rows;
  for (const Release& one : releases) rows.push_back({appid, one.name, one.first_seen_at});
  tx.execute_many(
      "INSERT INTO logs_releases (appid, release, first_seen_at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING", rows);
}

// ---- saved queries ----

std::vector<SavedQuery> queries(sql::Transaction& tx, const AppId& appid) {
  std::vector<SavedQuery> out;
  for (const auto& row : tx.query("SELECT id, name, query, source, level, columns, account, username, created_at, "
                                  "updated_at FROM logs_queries WHERE appid = $1 ORDER BY name",
                                  {appid}))
    out.push_back(read_query(row));
  return out;
}

std::optional<SavedQuery> find_query(sql::Transaction& tx, const AppId& appid, std::int64_t id) {
  const auto row = tx.query_one(
      "SELECT id, name, query, source, level, columns, account, username, created_at, updated_at FROM logs_queries "
      "WHERE appid = $1 AND id = $2",
      {appid, id});
  return row ? std::optional(read_query(*row)) : std::nullopt;
}

bool put_query(sql::Transaction& tx, const AppId& appid, const SavedQuery& query) {
  const bool taken = tx.query_one("SELECT id FROM logs_queries WHERE appid = $1 AND name = $2 AND id <> $3",
                                  {appid, query.name, query.id})
                         .has_value();
  if (taken) return false;
  const std::string columns = columns_text(query.columns);
  tx.execute(
      "INSERT INTO logs_queries (id, appid, name, query, source, level, columns, account, username, created_at, "
      "updated_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) ON CONFLICT (id) DO UPDATE SET name = "
      "excluded.name, query = excluded.query, source = excluded.source, level = excluded.level, columns = "
      "excluded.columns, updated_at = excluded.updated_at",
      {query.id, appid, query.name, query.query, to_string(query.source), telemetry::to_string(query.level), columns,
       query.account, query.username, query.created_at, query.updated_at});
  return true;
}

void delete_query(sql::Transaction& tx, const AppId& appid, std::int64_t id) {
  tx.execute("DELETE FROM logs_queries WHERE appid = $1 AND id = $2", {appid, id});
}

// ---- exports ----

std::vector<Export> exports(sql::Transaction& tx, const AppId& appid) {
  return read_exports(
      tx.query(fmt::format("SELECT {} FROM logs_exports WHERE appid = $1 ORDER BY id DESC", export_columns), {appid}));
}

std::optional<Export> find_export(sql::Transaction& tx, const AppId& appid, std::int64_t id) {
  const auto row = tx.query_one(fmt::format("SELECT {} FROM logs_exports WHERE appid = $1 AND id = $2", export_columns),
                                {appid, id});
  return row ? std::optional(read_export(*row)) : std::nullopt;
}

void add_export(sql::Transaction& tx, const Export& one) {
  const std::string columns = columns_text(one.wish.columns);
  tx.execute(
      "INSERT INTO logs_exports (id, appid, state, query, source, level, from_at, to_at, format, gzip, columns, "
      "masked, "
      "account, username, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)",
      {one.id, one.appid, to_string(one.state), one.wish.query, to_string(one.wish.source),
       telemetry::to_string(one.wish.level), one.wish.from, one.wish.to, to_string(one.wish.format), one.wish.gzip,
       columns, one.masked, one.account, one.username, one.created_at});
}

bool move_export(sql::Transaction& tx, const Export& one) {
  const ExportProgress& done = one.progress;
  return tx.execute(
             "UPDATE logs_exports SET state = $2, lines = $3, lines_expected = $4, bytes = $5, cut = $6, problem = $7, "
             "ended_at = $8, expires_at = $9 WHERE id = $1 AND state IN ('waiting', 'running')",
             {one.id, to_string(one.state), done.lines, done.lines_expected, done.bytes, done.cut, one.problem,
              one.ended_at, one.expires_at}) == 1;
}

void delete_export(sql::Transaction& tx, const AppId& appid, std::int64_t id) {
  tx.execute("DELETE FROM logs_exports WHERE appid = $1 AND id = $2", {appid, id});
}

std::vector<std::int64_t> delete_exports(sql::Transaction& tx, const AppId& appid) {
  std::vector<std::int64_t> out;
  for (const auto& row : tx.query("SELECT id FROM logs_exports WHERE appid = $1", {appid}))
    out.push_back(row.integer(0));
  for (const std::int64_t id : out) delete_export(tx, appid, id);
  return out;
}

std::int64_t interrupt_exports(sql::Transaction& tx, TimeMs now, TimeMs expires_at) {
  return tx.execute(
      "UPDATE logs_exports SET state = 'interrupted', ended_at = $1, expires_at = $2 WHERE state IN ('waiting', "
      "'running')",
      {now, expires_at});
}

std::vector<Export> expired_exports(sql::Transaction& tx, TimeMs now) {
  return read_exports(tx.query(
      fmt::format("SELECT {} FROM logs_exports WHERE expires_at > 0 AND expires_at <= $1", export_columns), {now}));
}

std::vector<std::int64_t> all_export_ids(sql::Transaction& tx) {
  std::vector<std::int64_t> out;
  for (const auto& row : tx.query("SELECT id FROM logs_exports")) out.push_back(row.integer(0));
  return out;
}

}  // namespace miniops::logs::store
