#include "storage/sql/config_version.hpp"

#include "base/log.hpp"

namespace miniops::sql {

namespace {
constexpr auto poll_interval = std::chrono::milliseconds(100);

Result<std::int64_t> read_version(Transaction& tx) {
  const auto row = tx.query_one("SELECT version FROM config_version WHERE id = 1");
  if (!row) return fail(ErrorKind::internal, "storage.internal", "the config version is missing: migrate first");
  return row->integer(0);
}
}  // namespace

void raise_config_version(Transaction& tx) {
  tx.execute("UPDATE config_version SET version = version + 1 WHERE id = 1");
}

Task<void> ConfigVersion::refresh() {
  const auto version = co_await database_.read(read_version);
  if (version) current_ = *version;  // else: what needs the database fails by itself
}

Task<void> ConfigVersion::run() {
  boost::asio::steady_timer timer(co_await boost::asio::this_coro::executor);
  while (!stopped_) {
    co_await refresh();
    timer.expires_after(poll_interval);
    co_await timer.async_wait(boost::asio::use_awaitable);
  }
}

}  // namespace miniops::sql
