// What people look at: issues with their figures, what their events have in common, the health of releases. State comes
// from SQL, counts from the event store.
#pragma once

#include "issues/counter.hpp"
#include "issues/store.hpp"
#include "net/workers.hpp"

namespace miniops::issues {

enum class ListSort { last_seen, first_seen, events, users };

struct ListQuestion {
  store::IssueFilter filter{};           // from and to are those of the figures, too
  std::optional<std::string> release{};  // seen in it
  ListSort sort = ListSort::last_seen;
  std::optional<std::pair<std::int64_t, std::int64_t>> after{};
  int limit = 50;
};

struct IssueFigures {
  Figures figures{};
  std::optional<double> session_share{};  // nullopt: no sessions are reported
  std::map<TimeMs, double> trend{};
};

struct IssueRow {
  Issue issue;
  std::int64_t merged = 0;  // how many are part of it
  IssueFigures figures{};
};
struct IssuePage {
  std::vector<IssueRow> items{};
  std::optional<std::pair<std::int64_t, std::int64_t>> next{};
  TimeMs trend_interval_ms = 0;
};

struct IssueDetail {
  IssueRow row;
  TimeMs trend_interval_ms = 0;
  std::vector<StoredKey> keys{};                           // the newest 100
  std::vector<Issue> merged_from{};                        // the parts
  std::vector<std::pair<std::string, double>> releases{};  // with their events; the newest release first
  bool maps_came_later = false;  // than it was first seen: its group is that of the stack as the phone said it
};

struct TagValue {
  std::string value;
  double events = 0;
  double share = 0;
  std::optional<double> everybody_share{};
  std::optional<double> lift{};
};
struct Tag {
  std::string name;
  std::vector<TagValue> values{};
};

struct ReleaseHealth {
  Release release;
  double sessions = 0, users = 0;
  std::optional<double> crash_free_sessions{}, crash_free_users{}, adoption{};
  std::int64_t new_issues = 0, source_maps = 0;
};

class Reports {
 public:
  struct Collaborators {
    sql::Database& database;
    const Clock& clock;
    telemetry::Service& telemetry;
  };
  explicit Reports(const Collaborators& with) : with_(with), counter_(with.telemetry) {}

  Task<Result<IssuePage>> list(Access access, ListQuestion question);
  Task<Result<IssueDetail>> get(Access access, std::int64_t id, Span span);
  Task<Result<std::vector<Tag>>> tags(Access access, std::int64_t id, Span span);
  Task<Result<std::vector<ReleaseHealth>>> releases(Access access, Span span);

 private:
  Task<Result<std::vector<Issue>>> ranked(Access access, ListQuestion question, IssuePage& page);
  Task<Result<std::vector<Issue>>> by_time(Access access, ListQuestion question, IssuePage& page);
  Task<Result<void>> add_figures(Access access, Span span, TimeMs interval_ms, std::vector<IssueRow*> rows);
  Task<Result<Members>> members_of(AppId appid, std::vector<std::int64_t> issues);
  Task<Result<Tag>> compare(Access access, std::string name, telemetry::Asked asked, telemetry::Asked everybody,
                            events::Field field);
  Task<Result<std::vector<Tag>>> compare_devices(Access access, telemetry::Asked asked, telemetry::Asked everybody);
  Task<Result<std::map<std::string, double>>> by_release(Access access, telemetry::Asked asked,
                                                         events::Measure measure);

  const Collaborators with_;
  Counter counter_;
};

}  // namespace miniops::issues
