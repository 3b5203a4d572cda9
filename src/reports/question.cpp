#include "reports/question.hpp"

#include <algorithm>

#include "reports/codec.hpp"

namespace miniops::reports {

namespace {

constexpr std::int64_t others_number = -1;
// What is held while counting, so that no phone's inventions fill the memory.
constexpr std::size_t texts_seen_max = 10'000;
constexpr std::size_t cells_max = 20'000;

}  // namespace

bool Filter::passes(const Facts& facts, LocalTime& time) const {
  if (facts.opened_at < from || facts.opened_at >= to) return false;
  if (source && facts.source != *source) return false;
  if (reason && facts.reason != *reason) return false;
  if (tag && tag->empty() != facts.tags.empty()) return false;
  if (tag && !tag->empty() && std::ranges::find(facts.tags, *tag) == facts.tags.end()) return false;
  return !hour || time.hour(facts.opened_at) == *hour;
}

bool Filter::passes(const Sample& sample) const {
  if (agent && sample.agent != *agent) return false;
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
  if (!filter_.passes(facts, time_)) return;
  samples_of(facts, now_, samples_);
  const TimeMs slot = time_.begin(interval_, facts.opened_at);
  if (by_ != By::tag || facts.tags.empty()) return count({slot, number_of(facts)}, true);
  for (const std::string& tag : facts.tags) count({slot, number_of(tag)}, &tag == &facts.tags.front());
}

void Counter::count(Key key, bool in_total) {
  for (const Sample& sample : samples_) {
    if (!filter_.passes(sample)) continue;
    if (by_ == By::agent) key.number = sample.agent.value();
    if (by_ == By::group) key.number = sample.group.value();
    cell(key)[static_cast<std::size_t>(sample.metric)].add(sample);
    if (by_ == By::tag && in_total) total_[static_cast<std::size_t>(sample.metric)].add(sample);
  }
}

std::int64_t Counter::number_of(const Facts& facts) {
  if (by_ == By::hour) return time_.hour(facts.opened_at);
  if (by_ == By::reason) return facts.reason.value();
  if (by_ == By::source) return number_of(facts.source);
  return by_ == By::tag && facts.tags.empty() ? number_of(std::string()) : 0;
}

std::int64_t Counter::number_of(const std::string& text) {
  if (const auto known = texts_.find(text); known != texts_.end()) return known->second;
  if (text_names_.size() == texts_seen_max) return others_number;
  text_names_.push_back(text);
  return texts_[text] = static_cast<std::int64_t>(text_names_.size()) - 1;
}

Counter::Cell& Counter::cell(const Key& key) {
  if (last_ == nullptr || key != last_key_) {
    last_ = &cells_[key];
    last_key_ = key;
  }
  return *last_;
}

// Phones say what they like: the commonest are told apart.
void Counter::fold_texts() {
  if (text_names_.size() <= texts_max) return;
  std::vector<std::int64_t> counts(text_names_.size()), order(text_names_.size());
  for (const auto& [key, cell] : cells_)
    if (key.number != others_number) counts[static_cast<std::size_t>(key.number)] += cell[0].counts().count;
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = static_cast<std::int64_t>(i);
  std::ranges::sort(order, {},
                    [&](std::int64_t number) { return std::pair(-counts[static_cast<std::size_t>(number)], number); });
  const std::set<std::int64_t> shown(order.begin(), order.begin() + texts_max);
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
  if (by_text()) {
    row.others = key.number == others_number;
    row.number = 0;
    if (!row.others) row.text = text_names_[static_cast<std::size_t>(key.number)];
  }
  return row;
}

std::optional<Answer> Counter::finish() {
  if (too_many_) return std::nullopt;
  fold_texts();
  if (cells_.size() > rows_max) return std::nullopt;
  Answer answer;
  Cell total = std::move(total_);
  for (auto& [key, cell] : cells_) {
    Figures figures;
    for (std::size_t i = 0; i < metrics; ++i) figures[i] = cell[i].finish();
    if (interval_ != Interval::none || by_ != By::none) answer.rows.push_back(row_of(key, figures));
    for (std::size_t i = 0; i < metrics && by_ != By::tag; ++i) total[i].add(std::move(cell[i]));
  }
  for (std::size_t i = 0; i < metrics; ++i) answer.totals[i] = total[i].finish();
  std::ranges::sort(answer.rows, {}, [this](const Row& row) {
    const std::int64_t often = by_text() ? -row.figures[0].count : 0;
    return std::tuple(row.from, row.others, often, row.number, row.text);
  });
  last_ = nullptr;
  cells_.clear();
  return answer;
}

}  // namespace miniops::reports
