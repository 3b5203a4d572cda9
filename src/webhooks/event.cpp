#include "webhooks/event.hpp"

namespace miniops::webhooks {

std::string kinds_text(const Kinds& kinds) {
  std::string text;
  for (std::size_t i = 0; i < kind_count; ++i)
    if (kinds.test(i)) text.append(text.empty() ? "" : " ").append(kind_words[i]);
  return text;
}

Kinds parse_kinds(std::string_view text) {
  Kinds kinds;
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find(' ', begin), text.size());
    if (const auto kind = parse_word<Kind>(text.substr(begin, end - begin))) kinds.set(static_cast<std::size_t>(*kind));
    begin = end + 1;
  }
  return kinds;
}

std::string body_of(EventId id, std::string_view kind, const AppId& appid, TimeMs at, const json::object& data) {
  json::object body{{"id", id.str()}, {"kind", kind}, {"appid", appid.str()}, {"at", at}, {"data", data}};
  std::string text = json::serialize(body);
  if (text.size() <= body_bytes_max) return text;
  body["data"] = json::object{{"omitted", true}};
  return json::serialize(body);
}

}  // namespace miniops::webhooks
