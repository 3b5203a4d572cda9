// The use cases of the console: targets, the clocks of a conversation, what was too late, and how much was kept. Each
// takes the proof of access to the mini program. Safe from any thread.
#pragma once

#include <functional>

#include "service_levels/store.hpp"

namespace miniops::service_levels {

using identity::Access;

struct ClockPage {
  std::vector<ServiceClock> items{};
  store::Before next{};
};

class Service {
 public:
  struct Collaborators {
    sql::Database& database;
    const Clock& clock;
    IdSource& ids;
    // What it fails with is answered to whoever asks for a conversation's clocks. Empty: whoever may read, may.
    std::function<Result<void>(sql::Transaction&, const Access&, ConversationId)> may_see{};
  };
  explicit Service(const Collaborators& with) : with_(with) {}

  Task<Result<Targets>> targets(Access access);
  // All of them at once, when `version` is still that which is stored: else service_levels.changed. Audited. Clocks
  // that run keep what they were started with.
  Task<Result<Targets>> set_targets(Access access, Targets targets);

  // The newest first.
  Task<Result<ClockPage>> clocks(Access access, ConversationId conversation, store::Before before, int limit);
  Task<Result<ClockPage>> breaches(Access access, BreachFilter filter, store::Before before, int limit);
  Task<Result<std::vector<Tally>>> tally(Access access, TallyQuestion question);

 private:
  const Collaborators with_;
};

}  // namespace miniops::service_levels
