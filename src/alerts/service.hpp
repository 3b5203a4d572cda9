// Use cases of people: alerts, rules, silences, receivers, incidents.
#pragma once

#include "alerts/evaluator.hpp"
#include "alerts/message.hpp"
#include "alerts/ports.hpp"
#include "alerts/teller.hpp"
#include "identity/access.hpp"

namespace miniops::alerts {

using identity::Access;

// What a list shows of a rule.
struct RuleShown {
  Rule rule;
  std::optional<Sight> sight{};  // nullopt: not looked at yet, or disabled
  TimeMs since = 0;
  std::int64_t open = 0;
};

struct Summary {
  std::vector<store::Counted> open{};
  std::int64_t unreviewed = 0, blind = 0;
  TimeMs evaluated_to = 0;
};

struct IncidentShown {
  Incident incident;
  std::vector<Alert> alerts{};
  std::vector<IncidentEntry> timeline{};
};

// Releases of a mini program, for the timelines of incidents.
using Releases = std::function<Task<std::vector<std::pair<std::string, TimeMs>>>(AppId)>;

class Service {
 public:
  struct Collaborators {
    sql::Database& database;
    sql::ConfigVersion& version;
    const Clock& clock;
    IdSource& ids;
    HealthSource& health;
    QueryParser& queries;
    Sender& sender;
    Releases releases;
  };
  explicit Service(const Collaborators& with) : with_(with) {}

  // ---- alerts ----
  Task<Result<std::vector<Alert>>> list(Access access, store::AlertFilter filter, store::Before before, int limit);
  Task<Result<Alert>> find(Access access, AlertId id);
  Task<Result<Summary>> summary(Access access);
  Task<Result<std::vector<store::TimelineEntry>>> timeline(Access access, AlertId id);
  Task<Result<Alert>> acknowledge(Access access, AlertId id, std::string note);
  Task<Result<Alert>> resolve(Access access, AlertId id, std::string note);
  Task<Result<Alert>> close(Access access, AlertId id, Closing closing);
  Task<Result<store::TimelineEntry>> comment(Access access, AlertId id, std::string text);

  // ---- rules ----
  Task<Result<std::vector<RuleShown>>> rules(Access access);
  Task<Result<RuleShown>> rule(Access access, RuleId id);
  Task<Result<RuleShown>> add_rule(Access access, Rule rule);
  Task<Result<RuleShown>> change_rule(Access access, RuleId id, json::value patch);
  Task<Result<void>> remove_rule(Access access, RuleId id);
  Task<Result<std::vector<RuleShown>>> restore_rules(Access access);
  Task<Result<std::vector<HealthFigure>>> figures(Access access) { return with_.health.figures(access.appid()); }

  // ---- who is told ----
  Task<Result<std::vector<Silence>>> silences(Access access);
  Task<Result<Silence>> silence(Access access, Silence silence);
  Task<Result<void>> end_silence(Access access, std::int64_t id);
  Task<Result<Receivers>> receivers(Access access);
  Task<Result<Receivers>> put_receivers(Access access, Receivers receivers);

  // ---- incidents ----
  struct Listed {
    Incident incident;
    std::int64_t alerts = 0;
  };
  Task<Result<std::vector<Listed>>> incidents(Access access, std::optional<IncidentState> state, store::Before before,
                                              int limit);
  Task<Result<IncidentShown>> incident(Access access, IncidentId id, std::string language);
  Task<Result<IncidentId>> open_incident(Access access, std::string title, Priority priority,
                                         std::vector<AlertId> alerts);
  struct IncidentPatch {
    std::optional<std::string> title{};
    std::optional<Priority> priority{};
    std::optional<IncidentState> state{};
  };
  Task<Result<void>> change_incident(Access access, IncidentId id, IncidentPatch patch);
  Task<Result<void>> add_to_incident(Access access, IncidentId id, AlertId alert);
  Task<Result<void>> add_entry(Access access, IncidentId id, EntryKind kind, std::string text, TimeMs at);
  Task<Result<std::pair<std::string, TimeMs>>> review(Access access, IncidentId id, std::string language);
  Task<Result<void>> write_review(Access access, IncidentId id, std::string markdown);

 private:
  using Change = std::function<Result<Alert>(Alert, TimeMs)>;
  Task<Result<Alert>> change(Access access, AlertId id, std::string what, Change how, json::object detail);
  Task<Result<void>> check(AppId appid, Rule rule);

  const Collaborators with_;
};

}  // namespace miniops::alerts
