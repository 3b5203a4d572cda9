#include "telemetry/decode/text.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <cmath>

#include "base/encoding.hpp"
#include "base/text.hpp"

namespace miniops::telemetry {

namespace {

constexpr std::string_view replacement = "\xEF\xBF\xBD";
constexpr TimeMs year_9999 = 253402300800000;

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_hex(char c) { return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); }
bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }

// Bytes of the character at the front, 0 when none begins there.
std::size_t character_bytes(std::string_view text) {
  for (std::size_t bytes = 1; bytes <= 4 && bytes <= text.size(); ++bytes) {
    if (valid_utf8(text.substr(0, bytes))) return bytes;
  }
  return 0;
}

// A part of a path that names one thing and not a kind of things.
bool is_id(std::string_view segment) {
  if (segment.empty()) return false;
  const auto digits = std::ranges::count_if(segment, is_digit);
  const auto size = std::ssize(segment);
  if (digits == size) return true;
  const bool hex = std::ranges::all_of(segment, [](char c) { return is_hex(c) || c == '-'; });
  if (hex && size >= 8 && digits > 0) return true;
  const bool token =
      std::ranges::all_of(segment, [](char c) { return is_letter(c) || is_digit(c) || c == '-' || c == '_'; });
  return token && ((size >= 16 && digits >= 4) || is_openid(segment));
}

// Reads numbers of a fixed width from the front of a date.
class DateReader {
 public:
  explicit DateReader(std::string_view text) : text_(text) {}
  bool ok() const { return ok_; }
  bool done() const { return text_.empty(); }
  int number(std::size_t digits) {
    int value = 0;
    if (!ok_ || text_.size() < digits || !std::ranges::all_of(text_.substr(0, digits), is_digit)) {
      ok_ = false;
      return 0;
    }
    std::from_chars(text_.data(), text_.data() + digits, value);
    text_.remove_prefix(digits);
    return value;
  }
  bool sign(std::string_view any_of) {
    if (!ok_ || text_.empty() || !any_of.contains(text_.front())) return false;
    last_ = text_.front();
    text_.remove_prefix(1);
    return true;
  }
  void need(std::string_view any_of) { ok_ = sign(any_of); }
  char last() const { return last_; }
  // Milliseconds of a fraction of any length.
  int fraction() {
    int value = 0;
    int unit = 100;
    ok_ = ok_ && !text_.empty() && is_digit(text_.front());
    for (; ok_ && !text_.empty() && is_digit(text_.front()); text_.remove_prefix(1), unit /= 10)
      value += unit * (text_.front() - '0');
    return value;
  }

 private:
  std::string_view text_;
  char last_ = 0;
  bool ok_ = true;
};

}  // namespace

std::string valid_text(std::string_view text) {
  if (valid_utf8(text)) return std::string(text);
  std::string out;
  out.reserve(text.size() + 16);
  while (!text.empty()) {
    const std::size_t bytes = character_bytes(text);
    out.append(bytes == 0 ? replacement : text.substr(0, bytes));
    text.remove_prefix(std::max<std::size_t>(bytes, 1));
  }
  return out;
}

std::string_view cut_text(std::string_view text, std::size_t bytes_max) {
  if (text.size() <= bytes_max) return text;
  std::size_t end = bytes_max;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;
  return text.substr(0, end);
}

std::string lower_text(std::string_view text) {
  std::string out(text);
  for (char& c : out) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
  return out;
}

bool contains(std::string_view text, std::string_view part) { return text.find(part) != std::string_view::npos; }

std::string_view trim(std::string_view text) {
  while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_blank(text.back())) text.remove_suffix(1);
  return text;
}

std::string plain_word(std::string_view text) {
  std::string word = lower_text(text.substr(0, 41));
  const bool plain = !word.empty() && word.size() <= 40 && std::ranges::all_of(word, [](char c) {
    return is_letter(c) || is_digit(c) || c == '_' || c == '-' || c == '.' || c == ':';
  });
  return plain ? word : std::string("other");
}

std::string page_of(std::string_view url) {
  url = trim(url.substr(0, url.find_first_of("?#")));
  if (const auto scheme = url.find("://"); scheme != std::string_view::npos) {
    const auto path = url.find('/', scheme + 3);
    url = path == std::string_view::npos ? std::string_view() : url.substr(path);
  }
  while (url.starts_with('/')) url.remove_prefix(1);
  return std::string(url);
}

