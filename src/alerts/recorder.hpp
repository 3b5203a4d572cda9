// What every step in the life of an alert leaves behind in its transaction: the alert, its timeline, its incident, and
// what people are to be told. Lives inside one closure.
#pragma once

#include "alerts/life.hpp"
#include "alerts/plan.hpp"
#include "alerts/store.hpp"

namespace miniops::alerts {

class Recorder {
 public:
  Recorder(sql::Transaction& tx, IdSource& ids, TimeMs now) : tx_(tx), ids_(ids), now_(now) {}

  // False: somebody changed the alert meanwhile, and nothing is written. `at`: when it happened.
  bool apply(const Rule& rule, Step step, TimeMs at);
  // A person's change: compare-and-set, and the timeline.
  bool save(const Alert& alert, std::string what, const std::string& by, json::object detail = {});
  void note(const Alert& alert, TimeMs at, std::string what, std::string by = "", json::object detail = {});
  // To each receiver's mailbox.
  void tell(const Alert& alert, const std::vector<std::string>& receivers, const std::string& what);

  // An issue that is new or came back fires each rule that it concerns; heard of again, it stays.
  void issue_appeared(const IssueNews& news);
  // It was resolved or ignored.
  void issue_over(const AppId& appid, std::int64_t issue);

 private:
  bool fire(const Rule& rule, Alert alert, TimeMs at);
  bool reopen(const Rule& rule, const Step& step, TimeMs at);
  bool resolve(const Rule& rule, const Alert& alert, TimeMs at);
  void set_times(Alert& alert, TimeMs at);
  IncidentId incident_for(const Alert& alert, TimeMs at);
  const Receivers& receivers(const AppId& appid);

  sql::Transaction& tx_;
  IdSource& ids_;
  const TimeMs now_;
  std::optional<std::pair<AppId, Receivers>> receivers_;
};

}  // namespace miniops::alerts
