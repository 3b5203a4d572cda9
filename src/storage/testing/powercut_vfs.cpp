#include "storage/testing/powercut_vfs.hpp"

#include <sqlite3.h>

#include <atomic>
#include <cstring>
#include <mutex>
#include <new>
#include <stdexcept>

#include "storage/testing/memory_disk.hpp"

namespace miniops::sql {

struct PowerCutDisk::State {
  explicit State(std::uint64_t seed) : disk(seed) {}

  std::mutex mutex;
  MemoryDisk disk;
  bool power = true;
  int generation = 0;  // raised by each cut
  std::int64_t operations = 0;
  std::optional<std::int64_t> cut_at;
  std::optional<std::int64_t> room;
  bool syncs_fail = false;
  std::string name;
  sqlite3_vfs vfs{};

  void cut() {
    if (!power) return;
    power = false;
    ++generation;
    cut_at.reset();
    disk.lose_power();
  }
  // Counts a write or sync; false when the power is gone (now).
  bool operate() {
    ++operations;
    if (cut_at && operations >= *cut_at) cut();
    return power;
  }
};

namespace {

// The state of a VFS, which its pAppData points to.
template <class State>
struct Methods {
  struct Handle : sqlite3_file {
    State* state;
    std::shared_ptr<MemoryFile> file;
    std::string name;
    int generation;
    int lock;
    bool delete_on_close;
    bool uses_shm;
    std::array<int, MemoryFile::shm_slots> shm;  // 0 none, 1 shared, 2 exclusive
  };

  static Handle& of(sqlite3_file* file) { return *static_cast<Handle*>(file); }
  static State& of(sqlite3_vfs* vfs) { return *static_cast<State*>(vfs->pAppData); }
  static bool dead(const Handle& handle) {
    return !handle.state->power || handle.generation != handle.state->generation;
  }

  // ---- files ----

  static int close(sqlite3_file* raw) {
    Handle& handle = of(raw);
    {
      const std::lock_guard lock(handle.state->mutex);
      release_lock(handle, SQLITE_LOCK_NONE);
      leave_shm(handle);
      if (handle.delete_on_close && !dead(handle)) handle.state->disk.remove(handle.name, false);
    }
    handle.~Handle();
    return SQLITE_OK;
  }

  static int read(sqlite3_file* raw, void* out, int amount, sqlite3_int64 offset) {
    Handle& handle = of(raw);
    const std::lock_guard lock(handle.state->mutex);
    if (dead(handle)) return SQLITE_IOERR_READ;
    const auto wanted = static_cast<std::size_t>(amount);
    const auto at = static_cast<std::size_t>(offset);
    const std::string& content = handle.file->content();
    const std::size_t there = at >= content.size() ? 0 : std::min(wanted, content.size() - at);
    if (there > 0) std::memcpy(out, content.data() + at, there);
    if (there == wanted) return SQLITE_OK;
    std::memset(static_cast<char*>(out) + there, 0, wanted - there);
    return SQLITE_IOERR_SHORT_READ;
  }

  static int write(sqlite3_file* raw, const void* bytes, int amount, sqlite3_int64 offset) {
    Handle& handle = of(raw);
    State& state = *handle.state;
    const std::lock_guard lock(state.mutex);
    if (dead(handle) || !state.operate()) return SQLITE_IOERR_WRITE;
    const auto size = static_cast<std::int64_t>(handle.file->content().size());
    const std::int64_t growth = std::max<std::int64_t>(0, offset + amount - size);
    if (state.room && growth > 0 && state.disk.bytes_used() + growth > *state.room) return SQLITE_FULL;
    handle.file->write(offset, {static_cast<const char*>(bytes), static_cast<std::size_t>(amount)});
    return SQLITE_OK;
  }

  static int truncate(sqlite3_file* raw, sqlite3_int64 size) {
    Handle& handle = of(raw);
    const std::lock_guard lock(handle.state->mutex);
    if (dead(handle) || !handle.state->operate()) return SQLITE_IOERR_TRUNCATE;
    handle.file->truncate(size);
    return SQLITE_OK;
  }

