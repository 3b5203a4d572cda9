#include "calendar/calendar.hpp"

namespace miniops::calendar {

namespace {

constexpr std::array<Span, 1> round_the_clock{{{0, day_minutes}}};

std::span<const Span> spans_of(const Calendar& calendar, std::chrono::weekday weekday) {
  const bool no_week = std::ranges::all_of(calendar.days, [](const auto& spans) { return spans.empty(); });
  if (no_week) return round_the_clock;
  return calendar.days[weekday.iso_encoding() - 1];
}

// The spans that begin on that date.
std::span<const Span> spans_of(const Calendar& calendar, Day day) {
  const auto special = calendar.special.find(day);
  if (special == calendar.special.end()) return spans_of(calendar, std::chrono::weekday(day));
  if (const auto* own = std::get_if<std::vector<Span>>(&special->second.works)) return *own;
  return spans_of(calendar, std::get<std::chrono::weekday>(special->second.works));
}

std::vector<Span> merged(std::vector<Span> spans) {
  std::ranges::sort(spans, {}, &Span::from);
  std::vector<Span> out;
  for (const Span& span : spans) {
    if (out.empty() || out.back().to < span.from) {
      out.push_back(span);
    } else {
      out.back().to = std::max(out.back().to, span.to);
    }
  }
  return out;
}

}  // namespace

std::vector<Span> open_within(const Calendar& calendar, Day day) {
  std::vector<Span> spans;
  for (const Span& span : spans_of(calendar, day - std::chrono::days(1))) {
    if (span.runs_over_midnight() && span.to > 0) spans.push_back({0, span.to});
  }
  for (const Span& span : spans_of(calendar, day)) {
    spans.push_back({span.from, span.runs_over_midnight() ? day_minutes : span.to});
  }
  return merged(std::move(spans));
}

}  // namespace miniops::calendar
