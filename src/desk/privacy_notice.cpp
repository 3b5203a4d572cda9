#include "desk/privacy_notice.hpp"

#include "base/json.hpp"

namespace miniops::desk {

namespace {

constexpr std::size_t text_bytes_max = 2048;  // WeChat's

std::string line_of(const Settings& settings, std::string_view language) {
  return (language == "en" ? "\nPrivacy notice: " : "\n隐私政策：") + settings.privacy_link;
}

}  // namespace

json::object to_json(const PrivacyNotice& notice) {
  return {{"version", notice.version}, {"link", notice.link}, {"state", notice.state}, {"at", notice.at}};
}

bool has_notice(const Settings& settings) {
  return !settings.privacy_link.empty() && !settings.privacy_version.empty();
}

bool carry_notice(std::vector<ToSend>& replies, const Settings& settings, std::string_view language) {
  const std::string line = line_of(settings, language);
  for (ToSend& reply : replies) {
    if (!std::holds_alternative<wechat::SendText>(reply.message)) continue;
    if (reply.text.size() + line.size() > text_bytes_max) continue;
    replace_text(reply, reply.text + line);
    return true;
  }
  return false;
}

bool carries_notice(const ToSend& reply, const Settings& settings) {
  return std::holds_alternative<wechat::SendText>(reply.message) && reply.text.ends_with(settings.privacy_link);
}

namespace store {

bool notice_given(sql::Transaction& tx, ThreadId thread, std::string_view version) {
  return tx
      .query_one("SELECT 1 FROM desk_privacy_notices WHERE thread_id = $1 AND version = $2 AND state <> 'failed'",
                 {thread, version})
      .has_value();
}

void put_notice(sql::Transaction& tx, const PrivacyNotice& notice) {
  tx.execute(
      "INSERT INTO desk_privacy_notices (thread_id, version, appid, link, message_id, state, at) VALUES "
      "($1,$2,$3,$4,$5,$6,$7) ON CONFLICT (thread_id, version) DO UPDATE SET link = excluded.link, message_id = "
      "excluded.message_id, state = excluded.state, at = excluded.at",
      {notice.thread, notice.version, notice.appid, notice.link, notice.message, notice.state, notice.at});
}

void notice_delivered(sql::Transaction& tx, MessageId message, bool accepted, TimeMs at) {
  tx.execute("UPDATE desk_privacy_notices SET state = $2, at = $3 WHERE message_id = $1",
             {message, accepted ? "shown" : "failed", at});
}

std::vector<PrivacyNotice> notices_of(sql::Transaction& tx, ThreadId thread) {
  std::vector<PrivacyNotice> notices;
  for (const sql::Row& row : tx.query("SELECT thread_id, version, appid, link, message_id, state, at FROM "
                                      "desk_privacy_notices WHERE thread_id = $1 ORDER BY at DESC, version LIMIT 100",
                                      {thread}))
    notices.push_back({row.id<ThreadId>(0), row.id<AppId>(2), row.text(1), row.text(3), row.id<MessageId>(4),
                       row.text(5), row.integer(6)});
  return notices;
}

}  // namespace store
}  // namespace miniops::desk
