#include "people/directory.hpp"

#include "base/text.hpp"
#include "people/errors.hpp"
#include "people/links.hpp"
#include "people/numbers.hpp"

namespace miniops::people {

namespace {

constexpr std::size_t identities_max = 20;
constexpr std::size_t source_chars_max = 200;
constexpr TimeMs seen_every_ms = 5 * minute_ms;

std::optional<int> level_of(const Parameters& trusted) {
  const auto found = trusted.find("level");
  if (found == trusted.end() || found->second.size() != 1) return std::nullopt;
  const char digit = found->second.front();
  return digit >= '0' && digit <= '9' ? std::optional(digit - '0') : std::nullopt;
}

}  // namespace

Known Directory::identity_of(sql::Transaction& tx, const AppId& appid, std::string_view channel, const OpenId& openid,
                             TimeMs now) const {
  const auto row =
      tx.query_one("SELECT id, person FROM people_profiles WHERE appid = $1 AND openid = $2 AND channel = $3",
                   {appid, openid, channel});
  if (row) return {row->id<ProfileId>(0), row->id<PersonId>(1)};
  Profile fresh;
  fresh.id = with_.ids.next_as<ProfileId>();
  fresh.person = PersonId(fresh.id.value());
  fresh.appid = appid;
  fresh.channel = channel;
  fresh.openid = openid.str();
  fresh.first_seen_at = fresh.last_seen_at = fresh.updated_at = now;
  store::insert_profile(tx, fresh);
  return {fresh.id, fresh.person, true};
}

Result<void> Directory::learn(sql::Transaction& tx, ProfileId id, IdentityKind kind, std::string_view value,
                              Source source, TimeMs now) const {
  if (kind == IdentityKind::openid) return fail(errors::invalid_identity("an openid is the profile's own"));
  const auto normal = normal_id(kind, value);
  if (!normal) return std::unexpected(normal.error());
  const auto profile = store::profile(tx, id);
  if (!profile) return fail(errors::not_found("person"));
  Identity identity{with_.ids.next_as<IdentityId>(), id, kind};
  identity.source = source;
  identity.created_at = now;
  with_.vault.keep(identity, *normal);

  const auto known = store::identities_of(tx, id);
  for (const Identity& one : known) {
    if (one.kind != kind) continue;
    if (one.search_key == identity.search_key) return fail(errors::identity_exists());
    if (kind == IdentityKind::unionid) return fail(errors::other_unionid());
  }
  if (known.size() >= identities_max) return fail(errors::too_many_identities());
  store::insert_identity(tx, identity);
  Links links(tx, with_.ids, with_.news, now);
  if (kind == IdentityKind::unionid) links.follow_unionid(*profile, identity);
  links.propose(*profile, identity);
  return {};
}

void Directory::seen(sql::Transaction& tx, ProfileId profile, std::string_view source, TimeMs at) const {
  const std::string kept = truncate_chars(mask_personal_data(valid_utf8(source) ? source : ""), source_chars_max);
  store::mark_seen(tx, profile, kept, at, at - seen_every_ms);
}

void Directory::trust(sql::Transaction& tx, ProfileId id, const Parameters& trusted, TimeMs now) const {
  auto profile = store::profile(tx, id);
  if (!profile) return;
  const auto level = level_of(trusted);
  if (level && (*level != profile->level || profile->level_source != Source::session_from)) {
    profile->level = *level;
    profile->level_source = Source::session_from;
    profile->updated_at = now;
    store::update_profile(tx, *profile);
    std::ignore = with_.news.changed(tx, *profile, now);
  }
  for (const IdentityKind kind : {IdentityKind::unionid, IdentityKind::outside_id, IdentityKind::login_id}) {
    const auto found = trusted.find(std::string(word(kind)));
    if (found == trusted.end()) continue;
    // Known already, or one too many: nobody waits for the answer.
    std::ignore = learn(tx, id, kind, found->second, Source::session_from, now);
  }
}

std::vector<ProfileId> Directory::same_person(sql::Transaction& tx, ProfileId profile) const {
  std::vector<ProfileId> ids;
  if (const auto found = store::profile(tx, profile))
    for (const Profile& one : store::profiles_of(tx, found->person)) ids.push_back(one.id);
  return ids;
}

bool Directory::blocked(sql::Transaction& tx, ProfileId profile, TimeMs now) const {
  return store::is_blocked(tx, profile, now);
}

std::optional<Profile> Directory::profile(sql::Transaction& tx, ProfileId id) const { return store::profile(tx, id); }

Result<void> Directory::describe(sql::Transaction& tx, ProfileId id, const Texts& texts, TimeMs now) const {
  auto profile = store::profile(tx, id);
  if (!profile) return fail(errors::not_found("person"));
  const Numbers numbers(with_.ids, with_.vault);
  numbers.take(tx, id, nickname_field, profile->nickname, texts.nickname);
  numbers.take(tx, id, note_field, profile->note, texts.note);
  if (texts.tags) profile->tags = masked_tags(*texts.tags);
  profile->updated_at = now;
  store::update_profile(tx, *profile);
  return with_.news.changed(tx, *profile, now);
}

Result<void> Directory::set_level(sql::Transaction& tx, ProfileId id, int level, Source source, TimeMs now) const {
  auto profile = store::profile(tx, id);
  if (!profile) return fail(errors::not_found("person"));
  profile->level = level;
  profile->level_source = source;
  profile->updated_at = now;
  store::update_profile(tx, *profile);
  return with_.news.changed(tx, *profile, now);
}

std::optional<Facts> Directory::facts(sql::Transaction& tx, ProfileId id, TimeMs now) const {
  auto profile = store::profile(tx, id);
  if (!profile) return std::nullopt;
  return Facts{profile->person, profile->level, std::move(profile->tags), store::is_blocked(tx, id, now)};
}

}  // namespace miniops::people
