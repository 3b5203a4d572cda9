// What a replay asks of the rows besides the conversations. Called inside closures; stateless.
#pragma once

#include "desk/store.hpp"

namespace miniops::desk::store {

// How many were opened since then, at most `count_max`.
std::int64_t count_opened(sql::Transaction& tx, const AppId& appid, TimeMs since, std::int64_t count_max);
// Whose queue a conversation came into when it was opened, by the rules of then.
routing::GroupId first_group(sql::Transaction& tx, ConversationId id);

}  // namespace miniops::desk::store
