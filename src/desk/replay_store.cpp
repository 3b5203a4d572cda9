#include "desk/replay_store.hpp"

#include "desk/conversation.hpp"

namespace miniops::desk::store {

std::int64_t count_opened(sql::Transaction& tx, const AppId& appid, TimeMs since, std::int64_t count_max) {
  return tx
      .query_one(
          "SELECT COUNT(*) FROM (SELECT 1 FROM desk_conversations WHERE appid = $1 AND opened_at >= $2 LIMIT $3) "
          "AS opened",
          {appid, since, count_max})
      .value()
      .integer(0);
}

routing::GroupId first_group(sql::Transaction& tx, ConversationId id) {
  const auto row = tx.query_one(
      "SELECT to_value FROM desk_events WHERE conversation_id = $1 AND kind = 'routed' AND actor_kind = 'rule' "
      "ORDER BY at, id LIMIT 1",
      {id});
  if (!row) return teams::default_group;  // no rule chose
  return parse_as<routing::GroupId>(row->text(0)).value_or(teams::default_group);
}

}  // namespace miniops::desk::store
