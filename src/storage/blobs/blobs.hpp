// Pictures, packages, exports: bytes under a name, kept as files (an S3-compatible store later, same interface).
#pragma once

#include <chrono>
#include <filesystem>
#include <string>
#include <string_view>

#include "base/error.hpp"
#include "base/task.hpp"

namespace miniops {

// Safe from any thread; file work runs on a worker pool, never on an io thread.
class Blobs {
 public:
  virtual ~Blobs() = default;
  // Stores durably (fsync) before it returns; the name is the SHA-256 of the bytes, in hex, so equal bytes are one
  // file. Fails with storage.full, storage.unavailable.
  virtual Task<Result<std::string>> put(std::string bytes) = 0;
  // Fails with storage.blob_missing.
  virtual Task<Result<std::string>> get(std::string name) = 0;
  // Removes a file that nothing names any more. False: somebody put these bytes lately, and what names them may not be
  // stored yet; try again later. What is not there is removed. Fails with storage.unavailable.
  virtual Task<Result<bool>> remove(std::string name) = 0;
};

// `lately`: for how long after a put remove() leaves a file alone.
std::unique_ptr<Blobs> open_file_blobs(std::filesystem::path folder, int threads = 2,
                                       std::chrono::seconds lately = std::chrono::hours(1));

}  // namespace miniops
