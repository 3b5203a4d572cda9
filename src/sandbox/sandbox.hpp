// The local WeChat platform 本地模拟微信平台: WeChat's API, message pushes, and phones to chat on; no internet needed.
//
// All state is in memory and bounded. Time is the sandbox's own clock, which POST /sandbox/clock moves. Runs alone
// (`miniops sandbox`) or beside the server (`miniops demo`).
#pragma once

#include <memory>
#include <string>

#include "base/clock.hpp"
#include "base/random.hpp"
#include "net/client.hpp"
#include "net/router.hpp"
#include "net/server.hpp"
#include "sandbox/phones.hpp"

namespace miniops::sandbox {

struct Settings {
  std::string public_url{};      // where the sandbox is reached ("http://127.0.0.1:9080"); for pictures' addresses
  const Clock* clock = nullptr;  // the time before it is moved; nullptr: the system's
};

// What is given must outlive it, and `io` must have been stopped before it goes. Safe from any thread.
class Sandbox {
 public:
  Sandbox(net::IoThreads& io, net::HttpClient& client, Random& random, Settings settings);
  ~Sandbox();

  // WeChat's API, the control calls under /sandbox/, and the page at /.
  void mount(net::Router& router);

  // A mini program as POST /sandbox/apps makes it; made again, it is changed. sandbox.bad_aes_key
  Result<void> put_app(const AppConfig& config);
  // What Phones::say prepared, delivered by itself.
  void push_later(PreparedPush push);
  Phones& phones();
  World& world();

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace miniops::sandbox
