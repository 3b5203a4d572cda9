// Files compiled into the program: the console, the sandbox's page, the OpenAPI document (cmake/embed.cmake).
#pragma once

#include <span>
#include <string_view>

namespace miniops {

struct EmbeddedFile {
  std::string_view path;  // "assets/index-abc.js"
  std::string_view content_type;
  std::string_view bytes;
};

}  // namespace miniops
