// The token center 中控: one access_token per mini program, fresh, for everyone (design 3.4).
//
// stable_token, asked in normal mode 5 minutes ahead of expiry and when WeChat refuses the token that was used; forced
// only when the same refused token came back, at most 20 times a day and every 30 s. N callers with the same stale
// token cause one refresh: single flight in the process, by lease among nodes. Safe from any thread.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "base/random.hpp"
#include "gateway/async_lock.hpp"
#include "gateway/miniprograms.hpp"
#include "gateway/token_store.hpp"
#include "net/client.hpp"
#include "wechat/api.hpp"

namespace miniops::gateway {

class Tokens {
 public:
  struct Settings {
    std::string api_base;
    TimeMs http_timeout_ms = 10 * second_ms;
    TimeMs ahead_ms = 5 * minute_ms;
    TimeMs stopped_retry_ms = 10 * minute_ms;
    TimeMs failing_retry_first_ms = second_ms;
    TimeMs failing_retry_max_ms = minute_ms;
    std::string owner;  // of this process, for leases
  };
  Tokens(sql::Database& database, MiniPrograms& programs, const Sealer& sealer, const Clock& clock,
         net::HttpClient& http, Settings settings);
  ~Tokens();

  // Fails with gateway.no_token: what WeChat said, and what a person can do.
  Task<Result<std::string>> get(AppId appid);
  // WeChat refused `token`; the one to use instead. The same failures as get(), and gateway.force_exhausted.
  Task<Result<std::string>> report_stale(AppId appid, std::string token);
  // By a person. Without `force` a token that is still good for long is kept by WeChat, too.
  Task<Result<TokenRow>> refresh(AppId appid, bool force);
  Task<Result<TokenRow>> state(AppId appid);
  // Refreshes what expires soon; a bounded piece. Called every few seconds.
  Task<Result<bool>> refresh_ahead_step();

 private:
  struct PerApp;
  enum class Want { any, other_than_stale, newer, forced };
  std::shared_ptr<PerApp> of(const AppId& appid);
  Task<Result<std::string>> obtain(AppId appid, Want want, std::string stale);
  Task<Result<std::string>> ask(std::shared_ptr<const MiniProgram> program, std::shared_ptr<PerApp> app, Want want,
                                std::string stale);
  Task<Result<wechat::TokenAnswer>> fetch(std::shared_ptr<const MiniProgram> program, std::shared_ptr<PerApp> app,
                                          bool force);
  Task<Result<void>> keep(AppId appid, std::shared_ptr<PerApp> app, wechat::TokenAnswer answer);
  Task<Error> note_failure(AppId appid, std::shared_ptr<PerApp> app, const std::string& secret, int errcode,
                           std::string what, bool stopped);
  Task<void> hold_lease(AppId appid);
  Task<void> give_back(AppId appid);
  Task<Result<TokenRow>> load(AppId appid);

  sql::Database& database_;
  MiniPrograms& programs_;
  const Sealer& sealer_;
  const Clock& clock_;
  net::HttpClient& http_;
  const Settings settings_;
  std::mutex mutex_;
  std::map<AppId, std::shared_ptr<PerApp>> apps_;
};

}  // namespace miniops::gateway
