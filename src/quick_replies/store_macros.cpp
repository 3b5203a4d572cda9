// Macros, and what they did.
#include "quick_replies/store.hpp"

namespace miniops::quick_replies::store {

namespace {

constexpr std::string_view select_macros =
    "SELECT id, appid, account_id, name, steps, created_at, updated_at FROM quick_replies_macros WHERE appid = $1 AND ";

Macro macro_of(const sql::Row& row) {
  return {row.id<MacroId>(0),        row.id<AppId>(1), row.id<AccountId>(2), row.text(3),
          stored_steps(row.text(4)), row.integer(5),   row.integer(6)};
}

}  // namespace

std::vector<Macro> macros_for(sql::Transaction& tx, const AppId& appid, AccountId account) {
  static const std::string select = fmt::format("{}(account_id = $2 OR account_id = 0) ORDER BY id", select_macros);
  std::vector<Macro> out;
  for (const sql::Row& row : tx.query(select, {appid, account})) out.push_back(macro_of(row));
  return out;
}

std::optional<Macro> macro(sql::Transaction& tx, const AppId& appid, MacroId id) {
  static const std::string select = fmt::format("{}id = $2", select_macros);
  const auto row = tx.query_one(select, {appid, id});
  return row ? std::optional(macro_of(*row)) : std::nullopt;
}

std::int64_t count_macros(sql::Transaction& tx, const AppId& appid, AccountId owner) {
  return tx.query_one("SELECT COUNT(*) FROM quick_replies_macros WHERE appid = $1 AND account_id = $2", {appid, owner})
      ->integer(0);
}

void insert_macro(sql::Transaction& tx, const Macro& macro) {
  const std::string steps = json::serialize(to_json(macro.steps));
  tx.execute(
      "INSERT INTO quick_replies_macros (id, appid, account_id, name, steps, created_at, updated_at) VALUES ($1, $2, "
      "$3, "
      "$4, $5, $6, $7)",
      {macro.id, macro.appid, macro.owner, macro.name, steps, macro.created_at, macro.updated_at});
}

void update_macro(sql::Transaction& tx, const Macro& macro) {
  const std::string steps = json::serialize(to_json(macro.steps));
  tx.execute("UPDATE quick_replies_macros SET account_id = $2, name = $3, steps = $4, updated_at = $5 WHERE id = $1",
             {macro.id, macro.owner, macro.name, steps, macro.updated_at});
}

void delete_macro(sql::Transaction& tx, MacroId id) {
  tx.execute("DELETE FROM quick_replies_macros WHERE id = $1", {id});
}

std::optional<MacroRun> run(sql::Transaction& tx, const AppId& appid, AccountId account, RunId id) {
  const auto row = tx.query_one(
      "SELECT id, appid, account_id, macro, conversation, done, ran_at, undone_at FROM quick_replies_runs WHERE appid "
      "= "
      "$1 AND account_id = $2 AND id = $3",
      {appid, account, id});
  if (!row) return std::nullopt;
  return MacroRun{row->id<RunId>(0), row->id<AppId>(1),         row->id<AccountId>(2), row->id<MacroId>(3),
                  row->integer(4),   stored_plan(row->text(5)), row->integer(6),       row->integer(7)};
}

void insert_run(sql::Transaction& tx, const MacroRun& run) {
  const std::string done = json::serialize(to_json(run.done));
  tx.execute(
      "INSERT INTO quick_replies_runs (id, appid, account_id, macro, conversation, done, ran_at) VALUES ($1, $2, $3, "
      "$4, "
      "$5, $6, $7)",
      {run.id, run.appid, run.account, run.macro, run.conversation, done, run.ran_at});
}

bool mark_undone(sql::Transaction& tx, RunId id, TimeMs at) {
  return tx.execute("UPDATE quick_replies_runs SET undone_at = $2 WHERE id = $1 AND undone_at = 0", {id, at}) == 1;
}

void delete_runs(sql::Transaction& tx, AccountId account, TimeMs before, int limit) {
  tx.execute_later(
      "DELETE FROM quick_replies_runs WHERE id IN (SELECT id FROM quick_replies_runs WHERE account_id = $1 AND ran_at "
      "< "
      "$2 LIMIT $3)",
      {account, before, limit});
}

}  // namespace miniops::quick_replies::store
