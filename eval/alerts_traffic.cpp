#include "alerts_traffic.hpp"

#include <cmath>
#include <numbers>

namespace miniops::eval {

namespace {

using alerts::Statistic;

// ---- chance ----

class Chance {
 public:
  explicit Chance(std::uint64_t seed) : state_(seed) {}
  double uniform() { return static_cast<double>(next() >> 11) * 0x1.0p-53; }
  double uniform(double from, double to) { return from + (to - from) * uniform(); }
  bool happens(double probability) { return probability > 0 && uniform() < probability; }
  double normal() {
    const double radius = std::sqrt(-2 * std::log(1 - uniform()));
    return radius * std::cos(2 * std::numbers::pi * uniform());
  }
  int poisson(double mean) {
    if (mean <= 0) return 0;
    if (mean > 60) return std::max(0, static_cast<int>(std::lround(mean + std::sqrt(mean) * normal())));
    int count = 0;
    for (double left = std::exp(-mean), product = uniform(); product > left; product *= uniform()) ++count;
    return count;
  }
  std::size_t below(std::size_t bound) { return static_cast<std::size_t>(uniform() * static_cast<double>(bound)); }

 private:
  // SplitMix64: half a billion visits' requests are drawn from it.
  std::uint64_t next() {
    std::uint64_t z = state_ += 0x9e3779b97f4a7c15;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
    z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
    return z ^ (z >> 31);
  }
  std::uint64_t state_;
};

// A level that wanders around 0 and comes back.
class Wandering {
 public:
  Wandering(double deviation, double buckets_to_forget)
      : keep_(std::exp(-1 / buckets_to_forget)), push_(deviation * std::sqrt(1 - keep_ * keep_)) {}
  double step(Chance& chance) { return level_ = keep_ * level_ + push_ * chance.normal(); }

