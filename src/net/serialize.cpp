#include "net/serialize.hpp"

#include <charconv>
#include <ctime>

#include "base/log.hpp"
#include "net/reason.hpp"

namespace miniops::net {

namespace {

constexpr std::size_t copied_body_max = 32 * 1024;

// On every response, unless the handler sends its own.
constexpr std::pair<std::string_view, std::string_view> security_headers[] = {
    {"X-Content-Type-Options", "nosniff"},
    {"X-Frame-Options", "DENY"},
    {"Referrer-Policy", "same-origin"},
    {"Cross-Origin-Resource-Policy", "same-origin"},
};

// For pages only: what a page may load when its handler does not say.
constexpr std::string_view page_policy =
    "default-src 'self'; img-src 'self' data: blob:; style-src 'self' 'unsafe-inline'; font-src 'self' data:; "
    "connect-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

bool same_name(std::string_view a, std::string_view b) {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; };
  return std::ranges::equal(a, b, {}, lower, lower);
}

// Framing is ours alone.
bool is_framing(std::string_view name) {
  for (const std::string_view ours :
       {"Content-Length", "Transfer-Encoding", "Connection", "Keep-Alive", "Date", "X-Request-Id"}) {
    if (same_name(name, ours)) return true;
  }
  return false;
}

// A line break in a header would let whoever chose its text write the rest of the answer.
bool can_be_sent(std::string_view text) {
  return text.find_first_of(std::string_view("\r\n\0", 3)) == std::string_view::npos;
}

void append_header(std::string& out, std::string_view name, std::string_view value) {
  out.append(name).append(": ").append(value).append("\r\n");
}

void append_number(std::string& out, std::size_t number) {
  char digits[20];
  const auto end = std::to_chars(digits, digits + sizeof digits, number).ptr;
  out.append(digits, end);
}

void append_own_headers(const Response& response, std::string& out) {
  for (const auto& [name, value] : response.headers) {
    if (is_framing(name)) continue;
    if (can_be_sent(name) && can_be_sent(value)) {
      append_header(out, name, value);
    } else {
      log::warn("net.header_refused", {{"status", response.status}});
    }
  }
  for (const auto& [name, value] : security_headers) {
    if (!response.headers.get(name)) append_header(out, name, value);
  }
  const auto type = response.headers.get("Content-Type");
  if (type && type->starts_with("text/html") && !response.headers.get("Content-Security-Policy")) {
    append_header(out, "Content-Security-Policy", page_policy);
  }
}

}  // namespace

bool serialize(const Response& response, const Framing& framing, std::string& out) {
  const bool bodiless = response.status == 204 || response.status == 304 || response.status < 200;
  out.append("HTTP/1.1 ");
  append_number(out, static_cast<std::size_t>(response.status));
  out.append(" ").append(reason_phrase(response.status)).append("\r\n");
  append_header(out, "Date", framing.date);
  append_own_headers(response, out);
  append_header(out, "X-Request-Id", framing.request_id);
  if (!bodiless) {
    out.append("Content-Length: ");
    append_number(out, response.body.size());
    out.append("\r\n");
  }
  if (!framing.keep_alive) {
    out.append("Connection: close\r\n");
  } else if (framing.http_1_0) {
    out.append("Connection: keep-alive\r\n");
  }
  out.append("\r\n");
  if (bodiless || framing.head || response.body.empty()) return false;
  if (response.body.size() > copied_body_max) return true;
  out.append(response.body);
  return false;
}

std::string http_date(TimeMs now) {
  static constexpr std::string_view days[] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  static constexpr std::string_view months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const std::time_t seconds = static_cast<std::time_t>(now / second_ms);
  std::tm utc{};
  ::gmtime_r(&seconds, &utc);
  return fmt::format("{}, {:02} {} {} {:02}:{:02}:{:02} GMT", days[utc.tm_wday], utc.tm_mday, months[utc.tm_mon],
                     utc.tm_year + 1900, utc.tm_hour, utc.tm_min, utc.tm_sec);
}

}  // namespace miniops::net
