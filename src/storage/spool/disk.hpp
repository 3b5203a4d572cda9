// What the spool needs of a disk, so that tests can give it one that forgets at a power cut.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"

namespace miniops::spool {

// One file, opened for appending or reading. Errors are spool.unavailable, or spool.full when the disk is.
class File {
 public:
  virtual ~File() = default;
  virtual Result<void> append(std::string_view bytes) = 0;  // all of it, or an error
  virtual Result<void> sync() = 0;                          // fdatasync
  // At most `size` bytes from `offset`; fewer only at the end.
  virtual Result<std::string> read(std::int64_t offset, std::size_t size) = 0;
  virtual Result<std::int64_t> size() = 0;
};

// Safe from any thread; each File is used by one thread at a time.
class Disk {
 public:
  virtual ~Disk() = default;
  virtual Result<void> make_folder(const std::filesystem::path& folder) = 0;
  virtual Result<std::vector<std::string>> list(const std::filesystem::path& folder) = 0;
  virtual Result<std::unique_ptr<File>> create(const std::filesystem::path& file) = 0;  // must not exist; name synced
  virtual Result<std::unique_ptr<File>> open(const std::filesystem::path& file) = 0;    // for reading
  virtual Result<void> remove(const std::filesystem::path& file) = 0;
};

std::unique_ptr<Disk> real_disk();

}  // namespace miniops::spool
