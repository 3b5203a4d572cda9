#include "records/record.hpp"

#include "base/mask.hpp"

namespace miniops::records {

namespace {

constexpr std::string_view rated_event = "rated";  // its `to` is the score

std::string text_in(const json::object& stored, std::string_view key) {
  return std::string(stored.at(key).as_string());
}
template <class Id>
Id stored_id(const json::object& stored, std::string_view key) {
  return Id(stored.at(key).as_int64());
}

}  // namespace

bool covers(const Reader& reader, const Reader& asked) {
  if ((asked.personal_data && !reader.personal_data) || (asked.scores && !reader.scores)) return false;
  if (reader.everything) return true;
  if (asked.everything || (!asked.own.empty() && asked.own != reader.own)) return false;
  return std::ranges::all_of(asked.groups,
                             [&](GroupId id) { return std::ranges::find(reader.groups, id) != reader.groups.end(); });
}

json::object to_json(const Reader& reader) {
  json::array groups;
  for (const GroupId group : reader.groups) groups.emplace_back(group.value());
  return {{"own", reader.own.value()},
          {"groups", std::move(groups)},
          {"everything", reader.everything},
          {"personal_data", reader.personal_data},
          {"scores", reader.scores}};
}

Reader reader_in(const json::object& stored) {
  Reader reader;
  reader.own = stored_id<AccountId>(stored, "own");
  for (const json::value& group : stored.at("groups").as_array()) reader.groups.emplace_back(group.as_int64());
  reader.everything = stored.at("everything").as_bool();
  reader.personal_data = stored.at("personal_data").as_bool();
  reader.scores = stored.at("scores").as_bool();
  return reader;
}

json::object to_json(const Question& question) {
  return {{"text", question.text},
          {"from", question.from},
          {"to", question.to},
          {"agent", question.agent.value()},
          {"group", question.group.value()},
          {"customer", question.customer},
          {"reason", question.reason.value()},
          {"tag", question.tag},
          {"customer_tag", question.customer_tag},
          {"source", question.source},
          {"score", question.score},
          {"events", question.events}};
}

Question question_in(const json::object& stored) {
  Question question;
  question.text = text_in(stored, "text");
  question.from = stored.at("from").as_int64();
  question.to = stored.at("to").as_int64();
  question.agent = stored_id<AccountId>(stored, "agent");
  question.group = stored_id<GroupId>(stored, "group");
  question.customer = text_in(stored, "customer");
  question.reason = stored_id<ReasonId>(stored, "reason");
  question.tag = text_in(stored, "tag");
  question.customer_tag = text_in(stored, "customer_tag");
  question.source = text_in(stored, "source");
  question.score = static_cast<int>(stored.at("score").as_int64());
  if (const json::value* events = stored.if_contains("events")) question.events = events->as_bool();
  return question;
}

ConversationRecord shown_to(const Reader& reader, ConversationRecord record) {
  if (!reader.scores) record.score = 0;
  if (reader.personal_data) return record;
  record.nickname = mask_personal_data(record.nickname);
  record.source = mask_personal_data(record.source);
  for (std::string& tag : record.tags) tag = mask_personal_data(tag);
  for (std::string& tag : record.customer_tags) tag = mask_personal_data(tag);
  return record;
}

MessageRecord shown_to(const Reader& reader, MessageRecord record) {
  if (!reader.personal_data) record.text = mask_personal_data(record.text);
  return record;
}

EventRecord shown_to(const Reader& reader, EventRecord record) {
  if (!reader.scores && record.kind == rated_event) record.to.clear();
  if (reader.personal_data) return record;
  record.from = mask_personal_data(record.from);
  record.to = mask_personal_data(record.to);
  return record;
}

}  // namespace miniops::records
