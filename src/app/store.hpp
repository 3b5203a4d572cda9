// What both the server and `miniops admin` stand on: the database of the configuration, migrated, with its ids, its
// sealer and the identity service.
#pragma once

#include <filesystem>
#include <memory>

#include "app/config.hpp"
#include "app/program_clock.hpp"
#include "base/ids.hpp"
#include "base/random.hpp"
#include "base/seal.hpp"
#include "identity/service.hpp"
#include "net/workers.hpp"
#include "storage/sql/config_version.hpp"
#include "storage/sql/database.hpp"

namespace miniops::app {

struct Store {
  // Fails with storage.* and app.*: what is wrong and what to do.
  static Result<std::unique_ptr<Store>> open(const Config& config);

  // For a server, which holds the data folder's lock: whoever served from it before is dead, and its leases need not
  // run out. Of a copied folder that is not known, as the other may still serve from the first.
  Result<void> succeed_previous(const std::filesystem::path& data);

  ProgramClock clock;
  SystemRandom random;
  std::unique_ptr<sql::Database> database;
  std::string node_owner;  // this process in the leases
  std::optional<IdSource> ids;
  std::optional<Sealer> sealer;
  std::string people_key;  // finds sealed ids of people; of the master key, so that it never changes
  std::optional<sql::ConfigVersion> version;
  std::optional<net::Workers> passwords;  // few threads: argon2id takes memory
  std::optional<identity::Service> identity;
};

}  // namespace miniops::app
