// Lines of logs for bench/logs.mjs: makes them, loads them into an event store of their own, asks it.
//
//   log_store make --lines N --rows FILE.tsv --texts FILE      prints words to look for
//   log_store load --rows FILE.tsv --folder FOLDER             through EventStore::load, 100,000 lines at a time
//   log_store ask --folder FOLDER < questions                  one a line: word, regex, substring or newest, and what;
//                                                              or after, and a millisecond of the day
#include <CLI/CLI.hpp>
#include <algorithm>
#include <charconv>
#include <chrono>
#include <cstdio>
#include <fstream>
#include <iostream>

#include "base/random.hpp"
#include "storage/events/event_store.hpp"

namespace {

using namespace miniops;

constexpr std::int32_t kind_log = 4;
constexpr TimeMs midnight = 1795219200000;  // 2026-11-21T00:00:00Z
constexpr std::size_t lines_of_load = 100'000;

struct Options {
  std::int64_t lines = 2'000'000;
  std::string rows, texts;
  std::filesystem::path folder;
  int warm_ups = 2, runs = 5;
};

double seconds_since(std::chrono::steady_clock::time_point from) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - from).count();
}

// ---- make ----

template <std::size_t n>
const char* one_of(Random& random, const std::array<const char*, n>& choices) {
  return choices[random.below(n)];
}

