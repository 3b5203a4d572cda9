// A condition on rows as a tree: what a query of logs, a filter of a chart and the rule of an alert have in common.
// Each engine compiles it; `holds` is what they must agree with.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace miniops::events {

// The columns that a question may name.
enum class Field {
  name,
  level,
  person,
  session,
  page_view,
  release,
  build,
  page,
  scene,
  device,
  network,
  region,
  client,
  trace,
  issue,
  log_template
};

struct Predicate {
  enum class Op {
    all,   // of `of`; of none: true
    any,   // of `of`; of none: false
    none,  // of `of`
    // `on` contains `text`, whatever the case. `from_edge`: and no letter, digit or '_' touches it in front (Chinese,
    // Japanese, Korean and emoji touch nothing, and are touched by nothing); `to_edge`: the same behind. A word and a
    // phrase have both.
    contains,
    regex,    // `on` contains a match of `text`, as RE2 reads it; what RE2 does not read matches nothing
    equals,   // `on` is `text` to the letter; for Field::session and page_view 32 hexadecimal digits
    compare,  // `on`, as a number, stands in `relation` to `number`; what is no number never does
    exists,   // `on` is there and not empty
    among,    // `on`, a field that is a number, is one of `numbers`
  };
  // A field that is a number is its digits where a text is asked for; the ids of sessions and page views know equals
  // and exists alone, `value` compare and exists. What an op does not fit is not satisfied.
  enum class On { text, field, value, property };
  enum class Relation { less, at_most, equal, at_least, more };

  Op op = Op::all;
  std::vector<Predicate> of{};
  On on = On::text;
  Field field = Field::name;  // On::field
  std::string property{};     // On::property: the name; "a.b" is the name "a.b", else the name "b" in the object a
  std::string text{};
  bool from_edge = false, to_edge = false;
  Relation relation = Relation::equal;
  double number = 0;
  std::vector<std::int64_t> numbers{};
  bool operator==(const Predicate&) const = default;
};

using Matching = std::shared_ptr<const Predicate>;  // nullptr: every row

// A contains, regex, equals, compare or exists on a text, made ready to look at many. Letters are compared without
// their case as Unicode folds it, but nothing beyond ASCII counts as a letter of ASCII (K, the sign of kelvin, is no
// k). Safe from any thread.
class Matcher {
 public:
  explicit Matcher(const Predicate& leaf);
  Matcher(Matcher&&) noexcept;
  ~Matcher();
  bool operator()(std::string_view text) const { return test_->holds(text); }

  struct Test {
    virtual ~Test() = default;
    virtual bool holds(std::string_view text) const = 0;
  };

 private:
  std::unique_ptr<const Test> test_;
};

// The same for one text: what every engine's answer must be equal to. False for any other op.
bool holds(const Predicate& leaf, std::string_view text);

}  // namespace miniops::events
