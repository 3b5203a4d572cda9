#include "gateway/wechat_client.hpp"

#include "base/encoding.hpp"
#include "base/log.hpp"
#include "gateway/errors.hpp"
#include "wechat/errors.hpp"

namespace miniops::gateway {

WeChatClient::WeChatClient(sql::Database& database, Tokens& tokens, const Clock& clock, net::HttpClient& http,
                           Settings settings)
    : database_(database), tokens_(tokens), clock_(clock), http_(http), settings_(std::move(settings)) {}

TimeMs WeChatClient::take_turn(const AppId& appid) {
  const std::scoped_lock lock(mutex_);
  const TimeMs now = clock_.now();
  const double rate = settings_.calls_per_second;
  auto [found, is_new] = buckets_.try_emplace(appid, Bucket{rate, now});
  Bucket& bucket = found->second;
  bucket.tokens = std::min(rate, bucket.tokens + static_cast<double>(now - bucket.at) * rate / 1000.0);
  bucket.at = now;
  if (bucket.tokens >= 1) {
    bucket.tokens -= 1;
    return 0;
  }
  return now + static_cast<TimeMs>((1 - bucket.tokens) * 1000.0 / rate) + 1;
}

TimeMs WeChatClient::paused_until(const AppId& appid, const std::string& api) const {
  const std::scoped_lock lock(mutex_);
  const auto found = pauses_.find({appid, api});
  return found != pauses_.end() && found->second > clock_.now() ? found->second : 0;
}

Task<CallOutcome> WeChatClient::call(AppId appid, wechat::ApiCall call) {
  CallOutcome outcome;
  if (const TimeMs until = paused_until(appid, call.name); until != 0) {
    outcome.error = errors::api_paused();
    outcome.retry_at = until;
    co_return outcome;
  }
  if (const TimeMs at = take_turn(appid); at != 0) {
    outcome.error = errors::rate_limited();
    outcome.retry_at = at;
    co_return outcome;
  }
  std::string token;
  if (call.needs_token) {
    auto got = co_await tokens_.get(appid);
    if (!got) {
      outcome.error = std::move(got.error());
      co_return outcome;
    }
    token = std::move(*got);
  }
  outcome = co_await send_once(call, token);
  const bool answered = outcome.kind == CallOutcome::Kind::answered;
  if (answered && call.needs_token && wechat::policy_of(outcome.errcode, false) == wechat::Policy::renew_token) {
    auto renewed = co_await tokens_.report_stale(appid, token);
    if (!renewed) {
      outcome.kind = CallOutcome::Kind::not_sent;  // it was refused: nothing has happened
      outcome.error = std::move(renewed.error());
      co_return outcome;
    }
    outcome = co_await send_once(call, *renewed);
  }
  if (outcome.kind == CallOutcome::Kind::answered &&
      wechat::policy_of(outcome.errcode, false) == wechat::Policy::pause_until_midnight) {
    co_await pause(appid, call.name);
  }
  co_return outcome;
}

Task<CallOutcome> WeChatClient::send_once(const wechat::ApiCall& call, const std::string& token) {
  net::ClientRequest request;
  request.method = call.post ? net::Method::post : net::Method::get;
  request.url = settings_.api_base + call.path;
  std::string query = call.query;
  if (call.needs_token) query += (query.empty() ? "access_token=" : "&access_token=") + url_encode(token);
  if (!query.empty()) request.url += "?" + query;
  if (!call.content_type.empty()) request.headers.set("Content-Type", call.content_type);
  request.body = call.body;
  request.total_timeout = std::chrono::milliseconds(settings_.http_timeout_ms);
  auto response = co_await http_.send(std::move(request));
  CallOutcome outcome;
  if (!response) {
    outcome.kind = response.error().bytes_left ? CallOutcome::Kind::uncertain : CallOutcome::Kind::not_sent;
    outcome.error = errors::wechat_unreachable(response.error().what);
    co_return outcome;
  }
  outcome.kind = CallOutcome::Kind::answered;
  const bool is_json = response->body.starts_with('{');
  if (is_json || response->status != 200) {
    const auto done = wechat::parse_done(response->status, response->body);
    // Calls that answer with data leave errcode out when all is well; what they answer is read by the caller.
    const bool answers_data = !call.name.starts_with("message/") && response->status == 200;
    if (!done && (done.error().errcode != wechat::errcode_not_understood || !answers_data)) {
      outcome.errcode = done.error().errcode;
      outcome.errmsg = done.error().errmsg;
    }
  }
  outcome.response = std::move(*response);
  co_return outcome;
}

Task<void> WeChatClient::pause(AppId appid, std::string api) {
  const TimeMs until = next_china_midnight(clock_.now());
  {
    const std::scoped_lock lock(mutex_);
    pauses_[{appid, api}] = until;
  }
  log::warn("wechat.api_paused", {{"appid", appid.str()}, {"api", api}});
  auto work = [&appid, &api, until](sql::Transaction& tx) -> Result<void> {
    tx.execute(
        "INSERT INTO gateway_api_pauses (appid, api, paused_until) VALUES ($1, $2, $3) "
        "ON CONFLICT (appid, api) DO UPDATE SET paused_until = excluded.paused_until",
        {appid, api, until});
    return {};
  };
  auto stored = co_await database_.write(std::move(work));
  if (!stored) log::warn("wechat.pause_not_stored", {{"code", stored.error().code}});
}

Task<Result<void>> WeChatClient::load_pauses() {
  const TimeMs now = clock_.now();
  using Pauses = std::map<std::pair<AppId, std::string>, TimeMs>;
  auto work = [now](sql::Transaction& tx) -> Result<Pauses> {
    Pauses pauses;
    for (const sql::Row& row :
         tx.query("SELECT appid, api, paused_until FROM gateway_api_pauses WHERE paused_until > $1", {now})) {
      pauses[{row.id<AppId>(0), row.text(1)}] = row.integer(2);
    }
    return pauses;
  };
  auto read = co_await database_.read(std::move(work));
  if (!read) co_return std::unexpected(read.error());
  const std::scoped_lock lock(mutex_);
  pauses_ = std::move(*read);
  co_return Result<void>{};
}

}  // namespace miniops::gateway
