// Source maps as they are kept: rows in SQL, bytes in the blobs, parsed ones in memory up to a bound.
//
// Everything here may block: for the loader's thread and for workers, never for an io thread. Safe from any of them.
#pragma once

#include <map>
#include <mutex>
#include <unordered_map>

#include "base/task.hpp"
#include "issues/sourcemaps/layers.hpp"
#include "storage/blobs/blobs.hpp"
#include "storage/sql/config_version.hpp"

namespace miniops::issues {

inline constexpr std::int64_t release_maps_max = 2000;
inline constexpr std::int64_t release_bytes_max = 1LL << 30;

namespace store {

std::optional<MapEntry> find_map(sql::Transaction& tx, const AppId& appid, std::int64_t id);
std::optional<MapEntry> find_map(sql::Transaction& tx, const AppId& appid, const MapEntry& same_place);
std::vector<MapEntry> maps_of(sql::Transaction& tx, const AppId& appid, const std::string& release);
std::vector<MapEntry> list_maps(sql::Transaction& tx, const AppId& appid, const std::optional<std::string>& release,
                                std::optional<std::pair<std::int64_t, std::int64_t>> after, int limit);
std::map<std::string, std::int64_t> maps_by_release(sql::Transaction& tx, const AppId& appid);
void put_map(sql::Transaction& tx, const AppId& appid, const MapEntry& entry);  // in place of the same file's
void remove_map(sql::Transaction& tx, std::int64_t id);

}  // namespace store

class Shelf {
 public:
  struct Collaborators {
    sql::Database& database;
    const sql::ConfigVersion& version;  // raised by each upload
    Blobs& blobs;
    std::size_t memory_bytes_max = 192 << 20;  // of parsed maps
  };
  explicit Shelf(const Collaborators& with) : with_(with) {}

  // nullptr: the release has none. Fails with storage.*
  Result<std::shared_ptr<const MapSet>> maps_of(const AppId& appid, const std::string& release);
  // The contents of a map, parsed; nullptr when they are not there or broken.
  std::shared_ptr<const SourceMap> open(const MapEntry& entry);
  OpenMap opener();

 private:
  std::shared_ptr<const SourceMap> kept(const std::string& sha256);
  void keep(const std::string& sha256, std::shared_ptr<const SourceMap> map);

  const Collaborators with_;
  std::mutex mutex_;
  std::int64_t version_ = -1;
  std::map<std::pair<AppId, std::string>, std::shared_ptr<const MapSet>> sets_;  // nullptr: has none
  struct Parsed {
    std::shared_ptr<const SourceMap> map;
    std::size_t bytes = 0;
    std::uint64_t used = 0;  // the greater, the later
  };
  std::unordered_map<std::string, Parsed> parsed_;  // by sha256
  std::uint64_t uses_ = 0;
  std::size_t parsed_bytes_ = 0;
};

}  // namespace miniops::issues
