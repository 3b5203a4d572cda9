// Which key a request of Sentry's clients brings: it may stand in three places.
#include <algorithm>

#include "telemetry/decode/decode.hpp"
#include "telemetry/decode/json.hpp"
#include "telemetry/decode/text.hpp"

namespace miniops::telemetry {

namespace {

constexpr std::size_t header_bytes_max = 8 << 10;
constexpr std::size_t key_chars_max = 64;

bool is_key(std::string_view text) {
  return !text.empty() && text.size() <= key_chars_max && std::ranges::all_of(text, [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '-';
  });
}

// "Sentry sentry_version=7, sentry_key=…"; other kinds of Authorization are none of ours.
void add_of_header(std::string_view header, std::vector<std::string>& keys) {
  header = trim(header);
  if (lower_text(header.substr(0, 7)) != "sentry ") return;
  header.remove_prefix(7);
  while (!header.empty()) {
    const std::string_view part = header.substr(0, header.find(','));
    header.remove_prefix(std::min(part.size() + 1, header.size()));
    const std::size_t equals = std::min(part.find('='), part.size());
    if (trim(part.substr(0, equals)) == "sentry_key")
      keys.emplace_back(trim(part.substr(std::min(equals + 1, part.size()))));
  }
}

// "https://<key>[:<secret>]@host/42"
void add_of_dsn(std::string_view dsn, std::vector<std::string>& keys) {
  const std::size_t scheme = dsn.find("://");
  if (scheme == std::string_view::npos) return;
  dsn.remove_prefix(scheme + 3);
  const std::size_t at = dsn.find('@');
  if (at == std::string_view::npos) return;
  const std::string_view user = dsn.substr(0, at);
  keys.emplace_back(user.substr(0, user.find(':')));
}

}  // namespace

std::optional<std::string> sentry_key(std::string_view query, std::string_view auth_header, std::string_view body) {
  std::vector<std::string> keys;
  for (auto& [name, value] : form_fields(query)) {
    if (name == "sentry_key") keys.push_back(std::move(value));
  }
  add_of_header(auth_header, keys);
  const std::string_view first_line = body.substr(0, body.find('\n'));
  if (first_line.size() <= header_bytes_max && contains(first_line, "\"dsn\"")) {
    Json json;
    add_of_dsn(Fields(json.read(first_line)).text("dsn"), keys);
  }
  const bool agree = std::ranges::all_of(keys, [&](const std::string& key) { return key == keys.front(); });
  return !keys.empty() && agree && is_key(keys.front()) ? std::optional(keys.front()) : std::nullopt;
}

}  // namespace miniops::telemetry
