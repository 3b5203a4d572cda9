#include "notify/delivery_rows.hpp"

#include "base/json.hpp"

namespace miniops::notify {

namespace {

std::string text_at(const json::object& object, std::string_view key) {
  return std::string(object.at(key).as_string());
}

void read_content(const std::string& text, Notification& into) {
  const json::value parsed = json::parse(text);
  const json::object& content = parsed.as_object();
  into.title = text_at(content, "title");
  into.text = text_at(content, "text");
  into.markdown = text_at(content, "markdown");
  into.severity = parse_severity(text_at(content, "severity")).value_or(Severity::info);
  into.resolved = content.at("resolved").as_bool();
  into.link = text_at(content, "link");
  into.at = content.at("at").as_int64();
  into.since = content.at("since").as_int64();
  for (const auto& [name, value] : content.at("variables").as_object())
    into.variables.emplace(name, std::string(value.as_string()));
}

std::vector<ChannelId> read_chain(const std::string& text) {
  std::vector<ChannelId> channels;
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find(' ', begin), text.size());
    if (const auto id = parse_as<ChannelId>(text.substr(begin, end - begin))) channels.push_back(*id);
    begin = end + 1;
  }
  return channels;
}

}  // namespace

Delivery delivery_of(const sql::Row& row) {
  Delivery out;
  out.notification = row.id<NotificationId>(0);
  out.position = static_cast<int>(row.integer(1));
  out.appid = row.id<AppId>(2);
  out.channel = row.id<ChannelId>(3);
  out.message = row.integer(4);
  out.in_message = static_cast<int>(row.integer(5));
  out.state = parse_state(row.text(6)).value_or(State::failed);
  out.attempts = static_cast<int>(row.integer(7));
  out.uncertain = static_cast<int>(row.integer(8));
  out.possibly_repeated = row.integer(9) != 0;
  out.falls_through = row.integer(10) != 0;
  out.reason = row.text(11);
  out.detail = row.text(12);
  out.queued_at = row.integer(13);
  out.due_at = row.integer(14);
  out.give_up_at = row.integer(15);
  out.finished_at = row.integer(16);
  out.claim_owner = row.text(17);
  return out;
}

std::string content_of(const Notification& notification) {
  json::object variables;
  for (const auto& [name, value] : notification.variables) variables[name] = value;
  const json::object content{{"title", notification.title},
                             {"text", notification.text},
                             {"markdown", notification.markdown},
                             {"severity", to_string(notification.severity)},
                             {"resolved", notification.resolved},
                             {"link", notification.link},
                             {"at", notification.at},
                             {"since", notification.since},
                             {"variables", std::move(variables)}};
  return json::serialize(content);
}

std::string chain_text(const std::vector<ChannelId>& channels) {
  std::string text;
  for (const ChannelId channel : channels) text.append(text.empty() ? "" : " ").append(channel.str());
  return text;
}

Notification notification_of(const sql::Row& row, std::size_t at) {
  Notification out;
  out.id = row.id<NotificationId>(at);
  out.appid = row.id<AppId>(at + 1);
  out.dedupe_key = row.text(at + 2);
  out.subject = row.text(at + 3);
  out.channels = read_chain(row.text(at + 4));
  read_content(row.text(at + 5), out);
  return out;
}

}  // namespace miniops::notify
