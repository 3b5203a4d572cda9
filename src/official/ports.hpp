// What official asks of others; app plugs it in.
#pragma once

#include "base/task.hpp"
#include "wechat/api.hpp"

namespace miniops::official {

// Calls WeChat's API for a mini program with its access_token; the gateway's client does.
class Platform {
 public:
  struct Answer {
    enum class Kind { answered, not_sent, uncertain } kind = Kind::not_sent;
    int errcode = 0;      // when answered
    std::string text{};   // WeChat's errmsg, or why there is no answer
    std::string body{};   // when answered
    TimeMs retry_at = 0;  // when not sent: not before; 0: nobody knows
  };
  virtual ~Platform() = default;
  virtual Task<Answer> call(AppId appid, wechat::ApiCall call) = 0;
};

}  // namespace miniops::official
