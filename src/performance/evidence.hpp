// From records to what the rules look at. Pure. Private to the module.
#pragma once

#include "performance/advice.hpp"
#include "performance/service.hpp"

namespace miniops::performance {

Sample sample_of(Metric metric, const telemetry::NamedRow& row);

// What the parts of a request took, from rows that say it; the mean of each, by what Dimension::url names.
std::map<std::string, RequestPhases> phases_by_url(const std::vector<telemetry::NamedRow>& rows);

// A release with when it was first reported, and how many records it has.
struct SeenRelease {
  std::string name;
  TimeMs first_at = 0;
  double count = 0;
};
// The newest and the one before it, by when each came; what is reported by a few alone is no release. nullopt: there
// are no two.
std::optional<std::pair<SeenRelease, SeenRelease>> last_two(std::vector<SeenRelease> releases);

}  // namespace miniops::performance
