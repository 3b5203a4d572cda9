#include "app/alerts_ports.hpp"

#include <fstream>

#include "base/mask.hpp"
#include "logs/query/query.hpp"

namespace miniops::app {

namespace {

namespace json = boost::json;

constexpr TimeMs fresh_for_ms = 5 * second_ms;  // rules look one after the other

// Resident, of this process.
double memory_bytes() {
  std::ifstream file("/proc/self/statm");
  double total = 0;
  double resident = 0;
  file >> total >> resident;
  return resident * 4096;
}

double disk_used_share(const std::filesystem::path& folder) {
  std::error_code problem;
  const auto space = std::filesystem::space(folder, problem);
  if (problem || space.capacity == 0) return 0;
  return 1 - static_cast<double>(space.available) / static_cast<double>(space.capacity);
}

// How long the entry has waited that waits longest.
double journal_lag_ms(const json::object& health, TimeMs now) {
  double longest = 0;
  for (const json::value& consumer : health.at("journal").at("consumers").as_array())
    if (const auto* since = consumer.as_object().if_contains("oldest_at"); since != nullptr && since->is_int64())
      longest = std::max(longest, static_cast<double>(now - since->as_int64()));
  return longest;
}

double outbox_failed(const json::object& health) { return health.at("outbox").at("failed_24h").to_number<double>(); }

bool token_broken(const json::object& health) {
  const json::object& token = health.at("token").as_object();
  const auto* state = token.if_contains("state");
  return state != nullptr && state->is_string() && (state->as_string() == "failing" || state->as_string() == "stopped");
}

// WeChat does not say how much of its daily quota is left, only that it is used up.
bool quota_used(const json::object& health) {
  const auto* until = health.at("outbox").as_object().if_contains("paused_until");
  return until != nullptr && until->is_int64();
}

}  // namespace

Task<Result<std::vector<alerts::HealthFigure>>> ServerHealth::figures(AppId appid) {
  const TimeMs now = clock_.now();
  {
    const std::scoped_lock lock(mutex_);
    const auto known = known_.find(appid);
    if (known != known_.end() && now - known->second.first < fresh_for_ms) co_return known->second.second;
  }
  const auto health = co_await gateway_.health(appid);
  if (!health) co_return std::unexpected(health.error());
  std::vector<alerts::HealthFigure> figures{
      {"journal_lag_ms", journal_lag_ms(*health, now), "ms"},
      {"outbox_failed", outbox_failed(*health), "count"},
      {"token_broken", token_broken(*health) ? 1.0 : 0.0, "count"},
      {"quota_used_share", quota_used(*health) ? 1.0 : 0.0, "share"},
      {"spool_waiting_bytes", static_cast<double>(telemetry_.figures().waiting_bytes), "bytes"},
      {"storage_queued_writes", static_cast<double>(database_.health().queued_writes), "count"},
      {"memory_bytes", memory_bytes(), "bytes"},
      {"disk_used_share", disk_used_share(data_), "share"}};
  const std::scoped_lock lock(mutex_);
  known_[appid] = {now, figures};
  co_return figures;
}

Result<events::Matching> LogQueries::parse(std::string_view text) const {
  const auto query = logs::parse(text);
  if (!query) return fail(ErrorKind::invalid, "logs.invalid_query", query.error().message);
  return std::make_shared<const events::Predicate>(logs::to_predicate(*query));
}

Task<Result<std::string>> LogQueries::saved(AppId appid, std::int64_t id) { return logs_.saved_query(appid, id); }

void IssueAlerts::on_issue(sql::Transaction& tx, const issues::IssueEvent& event) {
  if (alerts_ == nullptr) return;
  alerts::IssueNews news;
  news.appid = event.appid;
  news.issue = event.issue;
  news.regressed = event.what == issues::IssueEvent::What::regressed;
  news.title = mask_personal_data(event.title);
  news.error_name = event.title.substr(0, event.title.find(':'));
  news.page = event.page;
  news.release = event.release;
  news.at = event.at;
  alerts_->issue_appeared(tx, news);
}

}  // namespace miniops::app