  static int sync(sqlite3_file* raw, int) {
    Handle& handle = of(raw);
    const std::lock_guard lock(handle.state->mutex);
    if (dead(handle) || !handle.state->operate() || handle.state->syncs_fail) return SQLITE_IOERR_FSYNC;
    handle.state->disk.sync(*handle.file);
    return SQLITE_OK;
  }

  static int file_size(sqlite3_file* raw, sqlite3_int64* size) {
    Handle& handle = of(raw);
    const std::lock_guard lock(handle.state->mutex);
    if (dead(handle)) return SQLITE_IOERR_FSTAT;
    *size = static_cast<sqlite3_int64>(handle.file->content().size());
    return SQLITE_OK;
  }

  // ---- locks ----

  static int lock(sqlite3_file* raw, int wanted) {
    Handle& handle = of(raw);
    MemoryFile& file = *handle.file;
    const std::lock_guard guard(handle.state->mutex);
    if (dead(handle)) return SQLITE_IOERR_LOCK;
    if (handle.lock >= wanted) return SQLITE_OK;
    if (wanted == SQLITE_LOCK_SHARED) {
      if ((file.pending != nullptr && file.pending != raw) || file.exclusive != nullptr) return SQLITE_BUSY;
      ++file.shared_locks;
    } else {
      if (file.reserved != nullptr && file.reserved != raw) return SQLITE_BUSY;
      if (wanted == SQLITE_LOCK_RESERVED) file.reserved = raw;
      if (wanted == SQLITE_LOCK_EXCLUSIVE) {
        file.pending = raw;
        handle.lock = SQLITE_LOCK_PENDING;
        if (file.shared_locks > 1) return SQLITE_BUSY;
        file.exclusive = raw;
      }
    }
    handle.lock = wanted;
    return SQLITE_OK;
  }

  static void release_lock(Handle& handle, int level) {
    MemoryFile& file = *handle.file;
    if (handle.lock <= level) return;
    if (file.exclusive == &handle) file.exclusive = nullptr;
    if (file.pending == &handle) file.pending = nullptr;
    if (file.reserved == &handle) file.reserved = nullptr;
    if (level == SQLITE_LOCK_NONE) --file.shared_locks;
    handle.lock = level;
  }

  static int unlock(sqlite3_file* raw, int level) {
    Handle& handle = of(raw);
    const std::lock_guard guard(handle.state->mutex);
    release_lock(handle, level);
    return SQLITE_OK;
  }

  static int check_reserved(sqlite3_file* raw, int* out) {
    Handle& handle = of(raw);
    const std::lock_guard guard(handle.state->mutex);
    *out = handle.file->reserved != nullptr ? 1 : 0;
    return SQLITE_OK;
  }

  static int control(sqlite3_file*, int, void*) { return SQLITE_NOTFOUND; }
  static int sector_size(sqlite3_file*) { return 512; }
  // As SQLite takes for granted of every disk: a write changes no byte beside it, even when the power goes.
  static int characteristics(sqlite3_file*) { return SQLITE_IOCAP_POWERSAFE_OVERWRITE; }

  // ---- shared memory, which the log's index lives in ----

  static int shm_map(sqlite3_file* raw, int region, int size, int extend, void volatile** out) {
    Handle& handle = of(raw);
    auto& regions = handle.file->shm_regions;
    const std::lock_guard guard(handle.state->mutex);
    *out = nullptr;
    if (!std::exchange(handle.uses_shm, true)) ++handle.file->shm_users;
    const auto index = static_cast<std::size_t>(region);
    if (static_cast<std::size_t>(size) > sizeof(*regions.front())) return SQLITE_IOERR_SHMMAP;
    if (index >= regions.size() && extend == 0) return SQLITE_OK;
    while (index >= regions.size()) regions.push_back(std::make_unique<std::array<char, 32768>>());
    *out = regions[index]->data();
    return SQLITE_OK;
  }

