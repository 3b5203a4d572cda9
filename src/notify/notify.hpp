// notify as the program sees it: owns its parts and its worker (README.md). Other modules use Notifier alone.
#pragma once

#include <memory>

#include "base/random.hpp"
#include "identity/guard.hpp"
#include "net/server.hpp"
#include "notify/notifier.hpp"
#include "notify/sender.hpp"

namespace miniops::notify {

struct NotifySettings {
  SenderSettings sender{};
  std::string owner{};  // this process, in leases and claims
};

class Notify {
 public:
  struct Collaborators {
    sql::Database& database;
    const Sealer& sealer;
    const Clock& clock;
    Random& random;
    IdSource& ids;
    net::HttpClient& http;
    SubscribeSender& wechat;
    net::IoThreads& io;
  };
  // All collaborators must outlive it.
  Notify(const Collaborators& with, NotifySettings settings);
  ~Notify();

  Notifier& notifier();
  void mount(identity::Guard& guard);
  void start();
  void stop();  // at most 5 s later; while the io threads still run

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace miniops::notify
