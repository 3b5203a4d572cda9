// What people do with source maps: upload, look, remove, ask the doctor.
#pragma once

#include "issues/counter.hpp"
#include "issues/sourcemaps/doctor.hpp"
#include "issues/sourcemaps/shelf.hpp"
#include "net/workers.hpp"

namespace miniops::issues {

struct Upload {
  MapEntry entry;
  std::int64_t sources = 0;  // that it names
  bool replaced = false;
};
struct MapPage {
  std::vector<MapEntry> items{};
  std::optional<std::pair<std::int64_t, std::int64_t>> next{};
};

// The version of "shop@1.4.2", as records have it.
std::string plain_release(std::string_view release);

class MapService {
 public:
  struct Collaborators {
    sql::Database& database;
    sql::ConfigVersion& version;
    const Clock& clock;
    IdSource& ids;
    net::Workers& workers;  // that may block
    Blobs& blobs;
    Shelf& shelf;
    telemetry::Service& telemetry;
  };
  explicit MapService(const Collaborators& with) : with_(with) {}

  // issues.bad_source_map, issues.too_many_source_maps, storage.*
  Task<Result<Upload>> upload(Access access, std::string release, Layer layer, std::string file, std::string bytes);
  Task<Result<MapPage>> list(Access access, std::optional<std::string> release,
                             std::optional<std::pair<std::int64_t, std::int64_t>> after, int limit);
  Task<Result<void>> remove(Access access, std::int64_t id);
  // Tries the maps of a release on the positions of its newest errors.
  Task<Result<Report>> examine(Access access, std::string release);

 private:
  Task<Result<std::set<SeenPosition>>> positions(Access access, std::string release);
  const Collaborators with_;
};

}  // namespace miniops::issues
