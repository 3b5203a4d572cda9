// WebSockets, driven by a peer that builds the frames itself.
#include "net/tests/server_fixture.hpp"

namespace miniops::net::testing {
namespace {

struct Frame {
  int opcode = -1;  // -1: the connection ended
  std::string payload;
  int close_code() const {
    return payload.size() < 2 ? 0
                              : static_cast<unsigned char>(payload[0]) * 256 + static_cast<unsigned char>(payload[1]);
  }
};

std::string client_frame(int opcode, std::string_view payload) {
  std::string frame(1, static_cast<char>(0x80 | opcode));
  if (payload.size() < 126) {
    frame += static_cast<char>(0x80 | payload.size());
  } else if (payload.size() < 65536) {
    frame += static_cast<char>(0x80 | 126);
    frame += static_cast<char>(payload.size() >> 8);
    frame += static_cast<char>(payload.size() & 0xff);
  } else {
    frame += static_cast<char>(0x80 | 127);
    for (int shift = 56; shift >= 0; shift -= 8) frame += static_cast<char>((payload.size() >> shift) & 0xff);
  }
  frame += std::string(4, '\0');  // a mask that changes nothing
  return frame.append(payload);
}

Frame read_frame(RawPeer& peer) {
  const std::string head = peer.read_bytes(2);
  if (head.size() < 2) return {};
  std::size_t size = static_cast<unsigned char>(head[1]) & 0x7f;
  if (size >= 126) {
    const std::string more = peer.read_bytes(size == 126 ? 2 : 8);
    size = 0;
    for (const char c : more) size = size * 256 + static_cast<unsigned char>(c);
  }
  return {static_cast<unsigned char>(head[0]) & 0x0f, peer.read_bytes(size)};
}

constexpr int text = 1, binary = 2, closing = 8, ping = 9, pong = 10;

std::string upgrade_request(std::string_view extra, std::string_view path = "/live") {
  return fmt::format(
      "GET {} HTTP/1.1\r\nHost: ops.example.com\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
      "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n{}\r\n",
      path, extra);
}
constexpr std::string_view same_origin = "Origin: https://ops.example.com\r\n";

class WebSocketTest : public ServerTest {
 protected:
  void socket_route(WebSocketHandler handler, WebSocketCheck check = {}) {
    RouteInfo info;
    info.pattern = "/live";
    info.auth = "none";
    if (!check) check = [](Request&) -> Task<Result<void>> { co_return Result<void>(); };
    router.add_websocket(std::move(info), std::move(check), std::move(handler));
  }
  void echo_socket() {
    socket_route([](Request&, WebSocket& socket) -> Task<void> {
      while (auto message = co_await socket.receive())
        socket.post(std::make_shared<const std::string>(std::move(*message)));
    });
  }
};

TEST_F(WebSocketTest, EchoesInOrder) {
  echo_socket();
  start();
  auto one = peer();
  const auto accepted = one.ask(upgrade_request(same_origin));
  EXPECT_EQ(accepted.status, 101);
  EXPECT_EQ(accepted.header("Sec-WebSocket-Accept"), "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
  EXPECT_FALSE(accepted.header("X-Request-Id").empty());
  std::string bytes;
  for (int i = 0; i < 100; ++i) bytes += client_frame(text, fmt::format("message {}", i));
  bytes += client_frame(text, std::string(100'000, 'y'));
  one.send(bytes);
  for (int i = 0; i < 100; ++i) EXPECT_EQ(read_frame(one).payload, fmt::format("message {}", i));
  EXPECT_EQ(read_frame(one).payload.size(), 100'000U);
  one.send(client_frame(ping, "are you there"));
  const Frame answer = read_frame(one);
  EXPECT_EQ(answer.opcode, pong);
  EXPECT_EQ(answer.payload, "are you there");
  EXPECT_EQ(server->counts().websockets_open, 1U);
  one.send(client_frame(closing, "\x03\xe8"));
  EXPECT_EQ(read_frame(one).close_code(), 1000);
  EXPECT_TRUE(one.ends());
  EXPECT_TRUE(eventually([&] { return server->counts().websockets_open == 0; }));
}

struct UpgradeCase {
  std::string name;
  std::string extra;
  int status;
};
class Upgrade : public WebSocketTest, public ::testing::WithParamInterface<UpgradeCase> {};
TEST_P(Upgrade, ChecksTheOrigin) {
  echo_socket();
  ServerOptions options;
  options.allowed_origins = {"http://localhost:5173"};
  start(options);
  EXPECT_EQ(peer().ask(upgrade_request(GetParam().extra)).status, GetParam().status);
}
INSTANTIATE_TEST_SUITE_P(
    Origins, Upgrade,
    ::testing::Values(UpgradeCase{"Same", std::string(same_origin), 101},
                      UpgradeCase{"SameInOtherCase", "Origin: https://OPS.example.com\r\n", 101},
                      UpgradeCase{"Allowed", "Origin: http://localhost:5173\r\n", 101},
                      UpgradeCase{"Other", "Origin: https://evil.example.com\r\n", 403},
                      UpgradeCase{"OtherPort", "Origin: https://ops.example.com:444\r\n", 403},
                      UpgradeCase{"SuffixTrick", "Origin: https://evil.com/ops.example.com\r\n", 403},
                      UpgradeCase{"Null", "Origin: null\r\n", 403},
                      UpgradeCase{"NoneWithKey", "Authorization: Bearer k\r\n", 101},
                      UpgradeCase{"EvilWithKey", "Origin: https://evil.example.com\r\nAuthorization: Bearer k\r\n",
                                  403},
                      UpgradeCase{"None", "", 403}),
    [](const auto& row) { return row.param.name; });

TEST_F(WebSocketTest, APlainRequestIsToldToUpgrade) {
  echo_socket();
  start();
  auto one = peer();
  const auto response = one.ask("GET /live HTTP/1.1\r\nHost: a\r\n\r\n");
  EXPECT_EQ(response.status, 426);
  EXPECT_EQ(response.header("Upgrade"), "websocket");
  EXPECT_EQ(one.ask("POST /live HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n").status, 405);
}

TEST_F(WebSocketTest, TheCheckRefusesBeforeTheUpgrade) {
  socket_route([](Request&, WebSocket&) -> Task<void> { co_return; },
               [](Request&) -> Task<Result<void>> {
                 co_return fail(ErrorKind::unauthenticated, "identity.no_session", "sign in first");
               });
  start();
  const auto response = peer().ask(upgrade_request(same_origin));
  EXPECT_EQ(response.status, 401);
  EXPECT_NE(response.body.find("identity.no_session"), std::string::npos);
}

TEST_F(WebSocketTest, ClosesOnTooLargeBinaryAndBrokenFrames) {
  echo_socket();
  ServerOptions options;
  options.limits.websocket_message_bytes_max = 1000;
  start(options);
  struct Row {
    std::string bytes;
    int code;
  };
  for (const Row& row : {Row{client_frame(text, std::string(1001, 'x')), 1009}, Row{client_frame(binary, "x"), 1003},
                         Row{client_frame(text, "\xff\xfe"), 1007}, Row{std::string("\x81\x01x", 3), 1002}}) {
    auto one = peer();
    EXPECT_EQ(one.ask(upgrade_request(same_origin)).status, 101);
    one.send(row.bytes);
    const Frame frame = read_frame(one);
    EXPECT_EQ(frame.opcode, closing);
    EXPECT_EQ(frame.close_code(), row.code);
    one.shutdown_send();
  }
  EXPECT_TRUE(eventually([&] { return server->counts().open_connections == 0; }));
}

TEST_F(WebSocketTest, ASlowPeerIsClosedWhenTooMuchWaits) {
  std::promise<std::size_t> posted;
  socket_route([&posted](Request&, WebSocket& socket) -> Task<void> {
    const auto message = std::make_shared<const std::string>(1 << 20, 'z');
    std::size_t count = 0;
    while (socket.post(message)) ++count;
    EXPECT_FALSE(socket.post(message));
    posted.set_value(count);
    while (co_await socket.receive()) {
    }
  });
  start();
  RawPeer one(server->port(), 4096);
  EXPECT_EQ(one.ask(upgrade_request(same_origin)).status, 101);
  EXPECT_EQ(posted.get_future().get(), 8U);
  // The peer wakes up: what was under way arrives, then the reason.
  Frame frame = read_frame(one);
  while (frame.opcode == text) frame = read_frame(one);
  EXPECT_EQ(frame.opcode, closing);
  EXPECT_EQ(frame.close_code(), 1013);
}

TEST_F(WebSocketTest, APeerThatNeverReadsIsCutOff) {
  socket_route([](Request&, WebSocket& socket) -> Task<void> {
    const auto message = std::make_shared<const std::string>(7 << 20, 'z');
    socket.post(message);
    while (co_await socket.receive()) {
    }
  });
  start(short_limits());
  RawPeer one(server->port(), 4096);
  EXPECT_EQ(one.ask(upgrade_request(same_origin)).status, 101);
  EXPECT_TRUE(eventually([&] { return server->counts().open_connections == 0; }));
}

TEST_F(WebSocketTest, PingsAndGivesUpOnTheSilent) {
  echo_socket();
  ServerOptions options;
  options.limits.websocket_ping = 40ms;
  start(options);
  auto one = peer();
  EXPECT_EQ(one.ask(upgrade_request(same_origin)).status, 101);
  for (int i = 0; i < 8; ++i) {  // answered pings keep it for longer than silence would
    EXPECT_EQ(read_frame(one).opcode, ping);
    one.send(client_frame(pong, ""));
  }
  Frame frame = read_frame(one);
  while (frame.opcode == ping) frame = read_frame(one);
  EXPECT_EQ(frame.opcode, -1);  // gone without a word: nobody was there to read it
}

TEST_F(WebSocketTest, PostsFromOtherThreadsArriveInOrder) {
  std::promise<WebSocket*> opened;
  socket_route([&opened](Request&, WebSocket& socket) -> Task<void> {
    opened.set_value(&socket);
    while (co_await socket.receive()) {
    }
  });
  start();
  auto one = peer();
  EXPECT_EQ(one.ask(upgrade_request(same_origin)).status, 101);
  WebSocket* const socket = opened.get_future().get();
  for (int i = 0; i < 1000; ++i) socket->post(std::make_shared<const std::string>(std::to_string(i)));
  for (int i = 0; i < 1000; ++i) EXPECT_EQ(read_frame(one).payload, std::to_string(i));
  EXPECT_TRUE(eventually([&] { return socket->queued_bytes() == 0; }));
  socket->close(4001, "enough");
  const Frame last = read_frame(one);
  EXPECT_EQ(last.close_code(), 4001);
  EXPECT_EQ(last.payload.substr(2), "enough");
  one.send(client_frame(closing, last.payload));
  EXPECT_TRUE(one.ends());
}

TEST_F(WebSocketTest, QueuedMessagesLeaveBeforeTheClose) {
  socket_route([](Request&, WebSocket& socket) -> Task<void> {
    for (int i = 0; i < 10; ++i) socket.post(std::make_shared<const std::string>("last words"));
    co_return;
  });
  start();
  auto one = peer();
  EXPECT_EQ(one.ask(upgrade_request(same_origin)).status, 101);
  for (int i = 0; i < 10; ++i) EXPECT_EQ(read_frame(one).payload, "last words");
  EXPECT_EQ(read_frame(one).close_code(), 1000);
}

TEST_F(WebSocketTest, DrainSaysThatTheServerRestarts) {
  echo_socket();
  start();
  auto one = peer();
  EXPECT_EQ(one.ask(upgrade_request(same_origin)).status, 101);
  auto draining = std::async(std::launch::async, [&] { server->drain(5s); });
  EXPECT_EQ(read_frame(one).close_code(), 1012);
  one.send(client_frame(closing, "\x03\xf4"));
  EXPECT_TRUE(one.ends());
  draining.get();
}

TEST_F(WebSocketTest, AHandlerThatThrowsClosesItsSocketOnly) {
  socket_route([](Request&, WebSocket& socket) -> Task<void> {
    co_await socket.receive();
    throw std::runtime_error("inside");
  });
  start();
  auto one = peer();
  auto two = peer();
  EXPECT_EQ(one.ask(upgrade_request(same_origin)).status, 101);
  EXPECT_EQ(two.ask(upgrade_request(same_origin)).status, 101);
  one.send(client_frame(text, "x"));
  EXPECT_EQ(read_frame(one).close_code(), 1011);
  two.send(client_frame(ping, "x"));
  EXPECT_EQ(read_frame(two).opcode, pong);
}

}  // namespace
}  // namespace miniops::net::testing
