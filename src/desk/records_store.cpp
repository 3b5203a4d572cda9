// Search over the records.
#include "desk/records_store.hpp"

#include "base/json.hpp"
#include "desk/content.hpp"
#include "desk/search.hpp"
#include "desk/store.hpp"
#include "wrapup/wrap_up.hpp"

namespace miniops::desk::store {

namespace {

using records::Before;
using records::ConversationRecord;
using records::Hit;
using records::MessageRecord;
using records::PageOf;
using records::Place;
using records::Question;
using records::Reader;

constexpr int looked_at_max = 2000;  // conversations, for one page
constexpr int hits_at_once = 500;
constexpr int hits_max = 5000;           // messages, for one page
constexpr int customers_max = 50;        // whom words of a name may mean
constexpr TimeMs id_slack_ms = hour_ms;  // between a message's id and its time
constexpr Place newest{std::numeric_limits<std::int64_t>::max(), std::numeric_limits<std::int64_t>::max()};

constexpr std::string_view conversation_columns =
    "c.id, c.openid, t.nickname, t.tags, c.state, c.assignee_id, c.assignee_name, c.group_id, c.reason, c.reason_name, "
    "c.tags, c.source, c.opened_at, c.closed_at, (SELECT f.person FROM people_profiles f WHERE f.id = t.profile)";
constexpr std::size_t conversation_column_count = 15;
constexpr std::string_view message_columns =
    "m.id, m.seq, m.created_at, m.direction, m.sender_kind, m.sender_name, m.msgtype, m.body, m.sender_id, m.cause, "
    "m.queued_at, m.accepted_at, m.hidden";

std::vector<std::string> tags_in(const std::string& text) {
  std::vector<std::string> tags;
  for (const json::value& tag : json::parse(text).as_array()) tags.emplace_back(tag.as_string());
  return tags;
}

ConversationRecord conversation_in(const sql::Row& row) {
  ConversationRecord out;
  out.id = row.id<records::ConversationId>(0);
  out.openid = row.text(1);
  out.nickname = row.text(2);
  out.customer_tags = tags_in(row.text(3));
  out.state = row.text(4);
  out.agent = row.id<AccountId>(5);
  out.agent_name = row.text(6);
  out.group = row.id<records::GroupId>(7);
  out.reason = row.id<records::ReasonId>(8);
  out.reason_name = row.text(9);
  out.tags = tags_in(row.text(10));
  out.source = row.text(11);
  out.opened_at = row.integer(12);
  out.closed_at = row.integer(13);
  out.person = row.optional_integer(14).value_or(0);
  return out;
}

MessageRecord message_in(const sql::Row& row, std::size_t at = 0) {
  MessageRecord out;
  out.id = row.integer(at);
  out.seq = row.integer(at + 1);
  out.at = row.integer(at + 2);
  out.direction = row.text(at + 3);
  out.sender_kind = row.text(at + 4);
  out.sender_name = row.text(at + 5);
  out.msgtype = row.text(at + 6);
  if (out.direction != "in") out.sender_id = row.text(at + 8);  // the customer's is the conversation's
  out.cause = row.text(at + 9);
  out.queued_at = row.integer(at + 10);
  out.accepted_at = row.integer(at + 11);
  out.hidden = !row.text(at + 12).empty();
  const json::value body = json::parse(row.text(at + 7));
  if (!body.is_object()) return out;
  out.text = record_text(out.msgtype, body.get_object());
  if (out.direction != "in") return out;
  if (auto media = media_of(body.get_object()); !media.empty()) out.media_id = std::move(media.front());
  return out;
}

// A question with what it means in rows: asked for once, for all that one page looks at.
struct Asked {
  const AppId& appid;
  const Reader& reader;
  const Question& question;
  const ScoresOf& scores_of;
  std::optional<std::vector<ThreadId>> threads{};  // whom `customer` means; nullopt: anybody
  std::vector<wrapup::ReasonId> reasons{};         // the one asked for and those below it
};

// A statement's conditions and their values, one text for each combination. The values must outlive it.
class Conditions {
 public:
  Conditions(std::string first, sql::Params params) : where_(std::move(first)), params_(std::move(params)) {}

