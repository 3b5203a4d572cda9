// How one attempt to send went: what every channel says in the same words.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/clock.hpp"

namespace miniops::notify {

struct Outcome {
  enum class Kind {
    sent,
    later,      // not now: no byte has left, or the other side asks for patience
    failed,     // this message never; another one may go
    broken,     // nothing goes through this channel before a person has acted
    uncertain,  // it may have arrived: bytes have left and the answer was not read
  };
  Kind kind = Kind::failed;
  std::string reason{};  // a stable word, see docs/errors.md; empty when sent
  std::string detail{};  // what the other side said, for a person; without secrets
  TimeMs after_ms = 0;   // later: not before; 0: as we like

  static Outcome sent(std::string detail = {}) { return {Kind::sent, "", std::move(detail)}; }
  static Outcome later(std::string reason, std::string detail, TimeMs after_ms = 0) {
    return {Kind::later, std::move(reason), std::move(detail), after_ms};
  }
  static Outcome failed(std::string reason, std::string detail) {
    return {Kind::failed, std::move(reason), std::move(detail)};
  }
  static Outcome broken(std::string reason, std::string detail) {
    return {Kind::broken, std::move(reason), std::move(detail)};
  }
  static Outcome uncertain(std::string detail) { return {Kind::uncertain, "uncertain", std::move(detail)}; }
};

// One thing that was done on the way, for the test button and the log.
struct Step {
  std::string_view step;  // a constant: "connect", "login" …
  bool ok = true;
  std::string detail{};
};

struct Attempted {
  Outcome outcome;
  std::vector<Step> steps;
};

}  // namespace miniops::notify
