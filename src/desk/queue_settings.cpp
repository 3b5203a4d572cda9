#include "desk/queue_settings.hpp"

#include <algorithm>
#include <array>
#include <span>

#include "base/json.hpp"
#include "base/text.hpp"

namespace miniops::desk {

namespace {

constexpr std::size_t text_chars_max = 200;  // three of them are one message

using Names = std::array<std::string_view, 2>;  // "": none

struct Text {
  std::string_view key{};
  std::string QueueSettings::* text{};
  std::string_view ours{};
  Names variables{};
};
constexpr std::array<Text, 7> texts{{
    {"position_text", &QueueSettings::position_text, "您当前排在第 {position} 位，客服会按顺序尽快回复您。",
     Names{"position"}},
    {"wait_text", &QueueSettings::wait_text, "您当前排在第 {position} 位，预计还需等待 {wait} 分钟。",
     Names{"position", "wait"}},
    {"busy_text", &QueueSettings::busy_text, "当前咨询的人较多，让您久等了。", {}},
    {"offer_text", &QueueSettings::offer_text, "不想等待的话，回复 1 可以留言，我们会尽快回复您。", {}},
    {"closed_text", &QueueSettings::closed_text, "现在不是客服工作时间。回复 1 可以留言，我们上班后尽快回复您。", {}},
    {"ask_text",
     &QueueSettings::ask_text,
     "请用一条消息写下您的问题，需要电话联系的话请附上手机号。回复 0 取消留言。",
     {}},
    {"left_text", &QueueSettings::left_text, "已收到您的留言，我们会在 {due} 前回复您。", Names{"due"}},
}};

// The first thing in braces that is no variable of the text; "": there is none.
std::string_view unknown_variable(std::string_view text, Names known) {
  for (auto open = text.find('{'); open != std::string_view::npos; open = text.find('{', open + 1)) {
    const auto close = text.find('}', open);
    if (close == std::string_view::npos) return {};
    const std::string_view name = text.substr(open + 1, close - open - 1);
    if (name.empty() || std::ranges::find(known, name) == known.end()) return text.substr(open, close - open + 1);
  }
  return {};
}

TimeMs quantile(std::span<const TimeMs> sorted, std::size_t percent) {
  return sorted[(sorted.size() - 1) * percent / 100];
}

}  // namespace

QueueSettings with_our_texts(QueueSettings settings) {
  for (const Text& one : texts)
    if ((settings.*one.text).empty()) settings.*one.text = one.ours;
  return settings;
}

json::object to_json(const QueueSettings& settings) {
  json::object object{{"notices", settings.notices},
                      {"leave", settings.leave},
                      {"leave_after_minutes", settings.leave_after_minutes},
                      {"answer_within_minutes", settings.answer_within_minutes}};
  for (const Text& one : texts) object[one.key] = settings.*one.text;
  return object;
}

Result<QueueSettings> parse_queue_settings(const json::value& body, const QueueSettings& base) {
  JsonInput in(body);
  QueueSettings settings = base;
  settings.notices = in.optional_boolean("notices").value_or(base.notices);
  settings.leave = in.optional_boolean("leave").value_or(base.leave);
  settings.leave_after_minutes = in.optional_integer("leave_after_minutes", 0, 1440).value_or(base.leave_after_minutes);
  settings.answer_within_minutes =
      in.optional_integer("answer_within_minutes", 10, 2400).value_or(base.answer_within_minutes);
  for (const Text& one : texts) {
    std::string& text = settings.*one.text;
    text = in.optional_text(one.key, {0, text_chars_max}).value_or(text);
    if (const auto unknown = unknown_variable(text, one.variables); !unknown.empty())
      in.mistake(one.key, "has no variable " + std::string(unknown));
    if (text == one.ours) text.clear();
  }
  for (const auto& [key, text] :
       {std::pair("offer_text", &settings.offer_text), {"closed_text", &settings.closed_text}})
    if (!text->empty() && !fold(*text).contains('1')) in.mistake(key, "must say that one replies 1");
  if (auto ok = in.finish(); !ok) return std::unexpected(ok.error());
  return settings;
}

std::string filled(std::string text, const std::vector<Variable>& variables) {
  for (const Variable& one : variables) {
    const std::string name = "{" + std::string(one.name) + "}";
    for (auto at = text.find(name); at != std::string::npos; at = text.find(name, at + one.value.size()))
      text.replace(at, name.size(), one.value);
  }
  return text;
}

std::string WaitRange::text() const {
  return from == to ? std::to_string(to) : std::to_string(from) + "–" + std::to_string(to);
}

std::optional<WaitRange> expected_wait(const std::vector<TimeMs>& waits, TimeMs waited) {
  std::vector<TimeMs> left;
  for (const TimeMs wait : waits)
    if (wait > waited) left.push_back(wait - waited);
  if (left.size() < wait_samples_min) return std::nullopt;
  std::ranges::sort(left);
  const std::int64_t from = std::max<std::int64_t>(1, (quantile(left, 25) + minute_ms / 2) / minute_ms);
  return WaitRange{from, std::max(from, (quantile(left, 90) + minute_ms - 1) / minute_ms)};
}

}  // namespace miniops::desk
