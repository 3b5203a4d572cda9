// A load of what phones report: batches of our SDK with 20 events of about 800 bytes, half of whose values are their
// own, on several project keys; or with 5 errors of about 3 KB, or 50 log lines of about 120 bytes. Also writes the
// same events as lines for a peer to insert. Loopback only.
//
//   ingest_load --port 8080 --keys K1,K2,… --connections 64 --seconds 10 [--rate 2000] [--lines FILE]
#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <fstream>

#include "base/clock.hpp"
#include "base/random.hpp"
#include "load.hpp"

namespace {

using namespace miniops;

struct Options : bench::LoadOptions {
  std::vector<std::string> keys;
  std::size_t count = 0;  // batches made beforehand; 0: from the rate
  std::string lines, stamp = "0", of = "events";
};

// One event as our SDK sends it: common words, and values of its own.
std::string event_of(Random& random, std::size_t i, TimeMs at) {
  static constexpr std::array names{"ViewGoods", "AddToCart", "PayOrder", "Search", "Share", "TakeCoupon"};
  return fmt::format(
      "{{\"kind\":\"event\",\"name\":\"{}\",\"t\":{},\"page\":\"pages/goods/p{}\",\"value\":{},\"props\":{{"
      "\"order_id\":\"{}\",\"goods_id\":\"{}\",\"title\":\"深海鳕鱼肠 儿童零食 {}\",\"price\":{}.{:02},\"count\":{},"
      "\"coupon\":\"{}\",\"from\":\"推荐\",\"list\":\"home_feed\",\"position\":{},\"experiment\":\"checkout_v{}\","
      "\"search\":\"{}\",\"trace\":\"{}\",\"referrer\":\"pages/index/index\",\"tags\":[\"热卖\",\"包邮\",\"{}\"],"
      "\"logged_in\":true,\"stock\":{},\"store\":\"旗舰店\",\"city\":\"杭州\",\"campaign\":\"{}\",\"session_no\":{},"
      "\"note\":\"{}\",\"channel\":\"wechat\",\"currency\":\"CNY\",\"shipping\":\"standard\",\"sku\":\"{}\"}}}}",
      names[i % names.size()], at, i % 200, random.below(5000), random.alphanumeric(18), random.alphanumeric(10),
      random.below(1000), random.below(500), random.below(100), 1 + i % 5, random.alphanumeric(12), i % 40, i % 7,
      random.alphanumeric(8), random.alphanumeric(32), i % 30, random.below(10000), random.alphanumeric(10), i % 50,
      random.alphanumeric(60), random.alphanumeric(14));
}

// An error with its stack and what went before; forty kinds, so that they are grouped.
std::string error_of(Random& random, std::size_t i, TimeMs at) {
  const std::size_t kind = i % 40;
  std::string stack = fmt::format("TypeError: Cannot read property 'price{}' of undefined", kind);
  for (std::size_t frame = 0; frame < 14; ++frame)
    stack += fmt::format("\\n    at step{} (https://usr/pages/goods/p{}.js:{}:{})", frame, kind, frame + 1, 10 + kind);
  std::string crumbs;
  for (int n = 0; n < 18; ++n)
    crumbs += fmt::format("{}{{\"type\":\"request\",\"message\":\"GET https://api.shop.example/{}\",\"at\":{}}}",
                          n == 0 ? "" : ",", random.alphanumeric(12), at - n);
  return fmt::format(
      "{{\"kind\":\"error\",\"name\":\"TypeError\",\"level\":\"error\",\"t\":{},\"page\":\"pages/goods/p{}\",\"text\":"
      "\"Cannot read property 'price{}' of "
      "undefined\",\"props\":{{\"handled\":false,\"stack\":\"{}\",\"breadcrumbs\":[{}],"
      "\"order_id\":\"{}\"}}}}",
      at, kind, kind, stack, crumbs, random.alphanumeric(18));
}

std::string line_of(Random& random, std::size_t i, TimeMs at) {
  static constexpr std::array levels{"info", "info", "debug", "warn"};
  return fmt::format(
      "{{\"kind\":\"log\",\"level\":\"{}\",\"t\":{},\"text\":\"下单接口返回 {} 耗时 {} ms order={} goods={} stock={} "
      "coupon "
      "{} from home_feed list position {} retry {}\"}}",
      levels[i % levels.size()], at, 200 + i % 3, random.below(900), random.alphanumeric(18), random.alphanumeric(10),
      random.below(500), random.alphanumeric(8), i % 30, i % 3);
}

struct Shape {
  std::string_view of;
  std::size_t records_of_batch;
  std::string (*make)(Random&, std::size_t, TimeMs);
};
constexpr std::array<Shape, 3> shapes{{{"events", 20, event_of}, {"errors", 5, error_of}, {"logs", 50, line_of}}};

std::vector<std::string> make_requests(const Options& options, std::size_t count) {
  const Shape& shape = *std::ranges::find(shapes, options.of, &Shape::of);
  SystemRandom random;
  const TimeMs now = SystemClock().now();
  std::ofstream lines;
  if (!options.lines.empty()) lines.open(options.lines);
  std::vector<std::string> requests;
  requests.reserve(count);
  // Each install's batches are numbered, and 2,000 installs take turns.
  constexpr std::size_t installs = 2000;
  for (std::size_t i = 0; i < count; ++i) {
    std::string events;
    for (std::size_t e = 0; e < shape.records_of_batch; ++e) {
      const std::string event = shape.make(random, i * shape.records_of_batch + e, now);
      if (lines.is_open()) lines << event << '\n';
      events += (events.empty() ? "" : ",") + event;
    }
    const std::string body = fmt::format(
        "{{\"v\":1,\"install\":\"bench{}-{:08}\",\"batch\":{},\"sent_at\":{},\"sdk\":{{\"name\":\"miniops-sdk\","
        "\"version\":\"0.1.0\"}},\"context\":{{\"release\":\"1.4.{}\",\"build\":\"release\",\"scene\":1011,"
        "\"network\":\"wifi\",\"session\":\"s{}\",\"device\":{{\"brand\":\"HUAWEI\",\"model\":\"M{}\",\"os\":"
        "\"Android\"}},"
        "\"user\":{{\"openid\":\"oBENCH{:06}\"}}}},\"records\":[{}]}}",
        options.stamp, i % installs, i / installs + 1, now, i % 3, i % installs, i % 40, i % installs, events);
    requests.push_back(fmt::format(
        "POST /ingest/v1/batch?key={} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: "
        "{}\r\n\r\n{}",
        options.keys[i % options.keys.size()], body.size(), body));
  }
  return requests;
}

}  // namespace

int main(int argc, char** argv) {
  Options options;
  CLI::App cli("ingest_load");
  cli.add_option("--port", options.port);
  cli.add_option("--keys", options.keys)->delimiter(',')->required();
  cli.add_option("--connections", options.connections);
  cli.add_option("--seconds", options.seconds);
  cli.add_option("--rate", options.rate, "batches per second");
  cli.add_option("--count", options.count);
  cli.add_option("--lines", options.lines, "also writes the events here, one a line");
  cli.add_option("--of", options.of)->check(CLI::IsMember({"events", "errors", "logs"}));
  cli.add_option("--stamp", options.stamp, "part of every install's name, so that runs differ");
  CLI11_PARSE(cli, argc, argv);
  const double expected = options.rate > 0 ? options.rate * options.seconds : 6'000.0 * options.seconds;
  const std::size_t count = options.count > 0 ? options.count : static_cast<std::size_t>(expected);
  bench::Load load(options, make_requests(options, count));
  std::fprintf(stderr, "ready\n");
  load.run();
  return 0;
}
