#include "alerts/past_signals.hpp"

#include <algorithm>

namespace miniops::alerts {

namespace {

bool same(const Selection& a, const Selection& b) {
  const auto same_filter = [](const telemetry::Filter& one, const telemetry::Filter& other) {
    return one.field == other.field && one.any_of == other.any_of && one.negated == other.negated;
  };
  if (a.kind != b.kind || !std::ranges::equal(a.filters, b.filters, same_filter)) return false;
  if (!a.matching || !b.matching) return a.matching == b.matching;
  return *a.matching == *b.matching;
}

// Whether one was fetched for the other: the same figure, cut at the same moments.
bool same(const Question& fetched, const Question& asked) {
  return fetched.statistic == asked.statistic && fetched.step == asked.step && fetched.by == asked.by &&
         (asked.from - fetched.from) % asked.step == 0 && same(*fetched.records, *asked.records);
}

}  // namespace

Task<Result<const PastSignals::Fetched*>> PastSignals::fetched(const Question& question) {
  for (const auto& known : all_)
    if (same(known->question, question)) co_return known.get();
  auto one = std::make_unique<Fetched>();
  one->question = question;
  const TimeMs step = question.step;
  one->question.from = question.from - (question.from - from_) / step * step;
  one->question.to = question.from + (to_ - question.from) / step * step;
  auto samples = co_await live_.ask(one->question);
  if (!samples) co_return std::unexpected(samples.error());
  one->samples = std::move(*samples);
  std::ranges::sort(one->samples, {}, [](const Sample& sample) { return std::tie(sample.at, sample.group); });
  all_.push_back(std::move(one));
  co_return all_.back().get();
}

Task<Result<std::vector<Sample>>> PastSignals::ask(Question question) {
  if (question.from < from_ || question.to > to_ || question.to - question.from < question.step)
    co_return co_await live_.ask(std::move(question));
  const auto found = co_await fetched(question);
  if (!found) co_return std::unexpected(found.error());
  const auto& all = (*found)->samples;
  const auto begin = std::ranges::lower_bound(all, question.from, {}, &Sample::at);
  const auto end = std::ranges::lower_bound(all, question.to, {}, &Sample::at);
  co_return std::vector<Sample>(begin, end);
}

}  // namespace miniops::alerts
