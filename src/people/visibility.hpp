// Who of the customers a caller is shown: asked of the module that has the conversations.
#pragma once

#include <string>
#include <string_view>

#include "identity/access.hpp"
#include "storage/sql/database.hpp"

namespace miniops::people {

// Safe from any thread.
class Visibility {
 public:
  virtual ~Visibility() = default;
  // A condition on the id of a profile of the access's mini program, " AND …", with its values added to `params`; ""
  // when all are shown.
  virtual std::string condition(const identity::Access& access, std::string_view profile,
                                sql::Params& params) const = 0;
};

}  // namespace miniops::people
