#include "app/demo_visits.hpp"

#include <boost/json/array.hpp>
#include <cmath>
#include <span>

namespace miniops::app {

namespace json = boost::json;

namespace {

struct Phone {
  std::string_view brand, model, level, os, os_version, wechat, base_library;
  int share;
  double slowness;  // of everything that the phone computes
};
constexpr Phone phones[] = {
    {"HUAWEI", "ALN-AL00", "35", "Android", "12", "8.0.50", "3.6.0", 22, 1.0},
    {"Xiaomi", "2312DRA50C", "24", "Android", "14", "8.0.49", "3.5.8", 16, 1.3},
    {"OPPO", "PHK110", "28", "Android", "14", "8.0.50", "3.6.0", 12, 1.2},
    {"vivo", "V2185A", "18", "Android", "12", "8.0.48", "3.4.10", 12, 1.7},
    {"HONOR", "MAG-AN00", "30", "Android", "13", "8.0.50", "3.6.0", 8, 1.1},
    {"Redmi", "M2006C3LC", "8", "Android", "10", "8.0.44", "3.3.5", 6, 3.2},
    {"iPhone", "iPhone 15<iPhone15,4>", "45", "iOS", "18.1", "8.0.50", "3.6.0", 14, 0.6},
    {"iPhone", "iPhone 12<iPhone13,2>", "40", "iOS", "17.5.1", "8.0.50", "3.6.0", 10, 0.8},
};

struct Network {
  std::string_view name;
  int share;
  double slowness;
};
constexpr Network networks[] = {{"wifi", 55, 1.0}, {"5g", 25, 1.1}, {"4g", 18, 1.9}, {"3g", 2, 5.0}};

struct Scene {
  int number;
  int share;
};
constexpr Scene scenes[] = {{1089, 30}, {1011, 18}, {1007, 16}, {1008, 10}, {1047, 8}, {1058, 8}, {1037, 6}, {1001, 4}};

template <class Choice, std::size_t count>
const Choice& choose(Random& random, const Choice (&choices)[count]) {
  int sum = 0;
  for (const Choice& one : choices) sum += one.share;
  auto left = static_cast<int>(random.below(static_cast<std::uint64_t>(sum)));
  for (const Choice& one : choices)
    if ((left -= one.share) < 0) return one;
  return choices[0];
}

double uniform(Random& random) { return (static_cast<double>(random.below(1'000'000)) + 0.5) / 1'000'000; }
bool happens(Random& random, double chance) { return uniform(random) < chance; }

// Durations have long tails: log-normal around the median.
double lognormal(Random& random, double median, double sigma = 0.45) {
  const double normal = std::sqrt(-2 * std::log(uniform(random))) * std::cos(6.283185307179586 * uniform(random));
  return std::round(median * std::exp(sigma * normal) * 10) / 10;
}

// One visit as it is written.
class Writer {
 public:
  Writer(Random& random, const Visit& visit, TimeMs now)
      : random_(random),
        visit_(visit),
        phone_(choose(random, phones)),
        network_(choose(random, networks)),
        new_release_(is_new(now)),
        clock_(visit.at) {}

  json::object batch() {
    const std::string install = "demo" + random_.alphanumeric(16);
    launch();
    index_page();
    if (happens(random_, 0.62)) detail_page();
    if (in_detail_ && happens(random_, 0.34)) pay_page();
    record("session", "end", static_cast<double>(clock_ - visit_.at));
    return {{"v", 1},
            {"install", install},
            {"batch", 1},
            {"sent_at", visit_.sent_at},
            {"sdk", {{"name", "miniops-sdk"}, {"version", "0.1.0"}}},
            {"context", context(install)},
            {"records", std::move(records_)}};
  }

 private:
  // It reaches everybody within a day.
  bool is_new(TimeMs now) {
    const double age = static_cast<double>(visit_.at - (now - day_ms)) / static_cast<double>(day_ms);
    return happens(random_, std::clamp(age * 1.5, 0.0, 1.0));
  }

  json::object context(const std::string& install) {
    json::object user{{"device_id", install}};
    if (!visit_.openid.empty()) user["openid"] = visit_.openid;
    return {{"release", new_release_ ? "1.4.2" : "1.4.1"},
            {"build", "release"},
            {"scene", choose(random_, scenes).number},
            {"network", network_.name},
            {"session", "s-" + install},
            {"language", "zh_CN"},
            {"device",
             {{"brand", phone_.brand},
              {"model", phone_.model},
              {"level", phone_.level},
              {"os", phone_.os},
              {"os_version", phone_.os_version},
              {"wechat", phone_.wechat},
              {"base_library", phone_.base_library}}},
            {"user", std::move(user)}};
  }

