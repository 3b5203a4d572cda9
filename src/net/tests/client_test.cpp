// The client against servers that follow a script, byte by byte: what matters is what a failure says.
#include <fstream>

#include "net/tests/certificate.hpp"
#include "net/tests/server_fixture.hpp"

namespace miniops::net::testing {
namespace {

using Kind = ClientFailure::Kind;
using Answer = std::expected<ClientResponse, ClientFailure>;

// A blocking server on a thread: each connection is handed to `script`.
class Scripted {
 public:
  using Script = std::function<void(tcp::socket&, int number)>;
  explicit Scripted(int connections, Script script)
      : acceptor_(io_, tcp::endpoint(asio::ip::make_address("127.0.0.1"), 0)),
        thread_([this, connections, script = std::move(script)] {
          for (int i = 0; i < connections; ++i) {
            boost::system::error_code error;
            tcp::socket socket(io_);
            acceptor_.accept(socket, error);
            if (error) return;
            const timeval patience{10, 0};
            ::setsockopt(socket.native_handle(), SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
            script(socket, i);
          }
        }) {}
  ~Scripted() {
    ::shutdown(acceptor_.native_handle(), SHUT_RDWR);  // wakes accept()
    thread_.join();
  }
  std::string url(std::string_view path = "/") {
    return fmt::format("http://127.0.0.1:{}{}", acceptor_.local_endpoint().port(), path);
  }

 private:
  asio::io_context io_;
  tcp::acceptor acceptor_;
  std::thread thread_;
};

// Everything up to the blank line, and as much after it as Content-Length says.
std::string read_request(tcp::socket& socket) {
  std::string got;
  char byte = 0;
  const auto more = [&] { return ::recv(socket.native_handle(), &byte, 1, 0) == 1; };
  while (!got.ends_with("\r\n\r\n") && more()) got += byte;
  const auto at = got.find("Content-Length: ");
  const std::size_t length = at == std::string::npos ? 0 : std::stoul(got.substr(at + 16));
  for (std::size_t i = 0; i < length && more(); ++i) got += byte;
  return got;
}
void say(tcp::socket& socket, std::string_view bytes) {
  boost::system::error_code error;
  asio::write(socket, asio::buffer(bytes), error);
}
// Until the client closes.
void wait_for_end(tcp::socket& socket) {
  char bytes[4096];
  while (::recv(socket.native_handle(), bytes, sizeof bytes, 0) > 0) {
  }
}

class ClientTest : public ServerTest {
 protected:
  ClientTest() : client(make_http_client()) {}
  void SetUp() override { io.start(); }
  void start_server(ServerOptions options = {}) {
    options.port = 0;
    server = std::make_unique<HttpServer>(std::move(options), router, io, clock, random);
    const auto listening = server->listen();
    ASSERT_TRUE(listening) << listening.error().message;
  }
  Answer send(ClientRequest request) { return run(client->send(std::move(request))); }
  Answer get(std::string url) {
    ClientRequest request;
    request.url = std::move(url);
    return send(std::move(request));
  }
  Answer post(std::string url, std::string body) {
    ClientRequest request;
    request.method = Method::post;
    request.url = std::move(url);
    request.body = std::move(body);
    return send(std::move(request));
  }
  std::unique_ptr<HttpClient> client;
};

void expect_failure(const Answer& answer, Kind kind, bool bytes_left) {
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().kind, kind) << answer.error().what;
  EXPECT_EQ(answer.error().bytes_left, bytes_left) << answer.error().what;
}

TEST_F(ClientTest, SendsAndReuses) {
  echo_route("/echo");
  route(Method::get, "/headers", [](Request& request) -> Task<Response> {
    std::string all = request.target + "\n";
    for (const auto& [name, value] : request.headers) all += name + ": " + value + "\n";
    co_return Response::text(all);
  });
  start_server();
  for (int i = 0; i < 10; ++i) {
    const auto answer = post(url("/echo"), fmt::format("body {}", i));
    ASSERT_TRUE(answer) << answer.error().what;
    EXPECT_EQ(answer->body, fmt::format("body {}", i));
    EXPECT_EQ(answer->headers.get("content-type"), "text/plain; charset=utf-8");
  }
  EXPECT_EQ(server->counts().connections, 1U);
  ClientRequest request;
  request.url = url("/headers?a=%20b&c=%E5%BE%AE");
  request.headers.add("X-Mine", "yes");
  request.headers.add("Connection", "upgrade");
  request.fresh_connection = true;
  const auto answer = send(std::move(request));
  ASSERT_TRUE(answer);
  EXPECT_EQ(server->counts().connections, 2U);
  EXPECT_TRUE(answer->body.starts_with("/headers?a=%20b&c=%E5%BE%AE\n")) << answer->body;
  EXPECT_NE(answer->body.find("X-Mine: yes\n"), std::string::npos);
  EXPECT_EQ(answer->body.find("upgrade"), std::string::npos);
  EXPECT_NE(answer->body.find(fmt::format("Host: 127.0.0.1:{}\n", server->port())), std::string::npos);
}

TEST_F(ClientTest, RunsOnEveryThread) {
  hello_route();
  start_server();
  std::vector<std::future<bool>> all;
  for (std::size_t i = 0; i < 40; ++i) {
    auto promise = std::make_shared<std::promise<bool>>();
    all.push_back(promise->get_future());
    const auto one = [](HttpClient& of, std::string to, std::shared_ptr<std::promise<bool>> done) -> Task<void> {
      ClientRequest request;
      request.url = std::move(to);
      const auto answer = co_await of.send(std::move(request));
      done->set_value(answer && answer->body == "hello");
    };
    io.spawn("test", one(*client, url("/hello"), promise), i);
  }
  for (auto& one : all) EXPECT_TRUE(one.get());
  EXPECT_LE(server->counts().connections, 40U);
}

struct ResponseCase {
  std::string name;
  std::string bytes;
  bool close;
  int status;
  std::string body;
};
class Responses : public ClientTest, public ::testing::WithParamInterface<ResponseCase> {};
TEST_P(Responses, AreRead) {
  Scripted scripted(1, [](tcp::socket& socket, int) {
    read_request(socket);
    say(socket, GetParam().bytes);
    if (!GetParam().close) wait_for_end(socket);
  });
  const auto answer = get(scripted.url());
  client.reset();  // closes what is kept alive
  ASSERT_TRUE(answer) << answer.error().what;
  EXPECT_EQ(answer->status, GetParam().status);
  EXPECT_EQ(answer->body, GetParam().body);
}
INSTANTIATE_TEST_SUITE_P(
    Framing, Responses,
    ::testing::Values(
        ResponseCase{"Length", "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok", false, 200, "ok"},
        ResponseCase{"Chunked",
                     "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n1;x=y\r\n!\r\n0\r\nA: b\r\n\r\n",
                     false, 200, "ok!"},
        ResponseCase{"ToTheEnd", "HTTP/1.1 200 OK\r\n\r\nuntil the end", true, 200, "until the end"},
        ResponseCase{"EmptyToTheEnd", "HTTP/1.0 404 No\r\n\r\n", true, 404, ""},
        ResponseCase{"NoContent", "HTTP/1.1 204 No Content\r\n\r\n", false, 204, ""},
        ResponseCase{"ContinueFirst", "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok",
                     false, 200, "ok"},
        ResponseCase{"RedirectIsNotFollowed",
                     "HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n", false, 302,
                     ""}),
    [](const auto& row) { return row.param.name; });

struct BrokenCase {
  std::string name;
  std::string bytes;
  Kind kind;
};
class Broken : public ClientTest, public ::testing::WithParamInterface<BrokenCase> {};
TEST_P(Broken, FailsAndBytesHaveLeft) {
  Scripted scripted(1, [](tcp::socket& socket, int) {
    read_request(socket);
    say(socket, GetParam().bytes);
  });
  ClientRequest request;
  request.url = scripted.url();
  request.response_bytes_max = 1000;
  expect_failure(send(std::move(request)), GetParam().kind, true);
}
INSTANTIATE_TEST_SUITE_P(
    Answers, Broken,
    ::testing::Values(
        BrokenCase{"ClosedWithoutAWord", "", Kind::read},
        BrokenCase{"CutInHeader", "HTTP/1.1 200 OK\r\nConte", Kind::read},
        BrokenCase{"CutInBody", "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf", Kind::read},
        BrokenCase{"CutInChunk", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nha", Kind::read},
        BrokenCase{"NotHttp", "SSH-2.0-OpenSSH_9.2\r\n\r\n", Kind::read},
        BrokenCase{"TooLarge", "HTTP/1.1 200 OK\r\nContent-Length: 1001\r\n\r\n", Kind::too_large},
        BrokenCase{"TooLargeChunked", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3e9\r\n", Kind::too_large},
        BrokenCase{"TooLargeToTheEnd", "HTTP/1.1 200 OK\r\n\r\n" + std::string(2000, 'x'), Kind::too_large},
        BrokenCase{"HeaderTooLarge", "HTTP/1.1 200 OK\r\nX: " + std::string(70'000, 'x'), Kind::too_large}),
    [](const auto& row) { return row.param.name; });

TEST_F(ClientTest, RefusedConnectionsLeaveNothing) {
  std::uint16_t port = 0;
  {
    asio::io_context other;
    port = tcp::acceptor(other, tcp::endpoint(asio::ip::make_address("127.0.0.1"), 0)).local_endpoint().port();
  }
  expect_failure(get(fmt::format("http://127.0.0.1:{}/secret?access_token=x", port)), Kind::connect, false);
  const auto failure = get(fmt::format("http://127.0.0.1:{}/secret?access_token=x", port));
  EXPECT_EQ(failure.error().what.find("access_token"), std::string::npos);
}

TEST_F(ClientTest, UnknownNamesLeaveNothing) { expect_failure(get("http://nowhere.invalid/"), Kind::dns, false); }

TEST_F(ClientTest, BadAddressesLeaveNothing) {
  for (const char* bad : {"", "ftp://a/", "http://", "http:///x", "//a/x", "/x", "http://user:pass@a/", "http://a:0/",
                          "http://a:99999/", "http://a/ b", "http://a/\r\nX: y", "http://a%20b/"}) {
    SCOPED_TRACE(bad);
    expect_failure(get(bad), Kind::bad_url, false);
  }
  ClientRequest split;
  split.url = "http://127.0.0.1:1/";
  split.headers.add("X", "a\r\nEvil: 1");
  expect_failure(send(std::move(split)), Kind::bad_url, false);
}

TEST_F(ClientTest, ASilentServerTimesOutAndBytesHaveLeft) {
  Scripted scripted(1, [](tcp::socket& socket, int) { wait_for_end(socket); });
  ClientRequest request;
  request.url = scripted.url();
  request.total_timeout = 300ms;
  expect_failure(send(std::move(request)), Kind::timeout, true);
}

TEST_F(ClientTest, ADripFeedTimesOutAsAWhole) {
  Scripted scripted(1, [](tcp::socket& socket, int) {
    read_request(socket);
    boost::system::error_code error;
    asio::write(socket, asio::buffer(std::string_view("HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")), error);
    asio::io_context pace_io;
    asio::steady_timer pace(pace_io);
    while (!error) {
      asio::write(socket, asio::buffer("x", 1), error);
      pace.expires_after(5ms);
      pace.wait();
    }
  });
  ClientRequest request;
  request.url = scripted.url();
  request.total_timeout = 300ms;
  expect_failure(send(std::move(request)), Kind::timeout, true);
}

TEST_F(ClientTest, AFullBacklogTimesOutAndNothingHasLeft) {
  // Nobody accepts: the kernel stops completing handshakes when the backlog is full.
  asio::io_context other;
  tcp::acceptor full(other, tcp::endpoint(asio::ip::make_address("127.0.0.1"), 0), false);
  full.listen(0);
  std::vector<tcp::socket> fillers;
  for (int i = 0; i < 8; ++i) {
    fillers.emplace_back(other, tcp::v4());
    fillers.back().native_non_blocking(true);
    const auto where = full.local_endpoint();
    ::connect(fillers.back().native_handle(), where.data(), static_cast<socklen_t>(where.size()));
  }
  ClientRequest request;
  request.url = fmt::format("http://127.0.0.1:{}/", full.local_endpoint().port());
  request.connect_timeout = 50ms;
  expect_failure(send(std::move(request)), Kind::timeout, false);
}

TEST_F(ClientTest, AKeptConnectionThatTheServerClosedIsReplaced) {
  std::promise<void> closed;
  Scripted scripted(2, [&](tcp::socket& socket, int number) {
    const std::string got = read_request(socket);
    say(socket, fmt::format("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n{}", number));
    boost::system::error_code error;
    socket.close(error);
    if (number == 0) closed.set_value();
  });
  EXPECT_EQ(get(scripted.url())->body, "0");
  closed.get_future().wait();
  const auto second = get(scripted.url());
  ASSERT_TRUE(second) << second.error().what;
  EXPECT_EQ(second->body, "1");
}

TEST_F(ClientTest, AKeptConnectionClosedUnderTheRequestIsNotRepeated) {
  std::atomic<int> requests = 0;
  Scripted scripted(2, [&](tcp::socket& socket, int) {
    read_request(socket);
    ++requests;
    say(socket, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
    read_request(socket);  // the second one is read, and then the server dies
    ++requests;
  });
  EXPECT_TRUE(get(scripted.url()));
  expect_failure(get(scripted.url()), Kind::read, true);
  EXPECT_EQ(requests, 2);
}

TEST_F(ClientTest, UnaskedBytesOnAKeptConnectionAreNoAnswer) {
  std::promise<void> said;
  Scripted scripted(2, [&](tcp::socket& socket, int number) {
    read_request(socket);
    say(socket, fmt::format("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n{}", number));
    if (number == 0) {
      wait_for_end(socket);
    }
  });
  // The whole of a forged second answer arrives together with the first.
  Scripted forged(2, [&](tcp::socket& socket, int number) {
    read_request(socket);
    say(socket,
        fmt::format("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n{}HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nF",
                    number));
  });
  EXPECT_EQ(get(forged.url())->body, "0");
  EXPECT_EQ(get(forged.url())->body, "1");
  EXPECT_EQ(get(scripted.url())->body, "0");
  client.reset();
}

TEST_F(ClientTest, ServerThatClosesWithoutReadingMayStillHaveGotIt) {
  Scripted scripted(1, [](tcp::socket& socket, int) {
    const linger hard{1, 0};
    ::setsockopt(socket.native_handle(), SOL_SOCKET, SO_LINGER, &hard, sizeof hard);
    char byte = 0;
    ::recv(socket.native_handle(), &byte, 1, 0);  // at least one byte came; then a reset
  });
  const auto answer = post(scripted.url(), std::string(8 << 20, 'x'));
  ASSERT_FALSE(answer);
  EXPECT_TRUE(answer.error().bytes_left);
  EXPECT_TRUE(answer.error().kind == Kind::write || answer.error().kind == Kind::read);
}

TEST_F(ClientTest, HeadHasNoBody) {
  hello_route();
  start_server();
  ClientRequest request;
  request.method = Method::head;
  request.url = url("/hello");
  const auto answer = send(std::move(request));
  ASSERT_TRUE(answer) << answer.error().what;
  EXPECT_EQ(answer->headers.get("content-length"), "5");
  EXPECT_EQ(answer->body, "");
  EXPECT_EQ(get(url("/hello"))->body, "hello");
  EXPECT_EQ(server->counts().connections, 1U);
}

class TlsTest : public ClientTest {
 protected:
  void SetUp() override {
    ClientTest::SetUp();
    files = make_certificate("127.0.0.1");
    ServerOptions options;
    options.tls_certificate = files.certificate;
    options.tls_key = files.key;
    hello_route();
    route(Method::get, "/secure",
          [](Request& request) -> Task<Response> { co_return Response::text(request.secure ? "secure" : "plain"); });
    echo_route("/echo", 8 << 20);
    start_server(options);
  }
  std::string secure_url(std::string_view host, std::string_view path) {
    return fmt::format("https://{}:{}{}", host, server->port(), path);
  }
  CertificateFiles files;
};

TEST_F(TlsTest, ACertificateNobodyVouchesForIsRefused) {
  expect_failure(get(secure_url("127.0.0.1", "/hello")), Kind::tls, false);
}

TEST_F(TlsTest, ATrustedOneWorksForItsNameOnly) {
  ::setenv("SSL_CERT_FILE", files.certificate.c_str(), 1);
  client = make_http_client();
  ::unsetenv("SSL_CERT_FILE");
  const auto answer = get(secure_url("127.0.0.1", "/secure"));
  ASSERT_TRUE(answer) << answer.error().what;
  EXPECT_EQ(answer->body, "secure");
  const std::string large(5 << 20, 'x');
  EXPECT_EQ(post(secure_url("127.0.0.1", "/echo"), large)->body.size(), large.size());
  EXPECT_EQ(server->counts().connections, 1U);
  expect_failure(get(secure_url("localhost", "/hello")), Kind::tls, false);
}

TEST_F(TlsTest, APlainRequestToATlsPortFails) {
  auto one = peer();
  one.send("GET /hello HTTP/1.1\r\nHost: a\r\n\r\n");
  EXPECT_EQ(one.read().status, 0);
  Scripted plain(1, [](tcp::socket& socket, int) { say(socket, "HTTP/1.1 400 Bad Request\r\n\r\n"); });
  std::string address = plain.url();
  expect_failure(get("https" + address.substr(4)), Kind::tls, false);
}

TEST_F(TlsTest, WrongFilesAreNamed) {
  ServerOptions options;
  options.port = 0;
  options.tls_certificate = "/nowhere/cert.pem";
  HttpServer wrong(options, router, io, clock, random);
  const auto listening = wrong.listen();
  ASSERT_FALSE(listening);
  EXPECT_EQ(listening.error().code, "net.tls_failed");
  EXPECT_NE(listening.error().message.find("/nowhere/cert.pem"), std::string::npos);
}

}  // namespace
}  // namespace miniops::net::testing
