// The API's form of clocks, and of what the desk shows and tells of them.
#pragma once

#include <boost/json/array.hpp>

#include "base/json.hpp"
#include "service_levels/marks.hpp"
#include "service_levels/notice.hpp"
#include "service_levels/reports.hpp"

namespace miniops::service_levels {

json::object to_json(const ServiceClock& clock, TimeMs now);
json::array to_json(const std::vector<Mark>& marks);
json::object to_json(const Notice& notice);
json::object to_json(const Tally& tally, TallyBy by);

// Days since 1970 as "2026-10-01", from 1970 to 2199.
std::string date_text(std::int64_t day);
std::optional<std::int64_t> parse_date(std::string_view text);

}  // namespace miniops::service_levels