// As programs write them: about as many words that repeat as values of their own, and no padding.
std::string text_of(Random& random) {
  static constexpr std::array methods{"GET", "POST"};
  static constexpr std::array regions{"guangdong", "zhejiang", "beijing", "sichuan", "hubei", "shandong"};
  static constexpr std::array statuses{"200", "200", "200", "404", "500"};
  static constexpr std::array sources{"share", "search", "home", "push"};
  static constexpr std::array members{"name", "price", "sku", "list", "length"};
  static constexpr std::array reasons{"abnormal", "timeout", "network", "server"};
  const auto number = [&](std::uint64_t end) { return random.below(end); };
  switch (number(7)) {
    case 0:
      return fmt::format(
          "[cart] request {} /api/v1/order/{} took {}ms status={} trace={:016x} region={} retry={} user=u{}",
          one_of(random, methods), number(10'000'000), number(3000), one_of(random, statuses), random.number(),
          one_of(random, regions), number(3), number(500'000));
    case 1:
      return fmt::format(
          "支付失败 orderId={:016x} 错误码={} 用户=o{:012x} 金额={}.{:02} 请稍后重试 channel=wechat elapsed {} ms",
          random.number(), number(40), random.number() >> 16, number(500), number(100), number(2000));
    case 2:
      return fmt::format(
          "Received block blk_{} of size {} from /10.251.{}.{} to storage node {:04x} in {} ms, checksum ok, pending "
          "{}",
          number(9'000'000'000'000), number(67'108'864), number(256), number(256), number(65'536), number(900),
          number(9));
    case 3:
      return fmt::format(
          "page pages/goods/detail onShow goodsId={:016x} from={} scene={} openid=o{:012x} cost={}ms cache={}",
          random.number(), one_of(random, sources), 1000 + number(100), random.number() >> 16, number(800),
          number(2) == 0 ? "hit" : "miss");
    case 4:
      return fmt::format(
          "WARN socket closed code={} reason={} reconnect attempt {} session {:016x} after {} seconds, last message id "
          "{:016x}",
          1000 + number(12), one_of(random, reasons), number(9), random.number(), number(600), random.number());
    case 5:
      return fmt::format(
          "ERROR TypeError: Cannot read property {} of undefined at onTap (pages/cart/index.js:{}:{}) user u{} trace "
          "{:016x}",
          one_of(random, members), number(900), number(80), number(500'000), random.number());
    default:
      return fmt::format("coupon {} used by member {} in store 门店{} 优惠 {}.{:02} 元, balance {}, request id {:016x}",
                         number(100'000'000), number(3'000'000), number(800), number(90), number(100), number(100'000),
                         random.number());
  }
}

int make(const Options& options) {
  SeededRandom random(7);
  std::ofstream rows(options.rows), texts(options.texts);
  std::vector<std::string> rare;
  const double step = 80'000'000.0 / static_cast<double>(options.lines);  // over most of a day
  std::uint64_t session = 0;
  std::int64_t bytes = 0;
  for (std::int64_t i = 0; i < options.lines; ++i) {
    if (random.below(12) == 0) session = random.number();
    const std::string text = text_of(random);
    bytes += std::ssize(text);
    rows << fmt::format("{:08x}-{:04x}-4000-8000-{:012x}\t{}\t{}\t{}\t{}\n", random.number() >> 32, i & 0xffff,
                        random.number() >> 16, midnight + static_cast<TimeMs>(static_cast<double>(i) * step),
                        1 + random.below(5), session, text);
    texts << text << '\n';
    // An id at the end of a line, a quarter, half and three quarters through.
    const std::string id = text.substr(text.find_last_of(" =") + 1);
    if (id.size() == 16 && rare.size() < 3 && i >= std::ssize(rare) * options.lines / 4 + options.lines / 4)
      rare.push_back(id);
  }
  fmt::print("{{\"rare\":[\"{}\"],\"bytes_of_line\":{:.1f}}}\n", fmt::join(rare, "\",\""),
             static_cast<double>(bytes) / static_cast<double>(options.lines));
  return rows.good() && texts.good() ? 0 : 1;
}

// ---- load ----

events::Row row_of(const std::string& line) {
  constexpr std::size_t uuid_chars = 36;
  events::Row row;
  row.app = 1;
  row.kind = kind_log;
  row.name = 1;
  std::string digits = line.substr(0, uuid_chars);
  std::erase(digits, '-');
  row.id = events::parse_id128(digits).value_or(events::Id128{});
  const char* at = line.data() + uuid_chars + 1;
  const char* end = line.data() + line.size();
  std::int64_t level = 0;
  for (std::int64_t* number : {&row.time, &level}) at = std::from_chars(at, end, *number).ptr + 1;
  at = std::from_chars(at, end, row.session.low).ptr + 1;
  row.session.high = row.session.low;
  row.level = static_cast<std::int32_t>(level);
  row.received = row.time;
  row.text.assign(at, end);
  row.properties = "{}";
  return row;
}

std::unique_ptr<events::EventStore> opened(const Options& options) {
  auto store = events::EventStore::open({.folder = options.folder, .question_ms_max = 600'000});
  if (store) return std::move(*store);
  fmt::print(stderr, "{}\n", store.error().message);
  return nullptr;
}

int load(const Options& options) {
  auto store = opened(options);
  const std::string month = events::month_of(midnight);
  if (!store || !store->state(month)) return 1;
  std::ifstream file(options.rows);
  std::string line;
  std::int64_t lines = 0;
  double seconds = 0;
  while (file) {
    events::Load load{.segment = 1};
    load.rows.reserve(lines_of_load);
    while (load.rows.size() < lines_of_load && std::getline(file, line)) load.rows.push_back(row_of(line));
    const auto started = std::chrono::steady_clock::now();
    if (const auto done = store->load(month, load); !done) {
      fmt::print(stderr, "{}\n", done.error().message);
      return 1;
    }
    seconds += seconds_since(started);
    lines += std::ssize(load.rows);
  }
  const auto started = std::chrono::steady_clock::now();
  store.reset();  // writes what waits into the file
  fmt::print("{{\"lines\":{},\"per_second\":{:.0f},\"close_seconds\":{:.2f}}}\n", lines,
             static_cast<double>(lines) / seconds, seconds_since(started));
  return 0;
}

// ---- ask ----

Result<std::int64_t> answer(events::EventStore& store, std::string_view kind, const std::string& what) {
  events::Scope scope{1, kind_log, midnight, midnight + day_ms};
  events::Predicate leaf{.op = kind == "regex" ? events::Predicate::Op::regex : events::Predicate::Op::contains,
                         .text = what};
  leaf.from_edge = leaf.to_edge = kind != "substring";
  if (kind != "after") scope.matching = std::make_shared<const events::Predicate>(leaf);
  if (kind == "newest" || kind == "after") {
    events::RowsQuestion question{.scope = scope, .limit = 100};
    if (kind == "after") question.after = {midnight + std::stoll(what), 0};
    const auto rows = store.rows(question);
    return rows ? Result<std::int64_t>(std::ssize(*rows)) : std::unexpected(rows.error());
  }
  const auto points = store.series({.scope = scope, .measure = events::Measure::count, .interval_ms = day_ms});
  if (!points) return std::unexpected(points.error());
  return points->empty() ? 0 : static_cast<std::int64_t>(points->front().value);
}

int ask(const Options& options) {
  auto store = opened(options);
  if (!store) return 1;
  for (std::string question; std::getline(std::cin, question);) {
    const auto split = question.find(' ');
    std::vector<double> milliseconds;
    std::int64_t count = 0;
    for (int i = 0; i < options.warm_ups + options.runs; ++i) {
      const auto started = std::chrono::steady_clock::now();
      const auto counted = answer(*store, std::string_view(question).substr(0, split), question.substr(split + 1));
      if (!counted) {
        fmt::print(stderr, "{}: {}\n", question, counted.error().message);
        return 1;
      }
      if (i >= options.warm_ups) milliseconds.push_back(seconds_since(started) * 1000);
      count = *counted;
    }
    std::ranges::sort(milliseconds);
    fmt::print("{{\"count\":{},\"ms\":{:.2f}}}\n", count, milliseconds[milliseconds.size() / 2]);
    std::fflush(stdout);
  }
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  Options options;
  CLI::App cli("log_store");
  cli.require_subcommand(1);
  CLI::App* making = cli.add_subcommand("make");
  CLI::App* loading = cli.add_subcommand("load");
  CLI::App* asking = cli.add_subcommand("ask");
  making->add_option("--lines", options.lines);
  making->add_option("--texts", options.texts)->required();
  for (CLI::App* one : {making, loading}) one->add_option("--rows", options.rows)->required();
  for (CLI::App* one : {loading, asking}) one->add_option("--folder", options.folder)->required();
  asking->add_option("--warm-ups", options.warm_ups);
  asking->add_option("--runs", options.runs);
  CLI11_PARSE(cli, argc, argv);
  return making->parsed() ? make(options) : loading->parsed() ? load(options) : ask(options);
}
