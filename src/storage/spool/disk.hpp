// What the spool needs of a disk, so that tests can give it one that forgets at a power cut.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"

namespace miniops::spool {

// One file, opened for appending or reading. Errors are storage.spool_unavailable, or storage.spool_full when the disk
// is.
class File {
 public:
  virtual ~File() = default;
  virtual Result<void> append(std::string_view bytes) = 0;  // all of it, or an error
  // All that was appended is on the disk. After one that failed nothing is known of what was appended since the last
  // that did not, and a later success says nothing about it.
  virtual Result<void> sync() = 0;
  // At most `size` bytes from `offset`; fewer only at the end.
  virtual Result<std::string> read(std::int64_t offset, std::size_t size) = 0;
  virtual Result<std::int64_t> size() = 0;
};

// Safe from any thread; each File is used by one thread at a time.
class Disk {
 public:
  virtual ~Disk() = default;
  // With the folders above it; no error when it is there.
  virtual Result<void> make_folder(const std::filesystem::path& folder) = 0;
  // The names in it, in any order.
  virtual Result<std::vector<std::string>> list(const std::filesystem::path& folder) = 0;
  // For appending. Must not exist. Its name is synced; when that fails it is removed again.
  virtual Result<std::unique_ptr<File>> create(const std::filesystem::path& file) = 0;
  virtual Result<std::unique_ptr<File>> open(const std::filesystem::path& file) = 0;  // for reading
  // Durably. No error when it is not there.
  virtual Result<void> remove(const std::filesystem::path& file) = 0;
};

// Files are 0600 and folders 0700: for the server's user alone.
std::unique_ptr<Disk> real_disk();

}  // namespace miniops::spool
