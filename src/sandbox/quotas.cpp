#include "sandbox/quotas.hpp"

#include "sandbox/tokens.hpp"

namespace miniops::sandbox {

namespace {
std::int64_t month_in_china(TimeMs now) { return day_in_china(now) / 30; }  // near enough for a limit on resets

QuotaLimit default_limit(std::string_view api) {
  if (api == "token") return {2'000, 2'000};
  if (api == "stable_token") return {500'000, 10'000};
  if (api == "msg_sec_check") return {2'000'000, 4'000};
  if (api == "userlog/userlog_search") return {500'000, 50};
  return {};
}
}  // namespace

int Quotas::take(std::string_view api, TimeMs now) {
  const QuotaLimit allowed = limit(api);
  const QuotaUse used = use(api, now);
  if (used.today >= allowed.daily) return 45009;
  if (used.this_minute >= allowed.minute) return 45011;
  counters_[std::string(api)] = {day_in_china(now), now / minute_ms, {used.today + 1, used.this_minute + 1}};
  return 0;
}

QuotaLimit Quotas::limit(std::string_view api) const {
  const auto found = limits_.find(api);
  return found == limits_.end() ? default_limit(api) : found->second;
}

QuotaUse Quotas::use(std::string_view api, TimeMs now) const {
  const auto found = counters_.find(api);
  if (found == counters_.end() || found->second.day != day_in_china(now)) return {};
  const bool same_minute = found->second.minute == now / minute_ms;
  return {found->second.use.today, same_minute ? found->second.use.this_minute : 0};
}

void Quotas::set_limit(std::string_view api, QuotaLimit limit) { limits_.insert_or_assign(std::string(api), limit); }

int Quotas::clear(std::string_view api, TimeMs now) {
  if (clear_month_ != month_in_china(now)) clears_ = 0;
  clear_month_ = month_in_china(now);
  if (clears_ >= quota_clears_a_month) return 48006;
  ++clears_;
  if (api.empty()) {
    counters_.clear();
  } else if (const auto found = counters_.find(api); found != counters_.end()) {
    counters_.erase(found);
  }
  return 0;
}

}  // namespace miniops::sandbox
