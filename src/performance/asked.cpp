#include "performance/asked.hpp"

#include <algorithm>
#include <charconv>

#include "base/text.hpp"

namespace miniops::performance {

namespace {

using net::Request;

constexpr std::size_t filter_values_max = 100;
constexpr TimeMs span_max = 400 * day_ms;
constexpr std::size_t release_bytes_max = 500;

struct Words {
  std::vector<std::string> any_of;
  bool negated = false;
};

// "page=a,b" is either; "page=!a" is all others; ",," is a comma. As in telemetry's questions.
Result<std::optional<Words>> words_in(const Request& request, std::string_view name) {
  auto text = request.query_value(name);
  if (!text) return std::nullopt;
  if (!valid_utf8(*text)) return fail(errors::invalid(name, "must be UTF-8"));
  Words words{{}, text->starts_with('!')};
  if (words.negated) text->erase(0, 1);
  std::string value;
  for (std::size_t at = 0; at < text->size(); ++at) {
    if ((*text)[at] != ',')
      value += (*text)[at];
    else if (at + 1 < text->size() && (*text)[at + 1] == ',')
      value += (*text)[++at];
    else
      words.any_of.push_back(std::exchange(value, ""));
  }
  words.any_of.push_back(std::move(value));
  if (words.any_of.size() > filter_values_max) return fail(errors::invalid(name, "has too many values"));
  return words;
}

Result<std::pair<TimeMs, TimeMs>> range_in(const Request& request, const std::string& side, TimeMs otherwise_from,
                                           TimeMs otherwise_to, TimeMs now) {
  const auto to = number_in(request, side + "to", otherwise_to, 0, now + 366 * day_ms);
  if (!to) return std::unexpected(to.error());
  const TimeMs length = otherwise_to - otherwise_from;
  const auto from = number_in(request, side + "from", std::max<TimeMs>(*to - length, 0), 0, *to - 1);
  if (!from) return std::unexpected(from.error());
  if (*to - *from > span_max) return fail(errors::invalid(side + "from", "must be at most 400 days before the end"));
  return std::pair(*from, *to);
}

Result<std::string> release_in(const Request& request, const std::string& name) {
  std::string release = request.query_value(name).value_or("");
  if (release.size() > release_bytes_max || !valid_utf8(release))
    return fail(errors::invalid(name, "must be UTF-8 of at most 500 bytes"));
  return release;
}

}  // namespace

Result<std::int64_t> number_in(const Request& request, std::string_view name, std::int64_t otherwise, std::int64_t min,
                               std::int64_t max) {
  const auto text = request.query_value(name);
  if (!text) return otherwise;
  std::int64_t number = 0;
  const auto [end, problem] = std::from_chars(text->data(), text->data() + text->size(), number);
  if (problem != std::errc{} || end != text->data() + text->size() || number < min || number > max)
    return fail(errors::invalid(name, fmt::format("must be a whole number from {} to {}", min, max)));
  return number;
}

Result<Question> question_in(const Request& request, TimeMs now) {
  Question question;
  const auto range = range_in(request, "", now + minute_ms - day_ms, now + minute_ms, now);
  if (!range) return std::unexpected(range.error());
  const auto offset = number_in(request, "offset_minutes", 480, -840, 840);
  if (!offset) return std::unexpected(offset.error());
  question.from = range->first;
  question.to = range->second;
  question.offset_ms = *offset * minute_ms;
  for (const Dimension by :
       {Dimension::release, Dimension::page, Dimension::region, Dimension::network, Dimension::scene, Dimension::build,
        Dimension::device, Dimension::device_level, Dimension::os}) {
    auto words = words_in(request, to_string(by));
    if (!words) return std::unexpected(words.error());
    if (!*words) continue;
    if (is_of_device(by))
      question.devices.push_back({by, std::move((*words)->any_of), (*words)->negated});
    else
      question.filters.push_back({*column_of(by), std::move((*words)->any_of), (*words)->negated});
  }
  auto urls = words_in(request, "url");
  if (!urls) return std::unexpected(urls.error());
  if (*urls) {
    question.urls = std::move((*urls)->any_of);
    question.other_urls = (*urls)->negated;
  }
  return question;
}

Result<Metric> metric_in(const Request& request) {
  const std::string name = request.query_value("metric").value_or("startup");
  const auto metric = parse_metric(name);
  if (!metric) return fail(errors::unknown_metric(valid_utf8(name) ? truncate_chars(name, 50) : "?"));
  return *metric;
}

Result<Dimension> dimension_in(const Request& request, std::string_view name, std::string_view otherwise,
                               std::initializer_list<std::string_view> allowed) {
  const std::string word = request.query_value(name).value_or(std::string(otherwise));
  const auto dimension = parse_dimension(word);
  if (!dimension || (allowed.size() > 0 && std::ranges::find(allowed, word) == allowed.end()))
    return fail(errors::invalid(name, "is none of those that are there"));
  return *dimension;
}

Result<std::pair<Side, Side>> sides_in(const Request& request, TimeMs now) {
  Side a, b;
  for (const auto& [name, side] : {std::pair("a_release", &a), std::pair("b_release", &b)}) {
    auto release = release_in(request, name);
    if (!release) return std::unexpected(release.error());
    side->release = std::move(*release);
  }
  const auto of_b = range_in(request, "b_", now + minute_ms - day_ms, now + minute_ms, now);
  if (!of_b) return std::unexpected(of_b.error());
  std::tie(b.from, b.to) = *of_b;
  const bool same_time = !a.release.empty() && !b.release.empty();
  const TimeMs length = b.to - b.from;
  const auto of_a = range_in(request, "a_", same_time ? b.from : b.from - length, same_time ? b.to : b.from, now);
  if (!of_a) return std::unexpected(of_a.error());
  std::tie(a.from, a.to) = *of_a;
  return std::pair(a, b);
}

}  // namespace miniops::performance
