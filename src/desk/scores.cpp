#include "desk/scores.hpp"

namespace miniops::desk {

namespace {

// With anonymous scores nothing says whose it is: neither the customer nor the conversation, nor who had it.
json::object told_of(const satisfaction::Scored& scored, const OpenId& openid) {
  json::object data{{"score", scored.score},
                    {"comment", ""},
                    {"conversation_id", nullptr},
                    {"openid", nullptr},
                    {"agent_id", nullptr}};
  if (scored.anonymous) return data;
  data["comment"] = scored.comment;
  data["conversation_id"] = scored.conversation.str();
  data["openid"] = openid.str();
  if (!scored.agent.empty()) data["agent_id"] = scored.agent.str();
  return data;
}

}  // namespace

void Scores::on_score(sql::Transaction& tx, const satisfaction::Scored& scored, TimeMs now) {
  auto conversation = store::find_conversation(tx, ConversationId(scored.conversation.value()));
  if (!conversation) return;  // deleted with its person
  const Actor customer{SenderKind::customer, conversation->openid.str(), {}};
  const std::string shown = scored.anonymous ? "" : std::to_string(scored.score);
  Recorder recorder(tx, common_, now);
  recorder.event(*conversation, {"rated", "", shown, customer});
  if (common_.events.wanted(scored.appid, webhooks::Kind::satisfaction_scored))
    common_.events.emit(tx, {webhooks::Kind::satisfaction_scored, scored.appid, conversation->openid, now,
                             told_of(scored, conversation->openid)});
  // Who files a reply has the conversation in hands, and begins the rules; anonymous scores begin none.
  if (scored.anonymous || scored.replied) return;
  recorder.happened(*conversation, {automation::EventKind::scored, scored.score});
  if (!recorder.automate(*conversation)) return;  // cannot be: it was loaded in this transaction
}

}  // namespace miniops::desk