 private:
  const double keep_, push_;
  double level_ = 0;
};

// ---- people's days ----

constexpr std::array<double, 24> workday{0.38, 0.22, 0.13, 0.09, 0.09, 0.14, 0.33, 0.75, 1.08, 1.22, 1.28, 1.45,
                                         1.62, 1.38, 1.22, 1.21, 1.26, 1.36, 1.48, 1.66, 1.85, 1.88, 1.42, 0.82};
constexpr std::array<double, 24> weekend{0.55, 0.34, 0.2,  0.13, 0.1, 0.12, 0.2,  0.42, 0.8, 1.2,  1.45, 1.52,
                                         1.5,  1.4,  1.38, 1.4,  1.4, 1.42, 1.48, 1.6,  1.7, 1.68, 1.32, 0.85};

double hour_of(const std::array<double, 24>& profile, double hour) {
  const auto whole = static_cast<std::size_t>(hour);
  const double part = hour - static_cast<double>(whole);
  return profile[whole % 24] * (1 - part) + profile[(whole + 1) % 24] * part;
}

constexpr std::array<std::string_view, regions> region_names{
    "广东",   "江苏", "浙江",   "山东", "河南", "四川", "北京", "上海", "湖北", "湖南", "河北",
    "福建",   "安徽", "陕西",   "辽宁", "江西", "广西", "重庆", "云南", "山西", "贵州", "天津",
    "黑龙江", "吉林", "内蒙古", "新疆", "甘肃", "海南", "宁夏", "青海", "西藏"};
constexpr std::array<double, regions> region_weights{11.5, 8.2, 7.8, 6.6, 6.1, 5.6, 5.2, 4.8, 4.3, 4.2, 4.0,
                                                     3.6,  3.5, 2.9, 2.6, 2.5, 2.4, 2.3, 2.1, 1.9, 1.7, 1.4,
                                                     1.3,  1.1, 1.0, 0.9, 0.8, 0.6, 0.4, 0.3, 0.2};

// What is different in each month, and no trouble.
struct Calendar {
  int holiday;  // a day
  double holiday_level;
  double peak_at;  // of a campaign: hours since the start
  double peak_height;
  std::array<double, 3> pushes;  // subscribe messages to many: short peaks
  double growth;                 // a week
};

Calendar calendar_of(Chance& chance) {
  Calendar calendar{};
  calendar.holiday = 8 + static_cast<int>(chance.below(19));
  calendar.holiday_level = chance.uniform(0.65, 1.3);
  calendar.peak_at = 24 * (5 + std::floor(chance.uniform(0, 21))) + chance.uniform(10, 21);
  calendar.peak_height = chance.uniform(2, 5);
  for (double& push : calendar.pushes) push = 24 * std::floor(chance.uniform(1, 27)) + chance.uniform(9, 21);
  calendar.growth = chance.uniform(0, 0.04);
  return calendar;
}

double level_at(const Calendar& calendar, std::int64_t bucket) {
  const double hours = static_cast<double>(bucket) * static_cast<double>(bucket_ms) / static_cast<double>(hour_ms);
  const int day = static_cast<int>(hours / 24);
  const bool free = day % 7 >= 5 || day == calendar.holiday;
  double level = hour_of(free ? weekend : workday, std::fmod(hours, 24));
  if (day % 7 >= 5) level *= 1.12;
  if (day == calendar.holiday) level *= calendar.holiday_level;
  level *= std::pow(1 + calendar.growth, hours / (24 * 7));
  const double since = hours - calendar.peak_at;
  // Up within three minutes, down within two hours.
  if (since > 0) level *= 1 + (calendar.peak_height - 1) * std::min(1.0, since * 20) * std::exp(-since / 0.7);
  for (const double push : calendar.pushes)
    if (hours > push) level *= 1 + 0.6 * std::min(1.0, (hours - push) * 30) * std::exp(-(hours - push) / 0.15);
  return level;
}

// ---- troubles ----

std::size_t likely_region(Chance& chance) {
  double sum = 0;
  for (const double weight : region_weights) sum += weight;
  double at = chance.uniform() * sum;
  for (std::size_t i = 0; i < regions; ++i)
    if ((at -= region_weights[i]) < 0) return i;
  return 0;
}

void give_force(Injected& one, Chance& chance) {
  switch (one.trouble) {
    case Trouble::release_bug:
      one.force = chance.uniform(0.3, 0.8);  // of the visits on the new release
      break;
    case Trouble::error_burst:
      one.force = chance.uniform(0.12, 0.4);
      break;
    case Trouble::request_failures:
      one.force = chance.uniform(0.15, 0.6);
      break;
    case Trouble::region_failures:
      one.force = chance.uniform(0.4, 1);
      one.region = likely_region(chance);
      break;
    case Trouble::slow_region:
      one.force = chance.uniform(3, 8);
      one.touched = chance.uniform(0.5, 1);
      one.region = likely_region(chance);
      break;
    case Trouble::slow_requests:
      one.force = chance.uniform(2.5, 6);
      one.touched = chance.uniform(0.4, 1);
      break;
    case Trouble::slow_start:
      one.force = chance.uniform(2, 4);
      break;
    case Trouble::traffic_loss:
      one.force = chance.uniform(0.6, 1);
      break;
  }
}

// Twenty, each on a day of its own, from the second day on; they happen when people are there, as their causes do.
std::vector<Injected> troubles_of(const Calendar& calendar, Chance& chance) {
  std::vector<int> free_days;
  for (int day = 1; day < days; ++day) free_days.push_back(day);
  std::vector<Injected> out;
  for (std::size_t i = 0; i < 20; ++i) {
    const std::size_t pick = chance.below(free_days.size());
    const int day = free_days[pick];
    free_days.erase(free_days.begin() + static_cast<std::ptrdiff_t>(pick));
    Injected one;
    one.trouble = static_cast<Trouble>(i < 2 * troubles ? i % troubles : chance.below(troubles));
    do {
      one.from = day * buckets_a_day + static_cast<std::int64_t>(chance.below(buckets_a_day - 8 * 60));
    } while (!chance.happens(level_at(calendar, one.from) / 2));
    one.to = one.from + static_cast<std::int64_t>(chance.uniform(30, 100) * 4);
    give_force(one, chance);
    out.push_back(one);
  }
  std::ranges::sort(out, {}, &Injected::from);
  return out;
}

bool is(const Injected* one, Trouble trouble) { return one != nullptr && one->trouble == trouble; }
bool touches(const Injected* one, Trouble anywhere, Trouble in_region, std::size_t region) {
  return is(one, anywhere) || (is(one, in_region) && one->region == region);
}

// ---- one visit after the other ----

constexpr double bin_width = 1.15;
constexpr double first_bin_ms = 30;

double bins_of(double factor) { return std::log(factor) / std::log(bin_width); }
double bin_of(double ms) { return bins_of(ms / first_bin_ms); }

std::uint16_t& more(std::uint16_t& counter) {
  if (counter < 65535) ++counter;
  return counter;
}

// A month's usual ways, of which no two mini programs have the same.
struct Ways {
  double error_share, failure_share;
  std::array<double, 8> api_bins;
  double requests_a_visit;
  double launch_bin;
  std::array<double, regions> region_slower;  // in bins
};

Ways ways_of(Chance& chance) {
  Ways ways{};
  ways.error_share = chance.uniform(0.005, 0.03);
  ways.failure_share = chance.uniform(0.005, 0.03);
  for (double& bin : ways.api_bins) bin = chance.uniform(bin_of(70), bin_of(700));
  ways.requests_a_visit = chance.uniform(5, 11);
  ways.launch_bin = bin_of(chance.uniform(700, 1600));
  for (double& slower : ways.region_slower) slower = chance.uniform(0, 2);
  return ways;
}

// What moves all visits of a bucket together.
struct Weather {
  double traffic, requests, launches, errors, failures;
  double blip = 0;  // of some seconds: requests that fail, and nobody can do anything about
};

class Simulation {
 public:
  Simulation(std::uint64_t seed, double visits_a_day)
      : chance_(seed), calendar_(calendar_of(chance_)), ways_(ways_of(chance_)), visits_a_day_(visits_a_day) {
    month_.incidents = troubles_of(calendar_, chance_);
    month_.visits.resize(buckets);
    month_.failed_visits.resize(buckets);
    month_.error_visits.resize(buckets);
    month_.requests.resize(buckets);
    month_.slowest.resize(buckets);
    month_.launches.resize(buckets);
    acting_.resize(buckets);
    for (const Injected& one : month_.incidents) std::fill(acting_.begin() + one.from, acting_.begin() + one.to, &one);
    double sum = 0;
    for (std::size_t i = 0; i < regions; ++i) region_sums_[i] = sum += region_weights[i];
  }

