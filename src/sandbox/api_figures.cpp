// Performance by day, and the words that its questions may use.
#include <array>

#include "sandbox/api_operations.hpp"
#include "sandbox/operations.hpp"

namespace miniops::sandbox {

namespace {

constexpr std::int64_t days_max = 90;

struct Scene {
  std::string_view name;
  std::int64_t value;
};
constexpr std::array<Scene, 6> scenes{
    {{"小程序历史列表", 1}, {"搜索", 2}, {"会话", 3}, {"扫一扫", 4}, {"公众号", 5}, {"下拉任务栏", 6}}};

// A value that WeChat's descriptions give as a text and its callers send as a number, too.
std::string word_of(const json::object& body, std::string_view name) {
  const json::value* value = body.if_contains(name);
  if (value == nullptr) return "@_all";
  return value->is_int64() ? std::to_string(value->get_int64()) : std::string(text_of(body, name).value_or(""));
}

bool is_one_of(std::string_view word, std::initializer_list<std::string_view> words) {
  return std::ranges::find(words, word) != words.end();
}

bool is_scene(std::string_view word) {
  return word == "@_all" ||
         std::ranges::any_of(scenes, [&](const Scene& scene) { return std::to_string(scene.value) == word; });
}

}  // namespace

ApiAnswer answer_performance(ApiInput& in) {
  const auto type = number_of(in.body, "cost_time_type");
  const auto from = number_of(in.body, "default_start_time");
  const auto to = number_of(in.body, "default_end_time");
  if (!type || *type < 1 || *type > 3 || !from || !to || *from > *to) return refuse(40097);
  PerformanceAsked asked{static_cast<int>(*type), word_of(in.body, "device"), word_of(in.body, "networktype"),
                         word_of(in.body, "scene")};
  if (!is_one_of(asked.device, {"@_all", "1", "2"}) || !is_one_of(asked.network, {"@_all", "wifi", "4g", "3g", "2g"}) ||
      !is_scene(asked.scene) || !is_one_of(word_of(in.body, "is_download_code"), {"@_all", "1", "2"}))
    return refuse(40097);
  if (*type != 2) asked.network = "@_all";
  if (*type == 3) asked.scene = "@_all";

  const std::int64_t today = day_in_china(in.now);
  const std::int64_t last = std::min(day_in_china(*to * second_ms), today - 1);
  json::array list;
  for (std::int64_t day = std::max(day_in_china(*from * second_ms), today - days_max); day <= last; ++day)
    list.push_back(json::object{{"ref_date", date_text(day)},
                                {"cost_time_type", *type},
                                {"cost_time", cost_time(in.app->config.appid, day, asked)}});
  // A JSON text inside the JSON: WeChat's own.
  const json::object data{{"list", std::move(list)}};
  return {.body = {{"default_time_data", json::serialize(data)}, {"compare_time_data", ""}, {"errcode", 0}}};
}

ApiAnswer answer_scene(ApiInput&) {
  json::array list{json::object{{"name", "全部"}, {"value", "@_all"}}};
  for (const Scene& scene : scenes) list.push_back(json::object{{"name", scene.name}, {"value", scene.value}});
  return {.body = {{"scene", std::move(list)}, {"errcode", 0}}};
}

ApiAnswer answer_client_version(ApiInput&) {
  const json::array client{"8.0.55", "8.0.53", "8.0.49"};
  const json::array service{"1.2.0"};
  const json::array list{json::object{{"type", 1}, {"client_version_list", client}},
                         json::object{{"type", 2}, {"client_version_list", service}}};
  return {.body = {{"cvlist", list}, {"errcode", 0}}};
}

}  // namespace miniops::sandbox
