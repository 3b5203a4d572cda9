// What the loader has stored already, so that what a client sends again is stored once: ids of the last day, and the
// numbers of our SDK's batches, for as long as an install is heard of. Pure.
#pragma once

#include <boost/unordered/unordered_flat_map.hpp>
#include <map>
#include <set>

#include "storage/events/event_store.hpp"

namespace miniops::telemetry {

using events::Id128;

struct Id128Hash {
  std::size_t operator()(const Id128& id) const { return id.high ^ (id.low * 0x9e3779b97f4a7c15ULL); }
};

class Remembered {
 public:
  explicit Remembered(std::size_t ids_max = 10'000'000) : ids_max_(ids_max) {}
  void load(const events::LoadState& state);

  // True the first time within a day.
  bool first_time(std::int32_t app, const Id128& id, TimeMs at);
  // True when this batch of this install was not there before.
  bool first_batch(std::int32_t app, const Id128& install, std::int64_t number);
  // Numbers that never came, below the highest that did, of all installs of `app`.
  std::int64_t missing_batches(std::int32_t app) const;
  // Forgets ids older than a day, and the oldest when there are too many. How many of those were younger than a day.
  std::int64_t forget_old(TimeMs now);

 private:
  struct Runs {
    std::map<std::int64_t, std::int64_t> runs;  // first → last, disjoint, not touching
  };
  using Key = std::pair<std::int32_t, Id128>;
  struct KeyHash {
    std::size_t operator()(const Key& key) const {
      return Id128Hash{}(key.second) + static_cast<std::size_t>(key.first) * 0x632be59bd9b4e019ULL;
    }
  };
  const std::size_t ids_max_;
  boost::unordered_flat_map<Key, TimeMs, KeyHash> ids_;
  boost::unordered_flat_map<Key, Runs, KeyHash> installs_;
};

}  // namespace miniops::telemetry
