#include "net/connection.hpp"

#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/error.hpp>

#include "base/log.hpp"
#include "net/request_parser.hpp"
#include "net/serialize.hpp"
#include "net/websocket_session.hpp"

namespace miniops::net {

namespace {

namespace asio = boost::asio;
namespace http = boost::beast::http;

constexpr std::size_t piece_bytes = 4096;
constexpr std::size_t body_read_bytes = 64 * 1024;
constexpr std::size_t kept_buffer_max = 16 * 1024;
constexpr std::size_t refused_bytes_read_max = 256 * 1024;  // of what a refused peer still sends
constexpr auto linger_max = std::chrono::milliseconds(2000);
constexpr SteadyMs bytes_per_ms_min = 32;  // a large body gets more time, at this rate

class Connection final : public Watched {
 public:
  Connection(std::shared_ptr<ServerState> state, std::shared_ptr<Shard> shard, Wire wire)
      : state_(std::move(state)), shard_(std::move(shard)), wire_(std::move(wire)) {
    shard_->watch(*this);
    ErrorCode error;
    const auto peer = wire_.socket().remote_endpoint(error).address();
    const bool mapped = peer.is_v6() && peer.to_v6().is_v4_mapped();
    peer_ = mapped ? asio::ip::address(asio::ip::make_address_v4(asio::ip::v4_mapped, peer.to_v6())) : peer;
    peer_text_ = peer_.to_string();
    peer_trusted_ = state_->proxies.trusts(peer_);
  }
  ~Connection() override {
    shard_->unwatch(*this);
    state_->connection_ended();
  }
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  Task<void> serve();

  void tick(SteadyMs now) override {
    if (deadline_ == 0 || now < deadline_) return;
    deadline_ = 0;
    timed_out_ = true;
    if (writing_) {
      wire_.close();
    } else {
      wire_.cancel();
    }
  }
  void drain() override {
    if (idle_) wire_.cancel();
  }
  void kill() override { wire_.close(); }

 private:
  enum class Next { go_on, close };

  Task<bool> shake_hands();
  Task<Next> serve_one();
  Task<bool> read_header(Request& request, RequestParser& parser);
  Task<bool> read_body(Request& request, RequestParser& parser, const Route* route, std::size_t bytes_max);
  Task<bool> read_chunks(Request& request, RequestParser& parser, const Route* route);
  Task<std::size_t> read_more(std::size_t bytes);
  std::optional<Error> judge_header(Request& request, const RequestParser& parser);
  Task<Next> serve_route(Request& request, RequestParser& parser);
  Task<Next> serve_upgrade(Request& request, RequestParser& parser, const Route& route);
  Task<Response> run_handler(const Handler& handler, Request& request, const Route* route);
  Task<bool> write(std::string_view bytes);
  Task<Next> send(Request& request, Response response, bool keep_alive, bool http_1_0);
  Task<void> refuse(Request& request, Response response);
  Task<void> linger();

  // Time is up after `timeout` without progressed(), and after `timeout` and what `bytes` take at the slowest rate
  // whatever the progress.
  void arm(std::chrono::milliseconds timeout, std::size_t bytes = 0) {
    deadline_ = shard_->now + timeout.count();
    last_moment_ = deadline_ + static_cast<SteadyMs>(bytes) / bytes_per_ms_min;
  }
  void progressed(std::chrono::milliseconds timeout) {
    deadline_ = std::min(shard_->now + timeout.count(), last_moment_);
  }
  void disarm() { deadline_ = 0; }
  bool timed_out() const { return timed_out_; }
  void count_refused(const Route* route) {
    if (route) shard_->count_refused(route->info.counted_as);
  }
  const ServerLimits& limits() const { return state_->options.limits; }

