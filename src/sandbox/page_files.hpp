// The sandbox's page, compiled in: phones to chat on, pushes and calls to look at.
#pragma once

#include <optional>
#include <string_view>

#include "base/embedded.hpp"
#include "net/router.hpp"

namespace miniops::sandbox {

std::optional<EmbeddedFile> page_file(std::string_view path);
// GET / and GET /page/…
void mount_page(net::Router& router);

}  // namespace miniops::sandbox
