// A record as a line of the log, as one reader may see it.
#pragma once

#include "logs/query/fields.hpp"
#include "logs/query/highlight.hpp"
#include "logs/source.hpp"
#include "telemetry/masking.hpp"

namespace miniops::logs {

struct Line {
  telemetry::Kind kind = telemetry::Kind::log;
  telemetry::NamedRow found;  // its text and properties are in the two below
  std::string text;
  json::object properties;
};

// With `mask`, the personal data in text and properties is hidden.
Line line_of(telemetry::Kind kind, telemetry::NamedRow found, const telemetry::Masker* mask);

// Where a line is: what its id says.
struct LineId {
  telemetry::Kind kind = telemetry::Kind::log;
  TimeMs at = 0;
  std::int64_t sequence = 0;
  events::RowPlace place() const { return {at, sequence}; }
};
std::string to_string(const LineId& id);  // "4-1763701200000-17"
std::optional<LineId> parse_line_id(std::string_view text);
LineId id_of(const Line& line);

// What a column of a list or an export shows: "at", "time", "id", "properties", "properties.<name>" and the fields of
// the query language.
bool is_column(std::string_view name);
json::value column(const Line& line, std::string_view name);  // null: it has none
// The same as text; "" for none.
std::string column_text(const Line& line, std::string_view name);

// The property of that name, or b of the object a for "a.b"; nullptr: there is none.
const json::value* find_property(const json::object& properties, std::string_view name);

json::object to_json(const Line& line, const Highlighter* highlighter);

}  // namespace miniops::logs
