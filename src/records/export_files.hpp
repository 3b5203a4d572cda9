// The parts of exports: DATA/records/exports/<id>.<part>, 0600, in no backup. All calls block.
#pragma once

#include <filesystem>
#include <set>

#include "records/export.hpp"

namespace miniops::records {

class ExportFiles {
 public:
  explicit ExportFiles(std::filesystem::path folder) : folder_(std::move(folder)) {}
  // Durable when it returns; the same part may be written again. storage.full, storage.unavailable
  Result<void> write(ExportId id, std::int64_t part, std::string_view bytes) const;
  // storage.blob_missing
  Result<std::string> read(ExportId id, std::int64_t part) const;
  // Removes all parts; what is not there is removed.
  Result<void> remove(ExportId id) const;
  // Removes what belongs to none of these.
  Result<void> keep_only(const std::set<ExportId>& ids) const;

 private:
  template <class Unwanted>
  Result<void> remove_if(Unwanted unwanted) const;
  std::filesystem::path path_of(ExportId id, std::int64_t part) const;
  const std::filesystem::path folder_;
};

}  // namespace miniops::records