  Month run() {
    for (bucket_ = 0; bucket_ < buckets; ++bucket_) {
      const Weather weather = next_weather();
      const Injected* now = acting_[static_cast<std::size_t>(bucket_)];
      double mean = visits_a_day_ / static_cast<double>(buckets_a_day) * level_at(calendar_, bucket_) *
                    std::exp(weather.traffic + 0.08 * chance_.normal());
      if (is(now, Trouble::traffic_loss)) mean *= 1 - now->force;
      for (int i = chance_.poisson(mean); i > 0; --i) visit(weather);
      broken_phone();
    }
    return std::move(month_);
  }

 private:
  Weather next_weather() {
    Weather weather{traffic_.step(chance_), requests_slow_.step(chance_) + requests_fast_.step(chance_),
                    launches_.step(chance_), errors_.step(chance_), failures_.step(chance_)};
    if (blip_left_ == 0 && chance_.happens(3.0 / static_cast<double>(7 * buckets_a_day))) {
      blip_left_ = 1 + static_cast<int>(chance_.below(3));
      blip_ = chance_.uniform(0.03, 0.3);
    }
    if (blip_left_ > 0) {
      --blip_left_;
      weather.blip = blip_;
    }
    // Many visits make a backend a little slower.
    weather.requests += 0.4 * std::log2(std::max(1.0, level_at(calendar_, bucket_)));
    return weather;
  }

  std::size_t region() {
    const double at = chance_.uniform() * region_sums_.back();
    return static_cast<std::size_t>(std::ranges::upper_bound(region_sums_, at) - region_sums_.begin());
  }

  void duration(std::array<std::uint16_t, bins>& of, double bin) {
    const double part = bin - std::floor(bin);
    const auto whole = static_cast<std::ptrdiff_t>(std::floor(bin)) + (chance_.uniform() < part ? 1 : 0);
    more(of[static_cast<std::size_t>(std::clamp<std::ptrdiff_t>(whole, 0, bins - 1))]);
  }

  double error_probability(const Weather& weather, std::size_t at) const {
    double share = ways_.error_share * std::exp(weather.errors);
    const Injected* now = acting_[at];
    if (is(now, Trouble::error_burst)) share += now->force;
    if (is(now, Trouble::release_bug)) {
      // Phones take a release over some hours; half of them within a quarter of an hour.
      const double minutes = static_cast<double>(static_cast<std::int64_t>(at) - now->from) / 4;
      share += now->force * (1 - std::exp(-minutes / 20));
    }
    return share;
  }

