// Keys, the history, releases.
#include "issues/store.hpp"

namespace miniops::issues::store {

namespace {

json::value parsed(const std::string& stored) {
  boost::system::error_code problem;
  json::value value = json::parse(stored, problem);
  return problem ? json::value(nullptr) : value;
}

json::object object_of(const std::string& stored) {
  json::value value = parsed(stored);
  return value.is_object() ? std::move(value.as_object()) : json::object{};
}

StoredKey read_key(const sql::Row& row) {
  StoredKey key;
  key.id = row.integer(0);
  key.issue = row.integer(1);
  key.key.version = static_cast<int>(row.integer(2));
  key.key.rule = row.text(3);
  key.key.parts = key_parts_of(parsed(row.text(4)));
  key.first_seen_at = row.integer(5);
  key.split = row.integer(6) != 0;
  return key;
}

Activity read_activity(const sql::Row& row) {
  return {row.integer(0), row.integer(1), row.integer(2),         row.text(3),           row.id<identity::AccountId>(4),
          row.text(5),    row.text(6),    object_of(row.text(7)), object_of(row.text(8))};
}

}  // namespace

// ---- keys ----

std::optional<StoredKey> find_key(sql::Transaction& tx, std::int64_t id) {
  const auto row =
      tx.query_one("SELECT id, issue, version, rule, parts, first_seen_at, split FROM issues_keys WHERE id = $1", {id});
  return row ? std::optional(read_key(*row)) : std::nullopt;
}

std::vector<StoredKey> keys_of(sql::Transaction& tx, std::int64_t issue, int limit) {
  std::vector<StoredKey> keys;
  for (const sql::Row& row :
       tx.query("SELECT id, issue, version, rule, parts, first_seen_at, split FROM issues_keys WHERE issue = $1 "
                "ORDER BY first_seen_at DESC, id DESC LIMIT $2",
                {issue, limit}))
    keys.push_back(read_key(row));
  return keys;
}

std::int64_t count_keys(sql::Transaction& tx, const AppId& appid) {
  return tx.query_one("SELECT count(*) FROM issues_keys WHERE appid = $1", {appid})->integer(0);
}

std::map<std::int64_t, std::int64_t> split_keys(sql::Transaction& tx, const AppId& appid) {
  std::map<std::int64_t, std::int64_t> keys;
  for (const sql::Row& row : tx.query("SELECT id, issue FROM issues_keys WHERE appid = $1 AND split = 1", {appid}))
    keys.emplace(row.integer(0), row.integer(1));
  return keys;
}

void insert_key(sql::Transaction& tx, const AppId& appid, const StoredKey& key) {
  tx.execute(
      "INSERT INTO issues_keys (id, appid, issue, version, rule, parts, first_seen_at, split) "
      "VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
      {key.id, appid, key.issue, key.key.version, key.key.rule, json::serialize(to_json(key.key.parts)),
       key.first_seen_at, key.split});
}

void move_key(sql::Transaction& tx, std::int64_t id, std::int64_t to, bool split) {
  tx.execute("UPDATE issues_keys SET issue = $2, split = $3 WHERE id = $1", {id, to, split});
}

// ---- history ----

void add_activity(sql::Transaction& tx, const AppId& appid, const Activity& activity) {
  tx.execute(
      "INSERT INTO issues_activity (id, appid, issue, at, what, account_id, username, text, before, after) "
      "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
      {activity.id, appid, activity.issue, activity.at, activity.what, activity.account, activity.username,
       activity.text, json::serialize(activity.before), json::serialize(activity.after)});
}

std::optional<Activity> find_activity(sql::Transaction& tx, const AppId& appid, std::int64_t id) {
  const auto row = tx.query_one(
      "SELECT id, issue, at, what, account_id, username, text, before, after FROM issues_activity "
      "WHERE id = $1 AND appid = $2",
      {id, appid});
  return row ? std::optional(read_activity(*row)) : std::nullopt;
}

std::vector<Activity> activity_of(sql::Transaction& tx, std::int64_t issue,
                                  std::optional<std::pair<std::int64_t, std::int64_t>> after, int limit) {
  const auto [at, id] = after.value_or(std::pair{INT64_MAX, INT64_MAX});
  std::vector<Activity> out;
  for (const sql::Row& row :
       tx.query("SELECT id, issue, at, what, account_id, username, text, before, after FROM issues_activity "
                "WHERE issue = $1 AND (at < $2 OR (at = $2 AND id < $3)) ORDER BY at DESC, id DESC LIMIT $4",
                {issue, at, id, limit}))
    out.push_back(read_activity(row));
  return out;
}

// ---- releases ----

std::vector<Release> releases(sql::Transaction& tx, const AppId& appid) {
  std::vector<Release> out;
  for (const sql::Row& row :
       tx.query("SELECT release, first_seen_at, place FROM issues_releases WHERE appid = $1 ORDER BY place, release",
                {appid}))
    out.push_back({row.text(0), row.integer(1), row.integer(2)});
  return out;
}

ReleaseOrder release_order(sql::Transaction& tx, const AppId& appid) {
  ReleaseOrder order;
  for (const Release& release : releases(tx, appid)) order.put(release.name, release.place);
  return order;
}

bool insert_release(sql::Transaction& tx, const AppId& appid, const Release& release) {
  return tx.execute(
             "INSERT INTO issues_releases (appid, release, first_seen_at, place) VALUES ($1, $2, $3, $4) "
             "ON CONFLICT (appid, release) DO NOTHING",
             {appid, release.name, release.first_seen_at, release.place}) == 1;
}

void place_release(sql::Transaction& tx, const AppId& appid, const std::string& release, std::int64_t place) {
  tx.execute("UPDATE issues_releases SET place = $3 WHERE appid = $1 AND release = $2", {appid, release, place});
}

std::vector<std::pair<std::string, std::int64_t>> issues_by_first_release(sql::Transaction& tx, const AppId& appid) {
  std::vector<std::pair<std::string, std::int64_t>> out;
  for (const sql::Row& row :
       tx.query("SELECT first_release, count(*) FROM issues_issues WHERE appid = $1 AND merged_into = 0 GROUP BY "
                "first_release",
                {appid}))
    out.emplace_back(row.text(0), row.integer(1));
  return out;
}

}  // namespace miniops::issues::store
