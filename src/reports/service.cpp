#include "reports/service.hpp"

#include "calendar/time_zone.hpp"
#include "identity/audit.hpp"
#include "reports/errors.hpp"
#include "reports/store.hpp"

namespace miniops::reports {

namespace {

using identity::Permission;

constexpr int running_max = 8;
constexpr std::int64_t days_together = 8;
constexpr int pending_shown_max = 10'000;
constexpr int moved_max = 100'000;

Scope scope_of(const Access& access) {
  const auto groups = access.groups_with(Permission::desk_supervise);
  if (!groups) return {};
  Scope scope{.own = groups->empty()};
  if (scope.own) return scope;
  scope.groups.emplace();
  for (const std::string& group : *groups)
    if (const auto id = parse_as<GroupId>(group)) scope.groups->insert(*id);
  return scope;
}

// What the caller may see of what is asked.
Result<void> limit(const Access& access, Filter& filter) {
  filter.scope = scope_of(access);
  if (!filter.scope.own) return {};
  if (filter.agent && *filter.agent != access.account()) return fail(errors::own_only());
  filter.agent = access.account();
  return {};
}

}  // namespace

std::optional<double> AgentWork::load() const {
  const TimeMs there = time.online_ms + time.busy_ms;
  if (there == 0) return std::nullopt;
  return static_cast<double>(figures[static_cast<std::size_t>(Metric::handling)].sum) / static_cast<double>(there);
}

// Each holds the values that it counts, so only so many at once.
class ReportService::Turn {
 public:
  explicit Turn(std::atomic<int>& running) : running_(running), granted_(running.fetch_add(1) < running_max) {}
  ~Turn() { running_.fetch_sub(1); }
  Turn(const Turn&) = delete;
  Turn& operator=(const Turn&) = delete;
  bool granted() const { return granted_; }

