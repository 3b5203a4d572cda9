// What one message says, and how it is cut to what a channel takes. Pure.
#pragma once

#include "notify/notifier.hpp"

namespace miniops::notify {

// One notification, or several that were merged because the channel's limit was reached.
struct Message {
  std::string id;  // the same in every attempt: for Message-ID and webhook-id
  std::string language = "zh";
  std::vector<Notification> items;  // oldest first; never empty
  Notification content;             // the item, or the digest of all of them
};
// The same items make the same message, byte by byte.
Message message_of(std::string id, std::string language, std::vector<Notification> items);
// What the test button sends.
Notification test_notification(const AppId& appid, std::string_view channel_name, std::string_view language,
                               TimeMs now);

std::string_view word_of(Severity severity, std::string_view language);  // 提醒 · 警告 · 严重
// "严重", or "已恢复" when it is resolved.
std::string_view state_word(const Notification& notification, std::string_view language);
std::string china_time(TimeMs at);  // "2026-01-01 08:00", UTC+8

// At most `bytes_max` bytes: cut between two characters, with "…" behind.
std::string cut_bytes(std::string_view text, std::size_t bytes_max);
// The same at the end of a line where that loses less than half, for Markdown: a cut link or tag would show as source.
std::string cut_lines(std::string_view text, std::size_t bytes_max);
// Line breaks and control characters become blanks.
std::string one_line(std::string_view text);

// Text from outside inside WeCom's Markdown: what would format, link or mention becomes its full-width twin.
std::string plain_in_markdown(std::string_view text);
// Markdown of another module: it may format and link, and mentions nobody.
std::string without_mentions(std::string_view markdown);

// "{rule}: {title}" with {title}, {text}, {severity}, {state}, {time}, {link} and the notification's variables; an
// unknown name becomes nothing.
std::string fill(std::string_view pattern, const Message& message);

}  // namespace miniops::notify
