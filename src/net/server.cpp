#include "net/server.hpp"

#include <boost/asio/detached.hpp>
#include <boost/asio/detail/socket_option.hpp>
#include <boost/asio/post.hpp>

#include "base/log.hpp"
#include "net/connection.hpp"
#include "net/server_state.hpp"

namespace miniops::net {

namespace asio = boost::asio;
using tcp = asio::ip::tcp;

namespace {

using ReusePort = asio::detail::socket_option::boolean<SOL_SOCKET, SO_REUSEPORT>;

Error listen_error(const ServerOptions& options, const ErrorCode& error) {
  const std::string where = fmt::format("{}:{}", options.host, options.port);
  if (error == asio::error::address_in_use) {
    return {"net.port_taken", fmt::format("{} is in use by another program; stop it or listen elsewhere", where),
            ErrorKind::conflict};
  }
  return {"net.listen_failed", fmt::format("cannot listen on {}: {}", where, error.message()), ErrorKind::unavailable};
}

Result<tcp::endpoint> endpoint_of(const ServerOptions& options) {
  ErrorCode error;
  const auto address = asio::ip::make_address(options.host == "localhost" ? "127.0.0.1" : options.host, error);
  if (!error) return tcp::endpoint(address, options.port);
  asio::io_context io;
  tcp::resolver resolver(io);
  const auto found = resolver.resolve(options.host, std::to_string(options.port), tcp::resolver::passive, error);
  if (error || found.empty()) {
    return fail(ErrorKind::invalid, "net.listen_failed", "not an address of this machine: " + options.host);
  }
  return found.begin()->endpoint();
}

ErrorCode bind(tcp::acceptor& acceptor, const tcp::endpoint& endpoint, bool shared) {
  ErrorCode error;
  acceptor.open(endpoint.protocol(), error);
  if (!error) acceptor.set_option(asio::socket_base::reuse_address(true), error);
  if (!error && shared) acceptor.set_option(ReusePort(true), error);
  if (!error) acceptor.bind(endpoint, error);
  return error;
}

Result<std::vector<tcp::acceptor>> open_acceptors(const ServerOptions& options, IoThreads& io) {
  auto endpoint = endpoint_of(options);
  if (!endpoint) return std::unexpected(endpoint.error());
  if (options.port != 0) {
    // With SO_REUSEPORT a second server of the same user would share the port unnoticed.
    tcp::acceptor probe(io.context(0));
    if (const auto error = bind(probe, *endpoint, false)) return std::unexpected(listen_error(options, error));
  }
  std::vector<tcp::acceptor> acceptors;
  for (std::size_t i = 0; i < io.size(); ++i) {
    tcp::acceptor acceptor(io.context(i));
    ErrorCode error = bind(acceptor, *endpoint, true);
    if (!error) acceptor.listen(4096, error);
    if (!error) endpoint->port(acceptor.local_endpoint(error).port());
    if (error) return std::unexpected(listen_error(options, error));
    acceptors.push_back(std::move(acceptor));
  }
  return acceptors;
}

Result<void> load_tls(const ServerOptions& options, std::optional<asio::ssl::context>& tls) {
  if (options.tls_certificate.empty()) return {};
  tls.emplace(asio::ssl::context::tls_server);
  ErrorCode error;
  tls->set_options(
      asio::ssl::context::default_workarounds | asio::ssl::context::no_tlsv1 | asio::ssl::context::no_tlsv1_1, error);
  if (!error) tls->use_certificate_chain_file(options.tls_certificate, error);
  if (error) {
    return fail(ErrorKind::invalid, "net.tls_failed",
                fmt::format("cannot use the certificate {}: {}", options.tls_certificate, error.message()));
  }
  tls->use_private_key_file(options.tls_key, asio::ssl::context::pem, error);
  if (error) {
    return fail(ErrorKind::invalid, "net.tls_failed",
                fmt::format("cannot use the key {}: {}", options.tls_key, error.message()));
  }
  return {};
}

// Often enough that a limit is kept to a quarter, seldom enough to cost nothing.
std::chrono::milliseconds sweep_interval(const ServerLimits& limits) {
  const auto shortest = std::min({limits.header_timeout, limits.body_timeout, limits.write_timeout,
                                  limits.keep_alive_timeout, limits.websocket_ping});
  return std::clamp(shortest / 4, std::chrono::milliseconds(10), std::chrono::milliseconds(1000));
}

Task<void> sweep_loop(std::shared_ptr<ServerState> state, std::shared_ptr<Shard> shard) {
  asio::steady_timer timer(shard->io);
  const auto interval = sweep_interval(state->options.limits);
  // Runs while anything is left to watch, and until the server goes.
  while (!state->draining || state->open > 0) {
    shard->now = steady_now();
    shard->for_each([&](Watched& one) { one.tick(shard->now); });
    timer.expires_after(interval);
    ErrorCode error;
    co_await timer.async_wait(into(error));
  }
}

void start_connection(const std::shared_ptr<ServerState>& state, const std::shared_ptr<Shard>& shard,
                      tcp::socket socket) {
  if (state->open.fetch_add(1) >= state->options.limits.connections_max) {
    state->connection_ended();
    return;  // the socket closes
  }
  ErrorCode ignored;
  socket.set_option(tcp::no_delay(true), ignored);
  shard->counters.connections.add();
  Wire wire = state->tls ? Wire(std::move(socket), *state->tls) : Wire(std::move(socket));
  const auto logged = [](std::exception_ptr failure) {
    if (!failure) return;
    try {
      std::rethrow_exception(failure);
    } catch (const std::exception& problem) {
      log::error("net.connection_failed", {{"what", problem.what()}});
    }
  };
  asio::co_spawn(shard->io, serve_connection(state, shard, std::move(wire)), logged);
}

Task<void> accept_loop(std::shared_ptr<ServerState> state, std::shared_ptr<Shard> shard, tcp::acceptor acceptor) {
  shard->acceptor = &acceptor;
  while (acceptor.is_open() && !state->draining) {
    ErrorCode error;
    tcp::socket socket = co_await acceptor.async_accept(into(error));
    if (!error) {
      start_connection(state, shard, std::move(socket));
    } else if (error != asio::error::operation_aborted && error != asio::error::connection_aborted) {
      // Out of file descriptors: existing connections must end first.
      log::warn("net.accept_failed", {{"what", error.message()}});
      asio::steady_timer pause(shard->io, std::chrono::milliseconds(100));
      co_await pause.async_wait(into(error));
    }
  }
  shard->acceptor = nullptr;
}

}  // namespace

struct HttpServer::Impl {
  std::shared_ptr<ServerState> state;
  IoThreads& io;
  Random& random;
  std::uint16_t port = 0;

