#include "gateway/tokens.hpp"

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>

#include "base/encoding.hpp"
#include "base/log.hpp"
#include "gateway/errors.hpp"
#include "storage/sql/lease.hpp"
#include "wechat/errors.hpp"

namespace miniops::gateway {

namespace {

constexpr TimeMs lease_ms = 25 * second_ms;  // outlives the HTTP timeout
constexpr TimeMs lease_poll_ms = 200;
constexpr int lease_polls_max = 15;
constexpr TimeMs too_old_ms = 10 * second_ms;      // a token is not handed out in its last seconds
constexpr TimeMs retry_ahead_ms = 30 * second_ms;  // WeChat gave the same token again: its clock is behind ours

}  // namespace

struct Tokens::PerApp {
  AsyncLock lock;  // held by the one who refreshes
  std::mutex mutex;
  // Guarded by `mutex`:
  bool loaded = false;
  std::string token;
  TimeMs expires_at = 0;
  TimeMs next_ahead_at = 0;
  std::optional<Error> problem{};  // why there is none, until not_before or until the secret changes
  TimeMs not_before = 0;
  std::string problem_secret_hash;
  int failures = 0;

  std::optional<std::string> usable(TimeMs now) {
    const std::scoped_lock guard(mutex);
    if (token.empty() || now >= expires_at - too_old_ms) return std::nullopt;
    return token;
  }
  void put(const std::string& fresh, TimeMs expires, TimeMs ahead) {
    const std::scoped_lock guard(mutex);
    loaded = true;
    token = fresh;
    expires_at = expires;
    next_ahead_at = ahead;
    problem.reset();
    failures = 0;
  }
  std::optional<Error> resting(TimeMs now, const std::string& secret) {
    const std::scoped_lock guard(mutex);
    if (!problem || now >= not_before || problem_secret_hash != sha256(secret)) return std::nullopt;
    return problem;
  }
};

Tokens::Tokens(sql::Database& database, MiniPrograms& programs, const Sealer& sealer, const Clock& clock,
               net::HttpClient& http, Settings settings)
    : database_(database),
      programs_(programs),
      sealer_(sealer),
      clock_(clock),
      http_(http),
      settings_(std::move(settings)) {}

Tokens::~Tokens() = default;

std::shared_ptr<Tokens::PerApp> Tokens::of(const AppId& appid) {
  const std::scoped_lock lock(mutex_);
  auto& app = apps_[appid];
  if (!app) app = std::make_shared<PerApp>();
  return app;
}

Task<Result<std::string>> Tokens::get(AppId appid) {
  if (auto token = of(appid)->usable(clock_.now())) co_return *token;
  co_return co_await obtain(std::move(appid), Want::any, "");
}

Task<Result<std::string>> Tokens::report_stale(AppId appid, std::string token) {
  co_return co_await obtain(std::move(appid), Want::other_than_stale, std::move(token));
}

Task<Result<TokenRow>> Tokens::refresh(AppId appid, bool force) {
  auto token = co_await obtain(appid, force ? Want::forced : Want::newer, "");
  if (!token) co_return std::unexpected(token.error());
  co_return co_await load(std::move(appid));
}

Task<Result<TokenRow>> Tokens::state(AppId appid) { co_return co_await load(std::move(appid)); }

Task<Result<TokenRow>> Tokens::load(AppId appid) {
  auto work = [this, appid](sql::Transaction& tx) -> Result<TokenRow> { return load_token(tx, sealer_, appid); };
  co_return co_await database_.read(std::move(work));
}

// One at a time per mini program; who waited finds the token that the other has got.
Task<Result<std::string>> Tokens::obtain(AppId appid, Want want, std::string stale) {
  const auto program = co_await programs_.find(appid);
  if (!program) co_return fail(errors::unknown_mini_program());
  const auto app = of(appid);
  const auto held = co_await app->lock.acquire();
  const auto serves = [&](const std::string& token) {
    return want == Want::any || (want == Want::other_than_stale && token != stale);
  };
  if (const auto token = app->usable(clock_.now()); token && serves(*token)) co_return *token;
  if (want != Want::forced && want != Want::newer) {
    if (auto problem = app->resting(clock_.now(), program->secret)) co_return fail(std::move(*problem));
  }
  co_await hold_lease(appid);
  // Another node, or this one before it was started again, may have one. A database that does not answer is no reason
  // to be without a token.
  auto row = co_await load(appid);
  if (row && !row->token.empty() && clock_.now() < row->expires_at - too_old_ms) {
    app->put(row->token, row->expires_at, row->expires_at - settings_.ahead_ms);
    if (serves(row->token)) {
      co_await give_back(appid);
      co_return row->token;
    }
  }
  auto answer = co_await ask(program, app, want, std::move(stale));
  co_await give_back(appid);
  co_return answer;
}

Task<Result<std::string>> Tokens::ask(std::shared_ptr<const MiniProgram> program, std::shared_ptr<PerApp> app,
                                      Want want, std::string stale) {
  if (want != Want::forced) {
    auto answer = co_await fetch(program, app, false);
    if (!answer) co_return std::unexpected(answer.error());
    const std::string token = answer->access_token;
    auto kept = co_await keep(program->appid, app, std::move(*answer));
    if (!kept) co_return std::unexpected(kept.error());
    if (want != Want::other_than_stale || token != stale) co_return token;
  }
  const TimeMs now = clock_.now();
  auto take = [appid = program->appid, now](sql::Transaction& tx) -> Result<bool> {
    return take_forced_refresh(tx, appid, now);
  };
  auto allowed = co_await database_.write(std::move(take));
  if (!allowed) co_return std::unexpected(allowed.error());
  if (!*allowed) co_return fail(errors::force_exhausted());
  log::info("token.forced", {{"appid", program->appid.str()}});
  auto answer = co_await fetch(program, app, true);
  if (!answer) co_return std::unexpected(answer.error());
  const std::string token = answer->access_token;
  auto kept = co_await keep(program->appid, app, std::move(*answer));
  if (!kept) co_return std::unexpected(kept.error());
  if (want == Want::other_than_stale && token == stale) {
    co_return fail(errors::no_token("it keeps giving a token that it refuses"));
  }
  co_return token;
}

Task<Result<wechat::TokenAnswer>> Tokens::fetch(std::shared_ptr<const MiniProgram> program, std::shared_ptr<PerApp> app,
                                                bool force) {
  wechat::ApiCall call = wechat::stable_token_call(program->appid, program->secret, force);
  net::ClientRequest request;
  request.method = net::Method::post;
  request.url = settings_.api_base + call.path + (call.query.empty() ? "" : "?" + call.query);
  request.headers.set("Content-Type", call.content_type);
  request.body = std::move(call.body);
  request.total_timeout = std::chrono::milliseconds(settings_.http_timeout_ms);
  auto response = co_await http_.send(std::move(request));
  if (!response) {
    co_return fail(co_await note_failure(program->appid, app, program->secret, 0, response.error().what, false));
  }
  auto answer = wechat::parse_token_answer(response->status, response->body);
  if (answer && !answer->access_token.empty()) co_return std::move(*answer);
  const int errcode = answer ? wechat::errcode_not_understood : answer.error().errcode;
  const std::string errmsg = answer ? "" : answer.error().errmsg;
  const bool stopped = wechat::policy_of(errcode, true) == wechat::Policy::stop_and_show;
  co_return fail(co_await note_failure(program->appid, app, program->secret, errcode, errmsg, stopped));
}

Task<Result<void>> Tokens::keep(AppId appid, std::shared_ptr<PerApp> app, wechat::TokenAnswer answer) {
  TokenRow row;
  row.obtained_at = clock_.now();
  row.expires_at = row.obtained_at + answer.expires_in_s * second_ms;
  const std::string sealed = sealer_.seal(answer.access_token, {"gateway_tokens", "token", appid.str()});
  // Not asked again at once when what is left is already less than the time we refresh ahead.
  const TimeMs ahead = std::max(row.expires_at - settings_.ahead_ms, row.obtained_at + retry_ahead_ms);
  app->put(answer.access_token, row.expires_at, ahead);
  auto work = [appid, row, &sealed](sql::Transaction& tx) -> Result<void> {
    store_token(tx, appid, row, sealed);
    return {};
  };
  auto stored = co_await database_.write(std::move(work));
  if (!stored) log::warn("token.not_stored", {{"appid", appid.str()}, {"code", stored.error().code}});
  co_return Result<void>{};  // it can be used even if it could not be kept
}

Task<Error> Tokens::note_failure(AppId appid, std::shared_ptr<PerApp> app, const std::string& secret, int errcode,
                                 std::string what, bool stopped) {
  const TimeMs now = clock_.now();
  Error error = errors::no_token(what);
  error.details["errcode"] = errcode;
  if (const auto address = wechat::ip_not_allowed(what)) error.details["ip"] = *address;
  {
    const std::scoped_lock guard(app->mutex);
    ++app->failures;
    const TimeMs pause =
        std::min(settings_.failing_retry_max_ms, settings_.failing_retry_first_ms << std::min(app->failures - 1, 10));
    app->problem = error;
    app->not_before = now + (stopped ? settings_.stopped_retry_ms : pause);
    app->next_ahead_at = app->not_before;
    app->problem_secret_hash = sha256(secret);
  }
  log::warn("token.failed", {{"appid", appid.str()}, {"errcode", errcode}, {"stopped", stopped}});
  const TokenHealth health = stopped ? TokenHealth::stopped : TokenHealth::failing;
  auto work = [appid, health, errcode, &what, now](sql::Transaction& tx) -> Result<void> {
    store_token_error(tx, appid, health, errcode, what, now);
    return {};
  };
  auto stored = co_await database_.write(std::move(work));
  if (!stored) log::warn("token.error_not_stored", {{"appid", appid.str()}, {"code", stored.error().code}});
  co_return error;
}

// The lease only spares WeChat a second call; who cannot have it in time goes on without.
Task<void> Tokens::hold_lease(AppId appid) {
  boost::asio::steady_timer timer(co_await boost::asio::this_coro::executor);
  for (int i = 0; i < lease_polls_max; ++i) {
    auto work = [this, appid](sql::Transaction& tx) -> Result<bool> {
      return sql::take_lease(tx, "token:" + appid.str(), settings_.owner, lease_ms);
    };
    auto held = co_await database_.write(std::move(work));
    if (!held || *held) co_return;
    timer.expires_after(std::chrono::milliseconds(lease_poll_ms));
    co_await timer.async_wait(boost::asio::use_awaitable);
  }
}

Task<void> Tokens::give_back(AppId appid) {
  auto work = [this, appid](sql::Transaction& tx) -> Result<void> {
    sql::give_back_lease(tx, "token:" + appid.str(), settings_.owner);
    return {};
  };
  auto done = co_await database_.write(std::move(work));
  if (!done) log::warn("token.lease_kept", {{"appid", appid.str()}, {"code", done.error().code}});
}

Task<Result<bool>> Tokens::refresh_ahead_step() {
  const TimeMs now = clock_.now();
  const auto programs = co_await programs_.all();
  for (const auto& program : programs) {
    if (!program->enabled) continue;
    const auto app = of(program->appid);
    bool loaded = false;
    TimeMs due = 0;
    {
      const std::scoped_lock guard(app->mutex);
      loaded = app->loaded;
      due = app->next_ahead_at;
    }
    if (app->resting(now, program->secret)) continue;
    if (!loaded) {
      auto token = co_await get(program->appid);  // what the database has, or a first one
      const std::scoped_lock guard(app->mutex);
      app->loaded = app->loaded || token.has_value();
      continue;
    }
    if (now < due) continue;
    auto token = co_await obtain(program->appid, Want::newer, "");
    if (!token) log::warn("token.not_refreshed", {{"appid", program->appid.str()}, {"code", token.error().code}});
  }
  co_return false;
}

}  // namespace miniops::gateway
