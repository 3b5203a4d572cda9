// Signals of the past: each figure is fetched once for the whole time and answered from memory, so that a rule can be
// run over weeks as it runs live. Private to the module.
#pragma once

#include "alerts/signals.hpp"

namespace miniops::alerts {

class PastSignals final : public Signals {
 public:
  // Questions within [from, to) are answered from what is fetched; others are passed on.
  PastSignals(Signals& live, TimeMs from, TimeMs to) : live_(live), from_(from), to_(to) {}
  Task<Result<std::vector<Sample>>> ask(Question question) override;

 private:
  struct Fetched {
    Question question;              // from … to: what was fetched
    std::vector<Sample> samples{};  // in order of time
  };
  Task<Result<const Fetched*>> fetched(const Question& question);

  Signals& live_;
  const TimeMs from_, to_;
  std::vector<std::unique_ptr<Fetched>> all_;
};

}  // namespace miniops::alerts