  json::object& record(std::string_view kind, std::string_view name, std::optional<double> value = {}) {
    json::object one{{"kind", kind}, {"name", name}, {"t", clock_}};
    if (value) one["value"] = *value;
    if (!page_.empty()) {
      one["page"] = page_;
      one["page_view"] = page_view_;
    }
    records_.push_back(std::move(one));
    return records_.back().as_object();
  }
  void pass(double ms) { clock_ += static_cast<TimeMs>(ms); }
  void log(std::string_view level, const std::string& text) {
    json::object& line = record("log", "log");
    line["level"] = level;
    line["text"] = text;
    line["trace"] = trace_;
  }

  void launch() {
    record("session", "start")["props"] = {{"launch", "cold"}};
    record("event", "launch");
    const double ms = lognormal(random_, 820 * phone_.slowness);
    record("performance", "loadPackage", lognormal(random_, 140 * network_.slowness))["props"] = {
        {"package", "__APP__"}, {"bytes", new_release_ ? 1'684'300 : 1'612'900}};
    record("performance", "evaluateScript", lognormal(random_, 95 * phone_.slowness));
    record("performance", "appLaunch", ms);
    pass(ms);
  }

  void open(std::string_view page) {
    page_ = page;
    page_view_ = random_.alphanumeric(12);
    trace_ = random_.alphanumeric(16);
    const double route = lognormal(random_, 110 * phone_.slowness);
    const double render = lognormal(random_, 260 * phone_.slowness);
    record("event", "page_view");
    record("performance", "route", route);
    record("performance", "firstRender", render);
    record("performance", "firstPaint", render * 0.8);
    record("performance", "lcp", render * 1.7);
    const double update = lognormal(random_, 14 * phone_.slowness);
    record("performance", "setData", update)["props"] = {
        {"count", 2}, {"total_ms", update * 1.6}, {"longest_wait_ms", update * 0.3}};
    if (happens(random_, 0.04)) page_load(route, render);
    crumbs_.push_back({{"type", "navigation"}, {"message", page}, {"at", clock_}});
    pass(route + render);
  }

  // All entries of this page view, as WeChat gives them.
  void page_load(double route, double render) {
    const auto at = [this](double ms) { return static_cast<double>(clock_) + ms; };
    const double painted = route + render * 0.8;
    json::array entries{
        json::object{{"name", "route"},
                     {"entryType", "navigation"},
                     {"navigationStart", clock_},
                     {"startTime", clock_},
                     {"duration", route},
                     {"path", page_}},
        json::object{{"name", "evaluateScript"},
                     {"entryType", "script"},
                     {"startTime", at(8)},
                     {"duration", route * 0.5},
                     {"moduleName", page_}},
        json::object{{"name", "firstRender"},
                     {"entryType", "render"},
                     {"startTime", at(route)},
                     {"duration", render},
                     {"path", page_}},
        json::object{{"name", "firstPaint"}, {"entryType", "render"}, {"startTime", at(painted)}, {"path", page_}},
        json::object{{"name", "largestContentfulPaint"},
                     {"entryType", "render"},
                     {"startTime", at(route + render * 1.7)},
                     {"path", page_}}};
    json::object& one = record("performance", "page_load", route + render);
    one["weight"] = 25;
    one["props"] = {{"reason", "sample"}, {"entries", std::move(entries)}};
  }

  void leave(double seconds) {
    const double dwell = lognormal(random_, seconds * 1000, 0.8);
    pass(dwell);
    record("event", "page_leave", dwell);
  }

  // A connection is there already more often than not.
  json::object phases_of(double ms) {
    if (happens(random_, 0.7))
      return {{"dns", 0}, {"connect", 0}, {"ssl", 0}, {"ttfb", ms * 0.85}, {"download", ms * 0.1}};
    return {
        {"dns", ms * 0.06}, {"connect", ms * 0.12}, {"ssl", ms * 0.16}, {"ttfb", ms * 0.55}, {"download", ms * 0.08}};
  }

