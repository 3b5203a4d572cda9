// Looks at the rules of a mini program, every 15 seconds, and moves its alerts. What was decided, the notifications,
// and how far the windows were looked at are one transaction: whatever dies when, each window is looked at, and each
// transition told, once.
#pragma once

#include "alerts/recorder.hpp"
#include "alerts/watcher.hpp"
#include "storage/sql/config_version.hpp"

namespace miniops::alerts {

inline constexpr TimeMs tick_ms = 15 * second_ms;
inline constexpr TimeMs settle_ms = 5 * second_ms;  // from receipt until a record can be asked for
// After a gap the missed time is looked at once a minute; what lies further back is not.
inline constexpr TimeMs catch_up_step_ms = minute_ms;
inline constexpr TimeMs catch_up_max_ms = hour_ms;

// One caller at a time. Collaborators must outlive it.
class Evaluator {
 public:
  struct Collaborators {
    sql::Database& database;
    sql::ConfigVersion& version;
    const Clock& clock;
    IdSource& ids;
    Watcher& watcher;
  };
  explicit Evaluator(const Collaborators& with) : with_(with) {}

  // All windows that have ended and were not looked at yet. False: there was none. An error leaves them for the next
  // call.
  Task<Result<bool>> evaluate(AppId appid);
  // A mini program that is seen for the first time gets the default rules and an empty table of receivers.
  Task<Result<void>> welcome(AppId appid);

 private:
  struct Program {  // what is cached
    std::int64_t version = -1;
    bool welcomed = false;
    std::vector<Rule> rules{};
    std::map<RuleId, Sight> sights{};
  };
  struct Board {  // how things stand
    TimeMs evaluated_to = 0;
    std::vector<Alert> open{}, lately{};
  };
  struct Decided {
    const Rule* rule = nullptr;
    Step step{};
  };

  Task<Result<void>> refresh(AppId appid);
  Task<Result<void>> evaluate_to(AppId appid, TimeMs to);
  Task<Sight> evaluate_rule(const Rule& rule, const Board& board, TimeMs to, std::vector<Decided>& out);
  Task<Result<void>> commit(AppId appid, const Board& board, const std::vector<Decided>& decided,
                            const std::vector<store::SightOf>& sights, TimeMs to);

  const Collaborators with_;
  std::map<AppId, Program> programs_;
};

}  // namespace miniops::alerts
