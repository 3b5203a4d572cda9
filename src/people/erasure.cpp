#include "people/erasure.hpp"

#include <charconv>

#include "people/entries.hpp"
#include "people/links.hpp"
#include "people/numbers.hpp"

namespace miniops::people {

namespace {

// WeChat's codes of what a customer can take back, as far as it is held here.
constexpr int code_nickname_and_avatar = 6;
constexpr int code_phone = 8;
constexpr int code_nickname = 19;
constexpr int code_avatar = 20;

json::array exported_identities(const IdentityVault& vault, const std::vector<Identity>& identities,
                                Result<void>& problem) {
  json::array out;
  for (const Identity& one : identities) {
    auto whole = vault.reveal(one);
    if (!whole) problem = std::unexpected(whole.error());
    out.push_back({{"kind", word(one.kind)},
                   {"value", whole.value_or("")},
                   {"source", word(one.source)},
                   {"created_at", one.created_at}});
  }
  return out;
}

// Texts with the numbers that were in them; the first that cannot be opened is the problem.
class Texts {
 public:
  Texts(sql::Transaction& tx, const Numbers& numbers, ProfileId profile)
      : tx_(tx), numbers_(numbers), profile_(profile) {}
  std::string whole(std::string_view field, const std::string& text) {
    auto put_back = numbers_.whole(tx_, profile_, field, text);
    if (!put_back) problem = std::unexpected(put_back.error());
    return put_back.value_or(text);
  }
  Result<void> problem{};

