// What other modules ask about people, inside their own transactions. Owned by the program. Safe from any thread: it
// holds nothing that changes.
#pragma once

#include "people/news.hpp"
#include "people/session_from.hpp"
#include "people/vault.hpp"
#include "storage/sql/database.hpp"

namespace miniops::people {

struct Known {
  ProfileId profile{};
  PersonId person{};
  bool made = false;  // just now
};

// What routing and the conversation list need of a customer.
struct Facts {
  PersonId person{};
  int level = 0;
  std::vector<std::string> tags{};
  bool blocked = false;
};

// What people write about a customer.
struct Texts {
  std::optional<std::string> nickname{}, note{};
  std::optional<std::vector<std::string>> tags{};
};

class Directory {
 public:
  struct Collaborators {
    IdSource& ids;
    const IdentityVault& vault;
    const News& news;
  };
  explicit Directory(const Collaborators& with) : with_(with) {}

  // Found with one look-up, or made. `openid` is what the channel calls the person.
  Known identity_of(sql::Transaction& tx, const AppId& appid, std::string_view channel, const OpenId& openid,
                    TimeMs now) const;
  // Adds an id, links and proposes. people.not_found, people.invalid_identity, people.identity_exists,
  // people.other_unionid, people.too_many_identities
  Result<void> learn(sql::Transaction& tx, ProfileId profile, IdentityKind kind, std::string_view value, Source source,
                     TimeMs now) const;
  // The person was here. Written at most every five minutes, but a first `source` (a page or entrance) at once.
  void seen(sql::Transaction& tx, ProfileId profile, std::string_view source, TimeMs at) const;
  // What a signed session-from says: level, login_id, outside_id, unionid. What does not fit is left out.
  void trust(sql::Transaction& tx, ProfileId profile, const Parameters& trusted, TimeMs now) const;

  // nullopt: there is no such profile (any more).
  std::optional<Profile> profile(sql::Transaction& tx, ProfileId id) const;
  // Writes the texts that are given; whoever writes last is right. people.not_found
  Result<void> describe(sql::Transaction& tx, ProfileId id, const Texts& texts, TimeMs now) const;
  // 0 … 9. people.not_found
  Result<void> set_level(sql::Transaction& tx, ProfileId id, int level, Source source, TimeMs now) const;

  // All of the person, this one among them, the eldest first; empty: there is no such profile (any more).
  std::vector<ProfileId> same_person(sql::Transaction& tx, ProfileId profile) const;
  // Whether any of the person's profiles in the profile's mini program is on its blacklist.
  bool blocked(sql::Transaction& tx, ProfileId profile, TimeMs now) const;
  // nullopt: there is no such profile (any more).
  std::optional<Facts> facts(sql::Transaction& tx, ProfileId profile, TimeMs now) const;

 private:
  const Collaborators with_;
};

}  // namespace miniops::people
