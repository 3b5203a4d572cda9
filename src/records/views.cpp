#include "records/views.hpp"

namespace miniops::records {

namespace {

json::value or_null(TimeMs at) { return at == 0 ? json::value(nullptr) : json::value(at); }
json::value or_null(const std::string& text) { return text.empty() ? json::value(nullptr) : json::value(text); }
template <class Tag>
json::value or_null(NumberId<Tag> id) {
  return id.empty() ? json::value(nullptr) : json::value(id.str());
}

json::object progress(const Sweep& sweep) {
  return {{"deleted", sweep.deleted}, {"last_deleted_at", or_null(sweep.last_deleted_at)}};
}

// As people ask for it, who see ids as strings.
json::object shown(const Question& question) {
  return {{"text", question.text},
          {"from", or_null(question.from)},
          {"to", or_null(question.to)},
          {"agent", or_null(question.agent)},
          {"group", or_null(question.group)},
          {"customer", question.customer},
          {"reason_id", or_null(question.reason)},
          {"tag", question.tag},
          {"customer_tag", question.customer_tag},
          {"source", question.source},
          {"score", question.score == 0 ? json::value(nullptr) : json::value(question.score)},
          {"events", question.events}};
}

}  // namespace

json::object to_json(const ConversationRecord& record) {
  json::value agent(nullptr);
  if (!record.agent.empty()) agent = {{"id", record.agent.str()}, {"display_name", record.agent_name}};
  json::value reason(nullptr);
  if (!record.reason.empty()) reason = {{"id", record.reason.str()}, {"name", record.reason_name}};
  return {{"id", record.id.str()},
          {"openid", record.openid},
          {"person_id", record.person == 0 ? json::value(nullptr) : json::value(std::to_string(record.person))},
          {"nickname", record.nickname},
          {"customer_tags", json::array(record.customer_tags.begin(), record.customer_tags.end())},
          {"state", record.state},
          {"agent", std::move(agent)},
          {"group_id", or_null(record.group)},
          {"reason", std::move(reason)},
          {"tags", json::array(record.tags.begin(), record.tags.end())},
          {"source", record.source},
          {"opened_at", record.opened_at},
          {"closed_at", or_null(record.closed_at)},
          {"score", record.score == 0 ? json::value(nullptr) : json::value(record.score)}};
}

json::object to_json(const MessageRecord& record) {
  return {{"id", std::to_string(record.id)},
          {"seq", record.seq},
          {"created_at", record.at},
          {"direction", record.direction},
          {"sender_kind", record.sender_kind},
          {"sender_name", or_null(record.sender_name)},
          {"msgtype", record.msgtype},
          {"text", record.text},
          {"media_id", or_null(record.media_id)}};
}

json::object to_json(const Hit& hit) {
  json::value message(nullptr);
  if (hit.message) message = to_json(*hit.message);
  return {{"conversation", to_json(hit.conversation)}, {"message", std::move(message)}};
}

json::object to_json(const Hold& hold) {
  return {{"id", hold.id.str()},
          {"kind", word(hold.kind)},
          {"openid", or_null(hold.openid)},
          {"conversation_id", or_null(hold.conversation)},
          {"reason", hold.reason},
          {"placed_by", hold.placed_by},
          {"placed_at", hold.placed_at},
          {"released_by", or_null(hold.released_by)},
          {"release_reason", or_null(hold.release_reason)},
          {"released_at", or_null(hold.released_at)}};
}

json::object to_json(const Retention& retention) {
  return {{"version", retention.version},
          {"messages_days", retention.messages_days},
          {"media_days", retention.media_days},
          {"updated_by", or_null(retention.updated_by)},
          {"updated_at", or_null(retention.updated_at)},
          {"messages", progress(retention.messages)},
          {"media", progress(retention.media)}};
}

json::object to_json(const Export& one) {
  return {{"id", one.id.str()},
          {"kind", word(one.kind)},
          {"state", word(one.state)},
          {"format", word(one.format)},
          {"question", one.kind == ExportKind::records ? json::value(shown(one.question)) : json::value(nullptr)},
          {"masked", !one.reader.personal_data},
          {"parts", one.state == ExportState::done ? one.parts : 0},
          {"rows", one.rows},
          {"bytes", one.bytes},
          {"reached_at", or_null(one.reached_at)},
          {"cut", one.cut},
          {"problem", or_null(one.problem)},
          {"created_by", one.username},
          {"created_at", one.created_at},
          {"ended_at", or_null(one.ended_at)},
          {"expires_at", or_null(one.expires_at)}};
}

}  // namespace miniops::records
