#include "net/websocket_session.hpp"

#include <boost/asio/post.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/websocket/rfc6455.hpp>
#include <boost/beast/websocket/stream.hpp>
#include <deque>

#include "base/log.hpp"
#include "net/serialize.hpp"

namespace miniops::net {

// How Beast ends the TCP connection below a WebSocket.
void teardown(boost::beast::role_type, Wire& wire, ErrorCode& error) {
  error = {};
  wire.close();
}

template <class Handler>
void async_teardown(boost::beast::role_type, Wire& wire, Handler&& handler) {
  wire.close();
  boost::asio::post(wire.get_executor(),
                    [handler = std::forward<Handler>(handler)]() mutable { handler(ErrorCode()); });
}

// Found by Beast when it cancels what is under way.
void beast_close_socket(Wire& wire) { wire.close(); }

namespace {

namespace asio = boost::asio;
namespace http = boost::beast::http;
namespace websocket = boost::beast::websocket;

constexpr std::size_t queued_bytes_max = 8 << 20;
constexpr int pings_unanswered_max = 3;
constexpr SteadyMs close_wait_ms = 5'000;
constexpr std::size_t kept_buffer_max = 8 * 1024;

class Session final : public WebSocket, public Watched, public std::enable_shared_from_this<Session> {
 public:
  Session(std::shared_ptr<Shard> shard, Wire wire, const ServerLimits& limits)
      : shard_(std::move(shard)), stream_(std::move(wire)), limits_(limits) {
    stream_.read_message_max(limits.websocket_message_bytes_max);
    stream_.auto_fragment(false);
    stream_.text(true);
    heard_at_ = pinged_at_ = shard_->now;
    shard_->watch(*this);
    shard_->counters.websockets_open.add();
  }
  ~Session() override {
    shard_->unwatch(*this);
    shard_->counters.websockets_open.add(-1);
  }
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  Task<bool> accept(const Request& request);
  Task<std::optional<std::string>> receive() override;
  bool post(std::shared_ptr<const std::string> message) override;
  void close(std::uint16_t code, std::string reason) override;
  std::size_t queued_bytes() const override { return queued_bytes_; }
  // Ends it whatever the peer does; waits for what is under way.
  Task<void> finish();

  void tick(SteadyMs now) override;
  void drain() override { start_close(websocket::close_code::service_restart, "the server restarts"); }
  void kill() override {
    ended_ = true;
    stream_.next_layer().close();
  }

 private:
  void write_next();
  void start_close(std::uint16_t code, std::string reason);
  void send_close();
  void ping();

