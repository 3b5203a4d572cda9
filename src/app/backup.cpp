#include "app/backup.hpp"

#include "app/data_folder.hpp"
#include "storage/sql/open.hpp"

namespace miniops::app {

namespace fs = std::filesystem;

namespace {

std::unexpected<Error> refused(std::string code, std::string message) {
  return fail(ErrorKind::rejected, std::move(code), std::move(message));
}

Result<void> copy_folder(const fs::path& from, const fs::path& to) {
  std::error_code error;
  if (!fs::exists(from)) return {};
  fs::copy(from, to, fs::copy_options::recursive | fs::copy_options::skip_existing, error);
  if (error)
    return fail(ErrorKind::unavailable, "app.copy_failed", fmt::format("{}: {}", to.string(), error.message()));
  return {};
}

}  // namespace

fs::path database_file(const fs::path& data) { return data / "miniops.db"; }
fs::path blobs_folder(const fs::path& data) { return data / "blobs"; }

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
  // The store first: pictures are written before the rows that name them, so every named picture is then there.
  if (auto ok = sql::backup_sqlite(file, database_file(part)); !ok) return std::unexpected(ok.error());
  if (auto ok = copy_folder(blobs_folder(data), blobs_folder(part)); !ok) return std::unexpected(ok.error());
  fs::rename(part, to, error);
  if (error) return refused("app.backup_refused", fmt::format("{}: {}", to.string(), error.message()));
  std::string told = fmt::format(
      "backed up to {}\nThe master key ({}) is not in it: keep it apart, secrets cannot be opened without it.",
      to.string(), (data / "master.key").string());
  if (fs::exists(data / "telemetry" / "events"))
    told += fmt::format("\nWhat phones report ({}) is not in it: stop the server to copy the whole data folder.",
                        (data / "telemetry").string());
  return told;
}

Result<std::string> restore(const Config& config, const fs::path& from) {
  const fs::path data = config.text("data");
  if (!fs::exists(database_file(from)))
    return refused("app.restore_refused", from.string() + ": is no folder that `miniops backup` made");
  auto folder = DataFolder::open(data);
  if (!folder) return std::unexpected(folder.error());
  if (fs::exists(database_file(data)))
    return refused("app.restore_refused", data.string() + ": holds a store already; restore into an empty folder");
  if (auto ok = copy_folder(blobs_folder(from), blobs_folder(data)); !ok) return std::unexpected(ok.error());
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
