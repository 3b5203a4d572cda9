// Contact reason, tags and custom fields of a conversation (src/wrapup), as agents say them: when they close it,
// before, or afterwards. Private to the desk.
#pragma once

#include "desk/work.hpp"

namespace miniops::desk {

// Changes what is said of it, and leaves an event row for each change; audited once it is closed. False: nothing became
// other. wrapup.not_choosable, wrapup.invalid_field
Result<bool> wrap_up(Work& work, const wrapup::Patch& patch);
// Whoever closes must have said why the customer wrote. desk.reason_required
Result<void> check_reason(const Work& work);
// What its routing rule, its tags or the customer's point to; none, also when it has a reason.
wrapup::ReasonId suggested_reason(sql::Transaction& tx, const Thread& thread, const Conversation& conversation);

}  // namespace miniops::desk
