#include "webhooks/delivery.hpp"

#include <charconv>

#include "base/text.hpp"

namespace miniops::webhooks {

namespace {

constexpr TimeMs retry_first_ms = 5 * second_ms;
constexpr TimeMs retry_max_ms = 2 * hour_ms;
constexpr TimeMs retry_after_max_ms = hour_ms;

// Text that both databases take; a character that was cut in two goes.
std::string first_bytes(std::string_view body) {
  std::string_view head = body.substr(0, answer_bytes_kept);
  for (int cut = 0; cut < 3 && head.size() < body.size() && !valid_utf8(head); ++cut) head.remove_suffix(1);
  return valid_utf8(head) ? std::string(head) : std::string("(no text)");
}

// Seconds; a date is not understood and counts as nothing.
TimeMs retry_after(const net::ClientResponse& response) {
  const auto header = response.headers.get("retry-after");
  std::int64_t seconds = 0;
  if (!header) return 0;
  const auto [end, problem] = std::from_chars(header->data(), header->data() + header->size(), seconds);
  if (problem != std::errc() || end != header->data() + header->size() || seconds < 0) return 0;
  return std::min(seconds, retry_after_max_ms / second_ms) * second_ms;
}

std::string_view reason_of(int status) {
  if (status >= 300 && status < 400) return "redirected";
  if (status == 410) return "gone";
  if (status == 429) return "rate_limited";
  return status >= 500 ? "server_error" : "refused";
}

std::string_view reason_of(net::ClientFailure::Kind kind) {
  using enum net::ClientFailure::Kind;
  switch (kind) {
    case not_allowed:
      return "address_not_allowed";
    case tls:
      return "tls";
    case timeout:
      return "timeout";
    case too_large:
      return "answer_too_large";
    case bad_url:
    case dns:
    case connect:
    case write:
    case read:
      break;
  }
  return "network";
}

}  // namespace

Outcome outcome_of(const net::ClientResponse& response) {
  Outcome outcome;
  outcome.status = response.status;
  outcome.answer = first_bytes(response.body);
  outcome.delivered = response.status >= 200 && response.status < 300;
  if (outcome.delivered) return outcome;
  outcome.reason = reason_of(response.status);
  outcome.detail = fmt::format("HTTP {}", response.status);
  outcome.gone = response.status == 410;
  outcome.after_ms = retry_after(response);
  return outcome;
}

Outcome outcome_of(const net::ClientFailure& failure) {
  Outcome outcome;
  outcome.reason = reason_of(failure.kind);
  outcome.detail = valid_utf8(failure.what) ? truncate_chars(failure.what, 300) : std::string();
  return outcome;
}

TimeMs backoff_ms(std::int64_t attempts, std::uint64_t random) {
  TimeMs full = retry_first_ms;
  for (std::int64_t n = 1; n < attempts && full < retry_max_ms; ++n) full *= 3;
  full = std::min(full, retry_max_ms);
  return full - static_cast<TimeMs>(random % static_cast<std::uint64_t>(full / 2 + 1));
}

std::optional<TimeMs> retry_at(const Delivery& delivery, const Outcome& outcome, TimeMs now, std::uint64_t random) {
  const TimeMs wait = backoff_ms(delivery.attempts - delivery.attempts_before, random);
  const TimeMs at = now + std::max(outcome.after_ms, wait);
  return at < delivery.queued_at + patience_ms ? std::optional(at) : std::nullopt;
}

}  // namespace miniops::webhooks
