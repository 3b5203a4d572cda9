// A TCP connection, with TLS or without, as one type that Asio's and Beast's algorithms take.
//
// Internal to net. Used from one thread at a time, as a socket is.
#pragma once

#include <sys/socket.h>

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <variant>

#include "base/task.hpp"

namespace miniops::net {

using ErrorCode = boost::system::error_code;

// Awaits an operation and puts its failure into `error` instead of throwing.
inline auto into(ErrorCode& error) { return boost::asio::redirect_error(boost::asio::use_awaitable, error); }

class Wire {
 public:
  using Socket = boost::asio::ip::tcp::socket;
  using Tls = boost::asio::ssl::stream<Socket>;
  using executor_type = Socket::executor_type;
  using next_layer_type = Socket;  // so that Beast finds the lowest layer

  explicit Wire(Socket socket) : stream_(std::move(socket)) {}
  Wire(Socket socket, boost::asio::ssl::context& context)
      : stream_(std::in_place_type<Tls>, std::move(socket), context) {}

  executor_type get_executor() { return socket().get_executor(); }
  Tls* tls() { return std::get_if<Tls>(&stream_); }
  Socket& socket() {
    if (Tls* const with_tls = tls()) return with_tls->next_layer();
    return std::get<Socket>(stream_);
  }
  Socket& next_layer() { return socket(); }

  template <class Buffers, class Token>
  auto async_read_some(const Buffers& buffers, Token&& token) {
    if (Tls* const with_tls = tls()) return with_tls->async_read_some(buffers, std::forward<Token>(token));
    return std::get<Socket>(stream_).async_read_some(buffers, std::forward<Token>(token));
  }
  template <class Buffers, class Token>
  auto async_write_some(const Buffers& buffers, Token&& token) {
    if (Tls* const with_tls = tls()) return with_tls->async_write_some(buffers, std::forward<Token>(token));
    return std::get<Socket>(stream_).async_write_some(buffers, std::forward<Token>(token));
  }

  // Writes what the kernel takes at once, without TLS only: most answers leave so, without a turn of the event loop.
  // 0 when nothing could be written now or the peer is gone; the asynchronous write then tells which.
  std::size_t write_now(std::string_view bytes) {
    if (tls() || bytes.empty()) return 0;
    const auto written = ::send(socket().native_handle(), bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
    return written > 0 ? static_cast<std::size_t>(written) : 0;
  }

  void cancel() {
    ErrorCode ignored;
    socket().cancel(ignored);
  }
  void close() {
    ErrorCode ignored;
    socket().close(ignored);
  }
  void shutdown_send() {
    ErrorCode ignored;
    socket().shutdown(Socket::shutdown_send, ignored);
  }

 private:
  std::variant<Socket, Tls> stream_;
};

}  // namespace miniops::net
