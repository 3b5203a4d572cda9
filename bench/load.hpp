// Requests over keep-alive connections, made beforehand, as fast as they are answered or at a rate. Prints one JSON
// object. Loopback only.
#pragma once

#include <boost/asio/connect.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/write.hpp>

#include "base/task.hpp"

namespace miniops::bench {

namespace asio = boost::asio;
using asio::ip::tcp;
using Steady = std::chrono::steady_clock;

struct LoadOptions {
  std::uint16_t port = 8080;
  int connections = 64;
  double seconds = 10;
  double rate = 0;  // requests per second over all connections; 0: as fast as answered
};

class Load {
 public:
  Load(const LoadOptions& options, std::vector<std::string> requests)
      : options_(options), requests_(std::move(requests)), timer_(io_) {}

  void run() {
    started_ = Steady::now();
    ends_ = started_ + std::chrono::duration_cast<Steady::duration>(std::chrono::duration<double>(options_.seconds));
    for (int i = 0; i < options_.connections; ++i) asio::co_spawn(io_, connection(), [](std::exception_ptr) {});
    io_.run();
    report();
  }

 private:
  bool over() const { return Steady::now() >= ends_ || next_ >= requests_.size(); }

  // The next request and when it is due; with a rate, a late start counts as latency.
  std::pair<std::size_t, Steady::time_point> take() {
    const std::size_t index = next_++;
    if (options_.rate <= 0) return {index, Steady::now()};
    const auto due = std::chrono::duration<double>(static_cast<double>(index) / options_.rate);
    return {index, started_ + std::chrono::duration_cast<Steady::duration>(due)};
  }

  Task<void> connection() {
    asio::steady_timer wait(io_);
    while (!over()) {
      tcp::socket socket(io_);
      boost::system::error_code error;
      co_await socket.async_connect({asio::ip::make_address("127.0.0.1"), options_.port},
                                    asio::redirect_error(asio::use_awaitable, error));
      if (error) {
        ++failed_;
        wait.expires_after(std::chrono::milliseconds(20));
        co_await wait.async_wait(asio::use_awaitable);
        continue;
      }
      socket.set_option(tcp::no_delay(true));
      std::string answer;
      while (!over()) {
        const auto [index, due] = take();
        if (due > Steady::now()) {
          wait.expires_at(due);
          co_await wait.async_wait(asio::use_awaitable);
        }
        co_await asio::async_write(socket, asio::buffer(requests_[index]),
                                   asio::redirect_error(asio::use_awaitable, error));
        if (!error) co_await read_answer(socket, answer, error);
        if (error) {
          ++failed_;
          break;
        }
        latencies_.push_back(std::chrono::duration<float, std::milli>(Steady::now() - due).count());
        if (answer.starts_with("HTTP/1.1 200")) {
          ++accepted_;
        } else {
          ++refused_;
        }
      }
    }
  }

  static Task<void> read_answer(tcp::socket& socket, std::string& answer, boost::system::error_code& error) {
    answer.clear();
    std::array<char, 2048> chunk{};
    for (;;) {
      const std::size_t read =
          co_await socket.async_read_some(asio::buffer(chunk), asio::redirect_error(asio::use_awaitable, error));
      if (error) co_return;
      answer.append(chunk.data(), read);
      const auto head = answer.find("\r\n\r\n");
      if (head == std::string::npos) continue;
      if (answer.size() >= head + 4 + content_length(std::string_view(answer).substr(0, head))) co_return;
    }
  }

  static std::size_t content_length(std::string_view head) {
    for (std::string_view name : {"Content-Length: ", "content-length: "}) {
      const auto at = head.find(name);
      if (at != std::string_view::npos)
        return static_cast<std::size_t>(
            std::strtoul(std::string(head.substr(at + name.size(), 12)).c_str(), nullptr, 10));
    }
    return 0;
  }

  void report() {
    const double seconds = std::chrono::duration<double>(Steady::now() - started_).count();
    std::sort(latencies_.begin(), latencies_.end());
    const auto at = [&](double share) {
      return latencies_.empty()
                 ? 0.0f
                 : latencies_[static_cast<std::size_t>(share * static_cast<double>(latencies_.size() - 1))];
    };
    fmt::print(
        "{{\"accepted\":{},\"refused\":{},\"failed\":{},\"seconds\":{:.3f},\"per_second\":{:.0f},"
        "\"p50_ms\":{:.2f},\"p99_ms\":{:.2f},\"max_ms\":{:.2f}}}\n",
        accepted_, refused_, failed_, seconds, static_cast<double>(accepted_) / seconds, at(0.5), at(0.99), at(1.0));
  }

  const LoadOptions options_;
  std::vector<std::string> requests_;
  asio::io_context io_{1};
  asio::steady_timer timer_;
  Steady::time_point started_, ends_;
  std::size_t next_ = 0, accepted_ = 0, refused_ = 0, failed_ = 0;
  std::vector<float> latencies_;
};

}  // namespace miniops::bench
