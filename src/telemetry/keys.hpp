// Project keys 项目密钥 and what a mini program's people have set for its telemetry. Cached, and checked against
// config_version, so that a revoked key is refused within 200 ms.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "base/ids.hpp"
#include "base/json.hpp"
#include "base/task.hpp"
#include "storage/sql/config_version.hpp"
#include "telemetry/masking.hpp"

namespace miniops::telemetry {

struct ProjectKey {
  std::int64_t id = 0;
  AppId appid;
  std::int32_t app = 0;      // the mini program in the event store
  std::int64_t project = 0;  // the number in a Sentry DSN
  std::string key, name;
  std::int64_t records_per_minute = 0;
  TimeMs created_at = 0;
  TimeMs revoked_at = 0;  // 0: in use
};

struct Settings {
  bool enabled = true;           // false: our SDK stops, other clients are answered and dropped
  Level level = Level::info;     // our SDK's logs below it stay on the phone
  std::int64_t flush_ms = 5000;  // our SDK sends this often
  std::map<Kind, double> sample{{Kind::event, 1}, {Kind::performance, 1}, {Kind::error, 1}, {Kind::log, 1}};
  std::map<Kind, std::int64_t> keep_days{{Kind::event, 365},   {Kind::performance, 90}, {Kind::error, 90},
                                         {Kind::log, 30},      {Kind::session, 365},    {Kind::profile, 365},
                                         {Kind::feedback, 730}};
  MaskingSettings masking{};  // of logs and errors, before they are stored
};
json::object to_json(const Settings& settings);
// What it holds over the defaults; what cannot be read is the default.
Settings settings_of(const json::value& stored);

class ProjectKeys {
 public:
  struct Found {
    ProjectKey key;
    Settings settings;
    std::shared_ptr<const Masker> masker;
  };
  ProjectKeys(sql::Database& database, const sql::ConfigVersion& version);
  ~ProjectKeys();
  // nullptr: unknown or revoked. storage.* when they could never be read.
  Task<Result<std::shared_ptr<const Found>>> find(std::string key);
  // The number of each mini program that has had a key.
  Task<Result<std::map<AppId, std::int32_t>>> apps();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace miniops::telemetry
