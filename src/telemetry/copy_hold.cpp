#include "telemetry/copy_hold.hpp"

#include <thread>

#include "base/log.hpp"
#include "storage/sql/config_version.hpp"
#include "telemetry/errors.hpp"

namespace miniops::telemetry {

namespace {

constexpr TimeMs unheard_of_ms = 30 * second_ms;
constexpr TimeMs forgotten_ms = 10 * minute_ms;  // a backup that asked and was killed
constexpr std::chrono::milliseconds look_again{50};

struct Copy {
  std::int64_t id = 0;
  std::string state;
  TimeMs renewed_at = 0;
};

std::optional<Copy> read_copy(const sql::Rows& rows) {
  if (rows.empty()) return std::nullopt;
  return Copy{rows.front().integer(0), rows.front().text(1), rows.front().integer(2)};
}

// False: it was in another state by then.
Result<bool> change(sql::Database& database, std::int64_t id, std::string_view from, std::string_view to, TimeMs now) {
  auto write = [&](sql::Transaction& tx) -> Result<bool> {
    return tx.execute("UPDATE telemetry_copies SET state = $3, renewed_at = $4 WHERE id = $1 AND state = $2",
                      {id, from, to, now}) == 1;
  };
  return database.write_blocking(write);
}

Result<std::optional<Copy>> find(sql::Database& database, std::int64_t id) {
  auto read = [&](sql::Transaction& tx) -> Result<std::optional<Copy>> {
    return read_copy(tx.query("SELECT id, state, renewed_at FROM telemetry_copies WHERE id = $1", {id}));
  };
  return database.read_blocking(read);
}

// Until it is over, one way or another.
Result<void> wait_for(sql::Database& database, const Clock& clock, std::int64_t id,
                      const std::function<bool()>& stopping) {
  for (;; std::this_thread::sleep_for(look_again)) {
    const auto copy = find(database, id);
    if (!copy) return std::unexpected(copy.error());
    if (!*copy || (*copy)->state != "still") return {};
    if (!stopping() && clock.now() - (*copy)->renewed_at < unheard_of_ms) continue;
    if (auto given_up = change(database, id, "still", "over", clock.now()); !given_up)
      return std::unexpected(given_up.error());
    log::warn("telemetry.copy_given_up", {{"stopping", stopping()}});
    return {};
  }
}

}  // namespace

Result<CopyHold> CopyHold::ask(sql::Database& database, const Clock& clock, std::int64_t id) {
  const TimeMs now = clock.now();
  auto write = [&](sql::Transaction& tx) -> Result<void> {
    tx.execute("DELETE FROM telemetry_copies WHERE state = 'over' OR renewed_at < $1", {now - forgotten_ms});
    tx.execute("INSERT INTO telemetry_copies (id, state, renewed_at) VALUES ($1, 'asked', $2)", {id, now});
    sql::raise_config_version(tx);
    return {};
  };
  if (auto written = database.write_blocking(write); !written) return std::unexpected(written.error());
  return CopyHold(database, clock, id);
}

Result<bool> CopyHold::still() {
  const auto copy = find(database_, id_);
  if (!copy) return std::unexpected(copy.error());
  return *copy && (*copy)->state == "still";
}

Result<void> CopyHold::renew() { return move_on("still"); }
Result<void> CopyHold::finish() { return move_on("over"); }

Result<void> CopyHold::withdraw() {
  for (const std::string_view from : {"asked", "still"})
    if (const auto moved = change(database_, id_, from, "over", clock_.now()); !moved)
      return std::unexpected(moved.error());
  return {};
}

Result<void> CopyHold::move_on(std::string_view to) {
  const auto moved = change(database_, id_, "still", to, clock_.now());
  if (!moved) return std::unexpected(moved.error());
  if (!*moved) return fail(errors::copy_interrupted());
  return {};
}

Result<bool> hold_still(sql::Database& database, const Clock& clock, const std::function<Result<void>()>& settle,
                        const std::function<bool()>& stopping) {
  auto read = [&](sql::Transaction& tx) -> Result<std::optional<Copy>> {
    return read_copy(
        tx.query("SELECT id, state, renewed_at FROM telemetry_copies WHERE state = 'asked' AND renewed_at > $1 LIMIT 1",
                 {clock.now() - forgotten_ms}));
  };
  const auto asked = database.read_blocking(read);
  if (!asked) return std::unexpected(asked.error());
  if (!*asked) return false;
  if (auto settled = settle(); !settled) return std::unexpected(settled.error());
  const auto moved = change(database, (*asked)->id, "asked", "still", clock.now());
  if (!moved) return std::unexpected(moved.error());
  if (auto waited = wait_for(database, clock, (*asked)->id, stopping); !waited) return std::unexpected(waited.error());
  return true;
}

}  // namespace miniops::telemetry
