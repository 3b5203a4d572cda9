// How far a caller sees and acts beyond the mini program of the request: a person has parts in others.
#pragma once

#include <set>

#include "identity/access.hpp"

namespace miniops::people {

using identity::Access;

class Reach {
 public:
  using Appids = std::optional<std::set<AppId>>;  // nullopt: all

  explicit Reach(const identity::Caller& caller)
      : Reach(caller.appids_with(identity::Permission::desk_read), caller.appids_with(identity::Permission::desk_reply),
              caller.appids_with(identity::Permission::personal_data_read)) {}
  Reach(Appids seen, Appids changed, Appids unmasked)
      : seen_(std::move(seen)), changed_(std::move(changed)), unmasked_(std::move(unmasked)) {}

  bool sees(const AppId& appid) const { return has(seen_, appid); }
  bool changes(const AppId& appid) const { return sees(appid) && has(changed_, appid); }
  bool sees_personal_data(const AppId& appid) const { return sees(appid) && has(unmasked_, appid); }

 private:
  static bool has(const Appids& appids, const AppId& appid) { return !appids || appids->contains(appid); }

  Appids seen_, changed_, unmasked_;
};

}  // namespace miniops::people
