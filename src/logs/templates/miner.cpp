#include "logs/templates/miner.hpp"

#include <algorithm>
#include <functional>
#include <ranges>
#include <utility>

#include "logs/templates/masker.hpp"
#include "logs/templates/table.hpp"

namespace miniops::logs {

namespace {

using namespace mining;

constexpr std::size_t learned_when_full = 16;  // one of so many

}  // namespace

struct Miner::State {
  explicit State(MinerOptions wanted) : options(wanted) {}

  Mined add(std::string_view line);
  Mined learn();
  Mined merge(Template one, Family family);

  const MinerOptions options;
  const std::string catch_all{any_value};
  Table table;
  std::int32_t last_id = 0;
  std::vector<TemplateAlias> aliases;
  // Of the message at hand; kept to use their memory again.
  std::string message;
  Words words;
};

Mined Miner::State::add(std::string_view line) {
  message.clear();
  mask_values(line, options.bytes_max, message);
  if (message.empty()) return {};
  if (const Template* known = table.find(message)) return {.id = known->id};
  split_words(message, words);
  if (const Template* known = table.find(message, words)) return {.id = known->id};
  if (fold_lists(message, words)) {
    if (const Template* known = table.find(message)) return {.id = known->id};
    if (const Template* known = table.find(message, words)) return {.id = known->id};
  }
  return learn();
}

// The message is of no template. It shows that some are one, or begins its own. A full table learns from few messages:
// what fills it is a flood.
Mined Miner::State::learn() {
  const bool full = table.size() >= options.templates_max;
  if (full && std::hash<std::string_view>{}(message) % learned_when_full != 0) return {};
  Template one{0, message, words};
  if (auto family = table.family_of(one)) return merge(std::move(one), std::move(*family));
  if (full) return {};
  one.id = ++last_id;
  table.insert(std::move(one));
  return {.id = last_id, .created = true};
}

// What came of it may be of another family: names and hosts vary, in a message that has both.
Mined Miner::State::merge(Template one, Family family) {
  for (std::optional<Family> next = std::move(family); next; next = table.family_of(one)) {
    if (one.id != 0) next->members.push_back(one.id);
    const std::int32_t oldest = std::ranges::min(next->members);
    for (const std::int32_t member : next->members) {
      table.erase(member);
      if (member != oldest) aliases.push_back({member, oldest});
    }
    for (const std::uint8_t place : std::views::reverse(next->places))
      one.text.replace(one.words.all[place].at, one.words.all[place].size, any_word);
    one.id = oldest;
    split_words(one.text, one.words);
  }
  const Mined mined{.id = one.id, .changed = true};
  table.insert(std::move(one));
  return mined;
}

Miner::Miner(MinerOptions options) : state_(std::make_unique<State>(options)) {}
Miner::Miner(Miner&&) noexcept = default;
Miner& Miner::operator=(Miner&&) noexcept = default;
Miner::~Miner() = default;

Mined Miner::add(std::string_view line) { return state_->add(line); }

const std::string& Miner::text_of(std::int32_t id) const {
  const Template* one = state_->table.find(id);
  return one ? one->text : state_->catch_all;
}

std::size_t Miner::size() const { return state_->table.size(); }

std::vector<TemplateAlias> Miner::take_aliases() { return std::exchange(state_->aliases, {}); }

void Miner::restore(std::int32_t id, std::string_view template_text) {
  if (id < 1) return;
  state_->last_id = std::max(state_->last_id, id);
  if (template_text.empty() || state_->table.find(id) || state_->table.find(template_text)) return;
  Template one{id, std::string(template_text), {}};
  split_words(one.text, one.words);
  if (one.words.all.size() <= words_max) state_->table.insert(std::move(one));
}

}  // namespace miniops::logs
