// Reports over many conversations: 100 days of 200 agents in 20 groups, packed as the keeper leaves them, the newest
// day loose. Each question as the API asks it, the median of several runs.
//
//   reports --database sqlite:/tmp/reports.db --conversations 1000000
#include "reports/reports.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <chrono>
#include <cstdio>

#include "base/random.hpp"
#include "base/wait.hpp"
#include "reports/codec.hpp"
#include "reports/service.hpp"
#include "reports/store.hpp"
#include "storage/sql/migrations.hpp"
#include "storage/sql/open.hpp"

namespace miniops::identity {
std::span<const sql::Migration> migrations();
}

namespace {

using namespace miniops;
using namespace miniops::reports;

const AppId shop("wxshop");
constexpr std::int64_t first_day = 20'500;
constexpr int days = 100;

template <class T>
T must(Result<T> result) {
  if (!result) {
    fmt::print(stderr, "{}: {}\n", result.error().code, result.error().message);
    std::exit(1);
  }
  if constexpr (!std::is_void_v<T>) return std::move(*result);
}

class World {
 public:
  Facts facts(std::int64_t id, std::int64_t day) {
    Facts out;
    out.id = ConversationId((1LL << 60) + id);
    out.opened_at = day * day_ms + below(16) * hour_ms / 2 + below(hour_ms);
    out.source = fmt::format("pages/p{}/index", below(100));
    const AccountId first = agent();
    out.agent = out.answered_by = first;
    out.group = out.answered_group = GroupId((1LL << 59) + below(20));
    out.reacted_at = out.opened_at + 800;
    out.queued_at = out.opened_at;
    TimeMs at = out.opened_at + 1000 + below(120'000);
    out.waits.push_back({.started_at = out.opened_at, .ended_at = at, .agent = first, .group = out.group});
    for (std::int64_t turns = 1 + below(6); turns > 0; --turns) {
      const TimeMs answered_at = at + 2000 + below(90'000);
      if (out.answered_at == 0) out.answered_at = answered_at;
      out.turns.push_back({.started_at = at, .answered_at = answered_at, .agent = first, .group = out.group});
      at = answered_at + below(60'000);
    }
    if (below(10) == 0) {
      out.agent = agent();
      out.transfers.push_back({.at = at, .from = first, .group = out.group});
      out.holds.push_back({.agent = out.agent, .group = out.group, .ms = below(300'000)});
    }
    out.holds.push_back({.agent = first, .group = out.group, .ms = at - out.opened_at});
    out.closed_at = at;
    out.human = true;
    out.resolved = below(5) != 0;
    out.surveyed = below(2) == 0;
    out.score = out.surveyed && below(3) == 0 ? static_cast<int>(1 + below(5)) : 0;
    return out;
  }

 private:
  std::int64_t below(std::int64_t bound) {
    return static_cast<std::int64_t>(random_.below(static_cast<std::uint64_t>(bound)));
  }
  AccountId agent() { return AccountId((1LL << 59) + 1000 + below(200)); }

  SeededRandom random_{17};
};

class NoDesk final : public Source {
 public:
  std::optional<ConversationRows> rows_of(sql::Transaction&, ConversationId) override { return std::nullopt; }
  std::vector<ConversationId> after(sql::Transaction&, ConversationId, int) override { return {}; }
  DeskNow now(sql::Transaction&, const AppId&) override { return {}; }
  std::vector<AgentTime> times(sql::Transaction&, const AppId&, TimeMs, TimeMs, TimeMs) override { return {}; }
  Names names(sql::Transaction&, const AppId&) override { return {}; }
  std::string time_zone(const AppId&) override { return "Asia/Shanghai"; }
};

void fill(sql::Database& database, std::int64_t conversations) {
  World world;
  const std::int64_t per_day = conversations / days;
  for (std::int64_t day = 0; day < days; ++day) {
    std::vector<store::Stored> rows;
    std::string packed;
    for (std::int64_t i = 0; i < per_day; ++i) {
      const Facts facts = world.facts(day * per_day + i, first_day + day);
      store::Stored row{facts.id, shop, first_day + day, facts.closed_at, {}, {}};
      append(row.facts, facts);
      packed += row.facts;
      if (day == days - 1) rows.push_back(std::move(row));
    }
    auto write = [&](sql::Transaction& tx) -> Result<void> {
      store::touch_day(tx, shop, first_day + day, 0);
      if (day < days - 1) store::pack(tx, {shop, first_day + day, 1}, packed);
      for (const store::Stored& row : rows) store::put(tx, row);
      return {};
    };
    must(database.write_blocking(write));
  }
}

template <class Ask>
double median_ms(Ask ask) {
  std::vector<double> runs;
  for (int i = 0; i < 5; ++i) {
    const auto started = std::chrono::steady_clock::now();
    ask();
    runs.push_back(std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - started).count());
  }
  std::ranges::sort(runs);
  return runs[2];
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app{"reports over many conversations"};
  std::string address;
  std::int64_t conversations = 1'000'000;
  app.add_option("--database", address)->required();
  app.add_option("--conversations", conversations)->check(CLI::Range(days, 100'000'000));
  CLI11_PARSE(app, argc, argv);

  SystemClock clock;
  const auto database = must(sql::open(address, clock));
  must(sql::migrate(*database, {identity::migrations(), reports::migrations()}));
  fill(*database, conversations);
  IdSource ids(clock, 1);
  NoDesk desk;
  ReportService service({*database, clock, ids, desk, {}});
  const Access access = Access::system(shop, "bench");
  const Filter all{.from = first_day * day_ms, .to = (first_day + days + 1) * day_ms};
  const auto figures = [&](Interval interval, By by) {
    return median_ms([&] { must(wait(service.figures(access, all, interval, by))); });
  };
  const ListingAsked slowest{.filter = all, .metric = Metric::response, .order = Order::largest};
  const auto counted = must(wait(service.figures(access, all, Interval::none, By::none))).answer.totals[0].count;
  fmt::print(
      "{{\"conversations\":{},\"totals_ms\":{:.0f},\"by_agent_ms\":{:.0f},\"by_source_ms\":{:.0f},\"by_day_ms\":{:.0f},"
      "\"by_week_and_group_ms\":{:.0f},\"slowest_ms\":{:.0f}}}\n",
      counted, figures(Interval::none, By::none), figures(Interval::none, By::agent),
      figures(Interval::none, By::source), figures(Interval::day, By::none), figures(Interval::week, By::group),
      median_ms([&] { must(wait(service.conversations(access, slowest))); }));
  return 0;
}
