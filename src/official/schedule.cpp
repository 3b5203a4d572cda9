#include "official/schedule.hpp"

#include <algorithm>

#include "official/decode.hpp"
#include "wechat/errors.hpp"

namespace miniops::official {

namespace {

constexpr TimeMs morning_ms = 9 * hour_ms;  // yesterday's figures are there by then
constexpr TimeMs logs_every_ms = 5 * minute_ms;
constexpr TimeMs feedback_every_ms = hour_ms;
constexpr TimeMs pause_max_ms = hour_ms;
constexpr TimeMs refused_pause_ms = 6 * hour_ms;  // what is not permitted is not asked for every five minutes
// The operation centre's own words for "too often".
constexpr std::array frequency_errors{20011, 200010};

TimeMs next_morning(const AppId& appid, TimeMs now) {
  const TimeMs spread = number_of({appid.str()}) % 60 * minute_ms;
  const TimeMs today = start_of_day(china_day(now)) + morning_ms + spread;
  return today > now ? today : today + day_ms;
}

wechat::Policy policy_of(int errcode) {
  if (std::ranges::count(frequency_errors, errcode) > 0) return wechat::Policy::back_off;
  return wechat::policy_of(errcode, false);
}

}  // namespace

TimeMs next_run(Source source, const AppId& appid, TimeMs now) {
  if (source == Source::logs) return now + logs_every_ms;
  if (source == Source::feedback) return now + feedback_every_ms;
  return next_morning(appid, now);
}

Pause after_failure(Source source, const AppId& appid, const Platform::Answer& answer, std::int64_t failures,
                    TimeMs now) {
  const TimeMs longer = std::min(pause_max_ms, minute_ms << std::clamp<std::int64_t>(failures - 1, 0, 10));
  if (answer.kind != Platform::Answer::Kind::answered) return {std::max(now + longer, answer.retry_at)};
  switch (policy_of(answer.errcode)) {
    case wechat::Policy::back_off:
    case wechat::Policy::renew_token:  // the gateway has done it, and was refused again
      return {now + longer};
    case wechat::Policy::pause_until_midnight:
      return {start_of_day(china_day(now) + 1)};
    default:
      return {std::max(next_run(source, appid, now), now + refused_pause_ms), true};
  }
}

}  // namespace miniops::official
