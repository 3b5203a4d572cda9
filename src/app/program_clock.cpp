#include "app/program_clock.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <bit>

namespace miniops::app {

namespace {

static_assert(std::endian::native == std::endian::little);

// nullptr: there is no such file, or it is no clock.
void* mapped(const std::filesystem::path& file) {
  const int handle = ::open(file.c_str(), O_RDONLY | O_CLOEXEC);
  if (handle < 0) return nullptr;
  struct stat status{};
  void* bytes = MAP_FAILED;
  if (::fstat(handle, &status) == 0 && status.st_size == sizeof(TimeMs))
    bytes = ::mmap(nullptr, sizeof(TimeMs), PROT_READ, MAP_SHARED, handle, 0);
  ::close(handle);
  return bytes == MAP_FAILED ? nullptr : bytes;
}

}  // namespace

ProgramClock::~ProgramClock() {
  if (moved_by_ != nullptr) ::munmap(moved_by_, sizeof(TimeMs));
}

Result<void> ProgramClock::follow(const std::filesystem::path& file) {
  if (file.empty()) return {};
  moved_by_ = static_cast<TimeMs*>(mapped(file));
  if (moved_by_ == nullptr)
    return fail(ErrorKind::invalid, "app.config_invalid",
                fmt::format("{}: a file of 8 bytes is needed, which says by how many milliseconds the time is moved",
                            file.string()));
  return {};
}

TimeMs ProgramClock::now() const {
  const TimeMs now = system_.now();
  return moved_by_ == nullptr ? now : now + std::atomic_ref(*moved_by_).load(std::memory_order_relaxed);
}

}  // namespace miniops::app
