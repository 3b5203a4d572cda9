// What is still to be told, and incidents.
#include "alerts/store.hpp"

namespace miniops::alerts::store {

namespace {

constexpr std::int64_t end = 9'000'000'000'000'000;
constexpr std::string_view incident_columns =
    "id, appid, title, state, priority, opened_at, opened_by, resolved_at, review, review_at";

Incident incident_of(const sql::Row& row) {
  return {row.id<IncidentId>(0),
          row.id<AppId>(1),
          row.text(2),
          parse_word<IncidentState>(row.text(3)).value_or(IncidentState::open),
          static_cast<Priority>(row.integer(4)),
          row.integer(5),
          row.text(6),
          row.integer(7),
          row.text(8),
          row.integer(9)};
}

std::string select_incidents(std::string_view condition) {
  return fmt::format("SELECT {} FROM alerts_incidents WHERE {}", incident_columns, condition);
}

}  // namespace

void add_news(sql::Transaction& tx, const News& news) {
  tx.execute(
      "INSERT INTO alerts_news (id, appid, receiver, digest, alert_id, what, due_at) VALUES ($1, $2, $3, $4, $5, $6, "
      "$7)",
      {news.id, news.appid, news.receiver, news.digest, news.alert, news.what, news.due_at});
}

std::vector<Mailbox> due_mailboxes(sql::Transaction& tx, TimeMs now, int limit) {
  std::vector<Mailbox> out;
  for (const sql::Row& row : tx.query(
           "SELECT appid, receiver, digest FROM alerts_news WHERE due_at <= $1 GROUP BY appid, receiver, digest ORDER "
           "BY MIN(due_at) LIMIT $2",
           {now, limit}))
    out.push_back({row.id<AppId>(0), row.text(1), row.integer(2) != 0});
  return out;
}

std::vector<News> news_of(sql::Transaction& tx, const Mailbox& mailbox, int limit) {
  std::vector<News> out;
  for (const sql::Row& row :
       tx.query("SELECT id, alert_id, what, due_at FROM alerts_news WHERE appid = $1 AND receiver = $2 AND digest = $3 "
                "ORDER BY id LIMIT $4",
                {mailbox.appid, mailbox.receiver, mailbox.digest, limit}))
    out.push_back({row.integer(0), mailbox.appid, mailbox.receiver, mailbox.digest, row.id<AlertId>(1), row.text(2),
                   row.integer(3)});
  return out;
}

void remove_news(sql::Transaction& tx, std::int64_t id) { tx.execute("DELETE FROM alerts_news WHERE id = $1", {id}); }

void postpone_news(sql::Transaction& tx, std::int64_t id, TimeMs until) {
  tx.execute("UPDATE alerts_news SET due_at = $2 WHERE id = $1", {id, until});
}

void postpone_mailbox(sql::Transaction& tx, const Mailbox& mailbox, TimeMs until) {
  tx.execute("UPDATE alerts_news SET due_at = $4 WHERE appid = $1 AND receiver = $2 AND digest = $3 AND due_at < $4",
             {mailbox.appid, mailbox.receiver, mailbox.digest, until});
}

TimeMs budget_free_at(sql::Transaction& tx, const AppId& appid, const std::string& receiver) {
  const auto row =
      tx.query_one("SELECT free_at FROM alerts_budgets WHERE appid = $1 AND receiver = $2", {appid, receiver});
  return row ? row->integer(0) : 0;
}

void put_budget(sql::Transaction& tx, const AppId& appid, const std::string& receiver, TimeMs free_at) {
  tx.execute(
      "INSERT INTO alerts_budgets (appid, receiver, free_at) VALUES ($1, $2, $3) ON CONFLICT (appid, receiver) DO "
      "UPDATE SET free_at = excluded.free_at",
      {appid, receiver, free_at});
}

std::optional<Incident> incident(sql::Transaction& tx, const AppId& appid, IncidentId id) {
  static const std::string select = select_incidents("appid = $1 AND id = $2");
  const auto row = tx.query_one(select, {appid, id});
  return row ? std::optional(incident_of(*row)) : std::nullopt;
}

std::optional<Incident> open_incident(sql::Transaction& tx, const AppId& appid) {
  static const std::string select = select_incidents(
      "appid = $1 AND state <> 'resolved' AND opened_by = '' ORDER BY opened_at DESC, id DESC LIMIT 1");
  const auto row = tx.query_one(select, {appid});
  return row ? std::optional(incident_of(*row)) : std::nullopt;
}

std::vector<Incident> list_incidents(sql::Transaction& tx, const AppId& appid, std::optional<IncidentState> state,
                                     const Before& before, int limit) {
  static const std::string select = select_incidents(
      "appid = $1 AND ($2 = '' OR state = $2) AND (opened_at < $3 OR (opened_at = $3 AND id < $4)) ORDER BY opened_at "
      "DESC, id DESC LIMIT $5");
  const auto [at, id] = before.value_or(std::pair(end, end));
  std::vector<Incident> out;
  for (const sql::Row& row : tx.query(select, {appid, state ? word(*state) : "", at, id, limit}))
    out.push_back(incident_of(row));
  return out;
}

void insert_incident(sql::Transaction& tx, const Incident& incident) {
  tx.execute(
      "INSERT INTO alerts_incidents (id, appid, title, state, priority, opened_at, opened_by) VALUES ($1, $2, $3, $4, "
      "$5, $6, $7)",
      {incident.id, incident.appid, incident.title, word(incident.state), static_cast<std::int64_t>(incident.priority),
       incident.opened_at, incident.opened_by});
}

void update_incident(sql::Transaction& tx, const Incident& incident) {
  tx.execute(
      "UPDATE alerts_incidents SET title = $3, state = $4, priority = $5, resolved_at = $6, review = $7, review_at = "
      "$8 WHERE appid = $1 AND id = $2",
      {incident.appid, incident.id, incident.title, word(incident.state), static_cast<std::int64_t>(incident.priority),
       incident.resolved_at, incident.review, incident.review_at});
}

std::int64_t count_alerts(sql::Transaction& tx, IncidentId incident) {
  return tx.query_one("SELECT COUNT(*) FROM alerts_alerts WHERE incident_id = $1 AND incident_id > 0", {incident})
      ->integer(0);
}

void add_incident_entry(sql::Transaction& tx, const Incident& incident, const IncidentEntry& entry) {
  tx.execute(
      "INSERT INTO alerts_incident_entries (id, appid, incident_id, at, kind, by_name, text) VALUES ($1, $2, $3, $4, "
      "$5, $6, $7)",
      {entry.id, incident.appid, incident.id, entry.at, word(entry.kind), entry.by, entry.text});
}

std::vector<IncidentEntry> incident_entries(sql::Transaction& tx, const AppId& appid, IncidentId incident) {
  std::vector<IncidentEntry> out;
  for (const sql::Row& row :
       tx.query("SELECT id, at, kind, by_name, text FROM alerts_incident_entries WHERE incident_id = $1 AND appid = $2 "
                "ORDER BY at, id LIMIT 500",
                {incident, appid}))
    out.push_back({row.integer(0), row.integer(1), parse_word<EntryKind>(row.text(2)).value_or(EntryKind::comment),
                   row.text(3), row.text(4), AlertId()});
  return out;
}

}  // namespace miniops::alerts::store
