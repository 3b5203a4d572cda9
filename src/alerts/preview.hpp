// What rules would have done, and did: a rule run over the past, thresholds from it, and the weekly review of all.
#pragma once

#include "alerts/evaluator.hpp"
#include "alerts/statistics/propose.hpp"

namespace miniops::alerts {

inline constexpr TimeMs preview_ms_max = 14 * day_ms;
inline constexpr TimeMs review_ms = 28 * day_ms;

struct Episode {
  std::string group;
  TimeMs fired_at = 0, resolved_at = 0;  // 0: it goes on
  double worst = 0, expected = 0;
};
struct Point {
  TimeMs at = 0;
  double value = 0, expected = 0;
  bool breach = false;
};
struct PastOfRule {
  std::int64_t windows = 0, judged = 0, too_little_data = 0;
  std::vector<Episode> episodes{};
  std::vector<Point> points{};  // of the group with the most records; at most 2,000
};
struct Proposal {
  std::int64_t windows = 0;
  std::optional<double> usual{};
  std::vector<Proposed> items{};
};
struct Reviewed {
  Rule rule;
  std::int64_t fired = 0, acknowledged = 0, useful = 0, noise = 0, reopened = 0;
  std::optional<TimeMs> response_ms{};  // the median
  std::string finding{};                // fine never_fired always_ignored flapping mostly_noise blind
  json::object suggestion{};            // what to change of the rule; empty: nothing
};

class Preview {
 public:
  struct Collaborators {
    sql::Database& database;
    Signals& signals;
    HealthSource& health;
    QueryParser& queries;
  };
  explicit Preview(const Collaborators& with) : with_(with) {}

  // With the code that runs it live, in windows without overlap. Fails with alerts.no_preview.
  Task<Result<PastOfRule>> run(AppId appid, Rule rule, TimeMs from, TimeMs to);
  Task<Result<Proposal>> propose(AppId appid, Rule rule, TimeMs now);
  Task<Result<std::vector<Reviewed>>> review(AppId appid, TimeMs now);

 private:
  const Collaborators with_;
};

}  // namespace miniops::alerts
