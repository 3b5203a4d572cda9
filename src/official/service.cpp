#include "official/service.hpp"

#include "identity/audit.hpp"
#include "official/errors.hpp"

namespace miniops::official {

namespace {

constexpr int forget_rows = 200;  // of each table in one transaction

// Gives a page, and where the next begins, of rows of which one more than wanted was read.
template <class T, class PlaceOf>
Page<T> page_of(std::vector<T> rows, int limit, PlaceOf place_of) {
  Page<T> page{std::move(rows)};
  if (page.items.size() <= static_cast<std::size_t>(limit)) return page;
  page.items.resize(static_cast<std::size_t>(limit));
  page.next = place_of(page.items.back());
  return page;
}

}  // namespace

Status Service::status_of(sql::Transaction& tx, const AppId& appid, TimeMs now) const {
  store::insert_missing(tx, appid, now);
  return {with_.enabled, with_.keep, store::states(tx, appid)};
}

Task<Result<Status>> Service::status(Access access) {
  auto read = [this, access](sql::Transaction& tx) -> Result<Status> {
    return Status{with_.enabled, with_.keep, store::states(tx, access.appid())};
  };
  auto there = co_await with_.database.read(std::move(read));
  if (!there || there->sources.size() == sources.size()) co_return there;
  const TimeMs now = with_.clock.now();
  auto work = [this, access, now](sql::Transaction& tx) -> Result<Status> {
    return status_of(tx, access.appid(), now);
  };
  co_return co_await with_.database.write(std::move(work));
}

Task<Result<Status>> Service::set(Access access, std::map<Source, bool> enabled) {
  const TimeMs now = with_.clock.now();
  const std::int64_t entry = with_.ids.next();
  auto work = [this, access, enabled = std::move(enabled), now, entry](sql::Transaction& tx) -> Result<Status> {
    json::object changes;
    for (SourceState& state : status_of(tx, access.appid(), now).sources) {
      const auto wanted = enabled.find(state.source);
      if (wanted == enabled.end() || wanted->second == state.enabled) continue;
      changes[to_string(state.source)] = json::object{{"from", state.enabled}, {"to", wanted->second}};
      state.enabled = wanted->second;
      state.running = false;
      state.failures = 0;
      state.failure.reset();
      state.next_at = now;
      store::save(tx, access.appid(), state);
    }
    if (!changes.empty())
      identity::audit(tx, access, {entry, now, "official.sources.change", "official:" + access.appid().str(), changes});
    return status_of(tx, access.appid(), now);
  };
  co_return co_await with_.database.write(std::move(work));
}

Task<Result<Status>> Service::run(Access access, std::optional<Source> source) {
  if (!with_.enabled) co_return fail(errors::switched_off());
  const TimeMs now = with_.clock.now();
  const std::int64_t entry = with_.ids.next();
  auto work = [this, access, source, now, entry](sql::Transaction& tx) -> Result<Status> {
    for (SourceState& state : status_of(tx, access.appid(), now).sources) {
      if (source && *source != state.source) continue;
      if (source && !state.enabled) return fail(errors::source_off(to_string(*source)));
      if (!state.enabled) continue;
      state.next_at = std::min(state.next_at, now);
      store::save(tx, access.appid(), state);
    }
    const json::object what{{"source", {{"to", source ? to_string(*source) : "all"}}}};
    identity::audit(tx, access, {entry, now, "official.sources.run", "official:" + access.appid().str(), what});
    return status_of(tx, access.appid(), now);
  };
  co_return co_await with_.database.write(std::move(work));
}

Task<Result<std::vector<SidePoint>>> Service::performance(Access access, PerformanceAsked asked, store::Days days) {
  auto read = [appid = access.appid(), asked, days](sql::Transaction& tx) -> Result<std::vector<PerformancePoint>> {
    return store::performance(tx, appid, asked.metric, asked.device, asked.network, days);
  };
  const auto theirs = co_await with_.database.read(std::move(read));
  if (!theirs) co_return std::unexpected(theirs.error());
  const auto ours = co_await with_.own.performance(access, asked, {days.from, days.to});
  if (!ours) co_return std::unexpected(ours.error());
  std::vector<SidePoint> out;
  for (const PerformancePoint& point : *theirs) out.push_back({point.day, false, point.cost_ms});
  for (const OwnPoint& point : *ours) out.push_back({point.day, true, point.mean, point.p50, point.count});
  std::ranges::sort(out, {}, [](const SidePoint& point) { return std::pair(point.day, point.ours); });
  co_return out;
}

Task<Result<Page<store::ErrorRow>>> Service::js_errors(Access access, store::Days days, store::Place after, int limit) {
  auto read = [=](sql::Transaction& tx) -> Result<Page<store::ErrorRow>> {
    return page_of(store::js_errors(tx, access.appid(), days, after, limit + 1), limit,
                   [](const store::ErrorRow& row) { return std::pair(row.events, row.error); });
  };
  co_return co_await with_.database.read(std::move(read));
}

Task<Result<Page<store::EventRow>>> Service::js_error_events(Access access, std::int64_t error, store::Place before,
                                                             int limit) {
  auto read = [=](sql::Transaction& tx) -> Result<Page<store::EventRow>> {
    if (!store::has_js_error(tx, access.appid(), error)) return fail(errors::not_found());
    return page_of(store::js_error_events(tx, access.appid(), error, before, limit + 1), limit,
                   [](const store::EventRow& row) { return std::pair(row.event.at, row.id); });
  };
  co_return co_await with_.database.read(std::move(read));
}

Task<Result<Page<store::LogRow>>> Service::logs(Access access, store::LogFilter filter, store::Place before,
                                                int limit) {
  auto read = [=](sql::Transaction& tx) -> Result<Page<store::LogRow>> {
    return page_of(store::logs(tx, access.appid(), filter, before, limit + 1), limit,
                   [](const store::LogRow& row) { return std::pair(row.line.at, row.id); });
  };
  co_return co_await with_.database.read(std::move(read));
}

Task<Result<Page<Feedback>>> Service::feedback(Access access, TimeMs from, TimeMs to, int type, store::Place before,
                                               int limit) {
  auto read = [=](sql::Transaction& tx) -> Result<Page<Feedback>> {
    return page_of(store::feedback(tx, access.appid(), from, to, type, before, limit + 1), limit,
                   [](const Feedback& one) { return std::pair(one.at, one.id); });
  };
  co_return co_await with_.database.read(std::move(read));
}

Task<Result<std::vector<Word>>> Service::words(Access access, Source source) {
  auto read = [=](sql::Transaction& tx) -> Result<std::vector<Word>> {
    return store::words(tx, access.appid(), source);
  };
  co_return co_await with_.database.read(std::move(read));
}

Task<Result<std::int64_t>> Service::forget(AppId appid, std::string openid) {
  std::int64_t all = 0;
  if (openid.empty()) co_return all;
  const TimeMs now = with_.clock.now();
  for (;;) {
    auto work = [=](sql::Transaction& tx) -> Result<std::int64_t> {
      return store::forget(tx, appid, openid, now, forget_rows);
    };
    const auto gone = co_await with_.database.write(std::move(work));
    if (!gone) co_return std::unexpected(gone.error());
    if (*gone == 0) co_return all;
    all += *gone;
  }
}

}  // namespace miniops::official
