#include "app/demo_content.hpp"

#include <boost/json.hpp>

#include "base/wait.hpp"
#include "net/client.hpp"

namespace miniops::app {

namespace json = boost::json;

namespace {

constexpr std::string_view rules[] = {
    R"json({"name":"欢迎语","kind":"greeting","match":"contains","patterns":[],"priority":10,"pause_s":3600,"enabled":true,
        "replies":[{"msgtype":"text","text":{"content":"您好，欢迎来到示例商城，请问有什么可以帮您？"}}]})json",
    R"json({"name":"发货时间","kind":"keyword","match":"contains","patterns":["什么时候发货","多久发货","几天能到"],"priority":20,
        "pause_s":600,"enabled":true,
        "replies":[{"msgtype":"text","text":{"content":"我们每天 16:00 前的订单当天发货，一般 2–4 天送达。"}}]})json",
    R"json({"name":"退款","kind":"keyword","match":"regex","patterns":["退(款|货).*(怎么|如何|流程)"],"priority":20,"pause_s":600,
        "enabled":true,
        "replies":[{"msgtype":"text","text":{"content":"退款请在「我的订单 → 申请售后」提交，审核通过后 1–3 个工作日原路退回。"}}]})json",
};

constexpr std::string_view quick_replies[] = {
    R"json({"shortcut":"hello","title":"问候","content":"您好，我是客服，很高兴为您服务。","scope":"shared"})json",
    R"json({"shortcut":"order","title":"请提供订单号","content":"麻烦您提供一下订单号，我马上为您查询。","scope":"shared"})json",
    R"json({"shortcut":"wait","title":"请稍等","content":"请稍等，正在为您核实。","scope":"shared"})json",
    R"json({"shortcut":"bye","title":"结束语","content":"感谢您的咨询，祝您生活愉快！","scope":"shared"})json",
};

class JsonApi {
 public:
  JsonApi(std::string url, std::string key) : url_(std::move(url)), key_(std::move(key)) {}

  Result<json::value> call(net::Method method, const std::string& path, std::string body = "",
                           std::string content_type = "application/json") {
    net::ClientRequest request;
    request.method = method;
    request.url = url_ + path;
    if (!key_.empty()) request.headers.add("Authorization", "Bearer " + key_);
    if (!body.empty()) request.headers.add("Content-Type", std::move(content_type));
    request.body = std::move(body);
    const auto answer = wait(send(std::move(request)));
    if (!answer) return fail(ErrorKind::unavailable, "app.demo_failed", path + ": " + answer.error().what);
    if (answer->status >= 300)
      return fail(ErrorKind::internal, "app.demo_failed", fmt::format("{}: {} {}", path, answer->status, answer->body));
    boost::system::error_code problem;
    return json::parse(answer->body, problem);
  }
  Result<void> post(const std::string& path, std::string body, std::string content_type = "application/json") {
    const auto done = call(net::Method::post, path, std::move(body), std::move(content_type));
    if (!done) return std::unexpected(done.error());
    return {};
  }

 private:
  using Answer = std::expected<net::ClientResponse, net::ClientFailure>;
  // A client of its own for each call: a connection must not outlive the io_context that wait() makes.
  static Task<Answer> send(net::ClientRequest request) {
    const auto client = net::make_http_client();
    request.fresh_connection = true;
    co_return co_await client->send(std::move(request));
  }

  std::string url_, key_;
};

}  // namespace

Result<void> fill_demo(const std::string& url, const std::string& api_key, const sandbox::AppConfig& app) {
  JsonApi api(url + "/api/v1", api_key);
  const json::object program{{"appid", app.appid},
                             {"name", app.name},
                             {"secret", app.secret},
                             {"token", app.token},
                             {"encoding_aes_key", app.encoding_aes_key},
                             {"mode", wechat::to_string(app.mode)},
                             {"format", wechat::to_string(app.format)}};
  if (auto ok = api.post("/miniprograms", json::serialize(program)); !ok) return ok;
  const std::string base = "/miniprograms/" + app.appid;
  for (std::string_view rule : rules)
    if (auto ok = api.post(base + "/rules", std::string(rule)); !ok) return ok;
  for (std::string_view reply : quick_replies)
    if (auto ok = api.post(base + "/quick-replies", std::string(reply)); !ok) return ok;
  return api.post(base + "/words/import?action=flag", "投诉\n曝光\n12315\n", "text/plain");
}

Result<void> make_demo_group(const std::string& sandbox_url) {
  JsonApi sandbox(sandbox_url, "");
  return sandbox.post("/sandbox/robots", R"({"key":"demo-robot","name":"值班群"})");
}

Result<void> fill_alerts(const std::string& url, const std::string& api_key, const std::string& appid) {
  JsonApi api(url + "/api/v1", api_key);
  const std::string base = "/miniprograms/" + appid;
  const auto channel =
      api.call(net::Method::post, base + "/notify/channels",
               R"({"name":"值班群","kind":"wecom_robot","settings":{},"secrets":{"key":"demo-robot"}})");
  if (!channel) return std::unexpected(channel.error());
  const auto table = api.call(net::Method::get, base + "/alerts/receivers");
  if (!table) return std::unexpected(table.error());
  json::object receivers = table->as_object();
  receivers["receivers"] = json::array{json::object{{"name", "值班"}, {"channels", json::array{channel->at("id")}}}};
  receivers["otherwise"] = json::array{"值班"};
  const auto stored = api.call(net::Method::put, base + "/alerts/receivers", json::serialize(receivers));
  if (!stored) return std::unexpected(stored.error());
  return {};
}

Result<DemoKey> demo_project_key(const std::string& url, const std::string& api_key, const std::string& appid) {
  JsonApi api(url + "/api/v1", api_key);
  const std::string path = "/miniprograms/" + appid + "/telemetry/keys";
  const auto known = api.call(net::Method::get, path);
  if (!known) return std::unexpected(known.error());
  for (const json::value& key : known->at("items").as_array())
    if (key.at("revoked_at").is_null()) return DemoKey{std::string(key.at("batch_url").as_string()), false};
  const auto made = api.call(net::Method::post, path, R"({"name":"示例商城","records_per_minute":1000000})");
  if (!made) return std::unexpected(made.error());
  return DemoKey{std::string(made->at("batch_url").as_string()), true};
}

}  // namespace miniops::app
