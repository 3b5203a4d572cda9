// Keeps the facts up with what was recorded: derives them for conversations that changed, derives all of them anew when
// definitions changed or somebody asks for it, and packs days that have become quiet.
//
// A conversation is derived from its rows in the transaction that stores its facts and takes it off the list, so that
// whatever is recorded meanwhile puts it there again. Each step is one bounded piece; true: there is more. Steps are
// run by one loop at a time, and are correct with several.
#pragma once

#include "base/task.hpp"
#include "reports/ports.hpp"

namespace miniops::reports {

class Keeper {
 public:
  struct Collaborators {
    sql::Database& database;
    const Clock& clock;
    Source& source;
  };
  explicit Keeper(const Collaborators& with) : with_(with) {}

  Task<Result<bool>> derive_step();
  Task<Result<bool>> rebuild_step();
  Task<Result<bool>> pack_step();

 private:
  // The same customer's conversation before, when its facts change with this one's coming or going.
  std::optional<ConversationId> derive(sql::Transaction& tx, ConversationId id, TimeMs now) const;
  void derive_all(sql::Transaction& tx, std::vector<ConversationId> ids, TimeMs now) const;
  // The next by their ids, those included whose facts are there and who are not any more; up to which. None: that was
  // all.
  ConversationId derive_next(sql::Transaction& tx, ConversationId after, TimeMs now) const;

  const Collaborators with_;
};

}  // namespace miniops::reports
