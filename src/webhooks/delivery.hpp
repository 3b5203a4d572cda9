// A delivery 投递: one event for one subscription, how its sends went, and when it is tried again. Pure.
//
// pending 待投递 → delivered 已投递 | failed 失败 (no 2xx in 24 hours, or 410) | dropped 已放弃 (its webhook was
// switched off or removed, or what it told was deleted). A person may queue it again.
#pragma once

#include <optional>

#include "net/client.hpp"
#include "webhooks/event.hpp"

namespace miniops::webhooks {

enum class State { pending, delivered, failed, dropped };
inline constexpr std::array<std::string_view, 4> state_words{"pending", "delivered", "failed", "dropped"};
inline std::span<const std::string_view> words_of(State) { return state_words; }

struct Delivery {
  EventId event{};
  SubscriptionId subscription{};
  std::string kind{};
  TimeMs at = 0;  // of the event
  State state = State::pending;
  std::int64_t attempts = 0;         // of all times
  std::int64_t attempts_before = 0;  // before it was last queued
  TimeMs queued_at = 0;
  TimeMs next_at = 0;      // while pending: when it is tried, or when the claim of who sends it lapses
  TimeMs last_at = 0;      // of the last attempt
  TimeMs finished_at = 0;  // none while it is pending
  // What the last attempt that came to an end brought.
  int status = 0;  // HTTP; 0: there was no answer
  std::string reason{}, detail{};
  std::int64_t duration_ms = 0;
  std::string answer{};
};

// How one attempt went.
struct Outcome {
  bool delivered = false;
  bool gone = false;  // 410: the receiver wants nothing more
  int status = 0;
  std::string reason{};  // a word of docs/errors.md; empty when it was delivered
  std::string detail{};  // for a person
  std::string answer{};  // the first bytes of the body, when they are text
  TimeMs after_ms = 0;   // the receiver asks for so much patience
  std::int64_t duration_ms = 0;
};
inline constexpr std::size_t answer_bytes_kept = 1024;

// Only 2xx has delivered. A redirect is not followed.
Outcome outcome_of(const net::ClientResponse& response);
Outcome outcome_of(const net::ClientFailure& failure);

// How long a delivery is tried, from when it was queued.
inline constexpr TimeMs patience_ms = 24 * hour_ms;
// After the n-th attempt: 5 s, 15 s, 45 s … 2 h, less up to a half of it.
TimeMs backoff_ms(std::int64_t attempts, std::uint64_t random);
// When it is tried after an attempt that failed at `now`; nullopt: its time is over.
std::optional<TimeMs> retry_at(const Delivery& delivery, const Outcome& outcome, TimeMs now, std::uint64_t random);

}  // namespace miniops::webhooks
