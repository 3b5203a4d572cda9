#include "gateway/window.hpp"

namespace miniops::gateway {

Window open_window(Window window, const Outbox::Settings& settings, bool by_message, int reserved, TimeMs now) {
  const bool was_open = window.open(now);
  const int count = by_message ? settings.message_count : settings.enter_count;
  const TimeMs until = now + (by_message ? settings.message_ms : settings.enter_ms);
  const bool stays_message = was_open && window.opened_by == "message";
  window.remaining = std::max(was_open ? window.remaining : 0, std::max(0, count - reserved));
  window.expires_at = was_open ? std::max(window.expires_at, until) : until;
  window.opened_by = by_message || stays_message ? "message" : "enter";
  return window;
}

Budget budget_of(const Window& window, TimeMs now) {
  if (!window.open(now)) return {};
  return {window.remaining, window.expires_at, window.opened_by};
}

Window load_window(sql::Transaction& tx, const AppId& appid, const OpenId& openid) {
  const auto row = tx.query_one(
      "SELECT remaining, expires_at, opened_by, last_seq FROM gateway_windows WHERE appid = $1 AND openid = $2",
      {appid, openid});
  if (!row) return {};
  return {static_cast<int>(row->integer(0)), row->integer(1), row->text(2), row->integer(3)};
}

void store_window(sql::Transaction& tx, const AppId& appid, const OpenId& openid, const Window& window) {
  tx.execute_later(
      "INSERT INTO gateway_windows (appid, openid, remaining, expires_at, opened_by, last_seq) "
      "VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (appid, openid) DO UPDATE SET remaining = excluded.remaining, "
      "expires_at = excluded.expires_at, opened_by = excluded.opened_by, last_seq = excluded.last_seq",
      {appid, openid, window.remaining, window.expires_at, window.opened_by, window.last_seq});
}

}  // namespace miniops::gateway
