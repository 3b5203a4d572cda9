// Addresses from which WeChat pushes: single addresses and CIDR blocks, as getcallbackip gives them.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace miniops::gateway {

// An entry that is no address or block matches nothing.
bool address_in(std::string_view address, const std::vector<std::string>& blocks);

}  // namespace miniops::gateway
