#include "gateway/token_store.hpp"

namespace miniops::gateway {

namespace {

constexpr TimeMs china_offset_ms = 8 * hour_ms;

TokenHealth parse_health(std::string_view text) {
  for (const auto health : {TokenHealth::ok, TokenHealth::failing, TokenHealth::stopped}) {
    if (text == to_string(health)) return health;
  }
  return TokenHealth::none;
}

}  // namespace

std::string_view to_string(TokenHealth health) {
  switch (health) {
    case TokenHealth::none:
      return "none";
    case TokenHealth::ok:
      return "ok";
    case TokenHealth::failing:
      return "failing";
    case TokenHealth::stopped:
      return "stopped";
  }
  return "none";
}

std::int64_t china_day(TimeMs at) { return (at + china_offset_ms) / day_ms; }
TimeMs next_china_midnight(TimeMs at) { return (china_day(at) + 1) * day_ms - china_offset_ms; }

Result<TokenRow> load_token(sql::Transaction& tx, const Sealer& sealer, const AppId& appid) {
  const auto row = tx.query_one(
      "SELECT token, obtained_at, expires_at, state, errcode, error, error_at, forced_day, forced_count, forced_at "
      "FROM gateway_tokens WHERE appid = $1",
      {appid});
  TokenRow token;
  if (!row) return token;
  if (!row->is_null(0)) {
    auto opened = sealer.open(row->blob(0), {"gateway_tokens", "token", appid.str()});
    if (!opened) return std::unexpected(opened.error());
    token.token = std::move(*opened);
  }
  token.obtained_at = row->integer(1);
  token.expires_at = row->integer(2);
  token.health = parse_health(row->text(3));
  token.errcode = static_cast<int>(row->integer(4));
  token.error = row->text(5);
  token.error_at = row->integer(6);
  token.forced_day = row->integer(7);
  token.forced_count = static_cast<int>(row->integer(8));
  token.forced_at = row->integer(9);
  return token;
}

void store_token(sql::Transaction& tx, const AppId& appid, const TokenRow& row, std::string_view sealed) {
  tx.execute(
      "INSERT INTO gateway_tokens (appid, token, obtained_at, expires_at, state, errcode, error, error_at, forced_day, "
      "forced_count, forced_at) VALUES ($1, $2, $3, $4, 'ok', 0, '', 0, 0, 0, 0) "
      "ON CONFLICT (appid) DO UPDATE SET token = excluded.token, obtained_at = excluded.obtained_at, "
      "expires_at = excluded.expires_at, state = 'ok', errcode = 0, error = ''",
      {appid, sql::BlobView{sealed}, row.obtained_at, row.expires_at});
}

void store_token_error(sql::Transaction& tx, const AppId& appid, TokenHealth health, int errcode,
                       std::string_view error, TimeMs at) {
  tx.execute(
      "INSERT INTO gateway_tokens (appid, token, obtained_at, expires_at, state, errcode, error, error_at, forced_day, "
      "forced_count, forced_at) VALUES ($1, NULL, 0, 0, $2, $3, $4, $5, 0, 0, 0) "
      "ON CONFLICT (appid) DO UPDATE SET state = excluded.state, errcode = excluded.errcode, error = excluded.error, "
      "error_at = excluded.error_at",
      {appid, to_string(health), errcode, error, at});
}

bool take_forced_refresh(sql::Transaction& tx, const AppId& appid, TimeMs now) {
  const auto row =
      tx.query_one("SELECT forced_day, forced_count, forced_at FROM gateway_tokens WHERE appid = $1", {appid});
  const std::int64_t today = china_day(now);
  const std::int64_t used = row && row->integer(0) == today ? row->integer(1) : 0;
  if (used >= forced_per_day_max) return false;
  if (row && row->integer(2) > now - forced_apart_ms) return false;
  tx.execute(
      "INSERT INTO gateway_tokens (appid, token, obtained_at, expires_at, state, errcode, error, error_at, forced_day, "
      "forced_count, forced_at) VALUES ($1, NULL, 0, 0, 'none', 0, '', 0, $2, $3, $4) "
      "ON CONFLICT (appid) DO UPDATE SET forced_day = excluded.forced_day, forced_count = excluded.forced_count, "
      "forced_at = excluded.forced_at",
      {appid, today, used + 1, now});
  return true;
}

}  // namespace miniops::gateway
