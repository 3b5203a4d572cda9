#include "app/data_folder.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <fstream>

#include "base/encoding.hpp"
#include "base/seal.hpp"

namespace miniops::app {

namespace fs = std::filesystem;

namespace {

std::unexpected<Error> unusable(const fs::path& path, std::string_view what, int error) {
  return fail(ErrorKind::unavailable, "app.data_unusable",
              fmt::format("{}: {}: {}", path.string(), what, std::strerror(error)));
}

}  // namespace

Result<DataFolder> DataFolder::open(const fs::path& path) {
  std::error_code error;
  const bool existed = fs::exists(path, error);
  if (!existed) {
    fs::create_directories(path, error);
    if (error) return unusable(path, "the data folder cannot be made", error.value());
    ::chmod(path.c_str(), 0700);
  }
  const fs::path lock_path = path / "lock";
  const int lock = ::open(lock_path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (lock < 0) return unusable(lock_path, "the data folder cannot be written to; give this user access", errno);
  if (::flock(lock, LOCK_EX | LOCK_NB) != 0) {
    ::close(lock);
    return fail(ErrorKind::conflict, "app.data_in_use",
                fmt::format("{}: another MiniOps server uses this data folder; stop it, or give another --data",
                            path.string()));
  }
  return DataFolder(path, lock);
}

DataFolder::DataFolder(DataFolder&& other) noexcept
    : path_(std::move(other.path_)), lock_(std::exchange(other.lock_, -1)) {}

DataFolder::~DataFolder() {
  if (lock_ >= 0) ::close(lock_);
}

Result<void> write_private_file(const fs::path& path, std::string_view content) {
  const fs::path part = path.string() + ".part";
  const int file = ::open(part.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (file < 0) return unusable(path, "cannot be written", errno);
  const bool written =
      ::write(file, content.data(), content.size()) == static_cast<ssize_t>(content.size()) && ::fsync(file) == 0;
  const int error = errno;
  ::close(file);
  if (!written) return unusable(path, "cannot be written", error);
  if (::rename(part.c_str(), path.c_str()) != 0) return unusable(path, "cannot be written", errno);
  const int folder = ::open(path.parent_path().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (folder >= 0) {
    ::fsync(folder);
    ::close(folder);
  }
  return {};
}

Result<std::string> master_key(const fs::path& data, const std::string& file, Random& random) {
  const fs::path path = file.empty() ? data / "master.key" : fs::path(file);
  if (!fs::exists(path)) {
    if (!file.empty())
      return fail(ErrorKind::unavailable, "app.master_key_unusable",
                  fmt::format("{}: the master key file does not exist", path.string()));
    if (fs::exists(data / "miniops.db"))
      return fail(ErrorKind::unavailable, "app.master_key_unusable",
                  fmt::format("{}: missing, but the store beside it was sealed with it: put the key back "
                              "(a backup never contains it)",
                              path.string()));
    if (auto ok = write_private_file(path, hex(random.bytes(Sealer::key_bytes)) + "\n"); !ok)
      return std::unexpected(ok.error());
  }
  std::ifstream in(path);
  std::string text;
  in >> text;
  const auto key = unhex(text);
  if (!key || key->size() != Sealer::key_bytes)
    return fail(ErrorKind::unavailable, "app.master_key_unusable",
                fmt::format("{}: must hold 64 hexadecimal digits and be readable by this user", path.string()));
  return *key;
}

}  // namespace miniops::app
