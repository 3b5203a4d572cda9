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
  // It is deleted, and so must be what was copied of it.
  virtual Result<void> forgotten(sql::Transaction& tx, ProfileId profile, TimeMs now) = 0;
};

// Owned by the program. set_listener() before anything is changed; then safe from any thread.
class News {
 public:
  void set_listener(ProfileListener& listener) { listener_ = &listener; }
  Result<void> changed(sql::Transaction& tx, const Profile& profile, TimeMs now) const {
    return listener_ != nullptr ? listener_->changed(tx, profile, now) : Result<void>{};
  }
  Result<void> forgotten(sql::Transaction& tx, ProfileId profile, TimeMs now) const {
    return listener_ != nullptr ? listener_->forgotten(tx, profile, now) : Result<void>{};
  }

 private:
  ProfileListener* listener_ = nullptr;
};

}  // namespace miniops::people
