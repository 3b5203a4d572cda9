#include "desk/queue_store.hpp"

#include <fmt/format.h>

#include "base/json.hpp"
#include "desk/store.hpp"

namespace miniops::desk::store {

namespace {

// The same few targets come again and again.
class Targets {
 public:
  explicit Targets(const teams::Setup& setup) : setup_(setup) {}

  const routing::Target& of(const std::string& text) {
    const auto [found, is_new] = known_.try_emplace(text);
    if (is_new) found->second = target_in(text, setup_);
    return found->second;
  }

 private:
  const teams::Setup& setup_;
  std::map<std::string, routing::Target> known_;
};

}  // namespace

routing::Target target_in(const std::string& stored, const teams::Setup& setup) {
  boost::system::error_code problem;
  const json::value value = json::parse(stored, problem);
  routing::Target otherwise;
  otherwise.group = teams::default_group;
  return setup.standing(problem ? otherwise : routing::parse_target(value).value_or(otherwise));
}

std::vector<routing::Waiting> waiting_of(sql::Transaction& tx, const AppId& appid, const teams::Setup& setup,
                                         int at_most) {
  Targets targets(setup);
  std::vector<routing::Waiting> waiting;
  const auto read = [&](std::string_view select, int limit) {
    waiting.clear();
    for (const sql::Row& row : tx.query(select, {appid, limit})) {
      routing::Waiting one{row.id<ConversationId>(0), row.integer(1), row.integer(2), row.text(3)};
      one.last_agent = row.id<AccountId>(4);
      one.last_agent_at = row.integer(5);
      one.relieved = row.id<AccountId>(6);
      one.target = targets.of(row.text(7));
      waiting.push_back(std::move(one));
    }
  };
  read(
      "SELECT id, place, queue_since, language, last_agent_id, last_agent_at, relieved_id, target FROM "
      "desk_conversations WHERE appid = $1 AND stage = 'queued' AND state <> 'closed' ORDER BY place, queue_since, id "
      "LIMIT $2",
      at_most);
  if (at_most < waiting_max || std::ssize(waiting) < waiting_max) return waiting;
  // So many that one group's would hide those of the others.
  read(
      "SELECT id, place, queue_since, language, last_agent_id, last_agent_at, relieved_id, target FROM (SELECT id, "
      "place, queue_since, language, last_agent_id, last_agent_at, relieved_id, target, ROW_NUMBER() OVER (PARTITION "
      "BY group_id ORDER BY place, queue_since, id) AS nth FROM desk_conversations WHERE appid = $1 AND stage = "
      "'queued' AND state <> 'closed') each_group WHERE nth <= $2 ORDER BY place, queue_since, id",
      waiting_of_group_max);
  return waiting;
}

std::map<routing::GroupId, std::int64_t> waiting_by_group(sql::Transaction& tx, const AppId& appid) {
  std::map<routing::GroupId, std::int64_t> counts;
  static const std::string select = fmt::format(
      "SELECT group_id, COUNT(*) FROM desk_conversations WHERE appid = $1 AND {} GROUP BY group_id", is_queued);
  for (const sql::Row& row : tx.query(select, {appid})) counts[row.id<routing::GroupId>(0)] = row.integer(1);
  return counts;
}

routing::Group as_it_is(sql::Transaction& tx, const AppId& appid, const teams::Group& group) {
  if (group.busy.set != routing::BusySwitch::automatic) return {group.id, group.busy};
  const auto waiting = waiting_by_group(tx, appid);
  const auto found = waiting.find(group.id);
  return {group.id, group.busy, found == waiting.end() ? 0 : found->second};
}

std::vector<Conversation> open_of_group(sql::Transaction& tx, const AppId& appid, routing::GroupId group) {
  std::vector<Conversation> found;
  for (const sql::Row& row : tx.query("SELECT id FROM desk_conversations WHERE appid = $1 AND group_id = $2 AND state "
                                      "<> 'closed' ORDER BY id",
                                      {appid, group}))
    if (auto one = find_conversation(tx, row.id<ConversationId>(0))) found.push_back(std::move(*one));
  return found;
}

void reorder(sql::Transaction& tx, const AppId& appid, std::int64_t points_per_minute) {
  std::vector<sql::Params> rows;
  static const std::string select =
      fmt::format("SELECT id, priority, queue_since, ahead FROM desk_conversations WHERE appid = $1 AND {}", is_queued);
  for (const sql::Row& row : tx.query(select, {appid})) {
    const routing::InQueue one{row.integer(1), row.integer(2), row.integer(3) != 0};
    rows.push_back({row.id<ConversationId>(0), routing::place_of(one, points_per_minute)});
  }
  tx.execute_many("UPDATE desk_conversations SET place = $2 WHERE id = $1", rows);
}

Known known_of(sql::Transaction& tx, ThreadId thread) {
  const auto row = tx.query_one("SELECT profile, parameters FROM desk_threads WHERE id = $1", {thread});
  return row ? Known{row->id<people::ProfileId>(0), row->text(1)} : Known{};
}

void save_parameters(sql::Transaction& tx, const Thread& thread) {
  tx.execute_later("UPDATE desk_threads SET parameters = $2 WHERE id = $1", {thread.id, thread.parameters});
}

std::vector<std::pair<std::string, std::string>> first_of_customer(sql::Transaction& tx, const Conversation& of,
                                                                   int limit) {
  std::vector<std::pair<std::string, std::string>> first;
  for (const sql::Row& row : tx.query(
           "SELECT msgtype, body FROM desk_messages WHERE thread_id = $1 AND conversation_id = $2 AND seq >= $3 AND "
           "direction = 'in' AND cause = '' ORDER BY seq LIMIT $4",
           {of.thread_id, of.id, of.first_seq, limit}))
    first.emplace_back(row.text(0), row.text(1));
  return first;
}

std::optional<std::pair<std::string, std::string>> last_of_customer(sql::Transaction& tx, const Conversation& of) {
  const auto row = tx.query_one(
      "SELECT msgtype, body FROM desk_messages WHERE thread_id = $1 AND conversation_id = $2 AND direction = 'in' AND "
      "cause = '' ORDER BY seq DESC LIMIT 1",
      {of.thread_id, of.id});
  return row ? std::optional(std::pair(row->text(0), row->text(1))) : std::nullopt;
}

}  // namespace miniops::desk::store
