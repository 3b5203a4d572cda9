// Lines against a server that follows a script on a thread: limits, ends, and TLS that is started late.
#include "net/line_stream.hpp"

#include <boost/asio/read.hpp>
#include <boost/asio/ssl.hpp>
#include <fstream>

#include "net/address_guard.hpp"
#include "net/tests/certificate.hpp"
#include "net/tests/server_fixture.hpp"

namespace miniops::net::testing::line_stream_test {
namespace {

using Kind = ClientFailure::Kind;

std::string file_text(const std::string& path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), {}};
}

// Accepts one connection and hands it to the script.
class OneConnection {
 public:
  explicit OneConnection(std::function<void(tcp::socket&)> script)
      : acceptor_(io_, tcp::endpoint(asio::ip::make_address("127.0.0.1"), 0)),
        thread_([this, script = std::move(script)] {
          boost::system::error_code error;
          tcp::socket socket(io_);
          acceptor_.accept(socket, error);
          if (error) return;
          const timeval patience{10, 0};
          ::setsockopt(socket.native_handle(), SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
          script(socket);
        }) {}
  ~OneConnection() {
    ::shutdown(acceptor_.native_handle(), SHUT_RDWR);
    thread_.join();
  }
  LineStreamOptions options() const {
    LineStreamOptions options;
    options.host = "127.0.0.1";
    options.port = acceptor_.local_endpoint().port();
    return options;
  }

 private:
  asio::io_context io_;
  tcp::acceptor acceptor_;
  std::thread thread_;
};

template <class Stream>
void say(Stream& stream, std::string_view bytes) {
  boost::system::error_code error;
  asio::write(stream, asio::buffer(bytes), error);
}
template <class Stream>
std::string hear(Stream& stream) {
  std::string line;
  char byte = 0;
  boost::system::error_code error;
  while (!line.ends_with('\n') && asio::read(stream, asio::buffer(&byte, 1), error) == 1) line += byte;
  return line;
}
void wait_for_end(tcp::socket& socket) {
  char bytes[1024];
  while (::recv(socket.native_handle(), bytes, sizeof bytes, 0) > 0) {
  }
}

class LineStreamTest : public ServerTest {
 protected:
  void SetUp() override { io.start(); }
  std::expected<std::string, ClientFailure> first_line(LineStreamOptions options) {
    return run(read_one(std::move(options)));
  }
  static Task<std::expected<std::string, ClientFailure>> read_one(LineStreamOptions options) {
    auto lines = co_await LineStream::connect(std::move(options));
    if (!lines) co_return std::unexpected(lines.error());
    co_return co_await (*lines)->read_line();
  }
};

TEST_F(LineStreamTest, LinesComeWholeAndInOrder) {
  OneConnection server([](tcp::socket& socket) {
    say(socket, "220 a\r\n250");
    EXPECT_EQ(hear(socket), "EHLO x\r\n");
    say(socket, "-b\n250 c\r\n");
    wait_for_end(socket);
  });
  auto dialogue = [](LineStreamOptions options) -> Task<std::vector<std::string>> {
    auto lines = co_await LineStream::connect(std::move(options));
    std::vector<std::string> heard;
    if (!lines) co_return heard;
    heard.push_back((co_await (*lines)->read_line()).value_or("(none)"));
    const auto written = co_await (*lines)->write("EHLO x\r\n");
    EXPECT_TRUE(written);
    for (int i = 0; i < 2; ++i) heard.push_back((co_await (*lines)->read_line()).value_or("(none)"));
    co_return heard;
  };
  EXPECT_EQ(run(dialogue(server.options())), (std::vector<std::string>{"220 a", "250-b", "250 c"}));
}

TEST_F(LineStreamTest, ALineThatIsTooLongEndsIt) {
  OneConnection server([](tcp::socket& socket) {
    say(socket, std::string(100'000, 'x'));
    wait_for_end(socket);
  });
  const auto line = first_line(server.options());
  ASSERT_FALSE(line);
  EXPECT_EQ(line.error().kind, Kind::too_large);
}

TEST_F(LineStreamTest, AnEndBeforeTheLineIsAFailure) {
  OneConnection server([](tcp::socket& socket) { say(socket, "220 half a li"); });
  const auto line = first_line(server.options());
  ASSERT_FALSE(line);
  EXPECT_EQ(line.error().kind, Kind::read);
}

TEST_F(LineStreamTest, AServerThatSaysNothingTakesTooLong) {
  OneConnection server([](tcp::socket& socket) { wait_for_end(socket); });
  auto options = server.options();
  options.read_timeout = 50ms;
  const auto line = first_line(std::move(options));
  ASSERT_FALSE(line);
  EXPECT_EQ(line.error().kind, Kind::timeout);
}

TEST_F(LineStreamTest, GoesOnlyWhereTheGuardAllows) {
  OneConnection server([](tcp::socket& socket) { wait_for_end(socket); });
  const AddressGuard strict;
  auto options = server.options();
  options.guard = &strict;
  const auto line = first_line(std::move(options));
  ASSERT_FALSE(line);
  EXPECT_EQ(line.error().kind, Kind::not_allowed);
}

// Greets in clear, with a line that somebody slipped in behind it, and goes on under TLS.
void starttls_server(tcp::socket& socket, const CertificateFiles& files) {
  say(socket, "220 in clear\r\n250 slipped in\r\n");
  EXPECT_EQ(hear(socket), "STARTTLS\r\n");
  asio::ssl::context context(asio::ssl::context::tls_server);
  context.use_certificate_chain_file(files.certificate);
  context.use_private_key_file(files.key, asio::ssl::context::pem);
  asio::ssl::stream<tcp::socket&> stream(socket, context);
  boost::system::error_code error;
  stream.handshake(asio::ssl::stream_base::server, error);
  if (!error) say(stream, "250 encrypted\r\n");
  wait_for_end(socket);
}

Task<std::vector<std::string>> upgrade(LineStreamOptions options) {
  std::vector<std::string> heard;
  auto lines = co_await LineStream::connect(std::move(options));
  if (!lines) co_return heard;
  heard.push_back((co_await (*lines)->read_line()).value_or("(none)"));
  EXPECT_FALSE((*lines)->encrypted());
  const auto written = co_await (*lines)->write("STARTTLS\r\n");
  EXPECT_TRUE(written);
  const auto secured = co_await (*lines)->start_tls();
  heard.push_back(secured ? "secured" : secured.error().what);
  if (!secured) co_return heard;
  EXPECT_TRUE((*lines)->encrypted());
  heard.push_back((co_await (*lines)->read_line()).value_or("(none)"));
  co_return heard;
}

TEST_F(LineStreamTest, StartsTlsAndForgetsWhatCameBefore) {
  const CertificateFiles files = make_certificate("127.0.0.1");
  OneConnection server([&](tcp::socket& socket) { starttls_server(socket, files); });
  auto options = server.options();
  options.ca_certificate = file_text(files.certificate);
  EXPECT_EQ(run(upgrade(std::move(options))), (std::vector<std::string>{"220 in clear", "secured", "250 encrypted"}));
}

TEST_F(LineStreamTest, ACertificateThatNobodyKnowsOrOfAnotherHostIsRefused) {
  for (const bool known : {false, true}) {
    const CertificateFiles files = make_certificate(known ? "127.0.0.2" : "127.0.0.1");
    OneConnection server([&](tcp::socket& socket) { starttls_server(socket, files); });
    auto options = server.options();
    if (known) options.ca_certificate = file_text(files.certificate);
    const auto heard = run(upgrade(std::move(options)));
    ASSERT_EQ(heard.size(), 2U);
    EXPECT_TRUE(heard.back().starts_with("no TLS connection to 127.0.0.1")) << heard.back();
  }
}

TEST_F(LineStreamTest, SpeaksTlsFromTheStart) {
  const CertificateFiles files = make_certificate("127.0.0.1");
  ServerOptions options;
  options.tls_certificate = files.certificate;
  options.tls_key = files.key;
  options.port = 0;
  server = std::make_unique<HttpServer>(std::move(options), router, io, clock, random);
  ASSERT_TRUE(server->listen());
  LineStreamOptions with;
  with.host = "127.0.0.1";
  with.port = server->port();
  with.tls = true;
  with.ca_certificate = file_text(files.certificate);
  auto ask = [](LineStreamOptions given) -> Task<std::string> {
    auto lines = co_await LineStream::connect(std::move(given));
    if (!lines) co_return lines.error().what;
    const auto written = co_await (*lines)->write("GET /nothing HTTP/1.1\r\nHost: x\r\n\r\n");
    EXPECT_TRUE(written);
    co_return (co_await (*lines)->read_line()).value_or("(none)");
  };
  EXPECT_EQ(run(ask(with)), "HTTP/1.1 404 Not Found");
  with.ca_certificate = "no certificate";
  EXPECT_EQ(run(ask(with)), "the CA certificate is no PEM");
}

}  // namespace
}  // namespace miniops::net::testing::line_stream_test
