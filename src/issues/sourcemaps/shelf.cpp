#include "issues/sourcemaps/shelf.hpp"

#include "base/log.hpp"
#include "base/wait.hpp"

namespace miniops::issues {

namespace {

constexpr std::size_t sets_max = 5000;

}  // namespace

namespace store {

namespace {

constexpr std::string_view columns = "id, release, layer, file, sha256, bytes, uploaded_at, uploaded_by";

MapEntry read(const sql::Row& row) {
  return {row.integer(0), row.text(1), parse_layer(row.text(2)).value_or(Layer::build),
          row.text(3),    row.text(4), row.integer(5),
          row.integer(6), row.text(7)};
}

std::vector<MapEntry> read_all(const sql::Rows& rows) {
  std::vector<MapEntry> out;
  for (const sql::Row& row : rows) out.push_back(read(row));
  return out;
}

std::string select(std::string_view rest) { return fmt::format("SELECT {} FROM issues_source_maps {}", columns, rest); }

}  // namespace

std::optional<MapEntry> find_map(sql::Transaction& tx, const AppId& appid, std::int64_t id) {
  static const std::string statement = select("WHERE id = $1 AND appid = $2");
  const auto row = tx.query_one(statement, {id, appid});
  return row ? std::optional(read(*row)) : std::nullopt;
}

std::optional<MapEntry> find_map(sql::Transaction& tx, const AppId& appid, const MapEntry& same_place) {
  static const std::string statement = select("WHERE appid = $1 AND release = $2 AND layer = $3 AND file = $4");
  const auto row = tx.query_one(statement, {appid, same_place.release, to_string(same_place.layer), same_place.file});
  return row ? std::optional(read(*row)) : std::nullopt;
}

std::vector<MapEntry> maps_of(sql::Transaction& tx, const AppId& appid, const std::string& release) {
  static const std::string statement = select("WHERE appid = $1 AND release = $2 ORDER BY layer, file");
  return read_all(tx.query(statement, {appid, release}));
}

std::vector<MapEntry> list_maps(sql::Transaction& tx, const AppId& appid, const std::optional<std::string>& release,
                                std::optional<std::pair<std::int64_t, std::int64_t>> after, int limit) {
  static const std::string all = select(
      "WHERE appid = $1 AND (uploaded_at < $2 OR (uploaded_at = $2 AND id < $3)) ORDER BY uploaded_at DESC, id DESC "
      "LIMIT $4");
  static const std::string of_one = select(
      "WHERE appid = $1 AND (uploaded_at < $2 OR (uploaded_at = $2 AND id < $3)) AND release = $5 "
      "ORDER BY uploaded_at DESC, id DESC LIMIT $4");
  const auto [at, id] = after.value_or(std::pair{INT64_MAX, INT64_MAX});
  if (!release) return read_all(tx.query(all, {appid, at, id, limit}));
  return read_all(tx.query(of_one, {appid, at, id, limit, *release}));
}

std::map<std::string, std::int64_t> maps_by_release(sql::Transaction& tx, const AppId& appid) {
  std::map<std::string, std::int64_t> counts;
  for (const sql::Row& row :
       tx.query("SELECT release, count(*) FROM issues_source_maps WHERE appid = $1 GROUP BY release", {appid}))
    counts.emplace(row.text(0), row.integer(1));
  return counts;
}

void put_map(sql::Transaction& tx, const AppId& appid, const MapEntry& entry) {
  tx.execute("DELETE FROM issues_source_maps WHERE appid = $1 AND release = $2 AND layer = $3 AND file = $4",
             {appid, entry.release, to_string(entry.layer), entry.file});
  tx.execute(
      "INSERT INTO issues_source_maps (id, appid, release, layer, file, sha256, bytes, uploaded_at, uploaded_by) "
      "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
      {entry.id, appid, entry.release, to_string(entry.layer), entry.file, entry.sha256, entry.bytes, entry.uploaded_at,
       entry.uploaded_by});
}

void remove_map(sql::Transaction& tx, std::int64_t id) {
  tx.execute("DELETE FROM issues_source_maps WHERE id = $1", {id});
}

}  // namespace store

Result<std::shared_ptr<const MapSet>> Shelf::maps_of(const AppId& appid, const std::string& release) {
  const std::pair key{appid, release};
  const std::int64_t current = with_.version.current();
  {
    const std::lock_guard lock(mutex_);
    if (version_ != current || sets_.size() > sets_max) sets_.clear();
    version_ = current;
    if (const auto known = sets_.find(key); known != sets_.end()) return known->second;
  }
  auto entries = with_.database.read_blocking(
      [&](sql::Transaction& tx) -> Result<std::vector<MapEntry>> { return store::maps_of(tx, appid, release); });
  if (!entries) return std::unexpected(entries.error());
  const auto maps = entries->empty() ? nullptr : std::make_shared<const MapSet>(std::move(*entries));
  const std::lock_guard lock(mutex_);
  if (version_ == current) sets_[key] = maps;
  return maps;
}

std::shared_ptr<const SourceMap> Shelf::open(const MapEntry& entry) {
  if (auto map = kept(entry.sha256)) return map;
  const auto bytes = wait(with_.blobs.get(entry.sha256));
  if (!bytes) {
    log::warn("issues.source_map_missing", {{"id", entry.id}, {"code", bytes.error().code}});
    return nullptr;
  }
  auto parsed = SourceMap::parse(*bytes);
  if (!parsed) return nullptr;
  auto map = std::make_shared<const SourceMap>(std::move(*parsed));
  keep(entry.sha256, map);
  return map;
}

OpenMap Shelf::opener() {
  return [this](const MapEntry& entry) { return open(entry); };
}

std::shared_ptr<const SourceMap> Shelf::kept(const std::string& sha256) {
  const std::lock_guard lock(mutex_);
  const auto found = parsed_.find(sha256);
  if (found == parsed_.end()) return nullptr;
  found->second.used = ++uses_;
  return found->second.map;
}

void Shelf::keep(const std::string& sha256, std::shared_ptr<const SourceMap> map) {
  const std::size_t bytes = map->memory_bytes();
  const std::lock_guard lock(mutex_);
  if (!parsed_.try_emplace(sha256, std::move(map), bytes, ++uses_).second) return;
  parsed_bytes_ += bytes;
  while (parsed_bytes_ > with_.memory_bytes_max && parsed_.size() > 1) {
    const auto oldest = std::ranges::min_element(parsed_, {}, [](const auto& one) { return one.second.used; });
    parsed_bytes_ -= oldest->second.bytes;
    parsed_.erase(oldest);
  }
}

}  // namespace miniops::issues
