// A connection over which lines go to and fro, with TLS from the start, later (STARTTLS), or not at all. For mail.
//
// Used by one coroutine at a time, on the executor that connected it. Each operation has its own time limit; after a
// failure the stream is of no use any more.
#pragma once

#include "net/client.hpp"

namespace miniops::net {

struct LineStreamOptions {
  std::string host;
  std::uint16_t port = 0;
  bool tls = false;  // from the start
  // PEM; also believed, besides the system's authorities.
  std::string ca_certificate{};
  const AddressGuard* guard = nullptr;  // as in ClientRequest
  std::chrono::milliseconds connect_timeout{5'000};
  std::chrono::milliseconds read_timeout{30'000};
  std::chrono::milliseconds write_timeout{30'000};
  std::size_t line_bytes_max = 4096;
};

class LineStream {
 public:
  template <class T>
  using Outcome = std::expected<T, ClientFailure>;

  virtual ~LineStream() = default;
  static Task<Outcome<std::unique_ptr<LineStream>>> connect(LineStreamOptions options);

  // The next line without its end; only CRLF or LF ends one. Kind::read at the end of the stream, Kind::too_large.
  virtual Task<Outcome<std::string>> read_line() = 0;
  virtual Task<Outcome<void>> write(std::string bytes) = 0;
  // What the other side has sent already, in clear, is thrown away. The certificate must be the host's.
  virtual Task<Outcome<void>> start_tls() = 0;
  virtual bool encrypted() const = 0;
};

}  // namespace miniops::net
