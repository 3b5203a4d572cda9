#include "issues/issues.hpp"

#include <boost/asio/steady_timer.hpp>

#include "base/log.hpp"
#include "base/wait.hpp"
#include "issues/observer.hpp"
#include "issues/routes.hpp"
#include "issues/store.hpp"

namespace miniops::issues {

namespace {

constexpr int threads = 1;  // for source maps: files, parsing
constexpr int jobs_waiting_max = 64;
constexpr TimeMs severity_every_ms = 5 * minute_ms;
constexpr std::size_t issues_of_question = 200;

// Whom an issue is compared with: all sessions, or where no client reports sessions all people.
struct Everybody {
  double sessions = 0;
  double people = 0;
  double share_of(const Figures& figures) const {
    if (sessions > 0) return figures.sessions / sessions;
    return people > 0 ? figures.users / people : 0;
  }
};

}  // namespace

struct Issues::Parts {
  explicit Parts(const Collaborators& with_given)
      : with(with_given),
        shelf({with.database, with.version, with.blobs}),
        observer({with.database, with.version, with.ids, with.clock, shelf, with.listener}),
        service({with.database, with.version, with.clock, with.ids, with.identity}),
        reports({with.database, with.clock, with.telemetry}),
        events({with.database, with.clock, with.telemetry, workers, shelf}),
        maps({with.database, with.version, with.clock, with.ids, workers, with.blobs, shelf, with.telemetry}),
        counter(with.telemetry) {}

  const Collaborators with;
  net::Workers workers{threads, jobs_waiting_max};
  Shelf shelf;
  Observer observer;
  Service service;
  Reports reports;
  EventPages events;
  MapService maps;
  Counter counter;
  std::map<AppId, std::set<std::int64_t>> to_judge;  // seen since their severity was computed
  TimeMs judged_at = 0;

  Task<void> loop(Issues& issues);
  Task<Result<Everybody>> everybody(Access access, Span day);
  Task<Result<void>> judge(AppId appid, std::set<std::int64_t> ids);
};

Issues::Issues(const Collaborators& with) : parts_(std::make_unique<Parts>(with)) {}
Issues::~Issues() = default;

telemetry::LoadObserver& Issues::observer() { return parts_->observer; }

Task<std::vector<std::pair<std::string, TimeMs>>> Issues::releases(AppId appid) {
  auto read = [=](sql::Transaction& tx) -> Result<std::vector<Release>> { return store::releases(tx, appid); };
  const auto found = co_await parts_->with.database.read(std::move(read));
  std::vector<std::pair<std::string, TimeMs>> out;
  if (found)
    for (const Release& release : *found) out.emplace_back(release.name, release.first_seen_at);
  co_return out;
}

void Issues::mount(identity::Guard& guard) {
  issues::mount(guard, {parts_->service, parts_->reports, parts_->events, parts_->maps, parts_->with.clock});
}

void Issues::start(net::IoThreads& io) { io.spawn("issues.loop", parts_->loop(*this)); }

// What the loader saw last is written, too: after it has ended.
void Issues::stop() {
  const auto written = wait(parts_->observer.flush());
  if (!written) log::warn("issues.last_seen_not_written", {{"code", written.error().code}});
}

Task<void> Issues::Parts::loop(Issues& issues) {
  boost::asio::steady_timer timer(co_await boost::asio::this_coro::executor);
  for (;;) {
    timer.expires_after(std::chrono::minutes(1));
    co_await timer.async_wait(boost::asio::use_awaitable);
    const auto done = co_await issues.step();
    if (!done) log::warn("issues.step_failed", {{"code", done.error().code}});
  }
}

Task<Result<void>> Issues::step() {
  auto seen = co_await parts_->observer.flush();
  if (!seen) co_return std::unexpected(seen.error());
  for (const auto& [appid, issue] : *seen) parts_->to_judge[appid].insert(issue);
  const TimeMs now = parts_->with.clock.now();
  if (now - parts_->judged_at < severity_every_ms) co_return Result<void>{};
  parts_->judged_at = now;
  for (auto& [appid, ids] : std::exchange(parts_->to_judge, {})) {
    auto judged = co_await parts_->judge(appid, std::move(ids));
    if (!judged) co_return judged;
  }
  co_return Result<void>{};
}

Task<Result<Everybody>> Issues::Parts::everybody(Access access, Span day) {
  const auto sessions = co_await counter.all_sessions(access, day);
  if (!sessions) co_return std::unexpected(sessions.error());
  if (*sessions > 0) co_return Everybody{*sessions};
  const telemetry::Asked of_events{telemetry::Kind::event, day.from, day.to};
  const auto people = co_await counter.total(access, of_events, events::Measure::people);
  if (!people) co_return std::unexpected(people.error());
  co_return Everybody{0, *people};
}

// Of issues that were seen; of one that is not, the severity stays what it was.
Task<Result<void>> Issues::Parts::judge(AppId appid, std::set<std::int64_t> ids) {
  const Access access = Access::system(appid, "issues");
  const TimeMs now = with.clock.now();
  const Span day{now - day_ms, now + minute_ms};
  const auto all = co_await everybody(access, day);
  if (!all) co_return std::unexpected(all.error());
  while (!ids.empty()) {
    Members members;
    while (!ids.empty() && members.size() < issues_of_question) {
      const std::int64_t id = *ids.begin();
      ids.erase(ids.begin());
      members[id] = {id};
    }
    const auto figures = co_await counter.figures(access, members, day);
    if (!figures) co_return std::unexpected(figures.error());
    auto write = [&figures = *figures, all = *all, appid, now](sql::Transaction& tx) -> Result<void> {
      for (const auto& [id, one] : figures) {
        auto issue = store::find(tx, appid, id);
        if (!issue) continue;
        issue->computed = judge_severity(issue->nature, {one.users, all.share_of(one)});
        issue->severity_at = now;
        store::save_severity(tx, *issue);
      }
      return {};
    };
    auto written = co_await with.database.write(std::move(write), {.background = true});
    if (!written) co_return written;
  }
  co_return Result<void>{};
}

}  // namespace miniops::issues
