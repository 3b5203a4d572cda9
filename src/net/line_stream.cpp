#include "net/line_stream.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/write.hpp>

#include "net/client_connect.hpp"

namespace miniops::net {

namespace {

namespace asio = boost::asio;
using Kind = ClientFailure::Kind;
using SteadyClock = std::chrono::steady_clock;

std::unexpected<ClientFailure> failure(Kind kind, bool bytes_left, std::string what) {
  return std::unexpected<ClientFailure>(ClientFailure{kind, bytes_left, std::move(what)});
}

// False: `ca_certificate` is none.
bool prepare(asio::ssl::context& tls, const std::string& ca_certificate) {
  ErrorCode error;
  tls.set_options(
      asio::ssl::context::default_workarounds | asio::ssl::context::no_tlsv1 | asio::ssl::context::no_tlsv1_1, error);
  tls.set_default_verify_paths(error);  // without them every handshake fails, which is the safe side
  if (ca_certificate.empty()) return true;
  tls.add_certificate_authority(asio::buffer(ca_certificate), error);
  return !error;
}

class WireLines final : public LineStream {
 public:
  WireLines(LineStreamOptions options, const asio::any_io_executor& executor)
      : options_(std::move(options)), tls_(asio::ssl::context::tls_client), deadline_(executor) {}

  Task<Outcome<void>> open() {
    if (!prepare(tls_, options_.ca_certificate)) co_return failure(Kind::tls, false, "the CA certificate is no PEM");
    deadline_.set(SteadyClock::now() + options_.connect_timeout);
    const Origin origin{options_.tls, options_.host, std::to_string(options_.port)};
    auto connected = co_await net::connect(origin, tls_, deadline_, options_.guard);
    if (!connected) co_return std::unexpected(connected.error());
    wire_ = std::move(*connected);
    co_return Outcome<void>();
  }

  Task<Outcome<std::string>> read_line() override {
    limit(options_.read_timeout);
    for (;;) {
      if (const auto end = waiting_.find('\n'); end != std::string::npos) {
        std::string line = waiting_.substr(0, end);
        waiting_.erase(0, end + 1);
        if (line.ends_with('\r')) line.pop_back();
        deadline_.ends(nullptr);
        co_return line;
      }
      if (waiting_.size() > options_.line_bytes_max) co_return failed(Kind::too_large, "a line is longer than allowed");
      ErrorCode error;
      std::array<char, 4096> bytes{};
      const std::size_t read = co_await wire_->async_read_some(asio::buffer(bytes), into(error));
      waiting_.append(bytes.data(), read);
      if (error && read == 0) co_return failed(Kind::read, error.message());
    }
  }

  Task<Outcome<void>> write(std::string bytes) override {
    limit(options_.write_timeout);
    ErrorCode error;
    const std::size_t written = co_await asio::async_write(*wire_, asio::buffer(bytes), into(error));
    bytes_left_ = bytes_left_ || written > 0;
    if (error) co_return failed(Kind::write, error.message());
    deadline_.ends(nullptr);
    co_return Outcome<void>();
  }

  Task<Outcome<void>> start_tls() override {
    waiting_.clear();
    deadline_.set(SteadyClock::now() + options_.connect_timeout);
    auto secured = co_await secure(std::move(wire_), options_.host, tls_, deadline_);
    if (!secured) co_return std::unexpected(secured.error());
    wire_ = std::move(*secured);
    co_return Outcome<void>();
  }

  bool encrypted() const override { return wire_->tls() != nullptr; }

 private:
  void limit(std::chrono::milliseconds time) {
    deadline_.set(SteadyClock::now() + time);
    deadline_.ends([this] { wire_->close(); });
  }
  std::unexpected<ClientFailure> failed(Kind kind, const std::string& why) {
    deadline_.ends(nullptr);
    if (deadline_.passed()) return failure(Kind::timeout, bytes_left_, options_.host + " took too long to answer");
    return failure(kind, bytes_left_, options_.host + ": " + why);
  }

  const LineStreamOptions options_;
  asio::ssl::context tls_;
  std::unique_ptr<Wire> wire_;
  Deadline deadline_;
  std::string waiting_;
  bool bytes_left_ = false;
};

}  // namespace

Task<LineStream::Outcome<std::unique_ptr<LineStream>>> LineStream::connect(LineStreamOptions options) {
  auto lines = std::make_unique<WireLines>(std::move(options), co_await asio::this_coro::executor);
  const auto opened = co_await lines->open();
  if (!opened) co_return std::unexpected(opened.error());
  co_return lines;
}

}  // namespace miniops::net
