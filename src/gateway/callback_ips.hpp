// The addresses from which WeChat pushes, asked for daily (getcallbackip) and kept for those mini programs that
// restrict push sources.
#pragma once

#include "gateway/miniprograms.hpp"
#include "gateway/wechat_client.hpp"

namespace miniops::gateway {

class CallbackIps {
 public:
  CallbackIps(sql::Database& database, sql::ConfigVersion& version, MiniPrograms& programs, WeChatClient& wechat,
              const Clock& clock)
      : database_(database), version_(version), programs_(programs), wechat_(wechat), clock_(clock) {}

  // Refreshes the lists that are missing or a day old; a failed one is tried again after some minutes.
  Task<Result<bool>> step();

 private:
  Task<Result<void>> refresh(AppId appid);

  sql::Database& database_;
  sql::ConfigVersion& version_;
  MiniPrograms& programs_;
  WeChatClient& wechat_;
  const Clock& clock_;
  std::map<AppId, TimeMs> not_before_;
};

}  // namespace miniops::gateway
