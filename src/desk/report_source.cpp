#include "desk/report_source.hpp"

#include <fmt/format.h>

#include "base/json.hpp"
#include "desk/agents_store.hpp"
#include "reports/changes.hpp"
#include "reports/metric.hpp"
#include "wrapup/wrap_up.hpp"

namespace miniops::desk {

namespace {

using reports::Sender;

Sender sender_of(SenderKind kind) {
  if (kind == SenderKind::customer) return Sender::customer;
  return kind == SenderKind::agent ? Sender::agent : Sender::machine;
}

std::vector<reports::EventRow> events_of(sql::Transaction& tx, reports::ConversationId id) {
  std::vector<reports::EventRow> events;
  for (const sql::Row& row : tx.query("SELECT at, kind, from_value, to_value, actor_kind, seq FROM desk_events WHERE "
                                      "conversation_id = $1 ORDER BY at, id LIMIT $2",
                                      {id, reports::events_max}))
    events.push_back({row.integer(0), row.text(1), row.text(2), row.text(3),
                      row.text(4) == to_string(SenderKind::agent), row.integer(5)});
  return events;
}

// A customer's message with a cause was no more than the answer to a question of ours: a score, or its comment.
std::vector<reports::MessageRow> messages_of(sql::Transaction& tx, reports::ConversationId id, std::int64_t thread,
                                             std::int64_t first_seq) {
  std::vector<reports::MessageRow> messages;
  for (const sql::Row& row : tx.query("SELECT seq, sender_kind, sender_id, created_at, queued_at, accepted_at FROM "
                                      "desk_messages WHERE thread_id = "
                                      "$1 AND conversation_id = $2 AND seq >= $3 AND (direction = 'out' OR (direction "
                                      "= 'in' AND cause = '')) ORDER "
                                      "BY seq LIMIT $4",
                                      {thread, id, first_seq, reports::messages_max})) {
    const Sender sender = sender_of(parse_sender_kind(row.text(1)).value());
    const AccountId agent =
        sender == Sender::agent ? parse_as<AccountId>(row.text(2)).value_or(AccountId()) : AccountId();
    messages.push_back({row.integer(0), sender, agent, row.integer(3), row.integer(4), row.integer(5)});
  }
  return messages;
}

// From a thread t to those, o, of its person in the mini program, by the profiles p and q. SQLite would rather read all
// threads of the mini program than the few of a profile: `|| ''` and `<> 0` leave it the index by profile alone.
constexpr std::string_view threads_of_person =
    "FROM desk_threads t JOIN people_profiles p ON p.id = t.profile JOIN people_profiles q ON q.person = p.person JOIN "
    "desk_threads o ON o.profile = q.id AND o.profile <> 0 AND o.appid || '' = t.appid";

// The next conversation on another of the person's threads in the mini program, from a time on and before another; 0:
// none.
TimeMs next_elsewhere(sql::Transaction& tx, ThreadId thread, TimeMs from, TimeMs before) {
  static const std::string select = fmt::format(
      "SELECT MIN(n.opened_at) {} JOIN desk_conversations n ON n.thread_id = o.id AND n.opened_at >= $2 AND "
      "n.opened_at < $3 WHERE t.id = $1 AND q.id <> p.id",
      threads_of_person);
  return tx.query_one(select, {thread, from, before})->optional_integer(0).value_or(0);
}

// The earlier of two times that may be none.
TimeMs earlier(TimeMs a, TimeMs b) { return a == 0 || b == 0 ? std::max(a, b) : std::min(a, b); }

}  // namespace

void note_kin(sql::Transaction& tx, IdSource& ids, const Conversation& opened) {
  static const std::string select = fmt::format(
      "SELECT c.id {} JOIN desk_conversations c ON c.thread_id = o.id AND c.closed_at > $2 WHERE t.id = $1 AND q.id <> "
      "p.id",
      threads_of_person);
  for (const sql::Row& row : tx.query(select, {opened.thread_id, opened.opened_at - reports::first_contact_ms}))
    reports::note_change(tx, ids, row.id<reports::ConversationId>(0));
}

void note_parting(sql::Transaction& tx, IdSource& ids, ThreadId thread) {
  static const std::string select = fmt::format(
      "SELECT c.id {} JOIN desk_conversations c ON c.thread_id = o.id AND c.closed_at <> 0 WHERE t.id = $1 AND EXISTS "
      "(SELECT 1 FROM people_profiles r WHERE r.person = p.person AND r.id <> p.id)",
      threads_of_person);
  for (const sql::Row& row : tx.query(select, {thread}))
    reports::note_change(tx, ids, row.id<reports::ConversationId>(0));
}

std::optional<reports::ConversationRows> ReportSource::rows_of(sql::Transaction& tx, reports::ConversationId id) {
  const auto row = tx.query_one(
      "SELECT c.appid, c.opened_at, c.source, c.thread_id, c.first_seq, n.opened_at, p.id, c.reason, "
      "c.tags, c.closed_at FROM desk_conversations c "
      "LEFT JOIN desk_conversations n ON n.thread_id = c.thread_id AND n.number = c.number + 1 "
      "LEFT JOIN desk_conversations p ON p.thread_id = c.thread_id AND p.number = c.number - 1 WHERE c.id = $1",
      {id});
  if (!row) return std::nullopt;
  reports::ConversationRows rows;
  rows.id = id;
  rows.appid = row->id<AppId>(0);
  rows.opened_at = row->integer(1);
  rows.source = row->text(2);
  rows.next_opened_at = row->optional_integer(5).value_or(0);
  // Of another account only what note_kin() follows: a rebuild finds no more than that.
  if (const TimeMs closed_at = row->integer(9); closed_at != 0)
    rows.next_opened_at = earlier(rows.next_opened_at, next_elsewhere(tx, row->id<ThreadId>(3), closed_at,
                                                                      closed_at + reports::first_contact_ms));
  rows.previous = reports::ConversationId(row->optional_integer(6).value_or(0));
  rows.reason = row->id<reports::ReasonId>(7);
  for (const json::value& tag : json::parse(row->text(8)).as_array()) rows.tags.emplace_back(tag.as_string());
  rows.events = events_of(tx, id);
  rows.messages = messages_of(tx, id, row->integer(3), row->integer(4));
  const auto outcome = with_.surveys.outcome(tx, satisfaction::ConversationId(id.value()));
  rows.survey = {outcome.delivered, outcome.score};
  return rows;
}

std::vector<reports::ConversationId> ReportSource::after(sql::Transaction& tx, reports::ConversationId id, int limit) {
  std::vector<reports::ConversationId> ids;
  for (const sql::Row& row :
       tx.query("SELECT id FROM desk_conversations WHERE id > $1 ORDER BY id LIMIT $2", {id, limit}))
    ids.push_back(row.id<reports::ConversationId>(0));
  return ids;
}

reports::DeskNow ReportSource::now(sql::Transaction& tx, const AppId& appid) {
  reports::DeskNow now;
  for (
      const sql::Row& row : tx.query(
          "SELECT group_id, SUM(CASE WHEN stage = 'queued' THEN 1 ELSE 0 END), COALESCE(MIN(CASE WHEN stage = 'queued' "
          "THEN queue_since END), 0), COUNT(*) FROM desk_conversations WHERE appid = $1 AND state <> 'closed' GROUP BY "
          "group_id ORDER BY group_id",
          {appid}))
    now.groups.push_back({row.id<reports::GroupId>(0), row.integer(1), row.integer(2), row.integer(3)});
  for (const sql::Row& row : tx.query("SELECT presence, COUNT(*) FROM desk_agents WHERE appid = $1 AND presence <> "
                                      "'offline' GROUP BY presence",
                                      {appid})) {
    if (row.text(0) == word(Presence::online)) now.online = row.integer(1);
    if (row.text(0) == word(Presence::busy)) now.busy = row.integer(1);
    if (row.text(0) == word(Presence::away)) now.away = row.integer(1);
  }
  return now;
}

std::vector<reports::AgentTime> ReportSource::times(sql::Transaction& tx, const AppId& appid, TimeMs from, TimeMs to,
                                                    TimeMs now) {
  std::vector<reports::AgentTime> times;
  for (const Agent& agent : store::agents_of(tx, appid)) {
    reports::AgentTime time{agent.account};
    for (const teams::DayTime& day :
         with_.presence_log.times(tx, appid, agent.account, from, std::min(to, now), time_zone(appid), now)) {
      if (day.presence == Presence::online) time.online_ms += day.ms;
      if (day.presence == Presence::busy) time.busy_ms += day.ms;
      if (day.presence == Presence::away) time.away_ms += day.ms;
    }
    if (time.online_ms + time.busy_ms + time.away_ms > 0) times.push_back(time);
  }
  return times;
}

reports::Names ReportSource::names(sql::Transaction& tx, const AppId& appid) {
  reports::Names names;
  for (const Agent& agent : store::agents_of(tx, appid)) names.agents[agent.account] = agent.display_name;
  for (const Colleague& one : with_.colleagues.members(tx, appid)) names.agents[one.account] = one.display_name;
  for (const teams::Group& group : with_.setups.of(appid)->roster().groups)
    names.groups[reports::GroupId(group.id.value())] = group.name;
  for (const auto& [id, name] : wrapup::names(tx, appid)) names.reasons[reports::ReasonId(id.value())] = name;
  return names;
}

std::string ReportSource::time_zone(const AppId& appid) { return with_.configs.of(appid)->hours.time_zone; }

}  // namespace miniops::desk
