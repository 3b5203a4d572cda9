#include "issues/message.hpp"

#include <algorithm>
#include <array>

#include "telemetry/decode/text.hpp"

namespace miniops::issues {

namespace {

constexpr std::size_t message_bytes_max = 500;
constexpr std::size_t quoted_bytes_max = 200;

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_upper(char c) { return c >= 'A' && c <= 'Z'; }
bool is_lower(char c) { return c >= 'a' && c <= 'z'; }
bool is_word(char c) { return is_digit(c) || is_upper(c) || is_lower(c) || c == '_' || c == '-'; }
bool is_hex(char c) { return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); }

template <class Is>
std::ptrdiff_t count(std::string_view text, Is is) {
  return std::ranges::count_if(text, is);
}
template <class Is>
bool all(std::string_view text, Is is) {
  return !text.empty() && std::ranges::all_of(text, is);
}

std::string_view first_line(std::string_view message) {
  message = telemetry::trim(message);
  return telemetry::cut_text(telemetry::trim(message.substr(0, message.find('\n'))), message_bytes_max);
}

// Quotes, each with what closes it. An apostrophe inside a word is none.
constexpr std::array<std::pair<std::string_view, std::string_view>, 6> quotes{
    {{"'", "'"}, {"\"", "\""}, {"`", "`"}, {"“", "”"}, {"‘", "’"}, {"「", "」"}}};

// How many bytes the quoted text at the front has with its quotes; 0: there is none.
std::size_t quoted_bytes(std::string_view text, char before) {
  for (const auto& [open, close] : quotes) {
    if (!text.starts_with(open)) continue;
    const std::size_t end = text.find(close, open.size());
    if (end == std::string_view::npos || end > quoted_bytes_max) return 0;
    const std::size_t bytes = end + close.size();
    const bool ascii = open.size() == 1;
    if (ascii && (is_word(before) || (bytes < text.size() && is_word(text[bytes])))) return 0;
    return bytes;
  }
  return 0;
}

// "2026-11-21", "2026-11-21T05:04:54.646Z", "05:04:54".
bool is_time(std::string_view run) {
  const auto dashes = std::ranges::count(run, '-');
  const auto colons = std::ranges::count(run, ':');
  const bool shape = all(
      run, [](char c) { return is_digit(c) || c == '-' || c == ':' || c == '.' || c == '+' || c == 'T' || c == 'Z'; });
  return shape && (colons >= 2 || (dashes == 2 && run.size() >= 8));
}

bool is_address(std::string_view run) {
  const std::size_t at = run.find('@');
  if (at != std::string_view::npos) return at > 0 && run.find('.', at) != std::string_view::npos;
  return std::ranges::count(run, '.') == 3 && all(run, [](char c) { return is_digit(c) || c == '.' || c == ':'; });
}

// "12", "-1.5", "3.2.1", "12ms", "35%".
bool is_number(std::string_view run) {
  if (run.starts_with('-') || run.starts_with('+')) run.remove_prefix(1);
  if (run.empty() || !is_digit(run.front())) return false;
  const std::size_t unit = std::min(run.find_first_not_of("0123456789."), run.size());
  return run.size() - unit <= 2 && std::ranges::none_of(run.substr(unit), is_digit);
}

// Keys, hashes, openids: what nobody would say aloud.
bool is_id(std::string_view word) {
  const auto digits = count(word, is_digit);
  if (word.starts_with("0x") && word.size() > 4) return all(word.substr(2), is_hex);
  if (word.size() >= 8 && digits > 0 && all(word, [](char c) { return is_hex(c) || c == '-'; })) return true;
  if (telemetry::is_openid(word)) return true;
  return word.size() >= 16 && digits >= 3 && count(word, [](char c) { return is_lower(c) || is_upper(c); }) > 0;
}

// A number of three digits and more inside a word: "order_918".
void add_word(std::string_view word, std::string& out) {
  if (is_id(word)) {
    out += "<id>";
    return;
  }
  for (std::size_t at = 0; at < word.size();) {
    const std::size_t end = std::min(word.find_first_not_of("0123456789", at), word.size());
    if (end - at >= 3 || (end > at && end - at == word.size())) {
      out += "<number>";
    } else {
      out += word.substr(at, end - at);
    }
    const std::size_t next = std::min(word.find_first_of("0123456789", end), word.size());
    out += word.substr(end, next - end);
    at = next;
  }
}

// What stands between blanks.
void add_run(std::string_view run, std::string& out) {
  const std::size_t last = run.find_last_not_of(".,:;!?");
  const std::string_view tail = run.substr(std::min(last + 1, run.size()));
  run.remove_suffix(tail.size());
  if (run.find("://") != std::string_view::npos) {
    out += "<url>";
  } else if (is_time(run)) {
    out += "<time>";
  } else if (is_address(run)) {
    out += "<address>";
  } else if (is_number(run)) {
    out += "<number>";
  } else {
    while (!run.empty()) {
      const auto word = static_cast<std::size_t>(std::ranges::find_if_not(run, is_word) - run.begin());
      if (word > 0) add_word(run.substr(0, word), out);
      if (word < run.size()) out += run[word];
      run.remove_prefix(std::min(word + 1, run.size()));
    }
  }
  out += tail;
}

bool is_run(char c) { return is_word(c) || std::string_view(".:/@+%?&=#~!$*").find(c) != std::string_view::npos; }

// One part of a name between dots, dashes and underscores.
bool is_hash(std::string_view part) {
  const auto digits = count(part, is_digit);
  if (part.size() < 6 || digits == 0) return false;
  if (all(part, is_hex)) return true;
  return part.size() >= 8 && part.size() <= 32 && count(part, is_upper) > 0 && count(part, is_lower) > 0 &&
         all(part, [](char c) { return is_word(c); });
}

}  // namespace

