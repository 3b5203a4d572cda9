#include "logs/saved.hpp"

namespace miniops::logs {

namespace {

constexpr std::array<std::string_view, 6> states{"waiting", "running", "done", "failed", "cancelled", "interrupted"};

}  // namespace

std::string_view to_string(ExportState state) { return states.at(static_cast<std::size_t>(state)); }

ExportState parse_export_state(std::string_view text) {
  const auto found = std::ranges::find(states, text);
  return found == states.end() ? ExportState::failed : static_cast<ExportState>(found - states.begin());
}

std::string_view to_string(Format format) { return format == Format::csv ? "csv" : "jsonl"; }

}  // namespace miniops::logs
