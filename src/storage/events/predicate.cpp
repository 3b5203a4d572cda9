#include "storage/events/predicate.hpp"

#include <re2/re2.h>

#include <charconv>
#include <cmath>
#include <mutex>
#include <optional>

#include "storage/events/caseless.hpp"
#include "storage/events/regex_literal.hpp"

namespace miniops::events {

namespace {

using Test = Matcher::Test;

// Letters and digits beyond ASCII: asked for seldom, and 0.3 ms to compile.
class Letters {
 public:
  bool contain(std::string_view character) const {
    std::call_once(once_, [this] { class_.emplace("[\\pL\\p{Nd}]", RE2::Quiet); });
    return RE2::FullMatch(re2::StringPiece(character.data(), character.size()), *class_);
  }

 private:
  mutable std::once_flag once_;
  mutable std::optional<RE2> class_;
};

class Edges {
 public:
  explicit Edges(const Predicate& leaf)
      : in_front_(leaf.from_edge && !is_unspaced(character_at(leaf.text, 0).point)),
        behind_(leaf.to_edge && !is_unspaced(character_before(leaf.text, leaf.text.size()).point)) {}

  bool free(std::string_view text, std::size_t begin, std::size_t end) const {
    if (in_front_ && begin > 0) {
      const Character before = character_before(text, begin);
      if (touches(before, text.substr(begin - before.bytes, before.bytes))) return false;
    }
    if (!behind_ || end == text.size()) return true;
    const Character after = character_at(text, end);
    return !touches(after, text.substr(end, after.bytes));
  }

 private:
  bool touches(const Character& neighbour, std::string_view bytes) const {
    if (neighbour.bytes == 1) return is_word_byte(bytes.front());
    return !is_unspaced(neighbour.point) && letters_.contain(bytes);
  }

  const bool in_front_, behind_;
  Letters letters_;
};

class Contains final : public Test {
 public:
  explicit Contains(const Predicate& leaf) : wanted_(leaf.text), edges_(leaf) {}
  bool holds(std::string_view text) const override {
    for (auto at = wanted_.find(text); at != std::string_view::npos; at = wanted_.find(text, at + 1))
      if (edges_.free(text, at, at + wanted_.size())) return true;
    return false;
  }

 private:
  const CaselessText wanted_;
  const Edges edges_;
};

// Of letters beyond ASCII RE2 knows the cases. Those that it takes for letters of ASCII stand for themselves.
std::string regex_of_any_case(std::string_view wanted) {
  constexpr char32_t kelvin = 0x212a, long_s = 0x17f;
  std::string regex;
  for (std::size_t at = 0; at < wanted.size();) {
    const Character next = character_at(wanted, at);
    const std::string_view bytes = wanted.substr(at, next.bytes);
    at += next.bytes;
    const std::string quoted = RE2::QuoteMeta(re2::StringPiece(bytes.data(), bytes.size()));
    if (next.point < 0x80 && lower_byte(bytes.front()) >= 'a' && lower_byte(bytes.front()) <= 'z') {
      const char lower = lower_byte(bytes.front());
      regex.append({'[', lower, static_cast<char>(lower & ~0x20), ']'});
    } else if (next.point < 0x80 || next.point == kelvin || next.point == long_s) {
      regex += quoted;
    } else {
      regex += "(?i:" + quoted + ")";
    }
  }
  return regex;
}

class ContainsForeign final : public Test {
 public:
  explicit ContainsForeign(const Predicate& leaf) : wanted_(regex_of_any_case(leaf.text), RE2::Quiet), edges_(leaf) {}
  bool holds(std::string_view text) const override {
    if (!wanted_.ok()) return false;
    const re2::StringPiece whole(text.data(), text.size());
    re2::StringPiece found;
    for (std::size_t from = 0; wanted_.Match(whole, from, whole.size(), RE2::UNANCHORED, &found, 1);) {
      const auto at = static_cast<std::size_t>(found.data() - text.data());
      if (edges_.free(text, at, at + found.size())) return true;
      from = at + character_at(text, at).bytes;
    }
    return false;
  }

