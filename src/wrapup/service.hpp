// The use cases of the console: which reasons and custom fields a mini program has, whether a reason is required, which
// tags were used lately. Each takes the proof of access to the mini program. Safe from any thread.
#pragma once

#include "base/task.hpp"
#include "identity/audit.hpp"
#include "wrapup/store.hpp"

namespace miniops::wrapup {

using identity::Access;

inline constexpr int lately_used_max = 100;

class Service {
 public:
  struct Collaborators {
    sql::Database& database;
    const Clock& clock;
    IdSource& ids;
  };
  explicit Service(const Collaborators& with) : with_(with) {}

  // Changes are audited, and answered with all there are.

  Task<Result<Reasons>> reasons(Access access);
  // At the end of its level. wrapup.too_many, wrapup.exists, wrapup.not_found and wrapup.too_deep: of the one above
  Task<Result<Reasons>> add_reason(Access access, ReasonPatch given);
  Task<Result<Reasons>> change_reason(Access access, ReasonId id, ReasonPatch patch);
  // Those below one (none: the first level), all of them, in their new order. wrapup.changed: these are others
  Task<Result<Reasons>> order_reasons(Access access, ReasonId parent, std::vector<ReasonId> ids);
  // wrapup.used, wrapup.has_children
  Task<Result<void>> remove_reason(Access access, ReasonId id);

  Task<Result<std::vector<Field>>> fields(Access access);
  // At the end. wrapup.too_many (archived ones count), wrapup.exists
  Task<Result<Field>> add_field(Access access, Field field);
  Task<Result<Field>> change_field(Access access, FieldId id, json::value patch);
  Task<Result<std::vector<Field>>> order_fields(Access access, std::vector<FieldId> ids);
  Task<Result<void>> remove_field(Access access, FieldId id);  // wrapup.used

  Task<Result<std::vector<store::LatelyUsed>>> tags(Access access);

  Task<Result<bool>> reason_required(Access access);
  Task<Result<bool>> require_reason(Access access, bool required);

 private:
  identity::AuditEntry entry(std::string action, std::string object) const;

  const Collaborators with_;
};

}  // namespace miniops::wrapup
