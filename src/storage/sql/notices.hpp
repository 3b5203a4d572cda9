// Notices within this process: who listens to a topic is called on a thread of its own, at most every 10 ms, with each
// distinct payload once. Private to storage/sql.
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "storage/sql/database.hpp"

namespace miniops::sql {

// Distinct notices that wait to be sent. A flood drops the oldest: whoever listens polls too. Not thread-safe.
class PendingNotices {
 public:
  using Notice = std::pair<std::string, std::string>;  // topic, payload
  void add(std::string topic, std::string payload);
  std::deque<Notice> take() { return std::exchange(waiting_, {}); }
  bool empty() const { return waiting_.empty(); }

 private:
  std::deque<Notice> waiting_;
};

// Safe from any thread.
class Listeners {
 public:
  void add(std::string topic, Database::Listener listener);
  void call(const std::string& topic, const std::string& payload) const;

 private:
  mutable std::mutex mutex_;
  std::multimap<std::string, Database::Listener> listeners_;
};

// Safe from any thread.
class LocalNotices {
 public:
  LocalNotices();
  ~LocalNotices();
  void notify(std::string topic, std::string payload);
  void listen(std::string topic, Database::Listener listener);

 private:
  void loop();

  Listeners listeners_;
  std::mutex mutex_;
  std::condition_variable wake_;
  PendingNotices pending_;
  bool closing_ = false;
  std::thread thread_;
};

inline constexpr auto notice_interval = std::chrono::milliseconds(10);

}  // namespace miniops::sql