int scene_of(std::string_view text) {
  if (text.starts_with("wx-")) text.remove_prefix(3);
  int scene = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), scene);
  const bool whole = problem == std::errc() && end == text.data() + text.size();
  return whole && scene > 0 && scene < 100000 ? scene : 0;
}

bool is_openid(std::string_view text) {
  return text.size() == 28 && text.front() == 'o' &&
         std::ranges::all_of(text, [](char c) { return is_letter(c) || is_digit(c) || c == '-' || c == '_'; });
}

std::string url_pattern(std::string_view url) {
  url = trim(url.substr(0, url.find_first_of("?#")));
  std::string out;
  if (const auto scheme = url.find("://"); scheme != std::string_view::npos) {
    const auto path = std::min(url.find('/', scheme + 3), url.size());
    std::string_view host = url.substr(scheme + 3, path - scheme - 3);
    if (const auto user = host.rfind('@'); user != std::string_view::npos) host.remove_prefix(user + 1);
    out.append(url.substr(0, scheme + 3)).append(host);
    url.remove_prefix(path);
  }
  while (!url.empty()) {
    const std::size_t end = std::min(url.find('/'), url.size());
    out.append(is_id(url.substr(0, end)) ? std::string_view(":id") : url.substr(0, end));
    if (end < url.size()) out.push_back('/');
    url.remove_prefix(std::min(end + 1, url.size()));
  }
  return out;
}

TimeMs parse_rfc3339(std::string_view text) {
  DateReader in(trim(text));
  const int year = in.number(4);
  in.need("-");
  const int month = in.number(2);
  in.need("-");
  const int day = in.number(2);
  in.need("Tt ");
  const int hour = in.number(2);
  in.need(":");
  const int minute = in.number(2);
  in.need(":");
  const int second = in.number(2);
  const int milliseconds = in.sign(".,") ? in.fraction() : 0;
  TimeMs offset = 0;
  if (in.sign("+-")) {
    const TimeMs direction = in.last() == '-' ? -1 : 1;
    offset = in.number(2) * hour_ms;
    in.sign(":");
    offset = direction * (offset + in.number(2) * minute_ms);
  } else {
    in.sign("Zz");
  }
  const std::chrono::year_month_day date{std::chrono::year(year), std::chrono::month(static_cast<unsigned>(month)),
                                         std::chrono::day(static_cast<unsigned>(day))};
  if (!in.ok() || !in.done() || !date.ok() || year < 1970 || hour > 23 || minute > 59 || second > 60) return 0;
  const TimeMs days = std::chrono::sys_days(date).time_since_epoch().count();
  const TimeMs time = days * day_ms + hour * hour_ms + minute * minute_ms + second * second_ms + milliseconds - offset;
  return std::max<TimeMs>(time, 0);
}

TimeMs time_of(double milliseconds) {
  if (!std::isfinite(milliseconds) || milliseconds <= 0 || milliseconds > static_cast<double>(year_9999)) return 0;
  return std::llround(milliseconds);
}

std::vector<std::pair<std::string, std::string>> form_fields(std::string_view text) {
  constexpr std::size_t fields_max = 64;
  std::vector<std::pair<std::string, std::string>> out;
  while (!text.empty() && out.size() < fields_max) {
    const std::string_view field = text.substr(0, text.find('&'));
    text.remove_prefix(std::min(field.size() + 1, text.size()));
    const std::size_t equals = std::min(field.find('='), field.size());
    const std::string_view value = field.substr(std::min(equals + 1, field.size()));
    if (field.empty()) continue;
    const auto decoded = [](std::string_view one) { return url_decode(one, false).value_or(std::string(one)); };
    out.emplace_back(decoded(field.substr(0, equals)), decoded(value));
  }
  return out;
}

std::optional<std::string> unbase64_lenient(std::string_view text) {
  std::string plain;
  plain.reserve(text.size());
  for (char c : text) {
    if (c == '\r' || c == '\n' || c == '\t') continue;
    plain.push_back(c == '-' || c == ' ' ? '+' : c == '_' ? '/' : c);
  }
  while (plain.ends_with('=')) plain.pop_back();
  return unbase64(plain);
}

std::array<char, 16> hash_id(std::initializer_list<std::string_view> parts) {
  std::string whole;
  for (std::string_view part : parts) whole.append(std::to_string(part.size())).append(":").append(part);
  const std::string digest = sha256(whole);
  std::array<char, 16> id{};
  std::copy_n(digest.begin(), id.size(), id.begin());
  return id;
}

std::string hash_text(std::string_view text) {
  const auto id = hash_id({text});
  return std::string(id.data(), id.size());
}

}  // namespace miniops::telemetry
