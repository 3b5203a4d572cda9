// JS errors. The two lists code `desc` differently, and capitals are mixed: both are WeChat's.
#include "sandbox/api_operations.hpp"

#include <fmt/format.h>

#include <charconv>
#include <chrono>

#include "sandbox/operations.hpp"

namespace miniops::sandbox {

namespace {

constexpr std::int64_t limit_max = 30;
constexpr std::int64_t kept_days_max = 90;  // what WeChat keeps

struct Days {
  std::int64_t from = 0, to = 0;  // both belong to it; nothing is known of today
};

std::optional<Days> days_of(const json::object& body, TimeMs now) {
  const auto from = parse_dashed_date(text_of(body, "startTime").value_or(""));
  const auto to = parse_dashed_date(text_of(body, "endTime").value_or(""));
  if (!from || !to || *from > *to) return std::nullopt;
  const std::int64_t today = day_in_china(now);
  return Days{std::max(*from, today - kept_days_max), std::min(*to, today - 1)};
}

// The texts that must be there, though they may be empty.
bool has_texts(const json::object& body, std::initializer_list<std::string_view> names) {
  return std::ranges::all_of(names, [&](std::string_view name) { return text_of(body, name).has_value(); });
}

std::string percent(std::int64_t part, std::int64_t all) {
  return fmt::format("{:.1f}%", all == 0 ? 0.0 : 100.0 * static_cast<double>(part) / static_cast<double>(all));
}

// The errors of all days, each once.
std::vector<MeasuredError> errors_of(std::string_view appid, Days days) {
  std::vector<MeasuredError> out;
  for (std::int64_t day = days.from; day <= days.to; ++day) {
    for (MeasuredError& error : errors_of_day(appid, day)) {
      const auto known = std::ranges::find(out, error.stack, &MeasuredError::stack);
      if (known == out.end()) {
        out.push_back(std::move(error));
      } else {
        known->pv += error.pv;
        known->uv = std::max(known->uv, error.uv);
      }
    }
  }
  return out;
}

bool happened_to(std::string_view appid, Days days, const MeasuredError& error, std::string_view openid) {
  for (std::int64_t day = days.from; day <= days.to; ++day)
    for (const MeasuredErrorEvent& event : events_of_error(appid, day, error))
      if (event.openid == openid) return true;
  return false;
}

std::string clock_text(TimeMs at) {
  const std::int64_t second = (at + 8 * hour_ms) / second_ms % (24 * 3600);
  return fmt::format("{} {:02}:{:02}:{:02}", dashed_date(day_in_china(at)), second / 3600, second / 60 % 60,
                     second % 60);
}

json::object detail_json(const std::string& appid, const MeasuredError& error, const MeasuredErrorEvent& event) {
  return {{"Count", "1"},
          {"sdkVersion", event.base_library},
          {"ClientVersion", event.wechat},
          {"errorStackMd5", digest_of(error.stack)},
          {"TimeStamp", clock_text(event.at)},
          {"appVersion", error.release},
          {"errorMsgMd5", digest_of(error.message)},
          {"errorMsg", error.message},
          {"errorStack", error.stack},
          {"Ds", dashed_date(day_in_china(event.at))},
          {"OsName", event.ios ? "2" : "1"},
          {"openId", event.openid},
          {"pluginversion", "0"},
          {"appId", appid},
          {"DeviceModel", event.device},
          {"source", "1"},
          {"route", event.route},
          {"Uin", "0"},
          {"nickname", "微信用户"}};
}

bool is_asked(std::string_view wanted, std::string_view has) { return wanted == "0" || wanted == has; }

}  // namespace

std::optional<std::int64_t> number_of(const net::Request& request, std::string_view name, std::int64_t otherwise) {
  const auto text = request.query_value(name);
  if (!text || text->empty()) return otherwise;
  std::int64_t number = 0;
  const auto [end, problem] = std::from_chars(text->data(), text->data() + text->size(), number);
  if (problem != std::errc{} || end != text->data() + text->size()) return std::nullopt;
  return number;
}

std::optional<std::int64_t> number_of(const json::object& body, std::string_view name) {
  const json::value* value = body.if_contains(name);
  if (value == nullptr || !value->is_int64()) return std::nullopt;
  return value->get_int64();
}

ApiAnswer answer_jserr_list(ApiInput& in) {
  const auto days = days_of(in.body, in.now);
  const auto offset = number_of(in.body, "offset");
  const auto limit = number_of(in.body, "limit");
  if (!days || !offset || !limit || *limit < 1 || *limit > limit_max || *offset < 0) return refuse(40097);
  if (!has_texts(in.body, {"errType", "appVersion", "openid", "keyword", "orderby", "desc"})) return refuse(40097);
  const std::string_view by = *text_of(in.body, "orderby");
  const std::string_view order = *text_of(in.body, "desc");
  if ((by != "uv" && by != "pv") || (order != "1" && order != "2")) return refuse(40097);

  const std::string& appid = in.app->config.appid;
  std::vector<MeasuredError> found = errors_of(appid, *days);
  std::int64_t pv = 0, uv = 0;
  for (const MeasuredError& error : found) {
    pv += error.pv;
    uv += error.uv;
  }
  std::erase_if(found, [&](const MeasuredError& error) {
    const std::string_view openid = *text_of(in.body, "openid");
    return !is_asked(*text_of(in.body, "errType"), std::string(1, error.type)) ||
           !is_asked(*text_of(in.body, "appVersion"), error.release) ||
           !error.message.contains(*text_of(in.body, "keyword")) ||
           (!openid.empty() && !happened_to(appid, *days, error, openid));
  });
  std::ranges::sort(found, std::ranges::greater(), [&](const MeasuredError& error) {
    return std::pair(by == "uv" ? error.uv : error.pv, std::string_view(error.stack));
  });
  if (order == "2") std::ranges::reverse(found);
  const auto total = found.size();
  json::array data;
  for (const MeasuredError& error : page_of(std::move(found), *offset, *limit))
    data.push_back(json::object{{"errorMsgMd5", digest_of(error.message)},
                                {"errorMsg", error.message},
                                {"uv", error.uv},
                                {"pv", error.pv},
                                {"errorStackMd5", digest_of(error.stack)},
                                {"errorStack", error.stack},
                                {"pvPercent", percent(error.pv, pv)},
                                {"uvPercent", percent(error.uv, uv)}});
  return {.body = {{"success", true},
                   {"openid", *text_of(in.body, "openid")},
                   {"data", std::move(data)},
                   {"totalCount", total},
                   {"errcode", 0}}};
}

ApiAnswer answer_jserr_detail(ApiInput& in) {
  const auto days = days_of(in.body, in.now);
  const auto offset = number_of(in.body, "offset");
  const auto limit = number_of(in.body, "limit");
  if (!days || !offset || !limit || *limit < 1 || *limit > limit_max || *offset < 0) return refuse(40097);
  if (!has_texts(in.body, {"errorMsgMd5", "errorStackMd5", "appVersion", "sdkVersion", "osName", "clientVersion",
                           "openid", "desc"}))
    return refuse(40097);
  const std::string& appid = in.app->config.appid;
  const std::string_view openid = *text_of(in.body, "openid");
  std::vector<std::pair<MeasuredError, MeasuredErrorEvent>> found;
  for (std::int64_t day = days->from; day <= days->to; ++day) {
    for (const MeasuredError& error : errors_of_day(appid, day)) {
      if (digest_of(error.message) != *text_of(in.body, "errorMsgMd5") ||
          digest_of(error.stack) != *text_of(in.body, "errorStackMd5") ||
          !is_asked(*text_of(in.body, "appVersion"), error.release))
        continue;
      for (MeasuredErrorEvent& event : events_of_error(appid, day, error))
        if (is_asked(*text_of(in.body, "sdkVersion"), event.base_library) &&
            is_asked(*text_of(in.body, "osName"), event.ios ? "2" : "1") &&
            is_asked(*text_of(in.body, "clientVersion"), event.wechat) && (openid.empty() || openid == event.openid))
          found.emplace_back(error, std::move(event));
    }
  }
  if (*text_of(in.body, "desc") == "1") std::ranges::reverse(found);
  const auto total = found.size();
  json::array data;
  for (const auto& [error, event] : page_of(std::move(found), *offset, *limit))
    data.push_back(detail_json(appid, error, event));
  return {.body = {
              {"success", true}, {"openid", openid}, {"data", std::move(data)}, {"totalCount", total}, {"errcode", 0}}};
}

// The older list, which WeChat no longer describes.
ApiAnswer answer_jserr_search(ApiInput& in) {
  const auto from = number_of(in.body, "start_time");
  const auto to = number_of(in.body, "end_time");
  const auto start = number_of(in.body, "start");
  const auto limit = number_of(in.body, "limit");
  if (!from || !to || !start || !limit || *from > *to || *limit < 1) return refuse(40097);
  const std::int64_t today = day_in_china(in.now);
  const Days days{std::max(day_in_china(*from * second_ms), today - kept_days_max),
                  std::min(day_in_china(*to * second_ms), today - 1)};
  std::vector<MeasuredError> found = errors_of(in.app->config.appid, days);
  std::int64_t all = 0;
  for (const MeasuredError& error : found) all += error.pv;
  std::erase_if(found, [&](const MeasuredError& error) {
    return !error.message.contains(text_of(in.body, "errmsg_keyword").value_or(""));
  });
  const auto total = found.size();
  json::array results;
  for (const MeasuredError& error : page_of(std::move(found), *start, std::min(*limit, limit_max)))
    results.push_back(json::object{{"time", start_of_day(days.to) / second_ms},
                                   {"client_version", "8.0.53"},
                                   {"app_version", error.release},
                                   {"version_error_cnt", error.pv},
                                   {"total_error_cnt", all},
                                   {"errmsg", error.message}});
  return {.body = {{"results", std::move(results)}, {"total", total}, {"errcode", 0}, {"errmsg", "ok"}}};
}

}  // namespace miniops::sandbox
