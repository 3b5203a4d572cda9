// A disk in memory for the spool that can lose its power: what was written since the last sync is then kept or
// forgotten sector by sector, as a seed decides, and so are names that were not synced. It can also be full, fail, and
// rot.
//
//   PowercutSpoolDisk disk(seed);
//   auto spool = *spool::Spool::open(disk, "spool", clock);
//   disk.cut_after(120);                 // the power goes in the middle of the 120th operation from now
//   … appends, some of them acknowledged …
//   spool.reset();
//   disk.power_on();
//   spool = *spool::Spool::open(…);      // what was acknowledged must be there
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "storage/spool/disk.hpp"

namespace miniops::spool {

// Safe from any thread. Must outlive the files that are open on it.
class PowercutSpoolDisk final : public Disk {
 public:
  explicit PowercutSpoolDisk(std::uint64_t seed);
  ~PowercutSpoolDisk() override;

  Result<void> make_folder(const std::filesystem::path& folder) override;
  Result<std::vector<std::string>> list(const std::filesystem::path& folder) override;
  Result<std::unique_ptr<File>> create(const std::filesystem::path& file) override;
  Result<std::unique_ptr<File>> open(const std::filesystem::path& file) override;
  Result<void> remove(const std::filesystem::path& file) override;

  // ---- power ----
  // Everything fails until power_on(), and files opened before stay dead after it.
  void cut();
  void cut_after(int operations);  // names made or removed, appends, syncs
  void power_on();
  bool has_power() const;

  // ---- faults ----
  // Files may take this many bytes together. As on a real disk, the beginning of what does not fit is written.
  void limit_room(std::optional<std::int64_t> bytes);
  std::int64_t bytes_used() const;
  // What fails while set, with storage.spool_unavailable.
  struct Broken {
    bool creates = false;
    bool appends = false;
    // A file whose sync failed once says from then on that it is synced, and is not: as kernels do.
    bool syncs = false;
    bool opens = false;
    bool removals = false;
  };
  void set_broken(Broken broken);
  // Reads that touch these bytes of a file fail; `to` 0: none.
  void set_unreadable(const std::filesystem::path& file, std::int64_t from, std::int64_t to);

  // ---- to hold still and look ----
  // While held, syncs wait; await_held_sync() returns when one does.
  void hold_syncs(bool hold);
  void await_held_sync() const;
  std::int64_t syncs() const;
  // What is in the file now, and to put something else there, durably. The file is made when it is not there.
  std::string content(const std::filesystem::path& file) const;
  void overwrite(const std::filesystem::path& file, std::int64_t offset, std::string_view bytes);
  void replace(const std::filesystem::path& file, std::string_view bytes);

 private:
  struct State;
  class OpenFile;
  const std::shared_ptr<State> state_;
};

}  // namespace miniops::spool
