#include "official/plan.hpp"

#include "base/json.hpp"

namespace miniops::official {

namespace {

constexpr std::int64_t performance_days_first = 90;  // as far as WeChat looks back
constexpr std::int64_t performance_days_again = 7;   // figures of the last days may change
constexpr std::int64_t error_days = 7;
constexpr std::int64_t errors_page = 30;  // WeChat's most
constexpr std::int64_t errors_of_day_max = 300;
constexpr std::size_t details_max = 10;  // the most frequent errors of a day, with a page of events each
constexpr std::int64_t log_days = 7;
constexpr std::int64_t log_page = 50;
constexpr std::int64_t log_lines_max = 100'000;  // of one day's window
constexpr std::int64_t log_overlap_s = 600;      // lines arrive late
constexpr std::int64_t log_settle_s = 60;
constexpr std::int64_t feedback_page = 50;
constexpr std::int64_t feedback_pages_max = 100;

wechat::ApiCall get(std::string name, std::string path, std::string query = "") {
  wechat::ApiCall call;
  call.name = std::move(name);
  call.path = std::move(path);
  call.query = std::move(query);
  return call;
}

wechat::ApiCall post(std::string name, std::string path, const json::object& body) {
  wechat::ApiCall call = get(std::move(name), std::move(path));
  call.post = true;
  call.content_type = "application/json";
  call.body = json::serialize(body);
  return call;
}

// How many there are, as far as they are read; when WeChat does not say, pages tell by being empty.
template <class T>
std::int64_t total_of(const PageOf<T>& page, std::int64_t max) {
  return page.total == 0 ? max : std::min(page.total, max);
}

// ---- performance: each metric for each kind of phone, download also for each network ----

struct Question {
  Metric metric;
  std::size_t device, network;
};

std::vector<Question> questions() {
  std::vector<Question> out;
  for (const Metric metric : metrics)
    for (std::size_t device = 0; device < devices.size(); ++device)
      for (std::size_t network = 0; network < (metric == Metric::download ? networks.size() : 1); ++network)
        out.push_back({metric, device, network});
  return out;
}

std::optional<wechat::ApiCall> performance_call(const Position& position) {
  const auto all = questions();
  if (position.item >= static_cast<std::int64_t>(all.size()) || position.from > position.to) return std::nullopt;
  const Question& asked = all[static_cast<std::size_t>(position.item)];
  const std::string_view network = networks[asked.network];
  json::object body{{"cost_time_type", static_cast<std::int64_t>(asked.metric)},
                    {"default_start_time", start_of_day(position.from) / second_ms},
                    {"default_end_time", start_of_day(position.to) / second_ms},
                    {"device", devices[asked.device].second},
                    {"is_download_code", "@_all"},
                    {"scene", "@_all"},
                    {"networktype", network == "all" ? "@_all" : network}};
  return post("log/get_performance", "/wxaapi/log/get_performance", body);
}

Result<Taken> take_performance(const Position& position, std::string_view body) {
  auto points = read_performance(body);
  if (!points) return std::unexpected(points.error());
  const auto all = questions();
  const Question& asked = all.at(static_cast<std::size_t>(position.item));
  Taken taken{.next = position};
  taken.harvest.figures = Figures{asked.metric, std::string(devices[asked.device].first),
                                  std::string(networks[asked.network]), std::move(*points)};
  ++taken.next.item;
  taken.finished = taken.next.item >= static_cast<std::int64_t>(all.size());
  if (taken.finished) taken.next.until = position.to + 1;
  return taken;
}

// ---- JS errors: the list of each day, then the events of its most frequent errors ----

// An offset of -1: the list was read, its details are.
bool reads_details(const Position& position) { return position.offset < 0 && !position.details.empty(); }

std::optional<wechat::ApiCall> js_errors_call(const Position& position) {
  if (position.day > position.to) return std::nullopt;
  const std::string day = dashed_date(position.day);
  if (reads_details(position)) {
    const ErrorKey& key = position.details.front();
    const json::object body{{"startTime", day},
                            {"endTime", day},
                            {"errorMsgMd5", key.message_md5},
                            {"errorStackMd5", key.stack_md5},
                            {"appVersion", "0"},
                            {"sdkVersion", "0"},
                            {"osName", "0"},
                            {"clientVersion", "0"},
                            {"openid", ""},
                            {"offset", 0},
                            {"limit", errors_page},
                            {"desc", "1"}};
    return post("log/jserr_detail", "/wxaapi/log/jserr_detail", body);
  }
  const json::object body{
      {"startTime", day},    {"endTime", day}, {"errType", "0"},
      {"appVersion", "0"},   {"openid", ""},   {"keyword", ""},
      {"orderby", "pv"},     {"desc", "1"},    {"offset", std::max<std::int64_t>(position.offset, 0)},
      {"limit", errors_page}};
  return post("log/jserr_list", "/wxaapi/log/jserr_list", body);
}

void after_errors(Taken& taken) {
  Position& next = taken.next;
  next.offset = next.details.empty() ? 0 : -1;
  if (!next.details.empty()) return;
  next.until = ++next.day;
  taken.finished = next.day > next.to;
}

Result<Taken> take_js_errors(const Position& position, std::string_view body) {
  Taken taken{.next = position};
  taken.harvest.day = position.day;
  if (reads_details(position)) {
    auto events = read_js_error_events(body);
    if (!events) return std::unexpected(events.error());
    const ErrorKey& key = position.details.front();
    taken.harvest.error = number_of({key.message_md5, key.stack_md5});
    taken.harvest.events = std::move(events->items);
    taken.next.details.erase(taken.next.details.begin());
    after_errors(taken);
    return taken;
  }
  auto page = read_js_errors(body);
  if (!page) return std::unexpected(page.error());
  for (const JsError& error : page->items)
    if (taken.next.details.size() < details_max) taken.next.details.push_back({error.message_md5, error.stack_md5});
  taken.harvest.js_errors = std::move(page->items);
  taken.next.offset = std::max<std::int64_t>(position.offset, 0) + errors_page;
  if (page->given < errors_page || taken.next.offset >= total_of(*page, errors_of_day_max)) after_errors(taken);
  return taken;
}

// ---- realtime logs: windows of one day each, until now ----

void open_window(Position& position, TimeMs now) {
  const std::int64_t day_end = start_of_day(china_day(position.from * second_ms) + 1) / second_ms;
  position.to = std::min(day_end, now / second_ms - log_settle_s);
  position.offset = 0;
}

std::optional<wechat::ApiCall> logs_call(const Position& position) {
  if (position.from >= position.to) return std::nullopt;
  const std::int64_t day = china_day(position.from * second_ms);
  const std::int64_t last = start_of_day(day + 1) / second_ms - 1;  // of the day: the end must lie in it, too
  return get("userlog/userlog_search", "/wxaapi/userlog/userlog_search",
             fmt::format("date={}&begintime={}&endtime={}&start={}&limit={}", date_text(day), position.from,
                         std::min(position.to, last), position.offset, log_page));
}

Result<Taken> take_logs(const Position& position, std::string_view body, TimeMs now) {
  auto page = read_logs(body);
  if (!page) return std::unexpected(page.error());
  Taken taken{.next = position};
  taken.harvest.logs = std::move(page->items);
  Position& next = taken.next;
  next.offset += page->given;
  if (page->given > 0 && next.offset < total_of(*page, log_lines_max)) return taken;
  next.until = std::max(position.until, position.to);
  next.from = position.to;
  open_window(next, now);
  taken.finished = next.from >= next.to;
  return taken;
}

// ---- feedback: the newest pages, until all of one is known ----

Result<Taken> take_feedback(const Position& position, std::string_view body) {
  auto page = read_feedback(body);
  if (!page) return std::unexpected(page.error());
  Taken taken{.next = position};
  taken.harvest.feedback = std::move(page->items);
  ++taken.next.offset;
  const std::int64_t read = taken.next.offset * feedback_page;
  taken.finished = page->given == 0 || read >= total_of(*page, feedback_pages_max * feedback_page);
  taken.finished_if_known = true;
  return taken;
}

Result<Taken> take_words(const Position& position, Result<std::vector<Word>> words) {
  if (!words) return std::unexpected(words.error());
  Taken taken{.next = position, .finished = true};
  taken.harvest.words = std::move(*words);
  taken.next.item = 1;
  return taken;
}

}  // namespace

Position begin(Source source, const Position& before, TimeMs now) {
  Position position{.until = before.until};
  const std::int64_t today = china_day(now);
  switch (source) {
    case Source::performance:
      position.from = today - (before.until == 0 ? performance_days_first : performance_days_again);
      position.to = today - 1;
      break;
    case Source::js_errors:
      position.day = std::max(before.until, today - error_days);
      position.to = today - 1;
      break;
    case Source::logs: {
      const std::int64_t oldest = start_of_day(today - log_days + 1) / second_ms;
      position.from = std::max(before.until - log_overlap_s, oldest);
      open_window(position, now);
      break;
    }
    case Source::feedback:
    case Source::scenes:
    case Source::versions:
      break;
  }
  return position;
}

std::optional<wechat::ApiCall> call_at(Source source, const Position& position) {
  switch (source) {
    case Source::performance:
      return performance_call(position);
    case Source::js_errors:
      return js_errors_call(position);
    case Source::logs:
      return logs_call(position);
    case Source::feedback:
      return get("feedback/list", "/wxaapi/feedback/list",
                 fmt::format("page={}&num={}", position.offset + 1, feedback_page));
    case Source::scenes:
      return get("log/get_scene", "/wxaapi/log/get_scene");
    case Source::versions:
      return get("log/get_client_version", "/wxaapi/log/get_client_version");
  }
  std::unreachable();
}

Result<Taken> take(Source source, const Position& position, std::string_view body, TimeMs now) {
  switch (source) {
    case Source::performance:
      return take_performance(position, body);
    case Source::js_errors:
      return take_js_errors(position, body);
    case Source::logs:
      return take_logs(position, body, now);
    case Source::feedback:
      return take_feedback(position, body);
    case Source::scenes:
      return take_words(position, read_scenes(body));
    case Source::versions:
      return take_words(position, read_versions(body));
  }
  std::unreachable();
}

}  // namespace miniops::official
