// What most console calls read first: a JSON body, a page of a list, a cursor.
#include <charconv>

#include "base/encoding.hpp"
#include "base/json.hpp"
#include "base/text.hpp"
#include "net/http.hpp"

namespace miniops::net {

namespace {

bool is_json(std::string_view content_type) {
  const std::string_view type = trimmed(content_type.substr(0, content_type.find(';')));
  constexpr std::string_view json = "application/json";
  return std::ranges::equal(type, json, [](char a, char b) { return (a >= 'A' && a <= 'Z' ? a + 32 : a) == b; });
}

std::optional<std::int64_t> whole_number(std::string_view text) {
  std::int64_t value = 0;
  const char* const end = text.data() + text.size();
  const auto [stop, problem] = std::from_chars(text.data(), end, value);
  if (text.empty() || problem != std::errc() || stop != end) return std::nullopt;
  return value;
}

// Standard base64 from the URL alphabet that cursors use.
std::optional<std::string> unbase64url(std::string_view text) {
  std::string standard(text);
  for (char& c : standard) {
    if (c == '+' || c == '/' || c == '=') return std::nullopt;
    if (c == '-') c = '+';
    if (c == '_') c = '/';
  }
  return unbase64(standard);
}

}  // namespace

Result<boost::json::value> json_body(const Request& request) {
  if (!is_json(request.headers.get("content-type").value_or(""))) {
    return fail(ErrorKind::unsupported, "request.not_json", "the body must be sent as Content-Type: application/json");
  }
  JsonLimits limits;
  limits.bytes_max = std::max(limits.bytes_max, request.body.size());  // the route's limit has been kept already
  return parse_json(request.body, limits);
}

Result<Page> page_of(const Request& request) {
  Page page;
  if (const auto limit = request.query_value("limit")) {
    const auto number = whole_number(*limit);
    if (!number || *number < 1 || *number > 100) {
      return fail(ErrorKind::invalid, "request.invalid_limit", "limit must be a number from 1 to 100");
    }
    page.limit = static_cast<int>(*number);
  }
  if (auto cursor = request.query_value("cursor"); cursor && !cursor->empty()) page.cursor = std::move(cursor);
  return page;
}

std::string make_cursor(std::int64_t key, std::int64_t id) { return base64url(fmt::format("{}.{}", key, id)); }

Result<std::pair<std::int64_t, std::int64_t>> read_cursor(std::string_view cursor) {
  if (const auto text = cursor.size() <= 64 ? unbase64url(cursor) : std::nullopt) {
    const std::string_view whole = *text;
    const auto dot = whole.find('.');
    if (dot != std::string_view::npos) {
      const auto key = whole_number(whole.substr(0, dot));
      const auto id = whole_number(whole.substr(dot + 1));
      if (key && id) return std::pair(*key, *id);
    }
  }
  return fail(ErrorKind::invalid, "request.invalid_cursor", "the cursor is not one that this list gave out");
}

}  // namespace miniops::net
