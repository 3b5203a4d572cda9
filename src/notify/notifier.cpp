#include "notify/notifier.hpp"

#include "base/text.hpp"
#include "notify/channels/message.hpp"
#include "notify/delivery.hpp"
#include "notify/errors.hpp"

namespace miniops::notify {

namespace {

constexpr std::size_t title_bytes_max = 600;
constexpr std::size_t text_bytes_max = 8 * 1024;
constexpr std::size_t link_bytes_max = 2048;
constexpr std::size_t key_bytes_max = 200;
constexpr std::size_t variables_max = 30;
constexpr std::size_t variable_bytes_max = 600;

// What PostgreSQL's TEXT and JSON take: valid UTF-8 without NUL.
std::string clean(std::string_view text, std::size_t bytes_max) {
  return valid_utf8(text) ? cut_bytes(text, bytes_max) : std::string("?");
}

Notification bounded(Notification notification) {
  notification.title = one_line(clean(notification.title, title_bytes_max));
  notification.text = clean(notification.text, text_bytes_max);
  notification.markdown = clean(notification.markdown, text_bytes_max);
  if (notification.link.size() > link_bytes_max || !valid_utf8(notification.link)) notification.link.clear();
  std::map<std::string, std::string> variables;
  for (const auto& [name, value] : notification.variables)
    if (variables.size() < variables_max && name.size() <= 64 && valid_utf8(name))
      variables.emplace(name, clean(value, variable_bytes_max));
  notification.variables = std::move(variables);
  return notification;
}

}  // namespace

std::string_view to_string(Severity severity) {
  switch (severity) {
    case Severity::info:
      return "info";
    case Severity::warning:
      return "warning";
    case Severity::critical:
      break;
  }
  return "critical";
}

std::optional<Severity> parse_severity(std::string_view text) {
  for (const Severity severity : {Severity::info, Severity::warning, Severity::critical})
    if (to_string(severity) == text) return severity;
  return std::nullopt;
}

Result<Queued> Notifier::queue(sql::Transaction& tx, const Notification& notification, TimeMs now) const {
  if (notification.id.empty() || notification.title.empty()) return fail(errors::invalid_notification("has no title"));
  if (notification.dedupe_key.empty() || notification.dedupe_key.size() > key_bytes_max ||
      notification.subject.size() > key_bytes_max)
    return fail(errors::invalid_notification("has no key, or one that is too long"));
  if (notification.channels.empty() || notification.channels.size() > chain_max)
    return fail(errors::invalid_notification("has no channel, or too many"));
  const Notification kept = bounded(notification);
  if (!insert_notification(tx, kept, now)) return Queued::already;
  return deliver_from(tx, kept, 0, now) ? Queued::yes : Queued::nowhere;
}

void Notifier::wake() const {
  if (waker_) waker_();
}

}  // namespace miniops::notify
