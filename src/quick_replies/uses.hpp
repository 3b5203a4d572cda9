// How often quick replies are used: counted in the transaction that sends.
#pragma once

#include "quick_replies/reply.hpp"
#include "storage/sql/database.hpp"

namespace miniops::quick_replies {

// One that is gone, or is somebody else's own, counts for nothing: a message is not lost over it. Costs no round trip.
// Each agent counts into one of 16 rows, so that transactions that send the same text are seldom in conflict.
void count_use(sql::Transaction& tx, const AppId& appid, AccountId account, QuickReplyId id, TimeMs now);

}  // namespace miniops::quick_replies
