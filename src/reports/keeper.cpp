#include "reports/keeper.hpp"

#include <algorithm>
#include <limits>
#include <set>

#include "reports/codec.hpp"
#include "reports/store.hpp"

namespace miniops::reports {

namespace {

constexpr int pending_read = 200;
constexpr std::size_t derived_together = 20;
constexpr int known_read = 50;
constexpr TimeMs quiet_ms = minute_ms;

std::int64_t day_at(TimeMs at) { return at / day_ms; }

store::Stored stored(const ConversationRows& rows) {
  store::Stored out{rows.id, rows.appid, day_at(rows.opened_at), last_moment(rows), rows.previous};
  append(out.facts, facts_of(rows));
  return out;
}

}  // namespace

std::optional<ConversationId> Keeper::derive(sql::Transaction& tx, ConversationId id, TimeMs now) const {
  const auto before = store::find(tx, id);
  const auto rows = with_.source.rows_of(tx, id);
  if (!rows) {
    if (!before) return std::nullopt;
    store::remove(tx, id);
    store::touch_day(tx, before->appid, before->day, now);
    return before->previous;
  }
  const store::Stored after = stored(*rows);
  if (before == after) return std::nullopt;
  store::put(tx, after);
  store::touch_day(tx, after.appid, after.day, now);
  return before ? std::nullopt : std::optional(after.previous);
}

void Keeper::derive_all(sql::Transaction& tx, std::vector<ConversationId> ids, TimeMs now) const {
  // Whoever came or went may be the next one of a conversation that came or went with it.
  while (!ids.empty()) {
    std::set<ConversationId> before;
    for (const ConversationId id : ids)
      if (const auto previous = derive(tx, id, now); previous && !previous->empty()) before.insert(*previous);
    ids.assign(before.begin(), before.end());
  }
}

Task<Result<bool>> Keeper::derive_step() {
  const TimeMs now = with_.clock.now();
  auto look = [](sql::Transaction& tx) -> Result<bool> { return store::count_pending(tx, 1) > 0; };
  const auto any = co_await with_.database.read(std::move(look));
  if (!any) co_return std::unexpected(any.error());
  if (!*any) co_return false;
  auto write = [now, this](sql::Transaction& tx) -> Result<bool> {
    const store::Pending pending = store::pending(tx, pending_read, derived_together);
    derive_all(tx, pending.conversations, now);
    store::remove_pending(tx, pending.ids);
    return store::count_pending(tx, 1) > 0;
  };
  co_return co_await with_.database.write(std::move(write), {.background = true});
}

ConversationId Keeper::derive_next(sql::Transaction& tx, ConversationId after, TimeMs now) const {
  const std::vector<ConversationId> ids = with_.source.after(tx, after, static_cast<int>(derived_together));
  const bool last = ids.empty();
  ConversationId until = last ? ConversationId(std::numeric_limits<std::int64_t>::max()) : ids.back();
  const std::vector<ConversationId> known = store::stored_between(tx, after, until, known_read);
  const bool more_known = known.size() == static_cast<std::size_t>(known_read);
  if (more_known) until = known.back();
  std::set<ConversationId> all(known.begin(), known.end());
  for (const ConversationId id : ids)
    if (id <= until) all.insert(id);
  derive_all(tx, {all.begin(), all.end()}, now);
  return last && !more_known ? ConversationId() : until;
}

Task<Result<bool>> Keeper::rebuild_step() {
  const TimeMs now = with_.clock.now();
  auto look = [](sql::Transaction& tx) -> Result<bool> {
    const store::Rebuild rebuild = store::rebuild(tx);
    return rebuild.running || rebuild.version != facts_version;
  };
  const auto due = co_await with_.database.read(std::move(look));
  if (!due) co_return std::unexpected(due.error());
  if (!*due) co_return false;
  auto write = [now, this](sql::Transaction& tx) -> Result<bool> {
    store::Rebuild rebuild = store::rebuild(tx);
    if (rebuild.version != facts_version) rebuild = {facts_version, true};
    if (!rebuild.running) return false;
    rebuild.after = derive_next(tx, rebuild.after, now);
    rebuild.running = !rebuild.after.empty();
    store::put_rebuild(tx, rebuild);
    return rebuild.running;
  };
  co_return co_await with_.database.write(std::move(write), {.background = true});
}

Task<Result<bool>> Keeper::pack_step() {
  const TimeMs quiet_since = with_.clock.now() - quiet_ms;
  auto read = [=](sql::Transaction& tx) -> Result<std::optional<std::pair<store::Day, std::string>>> {
    const auto day = store::day_to_pack(tx, quiet_since);
    if (!day) return std::nullopt;
    return std::pair(*day, store::facts_of_day(tx, day->appid, day->day));
  };
  const auto found = co_await with_.database.read(std::move(read));
  if (!found) co_return std::unexpected(found.error());
  if (!*found) co_return false;
  auto write = [found = **found](sql::Transaction& tx) -> Result<bool> {
    store::pack(tx, found.first, found.second);
    return true;
  };
  co_return co_await with_.database.write(std::move(write), {.background = true});
}

}  // namespace miniops::reports
