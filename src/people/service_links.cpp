// Links and proposals.
#include "identity/audit.hpp"
#include "people/errors.hpp"
#include "people/links.hpp"
#include "people/service.hpp"

namespace miniops::people {

namespace {

std::string object_of(LinkId id) { return "person_link:" + id.str(); }

json::object ends_of(ProfileId a, ProfileId b) {
  return {{"profiles", {{"to", json::array{"person:" + a.str(), "person:" + b.str()}}}}};
}

// Both ends, when the caller may see them.
std::optional<std::pair<Profile, Profile>> visible_ends(sql::Transaction& tx, ProfileId a, ProfileId b,
                                                        const Reach& reach) {
  auto one = store::profile(tx, a);
  auto other = store::profile(tx, b);
  if (!one || !other || !reach.sees(one->appid) || !reach.sees(other->appid)) return std::nullopt;
  return std::pair(std::move(*one), std::move(*other));
}

// The profile of this id, or another of its person, that the caller may change.
Result<Profile> other_end(sql::Transaction& tx, std::int64_t id, const Reach& reach) {
  const auto named = store::profile(tx, ProfileId(id));
  if (!named) return fail(errors::not_found("person"));
  auto all = store::profiles_of(tx, named->person);
  std::erase_if(all, [&](const Profile& one) { return !reach.sees(one.appid); });
  if (all.empty()) return fail(errors::not_found("person"));
  std::erase_if(all, [&](const Profile& one) { return !reach.changes(one.appid); });
  if (all.empty()) return fail(errors::needs_reply());
  const auto same = std::ranges::find(all, named->id, &Profile::id);
  return same != all.end() ? *same : all.front();
}

bool may_change(const std::pair<Profile, Profile>& ends, const Reach& reach) {
  return reach.changes(ends.first.appid) && reach.changes(ends.second.appid);
}

}  // namespace

Task<Result<std::vector<LinkView>>> Service::links(Access access, Reach reach, std::int64_t id) {
  auto read = [=, this](sql::Transaction& tx) -> Result<std::vector<LinkView>> {
    const auto profile = shown_profile(tx, access, id);
    if (!profile) return fail(errors::not_found("person"));
    std::map<ProfileId, Profile> seen;
    for (Profile& one : store::profiles_of(tx, profile->person))
      if (reach.sees(one.appid)) seen[one.id] = std::move(one);
    std::vector<LinkView> out;
    for (const Link& link : store::links_of(tx, profile->person))
      if (seen.contains(link.a) && seen.contains(link.b)) out.push_back({link, seen[link.a], seen[link.b]});
    return out;
  };
  co_return co_await with_.database.read(std::move(read));
}

Task<Result<LinkView>> Service::link(Access access, Reach reach, std::int64_t id, std::int64_t other_id) {
  const TimeMs now = with_.clock.now();
  const std::int64_t audit_id = with_.ids.next();
  const LinkSource source = source_of(access) == Source::api ? LinkSource::api : LinkSource::agent;
  auto write = [=, this](sql::Transaction& tx) -> Result<LinkView> {
    const auto profile = shown_profile(tx, access, id);
    if (!profile) return fail(errors::not_found("person"));
    const auto other = other_end(tx, other_id, reach);
    if (!other) return std::unexpected(other.error());
    if (!shows(tx, access, std::pair(*profile, *other))) return fail(errors::not_found("person"));
    const auto link = Links(tx, with_.ids, with_.news, now).join(*profile, *other, source, access.username());
    if (!link) return std::unexpected(link.error());
    identity::audit(tx, access, {audit_id, now, "people.link.make", object_of(link->id), ends_of(link->a, link->b)});
    const bool first = link->a == profile->id;
    return LinkView{*link, first ? *profile : *other, first ? *other : *profile};
  };
  co_return co_await with_.database.write(std::move(write));
}

Task<Result<void>> Service::undo_link(Access access, Reach reach, std::int64_t id, LinkId link_id) {
  const TimeMs now = with_.clock.now();
  const std::int64_t audit_id = with_.ids.next();
  auto write = [=, this](sql::Transaction& tx) -> Result<void> {
    const auto profile = shown_profile(tx, access, id);
    if (!profile) return fail(errors::not_found("person"));
    const auto link = store::live_link(tx, link_id);
    if (!link) return fail(errors::not_found("link"));
    const auto ends = visible_ends(tx, link->a, link->b, reach);
    if (!ends || ends->first.person != profile->person) return fail(errors::not_found("link"));
    if (!may_change(*ends, reach)) return fail(errors::needs_reply());
    Links(tx, with_.ids, with_.news, now).undo(*link, access.username());
    identity::audit(tx, access, {audit_id, now, "people.link.undo", object_of(link->id), ends_of(link->a, link->b)});
    return {};
  };
  co_return co_await with_.database.write(std::move(write));
}

// Looks at a page of what there is; what of it the caller may see can be less.
Task<Result<PageOf<ProposalView>>> Service::proposals(Access access, Reach reach, ProposalId before, int limit) {
  auto read = [=, this](sql::Transaction& tx) -> Result<PageOf<ProposalView>> {
    const auto key = [](const Proposal& one) { return std::pair(one.proposed_at, one.id.value()); };
    const auto page = page_of(store::open_proposals(tx, access.appid(), before, limit + 1), limit, key);
    PageOf<ProposalView> out{{}, page.next};
    for (const Proposal& one : page.items)
      if (auto ends = visible_ends(tx, one.a, one.b, reach); ends && shows(tx, access, *ends))
        out.items.push_back({one, std::move(ends->first), std::move(ends->second)});
    return out;
  };
  co_return co_await with_.database.read(std::move(read));
}

Task<Result<ProposalView>> Service::decide(Access access, Reach reach, ProposalId id, ProposalState state) {
  const TimeMs now = with_.clock.now();
  const std::int64_t audit_id = with_.ids.next();
  auto write = [=, this](sql::Transaction& tx) -> Result<ProposalView> {
    auto proposal = store::proposal(tx, id);
    if (!proposal) return fail(errors::not_found("proposal"));
    const auto ends = visible_ends(tx, proposal->a, proposal->b, reach);
    if (!ends || !shows(tx, access, *ends) ||
        (ends->first.appid != access.appid() && ends->second.appid != access.appid()))
      return fail(errors::not_found("proposal"));
    if (!may_change(*ends, reach)) return fail(errors::needs_reply());
    if (proposal->state != ProposalState::open) return fail(errors::decided());
    if (state == ProposalState::confirmed && ends->first.person != ends->second.person) {
      const auto link = Links(tx, with_.ids, with_.news, now)
                            .join(ends->first, ends->second, LinkSource::proposal, access.username());
      if (!link) return std::unexpected(link.error());
    }
    proposal->state = state;
    proposal->decided_by = access.username();
    proposal->decided_at = now;
    store::decide(tx, *proposal);
    const std::string action = state == ProposalState::confirmed ? "people.proposal.confirm" : "people.proposal.reject";
    identity::audit(tx, access,
                    {audit_id, now, action, "person_proposal:" + id.str(), ends_of(proposal->a, proposal->b)});
    return ProposalView{*proposal, ends->first, ends->second};
  };
  co_return co_await with_.database.write(std::move(write));
}

}  // namespace miniops::people
