// Every limit of the server, and requests that are not HTTP.
#include "net/tests/server_fixture.hpp"

namespace miniops::net::testing {
namespace {

struct RefusedCase {
  std::string name;
  std::string bytes;
  int status;
  std::string code;
};
void PrintTo(const RefusedCase& row, std::ostream* out) { *out << row.name; }

class Refused : public ServerTest, public ::testing::WithParamInterface<RefusedCase> {};

TEST_P(Refused, AnswersAndCloses) {
  bool handled = false;
  route(
      Method::post, "/small",
      [&handled](Request&) -> Task<Response> {
        handled = true;
        co_return Response::text("");
      },
      10);
  start();
  auto one = peer();
  const auto response = one.ask(GetParam().bytes);
  EXPECT_EQ(response.status, GetParam().status);
  EXPECT_NE(response.body.find("\"code\":\"" + GetParam().code + "\""), std::string::npos) << response.body;
  EXPECT_EQ(response.header("Connection"), "close");
  EXPECT_TRUE(one.ends());
  EXPECT_FALSE(handled);
}

const std::string post = "POST /small HTTP/1.1\r\nHost: a\r\n";

INSTANTIATE_TEST_SUITE_P(
    Requests, Refused,
    ::testing::Values(
        RefusedCase{"Garbage", "\x16\x03\x01 hello\r\n\r\n", 400, "net.malformed_request"},
        RefusedCase{"NoVersion", "GET /small\r\n\r\n", 400, "net.malformed_request"},
        RefusedCase{"WrongVersion", "GET /small HTTP/3.0\r\nHost: a\r\n\r\n", 400, "net.malformed_request"},
        RefusedCase{"NoHost", "GET /small HTTP/1.1\r\n\r\n", 400, "net.malformed_request"},
        RefusedCase{"TwoHosts", "GET /small HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", 400, "net.malformed_request"},
        RefusedCase{"NoPath", "GET small HTTP/1.1\r\nHost: a\r\n\r\n", 400, "net.malformed_request"},
        RefusedCase{"SpaceInName", "GET /small HTTP/1.1\r\nHost : a\r\n\r\n", 400, "net.malformed_request"},
        RefusedCase{"ControlInValue", "GET /small HTTP/1.1\r\nHost: a\r\nX: \x01\r\n\r\n", 400,
                    "net.malformed_request"},
        RefusedCase{"LengthNotANumber", post + "Content-Length: ten\r\n\r\n", 400, "net.malformed_request"},
        RefusedCase{"LengthNegative", post + "Content-Length: -1\r\n\r\n", 400, "net.malformed_request"},
        RefusedCase{"LengthTooBigForANumber", post + "Content-Length: 99999999999999999999\r\n\r\n", 400,
                    "net.malformed_request"},
        RefusedCase{"TwoLengths", post + "Content-Length: 1\r\nContent-Length: 2\r\n\r\n", 400,
                    "net.malformed_request"},
        RefusedCase{"LengthAndChunked", post + "Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n", 400,
                    "net.malformed_request"},
        RefusedCase{"ChunkedAndLength", post + "Transfer-Encoding: chunked\r\nContent-Length: 1\r\n\r\n", 400,
                    "net.malformed_request"},
        RefusedCase{"UnknownEncoding", post + "Transfer-Encoding: gzip\r\n\r\n", 400, "net.malformed_request"},
        RefusedCase{"GzipThenChunked", post + "Transfer-Encoding: gzip, chunked\r\n\r\n", 400, "net.malformed_request"},
        RefusedCase{"ChunkedTwice", post + "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n", 400,
                    "net.malformed_request"},
        RefusedCase{"ChunkedInHttp10", "POST /small HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n", 400,
                    "net.malformed_request"},
        RefusedCase{"BadChunk", post + "Transfer-Encoding: chunked\r\n\r\nzz\r\n", 400, "net.malformed_request"},
        RefusedCase{"EndlessChunkExtension", post + "Transfer-Encoding: chunked\r\n\r\n1;" + std::string(40'000, 'x'),
                    400, "net.malformed_request"},
        RefusedCase{"EndlessTrailer", post + "Transfer-Encoding: chunked\r\n\r\n0\r\nX: " + std::string(40'000, 'x'),
                    400, "net.malformed_request"},
        RefusedCase{"HeaderTooLarge", "GET /small HTTP/1.1\r\nHost: a\r\nX: " + std::string(20'000, 'x') + "\r\n\r\n",
                    431, "net.header_too_large"},
        RefusedCase{"HeaderEndless", "GET /small HTTP/1.1\r\nHost: a\r\nX: " + std::string(20'000, 'x'), 431,
                    "net.header_too_large"},
        RefusedCase{"TargetTooLong", "GET /" + std::string(20'000, 'x'), 431, "net.header_too_large"},
        RefusedCase{"BodyTooLarge", post + "Content-Length: 11\r\n\r\n", 413, "net.body_too_large"},
        RefusedCase{"BodyTooLargeExpecting", post + "Expect: 100-continue\r\nContent-Length: 11\r\n\r\n", 413,
                    "net.body_too_large"},
        RefusedCase{"BodyTooLargeAndSent", post + "Content-Length: 11\r\n\r\nhello world", 413, "net.body_too_large"},
        RefusedCase{"ChunkTooLarge", post + "Transfer-Encoding: chunked\r\n\r\nb\r\n", 413, "net.body_too_large"},
        RefusedCase{"ChunksTooLarge", post + "Transfer-Encoding: chunked\r\n\r\n8\r\n12345678\r\n3\r\n", 413,
                    "net.body_too_large"},
        RefusedCase{"HugeChunk", post + "Transfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\n", 413,
                    "net.body_too_large"},
        RefusedCase{"OtherExpectation", post + "Expect: a-miracle\r\nContent-Length: 1\r\n\r\n", 417,
                    "net.expectation_failed"},
        RefusedCase{"NotFoundWithBody", "POST /other HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\n", 404,
                    "net.not_found"},
        RefusedCase{"WrongMethodWithBody", "PUT /small HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\n", 405,
                    "net.method_not_allowed"}),
    [](const auto& row) { return row.param.name; });

TEST_F(ServerTest, WrongMethodNamesTheRightOnesAndKeepsTheConnection) {
  echo_route("/thing");
  route(Method::get, "/thing", [](Request&) -> Task<Response> { co_return Response::text("thing"); });
  start();
  auto one = peer();
  for (const char* method : {"DELETE", "BREW", "TRACE", "CONNECT"}) {
    const auto response = one.ask(fmt::format("{} /thing HTTP/1.1\r\nHost: a\r\n\r\n", method));
    EXPECT_EQ(response.status, 405) << method;
    EXPECT_EQ(response.header("Allow"), "GET, HEAD, POST");
  }
  EXPECT_EQ(one.ask("GET /thing HTTP/1.1\r\nHost: a\r\n\r\n").body, "thing");
  EXPECT_EQ(server->counts().method_not_allowed, 4U);
  EXPECT_EQ(server->counts().refused_by_name.at("/thing"), 4U);
}

TEST_F(ServerTest, ChunkedBodiesArePutTogether) {
  echo_route("/echo", 20);
  start();
  auto one = peer();
  one.send("POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5;note=x\r\nhello\r\n");
  one.send("6\r\n world\r\n0\r\nX-Forwarded-For: 1.2.3.4\r\n\r\n");
  EXPECT_EQ(one.read().body, "hello world");
  EXPECT_EQ(one.ask("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\nnext").body, "next");
}

TEST_F(ServerTest, ContinuesWhenExpected) {
  echo_route("/echo");
  start();
  auto one = peer();
  one.send("POST /echo HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 4\r\n\r\n");
  EXPECT_EQ(one.read().status, 100);
  EXPECT_EQ(one.ask("body").body, "body");
}

TEST_F(ServerTest, AHalfHeaderIsAnsweredAndClosedInTime) {
  hello_route();
  start(short_limits());
  auto one = peer();
  EXPECT_EQ(one.ask("GET /hello HTTP/1.1\r\nHost").status, 408);
  EXPECT_TRUE(one.ends());
  EXPECT_EQ(server->counts().timeouts, 1U);
}

TEST_F(ServerTest, ASlowHeaderGetsNoMoreTimePerByte) {
  hello_route();
  start(short_limits());
  auto one = peer();
  const auto begin = std::chrono::steady_clock::now();
  // A byte every 10 ms would take a second; the limit is a tenth of it.
  asio::io_context io_of_test;
  asio::steady_timer pace(io_of_test);
  for (int i = 0; i < 100 && one.send("G"); ++i) {
    pace.expires_after(10ms);
    pace.wait();
  }
  one.read();
  EXPECT_LT(std::chrono::steady_clock::now() - begin, 5s);
  EXPECT_EQ(server->counts().timeouts, 1U);
}

TEST_F(ServerTest, ASlowBodyIsAnsweredAndClosedInTime) {
  echo_route("/echo");
  start(short_limits());
  auto one = peer();
  EXPECT_EQ(one.ask("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nhalf").status, 408);
  EXPECT_TRUE(one.ends());
  auto chunked = peer();
  EXPECT_EQ(chunked.ask("POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nha").status, 408);
  EXPECT_TRUE(chunked.ends());
  EXPECT_EQ(server->counts().refused_by_name.at("/echo"), 2U);
}

TEST_F(ServerTest, AnIdleConnectionIsClosedSilently) {
  hello_route();
  auto options = short_limits();
  options.limits.keep_alive_timeout = 400ms;
  start(options);
  auto fresh = peer();
  EXPECT_TRUE(fresh.ends());
  auto used = peer();
  EXPECT_EQ(used.ask("GET /hello HTTP/1.1\r\nHost: a\r\n\r\n").status, 200);
  EXPECT_TRUE(used.ends());
}

TEST_F(ServerTest, APeerThatReadsNothingIsCutOff) {
  route(Method::get, "/large", [](Request&) -> Task<Response> { co_return Response::text(std::string(1 << 20, 'x')); });
  start(short_limits());
  RawPeer one(server->port(), 4096);
  for (int i = 0; i < 16; ++i) one.send("GET /large HTTP/1.1\r\nHost: a\r\n\r\n");
  EXPECT_TRUE(eventually([&] { return server->counts().timeouts == 1 && server->counts().open_connections == 0; }));
}

TEST_F(ServerTest, ConnectionsBeyondTheLimitAreClosedAtOnce) {
  hello_route();
  ServerOptions options;
  options.limits.connections_max = 2;
  start(options);
  auto one = peer();
  auto two = peer();
  EXPECT_EQ(one.ask("GET /hello HTTP/1.1\r\nHost: a\r\n\r\n").status, 200);
  EXPECT_EQ(two.ask("GET /hello HTTP/1.1\r\nHost: a\r\n\r\n").status, 200);
  EXPECT_TRUE(peer().ends());
  one.ask("GET /hello HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
  EXPECT_TRUE(eventually([&] { return server->counts().open_connections < 2; }));
  EXPECT_EQ(peer().ask("GET /hello HTTP/1.1\r\nHost: a\r\n\r\n").status, 200);
}

TEST_F(ServerTest, APeerThatVanishesHarmsNobody) {
  echo_route("/echo");
  hello_route();
  start();
  for (const char* bytes : {"", "GET", "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nhalf"}) {
    auto gone = peer();
    gone.send(bytes);
  }
  EXPECT_EQ(peer().ask("GET /hello HTTP/1.1\r\nHost: a\r\n\r\n").status, 200);
  EXPECT_TRUE(eventually([&] { return server->counts().open_connections == 0; }));
}

}  // namespace
}  // namespace miniops::net::testing
