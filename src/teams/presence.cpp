#include "teams/presence.hpp"

#include "calendar/time_zone.hpp"
#include "teams/errors.hpp"
#include "teams/store.hpp"

namespace miniops::teams {

namespace {

constexpr TimeMs day_ms_max = 26 * hour_ms;  // with a change of summer time
constexpr TimeMs times_ms_max = 31 * day_ms_max;
constexpr int stays_max = 20'000;

using Key = std::tuple<TimeMs, Presence, std::string>;

void add(std::map<Key, TimeMs>& sums, const Stay& stay, TimeMs from, TimeMs to, std::string_view time_zone) {
  while (from < to) {
    const TimeMs day = calendar::day_start(time_zone, from);
    const TimeMs end = std::min(to, calendar::day_start(time_zone, day + day_ms_max));
    if (end <= from) break;  // a zone that repeats a day: nothing sensible can be said
    sums[{day, stay.presence, stay.reason}] += end - from;
    from = end;
  }
}

}  // namespace

std::vector<DayTime> by_day(const std::vector<Stay>& stays, TimeMs from, TimeMs to, std::string_view time_zone,
                            TimeMs now) {
  std::map<Key, TimeMs> sums;
  for (const Stay& stay : stays)
    add(sums, stay, std::max(stay.from, from), std::min(stay.to == 0 ? now : stay.to, to), time_zone);
  std::vector<DayTime> out;
  for (const auto& [key, ms] : sums) out.push_back({std::get<0>(key), std::get<1>(key), std::get<2>(key), ms});
  return out;
}

Result<void> PresenceLog::check(sql::Transaction& tx, const AppId& appid, Presence presence,
                                std::string_view reason) const {
  if (reason.empty()) return {};
  const Settings settings = store::settings(tx, appid);
  const bool known = std::ranges::find(settings.reasons, reason) != settings.reasons.end();
  if (!known || presence == Presence::online) return fail(errors::unknown_reason());
  return {};
}

void PresenceLog::changed(sql::Transaction& tx, const AppId& appid, AccountId account, Presence presence,
                          std::string_view reason, TimeMs now) const {
  const auto before = store::current_stay(tx, appid, account);
  if (before && before->presence == presence && before->reason == reason) return;
  TimeMs from = now;
  if (before) {
    from = std::max(now, before->from);  // the clock may have been set back
    store::end_stay(tx, *before, from);
  }
  store::insert_stay(tx, appid, {ids_.next(), account, presence, std::string(reason), from});
}

std::vector<DayTime> PresenceLog::times(sql::Transaction& tx, const AppId& appid, AccountId account, TimeMs from,
                                        TimeMs to, std::string_view time_zone, TimeMs now) const {
  to = std::min(to, from + times_ms_max);
  const store::StayFilter filter{account, from, to};
  return by_day(store::stays(tx, appid, filter, std::nullopt, stays_max), from, to, time_zone, now);
}

}  // namespace miniops::teams
