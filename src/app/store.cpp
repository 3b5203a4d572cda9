#include "app/store.hpp"

#include <sys/stat.h>

#include <fstream>

#include "app/backup.hpp"
#include "app/data_folder.hpp"
#include "base/encoding.hpp"
#include "desk/desk.hpp"
#include "live/live.hpp"
#include "storage/sql/lease.hpp"
#include "storage/sql/migrations.hpp"
#include "storage/sql/open.hpp"

namespace miniops::storage {
std::span<const sql::Migration> migrations();
}
namespace miniops::telemetry {
std::span<const sql::Migration> migrations();
}
namespace miniops::official {
std::span<const sql::Migration> migrations();
}
namespace miniops::alerts {
std::span<const sql::Migration> migrations();
}
namespace miniops::gateway {
std::span<const sql::Migration> migrations();
}
namespace miniops::issues {
std::span<const sql::Migration> migrations();
}
namespace miniops::logs {
std::span<const sql::Migration> migrations();
}
namespace miniops::notify {
std::span<const sql::Migration> migrations();
}
namespace miniops::people {
std::span<const sql::Migration> migrations();
}
namespace miniops::automation {
std::span<const sql::Migration> migrations();
}
namespace miniops::quick_replies {
std::span<const sql::Migration> migrations();
}
namespace miniops::teams {
std::span<const sql::Migration> migrations();
}
namespace miniops::service_levels {
std::span<const sql::Migration> migrations();
}
namespace miniops::records {
std::span<const sql::Migration> migrations();
}
namespace miniops::reports {
std::span<const sql::Migration> migrations();
}
namespace miniops::satisfaction {
std::span<const sql::Migration> migrations();
}
namespace miniops::wrapup {
std::span<const sql::Migration> migrations();
}
namespace miniops::content_check {
std::span<const sql::Migration> migrations();
}
namespace miniops::webhooks {
std::span<const sql::Migration> migrations();
}

namespace miniops::app {

namespace {

constexpr std::int64_t number_lease_ms = 60 * second_ms;
constexpr int password_threads = 2;
constexpr int passwords_waiting_max = 64;

Result<int> node_number(sql::Database& database, const std::string& owner) {
  return database.write_blocking(
      [&](sql::Transaction& tx) -> Result<int> { return sql::take_node_number(tx, owner, number_lease_ms); });
}

// What a copy of the folder does not share with it.
std::string identity_of(const std::filesystem::path& lock) {
  struct stat status{};
  if (::stat(lock.c_str(), &status) != 0) return "none";
  return fmt::format("{}:{}", status.st_dev, status.st_ino);
}

}  // namespace

Result<std::unique_ptr<Store>> Store::open(const Config& config) {
  auto store = std::make_unique<Store>();
  if (auto ok = store->clock.follow(config.text("tests.clock_file")); !ok) return std::unexpected(ok.error());
  std::error_code ignored;
  const std::filesystem::path data = config.text("data");
  std::filesystem::create_directories(data, ignored);
  const auto key = master_key(data, config.text("security.master_key_file"), store->random);
  if (!key) return std::unexpected(key.error());
  store->sealer.emplace(*key, store->random);
  store->people_key = hmac_sha256(*key, "people: search keys of sealed ids");

  sql::OpenOptions options;
  const std::string address = database_address(config);
  if (address.starts_with("postgres"))
    options.readers = static_cast<int>(config.integer("storage.postgres_connections"));
  auto database = sql::open(address, store->clock, options);
  if (!database) return std::unexpected(database.error());
  store->database = std::move(*database);
  if (auto ok = sql::migrate(
          *store->database,
          {storage::migrations(),       identity::migrations(),     live::migrations(),    webhooks::migrations(),
           gateway::migrations(),       people::migrations(),       teams::migrations(),   service_levels::migrations(),
           quick_replies::migrations(), automation::migrations(),   records::migrations(), reports::migrations(),
           satisfaction::migrations(),  wrapup::migrations(),       desk::migrations(),    telemetry::migrations(),
           logs::migrations(),          issues::migrations(),       notify::migrations(),  alerts::migrations(),
           official::migrations(),      content_check::migrations()});
      !ok)
    return std::unexpected(ok.error());

  store->node_owner = hex(store->random.bytes(8));
  const auto node = node_number(*store->database, store->node_owner);
  if (!node) return std::unexpected(node.error());
  store->ids.emplace(store->clock, *node);
  store->version.emplace(*store->database);
  store->passwords.emplace(password_threads, passwords_waiting_max);
  identity::Settings settings;
  settings.secure_cookies = config.text("server.public_url").starts_with("https://");
  settings.sessions.idle_ms = config.integer("server.session_idle_minutes") * minute_ms;
  settings.data_folder = data;
  store->identity.emplace(*store->database, *store->version, store->clock, store->random, *store->ids,
                          *store->passwords, settings);
  return store;
}

Result<void> Store::succeed_previous(const std::filesystem::path& data) {
  const std::filesystem::path file = data / "lease-owner";
  const std::string here = identity_of(data / "lock");
  std::string previous;
  std::string where;
  if (std::ifstream in(file); in >> previous >> where && where == here) {
    auto give_back = [&](sql::Transaction& tx) -> Result<void> {
      sql::give_back_leases_of(tx, previous);
      return {};
    };
    if (auto done = database->write_blocking(give_back); !done) return done;
  }
  return write_private_file(file, fmt::format("{} {}\n", node_owner, here));
}

}  // namespace miniops::app
