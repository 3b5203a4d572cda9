// A month of what phones report, written straight into the event store of a data folder whose server stands still, and
// as tab-separated lines for a peer. Lifelike: days have their hours, names and pages their favourites, people come
// again, some records come late.
//
//   chart_rows --data FOLDER --appid wx… --rows 2000000 --lines FILE
#include <CLI/CLI.hpp>
#include <cmath>
#include <cstdio>
#include <fstream>

#include "base/encoding.hpp"
#include "base/random.hpp"
#include "storage/events/event_store.hpp"
#include "storage/sql/open.hpp"
#include "telemetry/store.hpp"

namespace {

using namespace miniops;
using telemetry::Kind;
using telemetry::store::Dictionary;

constexpr std::size_t rows_of_load = 100'000;
constexpr int days = 30;
constexpr std::uint64_t people = 200'000;

const std::vector<std::string> event_names{"ViewGoods",  "AddToCart", "PayOrder",  "Search",   "Share",
                                           "TakeCoupon", "Login",     "OpenStore", "Favorite", "Comment"};
const std::vector<std::string> metrics{"appLaunch", "firstRender", "firstPaint",  "route",  "request",
                                       "setData",   "LCP",         "loadPackage", "script", "image"};
const std::vector<std::string> networks{"wifi", "5g", "4g", "3g"};

class Month {
 public:
  Month(const AppId& appid, std::int32_t app, sql::Database& database, TimeMs end)
      : appid_(appid), app_(app), database_(database), begin_(end - days * day_ms) {
    for (int i = 0; i < 60; ++i) pages_.push_back(fmt::format("pages/p{}/index", i));
    for (int i = 0; i < 34; ++i) regions_.push_back(fmt::format("省份{:02}", i));
    for (int i = 0; i < 500; ++i) devices_.push_back(fmt::format("brand{}\x1fmodel{}", i % 9, i));
    for (const auto& [dictionary, words] : {std::pair{Dictionary{1}, event_names},
                                            {Dictionary{2}, metrics},
                                            {Dictionary::page, pages_},
                                            {Dictionary::region, regions_},
                                            {Dictionary::device, devices_},
                                            {Dictionary::network, networks},
                                            {Dictionary::release, releases_}})
      number(dictionary, words);
  }

  // The i-th of `all`, in the order of receipt.
  events::Row row(std::size_t i, std::size_t all) {
    events::Row row;
    row.app = app_;
    const bool metric = random_.below(2) == 0;
    row.kind = static_cast<std::int32_t>(metric ? Kind::performance : Kind::event);
    const double day = static_cast<double>(i) / static_cast<double>(all) * days;
    row.received = begin_ + static_cast<TimeMs>(std::floor(day)) * day_ms + time_of_day(day - std::floor(day));
    row.late = random_.below(50) == 0;
    row.time = std::max(begin_, row.received - (row.late ? below(3 * day_ms) : below(5 * second_ms)));
    name_ = favourite(10);
    row.name = numbers_[metric ? Dictionary{2} : Dictionary{1}][name_];
    row.person = 1'000'000 + static_cast<std::int64_t>(favourite(people));
    row.session = {static_cast<std::uint64_t>(row.person), static_cast<std::uint64_t>(day * 3)};
    row.id = {random_.number(), random_.number()};
    pick(Dictionary::page, page_, favourite(pages_.size()), row.page);
    pick(Dictionary::release, release_, std::min<std::size_t>(3, static_cast<std::size_t>(day / 8 + unit() / 2)),
         row.release);
    pick(Dictionary::network, network_, favourite(4), row.network);
    pick(Dictionary::region, region_, static_cast<std::size_t>(row.person) % 34, row.region);
    pick(Dictionary::device, device_, static_cast<std::size_t>(row.person) % 500, row.device);
    row.build = 3;
    row.scene = 1000 + static_cast<std::int32_t>(favourite(20));
    if (metric) row.value = std::round(std::exp(5 + static_cast<double>(name_ % 4) + unit() + unit() + unit() - 1.5));
    row.properties = fmt::format(R"({{"order":"{}","count":{},"from":"推荐","note":"{}"}})", hex(random_.bytes(6)),
                                 random_.below(5), hex(random_.bytes(8)));
    return row;
  }

  // As the peer gets it.
  void line(const events::Row& row, std::string& out) const {
    const bool metric = row.value.has_value();
    fmt::format_to(std::back_inserter(out), "{}\t{}\t{}\t{}\t{}\t{}\t{}\t{}\t{}\t{}\t{}\t{}\t{}\t{}\n", appid_.str(),
                   row.kind, metric ? metrics[name_] : event_names[name_], row.time, row.person, row.session.low,
                   pages_[page_], releases_[release_], networks[network_], regions_[region_], device_, row.scene,
                   metric ? fmt::format("{}", *row.value) : "\\N", row.properties);
  }

