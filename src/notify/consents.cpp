#include "notify/consents.hpp"

namespace miniops::notify {

namespace {

constexpr std::size_t template_id_bytes_max = 128;

void add_consent(sql::Transaction& tx, const AppId& appid, const OpenId& openid, std::string_view template_id,
                 TimeMs now) {
  tx.execute(
      "INSERT INTO notify_consents (appid, openid, template_id, remaining, spent, updated_at) VALUES ($1, $2, $3, 1, "
      "0, $4) ON CONFLICT (appid, openid, template_id) DO UPDATE SET remaining = notify_consents.remaining + 1, "
      "updated_at = $4",
      {appid, openid, template_id, now});
}

}  // namespace

void note_consents(sql::Transaction& tx, const AppId& appid, const OpenId& openid, const wechat::SubscribeEvent& event,
                   TimeMs now) {
  for (const wechat::SubscribeItem& item : event.items) {
    if (item.template_id.empty() || item.template_id.size() > template_id_bytes_max) continue;
    if (event.event == "subscribe_msg_popup_event" && item.status == "accept")
      add_consent(tx, appid, openid, item.template_id, now);
    if (event.event == "subscribe_msg_change_event" && item.status == "reject")
      end_consents(tx, appid, openid, item.template_id, now);
  }
}

std::optional<std::int64_t> remaining_consents(sql::Transaction& tx, const AppId& appid, const OpenId& openid,
                                               std::string_view template_id) {
  const auto row =
      tx.query_one("SELECT remaining FROM notify_consents WHERE appid = $1 AND openid = $2 AND template_id = $3",
                   {appid, openid, template_id});
  return row ? std::optional(row->integer(0)) : std::nullopt;
}

void spend_consent(sql::Transaction& tx, const AppId& appid, const OpenId& openid, std::string_view template_id,
                   TimeMs now) {
  tx.execute(
      "UPDATE notify_consents SET remaining = CASE WHEN remaining > 0 THEN remaining - 1 ELSE 0 END, "
      "spent = spent + 1, updated_at = $4 WHERE appid = $1 AND openid = $2 AND template_id = $3",
      {appid, openid, template_id, now});
}

void end_consents(sql::Transaction& tx, const AppId& appid, const OpenId& openid, std::string_view template_id,
                  TimeMs now) {
  tx.execute(
      "INSERT INTO notify_consents (appid, openid, template_id, remaining, spent, updated_at) VALUES ($1, $2, $3, 0, "
      "0, $4) ON CONFLICT (appid, openid, template_id) DO UPDATE SET remaining = 0, updated_at = $4",
      {appid, openid, template_id, now});
}

std::int64_t forget_consents(sql::Transaction& tx, const AppId& appid, const OpenId& openid) {
  return tx.execute("DELETE FROM notify_consents WHERE appid = $1 AND openid = $2", {appid, openid});
}

std::vector<Consent> list_consents(sql::Transaction& tx, const AppId& appid, const ConsentFilter& filter,
                                   const std::optional<ConsentPlace>& after, int limit) {
  const ConsentPlace from = after.value_or(ConsentPlace{});
  std::vector<Consent> all;
  for (const sql::Row& row :
       tx.query("SELECT openid, template_id, remaining, spent, updated_at FROM notify_consents WHERE appid = $1 AND "
                "(openid = $2 OR $2 = '') AND (template_id = $3 OR $3 = '') AND (openid > $4 OR (openid = $4 AND "
                "template_id > $5)) ORDER BY openid, template_id LIMIT $6",
                {appid, filter.openid, filter.template_id, from.openid, from.template_id, limit}))
    all.push_back({row.id<OpenId>(0), row.text(1), row.integer(2), row.integer(3), row.integer(4)});
  return all;
}

}  // namespace miniops::notify
