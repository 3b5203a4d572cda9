#include "net/tests/server_fixture.hpp"

namespace miniops::net::testing {
namespace {

constexpr std::string_view get_hello = "GET /hello HTTP/1.1\r\nHost: a\r\n\r\n";

TEST_F(ServerTest, AnswersWithTheHeadersOfEveryResponse) {
  hello_route();
  start();
  auto one = peer();
  const auto response = one.ask(get_hello);
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(response.body, "hello");
  EXPECT_EQ(response.header("Content-Type"), "text/plain; charset=utf-8");
  EXPECT_EQ(response.header("X-Content-Type-Options"), "nosniff");
  EXPECT_EQ(response.header("X-Frame-Options"), "DENY");
  EXPECT_EQ(response.header("Referrer-Policy"), "same-origin");
  EXPECT_EQ(response.header("X-Request-Id").size(), 15U);
  EXPECT_TRUE(response.header("Date").ends_with(" GMT"));
  const auto second = one.ask(get_hello);
  EXPECT_EQ(second.status, 200);
  EXPECT_NE(second.header("X-Request-Id"), response.header("X-Request-Id"));
}

TEST_F(ServerTest, AnswersPipelinedRequestsInOrder) {
  echo_route("/echo");
  start();
  auto one = peer();
  std::string bytes;
  for (int i = 0; i < 50; ++i)
    bytes += fmt::format("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\n{:03}", i);
  one.send(bytes);
  for (int i = 0; i < 50; ++i) EXPECT_EQ(one.read().body, fmt::format("{:03}", i));
}

TEST_F(ServerTest, TakesARequestByteByByte) {
  echo_route("/echo");
  start();
  auto one = peer();
  for (const char c : std::string_view("\r\nPOST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nabcde")) {
    one.send({&c, 1});
  }
  EXPECT_EQ(one.read().body, "abcde");
}

TEST_F(ServerTest, HeadHasTheLengthAndNoBody) {
  hello_route();
  start();
  auto one = peer();
  one.send("HEAD /hello HTTP/1.1\r\nHost: a\r\n\r\n");
  const auto response = one.read(true);
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(response.header("Content-Length"), "5");
  EXPECT_EQ(one.ask(get_hello).body, "hello");  // nothing of a body stood in between
}

TEST_F(ServerTest, ClosesWhenAsked) {
  hello_route();
  start();
  auto one = peer();
  EXPECT_EQ(one.ask("GET /hello HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n").header("Connection"), "close");
  EXPECT_TRUE(one.ends());
  auto old = peer();
  EXPECT_EQ(old.ask("GET /hello HTTP/1.0\r\n\r\n").status, 200);
  EXPECT_TRUE(old.ends());
}

TEST_F(ServerTest, DropsWithoutAnAnswer) {
  route(Method::post, "/push", [](Request&) -> Task<Response> { co_return Response::dropped(); });
  start();
  auto one = peer();
  one.send("POST /push HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nxx");
  EXPECT_TRUE(one.ends());
}

TEST_F(ServerTest, AHandlerThatThrowsIsAProblemWithoutItsText) {
  route(Method::get, "/boom", [](Request&) -> Task<Response> {
    throw std::runtime_error("SELECT secret FROM places");
    co_return Response::text("");
  });
  hello_route();
  start();
  auto one = peer();
  const auto response = one.ask("GET /boom HTTP/1.1\r\nHost: a\r\n\r\n");
  EXPECT_EQ(response.status, 500);
  EXPECT_EQ(response.header("Content-Type"), "application/problem+json");
  EXPECT_EQ(response.body.find("SELECT"), std::string::npos);
  EXPECT_NE(response.body.find("\"code\":\"net.internal\""), std::string::npos);
  EXPECT_NE(response.body.find(response.header("X-Request-Id")), std::string::npos);
  EXPECT_EQ(one.ask(get_hello).status, 200);
  EXPECT_EQ(server->counts().handler_exceptions, 1U);
}

TEST_F(ServerTest, CountsWhatHoldsItsThread) {
  route(Method::get, "/slow", [](Request&) -> Task<Response> {
    const auto until = std::chrono::steady_clock::now() + 15ms;
    while (std::chrono::steady_clock::now() < until) {
    }
    co_return Response::text("done");
  });
  route(Method::get, "/waits", [](Request&) -> Task<Response> {
    asio::steady_timer timer(co_await asio::this_coro::executor, 30ms);
    co_await timer.async_wait(asio::use_awaitable);
    co_return Response::text("done");
  });
  start();
  auto one = peer();
  for (int i = 0; i < 10; ++i) one.ask("GET /waits HTTP/1.1\r\nHost: a\r\n\r\n");
  const auto while_waiting = server->counts().slow_handlers;
  EXPECT_LT(while_waiting, 5U);  // none, unless the machine itself is too busy to run us
  for (int i = 0; i < 10; ++i) one.ask("GET /slow HTTP/1.1\r\nHost: a\r\n\r\n");
  EXPECT_EQ(server->counts().slow_handlers, while_waiting + 10);
}

TEST_F(ServerTest, ALineBreakInAHeaderIsNotSent) {
  route(Method::get, "/split", [](Request&) -> Task<Response> {
    Response response = Response::text("body");
    response.headers.add("X-Name", "a\r\nSet-Cookie: stolen=1");
    response.headers.add("X-Kept", "yes");
    co_return response;
  });
  start();
  const auto response = peer().ask("GET /split HTTP/1.1\r\nHost: a\r\n\r\n");
  EXPECT_EQ(response.head.find("stolen"), std::string::npos);
  EXPECT_EQ(response.header("X-Kept"), "yes");
}

TEST_F(ServerTest, ALargeBodyArrivesWhole) {
  route(Method::get, "/large", [](Request&) -> Task<Response> { co_return Response::text(std::string(5 << 20, 'x')); });
  start();
  auto one = peer();
  EXPECT_EQ(one.ask("GET /large HTTP/1.1\r\nHost: a\r\n\r\n").body.size(), 5U << 20);
  EXPECT_EQ(one.ask("GET /large HTTP/1.1\r\nHost: a\r\n\r\n").body.size(), 5U << 20);
}

TEST_F(ServerTest, DrainAnswersWhatIsUnderWayAndClosesTheRest) {
  std::promise<void> entered;
  std::promise<void> leave;
  auto left = leave.get_future().share();
  route(Method::get, "/busy", [&entered, left](Request&) -> Task<Response> {
    entered.set_value();
    asio::steady_timer timer(co_await asio::this_coro::executor);
    while (left.wait_for(0s) != std::future_status::ready) {
      timer.expires_after(1ms);
      co_await timer.async_wait(asio::use_awaitable);
    }
    co_return Response::text("still answered");
  });
  hello_route();
  start();
  auto idle = peer();
  EXPECT_EQ(idle.ask(get_hello).status, 200);
  auto busy = peer();
  busy.send("GET /busy HTTP/1.1\r\nHost: a\r\n\r\n");
  entered.get_future().wait();
  auto draining = std::async(std::launch::async, [&] { server->drain(10s); });
  EXPECT_TRUE(idle.ends());
  leave.set_value();
  const auto response = busy.read();
  EXPECT_EQ(response.body, "still answered");
  EXPECT_EQ(response.header("Connection"), "close");
  draining.get();
  EXPECT_EQ(server->counts().open_connections, 0U);
}

TEST_F(ServerTest, ListensOnIpv6) {
  hello_route();
  ServerOptions options;
  options.host = "::1";
  options.port = 0;
  server = std::make_unique<HttpServer>(options, router, io, clock, random);
  if (!server->listen()) GTEST_SKIP() << "no IPv6 here";
  io.start();
  const auto client = make_http_client();
  ClientRequest request;
  request.url = fmt::format("http://[::1]:{}/hello", server->port());
  const auto answer = run(client->send(std::move(request)));
  ASSERT_TRUE(answer) << answer.error().what;
  EXPECT_EQ(answer->body, "hello");
}

TEST_F(ServerTest, ATakenPortIsNamed) {
  start();
  ServerOptions options;
  options.port = server->port();
  HttpServer second(options, router, io, clock, random);
  const auto listening = second.listen();
  ASSERT_FALSE(listening);
  EXPECT_EQ(listening.error().code, "net.port_taken");
  EXPECT_NE(listening.error().message.find(std::to_string(server->port())), std::string::npos);
}

TEST_F(ServerTest, FallbackAnswersUnknownPathsForGetAndHead) {
  router.set_fallback([](Request& request) -> Task<Response> { co_return Response::text("file " + request.path); });
  echo_route("/echo");
  start();
  auto one = peer();
  EXPECT_EQ(one.ask("GET /some/page?x=1 HTTP/1.1\r\nHost: a\r\n\r\n").body, "file /some/page");
  EXPECT_EQ(one.ask("POST /some/page HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n").status, 404);
  EXPECT_EQ(one.ask("GET /echo HTTP/1.1\r\nHost: a\r\n\r\n").status, 405);
}

struct ForwardedCase {
  std::string name;
  std::string headers;
  std::string expected;
};

class Forwarded : public ServerTest, public ::testing::WithParamInterface<ForwardedCase> {};

TEST_P(Forwarded, FromATrustedPeer) {
  route(Method::get, "/who", [](Request& request) -> Task<Response> {
    co_return Response::text(request.remote_address + (request.secure ? " secure" : " plain"));
  });
  ServerOptions options;
  options.trusted_proxies = {"127.0.0.1", "10.0.0.0/8", "fd00::/8"};
  start(options);
  EXPECT_EQ(peer().ask("GET /who HTTP/1.1\r\nHost: a\r\n" + GetParam().headers + "\r\n").body, GetParam().expected);
}

INSTANTIATE_TEST_SUITE_P(
    Proxies, Forwarded,
    ::testing::Values(
        ForwardedCase{"None", "", "127.0.0.1 plain"},
        ForwardedCase{"One", "X-Forwarded-For: 203.0.113.9\r\nX-Forwarded-Proto: https\r\n", "203.0.113.9 secure"},
        ForwardedCase{"RightmostUntrusted", "X-Forwarded-For: 1.1.1.1, 203.0.113.9, 10.2.3.4\r\n", "203.0.113.9 plain"},
        ForwardedCase{"SeveralLines", "X-Forwarded-For: 1.1.1.1\r\nX-Forwarded-For: 8.8.8.8,10.0.0.1\r\n",
                      "8.8.8.8 plain"},
        ForwardedCase{"V6", "X-Forwarded-For: 2001:db8::7, fd00::1\r\n", "2001:db8::7 plain"},
        ForwardedCase{"Mapped", "X-Forwarded-For: ::ffff:203.0.113.9\r\n", "203.0.113.9 plain"},
        ForwardedCase{"PortAndBrackets", "X-Forwarded-For: [2001:db8::7]:99, 10.0.0.1:1234\r\n", "2001:db8::7 plain"},
        ForwardedCase{"Nonsense", "X-Forwarded-For: 1.1.1.1, evil\r\n", "127.0.0.1 plain"},
        ForwardedCase{"AllTrusted", "X-Forwarded-For: 10.0.0.9, 10.0.0.1\r\n", "10.0.0.9 plain"}),
    [](const auto& row) { return row.param.name; });

TEST_F(ServerTest, AnUntrustedPeerIsNotBelieved) {
  route(Method::get, "/who", [](Request& request) -> Task<Response> {
    co_return Response::text(request.remote_address + (request.secure ? " secure" : " plain"));
  });
  start();
  EXPECT_EQ(
      peer().ask("GET /who HTTP/1.1\r\nHost: a\r\nX-Forwarded-For: 8.8.8.8\r\nX-Forwarded-Proto: https\r\n\r\n").body,
      "127.0.0.1 plain");
}

TEST_F(ServerTest, AWrongProxyIsNamed) {
  for (const char* entry : {"10.0.0.0/33", "nonsense", "10.0.0.0/", "::1/129", "10.0.0.0/-1"}) {
    ServerOptions options;
    options.port = 0;
    options.trusted_proxies = {entry};
    HttpServer wrong(options, router, io, clock, random);
    const auto listening = wrong.listen();
    ASSERT_FALSE(listening) << entry;
    EXPECT_EQ(listening.error().code, "net.invalid_proxy");
    EXPECT_NE(listening.error().message.find(entry), std::string::npos);
  }
}

}  // namespace
}  // namespace miniops::net::testing
