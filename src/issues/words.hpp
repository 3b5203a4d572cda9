// The words of the module, as people and the API have them.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

namespace miniops::issues {

// blank_screen and crash are suspected: no hook tells of them.
enum class Kind : std::uint8_t { js, api, network, resource, blank_screen, crash };
std::string_view to_string(Kind kind);
std::optional<Kind> parse_kind(std::string_view text);

// 发现 → 分类 → 定位 → 修复 → 发布. `fixed`: the fix is made; `released`: a release that has it was seen.
enum class Workflow : std::uint8_t { found, classified, located, fixed, released };
std::string_view to_string(Workflow state);
std::optional<Workflow> parse_workflow(std::string_view text);
inline bool is_resolved(Workflow state) { return state >= Workflow::fixed; }

enum class Severity : std::uint8_t { p0, p1, p2, p3 };
std::string_view to_string(Severity severity);  // "P0" …
std::optional<Severity> parse_severity(std::string_view text);

// The two layers of a mini program's source maps. build: the build tool's, from its output to the source. wechat: of
// WeChat's upload, from the merged file on the phone to the build tool's output.
enum class Layer : std::uint8_t { build, wechat };
std::string_view to_string(Layer layer);
std::optional<Layer> parse_layer(std::string_view text);

}  // namespace miniops::issues
