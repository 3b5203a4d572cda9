#include "telemetry/keys.hpp"

#include "base/log.hpp"
#include "telemetry/store.hpp"

namespace miniops::telemetry {

namespace {

struct Snapshot {
  std::int64_t version = 0;
  std::unordered_map<std::string, std::shared_ptr<const ProjectKeys::Found>> by_key;
  std::map<AppId, std::int32_t> apps;
};

Snapshot read_snapshot(sql::Transaction& tx) {
  Snapshot snapshot;
  snapshot.apps = store::apps(tx);
  const auto settings = store::all_settings(tx);
  std::map<AppId, std::shared_ptr<const Masker>> maskers;
  for (ProjectKey& key : store::all_keys(tx)) {
    if (key.revoked_at != 0) continue;
    auto found = std::make_shared<ProjectKeys::Found>();
    if (const auto set = settings.find(key.appid); set != settings.end()) found->settings = set->second;
    auto& masker = maskers[key.appid];
    if (!masker) masker = std::make_shared<const Masker>(found->settings.masking);
    found->masker = masker;
    found->key = std::move(key);
    snapshot.by_key.emplace(found->key.key, std::move(found));
  }
  return snapshot;
}

template <class Value, class Read>
void read_map(const json::object& from, std::string_view name, std::map<Kind, Value>& into, Read read) {
  const json::value* stored = from.if_contains(name);
  if (stored == nullptr || !stored->is_object()) return;
  for (const auto& [kind_name, value] : stored->as_object())
    if (const auto kind = parse_kind(kind_name); kind && into.contains(*kind) && value.is_number())
      into[*kind] = read(value);
}

}  // namespace

json::object to_json(const Settings& settings) {
  json::object sample;
  for (const auto& [kind, rate] : settings.sample) sample[to_string(kind)] = rate;
  json::object keep;
  for (const auto& [kind, days] : settings.keep_days) keep[to_string(kind)] = days;
  return {{"enabled", settings.enabled}, {"level", to_string(settings.level)}, {"flush_ms", settings.flush_ms},
          {"sample", std::move(sample)}, {"keep_days", std::move(keep)},       {"masking", to_json(settings.masking)}};
}

Settings settings_of(const json::value& stored) {
  Settings settings;
  const json::object* object = stored.if_object();
  if (object == nullptr) return settings;
  if (const auto* enabled = object->if_contains("enabled"); enabled != nullptr && enabled->is_bool())
    settings.enabled = enabled->as_bool();
  if (const auto* level = object->if_contains("level"); level != nullptr && level->is_string())
    settings.level = parse_level(level->as_string()).value_or(settings.level);
  if (const auto* flush = object->if_contains("flush_ms"); flush != nullptr && flush->is_int64())
    settings.flush_ms = flush->as_int64();
  read_map(*object, "sample", settings.sample, [](const json::value& value) { return value.to_number<double>(); });
  read_map(*object, "keep_days", settings.keep_days,
           [](const json::value& value) { return value.to_number<std::int64_t>(); });
  if (const auto* masking = object->if_contains("masking")) settings.masking = masking_of(*masking);
  return settings;
}

struct ProjectKeys::Impl {
  sql::Database& database;
  const sql::ConfigVersion& version;
  std::mutex mutex;
  std::shared_ptr<const Snapshot> snapshot;
  bool reading = false;  // one reader at a time; the others are served from what is there

  bool is_current(const Snapshot& one) const { return one.version == version.current(); }

  // After a read that failed the old state serves on. `fresh`: what another reads just now does not do.
  Task<Result<std::shared_ptr<const Snapshot>>> get(bool fresh = false) {
    {
      const std::scoped_lock lock(mutex);
      if (snapshot && (is_current(*snapshot) || (reading && !fresh))) co_return snapshot;
      reading = snapshot != nullptr;
    }
    const std::int64_t at_version = version.current();
    auto read = co_await database.read([](sql::Transaction& tx) -> Result<Snapshot> { return read_snapshot(tx); });
    const std::scoped_lock lock(mutex);
    reading = false;
    if (read) {
      read->version = at_version;
      snapshot = std::make_shared<const Snapshot>(std::move(*read));
    } else if (!snapshot) {
      co_return std::unexpected(read.error());
    } else {
      log::warn("telemetry.keys_not_read", {{"code", read.error().code}});
    }
    co_return snapshot;
  }
};

ProjectKeys::ProjectKeys(sql::Database& database, const sql::ConfigVersion& version)
    : impl_(new Impl{database, version, {}, {}}) {}

ProjectKeys::~ProjectKeys() = default;

Task<Result<std::shared_ptr<const ProjectKeys::Found>>> ProjectKeys::find(std::string key) {
  auto snapshot = co_await impl_->get();
  if (!snapshot) co_return std::unexpected(snapshot.error());
  // A key that was made a moment ago must not be refused: some clients drop what was answered with an error.
  if (!(*snapshot)->by_key.contains(key) && !impl_->is_current(**snapshot)) {
    snapshot = co_await impl_->get(true);
    if (!snapshot) co_return std::unexpected(snapshot.error());
  }
  const auto found = (*snapshot)->by_key.find(key);
  if (found == (*snapshot)->by_key.end()) co_return nullptr;
  co_return found->second;
}

Task<Result<std::map<AppId, std::int32_t>>> ProjectKeys::apps() {
  const auto snapshot = co_await impl_->get();
  if (!snapshot) co_return std::unexpected(snapshot.error());
  co_return (*snapshot)->apps;
}

}  // namespace miniops::telemetry
