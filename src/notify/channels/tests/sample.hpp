// A notification that the channels' tests send.
#pragma once

#include "notify/channels/message.hpp"

namespace miniops::notify::testing {

inline Notification sample() {
  Notification notification;
  notification.id = NotificationId(42);
  notification.appid = AppId("wx0123456789abcdef");
  notification.dedupe_key = "alert:42:firing:1:oncall";
  notification.subject = "alert:42";
  notification.title = "支付失败率 12.5%";
  notification.text = "服务：checkout\n开始：08:00";
  notification.markdown = "> 服务：checkout\n> 开始：08:00";
  notification.severity = Severity::critical;
  notification.link = "https://ops.example.com/i/42";
  notification.at = 1767225600000;  // 2026-01-01T00:00:00Z
  return notification;
}

inline Message single(Notification notification, std::string language = "zh") {
  return message_of("42-0", std::move(language), {std::move(notification)});
}

}  // namespace miniops::notify::testing
