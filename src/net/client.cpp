#include "net/client.hpp"

#include <boost/asio/this_coro.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/basic_parser.hpp>
#include <boost/beast/http/error.hpp>
#include <boost/url/parse.hpp>
#include <boost/url/url_view.hpp>
#include <charconv>

#include "net/client_connect.hpp"

namespace miniops::net {

namespace {

namespace asio = boost::asio;
namespace http = boost::beast::http;
using Kind = ClientFailure::Kind;
using SteadyClock = std::chrono::steady_clock;

constexpr std::uint32_t header_bytes_max = 64 * 1024;
constexpr std::size_t read_bytes = 16 * 1024;

std::unexpected<ClientFailure> failure(Kind kind, bool bytes_left, std::string what) {
  return std::unexpected<ClientFailure>(ClientFailure{kind, bytes_left, std::move(what)});
}

struct Target {
  Origin origin;
  std::string authority;  // for Host
  std::string path;       // with the query
};

std::optional<Target> parse_target(std::string_view text) {
  const auto parsed = boost::urls::parse_uri(boost::urls::string_view(text.data(), text.size()));
  if (!parsed) return std::nullopt;
  const boost::urls::url_view& url = *parsed;
  const bool tls = url.scheme_id() == boost::urls::scheme::https;
  if ((!tls && url.scheme_id() != boost::urls::scheme::http) || url.has_userinfo() || url.encoded_host().empty()) {
    return std::nullopt;
  }
  const std::string_view port_text(url.port());
  std::uint16_t port = tls ? 443 : 80;
  if (!port_text.empty()) {
    const char* const end = port_text.data() + port_text.size();
    const auto [stop, problem] = std::from_chars(port_text.data(), end, port);
    if (problem != std::errc() || stop != end || port == 0) return std::nullopt;
  }
  const std::string host(url.encoded_host_address());
  if (host.find('%') != std::string::npos) return std::nullopt;
  Target target;
  target.origin = {tls, host, std::to_string(port)};
  target.authority = std::string(url.encoded_host_and_port());
  const std::string_view path(url.encoded_target());
  target.path = path.starts_with('/') ? std::string(path) : "/" + std::string(path);
  return target;
}

bool sendable(std::string_view text) {
  return text.find_first_of(std::string_view("\r\n\0", 3)) == std::string_view::npos;
}

bool is_framing(std::string_view name) {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; };
  for (const std::string_view ours : {"content-length", "transfer-encoding", "connection", "expect"}) {
    if (std::ranges::equal(name, ours, {}, lower)) return true;
  }
  return false;
}

// The whole request; nullopt when a header would break out of its line.
std::optional<std::string> serialized(const ClientRequest& request, const Target& target) {
  std::string out = fmt::format("{} {} HTTP/1.1\r\n", to_string(request.method), target.path);
  const auto unless_given = [&](std::string_view name, std::string_view value) {
    if (!request.headers.get(name)) out.append(name).append(": ").append(value).append("\r\n");
  };
  unless_given("Host", target.authority);
  unless_given("User-Agent", "MiniOps");
  unless_given("Accept", "*/*");
  for (const auto& [name, value] : request.headers) {
    if (name.empty() || !sendable(name) || !sendable(value) || name.find_first_of(": ") != std::string::npos) {
      return std::nullopt;
    }
    if (!is_framing(name)) out.append(name).append(": ").append(value).append("\r\n");
  }
  const bool takes_body = request.method != Method::get && request.method != Method::head;
  if (takes_body || !request.body.empty()) out += fmt::format("Content-Length: {}\r\n", request.body.size());
  out.append("\r\n").append(request.body);
  return out;
}

class ResponseParser final : public http::basic_parser<false> {
 public:
  using Code = boost::beast::error_code;
  using Text = boost::beast::string_view;

  explicit ResponseParser(const ClientRequest& request) {
    header_limit(header_bytes_max);
    body_limit(request.response_bytes_max);
    eager(true);
    if (request.method == Method::head) skip(true);
  }
  ClientResponse response;

 private:
  void on_request_impl(http::verb, Text, Text, int, Code&) override {}
  void on_response_impl(int status, Text, int, Code&) override { response.status = status; }
  void on_field_impl(http::field, Text name, Text value, Code&) override {
    if (!in_body_) response.headers.add({name.data(), name.size()}, {value.data(), value.size()});
  }
  void on_header_impl(Code&) override { in_body_ = true; }
  void on_body_init_impl(const boost::optional<std::uint64_t>&, Code&) override {}
  std::size_t on_body_impl(Text part, Code&) override { return append(part); }
  void on_chunk_header_impl(std::uint64_t, Text, Code&) override {}
  std::size_t on_chunk_body_impl(std::uint64_t, Text part, Code&) override { return append(part); }
  void on_finish_impl(Code&) override {}
  std::size_t append(Text part) {
    response.body.append(part.data(), part.size());
    return part.size();
  }
  bool in_body_ = false;
};

// One request and its response on one connection.
class Exchange {
 public:
  Exchange(Wire& wire, const ClientRequest& request, const Origin& origin, Deadline& deadline)
      : wire_(wire), request_(request), origin_(origin), deadline_(deadline) {
    deadline_.ends([&wire] { wire.close(); });
  }
  ~Exchange() { deadline_.ends(nullptr); }
  Exchange(const Exchange&) = delete;
  Exchange& operator=(const Exchange&) = delete;

