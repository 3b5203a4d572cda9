// Sends one message through one channel, now, and tells what happened. Behind the worker and the test button.
//
// Safe from any thread; a send runs on the executor of the coroutine that awaits it.
#pragma once

#include "base/task.hpp"
#include "net/address_guard.hpp"
#include "notify/channel.hpp"
#include "notify/ports.hpp"

namespace miniops::notify {

struct SenderSettings {
  std::string wecom_base = "https://qyapi.weixin.qq.com";            // notify.wecom_base
  std::string tencent_sms_base = "https://sms.tencentcloudapi.com";  // notify.tencent_sms_base
  net::AddressGuard guard{};  // where webhooks and mail may go: notify.private_addresses_allowed
};

class Sender {
 public:
  Sender(net::HttpClient& http, SubscribeSender& wechat, const Sealer& sealer, const Clock& clock,
         SenderSettings settings)
      : http_(http), wechat_(wechat), sealer_(sealer), clock_(clock), settings_(std::move(settings)) {}

  Task<Attempted> send(Channel channel, Message message);

 private:
  struct Sending;  // one message on its way, with the steps so far
  using Answered = std::expected<net::ClientResponse, Outcome>;

  Task<Outcome> send_to(Sending& sending, const WecomRobot& robot);
  Task<Outcome> send_to(Sending& sending, const WecomApp& app);
  Task<Outcome> send_to(Sending& sending, const Email& email);
  Task<Outcome> send_to(Sending& sending, const TencentSms& sms);
  Task<Outcome> send_to(Sending& sending, const Subscribe& subscribe);
  Task<Outcome> send_to(Sending& sending, const Webhook& webhook);
  Task<Answered> ask(Sending& sending, std::string_view step, net::ClientRequest request);
  // The app's access_token: the one that is kept, or a new one.
  Task<std::expected<std::string, Outcome>> token_for(Sending& sending, const WecomApp& app);
  void forget_token(const std::string& token);

  net::HttpClient& http_;
  SubscribeSender& wechat_;
  const Sealer& sealer_;
  const Clock& clock_;
  const SenderSettings settings_;
  struct KeptToken {
    std::string token;
    TimeMs expires_at = 0;
  };
  std::mutex mutex_;
  std::map<std::string, KeptToken> tokens_;  // by corpid, agentid and a hash of the secret
};

}  // namespace miniops::notify
