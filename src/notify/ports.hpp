// What notify asks of others; app plugs it in.
#pragma once

#include "base/task.hpp"
#include "wechat/api.hpp"

namespace miniops::notify {

// Calls WeChat's API for a mini program with its access_token; the gateway's client does.
class SubscribeSender {
 public:
  struct Answer {
    enum class Kind { answered, not_sent, uncertain } kind = Kind::not_sent;
    int errcode = 0;     // when answered
    std::string text{};  // WeChat's, or why there is no answer
  };
  virtual ~SubscribeSender() = default;
  virtual Task<Answer> send(AppId appid, wechat::ApiCall call) = 0;
};

}  // namespace miniops::notify
