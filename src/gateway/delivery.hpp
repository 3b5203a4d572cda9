// What follows from one attempt to send: the outbox's state machine. decide() is pure; settle_attempt() writes it.
#pragma once

#include "gateway/outbox_store.hpp"

namespace miniops::gateway {

// How one attempt went.
struct AttemptResult {
  enum class Kind {
    sent,       // WeChat said 0
    refused,    // WeChat said errcode
    not_sent,   // no byte of the message has left
    uncertain,  // bytes may have left and the answer was not read
  };
  Kind kind = Kind::not_sent;
  int errcode = 0;
  std::string errmsg{};
  std::string reason{};      // for not_sent: "no_token", "network", "paused", "rate_limited" …
  TimeMs retry_at = 0;       // for not_sent: not before
  bool of_upload = false;    // it was the picture's upload that was refused; the message was not touched
  std::uint64_t random = 0;  // jitter, drawn before the closure
};

struct Verdict {
  enum class Step { sent, retry, hold, fail };
  Step step = Step::fail;
  TimeMs retry_at = 0;
  std::string reason{};        // a stable word, shown and explained
  bool upload_again = false;   // the picture's media_id is not valid any more
  bool window_closed = false;  // WeChat says so
  bool budget_spent = false;   // WeChat says so
};
Verdict decide(const OutboxRow& row, const AttemptResult& result, TimeMs now);

// 1 s, 2 s, 4 s … 5 min, less up to a half of it.
TimeMs backoff_ms(int attempts, std::uint64_t random);

// In a closure: ends the attempt that `row` has under way, moves the row, keeps the budget, tells the listener.
void settle_attempt(sql::Transaction& tx, const Outbox& outbox, DeliveryListener* listener, OutboxRow row,
                    const AttemptResult& result, TimeMs now);
// Fails a row whose time is over.
void expire_row(sql::Transaction& tx, const Outbox& outbox, DeliveryListener* listener, OutboxRow row, TimeMs now);

}  // namespace miniops::gateway
