// Simulated customers for the demo: they come, ask, wait, go on when they are answered, and fall silent.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "base/random.hpp"
#include "net/server.hpp"
#include "sandbox/sandbox.hpp"

namespace miniops::sandbox {

struct SimulatorSettings {
  std::string appid;
  double customers_per_minute = 6;  // 0: nobody comes
  // Who just came, before they say anything; called by step(), must not block.
  std::function<void(const std::string& openid)> on_arrival{};
};

// Everything given must outlive it. Safe from any thread, but step() belongs to one.
class Simulator {
 public:
  Simulator(net::IoThreads& io, Sandbox& sandbox, Random& random, SimulatorSettings settings);
  ~Simulator();  // stops

  void start();  // steps twice a second, by itself
  void stop();   // nobody says anything more
  void set_rate(double customers_per_minute);

  // Whoever is due comes or speaks; returns how many did. For tests and for start().
  int step();
  std::size_t present() const;  // customers who have not gone yet

 private:
  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace miniops::sandbox
