// Use cases of people: persons and their profiles, links, the blacklist, custom attributes, segments.
//
// Each takes the proof of access to the mini program that the request names, and where a person's other parts matter
// also how far the caller reaches. What the caller may not see is not in the answer, and answers not_found when named.
#pragma once

#include "people/directory.hpp"
#include "people/reach.hpp"
#include "people/store.hpp"
#include "people/visibility.hpp"

namespace miniops::people {

struct NumberView {
  std::string field{};  // nickname, note, attributes.city
  SealedNumber number{};
};
struct ProfileView {
  Profile profile;
  std::vector<Identity> identities{};
  json::object attributes{};  // by key
  std::vector<NumberView> numbers{};
  std::optional<Block> block{};
};
struct PersonView {
  PersonId id{};
  std::vector<ProfileView> profiles{};  // of the request's mini program first; only those that the caller may see
};
struct LinkView {
  Link link;
  Profile a, b;
};
struct ProposalView {
  Proposal proposal;
  Profile a, b;
};
struct BlockedView {
  Block block;
  store::Row row;
};

// What a person changes of a profile.
struct ProfilePatch {
  std::int64_t version = 0;
  std::optional<std::string> nickname{}, avatar_url{}, note{};
  std::optional<int> level{};
  std::optional<std::vector<std::string>> tags{};
  json::object attributes{};  // by key; null takes a value away
};

template <class T>
struct PageOf {
  std::vector<T> items{};
  store::Before next{};
};

// Cuts the row that tells whether more follow.
template <class T, class Key>
PageOf<T> page_of(std::vector<T> items, int limit, Key key) {
  PageOf<T> page{std::move(items)};
  if (page.items.size() <= static_cast<std::size_t>(limit)) return page;
  page.items.resize(static_cast<std::size_t>(limit));
  page.next = key(page.items.back());
  return page;
}

class Service {
 public:
  struct Collaborators {
    sql::Database& database;
    const Clock& clock;
    IdSource& ids;
    const IdentityVault& vault;
    const Directory& directory;
    const News& news;
  };
  explicit Service(const Collaborators& with) : with_(with) {}
  // Before the first call. Without it everybody with desk.read is shown everybody.
  void set_visibility(const Visibility& visibility) { visibility_ = &visibility; }

  // ---- persons ----
  Task<Result<PageOf<store::Row>>> list(Access access, store::Before before, int limit);
  // Phones and what else is sealed: only with personal_data_read, or who sees a masked number could try the rest. With
  // the kind phone also whom a text of theirs holds it of, and there ID and card numbers, too.
  Task<Result<std::vector<store::Row>>> search(Access access, IdentityKind kind, std::string value);
  // `id` is that of a person or of one of their profiles, here as in all that follow.
  Task<Result<PersonView>> person(Access access, Reach reach, std::int64_t id);
  Task<Result<PersonView>> change(Access access, Reach reach, std::int64_t id, ProfilePatch patch);
  // A unionid is added and removed with a key of the API only.
  Task<Result<PersonView>> add_identity(Access access, Reach reach, std::int64_t id, IdentityKind kind,
                                        std::string value);
  Task<Result<void>> remove_identity(Access access, std::int64_t id, IdentityId identity);
  // The whole id, and the audit entry that says so.
  Task<Result<std::string>> reveal(Access access, std::int64_t id, IdentityId identity);

  // A whole number in a text of the profile, as it was written, and its audit entry.
  Task<Result<std::string>> reveal(Access access, std::int64_t id, NumberRowId number);

  // ---- links ----
  Task<Result<std::vector<LinkView>>> links(Access access, Reach reach, std::int64_t id);
  Task<Result<LinkView>> link(Access access, Reach reach, std::int64_t id, std::int64_t other);
  Task<Result<void>> undo_link(Access access, Reach reach, std::int64_t id, LinkId link);
  Task<Result<PageOf<ProposalView>>> proposals(Access access, Reach reach, ProposalId before, int limit);
  Task<Result<ProposalView>> decide(Access access, Reach reach, ProposalId id, ProposalState state);

  // ---- the blacklist ----
  Task<Result<PersonView>> block(Access access, Reach reach, std::int64_t id, std::string reason, TimeMs ends_at);
  Task<Result<void>> unblock(Access access, std::int64_t id);
  Task<Result<PageOf<BlockedView>>> blacklist(Access access, std::int64_t before, int limit);

  // ---- custom attributes ----
  Task<Result<std::vector<Attribute>>> attributes(Access access);
  Task<Result<Attribute>> add_attribute(Access access, Attribute attribute);
  Task<Result<Attribute>> change_attribute(Access access, AttributeId id, json::value patch);
  Task<Result<void>> remove_attribute(Access access, AttributeId id);

  // ---- segments ----
  Task<Result<std::vector<Segment>>> segments(Access access);
  Task<Result<Segment>> segment(Access access, SegmentId id);
  Task<Result<Segment>> add_segment(Access access, std::string name, json::value condition);
  Task<Result<Segment>> change_segment(Access access, SegmentId id, std::optional<std::string> name,
                                       std::optional<json::value> condition);
  Task<Result<void>> remove_segment(Access access, SegmentId id);
  Task<Result<std::int64_t>> count(Access access, SegmentId id);
  Task<Result<PageOf<store::Row>>> members(Access access, SegmentId id, ProfileId before, int limit);

 private:
  store::ShownTo shown_to(const Access& access) const;
  // The profile in the access's mini program (store::profile_in), when the caller is shown the person.
  std::optional<Profile> shown_profile(sql::Transaction& tx, const Access& access, std::int64_t id) const;
  bool shows(sql::Transaction& tx, const Access& access, const Profile& profile) const;
  bool shows(sql::Transaction& tx, const Access& access, const std::pair<Profile, Profile>& ends) const;
  Task<Result<std::vector<store::Row>>> search_number(Access access, std::string value);

  const Collaborators with_;
  const Visibility* visibility_ = nullptr;
};

// All that the caller may see of the person of this profile.
PersonView view_of(sql::Transaction& tx, const Profile& profile, const Reach& reach, TimeMs now);
// An API key, or a person at the console.
Source source_of(const Access& access);

}  // namespace miniops::people
