// Pictures, packages, exports: bytes under a name, kept as files (an S3-compatible store later, same interface).
#pragma once

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
};

std::unique_ptr<Blobs> open_file_blobs(std::filesystem::path folder, int threads = 2);

}  // namespace miniops
