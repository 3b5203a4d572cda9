// LISTEN/NOTIFY on a connection and a thread of its own, so that commits are not slowed down. Private to storage/sql.
#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <thread>

#include "storage/sql/notices.hpp"
#include "storage/sql/postgres_connection.hpp"

namespace miniops::sql {

// This process's listeners are told directly, other nodes' through the server. Without a connection only the former
// are; it is tried again every second. Safe from any thread.
class PostgresNotices {
 public:
  explicit PostgresNotices(std::string address);
  ~PostgresNotices();
  void notify(std::string topic, std::string payload);
  void listen(std::string topic, Database::Listener listener);

 private:
  void loop();
  void connect();
  void send(const std::deque<PendingNotices::Notice>& notices);
  void receive();
  void wait_for_work();
  void wake();

  const std::string address_;
  Listeners listeners_;
  std::mutex mutex_;
  PendingNotices pending_;
  bool closing_ = false;
  int wake_fd_;
  std::unique_ptr<PostgresConnection> connection_;  // the thread's
  std::chrono::steady_clock::time_point next_connect_{};
  std::thread thread_;
};

}  // namespace miniops::sql
