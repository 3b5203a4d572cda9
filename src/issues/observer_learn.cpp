// What was never seen before: keys become issues, releases get their place.
#include <algorithm>

#include "issues/observer.hpp"
#include "issues/store.hpp"

namespace miniops::issues {

namespace {

using telemetry::Record;

constexpr std::size_t keys_of_transaction = 50;
constexpr int forgotten_at_once = 200;

}  // namespace

// ---- keys ----

Result<Observer::Others> Observer::learn_keys(const AppId& appid, App& app, std::span<const Unknown> unknown) {
  Others others;
  for (std::size_t from = 0; from < unknown.size(); from += keys_of_transaction) {
    const auto part = unknown.subspan(from, std::min(keys_of_transaction, unknown.size() - from));
    const TimeMs now = with_.clock.now();
    const bool may_forget = now - app.forgot_at >= hour_ms;
    bool full = false;
    auto learn_part = [&](sql::Transaction& tx) -> Result<std::vector<Learnt>> {
      std::int64_t room = with_.keys_max - store::count_keys(tx, appid);
      full = room < static_cast<std::int64_t>(part.size());
      if (full && may_forget) room += store::forget(tx, appid, now - forgotten_after_ms, forgotten_at_once);
      std::vector<Learnt> learnt;
      for (const Unknown& one : part) {
        learnt.push_back(learn(tx, appid, one, room <= 0, now));
        if (!learnt.back().overflow) --room;
      }
      return learnt;
    };
    auto learnt = with_.database.write_blocking(learn_part);
    if (!learnt) return std::unexpected(learnt.error());
    if (full && may_forget) {
      app.forgot_at = now;
      stale_ = true;  // what is remembered may be among the forgotten
    }
    for (std::size_t i = 0; i < part.size(); ++i) {
      auto& [issue, handling, overflow] = (*learnt)[i];
      if (overflow) {
        others[part[i].keys.front()] = issue;
      } else {
        app.keys[part[i].keys.front()] = issue;
      }
      app.handlings[issue] = std::move(handling);
    }
  }
  return others;
}

Observer::Learnt Observer::learn(sql::Transaction& tx, const AppId& appid, const Unknown& unknown, bool full,
                                 TimeMs now) const {
  const auto known_as = [&](std::int64_t issue) {
    const auto found = store::find(tx, appid, issue);
    return Learnt{issue, found ? found->handling : Handling{}};
  };
  const Key newest = rules_.back()(unknown.failure, unknown.record->page);
  const std::int64_t id = unknown.keys.front();
  for (const std::int64_t key : unknown.keys) {
    const auto known = store::find_key(tx, key);
    if (!known) continue;
    // Under an older rule it had an issue: there it stays.
    if (key != id) store::insert_key(tx, appid, {id, known->issue, newest, now});
    return known_as(known->issue);
  }
  if (!full) return create(tx, appid, unknown, newest, now);
  const Key overflow = overflow_key(unknown.failure.kind);
  const auto known = store::find_key(tx, id_of(appid, overflow));
  Learnt learnt = known ? known_as(known->issue) : create(tx, appid, unknown, overflow, now);
  learnt.overflow = true;
  return learnt;
}

Observer::Learnt Observer::create(sql::Transaction& tx, const AppId& appid, const Unknown& unknown, const Key& key,
                                  TimeMs now) const {
  const Record& record = *unknown.record;
  Issue issue;
  issue.id = id_of(appid, key);
  issue.appid = appid;
  issue.number = store::next_number(tx, appid);
  issue.headline = headline_of(unknown.failure, record.page);
  if (key.rule == "overflow") issue.headline = {"(其他)", ""};
  issue.page = record.page;
  issue.nature = nature_of(unknown.failure, record.level);
  issue.computed = judge_severity(issue.nature, {});
  issue.severity_at = now;
  issue.first_seen_at = issue.last_seen_at = record.time;
  issue.first_release = issue.last_release = record.release;
  store::insert(tx, issue);
  store::insert_key(tx, appid, {issue.id, issue.id, key, record.time});
  Activity step;
  step.id = unknown.activity_id;
  step.issue = issue.id;
  step.at = now;
  step.what = "created";
  store::add_activity(tx, appid, step);
  tell(tx, IssueEvent::What::created, issue, record);
  return {issue.id, issue.handling};
}

// ---- releases ----

Result<void> Observer::learn_releases(const AppId& appid, App& app, std::span<const Record* const> records) {
  for (const Record* record : records) {
    if (record->release.empty() || app.releases.knows(record->release)) continue;
    if (app.releases.size() >= store::releases_max) return {};
    const Release release{record->release, record->received_at,
                          std::max(record->received_at, app.releases.last_place() + 1)};
    if (auto ok = learn_release(appid, release); !ok) return ok;
    app.releases.put(release.name, release.place);
  }
  return {};
}

// With it come the fixes that were made for it.
Result<void> Observer::learn_release(const AppId& appid, const Release& release) {
  const auto fixed = with_.database.read_blocking(
      [&](sql::Transaction& tx) -> Result<std::vector<Issue>> { return store::fixed_in(tx, appid, release.name); });
  if (!fixed) return std::unexpected(fixed.error());
  std::vector<Activity> steps;
  for (const Issue& issue : *fixed) {
    Activity step;
    step.id = with_.ids.next();
    step.issue = issue.id;
    step.at = with_.clock.now();
    step.what = "released";
    step.text = release.name;
    steps.push_back(std::move(step));
  }
  auto write = [&](sql::Transaction& tx) -> Result<void> {
    store::insert_release(tx, appid, release);
    for (Activity step : steps) {
      auto issue = store::find(tx, appid, step.issue);
      if (!issue || issue->handling.state != Workflow::fixed || issue->handling.fixed_in != release.name) continue;
      const Handling before = issue->handling;
      issue->handling.state = Workflow::released;
      store::save_handling(tx, *issue);
      step.before = difference(before, issue->handling);
      step.after = difference(issue->handling, before);
      store::add_activity(tx, appid, step);
    }
    return {};
  };
  return with_.database.write_blocking(write);
}

}  // namespace miniops::issues
