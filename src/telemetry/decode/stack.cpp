#include "telemetry/decode/stack.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include "telemetry/decode/text.hpp"

namespace miniops::telemetry {

namespace {

constexpr std::size_t frames_max = 100;
constexpr std::size_t line_bytes_max = 2000;

bool is_name_char(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '$';
}

bool drop_prefix(std::string_view& text, std::string_view prefix) {
  if (!text.starts_with(prefix)) return false;
  text.remove_prefix(prefix.size());
  return true;
}

void drop_segment(std::string_view& path) {
  const std::size_t end = path.find('/');
  path = end == std::string_view::npos ? std::string_view() : path.substr(end + 1);
}

std::string_view next_line(std::string_view& text) {
  const std::size_t end = std::min(text.find('\n'), text.size());
  std::string_view line = text.substr(0, end);
  text.remove_prefix(std::min(end + 1, text.size()));
  if (line.ends_with('\r')) line.remove_suffix(1);
  return line;
}

// Takes ":12" off the end; 0 when there is none.
int take_number(std::string_view& text) {
  const std::size_t colon = text.rfind(':');
  if (colon == std::string_view::npos || colon + 1 == text.size() || text.size() - colon > 10) return 0;
  int number = 0;
  const auto [end, problem] = std::from_chars(text.data() + colon + 1, text.data() + text.size(), number);
  if (problem != std::errc() || end != text.data() + text.size() || number < 0) return 0;
  text = text.substr(0, colon);
  return number;
}

Frame frame_of(std::string_view function, std::string_view place) {
  Frame frame;
  frame.column = take_number(place);
  frame.line = take_number(place);
  if (frame.line == 0) std::swap(frame.line, frame.column);  // "file:12"
  frame.function = function.empty() ? std::string("?") : std::string(function);
  frame.file = normal_file(place);
  frame.in_app = !is_library_file(place);
  return frame;
}

std::optional<Frame> parse_v8_line(std::string_view line) {
  line = trim(line);
  if (!drop_prefix(line, "at ")) return std::nullopt;
  const std::size_t open = line.find(" (");
  if (open == std::string_view::npos || !line.ends_with(')')) return frame_of("", line);
  return frame_of(line.substr(0, open), line.substr(open + 2, line.size() - open - 3));
}

std::optional<Frame> parse_jsc_line(std::string_view line) {
  line = trim(line);
  const std::size_t at = line.find('@');
  const std::string_view function = line.substr(0, at);
  // "global code", "eval code": the only names with a blank.
  if (at == std::string_view::npos || (function.contains(' ') && !function.ends_with(" code"))) return std::nullopt;
  const Frame frame = frame_of(function, line.substr(at + 1));
  // An address for mail has an '@' too; a place has a line, or is the engine itself.
  return frame.line > 0 || frame.file == "[native code]" ? std::optional(frame) : std::nullopt;
}

constexpr std::array<std::string_view, 5> wechat_prefixes{"MiniProgramError", "APP-SERVICE-SDK", "webviewScriptError",
                                                          "thirdScriptError", "appServiceSDKScriptError"};

// "…;at pages/index/index page onLoad function": where WeChat says which page it was.
std::string page_in(std::string_view line) {
  const std::size_t at = line.find(";at ");
  const std::size_t end = at == std::string_view::npos ? at : line.find(" page", at + 4);
  return end == std::string_view::npos ? std::string() : page_of(line.substr(at + 4, end - at - 4));
}

std::string_view without_page(std::string_view line) { return trim(line.substr(0, line.find(";at "))); }

}  // namespace

std::string normal_file(std::string_view name) {
  name = trim(name.substr(0, name.find_first_of("?#")));
  const bool no_file = name.empty() || name.starts_with('<') || name.starts_with('[') || name == "native";
  if (no_file || name.starts_with("webpack:")) return std::string(name);
  const bool of_app = drop_prefix(name, "app:///") || drop_prefix(name, "weapp:///");
  if (!of_app && (drop_prefix(name, "https://") || drop_prefix(name, "http://"))) {
    const std::string_view host = name.substr(0, name.find('/'));
    drop_segment(name);
    if (host == "servicewechat.com") {  // …/<appid>/<version>/
      drop_segment(name);
      drop_segment(name);
    }
  }
  while (drop_prefix(name, "/") || drop_prefix(name, "appservice/") || drop_prefix(name, "app-service/") ||
         drop_prefix(name, "WAService/")) {
  }
  return "app:///" + std::string(name);
}

bool is_library_file(std::string_view name) {
  name = trim(name.substr(0, name.find_first_of("?#")));
  if (name.empty() || name.starts_with('<') || name.starts_with('[') || name == "native") return true;
  drop_prefix(name, "app:///");
  if (name.starts_with("node:") || name.starts_with("https://lib/")) return true;
  while (!name.empty()) {
    const std::size_t end = std::min(name.find('/'), name.size());
    const std::string_view part = name.substr(0, end);
    if (part == "node_modules" || part == "npm" || part == "miniprogram_npm" || part.starts_with("vendor") ||
        part.starts_with("WAService") || part.starts_with("WASubContext") || part.starts_with("WAGame"))
      return true;
    name.remove_prefix(std::min(end + 1, name.size()));
  }
  return false;
}

std::vector<Frame> parse_stack(std::string_view text) {
  std::vector<Frame> frames;
  while (!text.empty() && frames.size() < frames_max) {
    const std::string_view line = next_line(text).substr(0, line_bytes_max);
    auto frame = parse_v8_line(line);
    if (!frame) frame = parse_jsc_line(line);
    if (frame) frames.push_back(std::move(*frame));
  }
  std::ranges::reverse(frames);
  return frames;
}

std::optional<TypedMessage> split_type(std::string_view line) {
  line = trim(line);
  drop_prefix(line, "Uncaught ");
  const std::size_t colon = line.substr(0, 100).find(": ");
  if (colon == std::string_view::npos) return std::nullopt;
  const std::string_view type = line.substr(0, colon);
  const bool name = !type.empty() && std::ranges::all_of(type, is_name_char);
  if (!name || !(type.ends_with("Error") || type.ends_with("Exception"))) return std::nullopt;
  return TypedMessage{type, trim(line.substr(colon + 2))};
}

std::optional<WechatError> parse_wechat_error(std::string_view text) {
  WechatError error;
  for (std::string_view prefix : wechat_prefixes) {
    if (!text.starts_with(prefix) || (text.size() > prefix.size() && is_name_char(text[prefix.size()]))) continue;
    error.type = prefix;
    text.remove_prefix(prefix.size());
    break;
  }
  if (error.type.empty()) return std::nullopt;
  while (!text.empty() && (text.front() == ':' || text.front() == ';' || trim(text.substr(0, 1)).empty()))
    text.remove_prefix(1);
  error.frames = parse_stack(text);
  bool typed = false;
  for (std::string_view rest = text; !rest.empty();) {
    const std::string_view line = next_line(rest);
    if (error.page.empty()) error.page = page_in(line);
    if (error.message.empty() && !trim(line).empty()) error.message = without_page(line);
    if (const auto parts = split_type(line); parts && !typed) {
      typed = true;
      error.type = parts->type;
      error.message = without_page(parts->message);
    }
  }
  return error;
}

}  // namespace miniops::telemetry
