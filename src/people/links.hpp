// Who is one person: what links join and what undoing them parts. Inside a transaction; no thread of its own.
//
// `person` of every profile is the smallest id among those that the remaining links hold together: each function here
// leaves it so. Nothing else is ever rewritten, so that undoing a link gives back what was before. Listeners hear of
// every link, whoever made it.
#pragma once

#include "people/news.hpp"
#include "people/store.hpp"

namespace miniops::people {

class Links {
 public:
  Links(sql::Transaction& tx, IdSource& ids, const News& news, TimeMs now)
      : tx_(tx), ids_(ids), news_(news), now_(now) {}

  // people.already_linked, people.too_many_profiles
  Result<Link> join(const Profile& one, const Profile& other, LinkSource source, const std::string& by);
  void undo(const Link& link, const std::string& by);

  // The profile has this unionid now: it becomes one with those that have it, unless a person parted it from them.
  void follow_unionid(const Profile& profile, const Identity& unionid);
  // It has it no longer: the links that it made go; the others of that unionid stay one.
  void drop_unionid(const Profile& profile) { drop_unionid(profile, {}); }
  // The profile goes, with everything about it.
  void forget(const Profile& profile);

  // Of a phone or login id: proposes a link to those who have the same; once for two persons. What more than 20 have
  // says nothing.
  void propose(const Profile& profile, const Identity& identity);
  // The profile has it no longer: what was proposed because of it, and is not decided, goes.
  void take_back_proposals(const Profile& profile, IdentityKind because);

 private:
  // `unheard`: of whom nothing is told.
  void drop_unionid(const Profile& profile, ProfileId unheard);
  bool has_room(const Profile& one, const Profile& other) const;
  void connect(const Profile& one, const Profile& other, LinkSource source, const std::string& by, LinkId id);
  void delete_unionid_links(const Profile& profile, ProfileId unheard);
  void tell(const Link& link, bool undone, ProfileId unheard = {});
  void regroup(PersonId person);

  sql::Transaction& tx_;
  IdSource& ids_;
  const News& news_;
  const TimeMs now_;
};

// The groups that links make of profiles: for each profile the smallest id of its group. Pure.
std::map<ProfileId, ProfileId> groups_of(const std::vector<ProfileId>& profiles, const std::vector<Link>& links);

}  // namespace miniops::people
