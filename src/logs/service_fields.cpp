// Statistics of fields, and what is offered while a query is written. The second part of service.hpp.
#include "base/text.hpp"
#include "logs/errors.hpp"
#include "logs/query/term.hpp"
#include "logs/service.hpp"
#include "telemetry/numbers.hpp"

namespace miniops::logs {

namespace {

using telemetry::Asked;
using telemetry::NamedPoint;
using telemetry::NamedRow;

constexpr int rows_of_a_page = 250;
constexpr std::size_t sample_lines = 1000;
constexpr std::size_t sample_bytes_max = 16 << 20;
constexpr TimeMs offered_ms = minute_ms;
constexpr std::size_t offered_max = 500;
constexpr int offered_values = 100;
constexpr std::size_t value_chars_max = 200;

// Names of properties stand in the same cache as values of fields.
std::string key_of(const AppId& appid, Source source, const Place& place, bool personal) {
  const std::string name = place.what == Place::What::value ? (place.property ? "p:" : "f:") + place.field : "";
  return fmt::format("{} {} {} {}", appid.str(), to_string(source), personal, name);
}

std::string shown_value(const FieldInfo* info, const NamedPoint& named) {
  if (!info) return truncate_chars(named.point.text_key, value_chars_max);
  if (info->field != events::Field::device) return named.name;
  const telemetry::Device device = telemetry::device_of_word(named.name);
  return device.brand.empty() || device.model.empty() ? device.brand + device.model : device.brand + " " + device.model;
}

}  // namespace

Task<Result<std::vector<Line>>> Service::sample(Access access, Question question, std::size_t lines_max) {
  auto asked_now = co_await asked(access.appid(), std::move(question));
  if (!asked_now) co_return std::unexpected(asked_now.error());
  std::vector<Line> lines;
  std::size_t bytes = 0;
  events::RowsQuestion rows{{}, rows_of_a_page, {}, {}};
  while (lines.size() < lines_max && bytes < sample_bytes_max) {
    auto found = co_await with_.records.rows(access, *asked_now, rows);
    if (!found) co_return std::unexpected(found.error());
    for (NamedRow& row : *found) {
      bytes += row.row.text.size() + row.row.properties.size();
      lines.push_back(line(access, asked_now->kind, std::move(row)));
    }
    if (found->size() < static_cast<std::size_t>(rows_of_a_page)) break;
    rows.before = id_of(lines.back()).place();
  }
  co_return lines;
}

Task<Result<FieldCounts>> Service::fields(Access access, Question question) {
  const auto lines = co_await sample(access, std::move(question), sample_lines);
  if (!lines) co_return std::unexpected(lines.error());
  co_return count_fields(*lines);
}

Task<Result<FieldCount>> Service::field(Access access, Question question, std::string name, int top) {
  const NamedField named = named_field(name);
  if (named.info && (named.info->on == events::Predicate::On::text || named.info->on == events::Predicate::On::value))
    co_return fail(errors::invalid("name", "names a field that is not counted by its values"));
  // Ids are counted in the newest lines: each has its own.
  const bool counted = !named.info || is_listed(*named.info) || named.info->field == events::Field::person;
  if (counted) co_return co_await exact_field(access, std::move(question), named.info, named.name, top);
  const auto lines = co_await sample(access, std::move(question), sample_lines);
  if (!lines) co_return std::unexpected(lines.error());
  co_return count_field(*lines, name, static_cast<std::size_t>(top));
}

Task<Result<FieldCount>> Service::exact_field(Access access, Question question, const FieldInfo* info,
                                              std::string property, int top) {
  auto asked_now = co_await asked(access.appid(), std::move(question));
  if (!asked_now) co_return std::unexpected(asked_now.error());
  const auto all = co_await count(access, *asked_now);
  if (!all) co_return std::unexpected(all.error());
  events::BreakdownQuestion breakdown;
  if (info) breakdown.by = info->field;
  if (!info) breakdown.by_property = property;
  breakdown.top = top + 1;  // what has no value is among them
  const auto points = co_await with_.records.breakdown(access, std::move(*asked_now), std::move(breakdown));
  if (!points) co_return std::unexpected(points.error());
  FieldCount out{info ? std::string(info->name) : std::string(property_prefix) + property, !info, true, *all, *all, {}};
  for (const NamedPoint& named : *points) {
    const bool none = info ? named.point.key == 0 : named.point.text_key.empty();
    if (none) {
      out.count -= named.point.count;
    } else if (out.values.size() < static_cast<std::size_t>(top)) {
      std::string value = shown_value(info, named);
      if (!info && !access.sees_personal_data()) value = personal_.masked(value);
      // What is beyond a dictionary's limit cannot be told apart.
      const bool others = info && named.name == "(其他)";
      out.values.push_back({value, others ? "" : query_for(info, property, value), named.point.count});
    }
  }
  co_return out;
}

// ---- completion ----

Task<Result<std::vector<std::string>>> Service::values(Access access, Source source, const Place& place) {
  const TimeMs now = with_.clock.now();
  const std::string key = key_of(access.appid(), source, place, access.sees_personal_data());
  {
    const std::scoped_lock lock(offered_mutex_);
    if (const auto found = offered_.find(key); found != offered_.end() && found->second.at + offered_ms > now)
      co_return found->second.values;
  }
  std::vector<std::string> out;
  const Question question{source, telemetry::Level::none, {}, now - day_ms, now + minute_ms};
  if (place.what == Place::What::value) {
    const std::string name = place.property ? std::string(property_prefix) + place.field : place.field;
    auto counted = co_await field(access, question, name, offered_values);
    if (!counted) co_return std::unexpected(counted.error());
    for (ValueCount& value : counted->values) out.push_back(std::move(value.value));
  } else {
    auto counted = co_await fields(access, question);
    if (!counted) co_return std::unexpected(counted.error());
    for (const FieldCount& one : counted->fields)
      if (one.property) out.push_back(one.name.substr(property_prefix.size()));
  }
  const std::scoped_lock lock(offered_mutex_);
  if (offered_.size() >= offered_max) offered_.clear();
  offered_[key] = {now, out};
  co_return out;
}

Task<Result<Completions>> Service::complete(Access access, Source source, std::string text, std::size_t cursor) {
  Completions out{place_at(text, cursor), {}};
  const Place& place = out.place;
  if (place.what == Place::What::nothing) co_return out;
  const FieldInfo* info = place.property ? nullptr : find_field(place.field);
  // Levels and builds are known; texts and ids are too many to choose from.
  const bool asked_for = place.what == Place::What::term || !info || (is_listed(*info) && info->sort != Sort::level);
  std::vector<std::string> known;
  if (asked_for) {
    auto found = co_await values(access, source, place);
    if (!found) co_return std::unexpected(found.error());
    known = std::move(*found);
  }
  const bool terms = place.what == Place::What::term;
  out.items =
      logs::complete(place, terms ? known : std::vector<std::string>{}, terms ? std::vector<std::string>{} : known);
  co_return out;
}

}  // namespace miniops::logs
