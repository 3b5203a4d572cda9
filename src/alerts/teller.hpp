// From what a receiver is still to be told to notifications: what is silenced or hidden by a graver alert waits, what
// waits is put together, and nobody gets more than there is room for. Besides: repeating and escalating.
#pragma once

#include <functional>

#include "alerts/message.hpp"
#include "alerts/recorder.hpp"

namespace miniops::alerts {

// One caller at a time. Collaborators must outlive it.
class Teller {
 public:
  struct Collaborators {
    sql::Database& database;
    Sender& sender;
    const Clock& clock;
    IdSource& ids;
    std::string public_url;  // for links; empty: none
  };
  explicit Teller(const Collaborators& with) : with_(with) {}

  void name(const AppId& appid, std::string name) { names_[appid] = std::move(name); }
  // What is due, each mailbox in one transaction with its notification. True: somebody was told.
  Task<Result<bool>> tell();
  // Of what nobody acknowledged. True: there was something.
  Task<Result<bool>> remind();

 private:
  struct Wanted {  // of one alert, in one mailbox
    Alert alert;
    std::string what;
    std::vector<std::int64_t> news;
  };
  Result<bool> tell_mailbox(sql::Transaction& tx, const store::Mailbox& mailbox, notify::NotificationId id, TimeMs now);
  std::vector<Wanted> choose(sql::Transaction& tx, const store::Mailbox& mailbox, TimeMs now);
  bool tells(sql::Transaction& tx, const Wanted& wanted, TimeMs now);
  notify::Notification letter(sql::Transaction& tx, const store::Mailbox& mailbox, const std::vector<Wanted>& wanted,
                              const Receivers& receivers) const;
  Result<void> remind_of(sql::Transaction& tx, const AppId& appid, AlertId id, TimeMs now);

  const Collaborators with_;
  std::map<AppId, std::string> names_;
};

// Why nobody is told of an open alert now: "silence:7", "alert:9"; "" when they are.
std::string hidden_by(sql::Transaction& tx, const Alert& alert, TimeMs now);

}  // namespace miniops::alerts
