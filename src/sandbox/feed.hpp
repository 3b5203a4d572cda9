// What happens, as it happens: JSON lines to every WebSocket that listens on /sandbox/live. Safe from any thread.
#pragma once

#include <boost/json/object.hpp>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "base/task.hpp"
#include "net/websocket.hpp"

namespace miniops::sandbox {

class Feed {
 public:
  // {"type": type, "appid": appid, "data": data}
  void tell(std::string_view type, std::string_view appid, boost::json::object data);
  bool anybody() const;
  // Runs until the socket closes.
  Task<void> listen(net::WebSocket& socket);

 private:
  mutable std::mutex mutex_;
  std::vector<net::WebSocket*> listeners_;
};

}  // namespace miniops::sandbox
