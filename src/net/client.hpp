// The HTTP client: keep-alive pools per origin, TLS with verification, limits on time and size.
#pragma once

#include <chrono>
#include <expected>
#include <memory>
#include <string>

#include "base/task.hpp"
#include "net/http.hpp"

namespace miniops::net {

class AddressGuard;

struct ClientRequest {
  Method method = Method::get;
  std::string url;  // http:// or https://
  Headers headers;
  std::string body;
  std::chrono::milliseconds connect_timeout{3'000};
  std::chrono::milliseconds total_timeout{10'000};
  std::size_t response_bytes_max = 16 << 20;
  bool fresh_connection = false;  // never reuse one
  // For an address that people have given: only to where the guard allows, on a connection of its own. It must outlive
  // the request.
  const AddressGuard* guard = nullptr;
};

struct ClientResponse {
  int status = 0;
  Headers headers;
  std::string body;
};

// Why there is no response. `bytes_left` is the question that matters: false means that no byte of the request was
// written (DNS, an address that the guard forbids, connect, TLS, or a reused connection that was found closed before
// writing), so that it may safely be sent again; true means that the other side may have acted on it.
struct ClientFailure {
  enum class Kind { bad_url, dns, not_allowed, connect, tls, write, read, timeout, too_large };
  Kind kind = Kind::connect;
  bool bytes_left = false;
  std::string what;  // for a person: no query string, no header, no body
};

// Safe from any thread; a request runs on the executor of the coroutine that awaits it.
class HttpClient {
 public:
  virtual ~HttpClient() = default;
  virtual Task<std::expected<ClientResponse, ClientFailure>> send(ClientRequest request) = 0;
};

std::unique_ptr<HttpClient> make_http_client(std::size_t idle_per_origin_max = 64);

// The body of one multipart/form-data request with a single file.
struct Multipart {
  std::string content_type;  // with the boundary
  std::string body;
};
Multipart multipart_file(std::string_view field, std::string_view filename, std::string_view content_type,
                         std::string_view bytes, std::string_view boundary);
// The parts of a multipart/form-data body (the sandbox's media/upload, the console's pictures).
// request.malformed_multipart
struct Part {
  std::string name, filename, content_type, bytes;
};
Result<std::vector<Part>> parse_multipart(std::string_view content_type, std::string_view body, std::size_t parts_max);

}  // namespace miniops::net
