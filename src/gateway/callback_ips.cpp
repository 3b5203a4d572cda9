#include "gateway/callback_ips.hpp"

#include "base/log.hpp"
#include "gateway/errors.hpp"
#include "storage/sql/config_version.hpp"

namespace miniops::gateway {

namespace {

constexpr TimeMs refresh_after_ms = day_ms;
constexpr TimeMs retry_after_ms = 5 * minute_ms;

}  // namespace

Task<Result<bool>> CallbackIps::step() {
  const TimeMs now = clock_.now();
  auto work = [](sql::Transaction& tx) -> Result<std::map<AppId, TimeMs>> {
    std::map<AppId, TimeMs> refreshed;
    for (const sql::Row& row : tx.query("SELECT appid, refreshed_at FROM gateway_callback_ips")) {
      refreshed[row.id<AppId>(0)] = row.integer(1);
    }
    return refreshed;
  };
  auto refreshed = co_await database_.read(std::move(work));
  if (!refreshed) co_return std::unexpected(refreshed.error());
  const auto programs = co_await programs_.all();
  for (const auto& program : programs) {
    const AppId& appid = program->appid;
    if (!program->restrict_push_sources || !program->enabled) continue;
    const auto at = refreshed->find(appid);
    if (at != refreshed->end() && now < at->second + refresh_after_ms) continue;
    if (now < not_before_[appid]) continue;
    not_before_[appid] = now + retry_after_ms;
    auto done = co_await refresh(appid);
    if (!done) log::warn("callback_ips.not_refreshed", {{"appid", appid.str()}, {"code", done.error().code}});
  }
  co_return false;
}

Task<Result<void>> CallbackIps::refresh(AppId appid) {
  const CallOutcome outcome = co_await wechat_.call(appid, wechat::callback_ip_call());
  if (outcome.kind != CallOutcome::Kind::answered) co_return std::unexpected(outcome.error);
  const auto list = wechat::parse_ip_list(outcome.response.status, outcome.response.body);
  if (!list) co_return fail(errors::wechat_refused(list.error().errcode, list.error().errmsg));
  // An empty list would shut WeChat out: the old one stays.
  if (list->empty()) co_return fail(errors::wechat_refused(0, "the list is empty"));
  std::string addresses;
  for (const std::string& address : *list) addresses += (addresses.empty() ? "" : " ") + address;
  const TimeMs now = clock_.now();
  auto work = [&](sql::Transaction& tx) -> Result<void> {
    tx.execute(
        "INSERT INTO gateway_callback_ips (appid, addresses, refreshed_at) VALUES ($1, $2, $3) "
        "ON CONFLICT (appid) DO UPDATE SET addresses = excluded.addresses, refreshed_at = excluded.refreshed_at",
        {appid, addresses, now});
    sql::raise_config_version(tx);
    return {};
  };
  auto stored = co_await database_.write(std::move(work));
  if (stored) co_await version_.refresh();
  co_return stored;
}

}  // namespace miniops::gateway
