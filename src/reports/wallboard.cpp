#include "reports/wallboard.hpp"

#include "reports/codec.hpp"

namespace miniops::reports {

ServiceCounter::ServiceCounter(Scope scope, AccountId caller, TimeMs today, TimeMs now)
    : today_(today), hour_ago_(now - hour_ms), now_(now) {
  if (scope.own) filter_.agent = caller;
  filter_.scope = std::move(scope);
}

void ServiceCounter::take(std::string_view bytes) {
  Facts facts;
  while (take_next(bytes, facts)) add(facts);
}

void ServiceCounter::add(const Facts& facts) {
  std::vector<Sample> samples;
  samples_of(facts, now_, samples);
  for (const Sample& sample : samples) {
    if (!filter_.passes(sample)) continue;
    const bool lately = sample.until >= hour_ago_ && sample.until != 0;
    if (sample.metric == Metric::conversations && sample.at >= today_) ++service_.opened_today;
    if (sample.metric == Metric::response && sample.until != 0 && sample.until >= today_) ++service_.answered_today;
    if (sample.metric == Metric::first_answer && lately) first_answer_.add(sample);
    if (sample.metric == Metric::response && lately) response_.add(sample);
    if (sample.metric == Metric::wait && lately) wait_.add(sample);
  }
}

ServiceNow ServiceCounter::finish() {
  service_.first_answer = first_answer_.finish();
  service_.response = response_.finish();
  service_.wait = wait_.finish();
  return service_;
}

}  // namespace miniops::reports