  void add(std::string_view condition, sql::Param value) {
    where_ += fmt::format(" AND {} {}", condition, placed(value));
  }
  template <class Id>
  void among(std::string_view column, const std::vector<Id>& ids) {
    where_ += " AND " + list(column, ids);
  }
  // Own conversations and those of groups: part of the question, so that nothing else is looked at and left out.
  void read_by(const Reader& reader) {
    if (reader.everything) return;
    const std::string groups = list("c.group_id", reader.groups);
    if (reader.own.empty()) {
      where_ += " AND " + groups;
    } else {
      where_ += fmt::format(" AND (c.assignee_id = {} OR {})", placed(reader.own), groups);
    }
  }
  void asked_for(const Asked& asked) {
    const Question& question = asked.question;
    read_by(asked.reader);
    if (!question.agent.empty()) add("c.assignee_id =", question.agent);
    if (!question.group.empty()) add("c.group_id =", question.group);
    if (!question.source.empty()) add("c.source =", question.source);
    if (asked.threads) among("c.thread_id", *asked.threads);
    if (!question.reason.empty()) {
      where_ += " AND c.reason > 0";
      among("c.reason", asked.reasons);
    }
    // Row by row: whatever a tag is on, no more is looked at than a page may.
    if (!question.tag.empty())
      where_ += fmt::format(
          " AND EXISTS (SELECT 1 FROM desk_conversation_tags g WHERE g.appid = c.appid AND g.tag = {} AND "
          "g.conversation_id = c.id)",
          placed(question.tag));
  }
  std::string placed(sql::Param value) {
    params_.push_back(value);
    return fmt::format("${}", params_.size());
  }
  const std::string& where() const { return where_; }
  const sql::Params& params() const { return params_; }

 private:
  // Few lengths, so that few texts are prepared.
  template <class Id>
  std::string list(std::string_view column, const std::vector<Id>& ids) {
    std::size_t padded = 16;
    while (padded < ids.size()) padded *= 4;
    std::string out = fmt::format("{} IN (0", column);
    for (std::size_t i = 0; i < padded; ++i) out += ", " + placed(i < ids.size() ? ids[i] : Id());
    return out + ")";
  }

