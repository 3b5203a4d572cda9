// How others say that something was recorded of a conversation: in the transaction that records it.
#pragma once

#include "reports/rows.hpp"
#include "storage/sql/database.hpp"

namespace miniops::reports {

// Its facts are derived anew a moment later. Calling it twice costs a row.
void note_change(sql::Transaction& tx, IdSource& ids, ConversationId conversation);

}  // namespace miniops::reports