  void visit(const Weather& weather) {
    const auto began = static_cast<std::size_t>(bucket_);
    const std::size_t where = std::min(region(), regions - 1);
    const double phone = 2.2 * chance_.normal();  // in bins: this phone and its network
    more(month_.visits[began][where]);
    more(month_.visits[began][everywhere]);
    if (chance_.happens(0.6)) {
      double bin = ways_.launch_bin + phone + weather.launches + 2 * chance_.normal();
      if (is(acting_[began], Trouble::slow_start)) bin += bins_of(acting_[began]->force);
      duration(month_.launches[began], bin);
    }
    if (const std::size_t at = later(); chance_.happens(error_probability(weather, at))) more(month_.error_visits[at]);
    const std::size_t at = later();
    double failing = ways_.failure_share * std::exp(weather.failures) + weather.blip;
    if (touches(acting_[at], Trouble::request_failures, Trouble::region_failures, where)) failing += acting_[at]->force;
    if (chance_.happens(failing)) {
      more(month_.failed_visits[at][where]);
      more(month_.failed_visits[at][everywhere]);
      // What fails on the server is an error of the visit, too.
      if (chance_.happens(0.3)) more(month_.error_visits[at]);
    }
    requests(weather, where, phone);
  }

  void requests(const Weather& weather, std::size_t where, double phone) {
    const double stop = 1 / ways_.requests_a_visit;
    double slowest = -1;
    std::size_t slowest_at = 0;
    do {
      const std::size_t at = later();
      double bin = ways_.api_bins[chance_.below(8)] + phone + ways_.region_slower[where] + weather.requests +
                   5 * (chance_.uniform() + chance_.uniform() + chance_.uniform() - 1.5);
      if (const Injected* now = acting_[at]; touches(now, Trouble::slow_requests, Trouble::slow_region, where))
        if (chance_.happens(now->touched)) bin += bins_of(now->force);
      duration(month_.requests[at], bin);
      if (bin <= slowest) continue;
      slowest = bin;
      slowest_at = at;
    } while (!chance_.happens(stop));
    duration(month_.slowest[slowest_at][where], slowest);
    duration(month_.slowest[slowest_at][everywhere], slowest);
  }

  // Somewhere in the two minutes of the visit.
  std::size_t later() {
    return static_cast<std::size_t>(std::min<std::int64_t>(
        buckets - 1, bucket_ + static_cast<std::int64_t>(8 * chance_.uniform() * chance_.uniform())));
  }

  // One phone that asks again and again, and gets nothing: hundreds of requests that say nothing of the others.
  void broken_phone() {
    if (!chance_.happens(2.0 / static_cast<double>(buckets_a_day))) return;
    const std::size_t where = std::min(region(), regions - 1);
    const double bin = bin_of(chance_.uniform(40, 5000));
    more(month_.failed_visits[static_cast<std::size_t>(bucket_)][where]);
    more(month_.failed_visits[static_cast<std::size_t>(bucket_)][everywhere]);
    for (int i = static_cast<int>(chance_.uniform(5, 60)); i > 0; --i) duration(month_.requests[later()], bin);
    const std::size_t at = later();
    duration(month_.slowest[at][where], bin);
    duration(month_.slowest[at][everywhere], bin);
  }

