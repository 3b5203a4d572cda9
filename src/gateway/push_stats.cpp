#include "gateway/push_stats.hpp"

#include <cmath>

#include "gateway/miniprogram_store.hpp"
#include "storage/sql/config_version.hpp"

namespace miniops::gateway {

namespace {

constexpr std::size_t failures_max = 50;
constexpr std::size_t seconds_kept = 16;
constexpr TimeMs rate_span_s = 10;

constexpr std::array<std::string_view, push_outcomes> words = {
    "accepted",       "duplicate",   "dropped",   "bad_signature", "weaker_than_configured",
    "bad_ciphertext", "wrong_appid", "malformed", "too_large",     "source_not_allowed"};

}  // namespace

std::string_view to_string(PushOutcome outcome) { return words.at(static_cast<std::size_t>(outcome)); }

bool is_refusal(PushOutcome outcome) { return outcome >= PushOutcome::bad_signature; }

void AckTimes::add(TimeMs now, double ms) {
  const TimeMs minute = now / minute_ms;
  TimeMs seen = minute_.load();
  if (seen != minute && minute_.compare_exchange_strong(seen, minute)) {
    for (auto& bucket : windows_[static_cast<std::size_t>(minute % 2)]) bucket = 0;
  }
  // Bucket b holds up to 0.05 ms * 1.25^b.
  const double scaled = std::max(1.0, ms / 0.05);
  const auto bucket = std::min(buckets - 1, static_cast<std::size_t>(std::ceil(std::log(scaled) / std::log(1.25))));
  ++windows_[static_cast<std::size_t>(minute % 2)].at(bucket);
}

double AckTimes::percentile(double share) const {
  std::uint64_t total = 0;
  for (const Window& window : windows_) {
    for (const auto& bucket : window) total += bucket.load();
  }
  if (total == 0) return 0;
  const auto wanted = static_cast<std::uint64_t>(std::ceil(share * static_cast<double>(total)));
  std::uint64_t seen = 0;
  for (std::size_t b = 0; b < buckets; ++b) {
    seen += windows_[0].at(b).load() + windows_[1].at(b).load();
    if (seen >= wanted) return 0.05 * std::pow(1.25, static_cast<double>(b));
  }
  return 0.05 * std::pow(1.25, static_cast<double>(buckets));
}

struct PushStats::PerApp {
  std::array<std::atomic<std::uint64_t>, push_outcomes> counts{};
  std::array<std::uint64_t, push_outcomes> flushed{};  // only the flush touches it
  std::array<std::atomic<std::int64_t>, seconds_kept> second{};
  std::array<std::atomic<std::uint32_t>, seconds_kept> in_second{};
  std::atomic<TimeMs> last_at{0};
  AckTimes acks;
  mutable std::mutex mutex;
  std::deque<PushFailure> failures;  // newest first
  std::string original_id;           // learnt, not yet stored

  void count_second(TimeMs now) {
    const std::int64_t this_second = now / second_ms;
    const auto slot = static_cast<std::size_t>(this_second) % seconds_kept;
    std::int64_t seen = second.at(slot).load();
    if (seen != this_second && second.at(slot).compare_exchange_strong(seen, this_second)) in_second.at(slot) = 0;
    ++in_second.at(slot);
  }

