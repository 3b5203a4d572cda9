#include "desk/config_store.hpp"

#include <fmt/format.h>

#include "base/text.hpp"
#include "desk/channel.hpp"
#include "satisfaction/answer.hpp"

namespace miniops::desk {
namespace store {

namespace {

Settings read_settings(const sql::Row& row, std::size_t at) {
  Settings settings;
  settings.reopen_minutes = row.integer(at);
  settings.grace_seconds = row.integer(at + 1);
  settings.load_max_default = row.integer(at + 2);
  settings.auto_assign = row.integer(at + 3) != 0;
  settings.silence_warn_minutes = row.integer(at + 4);
  settings.silence_close_minutes = row.integer(at + 5);
  settings.silence_of_priority = row.integer(at + 6) != 0;
  settings.silence_warn_text = row.text(at + 7);
  settings.silence_close_text = row.text(at + 8);
  settings.agent_remind_minutes = row.integer(at + 9);
  settings.agent_return_minutes = row.integer(at + 10);
  settings.words_version = row.integer(at + 11);
  settings.transfer_accept_seconds = row.integer(at + 12);
  settings.seal_numbers = row.integer(at + 13) != 0;
  settings.privacy_link = row.text(at + 14);
  settings.privacy_version = row.text(at + 15);
  settings.end_words = json::value_to<std::vector<std::string>>(json::parse(row.text(at + 16)));
  return settings;
}

constexpr std::string_view settings_columns =
    "reopen_minutes, grace_seconds, load_max_default, auto_assign, silence_warn_minutes, silence_close_minutes, "
    "silence_of_priority, silence_warn_text, silence_close_text, agent_remind_minutes, agent_return_minutes, "
    "words_version, transfer_accept_seconds, seal_numbers, privacy_link, privacy_version, end_words";

// Rows are written by this program only; one that cannot be read counts as always open.
Calendar read_hours(const std::string& days) {
  boost::system::error_code problem;
  const json::value value = json::parse(days, problem);
  if (problem) return {};
  return calendar::parse_calendar(value).value_or(Calendar{});
}

constexpr std::string_view rule_columns =
    "id, name, kind, match_kind, patterns, replies, priority, pause_s, enabled, updated_at";

Rule read_rule(const sql::Row& row, std::size_t at) {
  json::object object{{"name", row.text(at + 1)},
                      {"kind", row.text(at + 2)},
                      {"match", row.text(at + 3)},
                      {"patterns", json::parse(row.text(at + 4))},
                      {"replies", json::parse(row.text(at + 5))},
                      {"priority", row.integer(at + 6)},
                      {"pause_s", row.integer(at + 7)},
                      {"enabled", row.integer(at + 8) != 0}};
  // A rule that an older or newer program stored and this one does not understand is shown and never fires.
  Rule rule = parse_rule(object, nullptr).value_or(Rule{RuleId(), row.text(at + 1)});
  if (rule.replies.empty()) rule.enabled = false;
  rule.id = row.id<RuleId>(at);
  rule.updated_at = row.integer(at + 9);
  return rule;
}

std::string patterns_text(const Rule& rule) {
  json::array patterns;
  for (const std::string& pattern : rule.patterns) patterns.emplace_back(pattern);
  return json::serialize(patterns);
}

StoredWord read_word(const sql::Row& row) {
  return {row.id<WordId>(0), {row.text(1), parse_word_action(row.text(2)).value_or(WordAction::flag)}, row.integer(3)};
}

std::vector<StoredWord> read_words(const sql::Rows& rows) {
  std::vector<StoredWord> words;
  words.reserve(rows.size());
  for (const sql::Row& row : rows) words.push_back(read_word(row));
  return words;
}

std::string like_pattern(std::string_view text) {
  std::string pattern = "%";
  for (const char c : text) {
    if (c == '%' || c == '_' || c == '\\') pattern += '\\';
    pattern += c;
  }
  return pattern + "%";
}

}  // namespace
}  // namespace store

bool ends_conversation(const Settings& settings, std::string_view text) {
  const auto same = [said = satisfaction::canonical(text)](const std::string& word) {
    return satisfaction::canonical(word) == said;
  };
  return !settings.end_words.empty() && std::ranges::any_of(settings.end_words, same);
}

Delays delays_of(const Settings& settings, const Capabilities& channel) {
  return {settings.silence_warn_minutes * minute_ms,
          settings.silence_close_minutes * minute_ms,
          settings.silence_of_priority,
          settings.agent_remind_minutes * minute_ms,
          settings.agent_return_minutes * minute_ms,
          channel.window ? channel.window->length : 0};
}

namespace store {

// ---- settings ----

std::vector<std::pair<AppId, Settings>> all_settings(sql::Transaction& tx) {
  std::vector<std::pair<AppId, Settings>> all;
  for (const sql::Row& row : tx.query(fmt::format("SELECT appid, {} FROM desk_settings", settings_columns))) {
    all.emplace_back(row.id<AppId>(0), read_settings(row, 1));
  }
  return all;
}

std::optional<Settings> find_settings(sql::Transaction& tx, const AppId& appid) {
  const auto row =
      tx.query_one(fmt::format("SELECT {} FROM desk_settings WHERE appid = $1", settings_columns), {appid});
  return row ? std::optional(read_settings(*row, 0)) : std::nullopt;
}

void put_settings(sql::Transaction& tx, const AppId& appid, const Settings& settings) {
  tx.execute(
      "INSERT INTO desk_settings (appid, reopen_minutes, grace_seconds, load_max_default, auto_assign, "
      "silence_warn_minutes, silence_close_minutes, silence_of_priority, silence_warn_text, silence_close_text, "
      "agent_remind_minutes, agent_return_minutes, transfer_accept_seconds, seal_numbers, privacy_link, "
      "privacy_version, end_words) VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13,$14,$15,$16,$17) "
      "ON CONFLICT (appid) DO UPDATE SET reopen_minutes = excluded.reopen_minutes, "
      "grace_seconds = excluded.grace_seconds, load_max_default = excluded.load_max_default, "
      "auto_assign = excluded.auto_assign, silence_warn_minutes = excluded.silence_warn_minutes, "
      "silence_close_minutes = excluded.silence_close_minutes, silence_of_priority = excluded.silence_of_priority, "
      "silence_warn_text = excluded.silence_warn_text, silence_close_text = excluded.silence_close_text, "
      "agent_remind_minutes = excluded.agent_remind_minutes, agent_return_minutes = excluded.agent_return_minutes, "
      "transfer_accept_seconds = excluded.transfer_accept_seconds, seal_numbers = excluded.seal_numbers, "
      "privacy_link = excluded.privacy_link, privacy_version = excluded.privacy_version, "
      "end_words = excluded.end_words",
      {appid, settings.reopen_minutes, settings.grace_seconds, settings.load_max_default, settings.auto_assign,
       settings.silence_warn_minutes, settings.silence_close_minutes, settings.silence_of_priority,
       settings.silence_warn_text, settings.silence_close_text, settings.agent_remind_minutes,
       settings.agent_return_minutes, settings.transfer_accept_seconds, settings.seal_numbers, settings.privacy_link,
       settings.privacy_version, json::serialize(json::value_from(settings.end_words))});
}

void touch_words(sql::Transaction& tx, const AppId& appid) {
  const Settings defaults;
  tx.execute(
      "INSERT INTO desk_settings (appid, reopen_minutes, grace_seconds, load_max_default, auto_assign, words_version) "
      "VALUES ($1,$2,$3,$4,$5,1) ON CONFLICT (appid) DO UPDATE SET words_version = desk_settings.words_version + 1",
      {appid, defaults.reopen_minutes, defaults.grace_seconds, defaults.load_max_default, defaults.auto_assign});
}

// ---- hours ----

std::vector<std::pair<AppId, Calendar>> all_hours(sql::Transaction& tx) {
  std::vector<std::pair<AppId, Calendar>> all;
  for (const sql::Row& row : tx.query("SELECT appid, days FROM desk_hours")) {
    all.emplace_back(row.id<AppId>(0), read_hours(row.text(1)));
  }
  return all;
}

std::optional<Calendar> find_hours(sql::Transaction& tx, const AppId& appid) {
  const auto row = tx.query_one("SELECT days FROM desk_hours WHERE appid = $1", {appid});
  return row ? std::optional(read_hours(row->text(0))) : std::nullopt;
}

void put_hours(sql::Transaction& tx, const AppId& appid, const Calendar& hours) {
  const std::string days = json::serialize(to_json(hours));
  tx.execute(
      "INSERT INTO desk_hours (appid, time_zone, days) VALUES ($1,$2,$3) "
      "ON CONFLICT (appid) DO UPDATE SET time_zone = excluded.time_zone, days = excluded.days",
      {appid, hours.time_zone, days});
}

// ---- rules ----

std::vector<std::pair<AppId, Rule>> all_rules(sql::Transaction& tx) {
  static const std::string sql = fmt::format("SELECT appid, {} FROM desk_rules ORDER BY appid, id", rule_columns);
  std::vector<std::pair<AppId, Rule>> all;
  for (const sql::Row& row : tx.query(sql)) all.emplace_back(row.id<AppId>(0), read_rule(row, 1));
  return all;
}

std::vector<Rule> rules_of(sql::Transaction& tx, const AppId& appid) {
  static const std::string sql = fmt::format("SELECT {} FROM desk_rules WHERE appid = $1 ORDER BY id", rule_columns);
  std::vector<Rule> rules;
  for (const sql::Row& row : tx.query(sql, {appid})) rules.push_back(read_rule(row, 0));
  return rules;
}

std::optional<Rule> find_rule(sql::Transaction& tx, const AppId& appid, RuleId id) {
  static const std::string sql = fmt::format("SELECT {} FROM desk_rules WHERE appid = $1 AND id = $2", rule_columns);
  const auto row = tx.query_one(sql, {appid, id});
  return row ? std::optional(read_rule(*row, 0)) : std::nullopt;
}

void insert_rule(sql::Transaction& tx, const AppId& appid, const Rule& rule) {
  const std::string patterns = patterns_text(rule);
  const std::string replies = json::serialize(rule.replies);
  tx.execute(
      "INSERT INTO desk_rules (id, appid, name, kind, match_kind, patterns, replies, priority, pause_s, enabled, "
      "updated_at) VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11)",
      {rule.id, appid, rule.name, to_string(rule.kind), to_string(rule.match), patterns, replies, rule.priority,
       rule.pause_s, rule.enabled, rule.updated_at});
}

void update_rule(sql::Transaction& tx, const AppId& appid, const Rule& rule) {
  const std::string patterns = patterns_text(rule);
  const std::string replies = json::serialize(rule.replies);
  tx.execute(
      "UPDATE desk_rules SET name = $3, kind = $4, match_kind = $5, patterns = $6, replies = $7, priority = $8, "
      "pause_s = $9, enabled = $10, updated_at = $11 WHERE appid = $1 AND id = $2",
      {appid, rule.id, rule.name, to_string(rule.kind), to_string(rule.match), patterns, replies, rule.priority,
       rule.pause_s, rule.enabled, rule.updated_at});
}

bool remove_rule(sql::Transaction& tx, const AppId& appid, RuleId id) {
  return tx.execute("DELETE FROM desk_rules WHERE appid = $1 AND id = $2", {appid, id}) == 1;
}

bool fired_after(sql::Transaction& tx, ThreadId thread, RuleId rule, TimeMs since) {
  return tx
      .query_one("SELECT 1 FROM desk_rule_firings WHERE thread_id = $1 AND rule_id = $2 AND fired_at > $3",
                 {thread, rule, since})
      .has_value();
}

void note_firing(sql::Transaction& tx, ThreadId thread, RuleId rule, TimeMs at) {
  tx.execute(
      "INSERT INTO desk_rule_firings (thread_id, rule_id, fired_at) VALUES ($1,$2,$3) "
      "ON CONFLICT (thread_id, rule_id) DO UPDATE SET fired_at = excluded.fired_at",
      {thread, rule, at});
}

std::int64_t remove_firings_before(sql::Transaction& tx, TimeMs before, int limit) {
  const auto old =
      tx.query("SELECT thread_id, rule_id FROM desk_rule_firings WHERE fired_at < $1 LIMIT $2", {before, limit});
  for (const sql::Row& row : old) {
    tx.execute("DELETE FROM desk_rule_firings WHERE thread_id = $1 AND rule_id = $2", {row.integer(0), row.integer(1)});
  }
  return static_cast<std::int64_t>(old.size());
}

// ---- words ----

std::int64_t count_words(sql::Transaction& tx, const AppId& appid) {
  return tx.query_one("SELECT COUNT(*) FROM desk_words WHERE appid = $1", {appid}).value().integer(0);
}

std::vector<StoredWord> words_after(sql::Transaction& tx, const AppId& appid, WordId after, int limit) {
  return read_words(
      tx.query("SELECT id, word, action, created_at FROM desk_words WHERE appid = $1 AND id > $2 ORDER BY id LIMIT $3",
               {appid, after, limit}));
}

std::vector<StoredWord> words_before(sql::Transaction& tx, const AppId& appid, WordId before,
                                     std::optional<WordAction> action, std::string_view contains, int limit) {
  std::string sql = "SELECT id, word, action, created_at FROM desk_words WHERE appid = $1 AND id < $2";
  const std::int64_t below = before.empty() ? std::numeric_limits<std::int64_t>::max() : before.value();
  const std::string pattern = like_pattern(fold(contains));
  sql::Params params{appid, below, limit};
  if (action) {
    params.emplace_back(to_string(*action));
    sql += fmt::format(" AND action = ${}", params.size());
  }
  if (!contains.empty()) {
    params.emplace_back(pattern);
    sql += fmt::format(" AND folded LIKE ${} ESCAPE '\\'", params.size());
  }
  return read_words(tx.query(sql + " ORDER BY id DESC LIMIT $3", params));
}

std::set<std::string> listed_words(sql::Transaction& tx, const AppId& appid, const std::vector<std::string>& folded) {
  std::size_t padded = 16;  // few lengths, so that few texts are prepared
  while (padded < folded.size()) padded *= 4;
  sql::Params params{appid};
  std::string places = "''";
  for (std::size_t i = 0; i < padded; ++i) {
    params.emplace_back(i < folded.size() ? std::string_view(folded[i]) : std::string_view());
    places += fmt::format(", ${}", params.size());
  }
  std::set<std::string> listed;
  for (const sql::Row& row :
       tx.query(fmt::format("SELECT folded FROM desk_words WHERE appid = $1 AND folded IN ({})", places), params))
    listed.insert(row.text(0));
  return listed;
}

std::int64_t insert_words(sql::Transaction& tx, const AppId& appid, const std::vector<StoredWord>& words) {
  std::vector<std::string> folded;
  folded.reserve(words.size());
  for (const StoredWord& word : words) folded.push_back(fold(word.word.text));
  std::vector<sql::Params> rows;
  rows.reserve(words.size());
  for (std::size_t i = 0; i < words.size(); ++i) {
    rows.push_back(
        {words[i].id, appid, words[i].word.text, folded[i], to_string(words[i].word.action), words[i].created_at});
  }
  const auto changed = tx.execute_many(
      "INSERT INTO desk_words (id, appid, word, folded, action, created_at) VALUES ($1,$2,$3,$4,$5,$6) "
      "ON CONFLICT (appid, folded) DO NOTHING",
      rows);
  std::int64_t added = 0;
  for (const std::int64_t count : changed) added += count;
  return added;
}

std::optional<StoredWord> remove_word(sql::Transaction& tx, const AppId& appid, WordId id) {
  const auto row =
      tx.query_one("SELECT id, word, action, created_at FROM desk_words WHERE appid = $1 AND id = $2", {appid, id});
  if (!row) return std::nullopt;
  tx.execute("DELETE FROM desk_words WHERE appid = $1 AND id = $2", {appid, id});
  return read_word(*row);
}

std::int64_t remove_words(sql::Transaction& tx, const AppId& appid, int limit) {
  return tx.execute(
      "DELETE FROM desk_words WHERE appid = $1 AND id IN (SELECT id FROM desk_words WHERE appid = $1 LIMIT $2)",
      {appid, limit});
}

}  // namespace store
}  // namespace miniops::desk