  static void release_shm(Handle& handle, std::size_t slot) {
    if (handle.shm[slot] == 1) --handle.file->shm_shared[slot];
    if (handle.shm[slot] == 2) handle.file->shm_exclusive[slot] = nullptr;
    handle.shm[slot] = 0;
  }

  static bool shm_free(const Handle& handle, std::size_t slot, bool exclusive) {
    const MemoryFile& file = *handle.file;
    if (file.shm_exclusive[slot] != nullptr && file.shm_exclusive[slot] != &handle) return false;
    const int others = file.shm_shared[slot] - (handle.shm[slot] == 1 ? 1 : 0);
    return !exclusive || others == 0;
  }

  static int shm_lock(sqlite3_file* raw, int offset, int count, int flags) {
    Handle& handle = of(raw);
    const std::lock_guard guard(handle.state->mutex);
    const auto first = static_cast<std::size_t>(offset);
    const auto end = first + static_cast<std::size_t>(count);
    if ((flags & SQLITE_SHM_UNLOCK) != 0) {
      for (std::size_t slot = first; slot < end; ++slot) release_shm(handle, slot);
      return SQLITE_OK;
    }
    if (dead(handle)) return SQLITE_IOERR_SHMLOCK;
    const bool exclusive = (flags & SQLITE_SHM_EXCLUSIVE) != 0;
    for (std::size_t slot = first; slot < end; ++slot) {
      if (!shm_free(handle, slot, exclusive)) return SQLITE_BUSY;
    }
    for (std::size_t slot = first; slot < end; ++slot) {
      if (handle.shm[slot] != 0) continue;
      if (exclusive) {
        handle.file->shm_exclusive[slot] = raw;
      } else {
        ++handle.file->shm_shared[slot];
      }
      handle.shm[slot] = exclusive ? 2 : 1;
    }
    return SQLITE_OK;
  }

  static void shm_barrier(sqlite3_file* raw) { const std::lock_guard guard(of(raw).state->mutex); }
  // As on a real disk: whoever comes first makes the index anew from the log.
  static void leave_shm(Handle& handle) {
    for (std::size_t slot = 0; slot < handle.shm.size(); ++slot) release_shm(handle, slot);
    if (std::exchange(handle.uses_shm, false) && --handle.file->shm_users == 0) handle.file->shm_regions.clear();
  }

  static int shm_unmap(sqlite3_file* raw, int) {
    const std::lock_guard guard(of(raw).state->mutex);
    leave_shm(of(raw));
    return SQLITE_OK;
  }

  static const sqlite3_io_methods* io() {
    static constexpr sqlite3_io_methods methods{
        2,         close,          read,    write,       truncate,        sync,    file_size, lock,
        unlock,    check_reserved, control, sector_size, characteristics, shm_map, shm_lock,  shm_barrier,
        shm_unmap, nullptr,        nullptr};
    return &methods;
  }

  // ---- the file system ----

  static int open(sqlite3_vfs* vfs, const char* name, sqlite3_file* raw, int flags, int* out_flags) {
    State& state = of(vfs);
    static std::atomic<int> unnamed = 0;
    raw->pMethods = nullptr;
    const std::string path = name != nullptr ? name : "temporary-" + std::to_string(++unnamed);
    const std::lock_guard lock(state.mutex);
    if (!state.power) return SQLITE_CANTOPEN;
    auto file = state.disk.find(path);
    if (!file && (flags & SQLITE_OPEN_CREATE) == 0) return SQLITE_CANTOPEN;
    if (!file) file = state.disk.create(path);
    auto* handle = new (raw) Handle{};
    handle->pMethods = io();
    handle->state = &state;
    handle->file = std::move(file);
    handle->name = path;
    handle->generation = state.generation;
    handle->delete_on_close = (flags & SQLITE_OPEN_DELETEONCLOSE) != 0;
    if (out_flags != nullptr) *out_flags = flags;
    return SQLITE_OK;
  }

