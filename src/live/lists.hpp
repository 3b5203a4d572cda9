// How many there are in each list of a mini program, for those whom single changes do not concern.
#pragma once

#include <boost/json/object.hpp>
#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <string>

#include "base/error.hpp"
#include "base/ids.hpp"
#include "base/task.hpp"
#include "identity/access.hpp"

namespace miniops::live {

// The groups whose changes somebody sees besides those about themselves; nullopt: all.
using Groups = std::optional<std::set<std::string>>;

// As of one moment, for everybody. Immutable.
class Lists {
 public:
  virtual ~Lists() = default;
  // What somebody sees who reads these groups: {"waiting": 3, …}. Quick: called under the hub's mutex.
  virtual boost::json::object of(identity::AccountId account, const Groups& groups) const = 0;
};
using ListsOf = std::function<Task<Result<std::shared_ptr<const Lists>>>(AppId)>;

}  // namespace miniops::live
