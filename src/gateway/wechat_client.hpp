// Calls WeChat's API: with the token, within the rate limit and the API's pauses, renewing a refused token once.
// Safe from any thread.
#pragma once

#include <map>
#include <mutex>

#include "gateway/tokens.hpp"
#include "net/client.hpp"
#include "wechat/api.hpp"

namespace miniops::gateway {

// What became of a call, as far as repeating it is concerned.
struct CallOutcome {
  enum class Kind {
    answered,   // `response` is WeChat's answer, whatever its errcode
    not_sent,   // no byte has left: it may be tried again, not before `retry_at`
    uncertain,  // bytes have left and the answer was not read
  };
  Kind kind = Kind::not_sent;
  net::ClientResponse response{};
  int errcode = 0;  // when answered; errcode_not_understood for an answer that is none
  std::string errmsg{};
  Error error{};  // when not answered
  TimeMs retry_at = 0;
};

class WeChatClient {
 public:
  struct Settings {
    std::string api_base;
    TimeMs http_timeout_ms = 10 * second_ms;
    int calls_per_second = 1000;
  };
  WeChatClient(sql::Database& database, Tokens& tokens, const Clock& clock, net::HttpClient& http, Settings settings);

  Task<CallOutcome> call(AppId appid, wechat::ApiCall call);
  // Until when an API rests after 45009; 0: it does not.
  TimeMs paused_until(const AppId& appid, const std::string& api) const;
  // Reads the pauses that the database holds; at start-up and now and then.
  Task<Result<void>> load_pauses();

 private:
  struct Bucket {
    double tokens = 0;
    TimeMs at = 0;
  };
  // When the next call may go; 0: now, and it is counted.
  TimeMs take_turn(const AppId& appid);
  Task<CallOutcome> send_once(const wechat::ApiCall& call, const std::string& token);
  Task<void> pause(AppId appid, std::string api);

  sql::Database& database_;
  Tokens& tokens_;
  const Clock& clock_;
  net::HttpClient& http_;
  const Settings settings_;
  mutable std::mutex mutex_;
  std::map<AppId, Bucket> buckets_;
  std::map<std::pair<AppId, std::string>, TimeMs> pauses_;
};

}  // namespace miniops::gateway
