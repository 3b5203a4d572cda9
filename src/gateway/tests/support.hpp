// What the gateway's tests share: a database of either engine with all migrations, a mini program, a scripted WeChat.
#pragma once

#include <gtest/gtest.h>

#include <boost/asio/executor_work_guard.hpp>
#include <deque>
#include <thread>

#include "base/encoding.hpp"
#include "base/random.hpp"
#include "base/seal.hpp"
#include "gateway/journal.hpp"
#include "gateway/miniprogram_store.hpp"
#include "gateway/miniprograms.hpp"
#include "gateway/service.hpp"
#include "identity/access.hpp"
#include "net/client.hpp"
#include "storage/sql/config_version.hpp"
#include "storage/testing/engines.hpp"
#include "wechat/message.hpp"

namespace miniops {
namespace identity {
std::span<const sql::Migration> migrations();
}
namespace live {
std::span<const sql::Migration> migrations();
}
namespace gateway {
std::span<const sql::Migration> migrations();
}
}  // namespace miniops

namespace miniops::gateway {

// An io thread of its own, for parts that run in the background.
class IoThread {
 public:
  IoThread() : guard_(boost::asio::make_work_guard(context_)), thread_([this] { context_.run(); }) {}
  ~IoThread() {
    guard_.reset();  // and ends when all that was begun has come to its end
    thread_.join();
  }
  boost::asio::any_io_executor executor() { return context_.get_executor(); }

 private:
  boost::asio::io_context context_{1};
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> guard_;
  std::thread thread_;
};

// Answers as it was told, by path; the last answer of a path repeats. Remembers every request.
class FakeHttp final : public net::HttpClient {
 public:
  struct Seen {
    std::string path, query, body, url;
    net::Headers headers;
  };
  using Answer = std::expected<net::ClientResponse, net::ClientFailure>;

  static Answer ok(std::string body, std::string content_type = "application/json") {
    net::ClientResponse response;
    response.status = 200;
    response.headers.set("Content-Type", content_type);
    response.body = std::move(body);
    return response;
  }
  static Answer status(int code) {
    net::ClientResponse response;
    response.status = code;
    return response;
  }
  static Answer errcode(int code) { return ok(R"({"errcode":)" + std::to_string(code) + R"(,"errmsg":"said so"})"); }
  static Answer broken(bool bytes_left) {
    net::ClientFailure failure;
    failure.kind = bytes_left ? net::ClientFailure::Kind::read : net::ClientFailure::Kind::connect;
    failure.bytes_left = bytes_left;
    failure.what = "scripted";
    return std::unexpected(failure);
  }

  void script(const std::string& path, std::vector<Answer> answers) {
    const std::scoped_lock lock(mutex_);
    answers_[path] = {answers.begin(), answers.end()};
  }
  void on_request(std::function<void(const Seen&)> hook) { hook_ = std::move(hook); }
  std::vector<Seen> seen(std::string_view path) const {
    const std::scoped_lock lock(mutex_);
    std::vector<Seen> found;
    for (const Seen& one : seen_) {
      if (one.path == path) found.push_back(one);
    }
    return found;
  }

  Task<std::expected<net::ClientResponse, net::ClientFailure>> send(net::ClientRequest request) override {
    const auto begin = request.url.find('/', request.url.find("://") + 3);
    const std::string target = begin == std::string::npos ? "/" : request.url.substr(begin);
    Seen seen{target.substr(0, target.find('?')), "", request.body, request.url, request.headers};
    if (const auto mark = target.find('?'); mark != std::string::npos) seen.query = target.substr(mark + 1);
    if (hook_) hook_(seen);
    const std::scoped_lock lock(mutex_);
    seen_.push_back(seen);
    auto found = answers_.find(seen.path);
    if (found == answers_.end() || found->second.empty()) co_return broken(false);
    Answer answer = found->second.front();
    if (found->second.size() > 1) found->second.pop_front();
    co_return answer;
  }

 private:
  mutable std::mutex mutex_;
  std::map<std::string, std::deque<Answer>> answers_;
  std::vector<Seen> seen_;
  std::function<void(const Seen&)> hook_;
};

inline const std::string token_path = "/cgi-bin/stable_token";
inline const std::string send_path = "/cgi-bin/message/custom/send";

inline FakeHttp::Answer token_answer(const std::string& token, int expires_in = 7200) {
  return FakeHttp::ok(R"({"access_token":")" + token + R"(","expires_in":)" + std::to_string(expires_in) + "}");
}

// A database with all tables, and one mini program "wx1" in safe mode.
class GatewayTest : public sql::EngineTest {
 protected:
  void SetUp() override {
    open({identity::migrations(), live::migrations(), gateway::migrations()});
    sealer_ = std::make_unique<Sealer>(std::string(Sealer::key_bytes, 'k'), random_);
    version_ = std::make_unique<sql::ConfigVersion>(db());
    programs_ = std::make_unique<MiniPrograms>(db(), *version_, *sealer_, clock_);
    service_ = std::make_unique<MiniProgramService>(db(), *version_, *sealer_, clock_, ids_);
    MiniProgramInput input = input_of_one();
    ASSERT_TRUE(create("wx1", std::move(input)));
  }
  void TearDown() override {
    service_.reset();
    programs_.reset();
    version_.reset();
  }

  static MiniProgramInput input_of_one() {
    MiniProgramInput input;
    input.name = "测试小程序";
    input.secret = "secret-of-one";
    input.token = "tokenone";
    input.encoding_aes_key = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG";
    input.mode = "safe";
    input.format = "json";
    return input;
  }
  identity::Access system() { return identity::Access::system(AppId("wx1"), "test"); }
  bool create(const std::string& appid, MiniProgramInput input) {
    const auto access = system();
    return sql::run(service_->create(access, AppId(appid), std::move(input))).has_value();
  }
  bool change(MiniProgramInput input) {
    const auto access = system();
    return sql::run(service_->change(access, AppId("wx1"), std::move(input))).has_value();
  }
  std::int64_t number(const std::string& statement, const sql::Params& params = {}) {
    return query(statement, params).at(0).integer(0);
  }

  std::unique_ptr<Sealer> sealer_;
  std::unique_ptr<sql::ConfigVersion> version_;
  std::unique_ptr<MiniPrograms> programs_;
  std::unique_ptr<MiniProgramService> service_;
  FakeHttp http_;
};

inline JournalEntry entry_from(const std::string& openid, const std::string& key, TimeMs at) {
  JournalEntry entry;
  entry.appid = AppId("wx1");
  entry.openid = OpenId(openid);
  entry.dedup_key = key;
  entry.received_at = at;
  entry.format = wechat::Format::json;
  entry.raw_query = "signature=s&timestamp=1";
  entry.raw_headers = R"([["Content-Type","application/json"],["Host","a"],["X-One","1"]])";
  entry.raw_body = R"({"ToUserName":"gh_1","FromUserName":")" + openid +
                   R"(","CreateTime":1763701200,"MsgType":"text","Content":"hi","MsgId":1})";
  return entry;
}

}  // namespace miniops::gateway
