#include "sandbox/feed.hpp"

#include <algorithm>
#include <boost/json.hpp>

namespace miniops::sandbox {

void Feed::tell(std::string_view type, std::string_view appid, boost::json::object data) {
  const std::lock_guard guard(mutex_);
  if (listeners_.empty()) return;
  boost::json::object line{{"type", type}, {"appid", appid}};
  line["data"] = std::move(data);
  const auto text = std::make_shared<const std::string>(boost::json::serialize(line));
  for (net::WebSocket* listener : listeners_) listener->post(text);
}

bool Feed::anybody() const {
  const std::lock_guard guard(mutex_);
  return !listeners_.empty();
}

Task<void> Feed::listen(net::WebSocket& socket) {
  // Leaves the list however the coroutine ends, also when it is destroyed.
  struct Seat {
    Feed& feed;
    net::WebSocket* socket;
    ~Seat() {
      const std::lock_guard guard(feed.mutex_);
      std::erase(feed.listeners_, socket);
    }
  };
  {
    const std::lock_guard guard(mutex_);
    listeners_.push_back(&socket);
  }
  const Seat seat{*this, &socket};
  while (true) {
    const auto received = co_await socket.receive();
    if (!received) break;
  }
}

}  // namespace miniops::sandbox
