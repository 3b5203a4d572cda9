// Figures and realtime logs in WeChat's form.
#include "official/wxapi.hpp"

namespace miniops::official::wx {

namespace {

Wx<PerformanceAsked> performance_asked(const Body& body) {
  PerformanceAsked asked;
  std::int64_t type = 0;
  std::string device, network, scene;
  Reading reading;
  reading.into(type, body.number("cost_time_type", 0, 1, 3));
  reading.into(device, body.text("device", "@_all"));
  reading.into(network, body.text("networktype", "@_all"));
  reading.into(scene, body.text("scene", "@_all"));
  if (reading.wrong()) return std::unexpected(*reading.wrong());
  asked.metric = static_cast<Metric>(type);
  const auto known = std::ranges::find(devices, device, [](const auto& one) { return one.second; });
  if (known == devices.end()) return std::unexpected(bad("device"));
  asked.device = known->first;
  asked.network = network == "@_all" ? "all" : network;
  if (std::ranges::find(networks, asked.network) == networks.end()) return std::unexpected(bad("networktype"));
  if (scene == "@_all") return asked;
  asked.scene = parse_id(scene);
  if (!asked.scene) return std::unexpected(bad("scene"));
  return asked;
}

int wx_level(std::int64_t level) {
  const auto known = static_cast<telemetry::Level>(level);
  return known >= telemetry::Level::error ? 8 : known == telemetry::Level::warn ? 4 : 2;
}

json::object log_json(const OwnRow& own) {
  const telemetry::NamedRow& row = own.row;
  const std::int64_t at = row.row.time / second_ms;
  const int level = wx_level(row.row.level);
  const json::object message{{"time", at}, {"msg", json::array{row.row.text}}, {"level", level}};
  return {{"level", level},
          {"libraryVersion", row.device.base_library},
          {"clientVersion", row.device.wechat},
          {"id", own.openid},
          {"timestamp", at},
          {"platform", row.device.os == "iOS" ? 2 : 1},
          {"url", row.page},
          {"msg", json::array{message}},
          {"traceid", row.row.trace},
          {"filterMsg", row.name == "log" ? "" : row.name}};
}

}  // namespace

Given get_performance(const WxApi& api, const net::Request& request, Access access) {
  const auto body = Body::of(request);
  if (!body) co_return std::unexpected(body.error());
  auto asked = performance_asked(*body);
  if (!asked) co_return std::unexpected(asked.error());
  std::int64_t from = 0, to = 0;
  const std::int64_t now_s = api.clock.now() / second_ms;
  Reading reading;
  reading.into(from, body->number("default_start_time", -1, 0, now_s + 366 * 86'400));
  reading.into(to, body->number("default_end_time", -1, from, now_s + 366 * 86'400));
  if (reading.wrong()) co_return std::unexpected(*reading.wrong());
  const OwnDays days{china_day(from * second_ms), china_day(to * second_ms)};
  const auto type = static_cast<std::int64_t>(asked->metric);
  const auto points = co_await api.own.performance(access, std::move(*asked), days);
  if (!points) co_return std::unexpected(refused(points.error()));
  json::array list;
  for (const OwnPoint& point : *points)
    list.push_back(json::object{
        {"ref_date", date_text(point.day)}, {"cost_time_type", type}, {"cost_time", std::llround(point.mean)}});
  const json::object inner{{"list", std::move(list)}};
  co_return json::object{{"default_time_data", json::serialize(inner)}, {"compare_time_data", ""}, {"errcode", 0}};
}

Given get_scene(const WxApi& api, const net::Request&, Access access) {
  const auto scenes = co_await api.own.scenes(access);
  if (!scenes) co_return std::unexpected(refused(scenes.error()));
  json::array list{json::object{{"name", "全部"}, {"value", "@_all"}}};
  for (const std::int64_t scene : *scenes)
    list.push_back(json::object{{"name", fmt::format("场景 {}", scene)}, {"value", scene}});
  co_return json::object{{"scene", std::move(list)}, {"errcode", 0}};
}

Given get_client_version(const WxApi& api, const net::Request&, Access access) {
  const auto versions = co_await api.own.wechat_versions(access);
  if (!versions) co_return std::unexpected(refused(versions.error()));
  const json::array list(versions->begin(), versions->end());
  const json::array all{json::object{{"type", 1}, {"client_version_list", list}}};
  co_return json::object{{"cvlist", all}, {"errcode", 0}};
}

Given userlog_search(const WxApi& api, const net::Request& request, Access access) {
  const auto day = parse_date(request.query_value("date").value_or(""));
  if (!day) co_return std::unexpected(bad_log("date"));
  const std::int64_t begin = start_of_day(*day) / second_ms;
  const std::int64_t last = begin + 86'399;
  LogsAsked asked;
  std::int64_t from = 0, to = 0;
  Reading reading;
  reading.into(from, log_number(request, "begintime", begin, begin, last));
  reading.into(to, log_number(request, "endtime", last, from, last));
  reading.into(asked.start, log_number(request, "start", 0, 0, offset_max));
  reading.into(asked.limit, log_number(request, "limit", 20, 1, limit_max));
  reading.into(asked.level, log_number(request, "level", 2, 2, 8));
  reading.into(asked.trace, log_text(request, "traceId"));
  reading.into(asked.page, log_text(request, "url"));
  reading.into(asked.openid, log_text(request, "id"));
  reading.into(asked.text, log_text(request, "filterMsg"));
  if (reading.wrong()) co_return std::unexpected(*reading.wrong());
  asked.from = from * second_ms;
  asked.to = (to + 1) * second_ms;
  const auto rows = co_await api.own.logs(access, std::move(asked));
  if (!rows) co_return std::unexpected(refused(rows.error()));
  json::array list;
  for (const OwnRow& row : rows->items) list.push_back(log_json(row));
  const json::object data{{"list", std::move(list)}, {"total", rows->total}};
  co_return json::object{{"errcode", 0}, {"errmsg", ""}, {"data", data}};
}

}  // namespace miniops::official::wx
