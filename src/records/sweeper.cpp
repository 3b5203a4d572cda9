#include "records/sweeper.hpp"

#include "records/eraser.hpp"
#include "records/store.hpp"

namespace miniops::records {

namespace {

constexpr int conversations_at_once = 50;
constexpr int messages_at_once = 100;
constexpr TimeMs round_every_ms = hour_ms;

// One piece of what is due; false: all that is due is dealt with.
template <class Remove>
bool sweep(sql::Transaction& tx, Archive& archive, const AppId& appid, Sweep& progress, TimeMs before, Remove remove) {
  if (before == 0) return false;
  const auto due = archive.closed_before(tx, appid, progress.after, before, conversations_at_once);
  int room = messages_at_once;
  for (const Closed& one : due) {
    if (!store::holds_conversation(tx, appid, one.openid, one.id)) {
      const bool finished = remove(one, progress, room);
      if (!finished) return true;
    }
    progress.after = one.place();
    progress.seq = 0;
    if (room <= 0) return true;
  }
  return std::ssize(due) == conversations_at_once;
}

bool sweep_messages(sql::Transaction& tx, Archive& archive, Retention& of, TimeMs now) {
  const auto remove = [&](const Closed& one, Sweep& progress, int& room) {
    const auto gone = archive.remove_messages(tx, one.id, room);
    progress.deleted += gone.messages;
    if (gone.messages > 0) progress.last_deleted_at = now;
    room -= static_cast<int>(gone.messages);
    return !gone.more;
  };
  return sweep(tx, archive, of.appid, of.messages, cutoff(of.messages_days, now), remove);
}

bool sweep_media(sql::Transaction& tx, Archive& archive, Retention& of, TimeMs now) {
  const auto remove = [&](const Closed& one, Sweep& progress, int& room) {
    const auto gone = archive.remove_media(tx, one.id, progress.seq, room);
    progress.deleted += gone.files;
    if (gone.files > 0) progress.last_deleted_at = now;
    progress.seq = gone.last_seq;
    room -= static_cast<int>(gone.files);
    return gone.last_seq == 0;
  };
  return sweep(tx, archive, of.appid, of.media, cutoff(of.media_days, now), remove);
}

// The same of what is in no conversation.
template <class Remove>
bool sweep_loose(sql::Transaction& tx, const AppId& appid, Place& reached, const std::vector<Aged>& due,
                 Remove remove) {
  for (const Aged& one : due) {
    if (!held(tx, {appid, OpenId(one.openid)}) && !remove(one)) return true;
    reached = one.place();
  }
  return std::ssize(due) == messages_at_once;
}

bool sweep_waiting(sql::Transaction& tx, Archive& archive, Retention& of, TimeMs now) {
  const TimeMs before = cutoff(of.messages_days, now);
  if (before == 0) return false;
  const auto remove = [&](const Aged& one) {
    if (!archive.remove_waiting(tx, one.id)) return false;
    ++of.messages.deleted;
    of.messages.last_deleted_at = now;
    return true;
  };
  const auto due = archive.waiting_before(tx, of.appid, of.waiting, before, messages_at_once);
  return sweep_loose(tx, of.appid, of.waiting, due, remove);
}

bool sweep_told(sql::Transaction& tx, Archive& archive, Retention& of, TimeMs now) {
  const TimeMs before = cutoff(of.messages_days, now);
  if (before == 0) return false;
  const auto remove = [&](const Aged& one) {
    archive.empty_told(tx, one.id);
    return true;
  };
  const auto due = archive.told_before(tx, of.appid, of.told, before, messages_at_once);
  return sweep_loose(tx, of.appid, of.told, due, remove);
}

Result<bool> sweep_piece(sql::Transaction& tx, Archive& archive, const AppId& appid, TimeMs now) {
  Retention of = store::retention(tx, appid);
  if (of.due_at > now) return true;  // somebody else was there
  bool more = false;
  // Nobody looks at single conversations while everything is held.
  if (!store::holds_everything(tx, appid)) {
    more = sweep_media(tx, archive, of, now);
    if (!more) more = sweep_messages(tx, archive, of, now);
    if (!more) more = sweep_waiting(tx, archive, of, now);
    if (!more) more = sweep_told(tx, archive, of, now);
  }
  of.due_at = more ? now : now + round_every_ms;  // those who have waited longer come first
  store::save_sweeps(tx, of);
  return true;
}

}  // namespace

Task<Result<bool>> Sweeper::step() {
  const TimeMs now = with_.clock.now();
  auto look = [now](sql::Transaction& tx) -> Result<std::optional<AppId>> { return store::due_retention(tx, now); };
  const auto due = co_await with_.database.read(std::move(look));
  if (!due) co_return std::unexpected(due.error());
  if (!*due) co_return false;
  auto work = [this, appid = **due, now](sql::Transaction& tx) -> Result<bool> {
    return sweep_piece(tx, with_.archive, appid, now);
  };
  co_return co_await with_.database.write(std::move(work), {.background = true});
}

}  // namespace miniops::records
