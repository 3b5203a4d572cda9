// The program's time: the real one, unless a test moves it.
#pragma once

#include <filesystem>

#include "base/clock.hpp"
#include "base/error.hpp"

namespace miniops::app {

// Safe from any thread once follow() has returned.
class ProgramClock final : public Clock {
 public:
  ProgramClock() = default;
  ~ProgramClock() override;
  ProgramClock(const ProgramClock&) = delete;
  ProgramClock& operator=(const ProgramClock&) = delete;

  // From now on the time is the real one plus the milliseconds that the file holds: 8 bytes, little endian. Whoever
  // writes them moves, at once, the time of all programs that follow the file, and of those that start later. None when
  // `file` is empty. app.config_invalid
  Result<void> follow(const std::filesystem::path& file);
  bool is_moved() const { return moved_by_ != nullptr; }

  TimeMs now() const override;

 private:
  const SystemClock system_;
  TimeMs* moved_by_ = nullptr;  // the file, mapped to be read
};

}  // namespace miniops::app
