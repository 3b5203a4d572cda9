// The relay: each push goes on to the team's own backend, byte for byte as WeChat sent it (design 3.3).
//
// A journal consumer takes each push over into a queue, in the transaction that moves its cursor; a row leaves the
// queue when the backend has answered with 2xx. So nothing is skipped, whatever dies when, and the backend sees a push
// at least once. In order per user; a user whose push fails holds up no other. After 24 h a push becomes a dead letter.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <functional>
#include <map>
#include <mutex>
#include <set>

#include "gateway/journal.hpp"
#include "gateway/miniprograms.hpp"
#include "net/address_guard.hpp"
#include "net/client.hpp"

namespace miniops::gateway {

// Takes over what is to be relayed. Also what a replayed dead letter goes through.
class RelayConsumer final : public TransactionalConsumer {
 public:
  explicit RelayConsumer(std::function<void()> waker) : waker_(std::move(waker)) {}
  std::string_view name() const override { return "relay"; }
  Result<void> apply(sql::Transaction& tx, const JournalEntry& entry, TimeMs now) override;
  void committed() override { waker_(); }

 private:
  std::function<void()> waker_;
};

class Relay {
 public:
  struct Settings {
    int at_once_per_app = 16;
    TimeMs http_timeout_ms = 10 * second_ms;
    net::AddressGuard guard{};  // members type the address: where it may lead
  };
  Relay(sql::Database& database, MiniPrograms& programs, const Clock& clock, IdSource& ids, net::HttpClient& http,
        Settings settings);

  // Sends the first waiting push of each user that is due, some at once; returns when all were answered. True: more
  // may be due at once.
  Task<Result<bool>> step();

 private:
  struct Due {
    std::int64_t entry_id = 0;
    int attempts = 0;
    TimeMs give_up_at = 0;
    JournalEntry entry;
  };
  Task<Result<std::vector<Due>>> find_due(AppId appid);
  Task<Result<bool>> step_app(std::shared_ptr<const MiniProgram> program);
  Task<std::string> forward(const MiniProgram& program, const JournalEntry& entry);
  Task<Result<void>> record(const std::vector<Due>& sent, const std::vector<std::string>& problems);

  sql::Database& database_;
  MiniPrograms& programs_;
  const Clock& clock_;
  IdSource& ids_;
  net::HttpClient& http_;
  const Settings settings_;
};

// The request that goes to the backend.
net::ClientRequest relay_request(const std::string& relay_url, const JournalEntry& entry);

}  // namespace miniops::gateway
