#include "sandbox/pictures.hpp"

#include <fmt/format.h>

#include "sandbox/page_files.hpp"

namespace miniops::sandbox {

std::optional<EmbeddedFile> built_in_picture(std::string_view name) {
  return page_file(fmt::format("pictures/{}.png", name));
}

}  // namespace miniops::sandbox
