// The connections on which questions are asked, and the watch that stops those that take too long. Private to
// storage/events.
#pragma once

#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>

#include "storage/events/duckdb_connection.hpp"

namespace miniops::events {

class Askers {
 public:
  Askers(DuckDatabase& database, int count, int question_ms_max);
  ~Askers();
  Askers(const Askers&) = delete;
  Askers& operator=(const Askers&) = delete;

  // Waits for a connection, runs `question` on it, and interrupts it when its time is over. The failures of the engine
  // come as errors. A question that found a table gone is run again: it was dropped after the question had looked
  // which there are.
  template <class F>
  auto ask(F question) -> Result<std::invoke_result_t<F&, DuckConnection&>> {
    Asker& asker = take();
    for (int again = again_max;; --again) {
      try {
        auto answer = question(asker.connection);
        give_back(asker);
        return answer;
      } catch (const DuckFailure& failure) {
        if (again > 0 && failure.kind() == DuckFailure::Kind::gone) continue;
        give_back(asker);
        return std::unexpected(told(failure));
      }
    }
  }

  // Runs `work` when no question is under way; those that come meanwhile wait.
  template <class F>
  void alone(F work) {
    const Pause pause(*this);
    work();
  }

 private:
  static constexpr int again_max = 10;  // days go one after the other
  using Time = std::chrono::steady_clock::time_point;
  struct Asker {
    explicit Asker(DuckDatabase& database) : connection(database) {}
    DuckConnection connection;
    bool busy = false;
    Time until = Time::max();
  };
  struct Pause {
    explicit Pause(Askers& askers_given);
    ~Pause();
    Pause(const Pause&) = delete;
    Pause& operator=(const Pause&) = delete;
    Askers& askers;
  };
  Asker& take();
  void give_back(Asker& asker);
  static Error told(const DuckFailure& failure);
  void watch();

  const std::chrono::milliseconds time_max_;
  std::mutex mutex_;
  std::condition_variable freed_, changed_;
  std::vector<std::unique_ptr<Asker>> askers_;
  bool closing_ = false, paused_ = false;
  std::thread watch_;
};

}  // namespace miniops::events