  // False: it failed.
  bool request(std::string_view method, std::string_view path, double median, double failure_rate) {
    const double ms = lognormal(random_, median * network_.slowness, 0.55);
    const bool failed = happens(random_, failure_rate);
    const int status = failed ? (happens(random_, 0.5) ? 502 : 500) : 200;
    const std::string url = "https://api.shop.example" + std::string(path);
    json::object& one = record("performance", "request", ms);
    one["trace"] = trace_;
    one["props"] = {{"api", "request"},
                    {"method", method},
                    {"url", url},
                    {"status", status},
                    {"failed", false},
                    {"bytes_received", static_cast<std::int64_t>(lognormal(random_, 5200))},
                    {"phases", phases_of(ms)}};
    crumbs_.push_back({{"type", "request"}, {"message", fmt::format("{} {}", method, url)}, {"outcome", status}});
    pass(ms);
    if (failed)
      error("request_failed", fmt::format("{} {} {}", method, url, status), "request", "",
            {{"api", "request"}, {"method", method}, {"url", url}, {"status", status}});
    return !failed;
  }

  void error(std::string_view name, const std::string& text, std::string_view mechanism, const std::string& stack,
             json::object props = {}) {
    json::object& one = record("error", name);
    one["level"] = "error";
    one["text"] = text;
    one["trace"] = trace_;
    props["mechanism"] = mechanism;
    props["handled"] = mechanism == "request" || mechanism == "captureError";
    if (!stack.empty()) props["stack"] = stack;
    props["breadcrumbs"] = crumbs_;
    one["props"] = std::move(props);
  }

  void index_page() {
    open("pages/index/index");
    request("GET", "/products", 180, 0.004);
    if (happens(random_, 0.01))
      error("resource:image", "https://img.shop.example/banner/:id.webp", "resource", "",
            {{"url", "https://img.shop.example/banner/:id.webp"}});
    leave(6);
  }

  void detail_page() {
    in_detail_ = true;
    open("pages/detail/detail");
    request("GET", "/product/:id", 150, 0.003);
    if (happens(random_, 0.05))
      error("api:getLocation", "getLocation:fail auth deny", "api", "",
            {{"api", "getLocation"}, {"errno", 103}, {"refused", true}});
    record("event", "OpenProduct")["props"] = {{"id", static_cast<std::int64_t>(random_.below(60)) + 1}};
    leave(11);
  }

  void pay_page() {
    open("pages/pay/pay");
    const auto order = 20'000'000 + static_cast<std::int64_t>(random_.below(80'000'000));
    const double price = static_cast<double>(990 + random_.below(30'000)) / 100;
    record("event", "AddOrder")["props"] = {{"price", price}};
    log("info", fmt::format("下单 product-{} price={:.2f}", random_.below(60) + 1, price));
    request("POST", "/login", 120, 0.002);
    if (!request("POST", "/order", network_.name == "4g" ? 900 : 240, 0.012)) {
      log("error", fmt::format("支付失败 {} requestPayment:fail server error", order));
      return;
    }
    log("debug", fmt::format("order {} created in {} ms", order, random_.below(400) + 40));
    if (new_release_ && phone_.os == "iOS" && happens(random_, 0.4)) return broken_payment();
    if (happens(random_, 0.2)) {
      record("event", "api_cancelled")["props"] = {{"api", "requestPayment"}};
      return;
    }
    pass(4000);
    log("info", fmt::format("支付成功 {}", order));
    record("event", "PayOrder")["props"] = {{"amount", price}};
    leave(3);
  }

  void broken_payment() {
    error("TypeError", "undefined is not an object (evaluating 'order.payment.package')", "onUnhandledRejection",
          "TypeError: undefined is not an object (evaluating 'order.payment.package')\n"
          "    at requestPayment (https://usr/pages/pay/pay.js:41:38)\n"
          "    at https://usr/pages/pay/pay.js:27:31\n"
          "    at promiseReactionJob (WAServiceMainContext.js:1:1)");
    leave(9);
  }

  Random& random_;
  const Visit& visit_;
  const Phone& phone_;
  const Network& network_;
  const bool new_release_;
  TimeMs clock_;
  std::string page_, page_view_, trace_;
  json::array records_, crumbs_;
  bool in_detail_ = false;
};

}  // namespace

json::object visit_batch(Random& random, const Visit& visit, TimeMs now) { return Writer(random, visit, now).batch(); }

double busy_at(TimeMs at) {
  static constexpr TimeMs china_offset = 8 * hour_ms;
  static constexpr double hours[24] = {.18, .09, .05, .04, .04, .07, .18, .35, .48, .55, .60, .66,
                                       .78, .70, .58, .56, .58, .62, .70, .85, 1.0, .96, .72, .40};
  return hours[(at + china_offset) / hour_ms % 24];
}

}  // namespace miniops::app
