#include "logs/templates/table.hpp"

#include <algorithm>
#include <set>

#include "logs/templates/evidence.hpp"
#include "logs/templates/masker.hpp"
#include "logs/templates/vocabulary.hpp"

namespace miniops::logs::mining {

namespace {

constexpr std::size_t differences_max = 2;
constexpr std::size_t alike_for_two = 4;     // plain words that must be alike when two places differ
constexpr std::size_t neighbours_max = 256;  // these two bound the time for a new message
constexpr std::size_t tries_max = 16;

Places open_places(const Template& one) {
  Places places;
  for (std::size_t i = 0; i < one.words.all.size(); ++i)
    if (one.words.text(one.text, i) == any_word) places.push_back(static_cast<std::uint8_t>(i));
  return places;
}

std::uint64_t key_without(const Words& words, const Places& places) {
  std::uint64_t key = words.shape;
  auto open = places.begin();
  for (std::size_t i = 0; i < words.all.size(); ++i) {
    const bool any = open != places.end() && *open == i;
    if (any) ++open;
    key = mixed(key ^ (any ? 1 : words.all[i].hash));
  }
  return key;
}

std::size_t plain_words_without(const Template& one, const Places& places) {
  std::size_t count = 0;
  for (std::size_t i = 0; i < one.words.all.size(); ++i)
    if (!std::ranges::binary_search(places, i) && is_plain(one.words.text(one.text, i))) ++count;
  return count;
}

bool has_truth_value(std::string_view message, const Words& words, const Places& places) {
  return std::ranges::any_of(places, [&](std::uint8_t i) { return is_truth_value(words.text(message, i)); });
}

// Whether the words that these have at `place` are together worth a parameter.
bool varies(const Template& one, const std::vector<const Template*>& others, std::size_t place, std::size_t alike) {
  int missing = worth_needed(alike, place == 0);
  std::set<std::string_view> seen;
  const auto count = [&](const Template& next) {
    const std::string_view word = next.words.text(next.text, place);
    if (seen.insert(word).second) missing -= worth_of(word);
  };
  count(one);
  for (std::size_t i = 0; i < others.size() && missing > 0; ++i) count(*others[i]);
  return missing <= 0;
}

}  // namespace

const Template* Table::find(std::int32_t id) const {
  const auto found = templates_.find(id);
  return found == templates_.end() ? nullptr : &found->second;
}

const Template* Table::find(std::string_view text) const {
  const auto found = by_text_.find(text);
  return found == by_text_.end() ? nullptr : find(found->second);
}

const Template* Table::find(std::string_view message, const Words& words) const {
  const auto shape = shapes_.find(words.shape);
  if (shape == shapes_.end()) return nullptr;
  for (const Places& places : shape->second.open) {
    const auto found = by_open_words_.find(key_without(words, places));
    if (found != by_open_words_.end() && !has_truth_value(message, words, places)) return find(found->second);
  }
  return nullptr;
}

void Table::insert(Template one) {
  by_text_.emplace(one.text, one.id);
  Shape& shape = shapes_[one.words.shape];
  const auto row = std::ranges::lower_bound(shape.ids, one.id) - shape.ids.begin();
  const auto width = static_cast<std::ptrdiff_t>(one.words.all.size());
  shape.ids.insert(shape.ids.begin() + row, one.id);
  std::vector<std::uint64_t> hashes;
  for (const Word& word : one.words.all) hashes.push_back(word.hash);
  shape.hashes.insert(shape.hashes.begin() + row * width, hashes.begin(), hashes.end());
  if (Places places = open_places(one); !places.empty()) {
    by_open_words_.emplace(key_without(one.words, places), one.id);
    const auto at = std::ranges::lower_bound(shape.open, places);
    if (at == shape.open.end() || *at != places) shape.open.insert(at, std::move(places));
  }
  templates_.insert_or_assign(one.id, std::move(one));
}

void Table::erase(std::int32_t id) {
  const auto found = templates_.find(id);
  if (found == templates_.end()) return;
  const Template& one = found->second;
  by_text_.erase(one.text);
  if (const Places places = open_places(one); !places.empty()) by_open_words_.erase(key_without(one.words, places));
  Shape& shape = shapes_[one.words.shape];
  const auto row = std::ranges::lower_bound(shape.ids, id) - shape.ids.begin();
  const auto width = static_cast<std::ptrdiff_t>(one.words.all.size());
  shape.ids.erase(shape.ids.begin() + row);
  shape.hashes.erase(shape.hashes.begin() + row * width, shape.hashes.begin() + (row + 1) * width);
  if (shape.ids.empty()) shapes_.erase(one.words.shape);
  templates_.erase(found);
}

std::vector<Table::Neighbour> Table::neighbours_of(const Template& one, const Shape& shape) const {
  std::vector<Neighbour> all;
  const std::size_t width = one.words.all.size();
  const std::size_t limit = plain_words_without(one, {}) < alike_for_two ? 1 : differences_max;
  Places places;
  for (std::size_t row = 0; row < shape.ids.size() && all.size() < neighbours_max; ++row) {
    places.clear();
    for (std::size_t i = 0; i < width && places.size() <= limit; ++i)
      if (shape.hashes[row * width + i] != one.words.all[i].hash) places.push_back(static_cast<std::uint8_t>(i));
    if (places.size() > limit) continue;
    const Template& other = templates_.at(shape.ids[row]);
    if (has_truth_value(one.text, one.words, places) || has_truth_value(other.text, other.words, places)) continue;
    all.push_back({&other, places});
  }
  return all;
}

std::optional<Family> Table::family_of(const Template& one) const {
  const auto shape = shapes_.find(one.words.shape);
  if (shape == shapes_.end()) return std::nullopt;
  const std::vector<Neighbour> neighbours = neighbours_of(one, shape->second);
  const auto fewer_first = [](const Places& a, const Places& b) {
    return std::pair(a.size(), a) < std::pair(b.size(), b);
  };
  std::set<Places, decltype(fewer_first)> tries;
  for (const Neighbour& neighbour : neighbours) tries.insert(neighbour.places);
  std::size_t tried = 0;
  for (const Places& places : tries) {
    if (++tried > tries_max) break;
    const std::size_t alike = plain_words_without(one, places);
    if (places.size() > 1 && alike < alike_for_two) continue;
    std::vector<const Template*> others;
    for (const Neighbour& neighbour : neighbours)
      if (std::ranges::includes(places, neighbour.places)) others.push_back(neighbour.one);
    if (!std::ranges::all_of(places, [&](std::size_t place) { return varies(one, others, place, alike); })) continue;
    Family family{{}, places};
    for (const Template* other : others) family.members.push_back(other->id);
    return family;
  }
  return std::nullopt;
}

}  // namespace miniops::logs::mining
