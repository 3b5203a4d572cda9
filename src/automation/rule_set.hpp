// The rules of a mini program that work (on, not paused), compiled: which an event begins, and their conditions; and
// the cache of all mini programs' sets, checked against config_version and rebuilt off the io threads.
#pragma once

#include <map>
#include <memory>
#include <mutex>

#include "automation/rule.hpp"
#include "base/task.hpp"
#include "net/workers.hpp"
#include "routing/decide.hpp"
#include "storage/sql/config_version.hpp"
#include "storage/sql/database.hpp"

namespace miniops::automation {

// Immutable; safe from any thread.
class RuleSet {
 public:
  explicit RuleSet(std::vector<PlacedRule> rules = {});
  RuleSet(const RuleSet&) = delete;
  RuleSet& operator=(const RuleSet&) = delete;

  struct Begun {
    std::vector<const PlacedRule*> rules{};
    std::unique_ptr<const routing::RuleSet> conditions{};  // one for each; none: there are no rules
  };
  const Begun& begun_by(EventKind kind) const { return begun_[static_cast<std::size_t>(kind)]; }
  bool wants(EventKind kind) const { return !begun_by(kind).rules.empty(); }
  const std::vector<Wait>& waits() const { return waits_; }

 private:
  const std::vector<PlacedRule> rules_;
  std::array<Begun, event_kinds> begun_;
  std::vector<Wait> waits_;
};

// of() is safe from any thread; load() too, and is called by a loop, and by whoever changed something.
class RuleSets {
 public:
  RuleSets(sql::Database& database, const sql::ConfigVersion& version, net::Workers& workers)
      : database_(database), version_(version), workers_(workers) {}

  // Never nullptr.
  std::shared_ptr<const RuleSet> of(const AppId& appid) const;
  // Reads anew when config_version moved, or always with `force`. True: it did.
  Task<Result<bool>> load(bool force = false);

 private:
  using ByApp = std::map<AppId, std::shared_ptr<const RuleSet>>;

  sql::Database& database_;
  const sql::ConfigVersion& version_;
  net::Workers& workers_;
  mutable std::mutex mutex_;
  std::shared_ptr<const ByApp> current_ = std::make_shared<const ByApp>();
  std::int64_t loaded_version_ = -1;
};

}  // namespace miniops::automation
