#include "sandbox/page_files.hpp"

#include <algorithm>

namespace miniops::sandbox_page {
std::span<const EmbeddedFile> files();
}

namespace miniops::sandbox {

namespace {

constexpr std::string_view policy =
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; connect-src 'self' ws: wss:; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

net::Response file_response(const net::Request& request, std::string_view path) {
  const auto file = page_file(path);
  if (!file) return net::problem({"sandbox.unknown_file", "no such file", ErrorKind::not_found}, request);
  net::Response response = net::Response::bytes(std::string(file->bytes), std::string(file->content_type));
  response.headers.set("Content-Security-Policy", std::string(policy));
  response.headers.set("X-Content-Type-Options", "nosniff");
  response.headers.set("Cache-Control", "no-cache");
  return response;
}

Task<net::Response> answer_index(net::Request& request) { co_return file_response(request, "index.html"); }
Task<net::Response> answer_file(net::Request& request) { co_return file_response(request, request.param("name")); }

}  // namespace

std::optional<EmbeddedFile> page_file(std::string_view path) {
  const auto files = sandbox_page::files();
  const auto found = std::ranges::find(files, path, &EmbeddedFile::path);
  return found == files.end() ? std::nullopt : std::optional(*found);
}

void mount_page(net::Router& router) {
  router.add({net::Method::get, "/", "none", ""}, answer_index);
  router.add({net::Method::get, "/page/{name*}", "none", ""}, answer_file);
}

}  // namespace miniops::sandbox
