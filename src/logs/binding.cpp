#include "logs/binding.hpp"

#include <set>

#include "telemetry/loader.hpp"

namespace miniops::logs {

namespace {

using events::Field;
using events::Predicate;

bool is_hash(std::string_view text) {
  return text.size() == 32 && text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

// As the client named it, or as lines show it.
std::string hash_of(const std::string& id) {
  if (is_hash(id)) return id;
  const events::Id128 hash = telemetry::id128(id);
  return fmt::format("{:016x}{:016x}", hash.high, hash.low);
}

std::vector<std::int64_t> with_aliases(const std::vector<std::int64_t>& numbers, const Aliases& aliases) {
  std::set<std::int64_t> wanted;
  for (const std::int64_t number : numbers)
    wanted.insert(std::in_range<std::int32_t>(number) ? living(static_cast<std::int32_t>(number), aliases) : number);
  std::set<std::int64_t> all = wanted;
  for (const auto& [alias, to] : aliases)
    if (wanted.contains(living(to, aliases))) all.insert(alias);
  return {all.begin(), all.end()};
}

}  // namespace

std::int32_t living(std::int32_t number, const Aliases& aliases) {
  // An alias is of an older one: the way ends.
  for (auto found = aliases.find(number); found != aliases.end() && found->second < number;
       found = aliases.find(number))
    number = found->second;
  return number;
}

bool mentions(const Predicate& predicate, Field field) {
  const bool leaf = predicate.of.empty() && predicate.on == Predicate::On::field && predicate.field == field;
  return leaf || std::ranges::any_of(predicate.of, [&](const Predicate& part) { return mentions(part, field); });
}

Predicate bound(Predicate predicate, const Aliases& aliases) {
  for (Predicate& part : predicate.of) part = bound(std::move(part), aliases);
  if (predicate.on != Predicate::On::field) return predicate;
  const bool is_id = predicate.field == Field::session || predicate.field == Field::page_view;
  if (predicate.op == Predicate::Op::equals && is_id) predicate.text = hash_of(predicate.text);
  if (predicate.op == Predicate::Op::among && predicate.field == Field::log_template)
    predicate.numbers = with_aliases(predicate.numbers, aliases);
  return predicate;
}

}  // namespace miniops::logs
