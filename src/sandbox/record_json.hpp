// What the control calls and the live feed show of the world.
#pragma once

#include <boost/json/object.hpp>
#include <string>
#include <string_view>

#include "sandbox/world.hpp"

namespace miniops::sandbox {

json::object app_json(const App& app);  // without its secrets
json::object user_json(const User& user, TimeMs now);
json::object bubble_json(const Bubble& bubble);
json::object push_json(const PushRecord& push);
json::object call_json(const CallRecord& call);
json::object fault_json(const Fault& fault);

// Secrets and tokens never get into a record: their values become "xxxx…".
std::string masked_query(std::string_view query);
std::string masked_body(std::string_view content_type, std::string_view body);

}  // namespace miniops::sandbox
