#include "storage/testing/powercut_spool_disk.hpp"

#include <condition_variable>
#include <mutex>
#include <set>

#include "storage/testing/memory_disk.hpp"

namespace miniops::spool {

namespace {

namespace fs = std::filesystem;
using sql::MemoryFile;

std::unexpected<Error> failed(const char* what) {
  return fail(ErrorKind::unavailable, "storage.spool_unavailable", what);
}
std::unexpected<Error> full() { return fail(ErrorKind::unavailable, "storage.spool_full", "no room"); }

}  // namespace

struct PowercutSpoolDisk::State {
  explicit State(std::uint64_t seed) : disk(seed) {}

  mutable std::mutex mutex;
  mutable std::condition_variable changed;
  sql::MemoryDisk disk;
  std::set<std::string> names;  // that ever were
  bool power = true;
  int generation = 0;  // raised by each cut
  std::int64_t operations = 0;
  std::optional<std::int64_t> cut_at;
  std::optional<std::int64_t> room;
  Broken broken;
  std::set<std::shared_ptr<MemoryFile>> lying;  // files whose sync failed
  std::string unreadable;
  std::int64_t unreadable_from = 0;
  std::int64_t unreadable_to = 0;
  bool hold = false;
  int held = 0;
  std::int64_t syncs = 0;

  void cut() {
    if (!power) return;
    power = false;
    ++generation;
    cut_at.reset();
    lying.clear();
    disk.lose_power();
    changed.notify_all();
  }
  // Counts an operation, which has been begun; false when the power goes before it is done.
  bool done() {
    ++operations;
    if (cut_at && operations >= *cut_at) cut();
    return power;
  }
};

class PowercutSpoolDisk::OpenFile final : public File {
 public:
  OpenFile(std::shared_ptr<State> state, std::shared_ptr<MemoryFile> file, std::string name)
      : state_(std::move(state)), file_(std::move(file)), name_(std::move(name)), generation_(state_->generation) {}

  Result<void> append(std::string_view bytes) override {
    const std::lock_guard lock(state_->mutex);
    if (dead() || state_->broken.appends) return failed("the write failed");
    const auto size = static_cast<std::int64_t>(file_->content().size());
    std::size_t fits = bytes.size();
    if (state_->room) {
      const std::int64_t left = std::max(std::int64_t{0}, *state_->room - state_->disk.bytes_used());
      fits = std::min(fits, static_cast<std::size_t>(left));
    }
    file_->write(size, bytes.substr(0, fits));
    if (!state_->done()) return failed("the power is gone");
    if (fits < bytes.size()) return full();
    return {};
  }

  Result<void> sync() override {
    std::unique_lock lock(state_->mutex);
    ++state_->held;
    state_->changed.notify_all();
    state_->changed.wait(lock, [this] { return dead() || !state_->hold; });
    --state_->held;
    if (dead() || !state_->done()) return failed("the power is gone");
    if (state_->broken.syncs) {
      state_->lying.insert(file_);
      return failed("the sync failed");
    }
    ++state_->syncs;
    if (!state_->lying.contains(file_)) state_->disk.sync(*file_);
    return {};
  }

  Result<std::string> read(std::int64_t offset, std::size_t size) override {
    const std::lock_guard lock(state_->mutex);
    if (dead()) return failed("the power is gone");
    const auto end = offset + static_cast<std::int64_t>(size);
    if (name_ == state_->unreadable && offset < state_->unreadable_to && end > state_->unreadable_from)
      return failed("a bad sector");
    const std::string& content = file_->content();
    if (offset >= static_cast<std::int64_t>(content.size())) return std::string();
    return content.substr(static_cast<std::size_t>(offset), size);
  }

  Result<std::int64_t> size() override {
    const std::lock_guard lock(state_->mutex);
    if (dead()) return failed("the power is gone");
    return static_cast<std::int64_t>(file_->content().size());
  }

 private:
  bool dead() const { return !state_->power || generation_ != state_->generation; }

