#include "desk/sight.hpp"

#include <fmt/format.h>

#include "desk/errors.hpp"
#include "desk/store.hpp"

namespace miniops::desk {

Result<void> may_see(sql::Transaction& tx, const ReadScope& scope, ThreadId thread) {
  sql::Params params{thread};
  const std::string covered = covered_by(scope, params);
  if (covered.empty()) return {};
  const std::string select =
      fmt::format("SELECT 1 FROM desk_conversations c WHERE c.thread_id = $1{} LIMIT 1", covered);
  if (tx.query_one(select, params)) return {};
  return fail(errors::other_group());
}

namespace {

// The first message that it came with: thread and conversation.
std::optional<sql::Row> message_with(sql::Transaction& tx, const AppId& appid, const std::string& media_id) {
  return tx.query_one(
      "SELECT m.thread_id, m.conversation_id FROM desk_media d JOIN desk_messages m ON m.id = d.message_id "
      "WHERE d.appid = $1 AND d.media_id = $2",
      {appid, media_id});
}

}  // namespace

std::string Sight::condition(const identity::Access& access, std::string_view profile, sql::Params& params) const {
  const std::string covered = covered_by(read_scope(access, *setups_.of(access.appid())), params);
  if (covered.empty()) return "";
  return fmt::format(
      " AND EXISTS (SELECT 1 FROM desk_threads v JOIN desk_conversations c ON c.thread_id = v.id WHERE v.profile = "
      "{}{})",
      profile, covered);
}

Result<void> Sight::may_see_media(sql::Transaction& tx, const identity::Access& access,
                                  const std::string& media_id) const {
  const ReadScope scope = read_scope(access, *setups_.of(access.appid()));
  if (!scope.groups) return {};
  const auto row = message_with(tx, access.appid(), media_id);
  if (!row) return fail(errors::other_group());
  const auto conversation = store::find_conversation(tx, row->id<ConversationId>(1));
  return conversation ? may_read(scope, *conversation) : may_see(tx, scope, row->id<ThreadId>(0));
}

live::Audience Sight::audience_of_media(sql::Transaction& tx, const AppId& appid, const std::string& media_id) const {
  const auto row = message_with(tx, appid, media_id);
  if (!row) return {};
  const auto conversation = store::find_conversation(tx, row->id<ConversationId>(1));
  return conversation ? audience_of(*conversation) : live::Audience{};
}

Result<void> Sight::may_see_conversation(sql::Transaction& tx, const identity::Access& access,
                                         ConversationId id) const {
  const auto conversation = store::find_conversation(tx, id);
  if (!conversation || conversation->appid != access.appid()) return {};
  return may_read(read_scope(access, *setups_.of(access.appid())), *conversation);
}

}  // namespace miniops::desk
