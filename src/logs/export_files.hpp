// The files of exports: DATA/telemetry/exports/<id>, 0600. What is being written is <id>.part. All calls block.
#pragma once

#include <filesystem>
#include <memory>
#include <vector>

#include "base/error.hpp"

namespace miniops::logs {

inline constexpr std::size_t export_part_bytes = 8 << 20;  // of one download

class ExportWriter {
 public:
  ~ExportWriter();  // without finish() the file goes
  // Fails with storage.full, storage.unavailable.
  Result<void> write(std::string_view bytes);
  // Durable, and under its name.
  Result<void> finish();
  std::int64_t bytes() const;  // of the file, so far

 private:
  friend class ExportFiles;
  struct State;
  explicit ExportWriter(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

class ExportFiles {
 public:
  explicit ExportFiles(std::filesystem::path folder) : folder_(std::move(folder)) {}
  Result<std::unique_ptr<ExportWriter>> create(std::int64_t id, bool gzip);
  // The bytes of the part 0, 1 …; empty behind the end. Fails with storage.blob_missing.
  Result<std::string> read_part(std::int64_t id, std::size_t part) const;
  void remove(std::int64_t id) const;
  // Removes what belongs to none of these: of exports that were interrupted, or whose row is gone.
  void keep_only(const std::vector<std::int64_t>& ids) const;

 private:
  std::filesystem::path path_of(std::int64_t id) const;
  const std::filesystem::path folder_;
};

}  // namespace miniops::logs