  const std::shared_ptr<State> state_;
  const std::shared_ptr<MemoryFile> file_;
  const std::string name_;
  const int generation_;
};

PowercutSpoolDisk::PowercutSpoolDisk(std::uint64_t seed) : state_(std::make_shared<State>(seed)) {}
PowercutSpoolDisk::~PowercutSpoolDisk() = default;

// ---- Disk ----

Result<void> PowercutSpoolDisk::make_folder(const fs::path&) {
  const std::lock_guard lock(state_->mutex);
  if (!state_->power) return failed("the power is gone");
  return {};
}

Result<std::vector<std::string>> PowercutSpoolDisk::list(const fs::path& folder) {
  const std::lock_guard lock(state_->mutex);
  if (!state_->power) return failed("the power is gone");
  std::vector<std::string> found;
  for (const std::string& name : state_->names) {
    const fs::path path(name);
    if (path.parent_path() == folder && state_->disk.find(name)) found.push_back(path.filename().string());
  }
  return found;
}

Result<std::unique_ptr<File>> PowercutSpoolDisk::create(const fs::path& file) {
  const std::lock_guard lock(state_->mutex);
  const std::string name = file.string();
  if (!state_->power || state_->broken.creates) return failed("the file cannot be made");
  if (state_->disk.find(name)) return failed("the file exists");
  auto made = state_->disk.create(name);
  state_->names.insert(name);
  if (!state_->done()) return failed("the power is gone");
  state_->disk.sync(*made);  // syncs its name
  return std::make_unique<OpenFile>(state_, std::move(made), name);
}

Result<std::unique_ptr<File>> PowercutSpoolDisk::open(const fs::path& file) {
  const std::lock_guard lock(state_->mutex);
  auto found = state_->disk.find(file.string());
  if (!state_->power || state_->broken.opens || !found) return failed("the file cannot be opened");
  return std::make_unique<OpenFile>(state_, std::move(found), file.string());
}

Result<void> PowercutSpoolDisk::remove(const fs::path& file) {
  const std::lock_guard lock(state_->mutex);
  if (!state_->power || state_->broken.removals) return failed("the file cannot be removed");
  // When the power goes now the name may be there again afterwards.
  const bool goes_now = state_->cut_at && state_->operations + 1 >= *state_->cut_at;
  state_->disk.remove(file.string(), !goes_now);
  if (!state_->done()) return failed("the power is gone");
  return {};
}

// ---- power and faults ----

void PowercutSpoolDisk::cut() {
  const std::lock_guard lock(state_->mutex);
  state_->cut();
}

void PowercutSpoolDisk::cut_after(int operations) {
  const std::lock_guard lock(state_->mutex);
  state_->cut_at = state_->operations + operations;
}

void PowercutSpoolDisk::power_on() {
  const std::lock_guard lock(state_->mutex);
  state_->power = true;
}

bool PowercutSpoolDisk::has_power() const {
  const std::lock_guard lock(state_->mutex);
  return state_->power;
}

void PowercutSpoolDisk::limit_room(std::optional<std::int64_t> bytes) {
  const std::lock_guard lock(state_->mutex);
  state_->room = bytes;
}

std::int64_t PowercutSpoolDisk::bytes_used() const {
  const std::lock_guard lock(state_->mutex);
  return state_->disk.bytes_used();
}

void PowercutSpoolDisk::set_broken(Broken broken) {
  const std::lock_guard lock(state_->mutex);
  state_->broken = broken;
}

void PowercutSpoolDisk::set_unreadable(const fs::path& file, std::int64_t from, std::int64_t to) {
  const std::lock_guard lock(state_->mutex);
  state_->unreadable = file.string();
  state_->unreadable_from = from;
  state_->unreadable_to = to;
}

// ---- to hold still and look ----

void PowercutSpoolDisk::hold_syncs(bool hold) {
  const std::lock_guard lock(state_->mutex);
  state_->hold = hold;
  state_->changed.notify_all();
}

void PowercutSpoolDisk::await_held_sync() const {
  std::unique_lock lock(state_->mutex);
  state_->changed.wait(lock, [this] { return state_->held > 0; });
}

std::int64_t PowercutSpoolDisk::syncs() const {
  const std::lock_guard lock(state_->mutex);
  return state_->syncs;
}

std::string PowercutSpoolDisk::content(const fs::path& file) const {
  const std::lock_guard lock(state_->mutex);
  const auto found = state_->disk.find(file.string());
  return found ? found->content() : std::string();
}

void PowercutSpoolDisk::overwrite(const fs::path& file, std::int64_t offset, std::string_view bytes) {
  const std::lock_guard lock(state_->mutex);
  auto found = state_->disk.find(file.string());
  if (!found) found = state_->disk.create(file.string());
  state_->names.insert(file.string());
  found->write(offset, bytes);
  state_->disk.sync(*found);
}

void PowercutSpoolDisk::replace(const fs::path& file, std::string_view bytes) {
  {
    const std::lock_guard lock(state_->mutex);
    state_->disk.remove(file.string(), true);
  }
  overwrite(file, 0, bytes);
}

}  // namespace miniops::spool
