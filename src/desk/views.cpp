#include "desk/views.hpp"

#include "base/json.hpp"
#include "base/mask.hpp"
#include "base/text.hpp"
#include "desk/content.hpp"
#include "service_levels/views.hpp"
#include "wechat/errors.hpp"

namespace miniops::desk {

namespace {

json::value or_null(std::string_view text) { return text.empty() ? json::value(nullptr) : json::value(text); }
json::value or_null(std::int64_t number) { return number == 0 ? json::value(nullptr) : json::value(number); }

// Stored JSON is ours; should a row be damaged, the rest of the answer still comes.
json::value parsed(const std::string& text) {
  boost::system::error_code problem;
  json::value value = json::parse(text, problem);
  return problem ? json::value(nullptr) : value;
}

// The gateway's words for what keeps a message, in sentences.
struct Explained {
  std::string_view reason, zh, en;
};
constexpr std::array<Explained, 11> reasons = {{
    {"window_closed", "客户最后一条消息已超过 48 小时，微信不允许发送；客户再次来信后会自动发出。",
     "The 48 hours after the customer's last message are over. It is sent when the customer writes again."},
    {"budget_spent", "微信允许的消息条数已用完；客户再次来信后会自动发出。",
     "All messages that WeChat allows are used. It is sent when the customer writes again."},
    {"expired", "已超过可发送的时间。", "The time in which it could be sent is over."},
    {"network", "暂时连不上微信服务器，正在重试。",
     "WeChat's server cannot be reached at the moment; it is being retried."},
    {"no_token", "暂时取不到 access_token，请管理员检查小程序的密钥和 IP 白名单。",
     "WeChat gives no access_token: an administrator should check the secret and the IP white list."},
    {"wechat_busy", "微信服务器繁忙，正在重试。", "WeChat's server is busy; it is being retried."},
    {"picture_expired", "图片需要重新上传到微信，正在重试。", "The picture is uploaded to WeChat again."},
    {"quota_spent", "今天的微信接口调用次数已用完，零点后自动继续。",
     "Today's quota of WeChat's API is used up; it goes on after midnight (UTC+8)."},
    {"rate_limited", "发送太频繁，稍后自动发出。", "Too many calls at this moment; it is sent shortly."},
    {"storage", "图片暂时读不出来，正在重试。", "The picture cannot be read at the moment; it is being retried."},
    {"uncertain", "不确定微信是否已收到这条消息。", "It is not certain whether WeChat has received this message."},
}};

std::string explain_reason(const Message& message, std::string_view language) {
  const auto known = std::ranges::find(reasons, message.reason, &Explained::reason);
  if (message.errcode != 0 && (known == reasons.end() || message.state == "failed")) {
    return wechat::explain(message.errcode, language);
  }
  if (known == reasons.end()) return {};
  return std::string(language == "en" ? known->en : known->zh);
}

bool holds_free_text(std::string_view key) {
  static constexpr std::array<std::string_view, 15> keys = {
      "content",      "title", "description", "summary",  "note",          "nickname", "label", "source",
      "session_from", "raw",   "url",         "pagepath", "flagged_words", "sources",  "fields"};
  return std::ranges::find(keys, key) != keys.end();
}

void mask_value(json::value& value, bool free_text) {
  if (value.is_string()) {
    if (free_text) value = mask_personal_data(value.get_string());
  } else if (value.is_array()) {
    for (json::value& item : value.get_array()) mask_value(item, free_text);
  } else if (value.is_object()) {
    for (auto& [key, member] : value.get_object()) mask_value(member, free_text || holds_free_text(key));
  }
}

json::array hidden_json(const std::vector<HiddenPlace>& hidden) {
  json::array list;
  for (const HiddenPlace& one : hidden)
    list.push_back(json::object{
        {"position", one.position}, {"kind", one.kind}, {"field", one.field}, {"at", one.at}, {"length", one.length}});
  return list;
}

json::object shown(json::object object, const Viewer& viewer) {
  if (viewer.personal_data) return object;
  json::value whole(std::move(object));
  mask_texts(whole);
  return std::move(whole.get_object());
}

}  // namespace

void mask_texts(json::value& value) { mask_value(value, false); }

json::value to_json(const std::optional<gateway::Budget>& budget) {
  if (!budget) return nullptr;
  return {{"remaining", budget->remaining}, {"expires_at", budget->expires_at}, {"opened_by", budget->opened_by}};
}

json::object to_json(const Conversation& c, const std::optional<gateway::Budget>& budget,
                     const std::vector<service_levels::Mark>& marks, const Viewer& viewer) {
  json::object said = wrapup::to_json(c.wrap_up);
  json::value assignee(nullptr);
  json::value offer(nullptr);
  if (!c.offer.to.empty())
    offer = {{"to", {{"id", c.offer.to.str()}, {"display_name", c.offer.name}}}, {"until", c.offer.until}};
  json::array mentioned;
  for (const AccountId account : c.mentioned) mentioned.emplace_back(account.str());
  if (!c.assignee.empty()) assignee = {{"id", c.assignee.str()}, {"display_name", c.assignee_name}};
  return shown({{"id", c.id.str()},
                {"appid", c.appid.str()},
                {"thread_id", c.thread_id.str()},
                {"openid", c.openid.str()},
                {"nickname", c.nickname},
                {"channel", c.channel},
                {"state", to_string(c.state)},
                {"stage", to_string(c.stage)},
                {"assignee", std::move(assignee)},
                {"group_id", c.placement.group.str()},
                {"offer", std::move(offer)},
                {"mentioned", std::move(mentioned)},
                {"priority", c.priority},
                {"unread", c.unread},
                {"last_seq", c.last_seq},
                {"last_message", c.last_message.empty() ? json::value(nullptr) : parsed(c.last_message)},
                {"last_message_at", c.last_message_at},
                {"waiting_since", or_null(c.waiting_since)},
                {"answered_at", or_null(c.answered_at)},
                {"parked_until", or_null(c.parked_until)},
                {"left_due_at", or_null(c.left_due_at)},
                {"warned_at", or_null(c.warned_at)},
                {"reminded_at", or_null(c.reminded_at)},
                {"raised_at", or_null(c.raised_at)},
                {"escalated_at", or_null(c.escalated_at)},
                {"opened_at", c.opened_at},
                {"closed_at", or_null(c.closed_at)},
                {"closed_by", or_null(c.closed_by)},
                {"reopened", c.reopened},
                {"source", c.source},
                {"budget", to_json(budget)},
                {"service_levels", service_levels::to_json(marks)},
                {"reason", std::move(said["reason"])},
                {"tags", std::move(said["tags"])},
                {"fields", std::move(said["fields"])},
                {"version", c.version}},
               viewer);
}

json::object to_json(const Message& m, const Viewer& viewer) {
  json::object object{{"id", m.id.str()},
                      {"conversation_id", m.conversation_id.str()},
                      {"thread_id", m.thread_id.str()},
                      {"seq", m.seq},
                      {"direction", to_string(m.direction)},
                      {"sender_kind", to_string(m.sender_kind)},
                      {"sender_id", or_null(m.sender_id)},
                      {"sender_name", or_null(m.sender_name)},
                      {"cause", or_null(m.cause)},
                      {"msgtype", m.msgtype},
                      {"state", m.state},
                      {"errcode", m.errcode},
                      {"reason", m.reason},
                      {"explanation", explain_reason(m, viewer.language)},
                      {"possibly_repeated", m.possibly_repeated},
                      {"attempts", m.attempts},
                      {"flagged", !m.flagged.empty()},
                      {"queued_at", or_null(m.queued_at)},
                      {"accepted_at", or_null(m.accepted_at)},
                      {"failed_at", or_null(m.failed_at)},
                      {"create_time", or_null(m.create_time)},
                      {"created_at", m.created_at}};
  if (!m.whispered_to.empty()) object["whispered_to"] = m.whispered_to.str();
  if (m.client_id) object["client_id"] = *m.client_id;
  if (!m.flagged.empty()) object["flagged_words"] = m.flagged;
  if (!m.raw.empty()) object["raw"] = m.raw;
  if (!m.hidden.empty()) object["hidden"] = hidden_json(m.hidden);
  // What it says, under its kind; a kind that is called like one of our own members does not replace it.
  object.emplace(m.msgtype, parsed(m.body));
  return shown(std::move(object), viewer);
}

namespace {

std::string chars_of(const std::string& text, std::int64_t at, std::int64_t length) {
  const std::size_t begin = truncate_chars(text, static_cast<std::size_t>(at)).size();
  return truncate_chars(std::string_view(text).substr(begin), static_cast<std::size_t>(length));
}

// The first phone of what was said: masked and to be revealed, when it is sealed; otherwise for who may see it.
json::value contact_in(const Message& m, const std::string& text, const Viewer& viewer) {
  const auto sealed = std::ranges::find_if(
      m.hidden, [](const HiddenPlace& one) { return one.kind == "phone" && one.field == "content"; });
  if (sealed != m.hidden.end())
    return {{"text", chars_of(text, sealed->at, sealed->length)}, {"position", sealed->position}};
  const auto found = find_personal_data(text);
  const auto phone = std::ranges::find(found, PersonalData::phone, &PersonalSpan::kind);
  if (phone == found.end()) return nullptr;
  const std::string written = text.substr(phone->begin, phone->end - phone->begin);
  return {{"text", viewer.personal_data ? written : mask_personal_data(written)}, {"position", nullptr}};
}

}  // namespace

json::object left_message_json(const LeftMessage& left, const std::optional<Message>& message, TimeMs returns_at,
                               TimeMs due_at, const Viewer& viewer) {
  std::string subject;
  json::value contact(nullptr);
  if (message) {
    const json::value body = parsed(message->body);
    const json::value* text = body.is_object() ? body.get_object().if_contains("content") : nullptr;
    if (text != nullptr && text->is_string()) subject = std::string(text->get_string());
    contact = contact_in(*message, subject, viewer);
  }
  return {{"reason", word(left.reason)},
          {"message_id", left.message.str()},
          {"subject", viewer.personal_data ? subject : mask_personal_data(subject)},
          {"contact", std::move(contact)},
          {"left_at", left.left_at},
          {"returns_at", or_null(returns_at)},
          {"due_at", due_at}};
}

json::object brief_json(const Message& m, const Viewer& viewer) {
  const json::value body = parsed(m.body);
  return shown({{"seq", m.seq},
                {"sender_name", m.sender_name},
                {"summary", body.is_object() ? summary_of(m.msgtype, body.get_object()) : std::string()},
                {"created_at", m.created_at}},
               viewer);
}

json::object to_json(const store::StoredEvent& stored, const Viewer& viewer) {
  const Event& event = stored.event;
  return shown({{"id", std::to_string(stored.id)},
                {"at", stored.at},
                {"kind", event.kind},
                {"from", or_null(event.from)},
                {"to", or_null(event.to)},
                {"actor_kind", to_string(event.actor.kind)},
                {"actor_id", or_null(event.actor.id)},
                {"actor_name", or_null(event.actor.name)},
                {"note", or_null(event.note)}},
               viewer);
}

json::object to_json(const Thread& thread, const std::vector<std::string>& sources, const Viewer& viewer) {
  json::array list;
  for (const std::string& source : sources) list.emplace_back(source);
  return shown({{"openid", thread.openid.str()},
                {"thread_id", thread.id.str()},
                {"nickname", thread.nickname},
                {"note", thread.note},
                {"tags", parsed(thread.tags)},
                {"first_seen_at", or_null(thread.first_seen_at)},
                {"last_seen_at", or_null(thread.last_seen_at)},
                {"conversations", thread.conversations},
                {"sources", std::move(list)}},
               viewer);
}

}  // namespace miniops::desk
