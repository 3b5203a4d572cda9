#include "app/console_files.hpp"

#include "base/embedded.hpp"
#include "base/encoding.hpp"

namespace miniops::console {
std::span<const EmbeddedFile> files();
}

namespace miniops::app {

namespace {

// Scripts, pictures and connections from here only; Ant Design writes its styles inline.
constexpr std::string_view content_security_policy =
    "default-src 'self'; img-src 'self' data: blob:; style-src 'self' 'unsafe-inline'; connect-src 'self'; "
    "object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

struct ServedFile {
  const EmbeddedFile* plain = nullptr;
  const EmbeddedFile* gzipped = nullptr;
  std::string etag;
};

using Files = std::unordered_map<std::string_view, ServedFile>;

Files index_files() {
  Files index;
  for (const EmbeddedFile& file : console::files()) {
    if (file.path.ends_with(".gz")) {
      index[file.path.substr(0, file.path.size() - 3)].gzipped = &file;
    } else {
      index[file.path].plain = &file;
      index[file.path].etag = '"' + hex(sha256(file.bytes)).substr(0, 16) + '"';
    }
  }
  return index;
}

net::Response serve(const ServedFile& file, std::string_view path, const net::Request& request) {
  const bool gzip = file.gzipped != nullptr &&
                    request.headers.get("accept-encoding").value_or("").find("gzip") != std::string_view::npos;
  net::Response response;
  if (request.headers.get("if-none-match").value_or("") == file.etag) {
    response.status = 304;
  } else {
    response = net::Response::bytes(std::string((gzip ? file.gzipped : file.plain)->bytes),
                                    std::string(file.plain->content_type));
    if (gzip) response.headers.set("Content-Encoding", "gzip");
  }
  response.headers.set("ETag", file.etag);
  response.headers.set("Vary", "Accept-Encoding");
  // Vite puts a hash of the content into the names of assets.
  response.headers.set("Cache-Control",
                       path.starts_with("assets/") ? "public, max-age=31536000, immutable" : "no-cache");
  response.headers.set("Content-Security-Policy", std::string(content_security_policy));
  return response;
}

// Paths that belong to machines get a 404, everything else the console, which has pages of its own.
bool is_page(std::string_view path) {
  for (std::string_view prefix : {"/api/", "/wechat/", "/assets/", "/metrics", "/ingest/", "/wxapi/"})
    if (path.starts_with(prefix)) return false;
  return true;
}

net::Response not_found(const net::Request& request) {
  return net::problem(Error{"request.no_such_path", "There is nothing at this path.", ErrorKind::not_found}, request);
}

using SharedFiles = std::shared_ptr<const Files>;

Task<net::Response> file_or_page(SharedFiles files, net::Request& request) {
  std::string_view path = std::string_view(request.path).substr(1);
  auto found = files->find(path);
  if (found == files->end() || found->second.plain == nullptr) {
    if (!is_page(request.path)) co_return not_found(request);
    path = "index.html";
    found = files->find(path);
  }
  if (found == files->end() || found->second.plain == nullptr) co_return not_found(request);
  co_return serve(found->second, path, request);
}

Task<net::Response> contract(SharedFiles files, net::Request& request) {
  const auto found = files->find("openapi.json");
  if (found == files->end()) co_return not_found(request);
  co_return serve(found->second, "openapi.json", request);
}

}  // namespace

void mount_console(net::Router& router) {
  const auto files = std::make_shared<const Files>(index_files());
  router.set_fallback([files](net::Request& request) { return file_or_page(files, request); });
  router.add({net::Method::get, "/api/v1/openapi.json", "none", "", 0, "openapi"},
             [files](net::Request& request) { return contract(files, request); });
}

}  // namespace miniops::app
