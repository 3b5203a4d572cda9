// The use cases of people: how texts are checked, and by whom. Each takes the proof of access; changes are audited and
// act at once. Safe from any thread.
#pragma once

#include "base/random.hpp"
#include "content_check/checks.hpp"
#include "identity/access.hpp"

namespace miniops::content_check {

using identity::Access;

struct Setup {
  Settings settings;
  std::vector<Outside> checkers;
};

// The secret is shown this once.
struct WithSecret {
  Outside checker;
  std::string secret;
};

// What a request gives of a checker; a new one has a name and an address.
struct Given {
  std::optional<std::string> name{}, address{};
  std::optional<Action> action{};
  std::optional<Failing> unanswered{};
  std::optional<bool> enabled{};
};

class Service {
 public:
  struct Collaborators {
    sql::Database& database;
    sql::ConfigVersion& version;
    const Sealer& sealer;
    const Clock& clock;
    Random& random;
    IdSource& ids;
    const WebhookAsker& webhook;
    Checks& checks;
  };
  explicit Service(const Collaborators& with) : with_(with) {}

  Task<Result<Setup>> setup(Access access);
  // When `settings.version` is still that which is stored: else content_check.changed.
  Task<Result<Settings>> set_settings(Access access, Settings settings);

  // content_check.too_many, content_check.address_not_allowed
  Task<Result<WithSecret>> add(Access access, Given given);
  Task<Result<Outside>> change(Access access, CheckerId id, std::int64_t version, Given given);
  Task<Result<void>> remove(Access access, CheckerId id);
  // Another secret, at once: the one before signs nothing any more.
  Task<Result<WithSecret>> renew_secret(Access access, CheckerId id);
  // What it says to a text, now, also when it is switched off.
  Task<Result<Answer>> test(Access access, CheckerId id, std::string text);

 private:
  struct Note {
    std::string action, object;
  };
  template <class T, class Change>
  Task<Result<T>> configure(Access access, Note note, Change change);
  Task<void> act_at_once();
  Result<void> check_address(const std::optional<std::string>& address) const;

  const Collaborators with_;
};

}  // namespace miniops::content_check
