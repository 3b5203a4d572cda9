// What people do with issues. Each is one transaction with its step in the history and its audit entry.
#pragma once

#include "identity/service.hpp"
#include "issues/issue.hpp"
#include "storage/sql/config_version.hpp"

namespace miniops::issues {

// A change; what is not there stays as it is. An inner nullopt takes it away.
struct Change {
  std::optional<Workflow> state{};
  bool resolve = false;                   // released when the release with the fix was seen already, else fixed
  std::optional<std::string> fixed_in{};  // with a resolved state; default: the newest release
  std::optional<std::optional<identity::AccountId>> assignee{};
  std::optional<std::optional<Severity>> severity{};
  std::optional<std::optional<Ignoring>> ignored{};  // until_release: its after_release is filled in here
  std::optional<std::optional<std::string>> tracker_url{};
};

struct ActivityPage {
  std::vector<Activity> items;
  std::optional<std::pair<std::int64_t, std::int64_t>> next{};
};

class Service {
 public:
  struct Collaborators {
    sql::Database& database;
    sql::ConfigVersion& version;
    const Clock& clock;
    IdSource& ids;
    identity::Service& identity;
  };
  explicit Service(const Collaborators& with) : with_(with) {}

  // All or none. issues.not_found, issues.unknown_assignee.
  Task<Result<std::vector<Issue>>> change(Access access, std::vector<std::int64_t> ids, Change change);
  // Others become part of one; gives that one. issues.cannot_merge.
  Task<Result<Issue>> merge(Access access, std::int64_t into, std::vector<std::int64_t> ids);
  // A key gets an issue of its own, for good; gives that issue. issues.cannot_split.
  Task<Result<Issue>> split(Access access, std::int64_t id, std::int64_t key);
  // Takes a step back: a change while what it changed is as it left it, a merge while it stands. issues.cannot_undo.
  Task<Result<Issue>> undo(Access access, std::int64_t id, std::int64_t activity);
  Task<Result<Activity>> comment(Access access, std::int64_t id, std::string text);
  Task<Result<ActivityPage>> activity(Access access, std::int64_t id,
                                      std::optional<std::pair<std::int64_t, std::int64_t>> after, int limit);
  // Puts the named releases into this order, the oldest first; gives all names in their order. issues.unknown_release.
  Task<Result<std::vector<std::string>>> order_releases(Access access, std::vector<std::string> releases);

 private:
  Task<Result<std::optional<Assignee>>> assignee_of(Access access, std::optional<identity::AccountId> account);
  // The closure, which acts on what the loader remembers: here at once, on other nodes within 200 ms.
  template <class T, class Write>
  Task<Result<T>> write(Write write);

  const Collaborators with_;
};

// ---- implementation of the template ----

template <class T, class Write>
Task<Result<T>> Service::write(Write write) {
  auto raised = [write = std::move(write)](sql::Transaction& tx) -> Result<T> {
    Result<T> done = write(tx);
    if (done) sql::raise_config_version(tx);
    return done;
  };
  auto done = co_await with_.database.write(std::move(raised));
  co_await with_.version.refresh();
  co_return done;
}

}  // namespace miniops::issues
