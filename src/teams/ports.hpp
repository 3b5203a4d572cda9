// What teams needs of others and names itself, so that it can be tested alone. app/ plugs them in.
#pragma once

#include <array>

#include "base/words.hpp"
#include "storage/sql/database.hpp"
#include "teams/team.hpp"

namespace miniops::teams {

// The queues, which the desk keeps. Called within the transaction of the change; what fails here fails the change.
class QueueMover {
 public:
  virtual ~QueueMover() = default;
  // All who wait in `from` wait in `to` from now on, as long as before; so do those who come back to it.
  virtual Result<void> move_queue(sql::Transaction& tx, const AppId& appid, GroupId from, GroupId to, TimeMs now) = 0;
  // Everybody's place is another one: routing::place_of with the new points.
  virtual Result<void> reorder(sql::Transaction& tx, const AppId& appid, std::int64_t points_per_minute,
                               TimeMs now) = 0;
};

enum class Part { settings, groups, skills, agents, routing_rules };
inline constexpr std::array<std::string_view, 5> part_words{"settings", "groups", "skills", "agents", "routing_rules"};
inline std::span<const std::string_view> words_of(Part) { return part_words; }

// Tells browsers that a part is to be read again. Within the transaction of the change.
class ChangeListener {
 public:
  virtual ~ChangeListener() = default;
  virtual void changed(sql::Transaction& tx, const AppId& appid, Part part, TimeMs now) = 0;
};

}  // namespace miniops::teams