 private:
  double unit() { return static_cast<double>(random_.below(1 << 30)) / (1 << 30); }
  TimeMs below(TimeMs end) { return static_cast<TimeMs>(random_.below(static_cast<std::uint64_t>(end))); }
  // Small numbers often, large ones seldom.
  std::size_t favourite(std::uint64_t count) {
    return static_cast<std::size_t>(std::pow(unit(), 2.5) * static_cast<double>(count));
  }
  // Few at night; never back in time.
  static TimeMs time_of_day(double part) {
    return static_cast<TimeMs>((part - std::sin(part * 2 * 3.14159265) / 8) * static_cast<double>(day_ms - 1));
  }
  void pick(Dictionary dictionary, std::size_t& chosen, std::size_t which, std::int32_t& number) {
    chosen = which;
    number = numbers_[dictionary][which];
  }
  void number(Dictionary dictionary, const std::vector<std::string>& words) {
    std::vector<telemetry::store::Word> wanted;
    for (const std::string& word : words) wanted.push_back({dictionary, word});
    const auto given =
        database_.write_blocking([&](sql::Transaction& tx) -> Result<std::map<telemetry::store::Word, std::int32_t>> {
          return telemetry::store::number_words(tx, appid_, wanted);
        });
    for (const auto& word : wanted) numbers_[dictionary].push_back(given->at(word));
  }

  const AppId appid_;
  const std::int32_t app_;
  sql::Database& database_;
  const TimeMs begin_;
  SeededRandom random_{20};
  std::vector<std::string> pages_, regions_, devices_, releases_{"1.0.0", "1.1.0", "1.2.0", "1.3.0"};
  std::map<Dictionary, std::vector<std::int32_t>> numbers_;
  std::size_t name_ = 0, page_ = 0, release_ = 0, network_ = 0, region_ = 0, device_ = 0;  // of the last row
};

template <class T>
T must(Result<T> result) {
  if (result) {
    if constexpr (std::is_void_v<T>)
      return;
    else
      return std::move(*result);
  }
  std::fprintf(stderr, "%s\n", result.error().message.c_str());
  std::exit(1);
}

void load(events::EventStore& store, std::vector<events::Row>& rows) {
  std::map<std::string, events::Load> months;
  for (events::Row& row : rows) months[events::month_of(row.received)].rows.push_back(std::move(row));
  rows.clear();
  for (const auto& [month, load] : months) must(store.load(month, load));
}

}  // namespace

int main(int argc, char** argv) {
  std::string data, appid, lines;
  std::size_t count = 0;
  CLI::App cli("chart_rows");
  cli.add_option("--data", data)->required();
  cli.add_option("--appid", appid)->required();
  cli.add_option("--rows", count)->required();
  cli.add_option("--lines", lines)->required();
  CLI11_PARSE(cli, argc, argv);

  const SystemClock clock;
  const auto database = must(sql::open("sqlite:" + data + "/miniops.db", clock, {}));
  const auto apps = must(database->read_blocking(
      [](sql::Transaction& tx) -> Result<std::map<AppId, std::int32_t>> { return telemetry::store::apps(tx); }));
  const TimeMs end = clock.now() / day_ms * day_ms;
  Month month(AppId(appid), apps.at(AppId(appid)), *database, end);
  const auto store = must(events::EventStore::open({std::filesystem::path(data) / "telemetry" / "events"}));
  for (TimeMs day = end - days * day_ms; day < end; day += day_ms) must(store->state(events::month_of(day)));

  std::ofstream out(lines, std::ios::binary);
  std::vector<events::Row> rows;
  std::string text;
  const TimeMs started = clock.now();
  for (std::size_t i = 0; i < count; ++i) {
    rows.push_back(month.row(i, count));
    month.line(rows.back(), text);
    if (rows.size() < rows_of_load && i + 1 < count) continue;
    load(*store, rows);
    out << text;
    text.clear();
  }
  const TimeMs loaded = clock.now();
  while (must(store->tidy_day(end + day_ms))) {
  }
  must(store->sum_up());
  must(store->settle());
  std::printf("{\"load_seconds\":%.2f,\"tidy_seconds\":%.2f}\n", static_cast<double>(loaded - started) / 1000,
              static_cast<double>(clock.now() - loaded) / 1000);
  return 0;
}
