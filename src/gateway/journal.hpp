// The journal: every push, once, in order, on disk before it is acknowledged (design 3.3).
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "base/ids.hpp"
#include "base/task.hpp"
#include "storage/sql/database.hpp"
#include "wechat/message.hpp"

namespace miniops::gateway {

inline constexpr int partitions = 64;
int partition_of(const AppId& appid, const OpenId& openid);

// A push as it is stored.
struct JournalEntry {
  int partition = 0;
  std::int64_t position = 0;  // 1, 2, … within the partition, in commit order
  AppId appid;
  OpenId openid;
  std::string dedup_key;
  TimeMs received_at = 0;
  std::string raw_query;    // as they came, for the relay
  std::string raw_headers;  // JSON array of [name, value]
  std::string raw_body;
  std::string message;  // decrypted; empty when the same as raw_body
  wechat::Format format = wechat::Format::xml;

  std::string_view clear() const { return message.empty() ? std::string_view(raw_body) : std::string_view(message); }
};

// A consumer whose effects are rows: apply() runs in the transaction that moves the cursor, so that every effect
// happens exactly once. An Error (or an exception that is no engine failure) that comes back 5 times in a row sets the
// entry aside as a dead letter and the rest goes on.
class TransactionalConsumer {
 public:
  virtual ~TransactionalConsumer() = default;
  virtual std::string_view name() const = 0;  // "desk"; a constant, stored
  // Ids and the time are drawn before: `scratch` is made fresh by prepare() for each run of the transaction's batch.
  virtual Result<void> apply(sql::Transaction& tx, const JournalEntry& entry, TimeMs now) = 0;
  // After commit, on an io thread: wake-ups, never effects.
  virtual void committed() {}
};

}  // namespace miniops::gateway