 private:
  sql::Transaction& tx_;
  const Numbers& numbers_;
  const ProfileId profile_;
};

json::object exported_values(sql::Transaction& tx, const Profile& profile, Texts& texts) {
  json::object out;
  AttributeValues values = store::values_of(tx, profile.id);
  for (const Attribute& attribute : store::attributes(tx, profile.appid)) {
    const auto found = values.find(attribute.id);
    if (found == values.end()) continue;
    found->second.text = texts.whole(attribute.id.str(), found->second.text);
    out[attribute.key] = to_json(attribute, found->second);
  }
  return out;
}

json::array exported_blocks(sql::Transaction& tx, ProfileId profile) {
  json::array out;
  for (const Block& block : store::all_blocks_of(tx, profile))
    out.push_back({{"reason", block.reason}, {"blocked_at", block.blocked_at}, {"ends_at", block.ends_at}});
  return out;
}

Result<json::object> exported_profile(sql::Transaction& tx, const IdentityVault& vault, const Numbers& numbers,
                                      const Profile& profile) {
  Texts texts(tx, numbers, profile.id);
  json::array identities = exported_identities(vault, store::identities_of(tx, profile.id), texts.problem);
  json::object values = exported_values(tx, profile, texts);
  const std::string nickname = texts.whole(nickname_field, profile.nickname);
  const std::string note = texts.whole(note_field, profile.note);
  if (!texts.problem) return std::unexpected(texts.problem.error());
  return json::object{{"id", profile.id.str()},
                      {"person_id", profile.person.str()},
                      {"channel", profile.channel},
                      {"openid", profile.openid},
                      {"nickname", nickname},
                      {"avatar_url", profile.avatar_url},
                      {"note", note},
                      {"level", profile.level},
                      {"tags", json::array(profile.tags.begin(), profile.tags.end())},
                      {"attributes", std::move(values)},
                      {"identities", std::move(identities)},
                      {"blocks", exported_blocks(tx, profile.id)},
                      {"source", profile.source},
                      {"first_seen_at", profile.first_seen_at},
                      {"last_seen_at", profile.last_seen_at}};
}

// Of texts the masked forms stay.
bool clear_phones(Links& links, sql::Transaction& tx, const Profile& profile) {
  const bool any = store::delete_phones(tx, profile.id);
  bool any_id = false;
  for (const Identity& identity : store::identities_of(tx, profile.id)) {
    if (identity.kind != IdentityKind::phone) continue;
    store::delete_identity(tx, identity.id);
    any_id = true;
  }
  if (any_id) links.take_back_proposals(profile, IdentityKind::phone);
  return any || any_id;
}

}  // namespace

std::vector<ProfileId> Erasure::profiles_named(sql::Transaction& tx, const Named& named) const {
  std::vector<ProfileId> out;
  if (named.kind == IdentityKind::openid) {
    if (const auto found = store::profile(tx, named.appid, wechat_channel, named.value)) out.push_back(found->id);
    return out;
  }
  const auto normal = normal_id(named.kind, named.value);
  if (!normal) return out;
  for (const sql::Row& row :
       tx.query("SELECT i.profile FROM people_identities i JOIN people_profiles p ON p.id = i.profile WHERE p.appid = "
                "$1 AND i.kind = $2 AND i.search_key = $3 ORDER BY i.profile",
                {named.appid, word(named.kind), with_.vault.search_key(named.kind, *normal)}))
    out.push_back(row.id<ProfileId>(0));
  return out;
}

Held Erasure::held(sql::Transaction& tx, const Named& named) const {
  Held out;
  for (const ProfileId id : profiles_named(tx, named)) {
    ++out.profiles;
    out.identities += std::ssize(store::identities_of(tx, id));
    out.values += std::ssize(store::values_of(tx, id));
    out.links += store::count_links(tx, id);
    out.proposals += store::count_proposals(tx, id);
    out.blocks += std::ssize(store::all_blocks_of(tx, id));
  }
  return out;
}

std::vector<OpenId> Erasure::openids(sql::Transaction& tx, const Named& named) const {
  if (named.kind == IdentityKind::openid) return {OpenId(named.value)};
  std::vector<OpenId> out;
  for (const ProfileId id : profiles_named(tx, named)) {
    const auto profile = store::profile(tx, id);
    if (profile && profile->channel == wechat_channel) out.emplace_back(profile->openid);
  }
  return out;
}

Result<json::object> Erasure::exported(sql::Transaction& tx, const Named& named) const {
  json::array profiles;
  const Numbers numbers(with_.ids, with_.vault);
  for (const ProfileId id : profiles_named(tx, named)) {
    auto one = exported_profile(tx, with_.vault, numbers, store::profile(tx, id).value());
    if (!one) return one;
    profiles.push_back(std::move(*one));
  }
  if (profiles.empty()) return json::object();
  return json::object{{"profiles", std::move(profiles)}};
}

Result<std::int64_t> Erasure::forget(sql::Transaction& tx, const Named& named, TimeMs now) const {
  const auto ids = profiles_named(tx, named);
  Links links(tx, with_.ids, with_.news, now);
  for (const ProfileId id : ids) {
    links.forget(store::profile(tx, id).value());
    forget_sources(tx, id);
    if (auto told = with_.news.forgotten(tx, id, now); !told) return std::unexpected(told.error());
  }
  return std::ssize(ids);
}

Result<std::int64_t> Erasure::forget(sql::Transaction& tx, const AppId& appid, const OpenId& openid, TimeMs now) const {
  return forget(tx, Named{appid, IdentityKind::openid, openid.str()}, now);
}

Result<bool> Erasure::clear_named(sql::Transaction& tx, const AppId& appid, const OpenId& openid,
                                  const std::set<int>& codes, TimeMs now) const {
  auto profile = store::profile(tx, appid, wechat_channel, openid.str());
  if (!profile) return false;
  const bool both = codes.contains(code_nickname_and_avatar);
  bool any = false;
  const auto clear = [&any](std::string& text) {
    any |= !text.empty();
    text.clear();
  };
  if (both || codes.contains(code_nickname)) {
    store::put_numbers(tx, profile->id, nickname_field, {});
    clear(profile->nickname);
  }
  if (both || codes.contains(code_avatar)) clear(profile->avatar_url);
  Links links(tx, with_.ids, with_.news, now);
  if (codes.contains(code_phone)) any |= clear_phones(links, tx, *profile);
  for (const Attribute& attribute : store::attributes(tx, appid))
    if (codes.contains(attribute.revoke_code)) any |= store::delete_value(tx, profile->id, attribute.id);
  if (!any) return false;
  profile->updated_at = now;
  store::update_profile(tx, *profile);
  if (auto told = with_.news.changed(tx, *profile, now); !told) return std::unexpected(told.error());
  return true;
}

std::set<int> revoke_codes(std::string_view revoke_info) {
  std::set<int> codes;
  const char* at = revoke_info.data();
  const char* const end = at + revoke_info.size();
  while (at < end) {
    int code = 0;
    const auto [stopped, problem] = std::from_chars(at, end, code);
    if (problem == std::errc{} && code > 0) codes.insert(code);
    at = std::max(stopped, at + 1);
  }
  return codes;
}

std::set<int> modified_codes() { return {code_nickname_and_avatar}; }

}  // namespace miniops::people
