// webhooks as the program sees it: owns its parts and its loops (README.md). Other modules use Events alone.
#pragma once

#include <memory>

#include "base/random.hpp"
#include "base/seal.hpp"
#include "identity/guard.hpp"
#include "net/address_guard.hpp"
#include "net/client.hpp"
#include "net/server.hpp"
#include "storage/sql/config_version.hpp"
#include "webhooks/events.hpp"

namespace miniops::webhooks {

class Webhooks {
 public:
  struct Collaborators {
    sql::Database& database;
    sql::ConfigVersion& version;
    const Sealer& sealer;
    const Clock& clock;
    Random& random;
    IdSource& ids;
    net::HttpClient& http;
    net::IoThreads& io;
  };
  // All collaborators must outlive it. `guard`: where may be sent to.
  Webhooks(const Collaborators& with, net::AddressGuard guard);
  ~Webhooks();

  const Events& events() const;
  void mount(identity::Guard& guard);
  // Reads who wants what; before anything can happen. storage.* when the database fails.
  Result<void> prepare_blocking();
  void start();
  void stop();  // at most 5 s later; while the io threads still run

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace miniops::webhooks
