#include "net/client_connect.hpp"

#include <boost/asio/ssl/host_name_verification.hpp>
#include <boost/asio/this_coro.hpp>

#include "net/address_guard.hpp"

namespace miniops::net {

namespace asio = boost::asio;
using tcp = asio::ip::tcp;
using Kind = ClientFailure::Kind;

struct Deadline::State {
  explicit State(const asio::any_io_executor& executor) : timer(executor) {}
  asio::steady_timer timer;
  std::function<void()> act;
  bool passed = false;
  std::uint64_t generation = 0;
};

Deadline::Deadline(const asio::any_io_executor& executor) : state_(std::make_shared<State>(executor)) {}

Deadline::~Deadline() {
  state_->act = nullptr;
  ++state_->generation;
  state_->timer.cancel();
}

void Deadline::set(std::chrono::steady_clock::time_point when) {
  state_->timer.expires_at(when);
  const std::uint64_t generation = ++state_->generation;
  state_->timer.async_wait([state = state_, generation](ErrorCode error) {
    if (error || generation != state->generation) return;
    state->passed = true;
    if (state->act) state->act();
  });
}

void Deadline::ends(std::function<void()> act) {
  state_->act = std::move(act);
  if (state_->passed && state_->act) state_->act();
}
bool Deadline::passed() const { return state_->passed; }

namespace {

std::unexpected<ClientFailure> failure(Kind kind, std::string what) {
  return std::unexpected<ClientFailure>(ClientFailure{kind, false, std::move(what)});
}

// A lookup cannot be interrupted: when time is up it is left behind and ends by itself.
struct Lookup {
  explicit Lookup(const asio::any_io_executor& executor) : resolver(executor), done(executor) {}
  tcp::resolver resolver;
  asio::steady_timer done;
  tcp::resolver::results_type found;
  ErrorCode error;
};

Task<std::expected<std::vector<tcp::endpoint>, ClientFailure>> resolve(Origin origin, Deadline& deadline) {
  const auto executor = co_await asio::this_coro::executor;
  ErrorCode error;
  const auto literal = asio::ip::make_address(origin.host, error);
  if (!error) co_return std::vector{tcp::endpoint(literal, static_cast<std::uint16_t>(std::stoi(origin.port)))};

  const auto lookup = std::make_shared<Lookup>(executor);
  lookup->done.expires_at(std::chrono::steady_clock::time_point::max());
  lookup->error = asio::error::timed_out;
  deadline.ends([lookup] { lookup->done.cancel(); });
  lookup->resolver.async_resolve(origin.host, origin.port,
                                 [lookup](ErrorCode failed, tcp::resolver::results_type found) {
                                   lookup->error = failed;
                                   lookup->found = std::move(found);
                                   lookup->done.cancel();
                                 });
  if (!deadline.passed()) {
    ErrorCode cancelled;
    co_await lookup->done.async_wait(into(cancelled));
  }
  if (deadline.passed()) co_return failure(Kind::timeout, "looking up " + origin.host + " took too long");
  if (lookup->error) co_return failure(Kind::dns, "cannot look up " + origin.host + ": " + lookup->error.message());
  std::vector<tcp::endpoint> endpoints;
  for (const auto& entry : lookup->found) endpoints.push_back(entry.endpoint());
  co_return endpoints;
}

Task<std::expected<tcp::socket, ClientFailure>> open_socket(Origin origin, std::vector<tcp::endpoint> endpoints,
                                                            Deadline& deadline) {
  tcp::socket socket(co_await asio::this_coro::executor);
  deadline.ends([&socket] {
    ErrorCode ignored;
    socket.close(ignored);
  });
  ErrorCode error = asio::error::host_not_found;
  for (const tcp::endpoint& endpoint : endpoints) {
    if (deadline.passed()) break;
    ErrorCode ignored;
    socket.close(ignored);
    co_await socket.async_connect(endpoint, into(error));
    if (!error) break;
  }
  deadline.ends(nullptr);
  if (deadline.passed()) co_return failure(Kind::timeout, fmt::format("connecting to {} took too long", origin.host));
  if (error) {
    co_return failure(Kind::connect,
                      fmt::format("cannot connect to {}:{}: {}", origin.host, origin.port, error.message()));
  }
  socket.set_option(tcp::no_delay(true), error);
  co_return std::move(socket);
}

}  // namespace

Task<Connected> secure(std::unique_ptr<Wire> plain, std::string host, asio::ssl::context& tls, Deadline& deadline) {
  auto wire = std::make_unique<Wire>(std::move(plain->socket()), tls);
  Wire::Tls& stream = *wire->tls();
  ErrorCode error;
  const bool is_name = (asio::ip::make_address(host, error), bool(error));
  if (is_name) SSL_set_tlsext_host_name(stream.native_handle(), host.c_str());
  stream.set_verify_mode(asio::ssl::verify_peer);
  stream.set_verify_callback(asio::ssl::host_name_verification(host));
  deadline.ends([&wire = *wire] { wire.close(); });
  co_await stream.async_handshake(asio::ssl::stream_base::client, into(error));
  deadline.ends(nullptr);
  if (deadline.passed()) co_return failure(Kind::timeout, "the TLS handshake with " + host + " took too long");
  if (error) co_return failure(Kind::tls, "no TLS connection to " + host + ": " + error.message());
  co_return wire;
}

Task<Connected> connect(Origin origin, asio::ssl::context& tls, Deadline& deadline, const AddressGuard* guard) {
  auto endpoints = co_await resolve(origin, deadline);
  if (!endpoints) co_return std::unexpected(endpoints.error());
  if (guard != nullptr) {
    std::erase_if(*endpoints, [guard](const tcp::endpoint& endpoint) { return !guard->allows(endpoint.address()); });
    if (endpoints->empty()) co_return failure(Kind::not_allowed, origin.host + " is no address of the public internet");
  }
  auto socket = co_await open_socket(origin, std::move(*endpoints), deadline);
  if (!socket) co_return std::unexpected(socket.error());
  auto wire = std::make_unique<Wire>(std::move(*socket));
  if (!origin.tls) co_return wire;
  co_return co_await secure(std::move(wire), origin.host, tls, deadline);
}

}  // namespace miniops::net
