#include "telemetry/lazy_events.hpp"

#include "telemetry/store.hpp"

namespace miniops::telemetry {

Result<std::shared_ptr<events::EventStore>> LazyEvents::get() {
  const std::lock_guard lock(mutex_);
  if (store_) return store_;
  if (*held_) return fail(ErrorKind::unavailable, "storage.events_unavailable", "the event store is being opened anew");
  auto opened = open();
  if (!opened) return std::unexpected(opened.error());
  const auto merges = database_.read_blocking(
      [](sql::Transaction& tx) -> Result<std::vector<store::Merge>> { return store::all_merges(tx); });
  if (!merges) return std::unexpected(merges.error());
  for (const store::Merge& merge : *merges)
    if (auto ok = (*opened)->count_as(merge.person, merge.canonical); !ok) return std::unexpected(ok.error());
  store_ = std::move(*opened);
  return store_;
}

Result<std::shared_ptr<events::EventStore>> LazyEvents::open() {
  auto opened = events::EventStore::open(options_);
  if (!opened) return std::unexpected(opened.error());
  *held_ = true;
  return std::shared_ptr<events::EventStore>(opened->release(), [held = held_](events::EventStore* store) {
    delete store;
    *held = false;
  });
}

void LazyEvents::drop() {
  const std::lock_guard lock(mutex_);
  store_.reset();
}

bool LazyEvents::opened() const {
  const std::lock_guard lock(mutex_);
  return store_ != nullptr;
}

bool LazyEvents::exists() const {
  std::error_code ignored;
  for (const auto& entry : std::filesystem::directory_iterator(options_.folder, ignored))
    if (entry.path().extension() == ".duckdb") return true;
  return false;
}

}  // namespace miniops::telemetry
