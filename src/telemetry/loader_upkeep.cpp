// What the loader's thread does between its steps: all that changes the event store besides loading is here.
#include "telemetry/copy_hold.hpp"
#include "telemetry/loader.hpp"

namespace miniops::telemetry {

namespace {

constexpr TimeMs look_for_days_ms = minute_ms;
constexpr TimeMs again_after_ms = minute_ms;  // a failed piece, which may have cost much

}  // namespace

Result<bool> Loader::tend() {
  if (with_.clock.now() < tend_after_) return false;
  auto tended = tend_to_requests();
  if (tended && !*tended && next_) tended = tend_to_days();
  if (tended) return tended;
  tend_after_ = with_.clock.now() + again_after_ms;
  if (tended.error().code == "storage.events_unavailable") {
    with_.events.drop();
    start_over();
  }
  return tended;
}

// People ask by rows, and every row raises the version.
Result<bool> Loader::tend_to_requests() {
  const std::int64_t version = with_.version.current();
  if (version == version_seen_ && !erasures_.under_way()) return false;
  const auto settle = [&]() -> Result<void> {
    if (!with_.events.opened()) return {};
    const auto events = with_.events.get();
    return events ? (*events)->settle() : std::unexpected(events.error());
  };
  const auto held = hold_still(with_.database, with_.clock, settle, [&] { return stopping_.load(); });
  if (!held || *held) return held;
  const auto worked = erasures_.work(next_.value_or(spool::Position{}));
  if (worked && !*worked && !erasures_.under_way()) version_seen_ = version;
  return worked;
}

// Only with time to spare.
Result<bool> Loader::tend_to_days() {
  const TimeMs now = with_.clock.now();
  const auto events = with_.events.get();
  if (!events) return std::unexpected(events.error());
  if (now - forgot_at_ >= hour_ms) {
    if (auto ok = forget_old(); !ok) return std::unexpected(ok.error());
    if (auto ok = (*events)->sum_up(); !ok) return std::unexpected(ok.error());
    forgot_at_ = now;
  }
  if (behind() || now - tidied_at_ < look_for_days_ms) return false;
  const auto tidied = (*events)->tidy_day(now);
  if (tidied && !*tidied) tidied_at_ = now;
  return tidied;
}

// Tables go when no mini program keeps them; who keeps less has its rows deleted from those that stay.
Result<void> Loader::forget_old() {
  const auto apps = with_.database.read_blocking(
      [](sql::Transaction& tx) -> Result<std::map<AppId, std::int32_t>> { return store::apps(tx); });
  if (!apps) return std::unexpected(apps.error());
  auto settings = with_.database.read_blocking(
      [](sql::Transaction& tx) -> Result<std::map<AppId, Settings>> { return store::all_settings(tx); });
  if (!settings) return std::unexpected(settings.error());
  const auto events = with_.events.get();
  if (!events) return std::unexpected(events.error());
  for (const Kind kind : kinds) {
    const auto number = static_cast<std::int32_t>(kind);
    std::map<std::int32_t, std::int64_t> days;
    for (const auto& [appid, app] : *apps) days[app] = (*settings)[appid].keep_days[kind];
    const auto longest = std::ranges::max_element(days, {}, [](const auto& one) { return one.second; });
    if (longest == days.end()) continue;
    const std::int64_t most = longest->second;
    const auto first_kept = [&](std::int64_t kept) { return events::day_of(with_.clock.now() - kept * day_ms); };
    if (auto ok = (*events)->forget(number, first_kept(most)); !ok) return ok;
    for (const auto& [app, kept] : days)
      if (kept < most)
        if (auto ok = (*events)->forget(number, app, first_kept(kept)); !ok) return ok;
  }
  return {};
}

}  // namespace miniops::telemetry