  std::string where_;
  sql::Params params_;
};

bool has_customer_tag(const ConversationRecord& record, const std::string& tag) {
  return tag.empty() || std::ranges::find(record.customer_tags, tag) != record.customer_tags.end();
}

// Shows scores to whoever may see them, and keeps what fits the question in what SQL could not be asked.
void sift(std::vector<Hit>& hits, const Asked& asked) {
  const Question& question = asked.question;
  std::erase_if(hits, [&](const Hit& hit) { return !has_customer_tag(hit.conversation, question.customer_tag); });
  if (!asked.reader.scores) return;
  std::vector<ConversationId> ids;
  for (const Hit& hit : hits) ids.emplace_back(hit.conversation.id.value());
  const auto scores = asked.scores_of(ids);
  for (Hit& hit : hits)
    if (const auto found = scores.find(ConversationId(hit.conversation.id.value())); found != scores.end())
      hit.conversation.score = found->second;
  if (question.score != 0)
    std::erase_if(hits, [&](const Hit& hit) { return hit.conversation.score != question.score; });
}

// The first `limit` of at least one more, if there are. The next page begins behind them, or behind what was looked at;
// nullopt: that was all.
PageOf<Hit> page_of(std::vector<Hit> hits, int limit, const Before& looked_to) {
  PageOf<Hit> page{std::move(hits), looked_to};
  if (page.items.size() <= static_cast<std::size_t>(limit)) return page;
  page.items.resize(static_cast<std::size_t>(limit));
  page.next = page.items.back().place;
  return page;
}

// ---- by opening ----

// Behind the last conversation that one page looks at; nullopt: it looks at all.
Before last_looked_at(sql::Transaction& tx, const AppId& appid, const Place& below, TimeMs from) {
  const auto row = tx.query_one(
      "SELECT opened_at, id FROM desk_conversations WHERE appid = $1 AND (opened_at, id) < ($2, $3) AND opened_at >= "
      "$4 ORDER BY opened_at DESC, id DESC LIMIT 1 OFFSET $5",
      {appid, below.first, below.second, from, looked_at_max - 1});
  return row ? Before(Place(row->integer(0), row->integer(1))) : std::nullopt;
}

PageOf<Hit> find_by_opening(sql::Transaction& tx, const Asked& asked, Place below, int limit) {
  const Question& question = asked.question;
  if (question.to != 0) below = std::min(below, Place(question.to, 0));
  Before end = asked.threads ? std::nullopt : last_looked_at(tx, asked.appid, below, question.from);
  const Place last = end.value_or(Place(question.from, 0));
  Conditions conditions("c.appid = $1 AND (c.opened_at, c.id) < ($2, $3) AND (c.opened_at, c.id) >= ($4, $5)",
                        {asked.appid, below.first, below.second, last.first, last.second});
  conditions.asked_for(asked);
  const bool sifted = question.score != 0 || !question.customer_tag.empty();
  const int wanted = sifted ? looked_at_max : limit + 1;
  const std::string limited = conditions.placed(wanted);
  std::vector<Hit> hits;
  for (const sql::Row& row : tx.query(fmt::format("SELECT {} FROM desk_conversations c JOIN desk_threads t ON t.id = "
                                                  "c.thread_id WHERE {} ORDER BY c.opened_at DESC, c.id DESC LIMIT {}",
                                                  conversation_columns, conditions.where(), limited),
                                      conditions.params())) {
    Hit hit{conversation_in(row), std::nullopt, {}};
    hit.place = {hit.conversation.opened_at, hit.conversation.id.value()};
    hits.push_back(std::move(hit));
  }
  if (sifted && !end && std::ssize(hits) == wanted) end = hits.back().place;
  sift(hits, asked);
  return page_of(std::move(hits), limit, end);
}

// ---- by words ----

std::vector<Hit> hits_among(sql::Transaction& tx, const Asked& asked, const std::vector<MessageId>& ids) {
  const Question& question = asked.question;
  Conditions conditions("m.appid = $1", {asked.appid});
  conditions.among("m.id", ids);
  conditions.asked_for(asked);
  if (question.from != 0) conditions.add("m.created_at >=", question.from);
  if (question.to != 0) conditions.add("m.created_at <", question.to);
  std::vector<Hit> hits;
  for (const sql::Row& row :
       tx.query(fmt::format("SELECT {}, {} FROM desk_messages m JOIN desk_conversations c ON c.id = m.conversation_id "
                            "JOIN desk_threads t ON t.id = c.thread_id WHERE {} ORDER BY m.id DESC",
                            conversation_columns, message_columns, conditions.where()),
                conditions.params())) {
    Hit hit{conversation_in(row), message_in(row, conversation_column_count), {}};
    hit.place = {0, hit.message->id};
    hits.push_back(std::move(hit));
  }
  return hits;
}

PageOf<Hit> find_by_words(sql::Transaction& tx, const Asked& asked, const std::string& number_key, const Before& before,
                          int limit) {
  const Question& question = asked.question;
  const Sought sought{question.text, asked.reader.personal_data, number_key};
  // Ids are made of time: what lies beyond the range need not be looked at.
  std::int64_t below = before ? before->second : newest.second;
  if (question.to != 0) below = std::min(below, IdSource::first_at(question.to + id_slack_ms));
  const std::int64_t last = question.from == 0 ? 0 : IdSource::first_at(question.from - id_slack_ms);
  std::vector<Hit> hits;
  Before end = Place(0, below);
  for (int looked_at = 0; looked_at < hits_max && std::ssize(hits) <= limit; looked_at += hits_at_once) {
    const auto ids = search_messages(tx, asked.appid, sought, MessageId(end->second), hits_at_once);
    if (ids.empty()) return page_of(std::move(hits), limit, std::nullopt);
    auto found = hits_among(tx, asked, ids);
    sift(found, asked);
    std::ranges::move(found, std::back_inserter(hits));
    const bool all = std::ssize(ids) < hits_at_once || ids.back().value() < last;
    if (all && std::ssize(hits) <= limit) return page_of(std::move(hits), limit, std::nullopt);
    end->second = ids.back().value();
  }
  return page_of(std::move(hits), limit, end);
}

}  // namespace

std::optional<Stretch> stretch_of(sql::Transaction& tx, ConversationId id) {
  const auto row = tx.query_one("SELECT thread_id, first_seq FROM desk_conversations WHERE id = $1", {id});
  return row ? std::optional(Stretch{row->id<ThreadId>(0), row->integer(1)}) : std::nullopt;
}

// What it says, or a line that stands for it.
std::string record_text(const std::string& msgtype, const json::object& body) {
  if (msgtype != "text" && msgtype != "note" && msgtype != "system") return summary_of(msgtype, body);
  const json::value* content = body.if_contains("content");
  return content != nullptr && content->is_string() ? std::string(content->get_string()) : std::string();
}

std::vector<std::string> media_of(const json::object& body) {
  std::vector<std::string> ids;
  const auto add = [&ids](const json::value* value) {
    if (value != nullptr && value->is_string() && !value->get_string().empty()) ids.emplace_back(value->get_string());
  };
  add(body.if_contains("media_id"));
  add(body.if_contains("thumb_media_id"));
  if (const json::value* more = body.if_contains("media_ids"); more != nullptr && more->is_array())
    for (const json::value& id : more->get_array()) add(&id);
  return ids;
}

PageOf<Hit> find_records(sql::Transaction& tx, const AppId& appid, const Reader& reader, const Question& question,
                         const Before& before, int limit, const ScoresOf& scores_of, const std::string& number_key) {
  Asked asked{appid, reader, question, scores_of};
  if (!question.customer.empty()) {
    asked.threads = search_customers(tx, appid, question.customer, customers_max);
    if (asked.threads->empty()) return {};
  }
  if (!question.reason.empty())
    asked.reasons = wrapup::with_children(tx, appid, wrapup::ReasonId(question.reason.value()));
  if (!question.text.empty()) return find_by_words(tx, asked, number_key, before, limit);
  return find_by_opening(tx, asked, before.value_or(newest), limit);
}

std::optional<ConversationRecord> find_record(sql::Transaction& tx, const AppId& appid, const Reader& reader,
                                              ConversationId id) {
  Conditions conditions("c.appid = $1 AND c.id = $2", {appid, id});
  conditions.read_by(reader);
  const auto row =
      tx.query_one(fmt::format("SELECT {} FROM desk_conversations c JOIN desk_threads t ON t.id = c.thread_id WHERE {}",
                               conversation_columns, conditions.where()),
                   conditions.params());
  return row ? std::optional(conversation_in(*row)) : std::nullopt;
}

std::vector<MessageRecord> record_messages(sql::Transaction& tx, ConversationId id, std::int64_t after_seq, int limit) {
  static const std::string select = fmt::format(
      "SELECT {} FROM desk_messages m WHERE m.thread_id = $1 AND m.conversation_id = $2 AND m.seq > $3 AND "
      "m.whispered_to = 0 ORDER BY m.seq LIMIT $4",
      message_columns);
  std::vector<MessageRecord> out;
  const auto stretch = stretch_of(tx, id);
  if (!stretch) return out;
  const std::int64_t after = std::max(after_seq, stretch->first_seq - 1);
  for (const sql::Row& row : tx.query(select, {stretch->thread, id, after, limit})) out.push_back(message_in(row));
  return out;
}

std::vector<records::EventRecord> record_events(sql::Transaction& tx, ConversationId id, int limit) {
  std::vector<records::EventRecord> out;
  for (const sql::Row& row :
       tx.query("SELECT id, at, kind, from_value, to_value, actor_kind, actor_id, actor_name, seq FROM desk_events "
                "WHERE conversation_id = $1 ORDER BY at, id LIMIT $2",
                {id, limit}))
    out.push_back({row.integer(0), row.integer(1), row.text(2), row.text(3), row.text(4), row.text(5), row.text(6),
                   row.text(7), row.integer(8)});
  return out;
}

}  // namespace miniops::desk::store
