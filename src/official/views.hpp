// What the console's API shows. `personal`: the caller may see who it was.
#pragma once

#include <boost/json/object.hpp>

#include "official/service.hpp"

namespace miniops::official {

json::object shown(const Status& status);
json::object shown(const SidePoint& point);
json::object shown(const store::ErrorRow& row, bool personal);
json::object shown(const store::EventRow& row, bool personal);
json::object shown(const store::LogRow& row, bool personal);
json::object shown(const Feedback& one, bool personal);

}  // namespace miniops::official