 private:
  const RE2 wanted_;
  const Edges edges_;
};

// One of them must be there before an expression is worth asking; none: always.
std::vector<CaselessText> heralds_of(const std::string& regex) {
  constexpr std::size_t heralds_max = 4;
  const RegexLiterals literals = literals_of(regex);
  const auto longest = std::ranges::max_element(literals.all, {}, &std::string::size);
  if (longest != literals.all.end()) return {CaselessText(*longest)};
  if (literals.any.size() > heralds_max) return {};
  return {literals.any.begin(), literals.any.end()};
}

class Matches final : public Test {
 public:
  explicit Matches(const Predicate& leaf) : regex_(leaf.text, RE2::Quiet), heralds_(heralds_of(leaf.text)) {}
  bool holds(std::string_view text) const override {
    const auto is_there = [&](const CaselessText& herald) { return herald.find(text) != std::string_view::npos; };
    if (!regex_.ok() || (!heralds_.empty() && std::ranges::none_of(heralds_, is_there))) return false;
    return RE2::PartialMatch(re2::StringPiece(text.data(), text.size()), regex_);
  }

 private:
  const RE2 regex_;
  const std::vector<CaselessText> heralds_;
};

class Equals final : public Test {
 public:
  explicit Equals(const Predicate& leaf) : wanted_(leaf.text) {}
  bool holds(std::string_view text) const override { return text == wanted_; }

 private:
  const std::string wanted_;
};

std::optional<double> number_of(std::string_view text) {
  double number = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (problem != std::errc{} || end != text.data() + text.size() || !std::isfinite(number)) return std::nullopt;
  return number;
}

class Compares final : public Test {
 public:
  explicit Compares(const Predicate& leaf) : relation_(leaf.relation), wanted_(leaf.number) {}
  bool holds(std::string_view text) const override {
    const auto number = number_of(text);
    if (!number) return false;
    switch (relation_) {
      case Predicate::Relation::less:
        return *number < wanted_;
      case Predicate::Relation::at_most:
        return *number <= wanted_;
      case Predicate::Relation::equal:
        return *number == wanted_;
      case Predicate::Relation::at_least:
        return *number >= wanted_;
      case Predicate::Relation::more:
        return *number > wanted_;
    }
    std::unreachable();
  }

 private:
  const Predicate::Relation relation_;
  const double wanted_;
};

class Exists final : public Test {
 public:
  bool holds(std::string_view text) const override { return !text.empty(); }
};

class Constant final : public Test {
 public:
  explicit Constant(bool answer) : answer_(answer) {}
  bool holds(std::string_view) const override { return answer_; }

 private:
  const bool answer_;
};

std::unique_ptr<const Test> test_of(const Predicate& leaf) {
  switch (leaf.op) {
    case Predicate::Op::contains:
      if (leaf.text.empty()) return std::make_unique<Constant>(true);
      if (!CaselessText::suits(leaf.text)) return std::make_unique<ContainsForeign>(leaf);
      return std::make_unique<Contains>(leaf);
    case Predicate::Op::regex:
      return std::make_unique<Matches>(leaf);
    case Predicate::Op::equals:
      return std::make_unique<Equals>(leaf);
    case Predicate::Op::compare:
      return std::make_unique<Compares>(leaf);
    case Predicate::Op::exists:
      return std::make_unique<Exists>();
    default:
      return std::make_unique<Constant>(false);
  }
}

}  // namespace

Matcher::Matcher(const Predicate& leaf) : test_(test_of(leaf)) {}
Matcher::Matcher(Matcher&&) noexcept = default;
Matcher::~Matcher() = default;

bool holds(const Predicate& leaf, std::string_view text) { return Matcher(leaf)(text); }

}  // namespace miniops::events
