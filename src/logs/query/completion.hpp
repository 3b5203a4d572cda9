// What may stand at the cursor of a query that is being written. In two steps, since values come from elsewhere:
// place_at() says what is asked for, complete() chooses among what is there.
#pragma once

#include "logs/query/query.hpp"

namespace miniops::logs {

// Where the cursor is. `from` and `to`, in characters: what a completion replaces.
struct Place {
  enum class What { nothing, term, value };
  What what = What::nothing;
  std::size_t from = 0, to = 0;
  std::string begun{};      // what stands there already
  bool after_term = false;  // AND and OR may stand here
  std::string field{};      // of a value: as in Query
  bool property = false;
  bool ordered = false;  // the field can be compared, and nothing stands behind it yet
};
Place place_at(std::string_view text, std::size_t cursor);

struct Completion {
  std::string text;
  std::string kind;    // "field" "property" "operator" "value" "keyword"
  std::string detail;  // for a person; "" for values
  bool operator==(const Completion&) const = default;
};

// `properties`: names that are in use; `values`: of the field that the place names, the commonest first.
std::vector<Completion> complete(const Place& place, const std::vector<std::string>& properties,
                                 const std::vector<std::string>& values);

}  // namespace miniops::logs
