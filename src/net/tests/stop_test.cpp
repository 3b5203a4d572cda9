// The end of a server with everything still under way: nothing hangs, and the sanitizers find nothing left behind.
#include "net/tests/server_fixture.hpp"

namespace miniops::net::testing {
namespace {

class StopTest : public ServerTest {
 protected:
  void waiting_routes() {
    route(Method::get, "/forever", [this](Request&) -> Task<Response> {
      ++waiting;
      asio::steady_timer timer(co_await asio::this_coro::executor, 1h);
      co_await timer.async_wait(asio::use_awaitable);
      co_return Response::text("never");
    });
    RouteInfo live;
    live.pattern = "/live";
    router.add_websocket(
        live, [](Request&) -> Task<Result<void>> { co_return Result<void>(); },
        [this](Request&, WebSocket& socket) -> Task<void> {
          ++waiting;
          socket.post(std::make_shared<const std::string>(4 << 20, 'x'));
          while (co_await socket.receive()) {
          }
        });
  }
  std::atomic<int> waiting{0};
};

constexpr std::string_view upgrade =
    "GET /live HTTP/1.1\r\nHost: a\r\nOrigin: http://a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
    "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";

TEST_F(StopTest, WithHandlersSocketsAndClientsThatWait) {
  waiting_routes();
  hello_route();
  start();
  std::vector<RawPeer> peers;
  for (int i = 0; i < 6; ++i) {
    peers.emplace_back(server->port(), 4096);
    peers.back().send(i % 2 == 0 ? "GET /forever HTTP/1.1\r\nHost: a\r\n\r\n" : upgrade);
    peers.emplace_back(server->port());
    peers.back().send("GET /hello HTTP/1.1\r\nHo");
  }
  const auto client = make_http_client();
  const auto ask = [](HttpClient& of, std::string to) -> Task<void> {
    ClientRequest request;
    request.url = std::move(to);
    request.total_timeout = 1h;
    co_await of.send(std::move(request));
  };
  io.spawn("waiting client", ask(*client, url("/forever")), 1);
  EXPECT_TRUE(eventually([&] { return waiting == 7; }));
  server->drain(0ms);
  io.stop();
  server.reset();
}

TEST_F(StopTest, UnderLoad) {
  hello_route();
  start();
  std::atomic<int> answered = 0;
  std::vector<std::future<void>> peers;
  for (int i = 0; i < 4; ++i) {
    peers.push_back(std::async(std::launch::async, [&] {
      auto one = peer();
      while (one.ask("GET /hello HTTP/1.1\r\nHost: a\r\n\r\n").status == 200) ++answered;
    }));
  }
  EXPECT_TRUE(eventually([&] { return answered > 200; }));
  server->drain(5s);
  EXPECT_EQ(server->counts().open_connections, 0U);
  for (auto& one : peers) one.get();
  EXPECT_EQ(server->counts().requests, static_cast<std::uint64_t>(answered.load()));
}

TEST_F(StopTest, BeforeItListened) {
  HttpServer never({}, router, io, clock, random);
  never.drain(10s);
}

}  // namespace
}  // namespace miniops::net::testing
