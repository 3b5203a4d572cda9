// A load of message pushes over keep-alive connections: safe mode, XML, distinct MsgIds, all built before the clock
// starts. Prints one JSON object. Loopback only.
//
//   push_load --port 8080 --path /wechat/push/wx… --connections 64 --seconds 10 [--rate 5000] [--appid …] …
#include <CLI/CLI.hpp>
#include <cstdio>

#include "base/clock.hpp"
#include "base/encoding.hpp"
#include "base/random.hpp"
#include "load.hpp"
#include "wechat/message.hpp"
#include "wechat/push.hpp"

namespace {

using namespace miniops;

struct Options : bench::LoadOptions {
  std::string path = "/", appid = "wx0123456789abcdef", token = "MiniOpsTestToken01",
              aes_key = "jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C", stamp = "0";
  int users = 5000;
  std::size_t count = 0;  // requests made beforehand; 0: from the rate
};

// One whole HTTP request each.
std::vector<std::string> make_requests(const Options& options, std::size_t count) {
  const std::string key = *wechat::decode_aes_key(options.aes_key);
  SystemRandom random;
  const std::string timestamp = std::to_string(SystemClock().now() / 1000);
  std::vector<std::string> requests;
  requests.reserve(count);
  for (std::size_t i = 0; i < count; ++i) {
    const std::string message = fmt::format(
        "<xml><ToUserName><![CDATA[gh_0a1b2c3d4e5f]]></ToUserName><FromUserName><![CDATA[oBENCH{:022}]]></FromUserName>"
        "<CreateTime>{}</CreateTime><MsgType><![CDATA[text]]></MsgType><Content><![CDATA[你好，我的订单 {} "
        "还没有发货，请帮忙看一下]]></Content><MsgId>{}{:09}</MsgId></xml>",
        i % static_cast<std::size_t>(options.users), timestamp, i, options.stamp, i);
    const std::string encrypt = wechat::encrypt(key, message, options.appid, random.alphanumeric(16));
    const std::string nonce = std::to_string(random.below(1'000'000'000));
    const std::string body = wechat::build_envelope(wechat::Format::xml, "gh_0a1b2c3d4e5f", encrypt);
    requests.push_back(fmt::format(
        "POST {}?signature={}&timestamp={}&nonce={}&openid=oBENCH&encrypt_type=aes&msg_signature={} HTTP/1.1\r\n"
        "Host: 127.0.0.1\r\nContent-Type: text/xml\r\nContent-Length: {}\r\n\r\n{}",
        options.path, wechat::signature(options.token, timestamp, nonce), timestamp, nonce,
        wechat::msg_signature(options.token, timestamp, nonce, encrypt), body.size(), body));
  }
  return requests;
}

}  // namespace

int main(int argc, char** argv) {
  Options options;
  CLI::App cli("push_load");
  cli.add_option("--port", options.port);
  cli.add_option("--path", options.path);
  cli.add_option("--appid", options.appid);
  cli.add_option("--connections", options.connections);
  cli.add_option("--seconds", options.seconds);
  cli.add_option("--rate", options.rate);
  cli.add_option("--users", options.users);
  cli.add_option("--count", options.count);
  cli.add_option("--stamp", options.stamp, "digits that begin every MsgId, so that runs differ");
  CLI11_PARSE(cli, argc, argv);
  const double expected = options.rate > 0 ? options.rate * options.seconds : 150'000.0 * options.seconds;
  const std::size_t count = options.count > 0 ? options.count : static_cast<std::size_t>(expected);
  bench::Load load(options, make_requests(options, count));
  std::fprintf(stderr, "ready\n");
  load.run();
  return 0;
}