  std::shared_ptr<ServerState> state_;
  std::shared_ptr<Shard> shard_;
  Wire wire_;
  boost::beast::flat_buffer buffer_;
  std::string out_;
  asio::ip::address peer_;
  std::string peer_text_;
  bool peer_trusted_ = false;
  SteadyMs deadline_ = 0;  // 0: none
  SteadyMs last_moment_ = 0;
  bool timed_out_ = false;
  bool writing_ = false;
  bool idle_ = false;  // between two requests: may be closed at any time
};

Task<void> Connection::serve() {
  if (wire_.tls() && !co_await shake_hands()) co_return;
  while (co_await serve_one() == Next::go_on) {
    if (buffer_.size() == 0 && buffer_.capacity() > kept_buffer_max) buffer_.shrink_to_fit();
  }
  disarm();
  wire_.close();
}

Task<bool> Connection::shake_hands() {
  arm(limits().header_timeout);
  ErrorCode error;
  co_await wire_.tls()->async_handshake(asio::ssl::stream_base::server, into(error));
  disarm();
  co_return !error;
}

// 0: the connection ended, or its time is up.
Task<std::size_t> Connection::read_more(std::size_t bytes) {
  ErrorCode error;
  const std::size_t read = co_await wire_.async_read_some(buffer_.prepare(bytes), into(error));
  buffer_.commit(read);
  co_return error ? 0 : read;
}

Task<bool> Connection::read_header(Request& request, RequestParser& parser) {
  bool started = false;
  for (;;) {
    while (!started && buffer_.size() > 0) {  // empty lines before a request are allowed
      const char first = *static_cast<const char*>(buffer_.data().data());
      if (first != '\r' && first != '\n') break;
      buffer_.consume(1);
    }
    if (buffer_.size() > 0) {
      if (!started) {
        started = true;
        arm(limits().header_timeout);
      }
      ErrorCode error;
      buffer_.consume(parser.put(buffer_.data(), error));
      if (parser.is_header_done()) break;
      if (error && error != http::error::need_more) {
        const bool too_large = error == http::error::header_limit;
        if (too_large) shard_->counters.refused_header.add();
        Response response =
            problem(too_large ? Error{"net.header_too_large", "the request's header is too large"}
                              : Error{"net.malformed_request", "this is not a well-formed HTTP/1.1 request"},
                    request);
        if (too_large) response.status = 431;
        co_await refuse(request, std::move(response));
        co_return false;
      }
    } else {
      if (state_->draining.load(std::memory_order_relaxed)) co_return false;
      arm(limits().keep_alive_timeout);
    }
    idle_ = !started;
    const std::size_t read = co_await read_more(piece_bytes);
    idle_ = false;
    if (read == 0) {
      if (started && timed_out()) {
        shard_->counters.timeouts.add();
        Response response = problem(Error{"net.slow_request", "the request's header took too long"}, request);
        response.status = 408;
        co_await refuse(request, std::move(response));
      }
      co_return false;
    }
  }
  disarm();
  co_return true;
}

// What makes the whole request unacceptable; else fills in the rest of it.
std::optional<Error> Connection::judge_header(Request& request, const RequestParser& parser) {
  const auto malformed = [](std::string why) { return Error{"net.malformed_request", std::move(why)}; };
  if (parser.hosts() > 1 || (parser.hosts() == 0 && !parser.http_1_0())) {
    return malformed("a request needs exactly one Host header");
  }
  if (parser.unknown_encoding() || (parser.chunked() && parser.http_1_0())) {
    return malformed("Transfer-Encoding must be chunked");
  }
  std::string_view target = request.target;
  if (target.starts_with("http://") || target.starts_with("https://")) {
    const auto slash = target.find('/', target.find("//") + 2);
    target = slash == std::string_view::npos ? std::string_view("/") : target.substr(slash);
  }
  if (!target.starts_with('/') && !(target == "*" && request.method == Method::options)) {
    return malformed("the request's target must be a path");
  }
  const auto question = target.find('?');
  request.path = target.substr(0, question);
  if (question != std::string_view::npos) request.query = target.substr(question + 1);
  request.received_at = state_->clock.now();
  request.remote_address = peer_text_;
  request.secure = wire_.tls() != nullptr;
  if (peer_trusted_) {
    if (auto client = state_->proxies.client_of(request.headers)) request.remote_address = std::move(*client);
    request.secure = request.secure || TrustedProxies::forwarded_secure(request.headers);
  }
  return std::nullopt;
}

Task<Connection::Next> Connection::serve_one() {
  Request request;
  RequestParser parser(request, limits().header_bytes_max);
  request.request_id = shard_->next_request_id();
  if (!co_await read_header(request, parser)) co_return Next::close;
  shard_->counters.requests.add();
  if (auto error = judge_header(request, parser)) {
    co_await refuse(request, problem(*error, request));
    co_return Next::close;
  }
  co_return co_await serve_route(request, parser);
}

Task<Connection::Next> Connection::serve_route(Request& request, RequestParser& parser) {
  constexpr std::size_t fallback_body_max = 64 * 1024;
  const bool has_body = !parser.is_done();
  Router::Match match = state_->router.match(request.method, request.path);
  const Handler* handler = match.route ? &match.route->handler : nullptr;
  const bool reads = request.method == Method::get || request.method == Method::head;
  if (!match.route && match.allowed_methods.empty() && reads && state_->router.fallback()) {
    handler = &state_->router.fallback();
  }
  if (!handler) {
    const bool other_method = !match.allowed_methods.empty();
    (other_method ? shard_->counters.method_not_allowed : shard_->counters.not_found).add();
    count_refused(match.other);
    Response response =
        other_method ? problem(Error{"net.method_not_allowed", "this path does not take this method"}, request)
                     : problem(Error{"net.not_found", "there is nothing at this path", ErrorKind::not_found}, request);
    if (other_method) {
      response.status = 405;
      response.headers.add("Allow", match.allowed_methods);
    }
    if (!has_body) co_return co_await send(request, std::move(response), parser.keep_alive(), parser.http_1_0());
    co_await refuse(request, std::move(response));
    co_return Next::close;
  }
  request.path_params = std::move(match.params);
  if (match.route && match.route->websocket_handler) {
    co_return co_await serve_upgrade(request, parser, *match.route);
  }
  if (has_body) {
    const std::size_t bytes_max = match.route ? match.route->info.body_bytes_max : fallback_body_max;
    if (!co_await read_body(request, parser, match.route, bytes_max)) co_return Next::close;
  }
  Response response = co_await run_handler(*handler, request, match.route);
  if (response.drop) co_return Next::close;
  co_return co_await send(request, std::move(response), parser.keep_alive(), parser.http_1_0());
}

Task<bool> Connection::read_body(Request& request, RequestParser& parser, const Route* route, std::size_t bytes_max) {
  const auto announced = parser.content_length_remaining();
  if (parser.asks_the_impossible()) {
    Response response = problem(Error{"net.expectation_failed", "only 100-continue can be expected"}, request);
    response.status = 417;
    co_await refuse(request, std::move(response));
    co_return false;
  }
  if (announced && *announced > bytes_max) {
    shard_->counters.refused_body.add();
    count_refused(route);
    Error error{"net.body_too_large", fmt::format("the body may have at most {} bytes", bytes_max),
                ErrorKind::too_large};
    co_await refuse(request, problem(error, request));
    co_return false;
  }
  arm(limits().body_timeout, announced ? static_cast<std::size_t>(*announced) : 0);
  if (parser.asks_to_continue() && buffer_.size() == 0) {
    if (!co_await write("HTTP/1.1 100 Continue\r\n\r\n")) co_return false;
    arm(limits().body_timeout, announced ? static_cast<std::size_t>(*announced) : 0);
  }
  bool whole = false;
  if (announced) {
    const auto length = static_cast<std::size_t>(*announced);
    request.body.reserve(std::min(length, body_read_bytes));  // what was only announced costs no memory
    for (;;) {
      const std::string_view waiting(static_cast<const char*>(buffer_.data().data()), buffer_.size());
      const std::size_t taken = std::min(length - request.body.size(), waiting.size());
      request.body.append(waiting.substr(0, taken));
      buffer_.consume(taken);
      whole = request.body.size() == length;
      if (whole || co_await read_more(std::min(length - request.body.size(), body_read_bytes)) == 0) break;
      progressed(limits().body_timeout);
    }
  } else {
    parser.body_limit(bytes_max);
    parser.eager(true);
    whole = co_await read_chunks(request, parser, route);
  }
  if (!whole && timed_out()) {
    shard_->counters.timeouts.add();
    count_refused(route);
    Response response = problem(Error{"net.slow_request", "the request's body took too long"}, request);
    response.status = 408;
    co_await refuse(request, std::move(response));
  }
  disarm();
  co_return whole;
}

Task<bool> Connection::read_chunks(Request& request, RequestParser& parser, const Route* route) {
  for (;;) {
    ErrorCode error;
    if (buffer_.size() > 0) buffer_.consume(parser.put(buffer_.data(), error));
    if (parser.is_done()) co_return true;
    const bool waits = !error || error == http::error::need_more;
    // What stays unread after put() is a chunk's header or a trailer: nothing that needs much room.
    if (!waits || buffer_.size() > limits().header_bytes_max) {
      const bool too_large = error == http::error::body_limit;
      if (too_large) shard_->counters.refused_body.add();
      count_refused(route);
      const Error refusal = too_large ? Error{"net.body_too_large", "the body is too large", ErrorKind::too_large}
                                      : Error{"net.malformed_request", "the chunked body is malformed"};
      co_await refuse(request, problem(refusal, request));
      co_return false;
    }
    if (co_await read_more(piece_bytes) == 0) co_return false;
  }
}

Task<Response> Connection::run_handler(const Handler& handler, Request& request, const Route* route) {
  shard_->hold_begins();
  try {
    Response response = co_await handler(request);
    shard_->hold_ends();
    co_return response;
  } catch (const std::exception& exception) {
    shard_->hold_ends();
    shard_->counters.handler_exceptions.add();
    log::error("net.handler_exception", {{"request_id", request.request_id},
                                         {"route", route ? route->info.pattern : std::string("fallback")},
                                         {"what", exception.what()}});
  }
  co_return problem(Error{"net.internal", "a handler failed", ErrorKind::internal}, request);
}

// Writes all of it; false: the connection ended, or its time is up.
Task<bool> Connection::write(std::string_view bytes) {
  writing_ = true;
  arm(limits().write_timeout, bytes.size());
  ErrorCode error;
  while (!bytes.empty() && !error) {
    const std::size_t written = co_await wire_.async_write_some(asio::buffer(bytes), into(error));
    bytes.remove_prefix(written);
    progressed(limits().write_timeout);
  }
  disarm();
  writing_ = false;
  co_return !error;
}

Task<Connection::Next> Connection::send(Request& request, Response response, bool keep_alive, bool http_1_0) {
  Framing framing;
  framing.http_1_0 = http_1_0;
  framing.keep_alive = keep_alive && !state_->draining.load(std::memory_order_relaxed);
  framing.head = request.method == Method::head;
  framing.date = shard_->date(state_->clock.now());
  framing.request_id = request.request_id;
  out_.clear();
  const bool body_follows = serialize(response, framing, out_);
  const std::string_view head = out_;
  const std::size_t at_once = wire_.write_now(head);
  bool sent = at_once == head.size() || co_await write(head.substr(at_once));
  if (sent && body_follows) sent = co_await write(response.body);
  if (!sent && timed_out()) shard_->counters.timeouts.add();
  if (out_.capacity() > kept_buffer_max) out_ = std::string();
  co_return (sent && framing.keep_alive) ? Next::go_on : Next::close;
}

// Answers and closes while the peer may still be sending. Closing at once would reset the connection, and the peer
// could lose the answer.
Task<void> Connection::refuse(Request& request, Response response) {
  timed_out_ = false;
  co_await send(request, std::move(response), false, false);
  if (!timed_out_) co_await linger();
}

Task<void> Connection::linger() {
  if (wire_.tls()) co_return;
  wire_.shutdown_send();
  arm(std::min(linger_max, limits().header_timeout));
  std::size_t read_sum = 0;
  buffer_.clear();
  while (read_sum < refused_bytes_read_max) {
    const std::size_t read = co_await read_more(piece_bytes);
    if (read == 0) break;
    read_sum += read;
    buffer_.clear();
  }
}

Task<Connection::Next> Connection::serve_upgrade(Request& request, RequestParser& parser, const Route& route) {
  Response refusal;
  if (!is_websocket_upgrade(request) || !parser.is_done() || buffer_.size() > 0) {
    refusal = problem(Error{"net.upgrade_required", "this path speaks WebSocket only"}, request);
    refusal.status = 426;
    refusal.headers.add("Upgrade", "websocket");
  } else if (auto origin = check_origin(request, state_->options.allowed_origins); !origin) {
    count_refused(&route);
    refusal = problem(origin.error(), request);
  } else {
    std::optional<Result<void>> allowed;
    try {
      allowed = co_await route.websocket_check(request);
    } catch (const std::exception& exception) {
      shard_->counters.handler_exceptions.add();
      log::error("net.handler_exception",
                 {{"request_id", request.request_id}, {"route", route.info.pattern}, {"what", exception.what()}});
      allowed = fail(ErrorKind::internal, "net.internal", "the check of a WebSocket failed");
    }
    if (*allowed) {
      buffer_ = {};  // thousands of sockets stay open for hours: they keep nothing of the upgrade
      out_ = {};
      Wire wire = std::move(wire_);
      co_await run_websocket(*state_, shard_, std::move(wire), route, request);
      co_return Next::close;
    }
    refusal = problem(allowed->error(), request);
  }
  if (parser.is_done()) co_return co_await send(request, std::move(refusal), parser.keep_alive(), parser.http_1_0());
  co_await refuse(request, std::move(refusal));
  co_return Next::close;
}

}  // namespace

Task<void> serve_connection(std::shared_ptr<ServerState> state, std::shared_ptr<Shard> shard, Wire wire) {
  Connection connection(std::move(state), std::move(shard), std::move(wire));
  co_await connection.serve();
}

}  // namespace miniops::net
