#include "telemetry/service.hpp"

#include "base/encoding.hpp"
#include "identity/audit.hpp"
#include "telemetry/errors.hpp"
#include "telemetry/store.hpp"

namespace miniops::telemetry {

namespace {

constexpr std::size_t keys_max = 50;
constexpr std::size_t key_chars = 32;

}  // namespace

Task<Result<std::vector<ProjectKey>>> Service::keys(Access access) {
  auto read = [appid = access.appid()](sql::Transaction& tx) -> Result<std::vector<ProjectKey>> {
    return store::keys_of(tx, appid);
  };
  co_return co_await with_.database.read(std::move(read));
}

Task<Result<ProjectKey>> Service::add_key(Access access, std::string name, std::int64_t records_per_minute) {
  ProjectKey wanted;
  wanted.id = with_.ids.next();
  wanted.appid = access.appid();
  // Sentry's clients accept hexadecimal digits only.
  wanted.key = hex(with_.random.bytes(key_chars / 2));
  wanted.name = std::move(name);
  wanted.records_per_minute = records_per_minute;
  wanted.created_at = with_.clock.now();
  const identity::AuditEntry entry{with_.ids.next(),
                                   wanted.created_at,
                                   "telemetry.key.create",
                                   "telemetry_key:" + std::to_string(wanted.id),
                                   {{"name", {{"to", wanted.name}}}}};
  auto write = [=](sql::Transaction& tx) -> Result<ProjectKey> {
    const auto there = store::keys_of(tx, wanted.appid);
    const auto used = std::ranges::count_if(there, [](const ProjectKey& key) { return key.revoked_at == 0; });
    if (static_cast<std::size_t>(used) >= keys_max) return fail(errors::too_many_keys());
    ProjectKey made = store::add_key(tx, wanted);
    identity::audit(tx, access, entry);
    sql::raise_config_version(tx);
    return made;
  };
  auto made = co_await with_.database.write(std::move(write));
  co_await with_.version.refresh();
  co_return made;
}

Task<Result<void>> Service::revoke_key(Access access, std::int64_t id) {
  const identity::AuditEntry entry{with_.ids.next(), with_.clock.now(), "telemetry.key.revoke",
                                   "telemetry_key:" + std::to_string(id)};
  auto write = [=](sql::Transaction& tx) -> Result<void> {
    if (!store::revoke_key(tx, access.appid(), id, entry.at)) return fail(errors::not_found());
    identity::audit(tx, access, entry);
    sql::raise_config_version(tx);
    return {};
  };
  auto done = co_await with_.database.write(std::move(write));
  co_await with_.version.refresh();
  co_return done;
}

Task<Result<Settings>> Service::settings(Access access) {
  auto read = [appid = access.appid()](sql::Transaction& tx) -> Result<Settings> { return store::settings(tx, appid); };
  co_return co_await with_.database.read(std::move(read));
}

Task<Result<Settings>> Service::set_settings(Access access, Settings settings) {
  const identity::AuditEntry entry{with_.ids.next(), with_.clock.now(), "telemetry.settings.update",
                                   "telemetry_settings:" + access.appid().str()};
  auto write = [=](sql::Transaction& tx) -> Result<Settings> {
    identity::AuditEntry changed = entry;
    changed.changes["settings"] = {{"from", to_json(store::settings(tx, access.appid()))}, {"to", to_json(settings)}};
    store::put_settings(tx, access.appid(), settings);
    identity::audit(tx, access, changed);
    sql::raise_config_version(tx);
    return settings;
  };
  auto done = co_await with_.database.write(std::move(write));
  co_await with_.version.refresh();
  co_return done;
}

}  // namespace miniops::telemetry
