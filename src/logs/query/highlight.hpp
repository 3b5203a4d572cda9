// Which parts of a line a query found.
#pragma once

#include <memory>
#include <vector>

#include "logs/query/query.hpp"

namespace miniops::logs {

struct TextRange {
  std::size_t offset = 0, length = 0;  // in characters
  bool operator==(const TextRange&) const = default;
};

inline constexpr std::size_t highlight_chars_max = 10'000;  // of a line that are looked at
inline constexpr std::size_t highlights_max = 100;

// Made once for a query; of() is safe from any thread.
class Highlighter {
 public:
  explicit Highlighter(const Query& query);
  ~Highlighter();
  // In order, not overlapping. What is excluded by NOT and what is asked of other fields is not shown.
  std::vector<TextRange> of(std::string_view text) const;

 private:
  struct Wanted;
  std::vector<Wanted> wanted_;
};

}  // namespace miniops::logs
