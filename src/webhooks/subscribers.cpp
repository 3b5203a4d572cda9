#include "webhooks/subscribers.hpp"

namespace miniops::webhooks {

bool Subscribers::any(const AppId& appid, Kind kind) const {
  const auto snapshot = current();
  const auto found = snapshot->find(appid);
  if (found == snapshot->end()) return false;
  return std::ranges::any_of(found->second, [kind](const store::Wanting& one) { return has(one.kinds, kind); });
}

std::vector<SubscriptionId> Subscribers::of(const AppId& appid, Kind kind) const {
  std::vector<SubscriptionId> ids;
  const auto snapshot = current();
  const auto found = snapshot->find(appid);
  if (found == snapshot->end()) return ids;
  for (const store::Wanting& one : found->second)
    if (has(one.kinds, kind)) ids.push_back(one.id);
  return ids;
}

Task<Result<bool>> Subscribers::load() {
  const std::int64_t version = version_.current();  // before reading: a later change is then read again
  {
    const std::scoped_lock lock(mutex_);
    if (version == loaded_version_) co_return false;
  }
  auto read = [](sql::Transaction& tx) -> Result<ByApp> { return store::wanting(tx); };
  auto rows = co_await database_.read(std::move(read));
  if (!rows) co_return std::unexpected(rows.error());
  set(std::move(*rows), version);
  co_return true;
}

Result<void> Subscribers::prepare_blocking() {
  const std::int64_t version = version_.current();
  auto read = [](sql::Transaction& tx) -> Result<ByApp> { return store::wanting(tx); };
  auto rows = database_.read_blocking(std::move(read));
  if (!rows) return std::unexpected(rows.error());
  set(std::move(*rows), version);
  return {};
}

std::shared_ptr<const Subscribers::ByApp> Subscribers::current() const {
  const std::scoped_lock lock(mutex_);
  return current_;
}

void Subscribers::set(ByApp rows, std::int64_t version) {
  auto built = std::make_shared<const ByApp>(std::move(rows));
  const std::scoped_lock lock(mutex_);
  // Of two that load at once, the one that began earlier may end later.
  if (version < loaded_version_) return;
  current_ = std::move(built);
  loaded_version_ = version;
}

}  // namespace miniops::webhooks
