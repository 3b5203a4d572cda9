// What becomes of pushes, per mini program: counted in memory, flushed to gateway_push_counts each second. Safe from
// any thread; the counters that the hot path touches are atomics.
#pragma once

#include <array>
#include <atomic>
#include <deque>
#include <memory>
#include <mutex>
#include <shared_mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/clock.hpp"
#include "base/ids.hpp"
#include "base/task.hpp"
#include "storage/sql/database.hpp"

namespace miniops::gateway {

// The reasons of refusals are stored and shown: never renamed.
enum class PushOutcome {
  accepted,
  duplicate,
  dropped,
  bad_signature,
  weaker_than_configured,
  bad_ciphertext,
  wrong_appid,
  malformed,
  too_large,
  source_not_allowed,
};
inline constexpr std::size_t push_outcomes = 10;
std::string_view to_string(PushOutcome outcome);
bool is_refusal(PushOutcome outcome);

// Times to acknowledge, in buckets that grow by a quarter: the percentiles are right within 25 %.
class AckTimes {
 public:
  void add(TimeMs now, double ms);
  double percentile(double share) const;  // of the last one to two minutes

 private:
  static constexpr std::size_t buckets = 64;
  using Window = std::array<std::atomic<std::uint32_t>, buckets>;
  std::array<Window, 2> windows_{};
  std::atomic<TimeMs> minute_{0};
};

// One kind of refusal from one address, for the console.
struct PushFailure {
  TimeMs at = 0;
  PushOutcome reason = PushOutcome::malformed;
  std::string cause;  // a stable word: "unsigned", "token_differs", "body_altered" …
  std::string remote_address;
  std::int64_t count = 0;
};

class PushStats {
 public:
  PushStats(sql::Database& database, const Clock& clock) : database_(database), clock_(clock) {}

  void count(const AppId& appid, PushOutcome outcome, double ack_ms);
  void count_failure(const AppId& appid, PushOutcome outcome, std::string_view cause, std::string_view remote_address);
  // WeChat's own name of the mini program, gh_…, from its first push; stored with the next flush.
  void learn_original_id(const AppId& appid, std::string_view original_id);
  void count_unknown_appid() { ++unknown_appid_; }

  struct Figures {
    std::array<std::uint64_t, push_outcomes> counts{};  // since this process started
    double per_second = 0;                              // over the last ten seconds
    double ack_p50_ms = 0, ack_p99_ms = 0;
    TimeMs last_at = 0;
  };
  Figures figures(const AppId& appid) const;
  Figures total() const;
  std::uint64_t unknown_appid() const { return unknown_appid_; }
  std::vector<PushFailure> failures(const AppId& appid) const;  // newest first, at most 50

  // Writes what was counted since the last flush. Nothing is lost when it fails.
  Task<Result<void>> flush_step();

 private:
  struct PerApp;
  std::shared_ptr<PerApp> of(const AppId& appid) const;

  sql::Database& database_;
  const Clock& clock_;
  mutable std::shared_mutex mutex_;
  mutable std::unordered_map<AppId, std::shared_ptr<PerApp>> apps_;
  std::atomic<std::uint64_t> unknown_appid_{0};
  AckTimes all_acks_;
};

}  // namespace miniops::gateway
