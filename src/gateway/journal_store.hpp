// The journal's SQL.
#pragma once

#include <span>
#include <vector>

#include "gateway/journal.hpp"

namespace miniops::gateway {

// Stores entries that are not stored yet; the outcome of each. `entries` in order of arrival.
std::vector<AppendOutcome> append_entries(sql::Transaction& tx, std::span<const JournalEntry* const> entries);

// Deletes up to `limit` of the oldest entries of a partition that are received before `before` and at or below
// `passed`; false when there was none to delete.
bool delete_old_entries(sql::Transaction& tx, int partition, std::int64_t passed, TimeMs before, int limit);

}  // namespace miniops::gateway
