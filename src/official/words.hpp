// The words of the module, and China's days, by which WeChat counts.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.hpp"

namespace miniops::official {

enum class Source : std::uint8_t { performance, js_errors, logs, feedback, scenes, versions };
inline constexpr std::array<Source, 6> sources{Source::performance, Source::js_errors, Source::logs,
                                               Source::feedback,    Source::scenes,    Source::versions};
std::string_view to_string(Source source);
std::optional<Source> parse_source(std::string_view text);

// WeChat's cost_time_type.
enum class Metric : std::uint8_t { launch = 1, download, first_render };
inline constexpr std::array<Metric, 3> metrics{Metric::launch, Metric::download, Metric::first_render};
std::string_view to_string(Metric metric);
std::optional<Metric> parse_metric(std::string_view text);

// "all" "ios" "android"; WeChat's "@_all" "1" "2".
inline constexpr std::array<std::pair<std::string_view, std::string_view>, 3> devices{
    {{"all", "@_all"}, {"ios", "1"}, {"android", "2"}}};
inline constexpr std::array<std::string_view, 5> networks{"all", "wifi", "4g", "3g", "2g"};

// Days since 1970 in China.
inline constexpr TimeMs china_ms = 8 * hour_ms;
inline std::int64_t china_day(TimeMs at) { return (at + china_ms) / day_ms; }
inline TimeMs start_of_day(std::int64_t day) { return day * day_ms - china_ms; }
std::string date_text(std::int64_t day);                        // "20261120"
std::string dashed_date(std::int64_t day);                      // "2026-11-20"
std::optional<std::int64_t> parse_date(std::string_view text);  // of either form
std::string time_text(TimeMs at);                               // "2026-11-20 08:00:00"
TimeMs parse_time(std::string_view text);                       // of that form; 0: it is none

}  // namespace miniops::official
