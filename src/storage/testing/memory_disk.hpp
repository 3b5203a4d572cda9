// The files of PowerCutDisk, apart from SQLite's interface to them. Not thread-safe: the VFS holds its lock.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/random.hpp"

namespace miniops::sql {

// One file: what programs see, what the platter holds, and the writes in between.
class MemoryFile {
 public:
  const std::string& content() const { return content_; }
  void write(std::int64_t offset, std::string_view bytes);
  void truncate(std::int64_t size);
  void sync();  // the bytes; of the name see MemoryDisk::sync
  bool name_durable() const { return name_durable_; }
  void keep_name() { name_durable_ = true; }
  // What is left after the power was cut; nullopt: not even its name.
  std::optional<std::string> after_power_cut(Random& random) const;
  static std::shared_ptr<MemoryFile> on_platter(std::string content);

  // Locks and shared memory among the connections of this process, as SQLite defines them.
  int shared_locks = 0;
  const void* reserved = nullptr;
  const void* pending = nullptr;
  const void* exclusive = nullptr;
  static constexpr std::size_t shm_slots = 8;
  int shm_users = 0;
  std::array<int, shm_slots> shm_shared{};
  std::array<const void*, shm_slots> shm_exclusive{};
  std::vector<std::unique_ptr<std::array<char, 32768>>> shm_regions;

 private:
  struct Write {
    std::size_t offset;
    std::string bytes;
  };
  struct Truncation {
    std::size_t size;
  };
  std::string content_;
  std::string durable_;
  bool name_durable_ = false;
  std::vector<std::variant<Write, Truncation>> unsynced_;
};

class MemoryDisk {
 public:
  explicit MemoryDisk(std::uint64_t seed) : random_(seed) {}
  std::shared_ptr<MemoryFile> find(const std::string& name) const;
  std::shared_ptr<MemoryFile> create(const std::string& name);
  void remove(const std::string& name, bool durably);
  // With the first sync of a new file SQLite's own VFS syncs the folder too: all names are kept, removals are final.
  void sync(MemoryFile& file);
  std::int64_t bytes_used() const;
  // Every file becomes what is left of it, as a new object: handles on the old ones are dead.
  void lose_power();
  Random& random() { return random_; }

 private:
  void sync_folder();

  SeededRandom random_;
  std::map<std::string, std::shared_ptr<MemoryFile>> files_;
  std::map<std::string, std::shared_ptr<MemoryFile>> removed_;  // without a sync of the folder: may come back
};

}  // namespace miniops::sql
