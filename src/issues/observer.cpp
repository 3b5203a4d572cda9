#include "issues/observer.hpp"

#include <algorithm>

#include "issues/store.hpp"

namespace miniops::issues {

using telemetry::Record;

Observer::Observer(const Collaborators& with, std::vector<Rule> rules) : with_(with), rules_(std::move(rules)) {}

Result<void> Observer::look(const AppId& appid, std::span<const Record* const> records,
                            std::span<telemetry::Additions> out) {
  const std::int64_t current = with_.version.current();
  if (stale_.exchange(false) || version_ != current) apps_.clear();
  version_ = current;
  auto looked = look_at(appid, records, out);
  if (!looked) apps_.erase(appid);  // what is remembered of it may not be stored
  return looked;
}

Result<void> Observer::look_at(const AppId& appid, std::span<const Record* const> records,
                               std::span<telemetry::Additions> out) {
  const auto found = app(appid);
  if (!found) return std::unexpected(found.error());
  App& app = **found;
  if (auto ok = learn_releases(appid, app, records); !ok) return ok;

  std::vector<Arrived> errors;
  std::vector<Unknown> unknown;
  std::set<std::int64_t> asked;
  for (std::size_t i = 0; i < records.size(); ++i) {
    const Record& record = *records[i];
    if (record.kind != telemetry::Kind::error) continue;
    Failure failure = failure_of(record, json_);
    // Of a name that is not kept as a release nobody can have uploaded anything that counts.
    if (app.releases.knows(record.release))
      if (auto ok = read_source(appid, record.release, failure); !ok) return ok;
    Arrived error{&record, i, keys_of(appid, failure, record.page)};
    if (issue_of(app, error.keys) == 0 && asked.insert(error.keys.front()).second)
      unknown.push_back({&record, std::move(failure), error.keys, with_.ids.next()});
    errors.push_back(std::move(error));
  }
  auto others = learn_keys(appid, app, unknown);
  if (!others) return std::unexpected(others.error());

  SeenNotes notes;
  for (const Arrived& error : errors) {
    std::int64_t issue = issue_of(app, error.keys);
    if (issue == 0) issue = (*others)[error.keys.front()];
    if (auto ok = decide(appid, app, issue, *error.record); !ok) return ok;
    out[error.index].issue = issue;
    notes[{appid, issue}].add(error.record->time, error.record->release, error.record->weight);
  }
  board_.add(notes);
  return {};
}

Result<Observer::App*> Observer::app(const AppId& appid) {
  if (const auto known = apps_.find(appid); known != apps_.end()) return &known->second;
  auto loaded = with_.database.read_blocking([&](sql::Transaction& tx) -> Result<App> {
    App app;
    app.releases = store::release_order(tx, appid);
    app.split = store::split_keys(tx, appid);
    return app;
  });
  if (!loaded) return std::unexpected(loaded.error());
  return &apps_.emplace(appid, std::move(*loaded)).first->second;
}

// ---- which issue ----

// Without maps the group is that of the phone's own words.
Result<void> Observer::read_source(const AppId& appid, const std::string& release, Failure& failure) {
  if (failure.kind != Kind::js) return {};
  const auto maps = with_.maps.maps_of(appid, release);
  if (!maps) return std::unexpected(maps.error());
  if (!*maps) return {};
  const OpenMap open = with_.maps.opener();
  for (Exception& exception : failure.exceptions) {
    std::vector<Frame> frames;
    for (SourceFrame& read : in_source(**maps, open, exception.frames)) frames.push_back(std::move(read.frame));
    exception.frames = std::move(frames);
  }
  return {};
}

std::vector<std::int64_t> Observer::keys_of(const AppId& appid, const Failure& failure, const std::string& page) const {
  std::vector<std::int64_t> keys;
  for (auto rule = rules_.rbegin(); rule != rules_.rend(); ++rule) keys.push_back(id_of(appid, (*rule)(failure, page)));
  return keys;
}

std::int64_t Observer::issue_of(const App& app, const std::vector<std::int64_t>& keys) {
  for (const std::int64_t key : keys)
    if (const auto split = app.split.find(key); split != app.split.end()) return split->second;
  const auto known = app.keys.find(keys.front());
  return known == app.keys.end() ? 0 : known->second;
}

// ---- what came back ----

Result<Handling*> Observer::handling_of(const AppId& appid, App& app, std::int64_t issue) {
  if (const auto known = app.handlings.find(issue); known != app.handlings.end()) return &known->second;
  const auto loaded = with_.database.read_blocking([&](sql::Transaction& tx) -> Result<Handling> {
    const auto found = store::find(tx, appid, issue);
    return found ? found->handling : Handling{};
  });
  if (!loaded) return std::unexpected(loaded.error());
  return &app.handlings.emplace(issue, *loaded).first->second;
}

Result<void> Observer::decide(const AppId& appid, App& app, std::int64_t issue, const Record& record) {
  const auto handling = handling_of(appid, app, issue);
  if (!handling) return std::unexpected(handling.error());
  const Sighting sighting{record.release, record.time, record.received_at};
  if (judge(**handling, sighting, app.releases) == Verdict::nothing) return {};
  const std::int64_t activity_id = with_.ids.next();
  const TimeMs now = with_.clock.now();
  auto write = [&](sql::Transaction& tx) -> Result<Handling> {
    return act(tx, appid, issue, record, app.releases, activity_id, now);
  };
  auto acted = with_.database.write_blocking(write);
  if (!acted) return std::unexpected(acted.error());
  **handling = std::move(*acted);
  // One that was woken may have come back, too.
  return judge(**handling, sighting, app.releases) == Verdict::nothing ? Result<void>{}
                                                                       : decide(appid, app, issue, record);
}

// Judges anew what stands in SQL: what was remembered may be old.
Handling Observer::act(sql::Transaction& tx, const AppId& appid, std::int64_t id, const Record& record,
                       const ReleaseOrder& releases, std::int64_t activity_id, TimeMs now) const {
  auto issue = store::find(tx, appid, id);
  if (!issue) return {};
  const Handling before = issue->handling;
  const Verdict verdict = judge(before, {record.release, record.time, record.received_at}, releases);
  if (verdict == Verdict::nothing) return before;
  Activity step;
  if (verdict == Verdict::wake) {
    issue->handling.ignored.reset();
    step.what = "unignored";
  } else {
    regress(issue->handling, record.received_at);
    step.what = "regressed";
    step.text = record.release;
  }
  store::save_handling(tx, *issue);
  step.id = activity_id;
  step.issue = id;
  step.at = now;
  step.before = difference(before, issue->handling);
  step.after = difference(issue->handling, before);
  store::add_activity(tx, appid, step);
  if (verdict == Verdict::regress) tell(tx, IssueEvent::What::regressed, *issue, record);
  return issue->handling;
}

void Observer::tell(sql::Transaction& tx, IssueEvent::What what, const Issue& issue, const Record& record) const {
  if (with_.listener == nullptr) return;
  with_.listener->on_issue(
      tx, {what, issue.appid, issue.id, issue.number, issue.nature.kind, issue.severity(), record.level,
           issue.headline.title, issue.headline.culprit, record.page, record.release, record.received_at});
}

// ---- once a minute ----

Task<Result<std::vector<IssuePlace>>> Observer::flush() {
  auto written = co_await write_seen(with_.database, with_.ids, with_.clock.now(), board_);
  if (!written) co_return std::unexpected(written.error());
  if (written->woken) stale_ = true;
  co_return std::move(written->seen);
}

}  // namespace miniops::issues
