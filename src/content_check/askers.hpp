// How each kind of checker is asked, and what its answers mean. Whoever waits has given up after ask_timeout; what is
// under way then ends by itself.
//
// Safe from any thread.
#pragma once

#include "base/seal.hpp"
#include "content_check/settings.hpp"
#include "net/address_guard.hpp"
#include "net/client.hpp"
#include "wechat/api.hpp"

namespace miniops::content_check {

inline constexpr std::chrono::milliseconds ask_timeout{1000};

// WeChat's API for a mini program, with its access_token; the gateway's client is plugged in by app/.
class WeChat {
 public:
  struct Reply {
    bool answered = false;
    int status = 0;
    std::string body{};
  };
  virtual ~WeChat() = default;
  virtual Task<Reply> call(AppId appid, wechat::ApiCall call) = 0;
};

Answer answer_of(const WeChat::Reply& reply);

// Asks a program by a signed request (docs/webhooks.md), at an address that people gave.
class WebhookAsker {
 public:
  struct Collaborators {
    net::HttpClient& http;
    const Sealer& sealer;
    const Clock& clock;
    IdSource& ids;
  };
  WebhookAsker(const Collaborators& with, net::AddressGuard guard) : with_(with), guard_(std::move(guard)) {}

  Task<Answer> ask(Outside checker, std::string text) const;
  const net::AddressGuard& guard() const { return guard_; }

 private:
  const Collaborators with_;
  const net::AddressGuard guard_;
};

// {"verdict": "pass" · "review" · "risky", "reason"?: text, "words"?: [text]}; all else is no answer.
Answer answer_of(const net::ClientResponse& response);
Answer answer_of(const net::ClientFailure& failure);

}  // namespace miniops::content_check