  Task<std::expected<ClientResponse, ClientFailure>> run(std::string_view bytes) {
    if (auto written = co_await write(bytes); !written) co_return std::unexpected(written.error());
    parser_.emplace(request_);
    for (;;) {
      const auto progress = co_await read_some();
      if (!progress) co_return std::unexpected(progress.error());
      if (!parser_->is_done()) continue;
      if (parser_->response.status >= 200 || parser_->response.status == 101) break;
      parser_.emplace(request_);  // 100 Continue and the like come before the answer
      if (buffer_.size() > 0) {
        if (auto parsed = parse(); !parsed) co_return std::unexpected(parsed.error());
        if (parser_->is_done() && parser_->response.status >= 200) break;
      }
    }
    reusable_ = parser_->keep_alive() && buffer_.size() == 0 && !deadline_.passed();
    co_return std::move(parser_->response);
  }
  bool reusable() const { return reusable_; }

 private:
  std::unexpected<ClientFailure> failed(Kind kind, std::string_view doing, std::string_view why) {
    if (deadline_.passed()) {
      return failure(Kind::timeout, bytes_left_, fmt::format("{} took too long while {}", origin_.host, doing));
    }
    return failure(kind, bytes_left_, fmt::format("{} while {}: {}", origin_.host, doing, why));
  }

  Task<std::expected<void, ClientFailure>> write(std::string_view bytes) {
    // With TLS the bytes that the kernel took cannot be told from records that were not finished.
    if (wire_.tls()) bytes_left_ = true;
    while (!bytes.empty()) {
      ErrorCode error;
      const std::size_t written = co_await wire_.async_write_some(asio::buffer(bytes), into(error));
      if (written > 0) bytes_left_ = true;
      bytes.remove_prefix(written);
      if (error) co_return failed(Kind::write, "sending the request", error.message());
    }
    co_return std::expected<void, ClientFailure>();
  }

  Task<std::expected<void, ClientFailure>> read_some() {
    ErrorCode error;
    const std::size_t read = co_await wire_.async_read_some(buffer_.prepare(read_bytes), into(error));
    buffer_.commit(read);
    if (read > 0) co_return parse();
    if (error == asio::error::eof && parser_->got_some() && parser_->need_eof()) {
      ErrorCode unfinished;
      parser_->put_eof(unfinished);
      if (!unfinished) co_return std::expected<void, ClientFailure>();
    }
    co_return failed(Kind::read, "waiting for the response", error.message());
  }

  std::expected<void, ClientFailure> parse() {
    ErrorCode error;
    buffer_.consume(parser_->put(buffer_.data(), error));
    if (error == http::error::need_more) error = {};
    if (error == http::error::body_limit || error == http::error::header_limit) {
      return failed(Kind::too_large, "reading the response", "it is larger than allowed");
    }
    if (!error && !parser_->is_done() && buffer_.size() > header_bytes_max) error = http::error::bad_chunk;
    if (error) return failed(Kind::read, "reading the response", "it is not well-formed HTTP");
    return {};
  }

  Wire& wire_;
  const ClientRequest& request_;
  const Origin& origin_;
  Deadline& deadline_;
  boost::beast::flat_buffer buffer_;
  std::optional<ResponseParser> parser_;
  bool bytes_left_ = false;
  bool reusable_ = false;
};

class PooledClient final : public HttpClient {
 public:
  explicit PooledClient(std::size_t idle_per_origin_max)
      : tls_(asio::ssl::context::tls_client), pool_(idle_per_origin_max) {
    ErrorCode ignored;
    tls_.set_options(
        asio::ssl::context::default_workarounds | asio::ssl::context::no_tlsv1 | asio::ssl::context::no_tlsv1_1,
        ignored);
    tls_.set_default_verify_paths(ignored);  // without them every handshake fails, which is the safe side
  }

  Task<std::expected<ClientResponse, ClientFailure>> send(ClientRequest request) override {
    const auto started = SteadyClock::now();
    const auto target = parse_target(request.url);
    if (!target) co_return failure(Kind::bad_url, false, "not an address that can be called over http or https");
    const auto bytes = serialized(request, *target);
    if (!bytes) co_return failure(Kind::bad_url, false, "a header of the request cannot be sent");
    const auto executor = co_await asio::this_coro::executor;
    Deadline deadline(executor);
    for (;;) {
      const bool own = request.fresh_connection || request.guard != nullptr;
      std::unique_ptr<Wire> wire = own ? nullptr : pool_.take(executor, target->origin);
      const bool reused = wire != nullptr;
      if (!reused) {
        deadline.set(std::min(SteadyClock::now() + request.connect_timeout, started + request.total_timeout));
        auto connected = co_await connect(target->origin, tls_, deadline, request.guard);
        if (!connected) co_return std::unexpected(connected.error());
        wire = std::move(*connected);
      }
      deadline.set(started + request.total_timeout);
      Exchange exchange(*wire, request, target->origin, deadline);
      auto response = co_await exchange.run(*bytes);
      if (response && exchange.reusable()) pool_.give_back(target->origin, std::move(wire));
      const bool untouched = !response && !response.error().bytes_left && response.error().kind == Kind::write;
      if (reused && untouched) continue;  // the server had closed it; nothing was written, so nothing can be doubled
      co_return response;
    }
  }

 private:
  asio::ssl::context tls_;
  ClientPool pool_;
};

}  // namespace

std::unique_ptr<HttpClient> make_http_client(std::size_t idle_per_origin_max) {
  return std::make_unique<PooledClient>(idle_per_origin_max);
}

}  // namespace miniops::net
