// Persons and their profiles, the blacklist.
#include "people/service.hpp"

#include "identity/audit.hpp"
#include "people/errors.hpp"
#include "people/links.hpp"
#include "people/numbers.hpp"

namespace miniops::people {

namespace {

constexpr int found_max = 50;

std::string object_of(ProfileId id) { return "person:" + id.str(); }

// Which fields, not what was written about a person.
json::object apply(sql::Transaction& tx, const Numbers& numbers, Profile& profile, ProfilePatch patch, Source source) {
  json::object changes;
  const auto take = [&changes](std::string_view name, auto& into, const auto& from) {
    if (!from || into == *from) return;
    into = *from;
    changes[name] = {{"changed", true}};
  };
  const auto take_text = [&](std::string_view field, std::string& into, const std::optional<std::string>& from) {
    if (!from || into == *from) return;
    numbers.take(tx, profile.id, field, into, from);
    changes[field] = {{"changed", true}};
  };
  if (patch.tags) patch.tags = masked_tags(*patch.tags);
  take_text(nickname_field, profile.nickname, patch.nickname);
  take("avatar_url", profile.avatar_url, patch.avatar_url);
  take_text(note_field, profile.note, patch.note);
  take("tags", profile.tags, patch.tags);
  if (patch.level) {
    changes["level"] = {{"from", profile.level}, {"to", *patch.level}};
    profile.level = *patch.level;
    profile.level_source = source;
  }
  return changes;
}

Result<void> put_attributes(sql::Transaction& tx, const Numbers& numbers, const Profile& profile,
                            const json::object& values) {
  if (values.empty()) return {};
  const auto attributes = store::attributes(tx, profile.appid);
  AttributeValues stored = store::values_of(tx, profile.id);
  for (const auto& member : values) {
    const auto attribute = std::ranges::find(attributes, std::string_view(member.key()), &Attribute::key);
    if (attribute == attributes.end()) return fail(errors::invalid_attribute("named here", "is not defined"));
    if (member.value().is_null()) {
      store::delete_value(tx, profile.id, attribute->id);
      continue;
    }
    auto value = read_value(*attribute, member.value());
    if (!value) return std::unexpected(value.error());
    if (attribute->type == AttributeType::text)
      value->text = numbers.hide(tx, profile.id, attribute->id.str(), stored[attribute->id].text, value->text);
    store::put_value(tx, profile.id, attribute->id, *value);
  }
  return {};
}

json::object shown(const std::vector<Attribute>& attributes, const AttributeValues& values) {
  json::object out;
  for (const Attribute& attribute : attributes)
    if (const auto found = values.find(attribute.id); found != values.end())
      out[attribute.key] = to_json(attribute, found->second);
  return out;
}

// Where a number stands, in the words of the API: nickname, note, attributes.city.
std::optional<std::string> shown_field(const std::vector<Attribute>& attributes, const std::string& field) {
  if (field == nickname_field || field == note_field) return field;
  for (const Attribute& attribute : attributes)
    if (attribute.id.str() == field) return "attributes." + attribute.key;
  return std::nullopt;
}

Result<Identity> identity_in(sql::Transaction& tx, ProfileId profile, IdentityId id) {
  for (Identity& one : store::identities_of(tx, profile))
    if (one.id == id) return std::move(one);
  return fail(errors::not_found("id"));
}

// Whoever could type or remove one would link and part persons of mini programs that are not theirs.
bool by_hand(IdentityKind kind, const Access& access) {
  return kind == IdentityKind::unionid && source_of(access) != Source::api;
}

}  // namespace

Source source_of(const Access& access) { return access.via().starts_with("api_key") ? Source::api : Source::agent; }

PersonView view_of(sql::Transaction& tx, const Profile& profile, const Reach& reach, TimeMs now) {
  PersonView view{profile.person};
  auto identities = store::identities_of(tx, profile.person);
  const auto values = store::values_of(tx, profile.person);
  auto numbers = store::numbers_of(tx, profile.person);
  const auto blocks = store::blocks_of(tx, profile.person, now);
  std::map<AppId, std::vector<Attribute>> attributes;
  for (Profile& one : store::profiles_of(tx, profile.person)) {
    if (one.appid != profile.appid && !reach.sees(one.appid)) continue;
    if (!attributes.contains(one.appid)) attributes[one.appid] = store::attributes(tx, one.appid);
    ProfileView shown_profile{std::move(one)};
    const ProfileId id = shown_profile.profile.id;
    for (const Identity& identity : identities)
      if (identity.profile == id) shown_profile.identities.push_back(identity);
    if (const auto found = values.find(id); found != values.end())
      shown_profile.attributes = shown(attributes[shown_profile.profile.appid], found->second);
    for (SealedNumber& number : numbers[id])
      if (auto field = shown_field(attributes[shown_profile.profile.appid], number.field))
        shown_profile.numbers.push_back({std::move(*field), std::move(number)});
    if (const auto found = blocks.find(id); found != blocks.end()) shown_profile.block = found->second;
    view.profiles.push_back(std::move(shown_profile));
  }
  std::ranges::sort(view.profiles, {}, [&](const ProfileView& one) {
    return std::pair(one.profile.appid != profile.appid, one.profile.id);
  });
  return view;
}

store::ShownTo Service::shown_to(const Access& access) const {
  return [this, access](std::string_view profile, sql::Params& params) {
    return visibility_ == nullptr ? std::string() : visibility_->condition(access, profile, params);
  };
}

bool Service::shows(sql::Transaction& tx, const Access& access, const Profile& profile) const {
  return store::is_shown(tx, access.appid(), shown_to(access), profile.person);
}

bool Service::shows(sql::Transaction& tx, const Access& access, const std::pair<Profile, Profile>& ends) const {
  const auto other_or_shown = [&](const Profile& one) { return one.appid != access.appid() || shows(tx, access, one); };
  return other_or_shown(ends.first) && other_or_shown(ends.second);
}

std::optional<Profile> Service::shown_profile(sql::Transaction& tx, const Access& access, std::int64_t id) const {
  auto profile = store::profile_in(tx, access.appid(), id);
  if (!profile || !shows(tx, access, *profile)) return std::nullopt;
  return profile;
}

Task<Result<PageOf<store::Row>>> Service::list(Access access, store::Before before, int limit) {
  const TimeMs now = with_.clock.now();
  auto read = [=, this](sql::Transaction& tx) -> Result<PageOf<store::Row>> {
    return page_of(store::list_profiles(tx, access.appid(), shown_to(access), now, before, limit + 1), limit,
                   [](const store::Row& row) { return std::pair(row.profile.last_seen_at, row.profile.id.value()); });
  };
  co_return co_await with_.database.read(std::move(read));
}

Task<Result<std::vector<store::Row>>> Service::search(Access access, IdentityKind kind, std::string value) {
  if (kind == IdentityKind::phone) co_return co_await search_number(std::move(access), std::move(value));
  const auto normal = kind == IdentityKind::openid ? Result<std::string>(value) : normal_id(kind, value);
  if (!normal) co_return std::unexpected(normal.error());
  std::string key = kind == IdentityKind::openid ? *normal : with_.vault.search_key(kind, *normal);
  const bool sealed = key != *normal;
  if (sealed && !access.sees_personal_data()) co_return fail(errors::needs_personal_data());
  const TimeMs now = with_.clock.now();
  auto read = [=, this](sql::Transaction& tx) -> Result<std::vector<store::Row>> {
    return store::profiles_with(tx, access.appid(), shown_to(access), kind, key, now, found_max);
  };
  co_return co_await with_.database.read(std::move(read));
}

Task<Result<std::vector<store::Row>>> Service::search_number(Access access, std::string value) {
  if (!access.sees_personal_data()) co_return fail(errors::needs_personal_data());
  std::string key;
  if (const auto phone = normal_id(IdentityKind::phone, value)) {
    key = with_.vault.search_key(IdentityKind::phone, *phone);
  } else if (const auto number = as_personal_number(value)) {
    key = with_.vault.search_key(number->kind, number->plain);
  } else {
    co_return std::unexpected(phone.error());
  }
  const TimeMs now = with_.clock.now();
  auto read = [=, this](sql::Transaction& tx) -> Result<std::vector<store::Row>> {
    return store::profiles_with_number(tx, access.appid(), shown_to(access), key, now, found_max);
  };
  co_return co_await with_.database.read(std::move(read));
}

Task<Result<PersonView>> Service::person(Access access, Reach reach, std::int64_t id) {
  const TimeMs now = with_.clock.now();
  auto read = [=, this](sql::Transaction& tx) -> Result<PersonView> {
    const auto profile = shown_profile(tx, access, id);
    if (!profile) return fail(errors::not_found("person"));
    return view_of(tx, *profile, reach, now);
  };
  co_return co_await with_.database.read(std::move(read));
}

Task<Result<PersonView>> Service::change(Access access, Reach reach, std::int64_t id, ProfilePatch patch) {
  const TimeMs now = with_.clock.now();
  const std::int64_t audit_id = with_.ids.next();
  auto write = [=, this](sql::Transaction& tx) -> Result<PersonView> {
    auto profile = shown_profile(tx, access, id);
    if (!profile) return fail(errors::not_found("person"));
    const Numbers numbers(with_.ids, with_.vault);
    json::object changes = apply(tx, numbers, *profile, patch, source_of(access));
    for (const auto& member : patch.attributes)
      changes[fmt::format("attributes.{}", std::string_view(member.key()))] = {{"changed", true}};
    profile->version = patch.version;
    profile->updated_at = now;
    if (!store::update_profile(tx, *profile)) return fail(errors::changed());
    if (auto put = put_attributes(tx, numbers, *profile, patch.attributes); !put) return std::unexpected(put.error());
    if (auto told = with_.news.changed(tx, *profile, now); !told) return std::unexpected(told.error());
    identity::audit(tx, access, {audit_id, now, "people.person.update", object_of(profile->id), std::move(changes)});
    return view_of(tx, *profile, reach, now);
  };
  co_return co_await with_.database.write(std::move(write));
}

Task<Result<PersonView>> Service::add_identity(Access access, Reach reach, std::int64_t id, IdentityKind kind,
                                               std::string value) {
  if (by_hand(kind, access)) co_return fail(errors::unionid_by_hand());
  const TimeMs now = with_.clock.now();
  const std::int64_t audit_id = with_.ids.next();
  auto write = [=, this](sql::Transaction& tx) -> Result<PersonView> {
    const auto profile = shown_profile(tx, access, id);
    if (!profile) return fail(errors::not_found("person"));
    const auto learnt = with_.directory.learn(tx, profile->id, kind, value, source_of(access), now);
    if (!learnt) return std::unexpected(learnt.error());
    identity::audit(tx, access,
                    {audit_id, now, "people.identity.add", object_of(profile->id), {{"kind", {{"to", word(kind)}}}}});
    // Read anew: a unionid may have linked it.
    return view_of(tx, store::profile(tx, profile->id).value(), reach, now);
  };
  co_return co_await with_.database.write(std::move(write));
}

Task<Result<void>> Service::remove_identity(Access access, std::int64_t id, IdentityId identity) {
  const TimeMs now = with_.clock.now();
  const std::int64_t audit_id = with_.ids.next();
  auto write = [=, this](sql::Transaction& tx) -> Result<void> {
    const auto profile = shown_profile(tx, access, id);
    if (!profile) return fail(errors::not_found("person"));
    const auto found = identity_in(tx, profile->id, identity);
    if (!found) return std::unexpected(found.error());
    if (by_hand(found->kind, access)) return fail(errors::unionid_by_hand());
    store::delete_identity(tx, identity);
    Links links(tx, with_.ids, with_.news, now);
    if (found->kind == IdentityKind::unionid) {
      links.drop_unionid(*profile);
    } else {
      links.take_back_proposals(*profile, found->kind);
    }
    identity::audit(
        tx, access,
        {audit_id, now, "people.identity.remove", object_of(profile->id), {{"kind", {{"from", word(found->kind)}}}}});
    return {};
  };
  co_return co_await with_.database.write(std::move(write));
}

Task<Result<std::string>> Service::reveal(Access access, std::int64_t id, IdentityId identity) {
  const TimeMs now = with_.clock.now();
  const std::int64_t audit_id = with_.ids.next();
  auto write = [=, this](sql::Transaction& tx) -> Result<std::string> {
    const auto profile = shown_profile(tx, access, id);
    if (!profile) return fail(errors::not_found("person"));
    const auto found = identity_in(tx, profile->id, identity);
    if (!found) return std::unexpected(found.error());
    if (found->sealed.empty()) return fail(errors::not_sealed());
    auto whole = with_.vault.reveal(*found);
    if (!whole) return whole;
    identity::audit(
        tx, access,
        {audit_id, now, "people.identity.reveal", object_of(profile->id), {{"kind", {{"to", word(found->kind)}}}}});
    return whole;
  };
  co_return co_await with_.database.write(std::move(write));
}

Task<Result<std::string>> Service::reveal(Access access, std::int64_t id, NumberRowId number) {
  const TimeMs now = with_.clock.now();
  const std::int64_t audit_id = with_.ids.next();
  auto write = [=, this](sql::Transaction& tx) -> Result<std::string> {
    const auto profile = shown_profile(tx, access, id);
    if (!profile) return fail(errors::not_found("person"));
    const auto found = store::number_of(tx, profile->id, number);
    if (!found) return fail(errors::not_found("number"));
    auto whole = with_.vault.reveal(*found);
    if (!whole) return whole;
    identity::audit(
        tx, access,
        {audit_id, now, "people.number.reveal", object_of(profile->id), {{"kind", {{"to", word(found->kind)}}}}});
    return whole;
  };
  co_return co_await with_.database.write(std::move(write));
}

// ---- the blacklist ----

Task<Result<PersonView>> Service::block(Access access, Reach reach, std::int64_t id, std::string reason,
                                        TimeMs ends_at) {
  const TimeMs now = with_.clock.now();
  const std::int64_t audit_id = with_.ids.next();
  const std::int64_t block_id = with_.ids.next();
  auto write = [=, this](sql::Transaction& tx) -> Result<PersonView> {
    const auto profile = shown_profile(tx, access, id);
    if (!profile) return fail(errors::not_found("person"));
    store::lift_blocks(tx, profile->id, access.username(), now);
    store::insert_block(
        tx, {block_id, access.appid(), profile->id, mask_personal_data(reason), access.username(), now, ends_at});
    identity::audit(tx, access,
                    {audit_id, now, "people.person.block", object_of(profile->id), {{"ends_at", {{"to", ends_at}}}}});
    with_.news.blocked(tx, *profile, ends_at, now);
    return view_of(tx, *profile, reach, now);
  };
  co_return co_await with_.database.write(std::move(write));
}

// All of the person's in this mini program: nobody is half unblocked.
Task<Result<void>> Service::unblock(Access access, std::int64_t id) {
  const TimeMs now = with_.clock.now();
  const std::int64_t audit_id = with_.ids.next();
  auto write = [=, this](sql::Transaction& tx) -> Result<void> {
    const auto profile = shown_profile(tx, access, id);
    if (!profile || !store::is_blocked(tx, profile->id, now)) return fail(errors::not_found("block"));
    for (const Profile& one : store::profiles_of(tx, profile->person))
      if (one.appid == access.appid()) store::lift_blocks(tx, one.id, access.username(), now);
    identity::audit(tx, access, {audit_id, now, "people.person.unblock", object_of(profile->id)});
    with_.news.unblocked(tx, *profile, now);
    return {};
  };
  co_return co_await with_.database.write(std::move(write));
}

Task<Result<PageOf<BlockedView>>> Service::blacklist(Access access, std::int64_t before, int limit) {
  const TimeMs now = with_.clock.now();
  auto read = [=, this](sql::Transaction& tx) -> Result<PageOf<BlockedView>> {
    std::vector<BlockedView> views;
    for (Block& block : store::list_blocks(tx, access.appid(), shown_to(access), now, before, limit + 1)) {
      auto profile = store::profile(tx, block.profile).value();
      views.push_back({std::move(block), {std::move(profile), true}});
    }
    return page_of(std::move(views), limit,
                   [](const BlockedView& one) { return std::pair(one.block.blocked_at, one.block.id); });
  };
  co_return co_await with_.database.read(std::move(read));
}

}  // namespace miniops::people