std::string parameterised(std::string_view message) {
  message = first_line(message);
  std::string out;
  char before = ' ';
  while (!message.empty()) {
    std::size_t taken = quoted_bytes(message, before);
    if (taken > 0) {
      out += "<text>";
    } else if (is_run(message.front())) {
      taken = static_cast<std::size_t>(std::ranges::find_if_not(message, is_run) - message.begin());
      add_run(message.substr(0, taken), out);
    } else {
      taken = 1;
      out += message.front();
    }
    before = message[taken - 1];
    message.remove_prefix(taken);
  }
  return out;
}

std::string without_hash(std::string_view file) {
  const std::size_t slash = file.rfind('/');
  const std::size_t base = slash == std::string_view::npos ? 0 : slash + 1;
  std::string out(file.substr(0, base));
  std::string_view rest = file.substr(base);
  while (!rest.empty()) {
    const std::size_t start = rest.find_first_not_of(".-_~");
    const std::size_t from = std::min(start, rest.size());
    const std::size_t end = std::min(rest.find_first_of(".-_~", from), rest.size());
    if (!is_hash(rest.substr(from, end - from))) out += rest.substr(0, end);
    rest.remove_prefix(end);
  }
  return out;
}

std::string plain_function(std::string_view function) {
  function = telemetry::trim(function.substr(0, function.find(" [")));
  for (const std::string_view word : {"async ", "new ", "get ", "set ", "bound "})
    if (function.starts_with(word)) function.remove_prefix(word.size());
  if (function.ends_with(" code")) return "";  // "global code": WebKit's name of what is in no function
  const std::size_t dot = function.rfind('.');
  if (dot != std::string_view::npos) function.remove_prefix(dot + 1);
  const bool unnamed = function.starts_with('<') || function == "anonymous" || function == "?";
  return unnamed || function.size() <= 2 ? std::string() : std::string(function);
}

}  // namespace miniops::issues
