// `make eval`: how well the default rules find incidents, and how often they cry wolf. 28 simulated days at three
// sizes, the real evaluator under a simulated clock, on months that no threshold was chosen by.
//
//   eval_alerts [--seeds 901,902,903] [--sizes 200,20000,2000000] [--json FILE] [--details]
#include <CLI/CLI.hpp>
#include <fstream>
#include <iostream>

#include "alerts/default_rules.hpp"
#include "alerts/evaluator.hpp"
#include "alerts/statistics/tails.hpp"
#include "alerts_traffic.hpp"
#include "storage/sql/open.hpp"
#include "storage/testing/engines.hpp"
#include "storage/testing/powercut_vfs.hpp"

namespace miniops::storage {
std::span<const sql::Migration> migrations();
}
namespace miniops::alerts {
std::span<const sql::Migration> migrations();
}

namespace miniops::eval {

namespace {

using alerts::Alert;
using alerts::Sight;

constexpr TimeMs start = 1761494400000;           // Monday, 2025-10-27 00:00 in Shanghai
constexpr TimeMs afterwards_ms = 15 * minute_ms;  // an incident's end is no incident
const AppId appid("wxeval");

class NoHealth final : public alerts::HealthSource {
 public:
  Task<Result<std::vector<alerts::HealthFigure>>> figures(AppId) override {
    co_return std::vector<alerts::HealthFigure>{};
  }
};
class NoQueries final : public alerts::QueryParser {
 public:
  Result<events::Matching> parse(std::string_view) const override { return nullptr; }
  Task<Result<std::string>> saved(AppId, std::int64_t) override { co_return std::string(); }
};

// Which default rules tell of a trouble.
std::vector<std::string_view> tell_of(Trouble trouble) {
  switch (trouble) {
    case Trouble::release_bug:
    case Trouble::error_burst:
      return {"error_rate"};
    case Trouble::request_failures:
    case Trouble::region_failures:
      return {"request_failures", "request_failures_region", "error_rate"};
    case Trouble::slow_region:
    case Trouble::slow_requests:
      return {"slow_requests_region", "slow_requests"};
    case Trouble::slow_start:
      return {"slow_start"};
    case Trouble::traffic_loss:
      return {"traffic_loss"};
  }
  std::unreachable();
}

struct Fired {
  TimeMs at = 0;
  std::string rule, group;
};

// The whole month through the evaluator.
class Run {
 public:
  Run(const Month& month, std::uint64_t seed) : month_(month), signals_(month, start), disk_(seed) {
    sql::OpenOptions options;
    options.sqlite_vfs = disk_.vfs();
    database_ = std::move(*sql::open("sqlite:eval.db", clock_, options));
    if (!sql::migrate(*database_, {storage::migrations(), alerts::migrations()}))
      throw std::runtime_error("the tables cannot be made");
    version_.emplace(*database_);
  }

  // The rules' sights in the middle of each incident, and everything that fired.
  void play() {
    alerts::Watcher watcher({signals_, health_, queries_});
    alerts::Evaluator evaluator({*database_, *version_, clock_, ids_, watcher});
    boost::asio::io_context context;
    boost::asio::co_spawn(context, all(evaluator), [](std::exception_ptr problem) {
      if (problem) std::rethrow_exception(problem);
    });
    context.run();
  }

  const std::vector<Fired>& fired() const { return fired_; }
  const std::vector<std::map<std::string, Sight, std::less<>>>& sights() const { return sights_; }

 private:
  Task<void> all(alerts::Evaluator& evaluator) {
    if (!co_await evaluator.welcome(appid)) throw std::runtime_error("no default rules");
    co_await version_->refresh();
    std::size_t next = 0;
    for (std::int64_t bucket = 1; bucket <= buckets; ++bucket) {
      clock_.set(start + bucket * bucket_ms + alerts::settle_ms);
      if (!co_await evaluator.evaluate(appid)) throw std::runtime_error("an evaluation failed");
      if (next < month_.incidents.size() && bucket == (month_.incidents[next].from + month_.incidents[next].to) / 2) {
        co_await look();
        ++next;
      }
    }
    auto read = [](sql::Transaction& tx) -> Result<std::vector<Fired>> {
      std::map<std::int64_t, std::string> keys;
      for (const alerts::Rule& rule : alerts::store::rules(tx, appid)) keys[rule.id.value()] = rule.default_key;
      std::vector<Fired> out;
      for (const sql::Row& row : tx.query(
               "SELECT rule_id, group_key, at FROM alerts_timeline JOIN alerts_alerts ON alerts_alerts.id = alert_id "
               "WHERE what IN ('fired', 'reopened', 'flapping') ORDER BY at"))
        out.push_back({row.integer(2), keys[row.integer(0)], row.text(1)});
      return out;
    };
    fired_ = *co_await database_->read(std::move(read));
  }

  Task<void> look() {
    auto read = [](sql::Transaction& tx) -> Result<std::map<std::string, Sight, std::less<>>> {
      std::map<std::int64_t, std::string> keys;
      for (const alerts::Rule& rule : alerts::store::rules(tx, appid)) keys[rule.id.value()] = rule.default_key;
      std::map<std::string, Sight, std::less<>> sights;
      for (const auto& one : alerts::store::sights(tx, appid)) sights[keys[one.rule.value()]] = one.sight;
      return sights;
    };
    sights_.push_back(*co_await database_->read(std::move(read)));
  }

