// JavaScript's stacks as WeChat's runtimes write them, and the names of the files in them.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace miniops::telemetry {

struct Frame {
  std::string function;
  std::string file;  // normalised
  int line = 0;      // from 1; 0: unknown
  int column = 0;
  bool in_app = true;
  bool operator==(const Frame&) const = default;
};

// "app:///pages/index/index.js" of "https://usr/pages/index/index.js?t=1", "appservice/pages/index/index.js" …; names
// of no file ("<anonymous>") stay.
std::string normal_file(std::string_view name);
// WeChat's own base library, packages, the runtime: not written by the mini program's people.
bool is_library_file(std::string_view name);

// The frames of a stack's text, both as V8 ("    at f (file:1:2)") and as JavaScriptCore ("f@file:1:2") write them. The
// text begins with the newest, the result with the oldest, as Sentry has it; at most the 100 newest.
std::vector<Frame> parse_stack(std::string_view text);

// What WeChat hands to `onError` as one text: "MiniProgramError\n<message>\n<Type>: <message>\n    at …".
struct WechatError {
  std::string type;
  std::string message;
  std::string page;  // when the text names it
  std::vector<Frame> frames;
};
std::optional<WechatError> parse_wechat_error(std::string_view text);

// "TypeError" and "x is null" of "TypeError: x is null".
struct TypedMessage {
  std::string_view type, message;
};
std::optional<TypedMessage> split_type(std::string_view line);

}  // namespace miniops::telemetry
