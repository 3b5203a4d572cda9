// The use cases of reports. Who may see what: with desk.supervise everything, or the groups for which it is granted;
// everybody else what is their own.
//
// Safe from any thread. Collaborators must outlive the service.
#pragma once

#include <atomic>
#include <memory>

#include "base/task.hpp"
#include "net/workers.hpp"
#include "reports/listing.hpp"
#include "reports/sheet.hpp"
#include "reports/wallboard.hpp"

namespace miniops::reports {

using identity::Access;

inline constexpr TimeMs range_ms_max = 400 * day_ms;
inline constexpr TimeMs times_ms_max = 31 * day_ms;
inline constexpr std::size_t exported_max = 10'000;  // conversations in one file
inline constexpr int mini_programs_max = 50;

// How far the facts lag behind what was recorded.
struct Lag {
  std::int64_t pending = 0;  // changes that are not in them yet, at most 10,000
  bool rebuilding = false;
};

struct Report {
  Filter filter{};
  Answer answer{};
  Names names{};
  Lag lag{};
};

struct Listing {
  Filter filter{};
  std::vector<Listed> items{};
  std::optional<std::pair<std::int64_t, std::int64_t>> next{};
  Names names{};
};

// An agent's time and what was done in it.
struct AgentWork {
  AgentTime time{};
  Figures figures{};
  // Conversations at once while online or busy: handling ÷ that time.
  std::optional<double> load() const;
};
struct AgentReport {
  Filter filter{};
  std::vector<AgentWork> agents{};  // by their numbers
  Names names{};
};

struct ProgramReport {
  AppId appid{};
  std::string name{};
  std::string time_zone{};
  Figures totals{};
};

class ReportService {
 public:
  struct Collaborators {
    sql::Database& database;
    const Clock& clock;
    IdSource& ids;
    Source& source;
    std::function<Task<std::vector<Program>>()> programs;  // all mini programs
  };
  explicit ReportService(Collaborators with) : with_(std::move(with)) {}

  // Time and scope of `filter` are the asked one's and the caller's: time_zone and scope are set here.
  // reports.own_only, reports.too_many_rows, reports.busy
  Task<Result<Report>> figures(Access access, Filter filter, Interval interval, By by);
  Task<Result<Listing>> conversations(Access access, ListingAsked asked);
  Task<Result<AgentReport>> agents(Access access, TimeMs from, TimeMs to);
  Task<Result<Wallboard>> wallboard(Access access);
  // The totals of each mini program that the caller supervises (nullopt: all there are), the first 50.
  Task<Result<std::vector<ProgramReport>>> mini_programs(std::optional<std::set<AppId>> supervised, TimeMs from,
                                                         TimeMs to);

  // The file that `fill` fills, made on a worker. reports.file_failed
  Task<Result<std::string>> file(FileFormat format, std::string time_zone, std::string name,
                                 std::function<void(Sheet&)> fill);
  // That somebody takes figures away in a file.
  Task<Result<void>> note_export(Access access, std::string what);
  // Derives all facts anew, in the background.
  Task<Result<void>> rebuild(Access access);

 private:
  // Counts itself out; false: too many are at it.
  class Turn;
  Task<Result<void>> scan(AppId appid, TimeMs from, TimeMs to, std::function<void(std::string_view)> take);
  Task<Result<Answer>> count(AppId appid, Filter filter, Interval interval, By by);
  Task<Result<Names>> names(AppId appid);

  const Collaborators with_;
  net::Workers workers_{2, 64};  // for counting, which would hold an io thread
  std::atomic<int> running_{0};
};

}  // namespace miniops::reports
