// The module's SQL: keys, settings, dictionaries, people. Private to the module.
#pragma once

#include <vector>

#include "storage/sql/database.hpp"
#include "telemetry/keys.hpp"

namespace miniops::telemetry::store {

// ---- keys and settings ----

std::vector<ProjectKey> all_keys(sql::Transaction& tx);  // also revoked ones
std::vector<ProjectKey> keys_of(sql::Transaction& tx, const AppId& appid);
// Gives the mini program a number when it has none yet, and the key its project number.
ProjectKey add_key(sql::Transaction& tx, ProjectKey key);
// False: there is no such key that is in use.
bool revoke_key(sql::Transaction& tx, const AppId& appid, std::int64_t id, TimeMs now);
std::map<AppId, std::int32_t> apps(sql::Transaction& tx);
std::map<AppId, Settings> all_settings(sql::Transaction& tx);
Settings settings(sql::Transaction& tx, const AppId& appid);
void put_settings(sql::Transaction& tx, const AppId& appid, const Settings& settings);

// ---- dictionaries ----

// Which dictionary a word belongs to. Names have one for each kind: its number.
enum class Dictionary : std::int64_t { page = 11, release, device, network, region, client };
inline Dictionary names_of(Kind kind) { return Dictionary{static_cast<std::int64_t>(kind)}; }

struct Word {
  Dictionary dictionary{};
  std::string word;
  auto operator<=>(const Word&) const = default;
};

inline constexpr std::int32_t no_word = 0;
inline constexpr std::int32_t other_words = 1;  // (其他): what is beyond a dictionary's limit

// How many words a dictionary holds before what is new counts as others.
std::int64_t words_max(Dictionary dictionary);
// The numbers of words; those that are new are stored, at most up to the limit.
std::map<Word, std::int32_t> number_words(sql::Transaction& tx, const AppId& appid, const std::vector<Word>& words);
std::map<std::int64_t, std::string> words(sql::Transaction& tx, const AppId& appid, Dictionary dictionary,
                                          const std::vector<std::int64_t>& numbers);
std::map<std::int64_t, std::string> all_words(sql::Transaction& tx, const AppId& appid, Dictionary dictionary);
std::optional<std::int64_t> find_word(sql::Transaction& tx, const AppId& appid, Dictionary dictionary,
                                      std::string_view word);

// ---- people ----

struct Merge {
  std::int64_t person = 0;
  std::int64_t canonical = 0;
};
struct Resolved {
  std::int64_t person = 0;      // 0: the client said nothing of who it is
  std::vector<Merge> merges{};  // new with this
};
// Who that is: login id > unionid > openid > device id. Ids that are new are stored; two persons that turn out to be
// one are merged, unless each has a login id. `fresh`: the number of a person who is not there yet.
Resolved resolve_person(sql::Transaction& tx, const AppId& appid, const UserIds& user, std::int64_t fresh, TimeMs now);
std::vector<Merge> all_merges(sql::Transaction& tx);

// An id by which clients name a person. Its kind: "login", "unionid", "openid" or "device".
struct PersonId {
  std::string kind, id;
};
struct KnownPerson {
  std::int64_t person = 0;             // the number that all count as
  std::vector<std::int64_t> merged{};  // the others that it was
  std::vector<PersonId> ids{};
};
// Of any number of theirs; nullopt: nobody has it, or no more.
std::optional<KnownPerson> known_person(sql::Transaction& tx, const AppId& appid, std::int64_t person);
std::optional<KnownPerson> known_person(sql::Transaction& tx, const AppId& appid, const PersonId& id);
// Their ids and merges.
void forget_person(sql::Transaction& tx, const AppId& appid, const KnownPerson& person);

}  // namespace miniops::telemetry::store
