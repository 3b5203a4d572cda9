// `miniops backup` and `miniops restore`: the embedded store, the event store and the pictures, copied while the server
// runs. The master key is never in a backup: without it, the secrets in the copy cannot be opened.
#pragma once

#include <filesystem>
#include <string>

#include "app/config.hpp"
#include "base/error.hpp"

namespace miniops::app {

// Where the parts of a data folder lie.
std::filesystem::path database_file(const std::filesystem::path& data);
std::filesystem::path blobs_folder(const std::filesystem::path& data);
std::filesystem::path events_folder(const std::filesystem::path& data);
std::string database_address(const Config& config);

// Both answer what to tell the person. app.backup_refused, app.restore_refused, app.copy_failed,
// telemetry.copy_interrupted, storage.*
Result<std::string> backup(const Config& config, const std::filesystem::path& to);
Result<std::string> restore(const Config& config, const std::filesystem::path& from);

}  // namespace miniops::app
