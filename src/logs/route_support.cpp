#include "logs/route_support.hpp"

#include <charconv>

#include "base/text.hpp"
#include "logs/line.hpp"

namespace miniops::logs {

namespace {

constexpr std::size_t columns_max = 30;

Result<telemetry::Level> level_of(const net::Request& request) {
  const auto text = request.query_value("level");
  if (!text || text->empty()) return telemetry::Level::none;
  const auto level = telemetry::parse_level(*text);
  if (!level || *level == telemetry::Level::none)
    return fail(errors::invalid("level", "must be debug, info, warn, error or fatal"));
  return *level;
}

}  // namespace

Result<std::int64_t> number_of(const net::Request& request, std::string_view name, std::int64_t otherwise,
                               std::int64_t min, std::int64_t max) {
  const auto text = request.query_value(name);
  if (!text) return otherwise;
  std::int64_t number = 0;
  const auto [end, problem] = std::from_chars(text->data(), text->data() + text->size(), number);
  if (problem != std::errc{} || end != text->data() + text->size() || number < min || number > max)
    return fail(errors::invalid(name, fmt::format("must be a whole number from {} to {}", min, max)));
  return number;
}

Result<Source> source_of(const net::Request& request) {
  const auto source = parse_source(request.query_value("source").value_or("log"));
  if (!source) return fail(errors::invalid("source", "is none of those that are there"));
  return *source;
}

Result<Question> question_of(const net::Request& request, TimeMs now) {
  const auto source = source_of(request);
  if (!source) return std::unexpected(source.error());
  const auto level = level_of(request);
  if (!level) return std::unexpected(level.error());
  const auto to = number_of(request, "to", now + minute_ms, 0, now + 366 * day_ms);
  if (!to) return std::unexpected(to.error());
  const auto from = number_of(request, "from", std::max<TimeMs>(*to - day_ms, 0), 0, *to);
  if (!from) return std::unexpected(from.error());
  auto query = read_query(request.query_value("query").value_or(""));
  if (!query) return std::unexpected(query.error());
  return Question{*source, *level, std::move(*query), *from, *to};
}

AskedInBody asked_in_body(JsonInput& in) {
  AskedInBody out;
  out.query = in.optional_text("query", {0, query_chars_max}).value_or("");
  const auto source = in.optional_choice("source", {"log", "run", "custom", "request", "behaviour", "system", "error"});
  out.source = source ? parse_source(*source).value_or(Source::log) : Source::log;
  const auto level = in.optional_choice("level", {"debug", "info", "warn", "error", "fatal"});
  out.level = level ? telemetry::parse_level(*level).value_or(telemetry::Level::none) : telemetry::Level::none;
  out.columns = in.optional_texts("columns", columns_max, {1, 200});
  for (const std::string& name : out.columns)
    if (!is_column(name)) in.mistake("columns", "names what is no column: " + truncate_chars(name, 50));
  return out;
}

json::value shown_level(telemetry::Level level) {
  return level == telemetry::Level::none ? json::value(nullptr) : json::value(telemetry::to_string(level));
}

json::array shown_columns(const std::vector<std::string>& columns) {
  json::array out;
  for (const std::string& name : columns) out.emplace_back(name);
  return out;
}

}  // namespace miniops::logs
