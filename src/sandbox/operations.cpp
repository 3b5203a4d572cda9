#include "sandbox/operations.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <cmath>

#include "base/encoding.hpp"
#include "base/random.hpp"

namespace miniops::sandbox {

namespace {

constexpr std::array<std::string_view, 6> pages{"pages/index/index", "pages/list/list",     "pages/item/item",
                                                "pages/cart/cart",   "pages/order/confirm", "pages/me/me"};
constexpr std::array<std::string_view, 4> android_phones{"Xiaomi 14", "HUAWEI Mate 60", "vivo X100", "OPPO Find X7"};
constexpr std::array<std::string_view, 3> iphones{"iPhone 14<iPhone14,7>", "iPhone 15<iPhone15,4>",
                                                  "iPhone 16 Pro<iPhone17,1>"};
constexpr std::array<std::string_view, 3> libraries{"3.5.8", "3.6.6", "3.7.1"};
constexpr std::array<std::string_view, 3> wechats{"8.0.49", "8.0.53", "8.0.55"};
constexpr std::array<std::string_view, 3> releases{"1.4.0", "1.4.2", "1.5.0"};
constexpr std::array<std::string_view, 12> things{"price", "sku",    "items", "coupon", "address", "avatar",
                                                  "total", "length", "stock", "path",   "phone",   "token"};
constexpr std::array<std::string_view, 3> sayings{"Cannot read property '{}' of undefined", "{} is not a function",
                                                  "setData: {} is not iterable"};
constexpr std::array<std::string_view, 6> lines{"打开页面",     "加入购物车 sku=1024", "请求 /api/orders 用时 231 ms",
                                                "优惠券已过期", "支付失败 errCode=-1", "重试第 2 次"};
constexpr std::array<std::string_view, 6> complaints{"点支付没有反应",         "图片一直转圈",     "首页打开很慢",
                                                     "下单后看不到订单，急！", "按钮被键盘挡住了", "闪退好几次了"};
constexpr std::array<std::string_view, 6> nicknames{"小林", "橘子汽水", "老周", "晚风", "南山的猫", "在路上"};
constexpr int errors_a_day = 36;
constexpr int events_max = 60;
constexpr int logs_a_day = 288;

// The random numbers of one thing: the same for the same words.
class Dice {
 public:
  Dice(std::string_view appid, std::string_view what, std::int64_t day, std::int64_t number = 0)
      : random_(seed(fmt::format("{}\n{}\n{}\n{}", appid, what, day, number))) {}
  std::int64_t below(std::int64_t bound) {
    return static_cast<std::int64_t>(random_.below(static_cast<std::uint64_t>(bound)));
  }
  double share() { return static_cast<double>(below(10'000)) / 10'000; }
  template <std::size_t n>
  std::string one_of(const std::array<std::string_view, n>& words) {
    return std::string(words[static_cast<std::size_t>(below(n))]);
  }

 private:
  static std::uint64_t seed(const std::string& text) {
    std::uint64_t number = 0;
    for (const char c : sha256(text).substr(0, 8)) number = number << 8 | static_cast<unsigned char>(c);
    return number;
  }
  SeededRandom random_;
};

std::string filled(std::string_view saying, std::string_view thing) {
  std::string out(saying);
  return out.replace(out.find("{}"), 2, thing);
}

std::optional<std::int64_t> day_of(std::string_view year, std::string_view month, std::string_view day) {
  int numbers[3] = {0, 0, 0};
  const std::string_view parts[3] = {year, month, day};
  for (int i = 0; i < 3; ++i) {
    const auto [end, problem] = std::from_chars(parts[i].data(), parts[i].data() + parts[i].size(), numbers[i]);
    if (problem != std::errc{} || end != parts[i].data() + parts[i].size() || numbers[i] < 0) return std::nullopt;
  }
  const std::chrono::year_month_day date{std::chrono::year(numbers[0]),
                                         std::chrono::month(static_cast<unsigned>(numbers[1])),
                                         std::chrono::day(static_cast<unsigned>(numbers[2]))};
  if (!date.ok()) return std::nullopt;
  return std::chrono::sys_days(date).time_since_epoch().count();
}

std::chrono::year_month_day date_of(std::int64_t day) {
  return std::chrono::sys_days(std::chrono::days(static_cast<int>(day)));
}

std::string phone_model(Dice& dice, bool ios) { return ios ? dice.one_of(iphones) : dice.one_of(android_phones); }

}  // namespace

std::string date_text(std::int64_t day) {
  const auto date = date_of(day);
  return fmt::format("{:04}{:02}{:02}", static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
                     static_cast<unsigned>(date.day()));
}

std::string dashed_date(std::int64_t day) { return date_text(day).insert(6, "-").insert(4, "-"); }

std::optional<std::int64_t> parse_date(std::string_view digits) {
  if (digits.size() != 8) return std::nullopt;
  return day_of(digits.substr(0, 4), digits.substr(4, 2), digits.substr(6));
}

std::optional<std::int64_t> parse_dashed_date(std::string_view text) {
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') return std::nullopt;
  return day_of(text.substr(0, 4), text.substr(5, 2), text.substr(8));
}

std::string digest_of(std::string_view text) { return hex(sha256(text)).substr(0, 32); }

std::string measured_openid(std::string_view appid, int number) {
  return "o" + hex(sha256(fmt::format("{} user {}", appid, number))).substr(0, 27);
}

std::vector<MeasuredError> errors_of_day(std::string_view appid, std::int64_t day) {
  std::vector<MeasuredError> out;
  for (int i = 0; i < errors_a_day; ++i) {
    // What an error is stays the same from day to day; how often it happened does not.
    const auto number = static_cast<std::size_t>(i);
    const std::string message =
        "TypeError: " + filled(sayings[number % sayings.size()], things[number % things.size()]);
    const std::string_view page = pages[number % pages.size()];
    MeasuredError error{fmt::format("MiniProgramError\n{}", message),
                        fmt::format("{}\n    at onLoad (https://usr/{}.js:{}:{})\n    at WAService.js:1:1", message,
                                    page, 10 + i, 5 + i % 7),
                        std::string(releases[number % releases.size()])};
    error.type = i % 9 == 7 ? '2' : i % 9 == 8 ? '3' : '1';
    Dice dice(appid, "error", day, i);
    error.pv = std::max<std::int64_t>(1, static_cast<std::int64_t>(400.0 / (i + 1) * (0.5 + dice.share())));
    error.uv = std::max<std::int64_t>(1, error.pv * (40 + dice.below(50)) / 100);
    out.push_back(std::move(error));
  }
  std::ranges::sort(out, std::ranges::greater(),
                    [](const MeasuredError& error) { return std::pair(error.pv, std::string_view(error.stack)); });
  return out;
}

std::vector<MeasuredErrorEvent> events_of_error(std::string_view appid, std::int64_t day, const MeasuredError& error) {
  std::vector<MeasuredErrorEvent> out;
  const std::int64_t count = std::min<std::int64_t>(error.pv, events_max);
  for (std::int64_t i = 0; i < count; ++i) {
    Dice dice(appid, error.stack, day, i);
    MeasuredErrorEvent event;
    event.at = start_of_day(day) + (i * 24 * 3600 / count + dice.below(60)) * second_ms;
    event.openid = measured_openid(appid, static_cast<int>(dice.below(measured_users)));
    event.ios = dice.below(3) == 0;
    event.device = phone_model(dice, event.ios);
    event.route = dice.one_of(pages);
    event.base_library = dice.one_of(libraries);
    event.wechat = dice.one_of(wechats);
    out.push_back(std::move(event));
  }
  std::ranges::sort(out, {}, &MeasuredErrorEvent::at);
  return out;
}

std::int64_t cost_time(std::string_view appid, std::int64_t day, const PerformanceAsked& asked) {
  constexpr std::array usual{0.0, 1600.0, 900.0, 420.0};
  double ms = usual[static_cast<std::size_t>(asked.cost_time_type)];
  ms *= 0.8 + 0.4 * Dice(appid, "cost", 0, asked.cost_time_type).share();
  ms *= 0.94 + 0.12 * Dice(appid, "cost", day, asked.cost_time_type).share();
  if (asked.device == "1") ms *= 0.8;
  if (asked.device == "2") ms *= 1.15;
  if (asked.network == "wifi") ms *= 0.9;
  if (asked.network == "4g") ms *= 1.3;
  if (asked.network == "3g") ms *= 2.4;
  if (asked.network == "2g") ms *= 5;
  if (asked.scene != "@_all") ms *= 0.9 + 0.2 * Dice(appid, asked.scene, 0).share();
  return std::llround(ms);
}

int MeasuredLog::level() const {
  int all = 0;
  for (const LogMessage& message : messages) all |= message.level;
  return all;
}

std::vector<MeasuredLog> logs_of_day(std::string_view appid, std::int64_t day) {
  std::vector<MeasuredLog> out;
  for (int i = 0; i < logs_a_day; ++i) {
    Dice dice(appid, "log", day, i);
    MeasuredLog log;
    log.at = start_of_day(day) + (i * 300 + dice.below(300)) * second_ms;
    log.openid = measured_openid(appid, static_cast<int>(dice.below(measured_users)));
    log.page = dice.one_of(pages);
    log.trace = digest_of(fmt::format("{} trace {} {}", appid, day, i));
    log.filter = dice.below(4) == 0 ? "支付" : "";
    log.base_library = dice.one_of(libraries);
    log.wechat = dice.one_of(wechats);
    log.ios = dice.below(3) == 0;
    const std::int64_t count = 1 + dice.below(4);
    for (std::int64_t j = 0; j < count; ++j) {
      const std::int64_t drawn = dice.below(20);
      const int level = drawn == 0 ? 8 : drawn < 4 ? 4 : 2;
      log.messages.push_back({log.at + j * second_ms, level, dice.one_of(lines)});
    }
    out.push_back(std::move(log));
  }
  return out;
}

std::vector<MeasuredFeedback> feedback_of_day(std::string_view appid, std::int64_t day) {
  std::vector<MeasuredFeedback> out;
  const std::int64_t count = Dice(appid, "feedback", day).below(4);
  for (std::int64_t i = 0; i < count; ++i) {
    Dice dice(appid, "feedback", day, i + 1);
    MeasuredFeedback one;
    one.record_id = day * 10 + i;
    one.at = start_of_day(day) + (i * 6 * 3600 + dice.below(6 * 3600)) * second_ms;
    one.type = static_cast<int>(1 + dice.below(8));
    one.content = dice.one_of(complaints);
    one.openid = measured_openid(appid, static_cast<int>(dice.below(measured_users)));
    one.nickname = dice.one_of(nicknames);
    if (dice.below(2) == 0) one.phone = fmt::format("138{:08}", dice.below(100'000'000));
    if (dice.below(3) == 0) one.media_ids.push_back("feedback-" + digest_of(fmt::format("{}", one.record_id)));
    out.push_back(std::move(one));
  }
  return out;
}

}  // namespace miniops::sandbox