  double per_second(TimeMs now) const {
    const std::int64_t this_second = now / second_ms;
    std::uint64_t sum = 0;
    for (std::size_t slot = 0; slot < seconds_kept; ++slot) {
      const std::int64_t at = second.at(slot).load();
      if (at < this_second && at >= this_second - rate_span_s) sum += in_second.at(slot).load();
    }
    return static_cast<double>(sum) / static_cast<double>(rate_span_s);
  }
};

std::shared_ptr<PushStats::PerApp> PushStats::of(const AppId& appid) const {
  {
    const std::shared_lock lock(mutex_);
    if (const auto found = apps_.find(appid); found != apps_.end()) return found->second;
  }
  const std::unique_lock lock(mutex_);
  auto& app = apps_[appid];
  if (!app) app = std::make_shared<PerApp>();
  return app;
}

void PushStats::count(const AppId& appid, PushOutcome outcome, double ack_ms) {
  const auto app = of(appid);
  const TimeMs now = clock_.now();
  ++app->counts.at(static_cast<std::size_t>(outcome));
  app->count_second(now);
  if (outcome != PushOutcome::dropped) {
    app->last_at = now;
    app->acks.add(now, ack_ms);
    all_acks_.add(now, ack_ms);
  }
}

void PushStats::count_failure(const AppId& appid, PushOutcome outcome, std::string_view cause,
                              std::string_view remote_address) {
  const auto app = of(appid);
  ++app->counts.at(static_cast<std::size_t>(outcome));
  const std::scoped_lock lock(app->mutex);
  PushFailure failure{clock_.now(), outcome, std::string(cause), std::string(remote_address), 1};
  const auto same = std::find_if(app->failures.begin(), app->failures.end(), [&](const PushFailure& seen) {
    return seen.reason == outcome && seen.cause == cause && seen.remote_address == remote_address;
  });
  if (same != app->failures.end()) {
    failure.count += same->count;
    app->failures.erase(same);
  }
  app->failures.push_front(std::move(failure));
  if (app->failures.size() > failures_max) app->failures.pop_back();
}

PushStats::Figures PushStats::figures(const AppId& appid) const {
  const auto app = of(appid);
  Figures figures;
  for (std::size_t i = 0; i < push_outcomes; ++i) figures.counts.at(i) = app->counts.at(i).load();
  figures.per_second = app->per_second(clock_.now());
  figures.ack_p50_ms = app->acks.percentile(0.5);
  figures.ack_p99_ms = app->acks.percentile(0.99);
  figures.last_at = app->last_at;
  return figures;
}

PushStats::Figures PushStats::total() const {
  Figures total;
  const std::shared_lock lock(mutex_);
  for (const auto& [appid, app] : apps_) {
    for (std::size_t i = 0; i < push_outcomes; ++i) total.counts.at(i) += app->counts.at(i).load();
    total.per_second += app->per_second(clock_.now());
    total.last_at = std::max(total.last_at, app->last_at.load());
  }
  total.ack_p50_ms = all_acks_.percentile(0.5);
  total.ack_p99_ms = all_acks_.percentile(0.99);
  return total;
}

std::vector<PushFailure> PushStats::failures(const AppId& appid) const {
  const auto app = of(appid);
  const std::scoped_lock lock(app->mutex);
  return {app->failures.begin(), app->failures.end()};
}

void PushStats::learn_original_id(const AppId& appid, std::string_view original_id) {
  if (!original_id.starts_with("gh_") || original_id.size() > 64) return;
  const auto app = of(appid);
  const std::scoped_lock lock(app->mutex);
  app->original_id = original_id;
}

Task<Result<void>> PushStats::flush_step() {
  struct Delta {
    AppId appid;
    std::shared_ptr<PerApp> app;
    std::size_t outcome;
    std::uint64_t total, added;
    TimeMs last_at;
  };
  const TimeMs now = clock_.now();
  std::vector<Delta> deltas;
  std::vector<std::pair<AppId, std::string>> learnt;
  {
    const std::shared_lock lock(mutex_);
    for (const auto& [appid, app] : apps_) {
      const std::scoped_lock app_lock(app->mutex);
      if (!app->original_id.empty()) learnt.emplace_back(appid, std::exchange(app->original_id, ""));
      for (std::size_t i = 0; i < push_outcomes; ++i) {
        const std::uint64_t total = app->counts.at(i).load();
        if (total == app->flushed.at(i)) continue;
        const bool arrived = i <= static_cast<std::size_t>(PushOutcome::duplicate);
        const TimeMs last_at = arrived ? app->last_at.load() : now;
        deltas.push_back({appid, app, i, total, total - app->flushed.at(i), last_at});
      }
    }
  }
  if (deltas.empty()) co_return Result<void>{};
  auto work = [&deltas, &learnt, now](sql::Transaction& tx) -> Result<void> {
    std::vector<sql::Params> rows;
    for (const Delta& delta : deltas) {
      rows.push_back({delta.appid, now / hour_ms, words.at(delta.outcome), delta.added, delta.last_at});
    }
    tx.execute_many(
        "INSERT INTO gateway_push_counts (appid, hour, outcome, count, last_at) VALUES ($1, $2, $3, $4, $5) "
        "ON CONFLICT (appid, hour, outcome) DO UPDATE SET count = gateway_push_counts.count + excluded.count, "
        "last_at = excluded.last_at",
        rows);
    bool changed = false;
    for (const auto& [appid, original_id] : learnt)
      changed = gateway::learn_original_id(tx, appid, original_id) || changed;
    if (changed) sql::raise_config_version(tx);
    return {};
  };
  auto written = co_await database_.write(std::move(work));
  if (written) {
    for (const Delta& delta : deltas) delta.app->flushed.at(delta.outcome) = delta.total;
  }
  co_return written;
}

}  // namespace miniops::gateway
