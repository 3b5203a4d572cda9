#include "issues/map_service.hpp"

#include "base/encoding.hpp"
#include "identity/audit.hpp"
#include "issues/errors.hpp"
#include "issues/event_pages.hpp"

namespace miniops::issues {

namespace {

constexpr int errors_examined = 500;
constexpr std::size_t positions_max = 2000;

json::object shown(const MapEntry& entry) {
  return {{"release", entry.release},
          {"layer", to_string(entry.layer)},
          {"file", entry.file},
          {"sha256", entry.sha256},
          {"bytes", entry.bytes}};
}

// Without what it takes the place of.
Result<void> check_room(sql::Transaction& tx, const AppId& appid, const MapEntry& entry,
                        const std::optional<MapEntry>& before) {
  std::int64_t maps = 1;
  std::int64_t bytes = entry.bytes;
  for (const MapEntry& other : store::maps_of(tx, appid, entry.release)) {
    if (before && other.id == before->id) continue;
    ++maps;
    bytes += other.bytes;
  }
  if (maps > release_maps_max || bytes > release_bytes_max) return fail(errors::too_many_source_maps());
  return {};
}

}  // namespace

std::string plain_release(std::string_view release) {
  const std::size_t at = release.rfind('@');
  return std::string(release.substr(at == std::string_view::npos ? 0 : at + 1));
}

Task<Result<Upload>> MapService::upload(Access access, std::string release, Layer layer, std::string file,
                                        std::string bytes) {
  auto look = [&bytes]() -> Result<std::int64_t> {
    const auto map = SourceMap::parse(bytes);
    if (!map) return std::unexpected(map.error());
    return static_cast<std::int64_t>(map->sources().size());
  };
  const auto sources = co_await with_.workers.run(look);
  if (!sources) co_return std::unexpected(sources.error());
  if (!*sources) co_return std::unexpected(sources->error());

  MapEntry entry;
  entry.id = with_.ids.next();
  entry.release = plain_release(release);
  entry.layer = layer;
  entry.file = plain_file(file);
  entry.bytes = static_cast<std::int64_t>(bytes.size());
  entry.uploaded_at = with_.clock.now();
  entry.uploaded_by = access.username();
  auto stored = co_await with_.blobs.put(std::move(bytes));
  if (!stored) co_return std::unexpected(stored.error());
  entry.sha256 = std::move(*stored);
  const identity::AuditEntry audited{with_.ids.next(), entry.uploaded_at, "issues.source_map.upload",
                                     "source_map:" + std::to_string(entry.id)};
  auto keep = [=, sources = **sources](sql::Transaction& tx) -> Result<Upload> {
    const auto before = store::find_map(tx, access.appid(), entry);
    if (auto ok = check_room(tx, access.appid(), entry, before); !ok) return std::unexpected(ok.error());
    store::put_map(tx, access.appid(), entry);
    identity::AuditEntry changed = audited;
    changed.changes["source_map"] = {{"from", before ? json::value(shown(*before)) : json::value(nullptr)},
                                     {"to", shown(entry)}};
    identity::audit(tx, access, changed);
    sql::raise_config_version(tx);
    return Upload{entry, sources, before.has_value()};
  };
  auto kept = co_await with_.database.write(std::move(keep));
  co_await with_.version.refresh();
  co_return kept;
}

Task<Result<MapPage>> MapService::list(Access access, std::optional<std::string> release,
                                       std::optional<std::pair<std::int64_t, std::int64_t>> after, int limit) {
  auto read = [=](sql::Transaction& tx) -> Result<MapPage> {
    MapPage page{store::list_maps(tx, access.appid(), release, after, limit + 1)};
    if (page.items.size() > static_cast<std::size_t>(limit)) {
      page.items.pop_back();
      page.next = {page.items.back().uploaded_at, page.items.back().id};
    }
    return page;
  };
  co_return co_await with_.database.read(std::move(read));
}

// The bytes stay: another release may have the same.
Task<Result<void>> MapService::remove(Access access, std::int64_t id) {
  const identity::AuditEntry audited{with_.ids.next(), with_.clock.now(), "issues.source_map.delete",
                                     "source_map:" + std::to_string(id)};
  auto drop = [=](sql::Transaction& tx) -> Result<void> {
    const auto entry = store::find_map(tx, access.appid(), id);
    if (!entry) return fail(errors::map_not_found());
    store::remove_map(tx, id);
    identity::AuditEntry changed = audited;
    changed.changes["source_map"] = {{"from", shown(*entry)}, {"to", nullptr}};
    identity::audit(tx, access, changed);
    sql::raise_config_version(tx);
    return {};
  };
  auto done = co_await with_.database.write(std::move(drop));
  co_await with_.version.refresh();
  co_return done;
}

// ---- the doctor ----

Task<Result<std::set<SeenPosition>>> MapService::positions(Access access, std::string release) {
  const TimeMs now = with_.clock.now();
  const telemetry::Asked asked{
      telemetry::Kind::error, now - 7 * day_ms, now + minute_ms, {{events::Field::release, {release}}}};
  events::RowsQuestion question;
  question.limit = errors_examined;
  const auto rows = co_await with_.telemetry.rows(access, asked, std::move(question));
  if (!rows) co_return std::unexpected(rows.error());
  std::set<SeenPosition> seen;
  telemetry::Json json;
  for (const auto& row : *rows)
    for (const Exception& exception : failure_of(record_of(row), json).exceptions)
      for (const Frame& frame : exception.frames)
        if (frame.in_app && frame.line > 0 && seen.size() < positions_max)
          seen.insert({frame.file, frame.line, frame.column});
  co_return seen;
}

Task<Result<Report>> MapService::examine(Access access, std::string release) {
  release = plain_release(release);
  const auto seen = co_await positions(access, release);
  if (!seen) co_return std::unexpected(seen.error());
  auto work = [this, appid = access.appid(), &release, &seen]() -> Result<Report> {
    const auto maps = with_.shelf.maps_of(appid, release);
    if (!maps) return std::unexpected(maps.error());
    const MapSet none({});
    const OpenMap open = with_.shelf.opener();
    return issues::examine(*maps ? **maps : none, open, *seen);
  };
  auto done = co_await with_.workers.run(work);
  if (!done) co_return std::unexpected(done.error());
  co_return std::move(*done);
}

}  // namespace miniops::issues
