// Rules about updates and releases, and all six together.
#include "performance/advice.hpp"

#include <algorithm>
#include <cmath>

#include "performance/samples.hpp"

namespace miniops::performance {

namespace {

constexpr std::size_t views_min = 20;
constexpr double updates_found = 20;  // setData calls of a page view, on average
constexpr double updates_wanted = 5;
constexpr double updates_ms_found = 200;  // together
// How much of an update's time is the call itself, which merging spares; the rest is its data.
constexpr std::array<double, 3> of_the_call{0.3, 0.6, 0.95};

constexpr double regression_share_min = 0.1;
constexpr double regression_ms_min = 20;

// What lies beyond the 99th of 100 counts as that one.
Spread without_extremes(const Spread& spread) {
  const double highest = spread.at(0.99);
  Spread out;
  for (const auto& [bucket, count] : spread.buckets())
    out.add(events::value_of_bucket(bucket) > highest ? events::bucket_of(highest) : bucket, count);
  return out;
}

struct Regression {
  const ReleasePair* pair = nullptr;
  Difference p75;
  double share() const { return p75.a_ms > 0 ? p75.change_ms() / p75.a_ms : 0; }
  bool stands() const {
    return p75.verdict == Verdict::worse && share() >= regression_share_min && p75.change_ms() >= regression_ms_min;
  }
};

}  // namespace

std::string_view to_string(Unit unit) {
  constexpr std::array<std::string_view, 4> names{"ms", "bytes", "count", "share"};
  return names.at(static_cast<std::size_t>(unit));
}

std::string_view to_string(Advice::Status status) {
  constexpr std::array<std::string_view, 3> names{"found", "ok", "needs_data"};
  return names.at(static_cast<std::size_t>(status));
}

// gain = mean time in updates of a page view · (1 − wanted / updates) · of_the_call.
Advice frequent_set_data(const Evidence& evidence) {
  Advice advice{"frequent_set_data"};
  std::map<std::string, std::vector<Sample>> pages;
  for (const Sample& one : evidence.updates)
    if (one.updates > 0) pages[one.page].push_back(one);
  const auto count_of = [](const Sample& one) { return one.updates; };
  const auto ms_in = [](const Sample& one) { return one.updates_ms; };
  const std::pair<const std::string, std::vector<Sample>>* worst = nullptr;
  double worst_ms = -1;
  for (const auto& page : pages) {
    if (page.second.size() < views_min) continue;
    // A page counts by what merging would spare there, with how often it is seen.
    const double count = mean_of(page.second, count_of);
    const double ms = mean_of(page.second, ms_in) * std::max(0.0, count - updates_wanted) * weight_of(page.second);
    if (ms > worst_ms) worst = &page;
    worst_ms = std::max(worst_ms, ms);
  }
  if (worst == nullptr) return advice;
  const auto& [name, views] = *worst;
  const double count = mean_of(views, count_of);
  const double ms = mean_of(views, ms_in);
  advice.evidence = {{"updates_mean", count, Unit::count},
                     {"updates_ms_mean", ms, Unit::ms},
                     {"longest_p75", quantile_of(views, 0.75), Unit::ms},
                     {"views", static_cast<double>(views.size()), Unit::count}};
  advice.status = Advice::Status::ok;
  if (count < updates_found || ms < updates_ms_found) return advice;
  advice.status = Advice::Status::found;
  advice.where = {{"page", name}};
  advice.changes = {{"merge_set_data", {{"page", name}, {"count", count}}},
                    {"set_changed_paths_only", {{"page", name}}}};
  advice.gain =
      gain_of(views, of_the_call, [&](const Sample& one) { return one.updates_ms * (1 - updates_wanted / count); });
  advice.gain->metric = "set_data_total";
  advice.gain->share_of_users = weight_of(views) / weight_of(evidence.updates);
  return advice;
}

// gain = mean of the newest release − mean of the one before it, ± 4 standard errors of that.
Advice release_regression(const Evidence& evidence) {
  Advice advice{"release_regression"};
  Regression worst;
  for (const ReleasePair& pair : evidence.releases) {
    Regression one{&pair, difference_at("p75", 0.75, pair.of_before, pair.of_newest, evidence.sampled)};
    if (one.p75.verdict == Verdict::needs_data) continue;
    const auto rank = [](const Regression& of) { return std::pair(of.stands(), of.share()); };
    if (worst.pair == nullptr || rank(one) > rank(worst)) worst = one;
  }
  if (worst.pair == nullptr) return advice;
  const ReleasePair& pair = *worst.pair;
  advice.evidence = {{"before_p75", worst.p75.a_ms, Unit::ms},
                     {"newest_p75", worst.p75.b_ms, Unit::ms},
                     {"change", worst.share(), Unit::share},
                     {"before_count", pair.of_before.count(), Unit::count},
                     {"newest_count", pair.of_newest.count(), Unit::count}};
  advice.where = {{"release", pair.newest}};
  advice.status = Advice::Status::ok;
  if (!worst.stands()) return advice;
  advice.status = Advice::Status::found;
  const std::string metric(info_of(pair.metric).name);
  advice.changes = {{"compare_release", {{"release", pair.newest}, {"before", pair.before}, {"metric", metric}}},
                    {"roll_back_release", {{"release", pair.newest}, {"before", pair.before}}}};
  const Spread before = without_extremes(pair.of_before);
  const Spread newest = without_extremes(pair.of_newest);
  const double ms = std::max(0.0, newest.mean() - before.mean());
  const double error = std::sqrt(before.variance() / (before.count() * evidence.sampled) +
                                 newest.variance() / (newest.count() * evidence.sampled));
  advice.gain = Gain{std::max(0.0, ms - errors_wide * error), ms, ms + errors_wide * error, info_of(pair.metric).name,
                     newest.count() / (newest.count() + before.count())};
  return advice;
}

std::vector<Advice> advise(const Evidence& evidence) {
  std::vector<Advice> all{large_package(evidence),    long_script(evidence),       serial_requests(evidence),
                          slow_connections(evidence), frequent_set_data(evidence), release_regression(evidence)};
  std::ranges::sort(all, {}, [](const Advice& one) {
    return std::tuple(!one.gain, one.gain ? -one.gain->ms * one.gain->share_of_users : 0, one.rule);
  });
  return all;
}

}  // namespace miniops::performance
