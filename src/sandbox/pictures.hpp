// Pictures that come with the sandbox, for users who have none at hand: order, parcel, payment, broken.
#pragma once

#include <optional>
#include <string_view>

#include "base/embedded.hpp"

namespace miniops::sandbox {

std::optional<EmbeddedFile> built_in_picture(std::string_view name);

}  // namespace miniops::sandbox
