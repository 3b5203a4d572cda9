// Random lines, random conditions on them, and what the event store must answer: what the conditions say, row by row.
#pragma once

#include <charconv>
#include <functional>

#include "base/random.hpp"
#include "storage/events/event_store.hpp"
#include "storage/events/json_property.hpp"

namespace miniops::events::testing {

inline constexpr TimeMs noon = 1795237200000;  // 2026-11-21T05:00:00Z
inline constexpr std::int32_t lines = 4;       // the kind
inline const std::string november = "2026-11";

class Lines {
 public:
  explicit Lines(std::uint64_t seed) : random_(seed) {}

  template <class T>
  const T& one_of(const std::vector<T>& choices) {
    return choices[random_.below(choices.size())];
  }
  std::int64_t below(std::int64_t end) {
    return static_cast<std::int64_t>(random_.below(static_cast<std::uint64_t>(end)));
  }

  // Few words and much that may touch them: most conditions hold of some lines, and of some not.
  std::string text(std::int64_t parts_max) {
    static const std::vector<std::string> parts{
        "error", "Error", "ERR", "user_id", "user", "id",   "42", "4",  "_",    "-",  " ",  " ",      " ",      ".",
        "/",     "支付",  "支",  "付",      "失败", "，",   "é",  "É",  "ß",    "я",  "Я",  "\u212a", "\u017f", "s",
        "k",     "K",     "…",   "😀",      "\t",   "\x01", "Ａ", "ａ", "blk_", "７", "\"", "\\",     "٣",      "한국"};
    std::string text;
    for (std::int64_t i = below(parts_max + 1); i > 0; --i) text += one_of(parts);
    return text;
  }

