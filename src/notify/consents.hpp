// Consents to subscribe messages 订阅授权: each time a person accepts a template, one message of it may be sent. WeChat
// counts; so do we, from its events, to know before and to show what remains.
#pragma once

#include <optional>
#include <vector>

#include "storage/sql/database.hpp"
#include "wechat/message.hpp"

namespace miniops::notify {

struct Consent {
  OpenId openid;
  std::string template_id;
  std::int64_t remaining = 0, spent = 0;
  TimeMs updated_at = 0;
};

// subscribe_msg_popup_event: each accept is one more. subscribe_msg_change_event: a refusal ends all of them. Other
// events change nothing.
void note_consents(sql::Transaction& tx, const AppId& appid, const OpenId& openid, const wechat::SubscribeEvent& event,
                   TimeMs now);

// nullopt: we have seen none being given; there may be some from before our time.
std::optional<std::int64_t> remaining_consents(sql::Transaction& tx, const AppId& appid, const OpenId& openid,
                                               std::string_view template_id);
// A message was sent, or may have been.
void spend_consent(sql::Transaction& tx, const AppId& appid, const OpenId& openid, std::string_view template_id,
                   TimeMs now);
// WeChat says that there is none (43101).
void end_consents(sql::Transaction& tx, const AppId& appid, const OpenId& openid, std::string_view template_id,
                  TimeMs now);

// The person is deleted; how many rows went.
std::int64_t forget_consents(sql::Transaction& tx, const AppId& appid, const OpenId& openid);

struct ConsentFilter {
  std::string openid{}, template_id{};
};
struct ConsentPlace {
  std::string openid, template_id;
};
std::vector<Consent> list_consents(sql::Transaction& tx, const AppId& appid, const ConsentFilter& filter,
                                   const std::optional<ConsentPlace>& after, int limit);

}  // namespace miniops::notify
