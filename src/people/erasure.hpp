// What is held of a person, its export and its deletion, and what WeChat's events about authorizations clear. Inside a
// transaction.
#pragma once

#include <set>

#include "base/json.hpp"
#include "people/news.hpp"
#include "people/vault.hpp"
#include "storage/sql/database.hpp"

namespace miniops::people {

// How a person is named: one of the ids that a mini program has of them.
struct Named {
  AppId appid{};
  IdentityKind kind{};
  std::string value{};
};

// Rows, by what they are.
struct Held {
  std::int64_t profiles = 0, identities = 0, values = 0, links = 0, proposals = 0, blocks = 0;
  bool operator==(const Held&) const = default;
};

class Erasure {
 public:
  struct Collaborators {
    IdSource& ids;
    const IdentityVault& vault;
    const News& news;
  };
  explicit Erasure(const Collaborators& with) : with_(with) {}

  // Of the mini program's profiles with this id; other mini programs' parts of the person are theirs.
  Held held(sql::Transaction& tx, const Named& named) const;
  // The openids that it has with WeChat's mini program; of an openid itself also when nothing is held of it.
  std::vector<OpenId> openids(sql::Transaction& tx, const Named& named) const;
  // Everything, with whole phone numbers; {} when nothing is held. base.seal_broken
  Result<json::object> exported(sql::Transaction& tx, const Named& named) const;
  // Deletes it; how many profiles there were. May be called again for the same.
  Result<std::int64_t> forget(sql::Transaction& tx, const Named& named, TimeMs now) const;

  // user_authorization_cancellation: the account is closed.
  Result<std::int64_t> forget(sql::Transaction& tx, const AppId& appid, const OpenId& openid, TimeMs now) const;
  // user_authorization_revoke and user_info_modified: clears nickname and avatar, phones, and the custom attributes
  // that hold what `codes` name; whether there was anything.
  Result<bool> clear_named(sql::Transaction& tx, const AppId& appid, const OpenId& openid, const std::set<int>& codes,
                           TimeMs now) const;

 private:
  std::vector<ProfileId> profiles_named(sql::Transaction& tx, const Named& named) const;

  const Collaborators with_;
};

// The codes of RevokeInfo, "6,8": 2 地址 · 6 昵称头像 · 8 手机号 · 16 邮箱 · 19 昵称键盘 · 20 头像组件 …; others are
// ignored.
std::set<int> revoke_codes(std::string_view revoke_info);
// Those that user_info_modified is about: nickname and avatar.
std::set<int> modified_codes();

}  // namespace miniops::people
