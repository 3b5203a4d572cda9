#include "app/sandbox_server.hpp"

#include "app/config.hpp"
#include "app/program_clock.hpp"
#include "net/client.hpp"
#include "net/server.hpp"

namespace miniops::app {

struct SandboxServer::Parts {
  ProgramClock clock;
  std::unique_ptr<Random> random;
  net::IoThreads io{1};
  net::Router router;
  std::unique_ptr<net::HttpClient> client = net::make_http_client();
  std::optional<sandbox::Sandbox> sandbox;
  std::optional<net::HttpServer> server;
  std::string url;
};

Result<std::unique_ptr<SandboxServer>> SandboxServer::open(const std::string& listen, std::uint64_t seed,
                                                           const std::string& clock_file) {
  const auto address = parse_listen(listen);
  if (!address) return std::unexpected(address.error());
  auto parts = std::make_unique<Parts>();
  if (auto ok = parts->clock.follow(clock_file); !ok) return std::unexpected(ok.error());
  if (seed == 0) {
    parts->random = std::make_unique<SystemRandom>();
  } else {
    parts->random = std::make_unique<SeededRandom>(seed);
  }
  net::ServerOptions options;
  options.host = address->host;
  options.port = address->port;
  parts->server.emplace(options, parts->router, parts->io, parts->clock, *parts->random);
  if (auto ok = parts->server->listen(); !ok) return std::unexpected(ok.error());
  parts->url =
      fmt::format("http://{}:{}", address->host == "0.0.0.0" ? "127.0.0.1" : address->host, parts->server->port());
  parts->sandbox.emplace(parts->io, *parts->client, *parts->random, sandbox::Settings{parts->url, &parts->clock});
  parts->sandbox->mount(parts->router);
  parts->io.start();
  return std::unique_ptr<SandboxServer>(new SandboxServer(std::move(parts)));
}

SandboxServer::SandboxServer(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
SandboxServer::~SandboxServer() { stop(); }

std::string SandboxServer::url() const { return parts_->url; }
sandbox::Sandbox& SandboxServer::sandbox() { return *parts_->sandbox; }
net::IoThreads& SandboxServer::io() { return parts_->io; }
Random& SandboxServer::random() { return *parts_->random; }

void SandboxServer::stop() {
  if (!parts_->server) return;
  parts_->server->drain(std::chrono::seconds(1));
  parts_->io.stop();
  parts_->server.reset();
}

}  // namespace miniops::app
