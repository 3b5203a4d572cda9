// How long a mini program keeps what was said, and how far the deletion is. Values.
#pragma once

#include "records/record.hpp"

namespace miniops::records {

inline constexpr std::int64_t retention_days_max = 3650;

// How far the deletion has come, conversation by conversation in the order of their closing, and one by one through
// what is in none. Behind it there is only what is held; a hold that is released sends it back to the beginning.
struct Sweep {
  Place after{};         // conversations up to this place are dealt with
  std::int64_t seq = 0;  // of the next one, those in messages up to this one (media)
  std::int64_t deleted = 0;
  TimeMs last_deleted_at = 0;
  bool operator==(const Sweep&) const = default;
};

struct Retention {
  AppId appid{};
  std::int64_t version = 0;                        // 0: nobody has set anything
  std::int64_t messages_days = 0, media_days = 0;  // after the conversation's closing; 0: for ever
  std::string updated_by{};
  TimeMs updated_at = 0;
  Sweep messages{}, media{};
  Place waiting{}, told{};  // messages that wait for a conversation, and what other programs were told, up to these
  TimeMs due_at = 0;
};

// What was closed, or said in no conversation, before this may go; 0: nothing.
inline TimeMs cutoff(std::int64_t days, TimeMs now) { return days == 0 ? 0 : now - days * day_ms; }

json::object to_json(const Retention& retention);

}  // namespace miniops::records