  static int remove(sqlite3_vfs* vfs, const char* name, int sync_folder) {
    State& state = of(vfs);
    const std::lock_guard lock(state.mutex);
    if (!state.power || !state.operate()) return SQLITE_IOERR_DELETE;
    if (!state.disk.find(name)) return SQLITE_IOERR_DELETE_NOENT;
    state.disk.remove(name, sync_folder != 0);
    return SQLITE_OK;
  }

  static int access(sqlite3_vfs* vfs, const char* name, int, int* out) {
    State& state = of(vfs);
    const std::lock_guard lock(state.mutex);
    if (!state.power) return SQLITE_IOERR_ACCESS;
    *out = state.disk.find(name) ? 1 : 0;
    return SQLITE_OK;
  }

  static int full_path(sqlite3_vfs*, const char* name, int size, char* out) {
    sqlite3_snprintf(size, out, "%s", name);
    return SQLITE_OK;
  }

  static int randomness(sqlite3_vfs* vfs, int count, char* out) {
    State& state = of(vfs);
    const std::lock_guard lock(state.mutex);
    state.disk.random().fill({reinterpret_cast<unsigned char*>(out), static_cast<std::size_t>(count)});
    return count;
  }

  static int sleep(sqlite3_vfs*, int microseconds) { return sqlite3_sleep(std::max(1, microseconds / 1000)) * 1000; }
  static int last_error(sqlite3_vfs*, int, char*) { return 0; }
  static int now(sqlite3_vfs*, sqlite3_int64* out) {
    sqlite3_vfs* system = sqlite3_vfs_find(nullptr);
    return system->xCurrentTimeInt64(system, out);
  }
};

}  // namespace

PowerCutDisk::PowerCutDisk(std::uint64_t seed) : state_(std::make_shared<State>(seed)) {
  using M = Methods<State>;
  static std::atomic<int> count = 0;
  state_->name = "miniops-powercut-" + std::to_string(++count);
  sqlite3_vfs& vfs = state_->vfs;
  vfs.iVersion = 2;
  vfs.szOsFile = sizeof(M::Handle);
  vfs.mxPathname = 512;
  vfs.zName = state_->name.c_str();
  vfs.pAppData = state_.get();
  vfs.xOpen = M::open;
  vfs.xDelete = M::remove;
  vfs.xAccess = M::access;
  vfs.xFullPathname = M::full_path;
  vfs.xRandomness = M::randomness;
  vfs.xSleep = M::sleep;
  vfs.xGetLastError = M::last_error;
  vfs.xCurrentTimeInt64 = M::now;
  if (sqlite3_vfs_register(&vfs, 0) != SQLITE_OK) throw std::runtime_error("the VFS cannot be registered");
}

PowerCutDisk::~PowerCutDisk() { sqlite3_vfs_unregister(&state_->vfs); }

const std::string& PowerCutDisk::vfs() const { return state_->name; }

void PowerCutDisk::cut() {
  const std::lock_guard lock(state_->mutex);
  state_->cut();
}

void PowerCutDisk::cut_after(int operations) {
  const std::lock_guard lock(state_->mutex);
  state_->cut_at = state_->operations + operations;
}

void PowerCutDisk::power_on() {
  const std::lock_guard lock(state_->mutex);
  state_->power = true;
}

bool PowerCutDisk::has_power() const {
  const std::lock_guard lock(state_->mutex);
  return state_->power;
}

std::int64_t PowerCutDisk::operations() const {
  const std::lock_guard lock(state_->mutex);
  return state_->operations;
}

void PowerCutDisk::limit_room(std::optional<std::int64_t> bytes) {
  const std::lock_guard lock(state_->mutex);
  state_->room = bytes;
}

std::int64_t PowerCutDisk::bytes_used() const {
  const std::lock_guard lock(state_->mutex);
  return state_->disk.bytes_used();
}

void PowerCutDisk::fail_syncs(bool failing) {
  const std::lock_guard lock(state_->mutex);
  state_->syncs_fail = failing;
}

}  // namespace miniops::sql
