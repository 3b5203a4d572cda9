#include "notify/channels/message.hpp"

#include <fmt/chrono.h>

#include "base/text.hpp"

namespace miniops::notify {

namespace {

constexpr std::size_t listed_max = 30;  // notifications of a digest that are named one by one
constexpr std::string_view ellipsis = "…";

bool is_english(std::string_view language) { return language == "en"; }

bool is_boundary(char byte) { return (static_cast<unsigned char>(byte) & 0xC0U) != 0x80U; }

// The largest length up to `at` that ends between two characters.
std::size_t boundary_before(std::string_view text, std::size_t at) {
  while (at > 0 && at < text.size() && !is_boundary(text[at])) --at;
  return std::min(at, text.size());
}

Notification digest_of(const std::vector<Notification>& items, std::string_view language) {
  Notification digest = items.front();
  digest.title =
      is_english(language) ? fmt::format("{} notifications", items.size()) : fmt::format("{} 条通知", items.size());
  digest.text.clear();
  digest.markdown.clear();
  digest.variables.clear();
  for (std::size_t i = 0; i < items.size(); ++i) {
    const Notification& item = items[i];
    digest.severity = std::max(digest.severity, item.severity);
    digest.resolved = digest.resolved && item.resolved;
    digest.at = std::max(digest.at, item.at);
    if (item.link != digest.link) digest.link.clear();
    if (item.subject != digest.subject) digest.subject.clear();
    if (i >= listed_max) continue;
    const std::string_view state = state_word(item, language);
    digest.text += fmt::format("[{}] {}\n", state, item.title);
    const std::string title = plain_in_markdown(item.title);
    digest.markdown += item.link.empty() ? fmt::format("> {} {}\n", state, title)
                                         : fmt::format("> {} [{}]({})\n", state, title, item.link);
  }
  if (items.size() > listed_max) {
    const std::size_t more = items.size() - listed_max;
    const std::string line =
        is_english(language) ? fmt::format("… and {} more\n", more) : fmt::format("…… 另有 {} 条\n", more);
    digest.text += line;
    digest.markdown += line;
  }
  digest.since = 0;
  return digest;
}

std::string value_of(std::string_view name, const Message& message) {
  const Notification& content = message.content;
  if (name == "title") return content.title;
  if (name == "text") return content.text;
  if (name == "severity") return std::string(word_of(content.severity, message.language));
  if (name == "state") return std::string(state_word(content, message.language));
  if (name == "time") return china_time(content.at);
  if (name == "link") return content.link;
  const auto found = content.variables.find(std::string(name));
  return found == content.variables.end() ? std::string() : found->second;
}

}  // namespace

Message message_of(std::string id, std::string language, std::vector<Notification> items) {
  Message message{std::move(id), std::move(language), std::move(items), {}};
  message.content = message.items.size() == 1 ? message.items.front() : digest_of(message.items, message.language);
  return message;
}

Notification test_notification(const AppId& appid, std::string_view channel_name, std::string_view language,
                               TimeMs now) {
  Notification test;
  test.appid = appid;
  test.dedupe_key = "test";
  test.at = now;
  test.title = is_english(language) ? "Test message" : "测试消息";
  test.text = is_english(language) ? fmt::format("The channel \"{}\" of MiniOps works. Nothing is wrong.", channel_name)
                                   : fmt::format("MiniOps 通知渠道“{}”可以正常收到消息。这不是告警。", channel_name);
  return test;
}

std::string_view word_of(Severity severity, std::string_view language) {
  const bool english = is_english(language);
  switch (severity) {
    case Severity::info:
      return english ? "info" : "提醒";
    case Severity::warning:
      return english ? "warning" : "警告";
    case Severity::critical:
      return english ? "critical" : "严重";
  }
  return "";
}

std::string_view state_word(const Notification& notification, std::string_view language) {
  if (notification.resolved) return is_english(language) ? "resolved" : "已恢复";
  return word_of(notification.severity, language);
}

std::string china_time(TimeMs at) {
  const auto seconds = static_cast<std::time_t>((at + 8 * hour_ms) / second_ms);
  return fmt::format("{:%Y-%m-%d %H:%M}", fmt::gmtime(seconds));
}

std::string cut_bytes(std::string_view text, std::size_t bytes_max) {
  if (text.size() <= bytes_max) return std::string(text);
  if (bytes_max < ellipsis.size()) return std::string();
  const std::size_t kept = boundary_before(text, bytes_max - ellipsis.size());
  return std::string(text.substr(0, kept)).append(ellipsis);
}

std::string cut_lines(std::string_view text, std::size_t bytes_max) {
  if (text.size() <= bytes_max) return std::string(text);
  if (bytes_max <= ellipsis.size()) return cut_bytes(text, bytes_max);
  const auto end = text.rfind('\n', bytes_max - ellipsis.size() - 1);
  if (end == std::string_view::npos || end < bytes_max / 2) return cut_bytes(text, bytes_max);
  return std::string(text.substr(0, end + 1)).append(ellipsis);
}

std::string one_line(std::string_view text) {
  std::string line;
  line.reserve(text.size());
  for (const char byte : text) {
    const bool control = static_cast<unsigned char>(byte) < 0x20 || byte == 0x7f;
    line += control ? ' ' : byte;
  }
  return line;
}

std::string plain_in_markdown(std::string_view text) {
  std::string plain;
  plain.reserve(text.size());
  for (const char byte : text) {
    switch (byte) {
      case '<':
        plain += "＜";
        break;
      case '>':
        plain += "＞";
        break;
      case '[':
        plain += "［";
        break;
      case ']':
        plain += "］";
        break;
      case '*':
        plain += "＊";
        break;
      case '`':
        plain += "'";
        break;
      case '#':
        plain += "＃";
        break;
      default:
        plain += byte;
    }
  }
  return plain;
}

std::string without_mentions(std::string_view markdown) {
  std::string safe;
  safe.reserve(markdown.size());
  for (std::size_t i = 0; i < markdown.size(); ++i) {
    const bool mention = markdown[i] == '<' && i + 1 < markdown.size() && markdown[i + 1] == '@';
    if (mention) {
      safe += "＜";
    } else {
      safe += markdown[i];
    }
  }
  return safe;
}

std::string fill(std::string_view pattern, const Message& message) {
  std::string filled;
  while (!pattern.empty()) {
    const auto open = pattern.find('{');
    const auto close = open == std::string_view::npos ? open : pattern.find('}', open);
    if (close == std::string_view::npos) break;
    filled += pattern.substr(0, open);
    filled += value_of(pattern.substr(open + 1, close - open - 1), message);
    pattern.remove_prefix(close + 1);
  }
  return filled.append(pattern);
}

}  // namespace miniops::notify
