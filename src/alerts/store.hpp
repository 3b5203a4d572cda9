// The module's SQL. Private to the module.
#pragma once

#include "alerts/incident.hpp"
#include "alerts/receivers.hpp"
#include "alerts/silence.hpp"
#include "storage/sql/database.hpp"

namespace miniops::alerts::store {

// ---- rules and settings ----

std::vector<Rule> rules(sql::Transaction& tx, const AppId& appid);
std::optional<Rule> rule(sql::Transaction& tx, const AppId& appid, RuleId id);
void insert_rule(sql::Transaction& tx, const Rule& rule);
void update_rule(sql::Transaction& tx, const Rule& rule);
void remove_rule(sql::Transaction& tx, const AppId& appid, RuleId id);

// nullopt: the mini program is new here.
std::optional<Receivers> receivers(sql::Transaction& tx, const AppId& appid);
void put_receivers(sql::Transaction& tx, const AppId& appid, const Receivers& receivers);

struct SightOf {
  RuleId rule{};
  Sight sight{};
  TimeMs since = 0;
};
std::vector<SightOf> sights(sql::Transaction& tx, const AppId& appid);
void put_sight(sql::Transaction& tx, const AppId& appid, const SightOf& sight);

// 0: nothing was looked at yet.
TimeMs evaluated_to(sql::Transaction& tx, const AppId& appid);
// False: somebody else was faster.
bool advance(sql::Transaction& tx, const AppId& appid, TimeMs from, TimeMs to);

// ---- alerts ----

std::vector<Alert> open_alerts(sql::Transaction& tx, const AppId& appid);
std::vector<Alert> lately_resolved(sql::Transaction& tx, const AppId& appid, TimeMs since);
std::optional<Alert> alert(sql::Transaction& tx, const AppId& appid, AlertId id);
std::vector<Alert> alerts_of_incident(sql::Transaction& tx, const AppId& appid, IncidentId incident);
// False: there is an open one of this (rule, group).
bool insert_alert(sql::Transaction& tx, const Alert& alert);
// Compare-and-set by `alert.version`. False: it was changed meanwhile.
bool update_alert(sql::Transaction& tx, const Alert& alert);
bool delete_alert(sql::Transaction& tx, const Alert& alert);
// Not versioned.
void mark_told(sql::Transaction& tx, AlertId id, TimeMs at);
void mark_hidden(sql::Transaction& tx, AlertId id, const std::string& by);
// Those whose repeat or escalation is due.
std::vector<Alert> due_alerts(sql::Transaction& tx, TimeMs now, int limit);

struct AlertFilter {
  std::vector<State> states{};  // none: all
  std::optional<Severity> severity{};
  RuleId rule{};
  TimeMs from = 0, to = 0;  // of began_at; `to` 0: no end
};
using Before = std::optional<std::pair<std::int64_t, std::int64_t>>;
// The newest first.
std::vector<Alert> list_alerts(sql::Transaction& tx, const AppId& appid, const AlertFilter& filter,
                               const Before& before, int limit);
struct Counted {
  State state{};
  Severity severity{};
  std::int64_t count = 0;
};
std::vector<Counted> count_open(sql::Transaction& tx, const AppId& appid);
std::int64_t count_unreviewed(sql::Transaction& tx, const AppId& appid, TimeMs since);

struct TimelineEntry {
  std::int64_t id = 0;
  TimeMs at = 0;
  std::string what{}, by{};
  json::object detail{};
};
void add_entry(sql::Transaction& tx, const AppId& appid, AlertId alert, const TimelineEntry& entry);
std::vector<TimelineEntry> timeline(sql::Transaction& tx, const AppId& appid, AlertId alert);

// ---- telling ----

struct News {
  std::int64_t id = 0;
  AppId appid{};
  std::string receiver{};
  bool digest = false;
  AlertId alert{};
  std::string what{};  // fired reopened resolved repeated escalated
  TimeMs due_at = 0;
};
struct Mailbox {  // whom something is to be told
  AppId appid{};
  std::string receiver{};
  bool digest = false;
};
void add_news(sql::Transaction& tx, const News& news);
std::vector<Mailbox> due_mailboxes(sql::Transaction& tx, TimeMs now, int limit);
std::vector<News> news_of(sql::Transaction& tx, const Mailbox& mailbox, int limit);
void remove_news(sql::Transaction& tx, std::int64_t id);
void postpone_news(sql::Transaction& tx, std::int64_t id, TimeMs until);
void postpone_mailbox(sql::Transaction& tx, const Mailbox& mailbox, TimeMs until);
TimeMs budget_free_at(sql::Transaction& tx, const AppId& appid, const std::string& receiver);
void put_budget(sql::Transaction& tx, const AppId& appid, const std::string& receiver, TimeMs free_at);

std::vector<Silence> silences_of(sql::Transaction& tx, const AppId& appid, TimeMs ends_after);
void insert_silence(sql::Transaction& tx, const Silence& silence);
// False: there is no such silence that goes on.
bool end_silence(sql::Transaction& tx, const AppId& appid, std::int64_t id, TimeMs now);

// ---- incidents ----

std::optional<Incident> incident(sql::Transaction& tx, const AppId& appid, IncidentId id);
// The newest that opened by itself and is not resolved.
std::optional<Incident> open_incident(sql::Transaction& tx, const AppId& appid);
std::vector<Incident> list_incidents(sql::Transaction& tx, const AppId& appid, std::optional<IncidentState> state,
                                     const Before& before, int limit);
void insert_incident(sql::Transaction& tx, const Incident& incident);
void update_incident(sql::Transaction& tx, const Incident& incident);
std::int64_t count_alerts(sql::Transaction& tx, IncidentId incident);
void add_incident_entry(sql::Transaction& tx, const Incident& incident, const IncidentEntry& entry);
std::vector<IncidentEntry> incident_entries(sql::Transaction& tx, const AppId& appid, IncidentId incident);

}  // namespace miniops::alerts::store