  // On each shard's own thread: closes the acceptor and does `act` to what is alive.
  void everywhere(const std::function<void(Watched&)>& act) {
    for (const auto& shard : state->shards) {
      asio::post(shard->io, [shard, act] {
        ErrorCode ignored;
        if (shard->acceptor) shard->acceptor->close(ignored);
        shard->for_each(act);
      });
    }
  }
  bool wait_for_none(std::chrono::milliseconds at_most) {
    std::unique_lock lock(state->none_left_mutex);
    return state->none_left.wait_for(lock, at_most, [&] { return state->open == 0; });
  }
};

HttpServer::HttpServer(ServerOptions options, const Router& router, IoThreads& io, const Clock& clock, Random& random)
    : impl_(
          std::make_shared<Impl>(Impl{std::make_shared<ServerState>(std::move(options), router, clock), io, random})) {}

HttpServer::~HttpServer() { drain(std::chrono::milliseconds(0)); }

Result<void> HttpServer::listen() {
  ServerState& state = *impl_->state;
  auto proxies = TrustedProxies::parse(state.options.trusted_proxies);
  if (!proxies) return std::unexpected(proxies.error());
  state.proxies = std::move(*proxies);
  if (auto loaded = load_tls(state.options, state.tls); !loaded) return loaded;
  auto acceptors = open_acceptors(state.options, impl_->io);
  if (!acceptors) return std::unexpected(acceptors.error());
  impl_->port = acceptors->front().local_endpoint().port();
  for (std::size_t i = 0; i < acceptors->size(); ++i) {
    auto shard = std::make_shared<Shard>(impl_->io.context(i), impl_->random.alphanumeric(8));
    shard->now = steady_now();
    state.shards.push_back(shard);
    asio::co_spawn(shard->io, accept_loop(impl_->state, shard, std::move((*acceptors)[i])), asio::detached);
    asio::co_spawn(shard->io, sweep_loop(impl_->state, shard), asio::detached);
  }
  return {};
}

std::uint16_t HttpServer::port() const { return impl_->port; }

void HttpServer::drain(std::chrono::milliseconds grace) {
  constexpr auto last_moment = std::chrono::milliseconds(500);
  impl_->state->draining = true;
  if (impl_->state->shards.empty() || impl_->io.context(0).stopped()) return;
  impl_->everywhere([](Watched& one) { one.drain(); });
  if (impl_->wait_for_none(grace)) return;
  impl_->everywhere([](Watched& one) { one.kill(); });
  impl_->wait_for_none(last_moment);
}

ServerCounts HttpServer::counts() const {
  ServerCounts counts;
  for (const auto& shard : impl_->state->shards) {
    const Counters& from = shard->counters;
    counts.requests += from.requests.get();
    counts.connections += from.connections.get();
    counts.refused_header += from.refused_header.get();
    counts.refused_body += from.refused_body.get();
    counts.timeouts += from.timeouts.get();
    counts.not_found += from.not_found.get();
    counts.method_not_allowed += from.method_not_allowed.get();
    counts.handler_exceptions += from.handler_exceptions.get();
    counts.slow_handlers += from.slow_handlers.get();
    counts.websockets_open += from.websockets_open.get();
    shard->add_refused(counts.refused_by_name);
  }
  counts.open_connections = impl_->state->open;
  return counts;
}

}  // namespace miniops::net
