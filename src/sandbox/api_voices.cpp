// Realtime logs 实时日志 and what users wrote 用户反馈.
#include "sandbox/api_operations.hpp"
#include "sandbox/operations.hpp"
#include "sandbox/pictures.hpp"

namespace miniops::sandbox {

namespace {

constexpr std::int64_t log_days = 7;
constexpr std::int64_t limit_max = 100;
constexpr std::int64_t feedback_days = 30;
constexpr int bad_parameters = 200002;

std::string word_of(const net::Request& request, std::string_view name) {
  return request.query_value(name).value_or("");
}

json::object log_json(const MeasuredLog& log) {
  json::array messages;
  for (const LogMessage& message : log.messages)
    messages.push_back(
        json::object{{"time", message.at / second_ms}, {"msg", json::array{message.text}}, {"level", message.level}});
  return {{"level", log.level()},   {"libraryVersion", log.base_library}, {"clientVersion", log.wechat},
          {"id", log.openid},       {"timestamp", log.at / second_ms},    {"platform", log.ios ? 2 : 1},
          {"url", log.page},        {"msg", std::move(messages)},         {"traceid", log.trace},
          {"filterMsg", log.filter}};
}

// Whether one of its messages is of this level or worse.
bool reaches(const MeasuredLog& log, std::int64_t level) {
  return std::ranges::any_of(log.messages, [&](const LogMessage& message) { return message.level >= level; });
}

json::object feedback_json(const MeasuredFeedback& one) {
  json::array media(one.media_ids.begin(), one.media_ids.end());
  const json::object system{{"brand", "Xiaomi"}, {"model", "Xiaomi 14"}, {"version", "8.0.53"}};
  return {{"record_id", one.record_id},
          {"create_time", one.at / second_ms},
          {"content", one.content},
          {"phone", one.phone},
          {"openid", one.openid},
          {"nickname", one.nickname},
          {"head_url", ""},
          {"type", one.type},
          {"mediaIds", media},
          {"systemInfo", json::serialize(system)}};
}

// The newest first.
std::vector<MeasuredFeedback> feedback_of(const App& app, TimeMs now) {
  std::vector<MeasuredFeedback> out;
  const std::int64_t today = day_in_china(now);
  for (std::int64_t day = today; day > today - feedback_days; --day) {
    auto of_day = feedback_of_day(app.config.appid, day);
    std::ranges::reverse(of_day);
    for (MeasuredFeedback& one : of_day)
      if (one.at <= now) out.push_back(std::move(one));
  }
  return out;
}

}  // namespace

ApiAnswer answer_userlog_search(ApiInput& in) {
  const auto day = parse_date(word_of(in.request, "date"));
  const auto from = number_of(in.request, "begintime", -1);
  const auto to = number_of(in.request, "endtime", -1);
  const auto start = number_of(in.request, "start", 0);
  const auto limit = number_of(in.request, "limit", 20);
  const auto level = number_of(in.request, "level", 2);
  if (!day || !from || !to || !start || !limit || !level) return refuse(bad_parameters);
  const std::int64_t today = day_in_china(in.now);
  const bool in_day = *from <= *to && day_in_china(*from * second_ms) == *day && day_in_china(*to * second_ms) == *day;
  if (!in_day || *day > today || *day <= today - log_days || *start < 0 || *limit < 1 || *limit > limit_max)
    return refuse(bad_parameters);

  std::vector<MeasuredLog> found = logs_of_day(in.app->config.appid, *day);
  std::erase_if(found, [&](const MeasuredLog& log) {
    const std::int64_t at = log.at / second_ms;
    const auto differs = [&](std::string_view name, std::string_view has) {
      const std::string wanted = word_of(in.request, name);
      return !wanted.empty() && wanted != has;
    };
    return log.at > in.now || at < *from || at > *to || !reaches(log, *level) || differs("traceId", log.trace) ||
           differs("url", log.page) || differs("id", log.openid) ||
           !log.filter.contains(word_of(in.request, "filterMsg"));
  });
  const auto total = found.size();
  json::array list;
  for (const MeasuredLog& log : page_of(std::move(found), *start, *limit)) list.push_back(log_json(log));
  const json::object data{{"list", std::move(list)}, {"total", total}};
  return {.body = {{"errcode", 0}, {"errmsg", ""}, {"data", data}}};
}

ApiAnswer answer_feedback_list(ApiInput& in) {
  const auto page = number_of(in.request, "page", 1);
  const auto num = number_of(in.request, "num", 10);
  const auto type = number_of(in.request, "type", 0);
  if (!page || *page < 1 || !num || *num < 1 || *num > limit_max || !type) return refuse(40097);
  auto found = feedback_of(*in.app, in.now);
  std::erase_if(found, [&](const MeasuredFeedback& one) { return *type != 0 && one.type != *type; });
  const auto total = found.size();
  json::array list;
  for (const MeasuredFeedback& one : page_of(std::move(found), (*page - 1) * *num, *num))
    list.push_back(feedback_json(one));
  return {.body = {{"list", std::move(list)}, {"total_num", total}, {"errcode", 0}}};
}

ApiAnswer answer_feedback_media(ApiInput& in) {
  const auto record = number_of(in.request, "record_id", 0);
  const std::string media = word_of(in.request, "media_id");
  for (const MeasuredFeedback& one : feedback_of(*in.app, in.now)) {
    if (one.record_id != record || std::ranges::count(one.media_ids, media) == 0) continue;
    const auto picture = built_in_picture("broken");
    if (!picture) return refuse(-1);
    return {.bytes = std::string(picture->bytes), .content_type = "image/png", .filename = "feedback.png"};
  }
  return refuse(46001);
}

}  // namespace miniops::sandbox
