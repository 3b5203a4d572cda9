// What an address asks. Private to the module.
#pragma once

#include "net/http.hpp"
#include "performance/errors.hpp"
#include "performance/service.hpp"

namespace miniops::performance {

// A whole number; `otherwise` where it is not given.
Result<std::int64_t> number_in(const net::Request& request, std::string_view name, std::int64_t otherwise,
                               std::int64_t min, std::int64_t max);
// from, to, offset_minutes and the filters.
Result<Question> question_in(const net::Request& request, TimeMs now);
Result<Metric> metric_in(const net::Request& request);
Result<Dimension> dimension_in(const net::Request& request, std::string_view name, std::string_view otherwise,
                               std::initializer_list<std::string_view> allowed = {});
// a_from … b_release. A side without times: b is the last day; a is as long just before b, or the same as b when both
// name a release.
Result<std::pair<Side, Side>> sides_in(const net::Request& request, TimeMs now);

// The word of a list, as its value.
template <class Choices>
auto choice_in(const net::Request& request, std::string_view name, std::string_view otherwise, const Choices& choices)
    -> Result<std::remove_cvref_t<decltype(choices.begin()->second)>> {
  const std::string word = request.query_value(name).value_or(std::string(otherwise));
  for (const auto& [known, value] : choices)
    if (known == word) return value;
  return fail(errors::invalid(name, "is none of those that are there"));
}

}  // namespace miniops::performance
