// Pictures by their first bytes; what a sender calls them is not believed.
#pragma once

#include <string_view>

namespace miniops::gateway {

inline constexpr std::size_t picture_bytes_max = 2 << 20;

// "image/png", "image/jpeg", "image/gif"; empty for anything else.
inline std::string_view sniff_picture(std::string_view bytes) {
  using namespace std::string_view_literals;
  if (bytes.starts_with("\x89PNG\r\n\x1a\n"sv)) return "image/png";
  if (bytes.starts_with("\xff\xd8\xff"sv)) return "image/jpeg";
  if (bytes.starts_with("GIF87a"sv) || bytes.starts_with("GIF89a"sv)) return "image/gif";
  return {};
}

inline std::string_view extension_of(std::string_view content_type) {
  if (content_type == "image/png") return "png";
  if (content_type == "image/gif") return "gif";
  return "jpg";
}

}  // namespace miniops::gateway
