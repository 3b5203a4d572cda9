// A disk in memory for SQLite that can lose its power: what was written since the last sync is then kept or forgotten
// sector by sector, as a seed decides. kill -9 proves no durability, since the kernel keeps what it was given; this
// does. It can also be full, and fail to sync.
//
//   PowerCutDisk disk(seed);
//   auto db = sql::open("sqlite:test.db", clock, {.sqlite_vfs = disk.vfs()});
//   disk.cut_after(120);                 // the 120th write or sync from now does not return
//   … closures, some of them acknowledged …
//   db.reset();
//   disk.power_on();
//   db = sql::open(…);                   // what was acknowledged must be there
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

namespace miniops::sql {

// Safe from any thread. Must outlive the databases that are open on it.
class PowerCutDisk {
 public:
  explicit PowerCutDisk(std::uint64_t seed);
  ~PowerCutDisk();
  PowerCutDisk(const PowerCutDisk&) = delete;
  PowerCutDisk& operator=(const PowerCutDisk&) = delete;

  // For OpenOptions::sqlite_vfs.
  const std::string& vfs() const;

  // The power goes now: everything fails until power_on(), and files opened before stay dead after it.
  void cut();
  void cut_after(int operations);
  void power_on();
  bool has_power() const;
  // Writes and syncs so far.
  std::int64_t operations() const;

  // Files may take this many bytes together; a write beyond fails as a full disk does.
  void limit_room(std::optional<std::int64_t> bytes);
  std::int64_t bytes_used() const;
  // While set, xSync fails: the disk is broken.
  void fail_syncs(bool failing);

 private:
  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace miniops::sql