  std::shared_ptr<Shard> shard_;
  websocket::stream<Wire, false> stream_;  // no permessage-deflate: it costs 300 KiB a socket
  const ServerLimits limits_;
  boost::beast::flat_buffer incoming_;
  std::deque<std::shared_ptr<const std::string>> queue_;
  std::atomic<std::size_t> queued_bytes_{0};
  std::atomic<bool> ended_{false};  // nothing more is taken
  std::optional<websocket::close_reason> closing_;
  bool close_sent_ = false;
  bool writing_ = false;
  bool pinging_ = false;
  SteadyMs write_since_ = 0;
  SteadyMs close_since_ = 0;
  SteadyMs heard_at_ = 0;
  SteadyMs pinged_at_ = 0;
};

Task<bool> Session::accept(const Request& request) {
  http::request<http::empty_body> upgrade;
  upgrade.method(http::verb::get);
  upgrade.target(request.target);
  upgrade.version(11);
  for (const auto& [name, value] : request.headers) upgrade.insert(name, value);
  const auto decorate = [id = request.request_id](websocket::response_type& response) {
    response.set("X-Request-Id", id);
  };
  stream_.set_option(websocket::stream_base::decorator(decorate));
  const auto on_control = [this](websocket::frame_type, boost::beast::string_view) { heard_at_ = shard_->now; };
  stream_.control_callback(on_control);
  ErrorCode error;
  write_since_ = shard_->now;
  writing_ = true;
  co_await stream_.async_accept(upgrade, into(error));
  writing_ = false;
  if (!error) write_next();
  co_return !error;
}

Task<std::optional<std::string>> Session::receive() {
  if (ended_) co_return std::nullopt;
  ErrorCode error;
  co_await stream_.async_read(incoming_, into(error));
  heard_at_ = shard_->now;
  if (error) {
    ended_ = true;
    co_return std::nullopt;
  }
  if (!stream_.got_text()) {
    start_close(websocket::close_code::unknown_data, "text messages only");
    co_return std::nullopt;
  }
  std::string message(static_cast<const char*>(incoming_.data().data()), incoming_.size());
  incoming_.clear();
  if (incoming_.capacity() > kept_buffer_max) incoming_.shrink_to_fit();
  co_return message;
}

bool Session::post(std::shared_ptr<const std::string> message) {
  if (ended_) return false;
  const std::size_t size = message->size();
  if (queued_bytes_.fetch_add(size) + size > queued_bytes_max) {
    ended_ = true;
    close(websocket::close_code::try_again_later, "the connection is too slow");
    return false;
  }
  asio::post(stream_.get_executor(), [self = shared_from_this(), message = std::move(message)]() mutable {
    self->queue_.push_back(std::move(message));
    if (!self->writing_) self->write_next();
  });
  return true;
}

void Session::write_next() {
  if (closing_ && closing_->code == websocket::close_code::try_again_later) queue_.clear();
  if (queue_.empty() || close_sent_) {
    if (closing_) send_close();
    return;
  }
  writing_ = true;
  write_since_ = shard_->now;
  const auto message = queue_.front();
  queue_.pop_front();
  stream_.async_write(asio::buffer(*message), [self = shared_from_this(), message](ErrorCode error, std::size_t) {
    self->writing_ = false;
    self->queued_bytes_ -= message->size();
    if (error) {
      self->kill();
    } else {
      self->write_next();
    }
  });
}

void Session::close(std::uint16_t code, std::string reason) {
  // Posted, as messages are: those that were posted before leave before.
  asio::post(stream_.get_executor(),
             [self = shared_from_this(), code, reason = std::move(reason)] { self->start_close(code, reason); });
}

void Session::start_close(std::uint16_t code, std::string reason) {
  ended_ = true;
  if (closing_) return;
  if (reason.size() > 120) reason.resize(120);  // a control frame's limit
  closing_.emplace(static_cast<websocket::close_code>(code), reason);
  close_since_ = shard_->now;
  if (!writing_) write_next();  // what is queued leaves first
}

void Session::send_close() {
  if (close_sent_) return;
  close_sent_ = true;
  stream_.async_close(*closing_, [self = shared_from_this()](ErrorCode) { self->stream_.next_layer().close(); });
}

void Session::ping() {
  if (pinging_ || closing_ || ended_) return;
  pinging_ = true;
  pinged_at_ = shard_->now;
  stream_.async_ping({}, [self = shared_from_this()](ErrorCode) { self->pinging_ = false; });
}

void Session::tick(SteadyMs now) {
  const bool stuck = writing_ && now - write_since_ > limits_.write_timeout.count();
  const bool silent = now - heard_at_ > limits_.websocket_ping.count() * (pings_unanswered_max + 1);
  const bool unclosed = closing_ && now - close_since_ > close_wait_ms;
  if (stuck || silent || unclosed) {
    kill();
  } else if (now - pinged_at_ >= limits_.websocket_ping.count() && !writing_) {
    ping();
  }
}

Task<void> Session::finish() {
  close(websocket::close_code::normal, "");
  // Reads on until the peer's close frame, an error, or the deadline of tick().
  while (stream_.next_layer().socket().is_open()) {
    ErrorCode error;
    incoming_.clear();
    co_await stream_.async_read(incoming_, into(error));
    if (error) break;
  }
  stream_.next_layer().close();
}

bool same_text(std::string_view a, std::string_view b) {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; };
  return std::ranges::equal(a, b, {}, lower, lower);
}

}  // namespace

bool is_websocket_upgrade(const Request& request) {
  if (request.method != Method::get) return false;
  http::request<http::empty_body> upgrade;
  upgrade.method(http::verb::get);
  upgrade.version(11);
  for (const auto& [name, value] : request.headers) upgrade.insert(name, value);
  return websocket::is_upgrade(upgrade);
}

Result<void> check_origin(const Request& request, const std::vector<std::string>& allowed) {
  const auto origin = request.headers.get("Origin");
  if (!origin) {
    if (request.headers.get("Authorization").value_or("").starts_with("Bearer ")) return {};
    return fail(ErrorKind::forbidden, "net.origin_refused", "a WebSocket needs an Origin header or a Bearer key");
  }
  const auto scheme_end = origin->find("://");
  if (scheme_end != std::string_view::npos &&
      same_text(origin->substr(scheme_end + 3), request.headers.get("Host").value_or(""))) {
    return {};
  }
  if (std::ranges::any_of(allowed, [&](const std::string& one) { return same_text(one, *origin); })) return {};
  return fail(ErrorKind::forbidden, "net.origin_refused", "pages of this origin may not open a WebSocket here");
}

Task<void> run_websocket(ServerState& state, std::shared_ptr<Shard> shard, Wire wire, const Route& route,
                         Request& request) {
  const auto session = std::make_shared<Session>(std::move(shard), std::move(wire), state.options.limits);
  if (!co_await session->accept(request)) co_return;
  if (state.draining) session->drain();
  try {
    co_await route.websocket_handler(request, *session);
  } catch (const std::exception& exception) {
    log::error("net.handler_exception",
               {{"request_id", request.request_id}, {"route", route.info.pattern}, {"what", exception.what()}});
    session->close(websocket::close_code::internal_error, "");
  }
  co_await session->finish();
}

}  // namespace miniops::net
