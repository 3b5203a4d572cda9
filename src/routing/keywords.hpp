// Which of many keywords occur in a text, found in one pass over it. Of the module's own; filled once, then immutable.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace miniops::routing {

class Keywords {
 public:
  // Folded, not empty. Its number; equal ones share it.
  std::uint32_t add(std::string_view keyword);
  std::size_t size() const { return words_.size(); }

  // Marks those that occur. `found` has size() entries.
  void find(std::string_view text, std::vector<bool>& found) const;

 private:
  void find_at(std::string_view rest, std::uint16_t start, std::vector<bool>& found) const;

  std::vector<std::string> words_;
  // By their first two bytes, which in Chinese tell a few hundred starts apart.
  std::unordered_map<std::uint16_t, std::vector<std::uint32_t>> by_start_;
};

}  // namespace miniops::routing