  const Month& month_;
  MonthSignals signals_;
  NoHealth health_;
  NoQueries queries_;
  ManualClock clock_{start};
  IdSource ids_{clock_, 1};
  sql::PowerCutDisk disk_;  // in memory
  std::unique_ptr<sql::Database> database_;
  std::optional<sql::ConfigVersion> version_;
  std::vector<Fired> fired_;
  std::vector<std::map<std::string, Sight, std::less<>>> sights_;
};

struct Score {
  int incidents = 0, found = 0, held = 0, missed = 0, wrong = 0;
  std::vector<double> minutes;  // from the beginning of an incident to its alert
};

bool belongs(const Fired& fired, const Injected& incident) {
  const TimeMs from = start + incident.from * bucket_ms;
  const TimeMs to = start + incident.to * bucket_ms + afterwards_ms;
  const auto rules = tell_of(incident.trouble);
  return fired.at > from && fired.at <= to && std::ranges::find(rules, fired.rule) != rules.end();
}

std::string clock_time(TimeMs at) {
  const TimeMs minutes = (at - start) / minute_ms;
  return fmt::format("day {:2} {:02}:{:02}", minutes / 1440 + 1, minutes / 60 % 24, minutes % 60);
}

Score score(const Month& month, const Run& run, bool details) {
  Score score;
  for (std::size_t i = 0; i < month.incidents.size(); ++i) {
    const Injected& incident = month.incidents[i];
    ++score.incidents;
    const auto found = std::ranges::find_if(run.fired(), [&](const Fired& one) { return belongs(one, incident); });
    std::string what = "missed";
    if (found != run.fired().end()) {
      ++score.found;
      const double minutes =
          static_cast<double>(found->at + alerts::settle_ms - start - incident.from * bucket_ms) / minute_ms;
      score.minutes.push_back(minutes);
      what = fmt::format("{:.1f} min", minutes);
    } else if (std::ranges::all_of(tell_of(incident.trouble), [&](std::string_view rule) {
                 const auto sight = run.sights()[i].find(rule);
                 return sight != run.sights()[i].end() && sight->second != Sight::normal;
               })) {
      ++score.held;
      what = "needs more data";
    } else {
      ++score.missed;
    }
    if (details)
      fmt::print("    {} {:24} {:8} force {:.2f} touched {:.2f}: {}\n", clock_time(start + incident.from * bucket_ms),
                 name_of(incident.trouble), incident.region == everywhere ? "" : region_name(incident.region),
                 incident.force, incident.touched, what);
  }
  for (const Fired& one : run.fired()) {
    if (std::ranges::any_of(month.incidents, [&](const Injected& incident) { return belongs(one, incident); }))
      continue;
    ++score.wrong;
    if (details) fmt::print("    false: {} {} {}\n", clock_time(one.at), one.rule, one.group);
  }
  return score;
}

}  // namespace

int run(int argc, char** argv) {
  CLI::App app("Finds incidents in simulated months");
  std::vector<std::uint64_t> seeds{901, 902, 903};
  std::vector<double> sizes{200, 20'000, 2'000'000};
  std::string json_file;
  bool details = false;
  app.add_option("--seeds", seeds)->delimiter(',');
  app.add_option("--sizes", sizes)->delimiter(',');
  app.add_option("--json", json_file);
  app.add_flag("--details", details);
  CLI11_PARSE(app, argc, argv);

  json::array rows;
  bool reached = true;
  fmt::print(
      "| visits a day | months | incidents | found | held: needs more data | missed | median minutes | false a "
      "week (worst month) |\n| --- | --- | --- | --- | --- | --- | --- | --- |\n");
  for (const double size : sizes) {
    Score all;
    double worst = 0;
    for (const std::uint64_t seed : seeds) {
      const Month month = simulate(seed, size);
      Run run(month, seed);
      run.play();
      if (details) fmt::print("  seed {}, {} visits a day\n", seed, size);
      const Score one = score(month, run, details);
      all.incidents += one.incidents;
      all.found += one.found;
      all.held += one.held;
      all.missed += one.missed;
      all.wrong += one.wrong;
      all.minutes.insert(all.minutes.end(), one.minutes.begin(), one.minutes.end());
      worst = std::max(worst, one.wrong / (days / 7.0));
    }
    const double found = static_cast<double>(all.found) / all.incidents;
    const double wrong = all.wrong / (days / 7.0) / static_cast<double>(seeds.size());
    const double minutes = alerts::median(all.minutes);
    fmt::print("| {} | {} | {} | {:.1f} % | {} | {} | {} | {:.2f} ({:.2f}) |\n", size, seeds.size(), all.incidents,
               100 * found, all.held, all.missed, all.minutes.empty() ? "–" : fmt::format("{:.1f}", minutes), wrong,
               worst);
    std::fflush(stdout);
    const bool small = size < 1000;
    reached = reached && worst <= 1 && (small ? all.missed == 0 : found >= 0.95 && minutes <= 3);
    rows.push_back(json::object{{"visits_a_day", size},
                                {"incidents", all.incidents},
                                {"found", all.found},
                                {"held", all.held},
                                {"missed", all.missed},
                                {"median_minutes", minutes},
                                {"false_a_week", wrong},
                                {"false_a_week_worst_month", worst}});
  }
  if (!json_file.empty()) std::ofstream(json_file) << json::serialize(json::object{{"alerts", rows}}) << '\n';
  return 0;
}

}  // namespace miniops::eval

int main(int argc, char** argv) { return miniops::eval::run(argc, argv); }
