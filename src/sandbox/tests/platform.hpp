// A whole sandbox on a free port, a receiver of its pushes on another, and a client that talks to both.
#pragma once

#include <gtest/gtest.h>

#include <boost/asio/use_future.hpp>
#include <condition_variable>
#include <future>

#include "base/json.hpp"
#include "net/client.hpp"
#include "net/server.hpp"
#include "sandbox/sandbox.hpp"

namespace miniops::sandbox::testing {

// What a mini program's server would be: keeps what it gets, answers what the test wants.
class Receiver {
 public:
  void mount(net::Router& router) {
    for (const net::Method method : {net::Method::get, net::Method::post}) {
      router.add({method, "/push", "wechat_signature", ""},
                 [this](net::Request& request) -> Task<net::Response> { return answer(request); });
    }
  }
  // The answers to come, in order; afterwards "success".
  void will_answer(net::Response response) {
    const std::lock_guard guard(mutex_);
    answers_.push_back(std::move(response));
  }
  std::vector<net::Request> wait_for(std::size_t count) {
    std::unique_lock lock(mutex_);
    arrived_.wait_for(lock, std::chrono::seconds(10), [&] { return requests_.size() >= count; });
    return requests_;
  }

 private:
  Task<net::Response> answer(net::Request& request) {
    const std::lock_guard guard(mutex_);
    requests_.push_back(request);
    arrived_.notify_all();
    if (request.method == net::Method::get) {
      co_return net::Response::text(request.query_value("echostr").value_or(""));
    }
    if (answers_.empty()) co_return net::Response::text("success");
    net::Response next = std::move(answers_.front());
    answers_.erase(answers_.begin());
    co_return next;
  }

  std::mutex mutex_;
  std::condition_variable arrived_;
  std::vector<net::Request> requests_;
  std::vector<net::Response> answers_;
};

class Platform : public ::testing::Test {
 protected:
  static constexpr const char* appid = "wx0000000000000001";
  static constexpr const char* secret = "the-secret";
  static constexpr const char* token = "pushtoken";
  static constexpr const char* aes_key = "jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C";

  void SetUp() override {
    sandbox_.mount(router_);
    receiver_.mount(receiver_router_);
    ASSERT_TRUE(server_.listen());
    ASSERT_TRUE(receiver_server_.listen());
    io_.start();
    make_app();
  }
  void TearDown() override { io_.stop(); }

  void make_app(std::string_view mode = "safe", std::string_view format = "json") {
    call("POST", "/sandbox/apps",
         {{"appid", appid},
          {"secret", secret},
          {"push_url", "http://127.0.0.1:" + std::to_string(receiver_server_.port()) + "/push"},
          {"token", token},
          {"encoding_aes_key", aes_key},
          {"mode", mode},
          {"format", format}});
    patch({{"push", {{"retry_ms", 1}}}});
  }
  void patch(json::object changes) { call("PATCH", path(""), std::move(changes)); }

  std::string path(std::string_view rest) const { return std::string("/sandbox/apps/") + appid + std::string(rest); }
  void advance(TimeMs by_ms) { call("POST", "/sandbox/clock", {{"advance_ms", by_ms}}); }
  std::string add_user() { return std::string(call("POST", path("/users"), {}).at("openid").as_string()); }
  json::object say(const std::string& openid, std::string_view text) {
    return call("POST", path("/users/" + openid + "/messages"),
                {{"msgtype", "text"}, {"text", json::object{{"content", text}}}});
  }
  json::array transcript(const std::string& openid) {
    return call("GET", path("/users/" + openid + "/messages")).at("items").as_array();
  }
  std::string stable_token(bool force = false) {
    return std::string(
        call("POST", "/cgi-bin/stable_token",
             {{"grant_type", "client_credential"}, {"appid", appid}, {"secret", secret}, {"force_refresh", force}})
            .at("access_token")
            .as_string());
  }
  int send_text(const std::string& access_token, const std::string& openid, std::string_view text = "您好") {
    return errcode(call("POST", "/cgi-bin/message/custom/send?access_token=" + access_token,
                        {{"touser", openid}, {"msgtype", "text"}, {"text", json::object{{"content", text}}}}));
  }
  static int errcode(const json::object& answer) {
    const json::value* code = answer.if_contains("errcode");
    return code == nullptr ? 0 : static_cast<int>(code->as_int64());
  }

  // A JSON call; the empty object when the answer is none.
  json::object call(std::string_view method, const std::string& target, const json::object& body) {
    net::ClientRequest request;
    request.headers.add("Content-Type", "application/json");
    request.body = json::serialize(body);
    return call_with(method, target, std::move(request));
  }
  json::object call(std::string_view method, const std::string& target) { return call_with(method, target, {}); }
  json::object call_with(std::string_view method, const std::string& target, net::ClientRequest request) {
    request.method = method == "GET"     ? net::Method::get
                     : method == "POST"  ? net::Method::post
                     : method == "PATCH" ? net::Method::patch
                                         : net::Method::del;
    const auto response = send(target, std::move(request));
    if (!response || response->body.empty()) return {};
    auto parsed = parse_json(response->body);
    return parsed && parsed->is_object() ? parsed->as_object() : json::object();
  }
  std::expected<net::ClientResponse, net::ClientFailure> send(const std::string& target, net::ClientRequest request) {
    request.url = "http://127.0.0.1:" + std::to_string(server_.port()) + target;
    auto sent = boost::asio::co_spawn(io_.context(0), client_->send(std::move(request)), boost::asio::use_future);
    return sent.get();
  }

  net::IoThreads io_{2};
  SystemClock clock_;
  SeededRandom random_{7};
  std::unique_ptr<net::HttpClient> client_ = net::make_http_client();
  Sandbox sandbox_{io_, *client_, random_, {}};
  Receiver receiver_;
  net::Router router_, receiver_router_;
  net::HttpServer server_{{.port = 0}, router_, io_, clock_, random_};
  net::HttpServer receiver_server_{{.port = 0}, receiver_router_, io_, clock_, random_};
};

}  // namespace miniops::sandbox::testing
