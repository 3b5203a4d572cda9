// The reason phrase of a status.
#pragma once

#include <string_view>

namespace miniops::net {

std::string_view reason_phrase(int status);

}  // namespace miniops::net