  Chance chance_;
  const Calendar calendar_;
  const Ways ways_;
  const double visits_a_day_;
  std::array<double, regions> region_sums_{};
  Month month_;
  std::int64_t bucket_ = 0;
  std::vector<const Injected*> acting_;  // by bucket
  Wandering traffic_{0.06, 40};
  Wandering requests_slow_{0.5, 700}, requests_fast_{0.3, 8};  // in bins of 15 %
  Wandering launches_{0.4, 400};
  Wandering errors_{0.2, 1500}, failures_{0.25, 600};
  int blip_left_ = 0;
  double blip_ = 0;
};

// ---- answering ----

double quantile_of(const std::array<std::uint32_t, bins>& counts, double total, double q) {
  double below = 0;
  for (std::size_t i = 0; i < bins; ++i) {
    if (counts[i] > 0 && below + counts[i] >= q * total) {
      const double part = (q * total - below) / counts[i];
      return first_bin_ms * std::pow(bin_width, static_cast<double>(i) - 0.5 + part);
    }
    below += counts[i];
  }
  return 0;
}

double wanted(Statistic statistic) {
  switch (statistic) {
    case Statistic::p75:
      return 0.75;
    case Statistic::p90:
      return 0.9;
    case Statistic::p95:
      return 0.95;
    case Statistic::p99:
      return 0.99;
    default:
      return 0.5;
  }
}

bool asks_for(const alerts::Selection& records, std::string_view name) {
  return std::ranges::any_of(records.filters, [&](const telemetry::Filter& filter) {
    return filter.field == events::Field::name && !filter.any_of.empty() && filter.any_of.front() == name;
  });
}

constexpr std::int64_t visit_buckets = 4;  // a visit is met for a minute after it began

}  // namespace

std::string_view name_of(Trouble trouble) {
  constexpr std::array<std::string_view, troubles> names{
      "release bug",        "error burst",   "request failures", "failures, one province",
      "slow, one province", "slow requests", "slow start",       "traffic loss"};
  return names[static_cast<std::size_t>(trouble)];
}

std::string_view region_name(std::size_t region) { return region_names[region]; }

Month simulate(std::uint64_t seed, double visits_a_day) { return Simulation(seed, visits_a_day).run(); }

// How many of a histogram lie above a duration; the bin that holds it in part.
template <class Histogram>
MonthSignals::Figure MonthSignals::sum_above(double ms, std::int64_t from, std::int64_t to, Histogram histogram) const {
  const double edge = std::clamp(bin_of(std::min(ms, 1e9)) + 0.5, 0.0, static_cast<double>(bins));
  const auto first = static_cast<std::size_t>(edge);
  double total = 0;
  for (std::int64_t i = from; i < to; ++i) {
    const auto& counts = histogram(static_cast<std::size_t>(i));
    if (first < bins) total += counts[first] * (1 - (edge - static_cast<double>(first)));
    for (std::size_t bin = first + 1; bin < bins; ++bin) total += counts[bin];
  }
  // Half a visit is none.
  return {std::floor(total + 0.5), total};
}

MonthSignals::Figure MonthSignals::figure(const alerts::Selection& records, Statistic statistic, std::size_t region,
                                          std::int64_t from, std::int64_t to) const {
  const auto sum = [&](const auto& series, auto value, std::int64_t earlier) {
    double total = 0;
    for (std::int64_t i = std::max<std::int64_t>(0, from - earlier); i < to; ++i)
      total += value(series[static_cast<std::size_t>(i)]);
    return Figure{total, total};
  };
  const auto in_region = [&](const auto& one) { return static_cast<double>(one[region]); };
  const bool launches = asks_for(records, "appLaunch");
  const auto histogram = [&](std::size_t i) -> const auto& {
    return launches ? month_.launches[i] : month_.slowest[i][region];
  };
  if (records.kind == telemetry::Kind::error)
    return sum(month_.error_visits, [](std::uint16_t one) { return static_cast<double>(one); }, 0);
  if (records.kind == telemetry::Kind::event) return sum(month_.visits, in_region, visit_buckets);
  const auto* matching = records.matching.get();
  if (matching != nullptr && matching->op == events::Predicate::Op::compare)
    return sum_above(matching->number, from, to, histogram);
  if (matching != nullptr && matching->op == events::Predicate::Op::all) return sum(month_.failed_visits, in_region, 0);
  if (statistic == Statistic::sessions)
    return launches ? sum_above(0, from, to, histogram) : sum(month_.visits, in_region, visit_buckets);
  std::array<std::uint32_t, bins> counts{};
  double total = 0;
  for (std::int64_t i = from; i < to; ++i)
    for (std::size_t bin = 0; bin < bins; ++bin)
      counts[bin] += (launches ? month_.launches : month_.requests)[static_cast<std::size_t>(i)][bin];
  for (const std::uint32_t count : counts) total += count;
  return {total > 0 ? quantile_of(counts, total, wanted(statistic)) : 0, total};
}

Task<Result<std::vector<alerts::Sample>>> MonthSignals::ask(alerts::Question question) {
  std::vector<alerts::Sample> out;
  for (std::size_t region = question.by ? 0 : everywhere; region <= (question.by ? regions - 1 : everywhere); ++region)
    for (TimeMs at = question.from; at < question.to; at += question.step) {
      const std::int64_t from = (at - start_) / bucket_ms;
      if (from < 0 && question.step < 7 * day_ms) continue;
      const std::int64_t to = std::min(buckets, from + question.step / bucket_ms);
      const Figure found = figure(*question.records, question.statistic, region, std::max<std::int64_t>(0, from), to);
      if (found.count <= 0) continue;
      out.push_back({at, question.by ? std::string(region_name(region)) : "", found.value, found.count});
    }
  co_return out;
}

}  // namespace miniops::eval
