// Entries that a consumer could not take: shown, replayed or dropped by a person.
#pragma once

#include <boost/json/object.hpp>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "gateway/journal.hpp"
#include "identity/access.hpp"
#include "net/http.hpp"

namespace miniops::gateway {

struct DeadLetter {
  std::int64_t id = 0;
  std::string consumer;
  std::int64_t entry_id = 0;
  OpenId openid;
  TimeMs received_at = 0, failed_at = 0;
  int attempts = 0;
  std::string error;
  std::string message;  // its kind, for the list: "text", "event user_enter_tempsession"; never its content
};

// Inside a closure. `entry`'s journal row is kept as long as the dead letter is.
void insert_dead_letter(sql::Transaction& tx, DeadLetter letter, const JournalEntry& entry, std::int64_t change_id);
std::int64_t count_dead_letters(sql::Transaction& tx, const AppId& appid, std::string_view consumer);

class DeadLetters {
 public:
  DeadLetters(sql::Database& database, const Clock& clock, IdSource& ids)
      : database_(database), clock_(clock), ids_(ids) {}
  // Those whose dead letters can be replayed; before the first call.
  void add_consumer(TransactionalConsumer& consumer) { consumers_[std::string(consumer.name())] = &consumer; }

  struct List {
    std::vector<DeadLetter> items;
    std::optional<std::string> next_cursor{};
  };
  Task<Result<List>> list(const identity::Access& access, net::Page page);
  // The consumer takes it once more, in the transaction that removes the dead letter. gateway.replay_failed
  Task<Result<void>> replay(const identity::Access& access, std::int64_t id);
  Task<Result<void>> drop(const identity::Access& access, std::int64_t id);

 private:
  sql::Database& database_;
  const Clock& clock_;
  IdSource& ids_;
  std::map<std::string, TransactionalConsumer*, std::less<>> consumers_;
};

}  // namespace miniops::gateway
