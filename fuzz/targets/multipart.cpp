#include "net/client.hpp"
#include "targets/fuzz.hpp"

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace miniops;
  fuzz::Input in(data, size);
  const std::string_view type = in.line();
  const std::string_view body = in.rest();
  if (const auto parts = net::parse_multipart(type, body, 8)) {
    std::size_t bytes = 0;
    for (const net::Part& part : *parts) bytes += part.bytes.size();
    fuzz::require(parts->size() <= 8 && bytes <= body.size());
  }
  // What we write ourselves is read back, whatever the file holds.
  constexpr std::string_view boundary = "a-boundary-that-is-in-no-seed-5f2e";
  if (body.find(boundary) != std::string_view::npos) return 0;
  const net::Multipart file = net::multipart_file("media", "a.png", "image/png", body, boundary);
  const auto back = net::parse_multipart(file.content_type, file.body, 8);
  fuzz::require(back && back->size() == 1 && (*back)[0].bytes == body && (*back)[0].name == "media");
  return 0;
}
