#include "telemetry/store.hpp"

namespace miniops::telemetry::store {

namespace {

ProjectKey read_key(const sql::Row& row) {
  ProjectKey key;
  key.id = row.integer(0);
  key.appid = row.id<AppId>(1);
  key.app = static_cast<std::int32_t>(row.integer(2));
  key.project = row.integer(3);
  key.key = row.text(4);
  key.name = row.text(5);
  key.records_per_minute = row.integer(6);
  key.created_at = row.integer(7);
  key.revoked_at = row.integer(8);
  return key;
}

std::int64_t next_number(sql::Transaction& tx, std::string_view sql) { return tx.query(sql).front().integer(0) + 1; }

Settings read_settings(const std::string& text) {
  boost::system::error_code problem;
  const json::value value = json::parse(text, problem);
  return problem ? Settings{} : settings_of(value);
}

}  // namespace

// ---- keys and settings ----

std::vector<ProjectKey> all_keys(sql::Transaction& tx) {
  std::vector<ProjectKey> keys;
  for (const auto& row : tx.query(
           "SELECT k.id, k.appid, a.number, k.project, k.key, k.name, k.records_per_minute, k.created_at, k.revoked_at "
           "FROM telemetry_keys k JOIN telemetry_apps a ON a.appid = k.appid"))
    keys.push_back(read_key(row));
  return keys;
}

std::vector<ProjectKey> keys_of(sql::Transaction& tx, const AppId& appid) {
  std::vector<ProjectKey> keys;
  for (const auto& row : tx.query(
           "SELECT k.id, k.appid, a.number, k.project, k.key, k.name, k.records_per_minute, k.created_at, k.revoked_at "
           "FROM telemetry_keys k JOIN telemetry_apps a ON a.appid = k.appid WHERE k.appid = $1 ORDER BY k.id DESC",
           {appid}))
    keys.push_back(read_key(row));
  return keys;
}

ProjectKey add_key(sql::Transaction& tx, ProjectKey key) {
  const auto known = tx.query_one("SELECT number FROM telemetry_apps WHERE appid = $1", {key.appid});
  const std::int64_t app =
      known ? known->integer(0) : next_number(tx, "SELECT coalesce(max(number), 0) FROM telemetry_apps");
  if (!known) tx.execute("INSERT INTO telemetry_apps (appid, number) VALUES ($1, $2)", {key.appid, app});
  key.app = static_cast<std::int32_t>(app);
  key.project = next_number(tx, "SELECT coalesce(max(project), 0) FROM telemetry_keys");
  tx.execute(
      "INSERT INTO telemetry_keys (id, appid, project, key, name, records_per_minute, created_at) "
      "VALUES ($1, $2, $3, $4, $5, $6, $7)",
      {key.id, key.appid, key.project, key.key, key.name, key.records_per_minute, key.created_at});
  return key;
}

bool revoke_key(sql::Transaction& tx, const AppId& appid, std::int64_t id, TimeMs now) {
  return tx.execute("UPDATE telemetry_keys SET revoked_at = $3 WHERE appid = $1 AND id = $2 AND revoked_at = 0",
                    {appid, id, now}) == 1;
}

std::map<AppId, std::int32_t> apps(sql::Transaction& tx) {
  std::map<AppId, std::int32_t> numbers;
  for (const auto& row : tx.query("SELECT appid, number FROM telemetry_apps"))
    numbers.emplace(row.id<AppId>(0), static_cast<std::int32_t>(row.integer(1)));
  return numbers;
}

std::map<AppId, Settings> all_settings(sql::Transaction& tx) {
  std::map<AppId, Settings> all;
  for (const auto& row : tx.query("SELECT appid, settings FROM telemetry_settings"))
    all.emplace(row.id<AppId>(0), read_settings(row.text(1)));
  return all;
}

Settings settings(sql::Transaction& tx, const AppId& appid) {
  const auto row = tx.query_one("SELECT settings FROM telemetry_settings WHERE appid = $1", {appid});
  return row ? read_settings(row->text(0)) : Settings{};
}

void put_settings(sql::Transaction& tx, const AppId& appid, const Settings& settings) {
  tx.execute(
      "INSERT INTO telemetry_settings (appid, settings) VALUES ($1, $2) "
      "ON CONFLICT (appid) DO UPDATE SET settings = excluded.settings",
      {appid, json::serialize(to_json(settings))});
}

// ---- dictionaries ----

std::int64_t words_max(Dictionary dictionary) {
  switch (dictionary) {
    case Dictionary::page:
      return 5000;
    case Dictionary::device:
      return 100'000;
    case Dictionary::release:
      return 2000;
    case Dictionary::network:
      return 50;
    case Dictionary::region:
      return 1000;
    case Dictionary::client:
      return 200;
  }
  return 2000;  // names of a kind
}

std::map<Word, std::int32_t> number_words(sql::Transaction& tx, const AppId& appid, const std::vector<Word>& words) {
  std::map<Word, std::int32_t> numbers;
  std::map<Dictionary, std::int64_t> last;
  for (const Word& word : words) {
    const auto dictionary = static_cast<std::int64_t>(word.dictionary);
    if (const auto known =
            tx.query_one("SELECT number FROM telemetry_words WHERE appid = $1 AND dictionary = $2 AND word = $3",
                         {appid, dictionary, word.word})) {
      numbers[word] = static_cast<std::int32_t>(known->integer(0));
      continue;
    }
    auto at = last.find(word.dictionary);
    if (at == last.end()) {
      const auto row =
          tx.query_one("SELECT coalesce(max(number), $3) FROM telemetry_words WHERE appid = $1 AND dictionary = $2",
                       {appid, dictionary, std::int64_t{other_words}});
      at = last.emplace(word.dictionary, row->integer(0)).first;
    }
    if (at->second - other_words >= words_max(word.dictionary)) {
      numbers[word] = other_words;
      continue;
    }
    tx.execute("INSERT INTO telemetry_words (appid, dictionary, word, number) VALUES ($1, $2, $3, $4)",
               {appid, dictionary, word.word, ++at->second});
    numbers[word] = static_cast<std::int32_t>(at->second);
  }
  return numbers;
}

std::map<std::int64_t, std::string> words(sql::Transaction& tx, const AppId& appid, Dictionary dictionary,
                                          const std::vector<std::int64_t>& numbers) {
  std::map<std::int64_t, std::string> found;
  for (const std::int64_t number : numbers) {
    if (found.contains(number)) continue;
    const auto row =
        tx.query_one("SELECT word FROM telemetry_words WHERE appid = $1 AND dictionary = $2 AND number = $3",
                     {appid, static_cast<std::int64_t>(dictionary), number});
    if (row) found.emplace(number, row->text(0));
  }
  return found;
}

std::map<std::int64_t, std::string> all_words(sql::Transaction& tx, const AppId& appid, Dictionary dictionary) {
  std::map<std::int64_t, std::string> found;
  for (const auto& row : tx.query("SELECT number, word FROM telemetry_words WHERE appid = $1 AND dictionary = $2",
                                  {appid, static_cast<std::int64_t>(dictionary)}))
    found.emplace(row.integer(0), row.text(1));
  return found;
}

std::optional<std::int64_t> find_word(sql::Transaction& tx, const AppId& appid, Dictionary dictionary,
                                      std::string_view word) {
  const auto row = tx.query_one("SELECT number FROM telemetry_words WHERE appid = $1 AND dictionary = $2 AND word = $3",
                                {appid, static_cast<std::int64_t>(dictionary), word});
  return row ? std::optional(row->integer(0)) : std::nullopt;
}

}  // namespace miniops::telemetry::store
