#include "notify/sender.hpp"

#include "base/encoding.hpp"
#include "notify/mail_session.hpp"

namespace miniops::notify {

namespace {

constexpr std::chrono::seconds connect_timeout{5};
constexpr std::chrono::seconds total_timeout{15};
constexpr std::size_t answer_bytes_max = 256 << 10;
constexpr TimeMs token_margin_ms = 5 * minute_ms;

Outcome outcome_of(const net::ClientFailure& failure) {
  using Kind = net::ClientFailure::Kind;
  if (failure.bytes_left) return Outcome::uncertain(failure.what);
  if (failure.kind == Kind::not_allowed) return Outcome::broken("address_not_allowed", failure.what);
  if (failure.kind == Kind::bad_url) return Outcome::broken("wrong_settings", failure.what);
  return Outcome::later(failure.kind == Kind::tls ? "tls" : "network", failure.what);
}

std::string shown(const Outcome& outcome) {
  if (outcome.reason.empty()) return outcome.detail;
  return outcome.detail.empty() ? outcome.reason : outcome.reason + ": " + outcome.detail;
}

std::string token_key(const WecomApp& app, const std::string& secret) {
  return fmt::format("{} {} {}", app.corpid, app.agentid, hex(sha256(secret)));
}

}  // namespace

struct Sender::Sending {
  const Channel& channel;
  const Message& message;
  const Secrets& secrets;
  std::vector<Step> steps{};

  const std::string& secret(const std::string& name) const {
    static const std::string none;
    const auto found = secrets.find(name);
    return found == secrets.end() ? none : found->second;
  }
  void note(std::string_view step, bool ok, std::string detail) { steps.push_back({step, ok, std::move(detail)}); }
  Outcome answered(Outcome outcome) {
    note("answer", outcome.kind == Outcome::Kind::sent, shown(outcome));
    return outcome;
  }
};

Task<Attempted> Sender::send(Channel channel, Message message) {
  const std::string missing = missing_secret(channel.settings, channel.secret_names);
  if (!missing.empty()) {
    const std::string detail = "the secret " + missing + " is not set";
    co_return Attempted{Outcome::broken("wrong_settings", detail), {{"settings", false, detail}}};
  }
  const auto secrets = open_secrets(sealer_, channel);
  if (!secrets) {
    const std::string detail = "its secrets cannot be opened; enter them again";
    co_return Attempted{Outcome::broken("secrets_unreadable", detail), {{"settings", false, detail}}};
  }
  Sending sending{channel, message, *secrets};
  auto task = std::visit([&](const auto& settings) { return send_to(sending, settings); }, channel.settings);
  Outcome outcome = co_await std::move(task);
  co_return Attempted{std::move(outcome), std::move(sending.steps)};
}

Task<Sender::Answered> Sender::ask(Sending& sending, std::string_view step, net::ClientRequest request) {
  request.connect_timeout = connect_timeout;
  request.total_timeout = total_timeout;
  request.response_bytes_max = answer_bytes_max;
  auto response = co_await http_.send(std::move(request));
  if (!response) {
    Outcome outcome = outcome_of(response.error());
    sending.note(step, false, outcome.detail);
    co_return std::unexpected(std::move(outcome));
  }
  sending.note(step, true, fmt::format("HTTP {}", response->status));
  co_return std::move(*response);
}

Task<Outcome> Sender::send_to(Sending& sending, const WecomRobot& robot) {
  auto request = robot_request(settings_.wecom_base, robot_key_of(sending.secret("key")), robot, sending.message);
  const auto answer = co_await ask(sending, "request", std::move(request));
  if (!answer) co_return answer.error();
  co_return sending.answered(wecom_outcome(answer->status, answer->body));
}

// A token that WeCom refuses is dropped, fetched once, and the call made once again.
Task<Outcome> Sender::send_to(Sending& sending, const WecomApp& app) {
  for (bool again = false;; again = true) {
    const auto token = co_await token_for(sending, app);
    if (!token) co_return token.error();
    auto request = app_request(settings_.wecom_base, *token, app, sending.message);
    const auto answer = co_await ask(sending, "request", std::move(request));
    if (!answer) co_return answer.error();
    Outcome outcome = sending.answered(wecom_outcome(answer->status, answer->body));
    if (!token_refused(answer->status, answer->body)) co_return outcome;
    forget_token(*token);
    if (again) co_return outcome;
  }
}

Task<std::expected<std::string, Outcome>> Sender::token_for(Sending& sending, const WecomApp& app) {
  const std::string& secret = sending.secret("secret");
  const std::string key = token_key(app, secret);
  {
    const std::scoped_lock lock(mutex_);
    const auto kept = tokens_.find(key);
    if (kept != tokens_.end() && kept->second.expires_at > clock_.now()) co_return kept->second.token;
  }
  auto request = app_token_request(settings_.wecom_base, app, secret);
  const auto answer = co_await ask(sending, "token", std::move(request));
  if (!answer) {
    // Asking for a token has no effect: nothing of the message has left.
    co_return std::unexpected(Outcome::later("network", answer.error().detail));
  }
  auto token = token_of(answer->status, answer->body);
  if (!token) sending.note("token", false, shown(token.error()));
  if (!token) co_return std::unexpected(token.error());
  const std::scoped_lock lock(mutex_);
  tokens_[key] = {token->token, clock_.now() + std::max<TimeMs>(token->expires_in_ms - token_margin_ms, 0)};
  co_return token->token;
}

void Sender::forget_token(const std::string& token) {
  const std::scoped_lock lock(mutex_);
  std::erase_if(tokens_, [&](const auto& kept) { return kept.second.token == token; });
}

Task<Outcome> Sender::send_to(Sending& sending, const Email& email) {
  auto sent = co_await send_mail(email, sending.secret("password"), mail_of(email, sending.message), &settings_.guard);
  sending.steps = std::move(sent.steps);
  co_return std::move(sent.outcome);
}

Task<Outcome> Sender::send_to(Sending& sending, const TencentSms& sms) {
  auto request =
      sms_request(settings_.tencent_sms_base, sms, sending.secret("secret_key"), sending.message, clock_.now());
  const auto answer = co_await ask(sending, "request", std::move(request));
  if (!answer) co_return answer.error();
  co_return sending.answered(sms_outcome(answer->status, answer->body));
}

Task<Outcome> Sender::send_to(Sending& sending, const Subscribe& subscribe) {
  using Kind = SubscribeSender::Answer::Kind;
  auto call = subscribe_call(subscribe, sending.message);
  const auto answer = co_await wechat_.send(sending.channel.appid, std::move(call));
  sending.note("request", answer.kind == Kind::answered, answer.kind == Kind::answered ? "" : answer.text);
  if (answer.kind == Kind::uncertain) co_return Outcome::uncertain(answer.text);
  if (answer.kind == Kind::not_sent) co_return Outcome::later("network", answer.text);
  co_return sending.answered(subscribe_outcome(answer.errcode, answer.text));
}

Task<Outcome> Sender::send_to(Sending& sending, const Webhook& webhook) {
  auto request = webhook_request(sending.secret("url"), sending.secret("signing_secret"), webhook, sending.channel.name,
                                 sending.message, clock_.now());
  request.guard = &settings_.guard;
  const auto answer = co_await ask(sending, "request", std::move(request));
  if (!answer) co_return answer.error();
  co_return sending.answered(webhook_outcome(*answer));
}

}  // namespace miniops::notify
