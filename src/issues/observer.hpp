// Gives each error its issue as it is loaded, and decides in the order of the spool what is new and what came back.
#pragma once

#include <atomic>
#include <unordered_map>

#include "issues/issue.hpp"
#include "issues/listener.hpp"
#include "issues/seen_board.hpp"
#include "issues/sourcemaps/shelf.hpp"
#include "telemetry/ports.hpp"

namespace miniops::issues {

// A mini program's keys beyond this belong to one issue for each kind: (其他).
inline constexpr std::int64_t keys_max = 20'000;
inline constexpr TimeMs forgotten_after_ms = 90 * day_ms;  // an untouched issue may then make room

// look() by the loader's thread; flush() by one coroutine at a time.
class Observer final : public telemetry::LoadObserver {
 public:
  struct Collaborators {
    sql::Database& database;
    const sql::ConfigVersion& version;  // raised by whatever people decide about issues
    IdSource& ids;
    const Clock& clock;
    Shelf& maps;
    Listener* listener = nullptr;  // may be null; must outlive this
    std::int64_t keys_max = issues::keys_max;
  };
  // `rules`: as grouping.hpp has them, the newest last.
  explicit Observer(const Collaborators& with, std::vector<Rule> rules = issues::rules());

  Result<void> look(const AppId& appid, std::span<const telemetry::Record* const> records,
                    std::span<telemetry::Additions> out) override;

  // Writes when issues were seen last and ends the ignoring of those that came as often as was allowed; gives the
  // issues that were seen since the last call. Once a minute.
  Task<Result<std::vector<IssuePlace>>> flush();

 private:
  // What is known of a mini program; all of it is in SQL, too.
  struct App {
    ReleaseOrder releases;
    std::map<std::int64_t, std::int64_t> split;            // keys that lead to their own issue under any rule
    std::unordered_map<std::int64_t, std::int64_t> keys;   // of the newest rule, to issues
    std::unordered_map<std::int64_t, Handling> handlings;  // of issues
    TimeMs forgot_at = 0;
  };
  // An error that arrived, with its keys under all rules, the newest first.
  struct Arrived {
    const telemetry::Record* record = nullptr;
    std::size_t index = 0;
    std::vector<std::int64_t> keys;
  };
  struct Unknown {
    const telemetry::Record* record = nullptr;
    Failure failure;
    std::vector<std::int64_t> keys;
    std::int64_t activity_id = 0;
  };
  struct Learnt {
    std::int64_t issue = 0;
    Handling handling;
    bool overflow = false;  // one of many of an issue of others: not remembered
  };
  using Others = std::map<std::int64_t, std::int64_t>;  // the newest key of what overflowed, to its issue

  Result<void> look_at(const AppId& appid, std::span<const telemetry::Record* const> records,
                       std::span<telemetry::Additions> out);
  Result<App*> app(const AppId& appid);
  Result<void> read_source(const AppId& appid, const std::string& release, Failure& failure);
  std::vector<std::int64_t> keys_of(const AppId& appid, const Failure& failure, const std::string& page) const;
  static std::int64_t issue_of(const App& app, const std::vector<std::int64_t>& keys);
  Result<Handling*> handling_of(const AppId& appid, App& app, std::int64_t issue);
  Result<void> decide(const AppId& appid, App& app, std::int64_t issue, const telemetry::Record& record);
  Handling act(sql::Transaction& tx, const AppId& appid, std::int64_t issue, const telemetry::Record& record,
               const ReleaseOrder& releases, std::int64_t activity_id, TimeMs now) const;
  void tell(sql::Transaction& tx, IssueEvent::What what, const Issue& issue, const telemetry::Record& record) const;

  // observer_learn.cpp: what was never seen before.
  Result<void> learn_releases(const AppId& appid, App& app, std::span<const telemetry::Record* const> records);
  Result<void> learn_release(const AppId& appid, const Release& release);
  Result<Others> learn_keys(const AppId& appid, App& app, std::span<const Unknown> unknown);
  Learnt learn(sql::Transaction& tx, const AppId& appid, const Unknown& unknown, bool full, TimeMs now) const;
  Learnt create(sql::Transaction& tx, const AppId& appid, const Unknown& unknown, const Key& key, TimeMs now) const;

  const Collaborators with_;
  const std::vector<Rule> rules_;
  telemetry::Json json_;
  std::int64_t version_ = -1;
  std::atomic<bool> stale_{false};
  std::unordered_map<AppId, App> apps_;
  SeenBoard board_;
};

}  // namespace miniops::issues
