#include "reports/figure.hpp"

#include <algorithm>

namespace miniops::reports {

namespace {

// At nearest rank: of n, the place_of_rank of the ceil(n × tenths / 10)th.
std::ptrdiff_t place_of_rank(std::size_t n, std::size_t tenths) {
  return static_cast<std::ptrdiff_t>((n * tenths + 9) / 10) - 1;
}

std::optional<double> ratio(std::int64_t part, std::int64_t whole) {
  if (whole == 0) return std::nullopt;
  return static_cast<double>(part) / static_cast<double>(whole);
}

}  // namespace

std::optional<double> Figure::mean() const { return ratio(sum, count); }
std::optional<double> Figure::share() const { return ratio(hits, count); }
std::optional<double> Figure::answer_rate() const { return ratio(count, count + missed); }

void Tally::add(const Sample& sample) {
  switch (sample.state) {
    case State::missed:
      ++figure_.missed;
      return;
    case State::open:
      ++figure_.open;
      return;
    case State::counted:
      break;
  }
  ++figure_.count;
  figure_.sum += sample.value;
  if (is_hit(sample)) ++figure_.hits;
  if (form_of(sample.metric) == Form::duration) values_.push_back(sample.value);
}

void Tally::add(Tally&& other) {
  figure_.count += other.figure_.count;
  figure_.missed += other.figure_.missed;
  figure_.open += other.figure_.open;
  figure_.hits += other.figure_.hits;
  figure_.sum += other.figure_.sum;
  if (values_.empty()) {
    values_ = std::move(other.values_);
  } else {
    values_.insert(values_.end(), other.values_.begin(), other.values_.end());
  }
}

Figure Tally::finish() {
  if (values_.empty()) return figure_;
  const auto median = values_.begin() + place_of_rank(values_.size(), 5);
  const auto p90 = values_.begin() + place_of_rank(values_.size(), 9);
  std::ranges::nth_element(values_, median);
  figure_.median = *median;
  std::ranges::nth_element(median, p90, values_.end());  // what lies before is not larger
  figure_.p90 = *p90;
  return figure_;
}

}  // namespace miniops::reports
