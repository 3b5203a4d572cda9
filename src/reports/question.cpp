#include "reports/question.hpp"

#include <algorithm>

#include "reports/codec.hpp"

namespace miniops::reports {

namespace {

constexpr std::int64_t others_number = -1;
// What is held while counting, so that no phone's inventions fill the memory.
constexpr std::size_t sources_seen_max = 10'000;
constexpr std::size_t cells_max = 20'000;

}  // namespace

bool Filter::passes(const Sample& sample) const {
  if (!agent.empty() && sample.agent != agent) return false;
  if (!group.empty() && sample.group != group) return false;
  if (scope.own && sample.metric == Metric::satisfaction) return false;
  return !scope.groups || scope.groups->contains(sample.group);
}

Counter::Counter(Filter filter, Interval interval, By by, TimeMs now)
    : filter_(std::move(filter)), interval_(interval), by_(by), now_(now), time_(filter_.time_zone) {}

std::size_t Counter::HashKey::operator()(const Key& key) const noexcept {
  return std::hash<std::int64_t>{}(key.slot) * 31 + std::hash<std::int64_t>{}(key.number);
}

void Counter::take(std::string_view bytes) {
  while (!too_many_ && take_next(bytes, facts_)) {
    add(facts_);
    too_many_ = cells_.size() > cells_max;
  }
}

void Counter::add(const Facts& facts) {
  if (facts.opened_at < filter_.from || facts.opened_at >= filter_.to) return;
  if (filter_.source && facts.source != *filter_.source) return;
  if (filter_.hour && time_.hour(facts.opened_at) != *filter_.hour) return;
  Key key{time_.begin(interval_, facts.opened_at), number_of(facts)};
  samples_of(facts, now_, samples_);
  for (const Sample& sample : samples_) {
    if (!filter_.passes(sample)) continue;
    if (by_ == By::agent) key.number = sample.agent.value();
    if (by_ == By::group) key.number = sample.group.value();
    cell(key)[static_cast<std::size_t>(sample.metric)].add(sample);
  }
}

std::int64_t Counter::number_of(const Facts& facts) {
  if (by_ == By::hour) return time_.hour(facts.opened_at);
  if (by_ != By::source) return 0;
  if (const auto known = sources_.find(facts.source); known != sources_.end()) return known->second;
  if (source_names_.size() == sources_seen_max) return others_number;
  source_names_.push_back(facts.source);
  return sources_[facts.source] = static_cast<std::int64_t>(source_names_.size()) - 1;
}

Counter::Cell& Counter::cell(const Key& key) {
  if (last_ == nullptr || key != last_key_) {
    last_ = &cells_[key];
    last_key_ = key;
  }
  return *last_;
}

// Phones say what they like: the commonest are told apart.
void Counter::fold_sources() {
  if (source_names_.size() <= sources_max) return;
  std::vector<std::int64_t> counts(source_names_.size()), order(source_names_.size());
  for (const auto& [key, cell] : cells_)
    if (key.number != others_number) counts[static_cast<std::size_t>(key.number)] += cell[0].counts().count;
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = static_cast<std::int64_t>(i);
  std::ranges::sort(order, {},
                    [&](std::int64_t number) { return std::pair(-counts[static_cast<std::size_t>(number)], number); });
  const std::set<std::int64_t> shown(order.begin(), order.begin() + sources_max);
  std::unordered_map<Key, Cell, HashKey> folded;
  for (auto& [key, cell] : cells_) {
    Cell& into = folded[{key.slot, shown.contains(key.number) ? key.number : others_number}];
    for (std::size_t i = 0; i < metrics; ++i) into[i].add(std::move(cell[i]));
  }
  cells_ = std::move(folded);
}

Row Counter::row_of(const Key& key, const Figures& figures) {
  Row row{.number = key.number, .figures = figures};
  if (interval_ != Interval::none) {
    row.from = std::max(key.slot, filter_.from);
    row.to = std::min(time_.end(interval_, key.slot), filter_.to);
  }
  if (by_ == By::source) {
    row.others = key.number == others_number;
    row.number = 0;
    if (!row.others) row.source = source_names_[static_cast<std::size_t>(key.number)];
  }
  return row;
}

std::optional<Answer> Counter::finish() {
  if (too_many_) return std::nullopt;
  fold_sources();
  if (cells_.size() > rows_max) return std::nullopt;
  Answer answer;
  Cell total;
  for (auto& [key, cell] : cells_) {
    Figures figures;
    for (std::size_t i = 0; i < metrics; ++i) figures[i] = cell[i].finish();
    if (interval_ != Interval::none || by_ != By::none) answer.rows.push_back(row_of(key, figures));
    for (std::size_t i = 0; i < metrics; ++i) total[i].add(std::move(cell[i]));
  }
  for (std::size_t i = 0; i < metrics; ++i) answer.totals[i] = total[i].finish();
  std::ranges::sort(answer.rows, {}, [this](const Row& row) {
    const std::int64_t often = by_ == By::source ? -row.figures[0].count : 0;
    return std::tuple(row.from, row.others, often, row.number, row.source);
  });
  last_ = nullptr;
  cells_.clear();
  return answer;
}

}  // namespace miniops::reports
