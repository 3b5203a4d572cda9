// What follows from one attempt: the life of a delivery. decide() is pure; the others write it down.
#pragma once

#include "notify/channel_store.hpp"
#include "notify/delivery_store.hpp"

namespace miniops::notify {

// How long a channel is tried before the next of the chain is; the last one has nobody behind it.
inline constexpr TimeMs patience_ms = 2 * minute_ms;
inline constexpr TimeMs last_patience_ms = 6 * hour_ms;

// 2 s, 4 s … 10 min, less up to a half of it.
TimeMs backoff_ms(int attempts, std::uint64_t random);

struct Verdict {
  enum class Step { sent, retry, fail } step = Step::fail;
  TimeMs retry_at = 0;
};
// `next`: another channel of the chain can be tried. An attempt whose outcome is not known is repeated where that is
// harmless; elsewhere the next channel is tried, and without one it is repeated once: an alert is worth it.
Verdict decide(const Delivery& delivery, const Outcome& outcome, bool harmless, bool next, TimeMs now,
               std::uint64_t random);

// The place of the first channel from `from` on that is there and enabled.
std::optional<int> find_next(sql::Transaction& tx, const Notification& notification, int from);
// Queues the notification at that place; the places that were skipped are written down as failed. False: there is
// none any more.
bool deliver_from(sql::Transaction& tx, const Notification& notification, int from, TimeMs now);

// Ends the attempt that `delivery` has under way and moves it; a failure falls through to the next channel.
void settle(sql::Transaction& tx, const Channel& channel, Delivery delivery, const Attempted& attempted, TimeMs now,
            std::uint64_t random);
// What a subscribe channel's attempt means for the person's consents, and the channel's health. Once a message.
void note_attempt(sql::Transaction& tx, const Channel& channel, const Outcome& outcome, TimeMs now);
// Fails a delivery that has nothing under way, and falls through. `reason` empty: the one that it has.
void give_up(sql::Transaction& tx, Delivery delivery, std::string reason, TimeMs now);
// Its patience is over: gives up, unless nobody is behind it and the last one's patience is not over. What was never
// tried although its channel works (the server was down) gets its time again.
void overdue(sql::Transaction& tx, Delivery delivery, TimeMs now);

}  // namespace miniops::notify
