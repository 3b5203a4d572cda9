// How often each value of a field stands in lines. Pure.
#pragma once

#include "logs/line.hpp"

namespace miniops::logs {

struct ValueCount {
  std::string value;  // to show
  std::string query;  // what finds it: "level:warn"
  double count = 0;
};

struct FieldCount {
  std::string name;  // as in the query language
  bool property = false;
  bool exact = false;                // of all lines, and not of the newest only
  double lines = 0;                  // how many were looked at
  double count = 0;                  // how many of them have it
  std::vector<ValueCount> values{};  // the commonest first
};

struct FieldCounts {
  std::vector<FieldCount> fields{};
  std::size_t lines = 0;
};

// The query that finds a value of a field, or of a property.
std::string query_for(const FieldInfo* info, const std::string& name, const std::string& value);

// The fields whose values are few enough to be listed.
bool is_listed(const FieldInfo& info);

// The listed fields, then the most frequent properties.
FieldCounts count_fields(const std::vector<Line>& lines);
// One of them, or another field or property by its name.
FieldCount count_field(const std::vector<Line>& lines, const std::string& name, std::size_t top);

}  // namespace miniops::logs
