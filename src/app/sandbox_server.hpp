// The sandbox on a port of its own: for `miniops sandbox` and `miniops demo`.
#pragma once

#include <memory>
#include <string>

#include "base/error.hpp"
#include "base/random.hpp"
#include "sandbox/sandbox.hpp"

namespace miniops::app {

class SandboxServer {
 public:
  // `clock_file` as ProgramClock::follow(); empty: the real time.
  static Result<std::unique_ptr<SandboxServer>> open(const std::string& listen, std::uint64_t seed,
                                                     const std::string& clock_file = "");
  ~SandboxServer();
  std::string url() const;
  sandbox::Sandbox& sandbox();
  net::IoThreads& io();
  Random& random();
  void stop();

 private:
  struct Parts;
  explicit SandboxServer(std::unique_ptr<Parts> parts);
  std::unique_ptr<Parts> parts_;
};

}  // namespace miniops::app
