// The input's first three bytes are a moment and a duration, the rest is a calendar as JSON: it is refused or survives
// being written, and business time adds up.
#include "calendar/business_time.hpp"
#include "targets/fuzz.hpp"

namespace {

using namespace miniops;

void check_day(const calendar::Calendar& some, calendar::Day day) {
  int end = -1;
  for (const calendar::Span& span : calendar::open_within(some, day)) {
    fuzz::require(end < span.from && span.from < span.to && span.to <= calendar::day_minutes);
    end = span.to;
  }
}

void check_time(const calendar::Calendar& some, TimeMs at, TimeMs ms) {
  fuzz::require(calendar::open_at(some, at) == (calendar::business_between(some, at, at + 1) == 1));
  const auto opens = calendar::next_open(some, at);
  const auto due = calendar::add_business(some, at, ms);
  fuzz::require(opens.has_value() || !due);
  if (opens) fuzz::require(*opens >= at && calendar::open_at(some, *opens));
  if (due) fuzz::require(calendar::business_between(some, at, *due) == ms);
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::Input in(data, size);
  constexpr TimeMs first = 1767225600000;  // 2026-01-01
  const TimeMs at = first + in.choice(256) * 3 * day_ms + in.choice(256) * 5 * minute_ms;
  const TimeMs ms = (1 + in.choice(256)) * 10 * minute_ms;
  const auto value = parse_json(in.rest());
  if (!value) return 0;
  const auto some = calendar::parse_calendar(*value);
  if (!some) {
    fuzz::require(some.error().code == "request.invalid" && !some.error().fields.empty());
    return 0;
  }
  fuzz::require(calendar::parse_calendar(calendar::to_json(*some)) == *some);
  check_day(*some, std::chrono::floor<std::chrono::days>(
                       std::chrono::local_time<std::chrono::milliseconds>(std::chrono::milliseconds(at))));
  check_time(*some, at, ms);
  return 0;
}
