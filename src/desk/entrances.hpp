// Entrances 客服入口 by the page that customers come from: how often they came, how many they were, how many
// conversations that opened. Safe from any thread: it holds nothing that changes.
#pragma once

#include "identity/access.hpp"
#include "people/entries.hpp"

namespace miniops::desk {

struct Entrance {
  std::string source{};  // empty: no page was said
  std::int64_t entries = 0, people = 0, conversations = 0;
  bool operator==(const Entrance&) const = default;
};
struct EntranceList {
  std::vector<Entrance> items{};  // the most entries first, then the most conversations
  Entrance total{};               // of all; a person counts once
  bool more = false;              // there are sources beside these
};

class Entrances {
 public:
  explicit Entrances(sql::Database& database) : database_(database) {}

  static constexpr int listed_max = 200;
  // Of days that begin, and conversations that were opened, from `from` on and before `to`.
  Task<Result<EntranceList>> list(identity::Access access, people::EntryDays days);

 private:
  sql::Database& database_;
};

}  // namespace miniops::desk
