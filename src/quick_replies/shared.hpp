// What other modules ask of shared quick replies, inside their own transaction.
#pragma once

#include "quick_replies/reply.hpp"
#include "storage/sql/database.hpp"

namespace miniops::quick_replies {

// nullopt: it is gone, somebody's own, or another mini program's.
std::optional<QuickReply> shared_reply(sql::Transaction& tx, const AppId& appid, QuickReplyId id);

}  // namespace miniops::quick_replies
