#include "storage/sql/postgres_notices.hpp"

#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "base/log.hpp"

namespace miniops::sql {

namespace {
constexpr auto reconnect_interval = std::chrono::seconds(1);
constexpr int poll_ms = 1000;
constexpr std::size_t payload_max = 7000;  // the server takes 8,000 bytes
}  // namespace

PostgresNotices::PostgresNotices(std::string address)
    : address_(std::move(address)), wake_fd_(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
  thread_ = std::thread([this] { loop(); });
}

PostgresNotices::~PostgresNotices() {
  {
    const std::lock_guard lock(mutex_);
    closing_ = true;
  }
  wake();
  thread_.join();
  ::close(wake_fd_);
}

void PostgresNotices::wake() {
  const std::uint64_t one = 1;
  [[maybe_unused]] const auto written = ::write(wake_fd_, &one, sizeof one);
}

void PostgresNotices::notify(std::string topic, std::string payload) {
  {
    const std::lock_guard lock(mutex_);
    pending_.add(std::move(topic), std::move(payload));
  }
  wake();
}

void PostgresNotices::listen(std::string topic, Database::Listener listener) {
  listeners_.add(std::move(topic), std::move(listener));
}

void PostgresNotices::connect() {
  if (connection_ || std::chrono::steady_clock::now() < next_connect_) return;
  next_connect_ = std::chrono::steady_clock::now() + reconnect_interval;
  try {
    auto connection = std::make_unique<PostgresConnection>(address_);
    connection->control("LISTEN miniops");
    connection_ = std::move(connection);
  } catch (const EngineFailure& failure) {
    log::warn("storage.listen_failed", {{"problem", failure.what()}});
  }
}

void PostgresNotices::send(const std::deque<PendingNotices::Notice>& notices) {
  if (!connection_) return;
  std::vector<std::string> texts;
  for (const auto& [topic, payload] : notices) {
    if (topic.size() + payload.size() < payload_max) texts.push_back(topic + '\n' + payload);
  }
  std::vector<Params> rows;
  for (const auto& text : texts) rows.push_back({text});
  try {
    connection_->execute_many("SELECT pg_notify('miniops', $1)", rows);
  } catch (const EngineFailure&) {
    connection_.reset();  // a notice can be lost
  }
}

void PostgresNotices::receive() {
  if (!connection_) return;
  if (PQconsumeInput(connection_->handle()) != 1) {
    connection_.reset();
    return;
  }
  const int own = PQbackendPID(connection_->handle());
  using Notify = std::unique_ptr<PGnotify, decltype([](PGnotify* n) { PQfreemem(n); })>;
  while (const Notify notice{PQnotifies(connection_->handle())}) {
    const std::string_view text = notice->extra;
    const auto split = text.find('\n');
    if (notice->be_pid == own || split == std::string_view::npos) continue;
    listeners_.call(std::string(text.substr(0, split)), std::string(text.substr(split + 1)));
  }
}

void PostgresNotices::wait_for_work() {
  std::array<pollfd, 2> watched{pollfd{wake_fd_, POLLIN, 0},
                                pollfd{connection_ ? PQsocket(connection_->handle()) : -1, POLLIN, 0}};
  ::poll(watched.data(), watched.size(), poll_ms);
  std::uint64_t ignored = 0;
  [[maybe_unused]] const auto read = ::read(wake_fd_, &ignored, sizeof ignored);
}

void PostgresNotices::loop() {
  auto next_send = std::chrono::steady_clock::now();
  for (;;) {
    connect();
    receive();
    std::this_thread::sleep_until(next_send);
    std::deque<PendingNotices::Notice> notices;
    {
      const std::lock_guard lock(mutex_);
      if (closing_) return;
      notices = pending_.take();
    }
    if (!notices.empty()) {
      next_send = std::chrono::steady_clock::now() + notice_interval;
      for (const auto& [topic, payload] : notices) listeners_.call(topic, payload);
      send(notices);
    }
    wait_for_work();
  }
}

}  // namespace miniops::sql
