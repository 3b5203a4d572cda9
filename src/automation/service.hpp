// Use cases of automation rules: their order, changes, the dry run and the log. Each change is audited, raises
// config_version, and acts on this node before the call returns. Safe from any thread.
#pragma once

#include "automation/ports.hpp"
#include "automation/store.hpp"

namespace miniops::automation {

// broken: a step names what is gone; it will be refused.
enum class WarningKind { matches_everything, broken };
inline constexpr std::array<std::string_view, 2> warning_words{"matches_everything", "broken"};
inline std::span<const std::string_view> words_of(WarningKind) { return warning_words; }

struct Warning {
  WarningKind kind{};
  std::size_t step = 0;  // of broken: which one, from 0
};

struct RuleShown {
  PlacedRule placed;
  std::size_t position = 0;
  std::vector<Warning> warnings{};
};

struct DryRun {
  std::vector<PastConversation> past{};
  std::vector<Tried> tried{};  // of `past`
  std::vector<Warning> warnings{};
};

struct LogPage {
  std::vector<LogEntry> items{};
  store::Before next{};
};

class Service {
 public:
  struct Collaborators {
    sql::Database& database;
    sql::ConfigVersion& version;
    const Clock& clock;
    IdSource& ids;
    RuleSets& rule_sets;
    Desk& desk;
  };
  explicit Service(const Collaborators& with) : with_(with) {}

  // In their order.
  Task<Result<std::vector<RuleShown>>> rules(Access access);
  Task<Result<RuleShown>> rule(Access access, RuleId id);
  // Before another one; without one behind all others. automation.too_many, automation.no_such_target
  Task<Result<RuleShown>> add(Access access, json::value rule, RuleId before);
  // The fields that the patch has are other ones. Who changes a paused rule lets it go on. automation.changed
  Task<Result<RuleShown>> change(Access access, RuleId id, std::int64_t version, json::object patch);
  Task<Result<RuleShown>> move(Access access, RuleId id, RuleId before);
  Task<Result<void>> remove(Access access, RuleId id);

  // Of a rule that need not be stored, against the newest 100 conversations. Changes nothing.
  Task<Result<DryRun>> dry_run(Access access, json::value rule);
  Task<Result<LogPage>> log(Access access, store::LogFilter filter, store::Before before, int limit);

 private:
  template <class Value, class Change>
  Task<Result<Value>> configure(Access access, std::string action, RuleId id, Change change);
  std::vector<RuleShown> all_shown(sql::Transaction& tx, const AppId& appid) const;
  Result<RuleShown> shown(sql::Transaction& tx, const AppId& appid, RuleId id) const;
  std::vector<Warning> warnings_of(sql::Transaction& tx, const AppId& appid, const Rule& rule) const;
  Result<void> check(sql::Transaction& tx, const AppId& appid, const Rule& rule) const;

  const Collaborators with_;
};

}  // namespace miniops::automation
