#include "logs/field_counts.hpp"

#include "logs/query/query.hpp"
#include "logs/query/term.hpp"

namespace miniops::logs {

namespace {

constexpr std::size_t values_of_a_field = 10;
constexpr std::size_t properties_max = 20;
constexpr std::size_t value_bytes_max = 200;  // longer ones are no values to choose from

using Counts = std::map<std::string, double>;

FieldCount counted(const FieldInfo* info, const std::string& name, const Counts& counts, double lines,
                   std::size_t top) {
  FieldCount field{info ? std::string(info->name) : std::string(property_prefix) + name, !info, false, lines, 0, {}};
  for (const auto& [value, count] : counts) {
    field.count += count;
    field.values.push_back({value, query_for(info, name, value), count});
  }
  std::ranges::sort(field.values, {},
                    [](const ValueCount& one) { return std::pair(-one.count, std::string_view(one.value)); });
  if (field.values.size() > top) field.values.resize(top);
  return field;
}

double weight_of(const std::vector<Line>& lines) {
  double weight = 0;
  for (const Line& line : lines) weight += line.found.row.weight;
  return weight;
}

Counts counts_of(const std::vector<Line>& lines, std::string_view column_name) {
  Counts counts;
  for (const Line& line : lines)
    if (std::string value = column_text(line, column_name); !value.empty() && value.size() <= value_bytes_max)
      counts[std::move(value)] += line.found.row.weight;
  return counts;
}

// Properties of properties, too: as a.b.
void count_properties(const json::object& properties, const std::string& prefix, double weight,
                      std::map<std::string, Counts>& out) {
  for (const auto& [key, value] : properties) {
    const std::string name = prefix + std::string(key);
    if (value.is_object()) {
      if (prefix.empty()) count_properties(value.as_object(), name + ".", weight, out);
      continue;
    }
    if (value.is_null() || value.is_array()) continue;
    std::string text = value.is_string() ? std::string(value.as_string()) : json::serialize(value);
    if (!text.empty() && text.size() <= value_bytes_max) out[name][std::move(text)] += weight;
  }
}

}  // namespace

std::string query_for(const FieldInfo* info, const std::string& name, const std::string& value) {
  Query term;
  term.op = Query::Op::term;
  term.field = info ? std::string(info->name) : name;
  term.property = !info;
  const bool number = info && (info->sort == Sort::number || info->sort == Sort::value || info->sort == Sort::level);
  const bool whole = !info || info->sort == Sort::text;
  term.value = {number ? Value::Form::compare : whole ? Value::Form::equals : Value::Form::text, value};
  // A device is found by what is shown of it, and not by all that is known.
  if (info && info->field == events::Field::device && info->on == events::Predicate::On::field)
    term.value.form = Value::Form::text;
  return print(term);
}

bool is_listed(const FieldInfo& info) {
  using events::Field;
  return info.on == events::Predicate::On::field && info.field != Field::session && info.field != Field::page_view &&
         info.field != Field::trace && info.field != Field::person;
}

FieldCounts count_fields(const std::vector<Line>& lines) {
  FieldCounts out{{}, lines.size()};
  const double weight = weight_of(lines);
  for (const FieldInfo& info : fields()) {
    if (!is_listed(info)) continue;
    FieldCount field = counted(&info, "", counts_of(lines, info.name), weight, values_of_a_field);
    if (!field.values.empty()) out.fields.push_back(std::move(field));
  }
  std::map<std::string, Counts> properties;
  for (const Line& line : lines) count_properties(line.properties, "", line.found.row.weight, properties);
  std::vector<FieldCount> named;
  for (const auto& [name, counts] : properties)
    named.push_back(counted(nullptr, name, counts, weight, values_of_a_field));
  std::ranges::sort(named, {}, [](const FieldCount& one) { return std::pair(-one.count, std::string_view(one.name)); });
  if (named.size() > properties_max) named.resize(properties_max);
  std::ranges::move(named, std::back_inserter(out.fields));
  return out;
}

FieldCount count_field(const std::vector<Line>& lines, const std::string& name, std::size_t top) {
  const NamedField field = named_field(name);
  const std::string shown = field.info ? field.name : std::string(property_prefix) + field.name;
  return counted(field.info, field.name, counts_of(lines, shown), weight_of(lines), top);
}

}  // namespace miniops::logs
