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
  // come as errors.
  template <class F>
  auto ask(F question) -> Result<std::invoke_result_t<F&, DuckConnection&>> {
    Asker& asker = take();
    try {
      auto answer = question(asker.connection);
      give_back(asker);
      return answer;
    } catch (const DuckFailure& failure) {
      give_back(asker);
      return std::unexpected(noted(failure));
    }
  }

 private:
  using Time = std::chrono::steady_clock::time_point;
  struct Asker {
    explicit Asker(DuckDatabase& database) : connection(database) {}
    DuckConnection connection;
    bool busy = false;
    Time until = Time::max();
  };
  Asker& take();
  void give_back(Asker& asker);
  static Error noted(const DuckFailure& failure);
  void watch();

  const std::chrono::milliseconds time_max_;
  std::mutex mutex_;
  std::condition_variable freed_, changed_;
  std::vector<std::unique_ptr<Asker>> askers_;
  bool closing_ = false;
  std::thread watch_;
};

}  // namespace miniops::events
