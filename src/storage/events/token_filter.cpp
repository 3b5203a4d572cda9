#include "storage/events/token_filter.hpp"

#include <algorithm>
#include <charconv>

#include "storage/events/regex_literal.hpp"

namespace miniops::events {

namespace {

constexpr std::size_t bits_of_token = 16;
constexpr int probes = 8;                      // of 16 bits a token 1 in 1,700 others is taken for one of them
constexpr std::size_t alternatives_max = 200;  // beyond, most blocks are asked for anyway

Token number_token(char kind, std::uint64_t high, std::uint64_t low = 0) {
  TokenHash hash(kind);
  for (const std::uint64_t part : {high, low})
    for (int shift = 0; shift < 64; shift += 8) hash.add(static_cast<char>(part >> shift & 0xff));
  return hash.token();
}

Token app_token(std::int32_t app) { return number_token('a', static_cast<std::uint32_t>(app)); }
Token session_token(Id128 session) { return number_token('s', session.high, session.low); }
Token template_token(std::int64_t log_template) { return number_token('t', static_cast<std::uint64_t>(log_template)); }

// Calls use(bit) until it says no; whether it never did.
template <class Use>
bool all_bits(Token token, std::size_t bits, Use use) {
  const auto first = static_cast<std::uint32_t>(token);
  const auto step = static_cast<std::uint32_t>(token >> 29) | 1U;
  for (std::uint32_t i = 0; i < probes; ++i)
    if (!use(std::uint64_t{first + i * step} * bits >> 32)) return false;
  return true;
}

Demand token_demand(Token token) { return {Demand::Of::token, token, {}}; }

Demand all_of(std::vector<Demand> parts) {
  std::erase_if(parts, [](const Demand& part) { return part.of == Demand::Of::nothing; });
  if (parts.empty()) return {};
  return {Demand::Of::all, 0, std::move(parts)};
}

// Of no alternative nothing is known, either: such a condition never holds, which is for others to find out.
Demand any_of(std::vector<Demand> parts) {
  const bool open = std::ranges::any_of(parts, [](const Demand& part) { return part.of == Demand::Of::nothing; });
  if (open || parts.empty() || parts.size() > alternatives_max) return {};
  return {Demand::Of::any, 0, std::move(parts)};
}

// The tokens of a text that is part of another: a word at its end may go on there, unless something forbids it.
Demand demand_of_part(std::string_view part, bool from_edge, bool to_edge) {
  std::vector<Demand> tokens;
  for_each_token(part, [&](Token token, std::size_t begin, std::size_t end) {
    const bool word = is_word_byte(part[begin]);
    if (word && ((begin == 0 && !from_edge) || (end == part.size() && !to_edge))) return;
    tokens.push_back(token_demand(token));
  });
  return all_of(std::move(tokens));
}

Demand demand_of_regex(const std::string& regex) {
  const RegexLiterals literals = literals_of(regex);
  std::vector<Demand> all, any;
  for (const std::string& literal : literals.all) all.push_back(demand_of_part(literal, false, false));
  for (const std::string& literal : literals.any) any.push_back(demand_of_part(literal, false, false));
  all.push_back(any_of(std::move(any)));
  return all_of(std::move(all));
}

Demand demand_of_field(Field field, const std::variant<std::int64_t, std::string>& value) {
  const auto* number = std::get_if<std::int64_t>(&value);
  const auto* text = std::get_if<std::string>(&value);
  if (field == Field::log_template && number != nullptr && *number != 0) return token_demand(template_token(*number));
  if (field == Field::trace && text != nullptr && !text->empty()) return token_demand(trace_token(*text));
  if (field == Field::session && text != nullptr)
    if (const auto id = parse_id128(*text); id && !id->empty()) return token_demand(session_token(*id));
  return {};
}

Demand demand_of(const Condition& condition) {
  if (condition.negated) return {};
  std::vector<Demand> values;
  for (const auto& value : condition.any_of) values.push_back(demand_of_field(condition.field, value));
  return any_of(std::move(values));
}

Demand demand_of_leaf(const Predicate& leaf) {
  using Op = Predicate::Op;
  if (leaf.on == Predicate::On::text && leaf.op == Op::contains)
    return demand_of_part(leaf.text, leaf.from_edge, leaf.to_edge);
  if (leaf.on == Predicate::On::text && leaf.op == Op::regex) return demand_of_regex(leaf.text);
  if (leaf.on == Predicate::On::text && leaf.op == Op::equals) return demand_of_part(leaf.text, true, true);
  if (leaf.on != Predicate::On::field) return {};
  if (leaf.op == Op::equals) return demand_of_field(leaf.field, leaf.text);
  if (leaf.op != Op::among) return {};
  std::vector<Demand> values;
  for (const std::int64_t number : leaf.numbers) values.push_back(demand_of_field(leaf.field, number));
  return any_of(std::move(values));
}

Demand demand_of(const Predicate& predicate) {
  std::vector<Demand> parts;
  const auto collect = [&] {
    for (const Predicate& part : predicate.of) parts.push_back(demand_of(part));
  };
  switch (predicate.op) {
    case Predicate::Op::all:
      collect();
      return all_of(std::move(parts));
    case Predicate::Op::any:
      collect();
      return any_of(std::move(parts));
    case Predicate::Op::none:
      return {};
    default:
      return demand_of_leaf(predicate);
  }
}

}  // namespace

Token trace_token(std::string_view trace) {
  TokenHash hash('r');
  hash.add(trace);
  return hash.token();
}

Demand demand_of(const Scope& scope) {
  std::vector<Demand> parts{token_demand(app_token(scope.app)), demand_of_part(scope.text_contains, false, false)};
  for (const Condition& condition : scope.where) parts.push_back(demand_of(condition));
  if (scope.matching) parts.push_back(demand_of(*scope.matching));
  return all_of(std::move(parts));
}

// ---- filters ----

void add_tokens(const Row& row, TokenSet& to) {
  to.add(app_token(row.app));
  if (!row.session.empty()) to.add(session_token(row.session));
  if (!row.trace.empty()) to.add(trace_token(row.trace));
  if (row.log_template != 0) to.add(template_token(row.log_template));
  for_each_token(row.text, [&](Token token, std::size_t, std::size_t) { to.add(token); });
}

std::size_t slice_of(Token token) { return token >> 61; }

bool may_hold(std::string_view slice, Token token) {
  return !slice.empty() && all_bits(token, slice.size() * 8, [&](std::uint64_t bit) {
    return (static_cast<unsigned char>(slice[bit / 8]) >> (bit % 8) & 1) != 0;
  });
}

void TokenSet::clear() {
  std::ranges::fill(places_, 0);
  size_ = 0;
}

void TokenSet::add(Token token) {
  const std::size_t mask = places_.size() - 1;
  std::size_t place = token & mask;
  while (places_[place] != 0) {
    if (places_[place] == token) return;
    place = (place + 1) & mask;
  }
  places_[place] = token;
  if (++size_ * 2 > places_.size()) grow();
}

void TokenSet::grow() {
  const std::vector<Token> before = std::exchange(places_, std::vector<Token>(places_.size() * 2));
  size_ = 0;
  for (const Token token : before)
    if (token != 0) add(token);
}

std::array<std::string, filter_slices> TokenSet::filter() const {
  std::array<std::size_t, filter_slices> counts{};
  for (const Token token : places_)
    if (token != 0) ++counts[slice_of(token)];
  std::array<std::string, filter_slices> slices;
  for (std::size_t i = 0; i < filter_slices; ++i) slices[i].resize(counts[i] * bits_of_token / 8);
  for (const Token token : places_) {
    if (token == 0) continue;
    std::string& slice = slices[slice_of(token)];
    all_bits(token, slice.size() * 8, [&](std::uint64_t bit) {
      slice[bit / 8] = static_cast<char>(static_cast<unsigned char>(slice[bit / 8]) | 1U << (bit % 8));
      return true;
    });
  }
  return slices;
}

}  // namespace miniops::events
