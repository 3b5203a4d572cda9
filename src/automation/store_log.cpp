// The log of what rules did.
#include "automation/store.hpp"

namespace miniops::automation::store {

namespace {

constexpr std::size_t compared_kept = routing::comparisons_max;

json::array detail_of(const LogEntry& entry) {
  json::array out;
  for (const StepResult& one : entry.steps)
    out.push_back(json::object{{"kind", word(one.kind)}, {"effect", one.effect}, {"refused", one.refused}});
  for (const Compared& one : entry.compared) {
    if (out.size() == compared_kept) break;
    out.push_back(json::object{{"index", one.index},
                               {"field", word(one.field)},
                               {"op", word(one.comparison)},
                               {"key", one.key},
                               {"held", one.held}});
  }
  return out;
}

void read_detail(const std::string& text, LogEntry& entry) {
  for (const json::value& one : json::parse(text).as_array()) {
    if (entry.outcome == Outcome::fired) {
      entry.steps.push_back({parse_word<StepKind>(one.at("kind").as_string()).value_or(StepKind::note),
                             one.at("effect").as_bool(), std::string(one.at("refused").as_string())});
    } else {
      entry.compared.push_back(
          {static_cast<std::size_t>(one.at("index").to_number<std::int64_t>()),
           parse_word<routing::Field>(one.at("field").as_string()).value_or(routing::Field::text),
           parse_word<routing::Comparison>(one.at("op").as_string()).value_or(routing::Comparison::is),
           std::string(one.at("key").as_string()), one.at("held").as_bool()});
    }
  }
}

LogEntry entry_of(const sql::Row& row) {
  LogEntry entry{row.id<LogId>(0), row.id<AppId>(1), row.integer(2), row.id<RuleId>(3), row.text(4), row.integer(5)};
  entry.event = parse_word<EventKind>(row.text(6)).value_or(EventKind::opened);
  entry.outcome = parse_word<Outcome>(row.text(7)).value_or(Outcome::fired);
  read_detail(row.text(8), entry);
  return entry;
}

}  // namespace

void insert_log(sql::Transaction& tx, const LogEntry& entry) {
  const std::string detail = json::serialize(detail_of(entry));
  const bool replaced = entry.outcome != Outcome::fired && entry.outcome != Outcome::paused;
  tx.execute_later(
      "INSERT INTO automation_log (id, appid, at, rule_id, rule_name, conversation_id, event, outcome, detail, "
      "replaced) "
      "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT (conversation_id, rule_id) WHERE replaced = 1 DO "
      "UPDATE SET id = excluded.id, at = excluded.at, rule_name = excluded.rule_name, event = excluded.event, outcome "
      "= "
      "excluded.outcome, detail = excluded.detail WHERE automation_log.at < excluded.at - 60000",
      {entry.id, entry.appid, entry.at, entry.rule, entry.rule_name, entry.conversation, word(entry.event),
       word(entry.outcome), detail, static_cast<std::int64_t>(replaced)});
}

std::vector<LogEntry> log_before(sql::Transaction& tx, const AppId& appid, const LogFilter& filter,
                                 const Before& before, int limit) {
  std::string sql =
      "SELECT id, appid, at, rule_id, rule_name, conversation_id, event, outcome, detail FROM automation_log WHERE "
      "appid "
      "= $1";
  sql::Params params{appid};
  const auto add = [&](std::string_view condition, auto... values) {
    sql += fmt::format(fmt::runtime(condition), params.size() + 1, params.size() + 2);
    (params.push_back(values), ...);
  };
  if (filter.rule) add(" AND rule_id = ${0}", *filter.rule);
  if (filter.outcome) add(" AND outcome = ${0}", word(*filter.outcome));
  if (filter.conversation) add(" AND conversation_id = ${0}", *filter.conversation);
  if (before) add(" AND (at, id) < (${0}, ${1})", before->first, before->second);
  add(" ORDER BY at DESC, id DESC LIMIT ${0}", limit);
  std::vector<LogEntry> out;
  for (const sql::Row& row : tx.query(sql, params)) out.push_back(entry_of(row));
  return out;
}

}  // namespace miniops::automation::store
