// What is said on a socket, both ways, besides changes. Private to the hub.
#pragma once

#include <boost/json/value.hpp>
#include <optional>
#include <set>

#include "live/ring.hpp"

namespace miniops::live {

// The number is what the client has after the changes that were missed; they follow.
std::shared_ptr<const std::string> ready_text(const AppId& appid, std::int64_t seq, bool resumed, std::int64_t missed);
// The conversations that a message names; nullopt: it is not as it must be.
std::optional<std::set<std::int64_t>> ids_in(const boost::json::value& list, std::size_t most);

}  // namespace miniops::live
