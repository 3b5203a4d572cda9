// Saved views 视图: names for filters of the list of conversations, a member's own or shared within a mini program. The
// console applies them to the conversations that it follows, so that lists and counts are live; here they are kept.
#pragma once

#include "base/clock.hpp"
#include "base/ids.hpp"
#include "base/json.hpp"
#include "identity/access.hpp"
#include "storage/sql/database.hpp"

namespace miniops::desk {

using identity::Access;
using identity::AccountId;
using SavedViewId = NumberId<struct SavedViewIdTag>;

struct SavedView {
  SavedViewId id{};
  AccountId owner{};  // none: shared
  std::string name{};
  json::object filter{};
  TimeMs updated_at = 0;
};

// As it is stored: what asks for nothing is left out. Mistakes are told by `in`, whose finish() is the caller's. Pure.
json::object read_view_filter(JsonInput& in);

struct SavedViewPatch {
  std::optional<bool> shared{};
  std::optional<std::string> name{};
  std::optional<json::object> filter{};
};

inline constexpr int saved_views_max = 50;  // of one owner, and of the shared ones

// The use cases. Safe from any thread: it holds nothing that changes. Shared ones need desk.configure, or it fails with
// identity.forbidden, and are audited; others' own ones are desk.not_found.
class SavedViews {
 public:
  SavedViews(sql::Database& database, const Clock& clock, IdSource& ids)
      : database_(database), clock_(clock), ids_(ids) {}

  // The shared ones, then the caller's, each in their order.
  Task<Result<std::vector<SavedView>>> list(Access access);
  // At the end of its kind. desk.too_many
  Task<Result<SavedView>> add(Access access, SavedViewPatch given);
  // desk.not_found, desk.too_many
  Task<Result<SavedView>> change(Access access, SavedViewId id, SavedViewPatch patch);
  Task<Result<void>> remove(Access access, SavedViewId id);
  // These first, in this order; then those that are not named, as they were. Ids of no such view do not count.
  Task<Result<void>> order(Access access, bool shared, std::vector<SavedViewId> first);

 private:
  sql::Database& database_;
  const Clock& clock_;
  IdSource& ids_;
};

}  // namespace miniops::desk
