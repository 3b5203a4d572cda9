#include "gateway/traces.hpp"

#include "gateway/outbox_store.hpp"

namespace miniops::gateway {

namespace {

constexpr int orphans_at_once = 20;

void delete_outgoing(sql::Transaction& tx, OutboxId id) {
  tx.execute("DELETE FROM gateway_attempts WHERE outbox_id = $1", {id});
  tx.execute("DELETE FROM gateway_outbox WHERE id = $1", {id});
}

bool is_named(sql::Transaction& tx, const std::string& blob) {
  return tx.query_one("SELECT 1 FROM gateway_media WHERE blob = $1 LIMIT 1", {blob}).has_value() ||
         tx.query_one("SELECT 1 FROM gateway_pictures WHERE blob = $1 LIMIT 1", {blob}).has_value();
}

}  // namespace

std::optional<KeptMedia> kept_media(sql::Transaction& tx, const AppId& appid, std::string_view media_id) {
  const auto row = tx.query_one(
      "SELECT blob, content_type FROM gateway_media WHERE appid = $1 AND media_id = $2 AND state = 'stored'",
      {appid, media_id});
  return row ? std::optional(KeptMedia{row->text(0), row->text(1)}) : std::nullopt;
}

bool forget_media(sql::Transaction& tx, const AppId& appid, std::string_view media_id) {
  const auto row = tx.query_one("SELECT blob FROM gateway_media WHERE appid = $1 AND media_id = $2", {appid, media_id});
  if (!row) return false;
  tx.execute("DELETE FROM gateway_media WHERE appid = $1 AND media_id = $2", {appid, media_id});
  if (!row->text(0).empty())
    tx.execute("INSERT INTO gateway_orphans (blob) VALUES ($1) ON CONFLICT DO NOTHING", {row->text(0)});
  return true;
}

bool forget_outgoing(sql::Transaction& tx, OutboxId id) {
  const auto row = load_row(tx, id);
  if (row && !row->claim_owner.empty()) return false;
  delete_outgoing(tx, id);
  return true;
}

Traces forget_person(sql::Transaction& tx, const AppId& appid, const OpenId& openid) {
  Traces gone;
  for (const OutboxRow& row : unfinished_of(tx, appid, openid)) {
    gone.in_flight |= !row.claim_owner.empty();
    if (!row.claim_owner.empty()) continue;
    delete_outgoing(tx, row.id);
    ++gone.outgoing;
  }
  if (gone.in_flight) return gone;
  const auto remove = [&](std::string_view statement) { return tx.execute(statement, {appid, openid}); };
  gone.windows = remove("DELETE FROM gateway_windows WHERE appid = $1 AND openid = $2");
  gone.relayed = remove("DELETE FROM gateway_relay_queue WHERE appid = $1 AND openid = $2");
  gone.dead_letters = remove("DELETE FROM gateway_dead_letters WHERE appid = $1 AND openid = $2");
  return gone;
}

Task<Result<bool>> Orphans::step() {
  // Whoever names the bytes again between this and the removal has put them anew, which Blobs::remove sees.
  auto look = [after = after_](sql::Transaction& tx) -> Result<std::vector<std::string>> {
    std::vector<std::string> blobs;
    for (const sql::Row& row :
         tx.query("SELECT blob FROM gateway_orphans WHERE blob > $1 ORDER BY blob LIMIT $2", {after, orphans_at_once}))
      blobs.push_back(row.text(0));
    return blobs;
  };
  const auto orphans = co_await database_.read(std::move(look));
  if (!orphans) co_return std::unexpected(orphans.error());
  after_ = std::ssize(*orphans) == orphans_at_once ? orphans->back() : "";
  for (const std::string& blob : *orphans) {
    auto ask = [blob](sql::Transaction& tx) -> Result<bool> { return is_named(tx, blob); };
    const auto named = co_await database_.read(std::move(ask));
    if (!named) co_return named;
    if (!*named) {
      const auto removed = co_await blobs_.remove(blob);
      if (!removed) co_return removed;
      if (!*removed) continue;
    }
    auto settle = [blob](sql::Transaction& tx) -> Result<bool> {
      tx.execute("DELETE FROM gateway_orphans WHERE blob = $1", {blob});
      return true;
    };
    if (auto settled = co_await database_.write(std::move(settle), {.background = true}); !settled) co_return settled;
  }
  co_return !after_.empty();
}

}  // namespace miniops::gateway
