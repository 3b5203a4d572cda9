// What goes wrong on purpose: the next calls to an API are slow, refused, answered with nonsense, or cut off.
// Not thread-safe.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "base/random.hpp"

namespace miniops::sandbox {

struct Fault {
  enum class Disconnect { none, before, after };  // before or after the call had its effect
  static constexpr std::int64_t unlimited = -1;

  std::string api;  // "message/custom/send", or "*"
  std::optional<int> errcode{};
  std::string errmsg{};
  TimeMs delay_ms = 0;  // in real time
  Disconnect disconnect = Disconnect::none;
  int status = 0;  // with `answer`: what comes back instead of WeChat's answer, with no effect
  std::string answer{};
  std::int64_t times = 1;
  double rate = 1;
};

class FaultPlan {
 public:
  static constexpr std::size_t faults_max = 100;
  bool add(Fault fault);  // false: there are too many
  void clear() { faults_.clear(); }
  // The first fault that strikes this call; a fault without times left goes.
  std::optional<Fault> draw(std::string_view api, Random& random);
  const std::vector<Fault>& faults() const { return faults_; }

 private:
  std::vector<Fault> faults_;
};

// True with the given probability.
bool chance(double rate, Random& random);

}  // namespace miniops::sandbox
