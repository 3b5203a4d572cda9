#include "app/backup.hpp"

#include <fstream>
#include <thread>

#include "app/data_folder.hpp"
#include "base/random.hpp"
#include "storage/sql/open.hpp"
#include "telemetry/copy_hold.hpp"

namespace miniops::app {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t copied_at_once = 4 << 20;
constexpr std::chrono::seconds stillness_waited_for{60};
constexpr std::chrono::seconds renewed_every{5};
constexpr std::chrono::milliseconds look_again{50};

std::unexpected<Error> refused(std::string code, std::string message) {
  return fail(ErrorKind::rejected, std::move(code), std::move(message));
}

std::unexpected<Error> not_copied(const fs::path& to, const std::string& why) {
  return fail(ErrorKind::unavailable, "app.copy_failed", fmt::format("{}: {}", to.string(), why));
}

Result<void> copy_folder(const fs::path& from, const fs::path& to) {
  std::error_code error;
  if (!fs::exists(from)) return {};
  fs::copy(from, to, fs::copy_options::recursive | fs::copy_options::skip_existing, error);
  if (error) return not_copied(to, error.message());
  return {};
}

// ---- the event store ----

// Asked again and again while files are copied; an error ends it.
using Renew = std::function<Result<void>()>;

Result<void> copy_file(const fs::path& from, const fs::path& to, const Renew& renew) {
  std::ifstream in(from, std::ios::binary);
  std::ofstream out(to, std::ios::binary | std::ios::trunc);
  std::vector<char> bytes(copied_at_once);
  while (in && out) {
    in.read(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    out.write(bytes.data(), in.gcount());
    if (auto ok = renew(); !ok) return ok;
  }
  out.close();
  if (!in.eof() || !out) return not_copied(to, "cannot be written, or " + from.string() + " not be read");
  return {};
}

// A file for each month, and beside it what was not written into it yet when the server was killed.
Result<void> copy_months(const fs::path& from, const fs::path& to, const Renew& renew) {
  std::error_code error;
  fs::create_directories(to, error);
  if (error) return not_copied(to, error.message());
  for (const auto& entry : fs::directory_iterator(from)) {
    if (!entry.is_regular_file()) continue;
    if (auto ok = copy_file(entry.path(), to / entry.path().filename(), renew); !ok) return ok;
  }
  return {};
}

Result<void> wait_for_stillness(telemetry::CopyHold& hold) {
  const auto until = std::chrono::steady_clock::now() + stillness_waited_for;
  for (;; std::this_thread::sleep_for(look_again)) {
    const auto still = hold.still();
    if (!still) return std::unexpected(still.error());
    if (*still) return {};
    if (std::chrono::steady_clock::now() < until) continue;
    if (auto withdrawn = hold.withdraw(); !withdrawn) return withdrawn;
    return refused("app.backup_refused", "the server does not answer; see its log, or stop it to back up");
  }
}

Result<void> copy_beside_server(const Config& config, const fs::path& from, const fs::path& to) {
  const SystemClock clock;
  SystemRandom random;
  const auto database = sql::open(database_address(config), clock, {});
  if (!database) return std::unexpected(database.error());
  auto hold = telemetry::CopyHold::ask(**database, clock, static_cast<std::int64_t>(random.number() >> 1));
  if (!hold) return std::unexpected(hold.error());
  if (auto ok = wait_for_stillness(*hold); !ok) return ok;
  auto renewed = std::chrono::steady_clock::now();
  const Renew renew = [&]() -> Result<void> {
    if (std::chrono::steady_clock::now() - renewed < renewed_every) return {};
    renewed = std::chrono::steady_clock::now();
    return hold->renew();
  };
  if (auto ok = copy_months(from, to, renew); !ok) {
    (void)hold->withdraw();  // what went wrong is told; the server would go on by itself, too
    return ok;
  }
  return hold->finish();
}

Result<void> copy_events(const Config& config, const fs::path& to) {
  const fs::path data = config.text("data");
  const fs::path from = events_folder(data);
  if (!fs::exists(from)) return {};
  const auto folder = DataFolder::open(data);  // then no server runs, and none starts meanwhile
  if (folder) return copy_months(from, to, [] { return Result<void>(); });
  if (folder.error().code != "app.data_in_use") return std::unexpected(folder.error());
  return copy_beside_server(config, from, to);
}

}  // namespace

fs::path database_file(const fs::path& data) { return data / "miniops.db"; }
fs::path blobs_folder(const fs::path& data) { return data / "blobs"; }
fs::path events_folder(const fs::path& data) { return data / "telemetry" / "events"; }

std::string database_address(const Config& config) {
  const std::string& given = config.text("database");
  return given.empty() ? "sqlite:" + database_file(config.text("data")).string() : given;
}

Result<std::string> backup(const Config& config, const fs::path& to) {
  const fs::path data = config.text("data");
  const std::string address = database_address(config);
  if (!address.starts_with("sqlite:"))
    return refused("app.backup_refused",
                   "this installation keeps its records in PostgreSQL: back them up with pg_dump");
  const fs::path file = address.substr(std::string_view("sqlite:").size());
  if (!fs::exists(file)) return refused("app.backup_refused", file.string() + ": there is no store to back up");
  if (fs::exists(to)) return refused("app.backup_refused", to.string() + ": exists already; name a new folder");
  std::error_code error;
  const fs::path part = to.string() + ".part";
  fs::remove_all(part, error);
  fs::create_directories(part, error);
  if (error) return refused("app.backup_refused", fmt::format("{}: {}", to.string(), error.message()));
  fs::permissions(part, fs::perms::owner_all, error);
  // The event store first: the numbers in its rows are then in the dictionaries of the store. Then the store: pictures
  // are written before the rows that name them, so every named picture is then there.
  if (auto ok = copy_events(config, events_folder(part)); !ok) return std::unexpected(ok.error());
  if (auto ok = sql::backup_sqlite(file, database_file(part)); !ok) return std::unexpected(ok.error());
  if (auto ok = copy_folder(blobs_folder(data), blobs_folder(part)); !ok) return std::unexpected(ok.error());
  fs::rename(part, to, error);
  if (error) return refused("app.backup_refused", fmt::format("{}: {}", to.string(), error.message()));
  return fmt::format(
      "backed up to {}\nThe master key ({}) is not in it: keep it apart, secrets cannot be opened without it.",
      to.string(), (data / "master.key").string());
}

Result<std::string> restore(const Config& config, const fs::path& from) {
  const fs::path data = config.text("data");
  if (!fs::exists(database_file(from)))
    return refused("app.restore_refused", from.string() + ": is no folder that `miniops backup` made");
  auto folder = DataFolder::open(data);
  if (!folder) return std::unexpected(folder.error());
  if (fs::exists(database_file(data)))
    return refused("app.restore_refused", data.string() + ": holds a store already; restore into an empty folder");
  if (fs::exists(events_folder(data)))
    return refused("app.restore_refused",
                   data.string() + ": holds an event store already; restore into an empty folder");
  if (auto ok = copy_folder(blobs_folder(from), blobs_folder(data)); !ok) return std::unexpected(ok.error());
  if (fs::exists(events_folder(from)))
    if (auto ok = copy_months(events_folder(from), events_folder(data), [] { return Result<void>(); }); !ok)
      return std::unexpected(ok.error());
  // The store last and whole: a restore that was interrupted leaves no store behind that looks complete.
  if (auto ok = sql::backup_sqlite(database_file(from), data / "miniops.db.part"); !ok)
    return std::unexpected(ok.error());
  std::error_code error;
  fs::rename(data / "miniops.db.part", database_file(data), error);
  if (error) return refused("app.restore_refused", fmt::format("{}: {}", data.string(), error.message()));
  const bool has_key = fs::exists(data / "master.key");
  return fmt::format("restored into {}\n{}", data.string(),
                     has_key ? "The master key is in place."
                             : "Now put the master key back as " + (data / "master.key").string() + ".");
}

}  // namespace miniops::app
