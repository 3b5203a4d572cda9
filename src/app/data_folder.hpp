// The data folder: made at first start, locked while a server uses it, home of the master key.
#pragma once

#include <filesystem>
#include <string>

#include "base/error.hpp"
#include "base/random.hpp"

namespace miniops::app {

// Holds the lock from open() to destruction.
class DataFolder {
 public:
  // Makes the folder (0700) when it is missing. Fails with app.data_unusable (cannot be made, read or written) and
  // app.data_in_use (another server holds it).
  static Result<DataFolder> open(const std::filesystem::path& path);
  DataFolder(DataFolder&& other) noexcept;
  DataFolder& operator=(DataFolder&&) = delete;
  ~DataFolder();
  const std::filesystem::path& path() const { return path_; }

 private:
  DataFolder(std::filesystem::path path, int lock) : path_(std::move(path)), lock_(lock) {}
  std::filesystem::path path_;
  int lock_;
};

// The 32 bytes that seal secrets: read from `file`, or from DATA/master.key, which is made (0600) when it is missing
// and no database is there yet that was sealed with another. app.master_key_unusable
Result<std::string> master_key(const std::filesystem::path& data, const std::string& file, Random& random);

// Written whole or not at all, with the given mode, durable when it returns.
Result<void> write_private_file(const std::filesystem::path& path, std::string_view content);

}  // namespace miniops::app
