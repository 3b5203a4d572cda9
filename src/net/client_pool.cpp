#include "net/client_pool.hpp"

#include <sys/socket.h>

#include <boost/asio/any_io_executor.hpp>
#include <cerrno>

namespace miniops::net {

namespace {

// Shorter than any server's keep-alive timeout that we know of: a connection closed under a request that was just
// written leaves us not knowing whether the request was served.
constexpr auto idle_max = std::chrono::seconds(20);

const void* context_of(const boost::asio::any_io_executor& executor) {
  return &boost::asio::query(executor, boost::asio::execution::context);
}

// Nothing to read is what an idle connection has; an end, an error or unasked-for bytes make it useless.
bool looks_open(Wire& wire) {
  char byte = 0;
  const auto read = ::recv(wire.socket().native_handle(), &byte, 1, MSG_PEEK | MSG_DONTWAIT);
  return read < 0 && (errno == EAGAIN || errno == EWOULDBLOCK);
}

}  // namespace

std::unique_ptr<Wire> ClientPool::take(const boost::asio::any_io_executor& executor, const Origin& origin) {
  const void* const context = context_of(executor);
  const std::lock_guard lock(mutex_);
  forget_old(context);
  const auto found = idle_.find(Key(context, origin));
  while (found != idle_.end() && !found->second.empty()) {
    std::unique_ptr<Wire> wire = std::move(found->second.back().wire);
    found->second.pop_back();
    if (looks_open(*wire)) return wire;
  }
  return nullptr;
}

void ClientPool::give_back(const Origin& origin, std::unique_ptr<Wire> wire) {
  const void* const context = context_of(wire->get_executor());
  const std::lock_guard lock(mutex_);
  forget_old(context);
  auto& idle = idle_[Key(context, origin)];
  if (idle.size() < idle_per_origin_max_) idle.push_back({std::move(wire), std::chrono::steady_clock::now()});
}

void ClientPool::forget_old(const void* context) {
  const auto oldest = std::chrono::steady_clock::now() - idle_max;
  for (auto entry = idle_.begin(); entry != idle_.end();) {
    const bool ours = entry->first.first == context;  // others' sockets belong to another thread
    if (ours) std::erase_if(entry->second, [&](const Idle& one) { return one.since < oldest; });
    entry = ours && entry->second.empty() ? idle_.erase(entry) : std::next(entry);
  }
}

}  // namespace miniops::net
