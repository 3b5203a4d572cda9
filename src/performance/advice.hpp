// Six rules that say what to change: each with what it saw, and what the change would gain. Values only; README.md has
// the formulas, tests/advice_test.cpp holds them against simulated traffic whose cause is known.
#pragma once

#include <variant>

#include "performance/comparison.hpp"

namespace miniops::performance {

// One record as the rules see it. Times in ms, 0 for what the record does not say.
struct Sample {
  TimeMs at = 0;  // when it was over
  double ms = 0;
  double weight = 1;
  std::string page, page_view, session;
  std::string label;        // of a package or script its name, of a request "GET https://…"
  double bytes = 0;         // of a package
  double setup_ms = 0;      // of a request: name, connection and TLS
  bool has_phases = false;  // of a request
  double updates = 0;       // of setData: how many in the page view
  double updates_ms = 0;    // and how long they took together
};

// The newest release and the one before it, in one metric.
struct ReleasePair {
  Metric metric{};
  std::string before{}, newest{};
  Spread of_before{}, of_newest{};
};

// The newest records of each metric, at most samples_max.
inline constexpr int samples_max = 2000;
struct Evidence {
  std::vector<Sample> startups, packages, scripts, renders, requests, updates;
  std::vector<ReleasePair> releases;
  double sampled = 1;  // the share of performance records that is stored
};

enum class Unit { ms, bytes, count, share };
std::string_view to_string(Unit unit);

struct Fact {
  std::string_view name;
  double value = 0;
  Unit unit = Unit::ms;
};
struct Place {
  std::string_view kind;  // page url package release module
  std::string name;
};
struct Change {
  std::string_view code;
  std::vector<std::pair<std::string_view, std::variant<double, std::string>>> parameters{};
};
// Of the mean of those whom the cause touches, who are `share_of_users` of all.
struct Gain {
  double ms_low = 0, ms = 0, ms_high = 0;
  std::string_view metric{};
  double share_of_users = 0;
};

struct Advice {
  enum class Status { found, ok, needs_data };
  std::string_view rule;
  Status status = Status::needs_data;
  std::vector<Fact> evidence{};
  std::vector<Place> where{};
  std::vector<Change> changes{};
  std::optional<Gain> gain{};
};
std::string_view to_string(Advice::Status status);

Advice large_package(const Evidence& evidence);
Advice long_script(const Evidence& evidence);
Advice serial_requests(const Evidence& evidence);
Advice slow_connections(const Evidence& evidence);
Advice frequent_set_data(const Evidence& evidence);
Advice release_regression(const Evidence& evidence);

// All six: what was found first, the largest gain × share first.
std::vector<Advice> advise(const Evidence& evidence);

}  // namespace miniops::performance
