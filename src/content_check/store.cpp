#include "content_check/store.hpp"

#include "base/json.hpp"

namespace miniops::content_check::store {

namespace {

constexpr std::string_view settings_columns =
    "appid, version, words, wechat, wechat_action, wechat_unanswered, wechat_inactive, leave_out";
constexpr std::string_view checker_columns =
    "id, appid, version, name, address, action, unanswered, enabled, secret, created_at";

// A word that an older program does not know is the cautious one.
Action action_of(std::string_view text) { return parse_word<Action>(text).value_or(Action::block); }
Failing failing_of(std::string_view text) { return parse_word<Failing>(text).value_or(Failing::closed); }

Settings settings_of(const sql::Row& row) {
  Settings out;
  out.version = row.integer(1);
  out.words = action_of(row.text(2));
  out.wechat = {row.integer(3) != 0, action_of(row.text(4)), failing_of(row.text(5)), failing_of(row.text(6))};
  for (const json::value& phrase : json::parse(row.text(7)).as_array()) out.leave_out.emplace_back(phrase.as_string());
  return out;
}

Outside checker_of(const sql::Row& row) {
  Outside out;
  out.id = row.id<CheckerId>(0);
  out.appid = row.id<AppId>(1);
  out.version = row.integer(2);
  out.name = row.text(3);
  out.address = row.text(4);
  out.action = action_of(row.text(5));
  out.unanswered = failing_of(row.text(6));
  out.enabled = row.integer(7) != 0;
  out.secret = row.blob(8);
  out.created_at = row.integer(9);
  return out;
}

std::vector<Outside> checkers_of(const sql::Rows& rows) {
  std::vector<Outside> all;
  for (const sql::Row& row : rows) all.push_back(checker_of(row));
  return all;
}

}  // namespace

// ---- settings ----

Settings settings(sql::Transaction& tx, const AppId& appid) {
  const auto row =
      tx.query_one(fmt::format("SELECT {} FROM content_check_settings WHERE appid = $1", settings_columns), {appid});
  return row ? settings_of(*row) : Settings{};
}

std::vector<std::pair<AppId, Settings>> all_settings(sql::Transaction& tx) {
  std::vector<std::pair<AppId, Settings>> all;
  for (const sql::Row& row : tx.query(fmt::format("SELECT {} FROM content_check_settings", settings_columns)))
    all.emplace_back(row.id<AppId>(0), settings_of(row));
  return all;
}

void put_settings(sql::Transaction& tx, const AppId& appid, const Settings& settings) {
  const std::string leave_out = json::serialize(json::array(settings.leave_out.begin(), settings.leave_out.end()));
  const WeChatRule& wechat = settings.wechat;
  tx.execute(
      "INSERT INTO content_check_settings (appid, version, words, wechat, wechat_action, wechat_unanswered, "
      "wechat_inactive, leave_out) VALUES ($1,$2,$3,$4,$5,$6,$7,$8) ON CONFLICT (appid) DO UPDATE SET version = "
      "excluded.version, words = excluded.words, wechat = excluded.wechat, wechat_action = excluded.wechat_action, "
      "wechat_unanswered = excluded.wechat_unanswered, wechat_inactive = excluded.wechat_inactive, leave_out = "
      "excluded.leave_out",
      {appid, settings.version, word(settings.words), wechat.enabled, word(wechat.action), word(wechat.unanswered),
       word(wechat.inactive), leave_out});
}

// ---- checkers ----

std::vector<Outside> checkers(sql::Transaction& tx, const AppId& appid) {
  return checkers_of(tx.query(
      fmt::format("SELECT {} FROM content_check_checkers WHERE appid = $1 ORDER BY id", checker_columns), {appid}));
}

std::vector<Outside> enabled_checkers(sql::Transaction& tx) {
  return checkers_of(
      tx.query(fmt::format("SELECT {} FROM content_check_checkers WHERE enabled = 1 ORDER BY id", checker_columns)));
}

std::optional<Outside> checker(sql::Transaction& tx, const AppId& appid, CheckerId id) {
  const auto row = tx.query_one(
      fmt::format("SELECT {} FROM content_check_checkers WHERE id = $1 AND appid = $2", checker_columns), {id, appid});
  return row ? std::optional(checker_of(*row)) : std::nullopt;
}

void insert(sql::Transaction& tx, const Outside& one) {
  tx.execute(
      "INSERT INTO content_check_checkers (id, appid, version, name, address, action, unanswered, enabled, secret, "
      "created_at) VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10)",
      {one.id, one.appid, one.version, one.name, one.address, word(one.action), word(one.unanswered), one.enabled,
       sql::BlobView{one.secret}, one.created_at});
}

void update(sql::Transaction& tx, const Outside& one) {
  tx.execute(
      "UPDATE content_check_checkers SET version = $2, name = $3, address = $4, action = $5, unanswered = $6, enabled "
      "= $7, secret = $8 WHERE id = $1",
      {one.id, one.version, one.name, one.address, word(one.action), word(one.unanswered), one.enabled,
       sql::BlobView{one.secret}});
}

void remove(sql::Transaction& tx, CheckerId id) {
  tx.execute("DELETE FROM content_check_checkers WHERE id = $1", {id});
}

}  // namespace miniops::content_check::store
