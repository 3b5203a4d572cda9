// JS errors in WeChat's form: our issues in the place of its errors.
#include <charconv>

#include "official/wxapi.hpp"

namespace miniops::official::wx {

namespace {

// An issue in the place of WeChat's digests: 32 digits that lead back to it.
std::string digest_of(std::int64_t issue) { return fmt::format("{:032x}", issue); }

std::int64_t issue_of(std::string_view digest) {
  std::int64_t issue = 0;
  if (digest.size() != 32 || !digest.starts_with(std::string(16, '0'))) return 0;
  const auto [end, problem] = std::from_chars(digest.data(), digest.data() + digest.size(), issue, 16);
  return problem == std::errc{} && end == digest.data() + digest.size() ? issue : 0;
}

std::int64_t whole(double count) { return std::llround(count); }

std::string percent(double part, double all) { return fmt::format("{:.1f}%", all > 0 ? 100 * part / all : 0); }

json::object detail_json(const OwnRow& own, const AppId& appid, const std::string& digest) {
  const telemetry::NamedRow& row = own.row;
  const telemetry::Device& device = row.device;
  const std::string name = device.brand.empty() ? device.model : device.brand + " " + device.model;
  const std::string_view os = device.os == "Android" ? "1" : device.os == "iOS" ? "2" : "3";
  return {{"Count", "1"},
          {"sdkVersion", device.base_library},
          {"ClientVersion", device.wechat},
          {"errorStackMd5", digest},
          {"TimeStamp", time_text(row.row.time)},
          {"appVersion", row.release},
          {"errorMsgMd5", digest},
          {"errorMsg", row.row.text},
          {"errorStack", stack_of(row)},
          {"Ds", dashed_date(china_day(row.row.time))},
          {"OsName", os},
          {"openId", own.openid},
          {"pluginversion", "0"},
          {"appId", appid.str()},
          {"DeviceModel", name},
          {"source", "1"},
          {"route", row.page},
          {"Uin", "0"},
          {"nickname", ""}};
}

}  // namespace

Given jserr_list(const WxApi& api, const net::Request& request, Access access) {
  const auto body = Body::of(request);
  if (!body) co_return std::unexpected(body.error());
  ErrorsAsked asked;
  std::string type, order, direction;
  Reading reading;
  reading.into(asked.days, body->days());
  reading.into(asked.release, body->choice("appVersion"));
  reading.into(asked.openid, body->text("openid"));
  reading.into(asked.keyword, body->text("keyword"));
  reading.into(type, body->choice("errType"));
  reading.into(order, body->text("orderby", "pv"));
  reading.into(direction, body->text("desc", "1"));
  reading.into(asked.offset, body->number("offset", 0, 0, offset_max));
  reading.into(asked.limit, body->number("limit", 30, 1, limit_max));
  if (reading.wrong()) co_return std::unexpected(*reading.wrong());
  asked.by_users = order == "uv";
  asked.ascending = direction == "2";
  const std::string openid = asked.openid;
  OwnErrors found;
  // Our clients tell of the mini program's own errors: no plugin's, none of the framework's.
  if (type.empty() || type == "1") {
    auto errors = co_await api.own.errors(access, std::move(asked));
    if (!errors) co_return std::unexpected(refused(errors.error()));
    found = std::move(*errors);
  }
  json::array data;
  for (const OwnError& error : found.items)
    data.push_back(json::object{{"errorMsgMd5", digest_of(error.issue)},
                                {"errorMsg", error.message},
                                {"uv", whole(error.users)},
                                {"pv", whole(error.events)},
                                {"errorStackMd5", digest_of(error.issue)},
                                {"errorStack", error.stack},
                                {"pvPercent", percent(error.events, found.events)},
                                {"uvPercent", percent(error.users, found.users)}});
  co_return json::object{
      {"success", true}, {"openid", openid}, {"data", std::move(data)}, {"totalCount", found.total}, {"errcode", 0}};
}

Given jserr_detail(const WxApi& api, const net::Request& request, Access access) {
  const auto body = Body::of(request);
  if (!body) co_return std::unexpected(body.error());
  EventsAsked asked;
  std::string message, stack, os, direction;
  Reading reading;
  reading.into(asked.days, body->days());
  reading.into(message, body->text("errorMsgMd5"));
  reading.into(stack, body->text("errorStackMd5"));
  reading.into(asked.release, body->choice("appVersion"));
  reading.into(asked.base_library, body->choice("sdkVersion"));
  reading.into(asked.wechat, body->choice("clientVersion"));
  reading.into(os, body->choice("osName"));
  reading.into(asked.openid, body->text("openid"));
  reading.into(direction, body->text("desc", "1"));
  reading.into(asked.offset, body->number("offset", 0, 0, offset_max));
  reading.into(asked.limit, body->number("limit", 30, 1, limit_max));
  if (reading.wrong()) co_return std::unexpected(*reading.wrong());
  asked.os = os == "1" ? "android" : os == "2" ? "ios" : os.empty() ? "" : "other";
  asked.ascending = direction == "0";
  asked.issue = message == stack ? issue_of(message) : 0;
  const std::string openid = asked.openid;
  OwnRows found;
  if (asked.issue > 0) {
    auto rows = co_await api.own.events(access, std::move(asked));
    if (!rows) co_return std::unexpected(refused(rows.error()));
    found = std::move(*rows);
  }
  json::array data;
  for (const OwnRow& row : found.items) data.push_back(detail_json(row, access.appid(), message));
  co_return json::object{
      {"success", true}, {"openid", openid}, {"data", std::move(data)}, {"totalCount", found.total}, {"errcode", 0}};
}

}  // namespace miniops::official::wx