  Row row() {
    Row row;
    row.app = static_cast<std::int32_t>(1 + below(2));
    row.kind = lines;
    row.name = 1;
    row.received = noon;
    row.time = noon - below(60'000);
    row.id = {7, static_cast<std::uint64_t>(below(1'000'000'000))};
    row.level = static_cast<std::int32_t>(below(5));
    row.person = below(3);
    row.release = static_cast<std::int32_t>(below(3));
    row.log_template = static_cast<std::int32_t>(below(4));
    if (below(2) == 0) row.session = session(below(3));
    if (below(2) == 0) row.trace = one_of(traces());
    if (below(2) == 0) row.value = static_cast<double>(below(5));
    row.text = text(8);
    row.properties = properties();
    return row;
  }

  Predicate predicate(int depth = 2) {
    using Op = Predicate::Op;
    if (depth == 0 || below(3) > 0) return leaf();
    Predicate tree{.op = one_of<Op>({Op::all, Op::any, Op::none})};
    for (std::int64_t i = below(4); i > 0; --i) tree.of.push_back(predicate(depth - 1));
    return tree;
  }

  Predicate leaf() {
    using Op = Predicate::Op;
    using On = Predicate::On;
    using Relation = Predicate::Relation;
    Predicate leaf{.op = one_of<Op>({Op::contains, Op::contains, Op::contains, Op::regex, Op::equals, Op::compare,
                                     Op::exists, Op::among})};
    leaf.on = one_of<On>({On::text, On::text, On::text, On::field, On::value, On::property});
    leaf.field = one_of<Field>({Field::level, Field::person, Field::release, Field::session, Field::trace,
                                Field::log_template, Field::page_view});
    leaf.property = one_of<std::string>({"a", "b", "a.b", "a.c", "c.d.e", "n", "支", "x\"y", ""});
    leaf.text = leaf.op == Op::regex ? one_of(regexes()) : text(3);
    if (below(4) == 0) leaf.text = std::to_string(below(4));
    if (leaf.field == Field::trace && below(2) == 0) leaf.text = one_of(traces());
    if (leaf.field == Field::session && below(2) == 0) leaf.text = digits(session(below(4)));
    leaf.from_edge = below(2) == 0;
    leaf.to_edge = below(2) == 0;
    leaf.relation =
        one_of<Relation>({Relation::less, Relation::at_most, Relation::equal, Relation::at_least, Relation::more});
    leaf.number = static_cast<double>(below(5)) - (below(2) == 0 ? 0.5 : 0);
    for (std::int64_t i = below(3); i > 0; --i) leaf.numbers.push_back(below(5));
    return leaf;
  }

  static const std::vector<std::string>& regexes() {
    static const std::vector<std::string> all{"error",
                                              "(?i)error",
                                              "^user",
                                              "id$",
                                              "[0-9]+",
                                              "user_?id",
                                              "(error|失败)",
                                              "支付.*失败",
                                              "k",
                                              "(?i)K",
                                              "[kK]",
                                              "\\bid\\b",
                                              "\\pL{3}",
                                              "e.*r",
                                              "é|É",
                                              "(?i)é",
                                              "(",
                                              "",
                                              "\\x{212a}",
                                              "s{1,2}",
                                              "blk_-?[0-9]*",
                                              "[^ ]+ [^ ]+",
                                              "(?i:ERR)or",
                                              "\\d",
                                              "😀",
                                              "(user|id)_?(id|42)"};
    return all;
  }

  static std::string digits(Id128 id) { return fmt::format("{:016x}{:016x}", id.high, id.low); }

 private:
  static Id128 session(std::int64_t number) { return {0x8000000000000000ULL, static_cast<std::uint64_t>(number) + 1}; }
  static const std::vector<std::string>& traces() {
    static const std::vector<std::string> all{"4bf92f35", "4BF92F35", "trace 2", "追踪"};
    return all;
  }
  std::string properties() {
    static const std::vector<std::string> all{"{}",
                                              "",
                                              R"({"a":1,"b":"error"})",
                                              R"({"a":{"b":"Error 42","c":2.5},"n":null})",
                                              R"({"a.b":"user","a":{"b":"no"}})",
                                              R"({"a":{"b":null,"c":[1,2]},"b":true})",
                                              R"({"c":{"d.e":"支付","d":{"e":"4"}}})",
                                              R"({"c":{"d":{"e":4}}})",
                                              R"({"支":"付","x\"y":"失败","n":""})",
                                              R"({"n":"4","a":"1e0","b":-0.5})",
                                              "no JSON",
                                              R"(["a"])"};
    return one_of(all);
  }

  SeededRandom random_;
};

// ---- what is right ----

class Judge {
 public:
  explicit Judge(const Predicate& predicate) : predicate_(predicate), matches_(predicate) {
    for (const Predicate& part : predicate.of) parts_.emplace_back(part);
  }

  bool operator()(const Row& row) const {
    const auto holds = [&](const Judge& part) { return part(row); };
    switch (predicate_.op) {
      case Predicate::Op::all:
        return std::ranges::all_of(parts_, holds);
      case Predicate::Op::any:
        return std::ranges::any_of(parts_, holds);
      case Predicate::Op::none:
        return std::ranges::none_of(parts_, holds);
      default:
        break;
    }
    switch (predicate_.on) {
      case Predicate::On::text:
        return matches_(row.text);
      case Predicate::On::field:
        return of_field(row);
      case Predicate::On::value:
        if (predicate_.op == Predicate::Op::exists) return row.value.has_value();
        return predicate_.op == Predicate::Op::compare && row.value && matches_(fmt::format("{}", *row.value));
      case Predicate::On::property: {
        PropertyReader reader;
        const auto text = reader.read(row.properties, predicate_.property);
        return text && matches_(*text);
      }
    }
    std::unreachable();
  }

 private:
  bool of_field(const Row& row) const {
    switch (predicate_.field) {
      case Field::level:
        return of_number(row.level);
      case Field::person:
        return of_number(row.person);
      case Field::release:
        return of_number(row.release);
      case Field::log_template:
        return of_number(row.log_template);
      case Field::session:
        return of_id(row.session);
      case Field::page_view:
        return of_id(row.page_view);
      case Field::trace:
        return !row.trace.empty() && matches_(row.trace);
      default:
        throw std::logic_error("a field that no test asks for");
    }
  }

  bool of_number(std::int64_t number) const {
    switch (predicate_.op) {
      case Predicate::Op::among:
        return std::ranges::find(predicate_.numbers, number) != predicate_.numbers.end();
      case Predicate::Op::exists:
        return number != 0;
      case Predicate::Op::equals: {
        const std::string& text = predicate_.text;
        std::int64_t wanted = 0;
        const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), wanted);
        return problem == std::errc{} && end == text.data() + text.size() && wanted == number;
      }
      default:
        return matches_(std::to_string(number));
    }
  }

  bool of_id(Id128 id) const {
    if (predicate_.op == Predicate::Op::exists) return !id.empty();
    return predicate_.op == Predicate::Op::equals && !id.empty() && parse_id128(predicate_.text) == id;
  }

  Predicate predicate_;
  Matcher matches_;
  std::vector<Judge> parts_;
};

inline std::string shown(const Predicate& predicate) {
  std::string parts;
  for (const Predicate& part : predicate.of) parts += " " + shown(part);
  return fmt::format("[op {} on {} field {} property '{}' text '{}' edges {}{} relation {} number {} numbers {}{}]",
                     static_cast<int>(predicate.op), static_cast<int>(predicate.on), static_cast<int>(predicate.field),
                     predicate.property, predicate.text, predicate.from_edge, predicate.to_edge,
                     static_cast<int>(predicate.relation), predicate.number, predicate.numbers.size(), parts);
}

}  // namespace miniops::events::testing
