#include "telemetry/remembered.hpp"

namespace miniops::telemetry {

namespace {

constexpr TimeMs ids_kept_ms = day_ms;

// Adds `number` to runs; false when it is in one.
bool add(std::map<std::int64_t, std::int64_t>& runs, std::int64_t first, std::int64_t last) {
  auto after = runs.upper_bound(first);
  if (after != runs.begin()) {
    const auto before = std::prev(after);
    if (before->second >= first) return false;
    if (before->second + 1 == first) {
      first = before->first;
      runs.erase(before);
    }
  }
  if (after != runs.end() && after->first == last + 1) {
    last = after->second;
    runs.erase(after);
  }
  runs[first] = last;
  return true;
}

}  // namespace

void Remembered::load(const events::LoadState& state) {
  ids_.clear();
  installs_.clear();
  for (const events::Seen& one : state.seen) ids_[{one.app, one.id}] = one.at;
  for (const events::SeenBatches& one : state.batches) add(installs_[{one.app, one.install}].runs, one.first, one.last);
}

bool Remembered::first_time(std::int32_t app, const Id128& id, TimeMs at) {
  const auto [entry, added] = ids_.try_emplace(Key{app, id}, at);
  if (added) return true;
  const bool old = entry->second < at - ids_kept_ms;
  if (old) entry->second = at;
  return old;
}

bool Remembered::first_batch(std::int32_t app, const Id128& install, std::int64_t number) {
  return add(installs_[{app, install}].runs, number, number);
}

std::int64_t Remembered::missing_batches(std::int32_t app) const {
  std::int64_t missing = 0;
  for (const auto& [key, install] : installs_) {
    if (key.first != app) continue;
    std::int64_t next = 1;
    for (const auto& [first, last] : install.runs) {
      missing += first - next;
      next = last + 1;
    }
  }
  return missing;
}

std::int64_t Remembered::forget_old(TimeMs now) {
  boost::unordered::erase_if(ids_, [&](const auto& entry) { return entry.second < now - ids_kept_ms; });
  if (ids_.size() <= ids_max_) return 0;
  std::vector<TimeMs> times;
  times.reserve(ids_.size());
  for (const auto& [key, at] : ids_) times.push_back(at);
  const auto cut = times.begin() + static_cast<std::ptrdiff_t>(ids_.size() - ids_max_);
  std::ranges::nth_element(times, cut);
  const TimeMs oldest = *cut;
  const auto before = ids_.size();
  boost::unordered::erase_if(ids_, [&](const auto& entry) { return entry.second < oldest; });
  return static_cast<std::int64_t>(before - ids_.size());
}

}  // namespace miniops::telemetry
