// Profiles, and lists of them.
#include "people/store.hpp"

namespace miniops::people::store {

namespace {

constexpr std::string_view columns =
    "p.id, p.person, p.appid, p.channel, p.openid, p.version, p.nickname, p.avatar_url, p.note, p.level, "
    "p.level_source, p.tags, p.source, p.first_seen_at, p.last_seen_at, p.updated_at";
constexpr std::size_t blocked_column = 16;

std::string select_where(std::string_view condition) {
  return fmt::format("SELECT {} FROM people_profiles p WHERE {}", columns, condition);
}

// With whether they are blocked at the time in parameter `now`.
std::string select_rows(std::size_t now, std::string_view condition) {
  return fmt::format("SELECT {}, CASE WHEN {} THEN 1 ELSE 0 END FROM people_profiles p WHERE {}", columns,
                     blocked_sql(now), condition);
}

std::string json_of(const std::vector<std::string>& tags) {
  return json::serialize(json::array(tags.begin(), tags.end()));
}

std::vector<std::string> tags_in(const std::string& text) {
  std::vector<std::string> tags;
  for (const json::value& tag : json::parse(text).as_array()) tags.emplace_back(tag.as_string());
  return tags;
}

Profile profile_of(const sql::Row& row) {
  return {row.id<ProfileId>(0),
          row.id<PersonId>(1),
          row.id<AppId>(2),
          row.text(3),
          row.text(4),
          row.integer(5),
          row.text(6),
          row.text(7),
          row.text(8),
          static_cast<int>(row.integer(9)),
          parse_word<Source>(row.text(10)).value_or(Source::none),
          tags_in(row.text(11)),
          row.text(12),
          row.integer(13),
          row.integer(14),
          row.integer(15)};
}

std::optional<Profile> first_of(const std::optional<sql::Row>& row) {
  return row ? std::optional(profile_of(*row)) : std::nullopt;
}

std::vector<Row> rows_of(const sql::Rows& rows) {
  std::vector<Row> out;
  for (const sql::Row& row : rows) out.push_back({profile_of(row), row.integer(blocked_column) != 0});
  return out;
}

void put_tags(sql::Transaction& tx, const Profile& profile) {
  tx.execute("DELETE FROM people_tags WHERE profile = $1", {profile.id});
  for (const std::string& tag : profile.tags)
    tx.execute("INSERT INTO people_tags (profile, tag) VALUES ($1, $2) ON CONFLICT DO NOTHING", {profile.id, tag});
}

// $1 appid, then those of the condition.
sql::Params params_of(const AppId& appid, const CompiledCondition& compiled) {
  sql::Params params{appid};
  for (const ConditionValue& value : compiled.parameters)
    std::visit([&params](const auto& one) { params.emplace_back(one); }, value);
  return params;
}

}  // namespace

std::optional<Profile> profile(sql::Transaction& tx, ProfileId id) {
  static const std::string select = select_where("p.id = $1");
  return first_of(tx.query_one(select, {id}));
}

std::optional<Profile> profile(sql::Transaction& tx, const AppId& appid, std::string_view channel,
                               std::string_view openid) {
  static const std::string select = select_where("p.appid = $1 AND p.openid = $2 AND p.channel = $3");
  return first_of(tx.query_one(select, {appid, openid, channel}));
}

std::vector<Profile> profiles_of(sql::Transaction& tx, PersonId person) {
  static const std::string select = select_where("p.person = $1 ORDER BY p.id");
  std::vector<Profile> out;
  for (const sql::Row& row : tx.query(select, {person})) out.push_back(profile_of(row));
  return out;
}

std::optional<Profile> profile_in(sql::Transaction& tx, const AppId& appid, std::int64_t id) {
  static const std::string select = select_where(
      "p.appid = $1 AND p.person = (SELECT person FROM people_profiles WHERE id = $2) ORDER BY CASE WHEN p.id = $2 "
      "THEN 0 ELSE 1 END, p.id LIMIT 1");
  return first_of(tx.query_one(select, {appid, id}));
}

bool insert_profile(sql::Transaction& tx, const Profile& profile) {
  return tx.execute(
             "INSERT INTO people_profiles (id, person, appid, channel, openid, source, first_seen_at, last_seen_at, "
             "updated_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT DO NOTHING",
             {profile.id, profile.person, profile.appid, profile.channel, profile.openid, profile.source,
              profile.first_seen_at, profile.last_seen_at, profile.updated_at}) == 1;
}

bool update_profile(sql::Transaction& tx, const Profile& profile) {
  const std::string tags = json_of(profile.tags);
  if (tx.execute("UPDATE people_profiles SET version = version + 1, nickname = $3, avatar_url = $4, note = $5, level = "
                 "$6, level_source = $7, tags = $8, updated_at = $9 WHERE id = $1 AND version = $2",
                 {profile.id, profile.version, profile.nickname, profile.avatar_url, profile.note, profile.level,
                  word(profile.level_source), tags, profile.updated_at}) == 0)
    return false;
  put_tags(tx, profile);
  return true;
}

void delete_profile(sql::Transaction& tx, ProfileId id) {
  for (const std::string_view statement :
       {"DELETE FROM people_tags WHERE profile = $1", "DELETE FROM people_identities WHERE profile = $1",
        "DELETE FROM people_values WHERE profile = $1", "DELETE FROM people_numbers WHERE profile = $1",
        "DELETE FROM people_blocks WHERE profile = $1", "DELETE FROM people_links WHERE a = $1",
        "DELETE FROM people_links WHERE b = $1", "DELETE FROM people_proposals WHERE a = $1",
        "DELETE FROM people_proposals WHERE b = $1", "DELETE FROM people_profiles WHERE id = $1"})
    tx.execute(statement, {id});
}

void mark_seen(sql::Transaction& tx, ProfileId id, std::string_view source, TimeMs at, TimeMs before) {
  tx.execute_later(
      "UPDATE people_profiles SET last_seen_at = CASE WHEN last_seen_at < $3 THEN $3 ELSE last_seen_at END, source = "
      "CASE WHEN source = '' THEN $2 ELSE source END WHERE id = $1 AND (last_seen_at < $4 OR (source = '' AND $2 <> "
      "''))",
      {id, source, at, before});
}

std::vector<Row> list_profiles(sql::Transaction& tx, const AppId& appid, const ShownTo& shown_to, TimeMs now,
                               const Before& before, int limit) {
  constexpr std::int64_t end = std::numeric_limits<std::int64_t>::max();
  const auto [at, id] = before.value_or(std::pair(end, end));
  sql::Params params{appid, now, at, id, limit};
  const std::string shown = shown_to("p.id", params);
  return rows_of(tx.query(
      select_rows(2,
                  fmt::format("p.appid = $1 AND (p.last_seen_at < $3 OR (p.last_seen_at = $3 AND p.id < $4)){} ORDER "
                              "BY p.last_seen_at DESC, p.id DESC LIMIT $5",
                              shown)),
      params));
}

std::vector<Row> profiles_with(sql::Transaction& tx, const AppId& appid, const ShownTo& shown_to, IdentityKind kind,
                               const std::string& search_key, TimeMs now, int limit) {
  sql::Params params{appid, now, search_key, limit};
  std::string condition = "p.appid = $1 AND p.openid = $3";
  if (kind != IdentityKind::openid) {
    params.emplace_back(word(kind));
    condition = "p.appid = $1 AND p.id IN (SELECT profile FROM people_identities WHERE kind = $5 AND search_key = $3)";
  }
  condition += shown_to("p.id", params);
  return rows_of(tx.query(select_rows(2, condition + " ORDER BY p.id LIMIT $4"), params));
}

std::vector<Row> profiles_with_number(sql::Transaction& tx, const AppId& appid, const ShownTo& shown_to,
                                      const std::string& search_key, TimeMs now, int limit) {
  sql::Params params{appid, now, search_key, limit};
  const std::string condition =
      "p.appid = $1 AND p.id IN (SELECT profile FROM people_numbers WHERE search_key = $3 UNION SELECT profile FROM "
      "people_identities WHERE kind = 'phone' AND search_key = $3)" +
      shown_to("p.id", params);
  return rows_of(tx.query(select_rows(2, condition + " ORDER BY p.id LIMIT $4"), params));
}

std::vector<Row> list_matching(sql::Transaction& tx, const AppId& appid, const ShownTo& shown_to,
                               const Condition& condition, TimeMs now, ProfileId before, int limit) {
  constexpr std::size_t own = 4;  // appid, now, before, limit
  const CompiledCondition compiled = compile(condition, now, own);
  sql::Params params = params_of(appid, compiled);
  params.insert(params.begin() + 1, {now, before, limit});
  const std::string shown = shown_to("p.id", params);
  const std::string select = select_rows(
      2,
      fmt::format("p.appid = $1 AND ($3 = 0 OR p.id < $3) AND {}{} ORDER BY p.id DESC LIMIT $4", compiled.sql, shown));
  return rows_of(tx.query(select, params));
}

std::int64_t count_matching(sql::Transaction& tx, const AppId& appid, const ShownTo& shown_to,
                            const Condition& condition, TimeMs now) {
  const CompiledCondition compiled = compile(condition, now, 1);
  sql::Params params = params_of(appid, compiled);
  const std::string shown = shown_to("p.id", params);
  const std::string select =
      fmt::format("SELECT COUNT(*) FROM people_profiles p WHERE p.appid = $1 AND {}{}", compiled.sql, shown);
  return tx.query_one(select, params)->integer(0);
}

bool is_shown(sql::Transaction& tx, const AppId& appid, const ShownTo& shown_to, PersonId person) {
  sql::Params params{appid, person};
  const std::string shown = shown_to("p.id", params);
  if (shown.empty()) return true;
  const std::string select =
      fmt::format("SELECT 1 FROM people_profiles p WHERE p.appid = $1 AND p.person = $2{} LIMIT 1", shown);
  return tx.query_one(select, params).has_value();
}

}  // namespace miniops::people::store