 private:
  std::atomic<int>& running_;
  const bool granted_;
};

// Gives the facts of all conversations that were opened in that time, and of some more, to `take`: on a worker, one
// call at a time.
Task<Result<void>> ReportService::scan(AppId appid, TimeMs from, TimeMs to,
                                       std::function<void(std::string_view)> take) {
  const std::int64_t last = (to - 1) / day_ms;
  for (std::int64_t day = from / day_ms; day <= last; day += days_together) {
    const std::int64_t until = std::min(last, day + days_together - 1);
    auto read = [=](sql::Transaction& tx) -> Result<std::vector<std::string>> {
      return store::facts_of_days(tx, appid, day, until);
    };
    auto days = co_await with_.database.read(std::move(read));
    if (!days) co_return std::unexpected(days.error());
    if (days->empty()) continue;
    auto work = [take, days = std::move(*days)] {
      for (const std::string& facts : days) take(facts);
      return true;
    };
    const auto done = co_await workers_.run(std::move(work));
    if (!done) co_return std::unexpected(done.error());
  }
  co_return Result<void>();
}

Task<Result<Answer>> ReportService::count(AppId appid, Filter filter, Interval interval, By by) {
  const Turn turn(running_);
  if (!turn.granted()) co_return fail(errors::busy());
  const TimeMs from = filter.from, to = filter.to;
  const auto counter = std::make_shared<Counter>(std::move(filter), interval, by, with_.clock.now());
  auto take = [counter](std::string_view facts) { counter->take(facts); };
  if (auto done = co_await scan(std::move(appid), from, to, std::move(take)); !done)
    co_return std::unexpected(done.error());
  auto finish = [counter] { return counter->finish(); };
  auto answer = co_await workers_.run(std::move(finish));
  if (!answer) co_return std::unexpected(answer.error());
  if (!*answer) co_return fail(errors::too_many_rows());
  co_return std::move(**answer);
}

Task<Result<Names>> ReportService::names(AppId appid) {
  auto read = [=, this](sql::Transaction& tx) -> Result<Names> { return with_.source.names(tx, appid); };
  co_return co_await with_.database.read(std::move(read));
}

Task<Result<Report>> ReportService::figures(Access access, Filter filter, Interval interval, By by) {
  filter.time_zone = with_.source.time_zone(access.appid());
  if (auto may = limit(access, filter); !may) co_return std::unexpected(may.error());
  Report report{.filter = filter};
  auto answer = co_await count(access.appid(), std::move(filter), interval, by);
  if (!answer) co_return std::unexpected(answer.error());
  report.answer = std::move(*answer);
  auto read = [appid = access.appid(), this](sql::Transaction& tx) -> Result<std::pair<Names, Lag>> {
    return std::pair(with_.source.names(tx, appid),
                     Lag{store::count_pending(tx, pending_shown_max), store::rebuild(tx).running});
  };
  auto around = co_await with_.database.read(std::move(read));
  if (!around) co_return std::unexpected(around.error());
  std::tie(report.names, report.lag) = std::move(*around);
  co_return report;
}

Task<Result<Listing>> ReportService::conversations(Access access, ListingAsked asked) {
  asked.filter.time_zone = with_.source.time_zone(access.appid());
  if (auto may = limit(access, asked.filter); !may) co_return std::unexpected(may.error());
  if (asked.filter.scope.own && asked.metric == Metric::satisfaction) co_return fail(errors::own_only());
  const Turn turn(running_);
  if (!turn.granted()) co_return fail(errors::busy());
  Listing listing{.filter = asked.filter};
  const TimeMs from = asked.filter.from, to = asked.filter.to;
  const auto lister = std::make_shared<Lister>(std::move(asked), with_.clock.now());
  auto take = [lister](std::string_view facts) { lister->take(facts); };
  if (auto done = co_await scan(access.appid(), from, to, std::move(take)); !done)
    co_return std::unexpected(done.error());
  Lister::Found found = lister->finish();
  if (found.more) listing.next = {found.items.back().key, found.items.back().id.value()};
  listing.items = std::move(found.items);
  auto known = co_await names(access.appid());
  if (!known) co_return std::unexpected(known.error());
  listing.names = std::move(*known);
  co_return listing;
}

Task<Result<AgentReport>> ReportService::agents(Access access, TimeMs from, TimeMs to) {
  const TimeMs now = with_.clock.now();
  Filter filter{.from = from, .to = to};
  auto report = co_await figures(access, filter, Interval::none, By::agent);
  if (!report) co_return std::unexpected(report.error());
  auto read = [=, appid = access.appid(), this](sql::Transaction& tx) -> Result<std::vector<AgentTime>> {
    return with_.source.times(tx, appid, from, to, now);
  };
  const auto times = co_await with_.database.read(std::move(read));
  if (!times) co_return std::unexpected(times.error());
  std::map<AccountId, AgentWork> work;
  for (const Row& row : report->answer.rows)
    if (row.number != 0) work[AccountId(row.number)].figures = row.figures;
  for (const AgentTime& time : *times) {
    // Where somebody was is not of a group: whoever runs some sees those who worked there.
    const bool shown = report->filter.scope.groups ? work.contains(time.agent)
                                                   : !report->filter.scope.own || time.agent == access.account();
    if (shown) work[time.agent].time = time;
  }
  AgentReport out{.filter = std::move(report->filter), .names = std::move(report->names)};
  for (auto& [agent, one] : work) {
    one.time.agent = agent;
    out.agents.push_back(one);
  }
  co_return out;
}

Task<Result<Wallboard>> ReportService::wallboard(Access access) {
  const Turn turn(running_);
  if (!turn.granted()) co_return fail(errors::busy());
  const TimeMs now = with_.clock.now();
  const TimeMs today = calendar::day_start(with_.source.time_zone(access.appid()), now);
  const Scope scope = scope_of(access);
  const auto counter = std::make_shared<ServiceCounter>(scope, access.account(), today, now);
  auto read = [=, appid = access.appid(), this](sql::Transaction& tx) -> Result<std::pair<Wallboard, std::string>> {
    Wallboard board{now, with_.source.now(tx, appid), {}, with_.source.names(tx, appid)};
    return std::pair(std::move(board), store::moved_since(tx, appid, counter->since(), moved_max));
  };
  auto found = co_await with_.database.read(std::move(read));
  if (!found) co_return std::unexpected(found.error());
  Wallboard board = std::move(found->first);
  if (scope.groups)
    std::erase_if(board.desk.groups, [&](const GroupNow& one) { return !scope.groups->contains(one.group); });
  auto work = [counter, facts = std::move(found->second)] {
    counter->take(facts);
    return counter->finish();
  };
  const auto service = co_await workers_.run(std::move(work));
  if (!service) co_return std::unexpected(service.error());
  board.service = *service;
  co_return board;
}

Task<Result<std::vector<ProgramReport>>> ReportService::mini_programs(std::optional<std::set<AppId>> supervised,
                                                                      TimeMs from, TimeMs to) {
  std::vector<Program> programs = co_await with_.programs();
  if (supervised) std::erase_if(programs, [&](const Program& one) { return !supervised->contains(one.appid); });
  if (programs.size() > mini_programs_max) programs.resize(mini_programs_max);
  std::vector<ProgramReport> out;
  for (const auto& [appid, name] : programs) {
    Filter filter{.from = from, .to = to, .time_zone = with_.source.time_zone(appid)};
    const std::string time_zone = filter.time_zone;
    const auto answer = co_await count(appid, std::move(filter), Interval::none, By::none);
    if (!answer) co_return std::unexpected(answer.error());
    out.push_back({appid, name, time_zone, answer->totals});
  }
  co_return out;
}

Task<Result<std::string>> ReportService::file(FileFormat format, std::string time_zone, std::string name,
                                              std::function<void(Sheet&)> fill) {
  const Turn turn(running_);
  if (!turn.granted()) co_return fail(errors::busy());
  auto write = [=] {
    const auto sheet = make_sheet(format, time_zone, name);
    fill(*sheet);
    return sheet->finish();
  };
  auto written = co_await workers_.run(std::move(write));
  if (!written) co_return std::unexpected(written.error());
  co_return std::move(*written);
}

Task<Result<void>> ReportService::note_export(Access access, std::string what) {
  const identity::AuditEntry entry{with_.ids.next(), with_.clock.now(), "report.export", what};
  auto write = [=](sql::Transaction& tx) -> Result<void> {
    identity::audit(tx, access, entry);
    return {};
  };
  co_return co_await with_.database.write(std::move(write));
}

Task<Result<void>> ReportService::rebuild(Access access) {
  const identity::AuditEntry entry{with_.ids.next(), with_.clock.now(), "report.rebuild", "reports"};
  auto write = [=](sql::Transaction& tx) -> Result<void> {
    store::put_rebuild(tx, {facts_version, true});
    identity::audit(tx, access, entry);
    return {};
  };
  co_return co_await with_.database.write(std::move(write));
}

}  // namespace miniops::reports
