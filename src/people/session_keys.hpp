// The secret of each mini program that signs session-from: shown once, when it is made, to whoever puts it on the mini
// program's server. Safe from any thread.
#pragma once

#include <optional>

#include "base/random.hpp"
#include "base/seal.hpp"
#include "identity/access.hpp"
#include "people/session_from.hpp"
#include "storage/sql/database.hpp"

namespace miniops::people {

class SessionKeys {
 public:
  struct Collaborators {
    sql::Database& database;
    const Clock& clock;
    Random& random;
    IdSource& ids;
    const Sealer& sealer;
  };
  explicit SessionKeys(const Collaborators& with) : with_(with) {}

  struct State {
    std::string made_by;
    TimeMs made_at = 0;
    TimeMs previous_until = 0;  // until when the key before still holds; 0: there was none
  };
  // nullopt: none was made, so that nothing is trusted.
  Task<Result<std::optional<State>>> state(identity::Access access);
  // Makes the first or another one; what it is. The one before holds for another day. Audited.
  Task<Result<std::string>> make(identity::Access access);
  // What a text that a customer's phone would send says now.
  Task<Result<SignedParameters>> check(identity::Access access, std::string session_from, std::string openid);

  // The parameters of an arriving text, by the key of the mini program or the one before it. base.seal_broken
  Result<SignedParameters> read(sql::Transaction& tx, const AppId& appid, std::string_view session_from,
                                const SessionFromArrival& arrival) const;

 private:
  const Collaborators with_;
};

}  // namespace miniops::people
