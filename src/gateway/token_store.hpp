// The SQL of access_tokens: one sealed row per mini program.
#pragma once

#include <optional>
#include <string>

#include "base/clock.hpp"
#include "base/seal.hpp"
#include "storage/sql/database.hpp"

namespace miniops::gateway {

inline constexpr int forced_per_day_max = 20;
inline constexpr TimeMs forced_apart_ms = 30 * second_ms;

// ok: a token is there · failing: WeChat does not answer or is busy, tried again soon · stopped: a person must act
// (wrong secret, address not allowed, frozen), tried again slowly.
enum class TokenHealth { none, ok, failing, stopped };
std::string_view to_string(TokenHealth health);

struct TokenRow {
  std::string token;  // empty: none
  TimeMs obtained_at = 0, expires_at = 0;
  TokenHealth health = TokenHealth::none;
  int errcode = 0;
  std::string error;
  TimeMs error_at = 0;
  std::int64_t forced_day = 0;  // days since the epoch, UTC+8
  int forced_count = 0;
  TimeMs forced_at = 0;
};

Result<TokenRow> load_token(sql::Transaction& tx, const Sealer& sealer, const AppId& appid);
// `sealed` is the row's token, sealed before the closure.
void store_token(sql::Transaction& tx, const AppId& appid, const TokenRow& row, std::string_view sealed);
void store_token_error(sql::Transaction& tx, const AppId& appid, TokenHealth health, int errcode,
                       std::string_view error, TimeMs at);
// Takes one forced refresh of the day's budget; false: none is left, or the last was less than 30 s ago.
bool take_forced_refresh(sql::Transaction& tx, const AppId& appid, TimeMs now);

std::int64_t china_day(TimeMs at);
TimeMs next_china_midnight(TimeMs at);

}  // namespace miniops::gateway
