#include "desk/ratings.hpp"

#include <array>

#include "base/json.hpp"
#include "calendar/time_zone.hpp"
#include "desk/automatic.hpp"
#include "desk/placement.hpp"
#include "desk/recorder.hpp"
#include "satisfaction/day.hpp"

namespace miniops::desk {

namespace {

using satisfaction::Heard;
using satisfaction::Question;
using satisfaction::Reply;

constexpr std::string_view rated_text = "客户已评价";

satisfaction::ConversationId survey_key(ConversationId id) { return satisfaction::ConversationId(id.value()); }

ToSend sending_of(const Question& question) {
  ToSend sending;
  if (question.card) {
    sending.message = wechat::SendMiniProgramPage{question.card->title, question.card->page_path, ""};
    sending.picture_id = question.card->picture_id;
  } else {
    sending.text = question.text;
    sending.message = wechat::SendText{question.text};
  }
  return sending;
}

// As agents see it: with the link they could rate in the customer's name.
Question without_link(Question question) {
  if (question.token.empty()) return question;
  std::string& holder = question.card ? question.card->page_path : question.text;
  if (const auto at = holder.rfind(question.token); at != std::string::npos)
    holder.replace(at, question.token.size(), "…");
  return question;
}

}  // namespace

void Ratings::closed(sql::Transaction& tx, Recorder& recorder, Thread& thread, Conversation& conversation,
                     TimeMs now) const {
  const auto config = with_.configs.of(conversation.appid);
  const Channel& channel = with_.channels.of(conversation.channel);
  const auto budget = channel.budget(tx, conversation.appid, conversation.openid, now);
  const auto clock = calendar::wall_clock(config->hours.time_zone, conversation.opened_at);
  satisfaction::ClosedConversation facts;
  facts.appid = conversation.appid;
  facts.conversation = survey_key(conversation.id);
  facts.thread = satisfaction::ThreadId(thread.id.value());
  facts.profile = satisfaction::ProfileId(thread.profile.value());
  for (const people::ProfileId one : with_.directory.same_person(tx, thread.profile))
    facts.same_person.emplace_back(one.value());
  facts.agent = conversation.assignee;
  facts.group = satisfaction::GroupId(conversation.placement.group.value());
  facts.day = satisfaction::day_at(conversation.opened_at, clock.offset_ms);
  facts.human_answered = store::human_answered(tx, conversation);
  facts.blocked = with_.directory.blocked(tx, thread.profile, now);
  facts.window_ends_at = budget ? budget->expires_at : std::numeric_limits<TimeMs>::max();
  facts.remaining = budget ? for_automatic(channel, *budget) : std::numeric_limits<int>::max();
  facts.cards = channel.capabilities().can_send("miniprogrampage");
  facts.language = language_of(thread);
  if (const auto question = with_.surveys.closed(tx, facts, now))
    ask(tx, recorder, thread, conversation, *question, now);
}

// Its text does not go through the word list: a token may hold a word.
void Ratings::ask(sql::Transaction& tx, Recorder& recorder, Thread& thread, Conversation& conversation,
                  const Question& question, TimeMs now) const {
  Message message;
  message.id = with_.ids.next_as<MessageId>();
  message.created_at = now;
  message.sender_kind = SenderKind::system;
  message.cause = rating_cause;
  const Actor actor = Actor::system(message.cause);
  const auto sent = hand_over_automatic(tx, with_.channels, thread, sending_of(question), message, now);
  if (!sent) {
    with_.surveys.refused(tx, survey_key(conversation.id));
    recorder.event(conversation, {"reply_refused", "", sent.error().code, actor, sent.error().message});
    return;
  }
  const ToSend shown = sending_of(without_link(question));
  const Content content = content_of(shown.message, shown.picture_id);
  message.body = json::serialize(content.body);
  add_message(thread, conversation, message, content.summary);
  store::insert_message(tx, message);
  store::save_thread(tx, thread);
  recorder.changed(message, conversation);
  recorder.event(conversation, {"survey_asked", "", "", actor});
}

void Ratings::delivered(sql::Transaction& tx, const Message& message, const gateway::DeliveryUpdate& update) const {
  if (message.cause != rating_cause || message.sender_kind != SenderKind::system) return;
  const auto conversation = survey_key(message.conversation_id);
  if (update.state == gateway::DeliveryState::sent) with_.surveys.accepted(tx, conversation, update.at);
  if (update.state == gateway::DeliveryState::failed) with_.surveys.refused(tx, conversation);
}

Heard Ratings::heard(sql::Transaction& tx, const Thread& thread, std::string_view text, TimeMs at) const {
  const bool asked_else = store::machine_spoke_last(tx, thread.id);
  return with_.surveys.heard(tx, satisfaction::ThreadId(thread.id.value()), {text, at, asked_else});
}

Result<std::optional<satisfaction::Statement>> Ratings::said(sql::Transaction& tx, ConversationId id) const {
  return with_.surveys.said(tx, survey_key(id));
}

void Ratings::forget(sql::Transaction& tx, people::ProfileId profile) const {
  with_.surveys.forget(tx, std::array{satisfaction::ProfileId(profile.value())});
}

bool is_filed(const Heard& heard) {
  return heard.reply == Reply::score || heard.reply == Reply::comment || heard.reply == Reply::repeated;
}

std::string mark_as_reply(Message& message, const Heard& heard, std::string summary) {
  message.cause = rating_cause;
  if (!heard.anonymous) return summary;
  message.body = json::serialize(json::object{{"content", rated_text}});
  message.original.clear();
  message.hidden.clear();
  message.sealed.clear();
  message.flagged.clear();
  return std::string(rated_text);
}

std::optional<Event> event_of(const Heard& heard, const Actor& customer) {
  return heard.reply == Reply::comment ? std::optional(Event{"rating_comment", "", "", customer}) : std::nullopt;
}

}  // namespace miniops::desk
