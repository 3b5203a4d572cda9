#include "issues/words.hpp"

namespace miniops::issues {

namespace {

constexpr std::array<std::string_view, 6> kind_names{"js", "api", "network", "resource", "blank_screen", "crash"};
constexpr std::array<std::string_view, 5> workflow_names{"found", "classified", "located", "fixed", "released"};
constexpr std::array<std::string_view, 4> severity_names{"P0", "P1", "P2", "P3"};
constexpr std::array<std::string_view, 2> layer_names{"build", "wechat"};

template <class Word, std::size_t n>
std::optional<Word> parse(const std::array<std::string_view, n>& names, std::string_view text) {
  for (std::size_t i = 0; i < n; ++i)
    if (names[i] == text) return static_cast<Word>(i);
  return std::nullopt;
}

}  // namespace

std::string_view to_string(Kind kind) { return kind_names[static_cast<std::size_t>(kind)]; }
std::optional<Kind> parse_kind(std::string_view text) { return parse<Kind>(kind_names, text); }

std::string_view to_string(Workflow state) { return workflow_names[static_cast<std::size_t>(state)]; }
std::optional<Workflow> parse_workflow(std::string_view text) { return parse<Workflow>(workflow_names, text); }

std::string_view to_string(Severity severity) { return severity_names[static_cast<std::size_t>(severity)]; }
std::optional<Severity> parse_severity(std::string_view text) { return parse<Severity>(severity_names, text); }

std::string_view to_string(Layer layer) { return layer_names[static_cast<std::size_t>(layer)]; }
std::optional<Layer> parse_layer(std::string_view text) { return parse<Layer>(layer_names, text); }

}  // namespace miniops::issues
