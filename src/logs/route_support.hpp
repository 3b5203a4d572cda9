// What the routes read and show alike. Private to the module.
#pragma once

#include "identity/guard.hpp"
#include "logs/errors.hpp"
#include "logs/question.hpp"
#include "net/http.hpp"

namespace miniops::logs {

using Answer = Task<Result<net::Response>>;

inline constexpr std::string_view base_path = "/api/v1/miniprograms/{appid}/logs/";

// A whole number of the query; `otherwise` where it is not given.
Result<std::int64_t> number_of(const net::Request& request, std::string_view name, std::int64_t otherwise,
                               std::int64_t min, std::int64_t max);
// query, source, level, from and to.
Result<Question> question_of(const net::Request& request, TimeMs now);
Result<Source> source_of(const net::Request& request);

// The fields of a body that stand in saved queries and exports.
struct AskedInBody {
  std::string query;
  Source source = Source::log;
  telemetry::Level level = telemetry::Level::none;
  std::vector<std::string> columns{};
};
AskedInBody asked_in_body(JsonInput& in);

json::value shown_level(telemetry::Level level);  // null for none
json::array shown_columns(const std::vector<std::string>& columns);

template <class Items, class Show>
json::object shown_list(const Items& items, Show show) {
  json::array out;
  for (const auto& item : items) out.push_back(show(item));
  return {{"items", std::move(out)}, {"next_cursor", nullptr}};
}

}  // namespace miniops::logs
