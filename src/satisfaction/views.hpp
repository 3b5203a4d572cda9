// The API's form of satisfaction. Numbers in what customers said are masked, and revealed one by one; those in what
// agents noted are masked unless the viewer may see personal data.
#pragma once

#include "satisfaction/service.hpp"

namespace miniops::satisfaction {

json::object to_json(const Survey& survey);
json::object to_json(const FunnelView& view, store::By by);
json::object to_json(const store::FollowUpView& view, bool personal);

}  // namespace miniops::satisfaction
