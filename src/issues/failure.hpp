// What an error record says went wrong, whatever client sent it. Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "issues/words.hpp"
#include "telemetry/decode/json.hpp"
#include "telemetry/record.hpp"

namespace miniops::issues {

// One call of a stack.
struct Frame {
  std::string function;  // "" when it has no name
  std::string file;      // without scheme and host: "pages/index/index.js"
  int line = 0;          // from 1; 0: unknown
  int column = 0;        // the same
  bool in_app = true;    // false: WeChat's base library, packages, a monitoring SDK
  std::string code{};    // the source's line, when it is known
  bool operator==(const Frame&) const = default;
};

struct Exception {
  std::string type, message;
  std::vector<Frame> frames{};  // the newest call first
};

struct Failure {
  Kind kind = Kind::js;
  std::vector<Exception> exceptions{};     // what was thrown, then its causes; at least one
  std::vector<std::string> fingerprint{};  // the client's own grouping
  std::string api, errno_text;             // Kind::api
  std::string method, url;                 // Kind::network; Kind::resource: url
  int status = 0;
  bool handled = false;
  bool refused = false;  // a person or a permission said no
  bool memory = false;   // Kind::crash: memory was low
  const Exception& thrown() const { return exceptions.front(); }
};

inline constexpr std::size_t frames_max = 100;  // of one exception, the newest

Kind kind_of(std::string_view name);
// `json` is the caller's parser; nothing of the result points into it.
Failure failure_of(const telemetry::Record& record, telemetry::Json& json);

// "pages/index/index.js" of "app:///pages/index/index.js", "https://usr/pages/index/index.js"; "app-service.js" of
// WeChat's other names for the merged file.
std::string plain_file(std::string_view name);
// Of a source map: "src/pages/index/index.vue" of "webpack://shop/./src/pages/index/index.vue?1a2b".
std::string plain_source(std::string_view name);
// Whether the mini program's people wrote what stands in this file.
bool is_app_file(std::string_view file);

}  // namespace miniops::issues
