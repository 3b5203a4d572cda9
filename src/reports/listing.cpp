#include "reports/listing.hpp"

#include <algorithm>

#include "reports/codec.hpp"

namespace miniops::reports {

namespace {

// The largest first.
std::pair<std::int64_t, std::int64_t> place(const Listed& one) { return {one.key, one.id.value()}; }

}  // namespace

Lister::Lister(ListingAsked asked, TimeMs now) : asked_(std::move(asked)), now_(now), time_(asked_.filter.time_zone) {}

void Lister::take(std::string_view bytes) {
  while (take_next(bytes, facts_)) add(facts_);
}

bool Lister::wanted(const Sample& sample) const {
  if (sample.metric != asked_.metric || !asked_.filter.passes(sample)) return false;
  if (asked_.ended_from != 0 && sample.until < asked_.ended_from) return false;
  switch (asked_.part) {
    case Part::all:
      return true;
    case Part::counted:
      return sample.state == State::counted;
    case Part::missed:
      return sample.state == State::missed;
    case Part::open:
      return sample.state == State::open;
    case Part::hits:
      return is_hit(sample);
    case Part::others:
      return sample.state == State::counted && !is_hit(sample);
  }
  return false;
}

void Lister::add(const Facts& facts) {
  if (!asked_.filter.passes(facts, time_)) return;
  samples_of(facts, now_, samples_);
  Listed one{.id = facts.id, .opened_at = facts.opened_at};
  for (const Sample& sample : samples_)
    if (wanted(sample)) one.samples.push_back(sample);
  if (one.samples.empty()) return;
  one.key = asked_.order == Order::newest ? facts.opened_at : std::ranges::max(one.samples, {}, &Sample::value).value;
  if (asked_.after && place(one) >= *asked_.after) return;
  kept_.push_back(std::move(one));
  if (kept_.size() >= 2 * asked_.limit + 64) keep(asked_.limit + 1);
}

void Lister::keep(std::size_t count) {
  if (kept_.size() <= count) return;
  std::ranges::nth_element(kept_, kept_.begin() + static_cast<std::ptrdiff_t>(count), std::ranges::greater{}, place);
  kept_.resize(count);
}

Lister::Found Lister::finish() {
  keep(asked_.limit + 1);
  std::ranges::sort(kept_, std::ranges::greater{}, place);
  Found found;
  found.more = kept_.size() > asked_.limit;
  if (found.more) kept_.resize(asked_.limit);
  found.items = std::exchange(kept_, {});
  return found;
}

}  // namespace miniops::reports
