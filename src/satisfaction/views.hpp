// The API's form of satisfaction. Personal data in what customers and agents wrote is masked unless the viewer may see
// it.
#pragma once

#include "satisfaction/service.hpp"

namespace miniops::satisfaction {

json::object to_json(const Survey& survey, bool personal);
json::object to_json(const FunnelView& view, store::By by);
json::object to_json(const store::FollowUpView& view, bool personal);

}  // namespace miniops::satisfaction
