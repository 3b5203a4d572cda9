#include "people/links.hpp"

#include "people/errors.hpp"

namespace miniops::people {

namespace {

constexpr std::size_t profiles_max = 200;
constexpr int shared_max = 20;

std::vector<ProfileId> ids_of(const std::vector<Profile>& profiles) {
  std::vector<ProfileId> ids;
  for (const Profile& profile : profiles) ids.push_back(profile.id);
  return ids;
}

}  // namespace

std::map<ProfileId, ProfileId> groups_of(const std::vector<ProfileId>& profiles, const std::vector<Link>& links) {
  std::map<ProfileId, ProfileId> leader;
  for (const ProfileId id : profiles) leader[id] = id;
  const auto find = [&leader](ProfileId id) {
    while (leader.at(id) != id) id = leader.at(id);
    return id;
  };
  for (const Link& link : links) {
    if (!leader.contains(link.a) || !leader.contains(link.b)) continue;
    const auto [low, high] = std::minmax({find(link.a), find(link.b)});
    leader[high] = low;
  }
  for (auto& [id, of] : leader) of = find(id);
  return leader;
}

bool Links::has_room(const Profile& one, const Profile& other) const {
  return store::profiles_of(tx_, one.person).size() + store::profiles_of(tx_, other.person).size() <= profiles_max;
}

void Links::connect(const Profile& one, const Profile& other, LinkSource source, const std::string& by, LinkId id) {
  const Link link{id, std::min(one.id, other.id), std::max(one.id, other.id), source, by, now_};
  if (!store::insert_link(tx_, link)) return;
  if (one.person != other.person) {
    const PersonId person = std::min(one.person, other.person);
    store::move_all(tx_, std::max(one.person, other.person), person);
    news_.regrouped(tx_, ids_of(store::profiles_of(tx_, person)));
  }
  tell(link, false);
}

// Each end hears of it.
void Links::tell(const Link& link, bool undone, ProfileId unheard) {
  for (const ProfileId id : {link.a, link.b}) {
    if (id == unheard) continue;
    if (const auto profile = store::profile(tx_, id)) news_.linked(tx_, *profile, link, undone, now_);
  }
}

Result<Link> Links::join(const Profile& one, const Profile& other, LinkSource source, const std::string& by) {
  if (one.person == other.person) return fail(errors::already_linked());
  if (!has_room(one, other)) return fail(errors::too_many_profiles());
  const auto id = ids_.next_as<LinkId>();
  connect(one, other, source, by, id);
  return store::live_link(tx_, id).value();
}

void Links::undo(const Link& link, const std::string& by) {
  store::mark_undone(tx_, link.id, by, now_);
  if (const auto profile = store::profile(tx_, link.a)) regroup(profile->person);
  tell(link, true);
}

// All profiles with one `person` take the smallest id of their own group.
void Links::regroup(PersonId person) {
  const std::vector<ProfileId> ids = ids_of(store::profiles_of(tx_, person));
  std::vector<Link> links = store::links_of(tx_, person);
  bool any = false;
  for (const auto& [id, leader] : groups_of(ids, links)) {
    if (leader.value() == person.value()) continue;
    store::set_person(tx_, id, PersonId(leader.value()));
    any = true;
  }
  if (any) news_.regrouped(tx_, ids);
}

void Links::follow_unionid(const Profile& profile, const Identity& unionid) {
  if (store::was_separated(tx_, profile.id)) return;
  const auto eldest = store::others_with(tx_, unionid, 1);
  if (eldest.empty()) return;
  const auto other = store::profile(tx_, eldest.front());
  if (!other || (other->person != profile.person && !has_room(profile, *other))) return;
  connect(profile, *other, LinkSource::unionid, "", ids_.next_as<LinkId>());
}

void Links::delete_unionid_links(const Profile& profile, ProfileId unheard) {
  std::vector<Link> links = store::links_of(tx_, profile.person);
  std::erase_if(links, [&](const Link& link) {
    return link.source != LinkSource::unionid || (link.a != profile.id && link.b != profile.id);
  });
  store::delete_unionid_links(tx_, profile.id);
  for (const Link& link : links) tell(link, true, unheard);
}

void Links::drop_unionid(const Profile& profile, ProfileId unheard) {
  const auto neighbours = store::unionid_neighbours(tx_, profile.id);
  delete_unionid_links(profile, unheard);
  // It may have been what held the others together.
  for (std::size_t i = 1; i < neighbours.size(); ++i) {
    const auto one = store::profile(tx_, neighbours[i - 1]);
    const auto other = store::profile(tx_, neighbours[i]);
    if (one && other && !store::was_separated(tx_, one->id, other->id))
      connect(*one, *other, LinkSource::unionid, "", ids_.next_as<LinkId>());
  }
  regroup(profile.person);
}

void Links::forget(const Profile& profile) {
  drop_unionid(profile, profile.id);
  const std::vector<ProfileId> together = ids_of(store::profiles_of(tx_, store::profile(tx_, profile.id)->person));
  // Those that stay have its `person` as long as regroup has not looked again.
  const PersonId person = store::profile(tx_, profile.id)->person;
  store::delete_profile(tx_, profile.id);
  if (together.size() > 1) news_.regrouped(tx_, together);
  regroup(person);
}

void Links::propose(const Profile& profile, const Identity& identity) {
  if (identity.kind != IdentityKind::phone && identity.kind != IdentityKind::login_id) return;
  const auto others = store::others_with(tx_, identity, shared_max);
  if (others.size() >= static_cast<std::size_t>(shared_max)) return;
  for (const ProfileId id : others) {
    const auto other = store::profile(tx_, id);
    if (!other || other->person == profile.person) continue;
    if (store::was_proposed(tx_, profile.person, other->person)) continue;
    store::insert_proposal(tx_, {ids_.next_as<ProposalId>(), std::min(profile.id, id), std::max(profile.id, id),
                                 identity.kind, ProposalState::open, now_});
  }
}

void Links::take_back_proposals(const Profile& profile, IdentityKind because) {
  store::delete_open_proposals(tx_, profile.id, because);
  for (const Identity& identity : store::identities_of(tx_, profile.id))
    if (identity.kind == because) propose(profile, identity);
}

}  // namespace miniops::people
