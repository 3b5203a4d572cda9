// A real server on a free port of 127.0.0.1, and a peer that sends exact bytes.
#pragma once

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/time.h>

#include <boost/asio/connect.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/write.hpp>
#include <charconv>
#include <future>

#include "base/clock.hpp"
#include "net/client.hpp"
#include "net/server.hpp"

namespace miniops::net::testing {

namespace asio = boost::asio;
using tcp = asio::ip::tcp;
using namespace std::chrono_literals;

// Waits for a condition, at most 10 s.
template <class Condition>
bool eventually(Condition condition) {
  const auto deadline = std::chrono::steady_clock::now() + 10s;
  while (!condition()) {
    if (std::chrono::steady_clock::now() > deadline) return false;
    std::this_thread::yield();
  }
  return true;
}

struct RawResponse {
  int status = 0;  // 0: the connection ended without an answer
  std::string head;
  std::string body;
  std::string header(std::string_view name) const {
    const std::string wanted = "\r\n" + std::string(name) + ": ";
    const auto at = head.find(wanted);
    if (at == std::string::npos) return {};
    const auto begin = at + wanted.size();
    return head.substr(begin, head.find("\r\n", begin) - begin);
  }
};

// A blocking socket; nothing waits longer than 10 s.
class RawPeer {
 public:
  explicit RawPeer(std::uint16_t port, int receive_buffer = 0)
      : io_(std::make_unique<asio::io_context>()), socket_(*io_) {
    const tcp::endpoint endpoint(asio::ip::make_address("127.0.0.1"), port);
    socket_.open(endpoint.protocol());
    if (receive_buffer > 0) socket_.set_option(asio::socket_base::receive_buffer_size(receive_buffer));
    const timeval patience{10, 0};
    ::setsockopt(socket_.native_handle(), SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    ::setsockopt(socket_.native_handle(), SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
    socket_.connect(endpoint);
    socket_.set_option(tcp::no_delay(true));
  }
  // False: the other side had closed.
  bool send(std::string_view bytes) {
    while (!bytes.empty()) {
      const auto written = ::send(socket_.native_handle(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (written <= 0) return false;
      bytes.remove_prefix(static_cast<std::size_t>(written));
    }
    return true;
  }
  void shutdown_send() { socket_.shutdown(tcp::socket::shutdown_send); }

  RawResponse read(bool head_only = false) {
    RawResponse response;
    std::size_t end = 0;
    while ((end = waiting_.find("\r\n\r\n")) == std::string::npos) {
      if (!fill()) return response;
    }
    response.head = waiting_.substr(0, end + 2);
    waiting_.erase(0, end + 4);
    response.status = std::stoi(response.head.substr(9, 3));
    const std::string length = response.header("Content-Length");
    const std::size_t bytes = length.empty() || head_only ? 0 : std::stoul(length);
    while (waiting_.size() < bytes && fill()) {
    }
    response.body = waiting_.substr(0, bytes);
    waiting_.erase(0, bytes);
    return response;
  }
  RawResponse ask(std::string_view bytes) {
    send(bytes);
    return read();
  }
  // Exactly this many bytes, or fewer when the connection ends.
  std::string read_bytes(std::size_t count) {
    while (waiting_.size() < count && fill()) {
    }
    std::string bytes = waiting_.substr(0, count);
    waiting_.erase(0, bytes.size());
    return bytes;
  }
  // True when the other side closes (or resets) without sending anything more.
  bool ends() { return waiting_.empty() && !fill() && closed_; }

 private:
  bool fill() {
    char bytes[16384];
    const auto read = ::recv(socket_.native_handle(), bytes, sizeof bytes, 0);
    if (read <= 0) {
      closed_ = read == 0 || errno == ECONNRESET;
      return false;
    }
    waiting_.append(bytes, static_cast<std::size_t>(read));
    return true;
  }
  std::unique_ptr<asio::io_context> io_;
  tcp::socket socket_;
  std::string waiting_;
  bool closed_ = false;
};

class ServerTest : public ::testing::Test {
 protected:
  void start(ServerOptions options = {}) {
    options.port = 0;
    server = std::make_unique<HttpServer>(std::move(options), router, io, clock, random);
    const auto listening = server->listen();
    ASSERT_TRUE(listening) << listening.error().message;
    io.start();
  }
  void TearDown() override {
    if (server) server->drain(0ms);
    io.stop();
    server.reset();
  }
  RawPeer peer() { return RawPeer(server->port()); }
  std::string url(std::string_view path) { return fmt::format("http://127.0.0.1:{}{}", server->port(), path); }

  // Runs a coroutine on io thread 0 and waits for its result.
  template <class T>
  T run(Task<T> task) {
    auto promise = std::make_shared<std::promise<T>>();
    auto future = promise->get_future();
    asio::co_spawn(io.context(0), deliver(std::move(task), promise), [](std::exception_ptr) {});
    if (future.wait_for(20s) != std::future_status::ready) throw std::runtime_error("a coroutine did not end");
    return future.get();
  }

  void route(Method method, std::string pattern, Handler handler, std::size_t body_bytes_max = 1 << 20) {
    RouteInfo info;
    info.method = method;
    info.pattern = std::move(pattern);
    info.auth = "none";
    info.body_bytes_max = body_bytes_max;
    info.counted_as = info.pattern;
    router.add(std::move(info), std::move(handler));
  }
  // Answers with the body it got.
  void echo_route(std::string pattern, std::size_t body_bytes_max = 1 << 20) {
    route(
        Method::post, std::move(pattern),
        [](Request& request) -> Task<Response> { co_return Response::text(std::move(request.body)); }, body_bytes_max);
  }
  void hello_route() {
    route(Method::get, "/hello", [](Request&) -> Task<Response> { co_return Response::text("hello"); });
  }

  Router router;
  IoThreads io{2};
  SystemClock clock;
  SystemRandom random;
  std::unique_ptr<HttpServer> server;

 private:
  template <class T>
  static Task<void> deliver(Task<T> task, std::shared_ptr<std::promise<T>> promise) {
    try {
      promise->set_value(co_await std::move(task));
    } catch (...) {
      promise->set_exception(std::current_exception());
    }
  }
};

inline ServerOptions short_limits() {
  ServerOptions options;
  options.limits.header_timeout = 100ms;
  options.limits.body_timeout = 100ms;
  options.limits.write_timeout = 200ms;
  options.limits.keep_alive_timeout = 150ms;
  return options;
}

}  // namespace miniops::net::testing
