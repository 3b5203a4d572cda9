// Who is told when a profile changes. Whoever keeps a copy of a name to show it in lists listens here, and writes
// within the transaction of the change.
#pragma once

#include "people/person.hpp"
#include "storage/sql/database.hpp"

namespace miniops::people {

class ProfileListener {
 public:
  virtual ~ProfileListener() = default;
  // Nickname, avatar, note, level or tags are other ones now. What fails here fails the change.
  virtual Result<void> changed(sql::Transaction& tx, const Profile& profile, TimeMs now) = 0;
  // Links that were made or undone: some of these profiles belong to another person now.
  virtual void regrouped(sql::Transaction& tx, const std::vector<ProfileId>& profiles) = 0;
  // It is deleted, and so must be what was copied of it.
  virtual Result<void> forgotten(sql::Transaction& tx, ProfileId profile, TimeMs now) = 0;
  // Onto the blacklist until then (0: until it is lifted), and off it; by somebody, not by the time that ran out.
  virtual void blocked(sql::Transaction&, const Profile&, TimeMs /*ends_at*/, TimeMs /*now*/) {}
  virtual void unblocked(sql::Transaction&, const Profile&, TimeMs /*now*/) {}
  // It was linked to another, by somebody or by its unionid, or that was undone: once for each end.
  virtual void linked(sql::Transaction&, const Profile&, const Link&, bool /*undone*/, TimeMs /*now*/) {}
};

// Owned by the program. set_listener() before anything is changed; then safe from any thread.
class News {
 public:
  void set_listener(ProfileListener& listener) { listener_ = &listener; }
  Result<void> changed(sql::Transaction& tx, const Profile& profile, TimeMs now) const {
    return listener_ != nullptr ? listener_->changed(tx, profile, now) : Result<void>{};
  }
  void regrouped(sql::Transaction& tx, const std::vector<ProfileId>& profiles) const {
    if (listener_ != nullptr) listener_->regrouped(tx, profiles);
  }
  Result<void> forgotten(sql::Transaction& tx, ProfileId profile, TimeMs now) const {
    return listener_ != nullptr ? listener_->forgotten(tx, profile, now) : Result<void>{};
  }
  void blocked(sql::Transaction& tx, const Profile& profile, TimeMs ends_at, TimeMs now) const {
    if (listener_ != nullptr) listener_->blocked(tx, profile, ends_at, now);
  }
  void unblocked(sql::Transaction& tx, const Profile& profile, TimeMs now) const {
    if (listener_ != nullptr) listener_->unblocked(tx, profile, now);
  }
  void linked(sql::Transaction& tx, const Profile& profile, const Link& link, bool undone, TimeMs now) const {
    if (listener_ != nullptr) listener_->linked(tx, profile, link, undone, now);
  }

 private:
  ProfileListener* listener_ = nullptr;
};

}  // namespace miniops::people
