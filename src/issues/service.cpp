#include "issues/service.hpp"

#include "identity/audit.hpp"
#include "issues/errors.hpp"
#include "issues/step.hpp"

namespace miniops::issues {

namespace {

void change_state(Handling& handling, const Change& change, const ReleaseOrder& releases, TimeMs now) {
  const std::string fixed_in = change.fixed_in.value_or(releases.newest());
  Workflow state = change.state.value_or(handling.state);
  if (change.resolve) state = releases.knows(fixed_in) || fixed_in.empty() ? Workflow::released : Workflow::fixed;
  if (is_resolved(state)) {
    if (!is_resolved(handling.state) || change.fixed_in || change.resolve) {
      resolve(handling, state, fixed_in, now);
    } else {
      handling.state = state;  // from fixed to released, or back: the fix is the same
    }
  } else {
    handling.state = state;
    handling.fixed_in.clear();
    handling.resolved_at = 0;
  }
}

Handling changed(Handling handling, const Change& change, const std::optional<Assignee>& assignee,
                 const ReleaseOrder& releases, TimeMs now) {
  if (change.state || change.resolve) change_state(handling, change, releases, now);
  if (change.assignee) handling.assignee = assignee;
  if (change.severity) handling.severity = *change.severity;
  if (change.ignored) {
    handling.ignored = *change.ignored;
    if (handling.ignored && handling.ignored->until_release) handling.ignored->after_release = releases.newest();
  }
  if (change.tracker_url) handling.tracker_url = change.tracker_url->value_or("");
  return handling;
}

}  // namespace

Task<Result<std::optional<Assignee>>> Service::assignee_of(Access access, std::optional<identity::AccountId> account) {
  if (!account) co_return std::optional<Assignee>();
  const auto members = co_await with_.identity.list_members(access);
  if (!members) co_return std::unexpected(members.error());
  const auto found = std::ranges::find(*members, *account, &identity::Member::account);
  if (found != members->end()) {
    co_return std::optional(Assignee{*account, found->display_name.empty() ? found->username : found->display_name});
  }
  // Who manages the installation is a member of nothing, and may take an issue all the same.
  if (*account == access.account()) co_return std::optional(Assignee{*account, access.username()});
  co_return fail(errors::unknown_assignee());
}

Task<Result<std::vector<Issue>>> Service::change(Access access, std::vector<std::int64_t> ids, Change change) {
  const auto assignee = co_await assignee_of(access, change.assignee.value_or(std::nullopt));
  if (!assignee) co_return std::unexpected(assignee.error());
  const Step step = step_of(access, with_.clock.now(), with_.ids, ids.size(), "changed", "issues.issue.change");
  auto change_all = [=](sql::Transaction& tx) -> Result<std::vector<Issue>> {
    const ReleaseOrder releases = store::release_order(tx, step.access.appid());
    std::vector<Issue> out;
    for (std::size_t i = 0; i < ids.size(); ++i) {
      auto issue = store::find_standing(tx, step.access.appid(), ids[i]);
      if (!issue) return fail(errors::not_found());
      const Handling before = issue->handling;
      issue->handling = changed(before, change, *assignee, releases, step.now);
      if (issue->handling != before) {
        store::save_handling(tx, *issue);
        note(tx, step, i, issue->id, difference(before, issue->handling), difference(issue->handling, before));
      }
      out.push_back(std::move(*issue));
    }
    return out;
  };
  co_return co_await write<std::vector<Issue>>(std::move(change_all));
}

// ---- history ----

Task<Result<Activity>> Service::comment(Access access, std::int64_t id, std::string text) {
  const identity::AuditEntry entry{with_.ids.next(), with_.clock.now(), "issues.issue.comment",
                                   "issue:" + std::to_string(id)};
  Activity said{with_.ids.next(), id, entry.at, "comment", access.account(), access.username(), std::move(text)};
  auto say = [=](sql::Transaction& tx) -> Result<Activity> {
    const auto issue = store::find_standing(tx, access.appid(), id);
    if (!issue) return fail(errors::not_found());
    Activity there = said;
    there.issue = issue->id;
    store::add_activity(tx, access.appid(), there);
    identity::audit(tx, access, entry);
    return there;
  };
  co_return co_await with_.database.write(std::move(say));
}

Task<Result<ActivityPage>> Service::activity(Access access, std::int64_t id,
                                             std::optional<std::pair<std::int64_t, std::int64_t>> after, int limit) {
  auto read = [=](sql::Transaction& tx) -> Result<ActivityPage> {
    const auto issue = store::find_standing(tx, access.appid(), id);
    if (!issue) return fail(errors::not_found());
    ActivityPage page{store::activity_of(tx, issue->id, after, limit + 1)};
    if (page.items.size() > static_cast<std::size_t>(limit)) {
      page.items.pop_back();
      page.next = {page.items.back().at, page.items.back().id};
    }
    return page;
  };
  co_return co_await with_.database.read(std::move(read));
}

// The places that the named ones have are dealt out anew among them.
Task<Result<std::vector<std::string>>> Service::order_releases(Access access, std::vector<std::string> names) {
  const identity::AuditEntry entry{with_.ids.next(), with_.clock.now(), "issues.releases.order",
                                   "issue_releases:" + access.appid().str()};
  auto order = [=](sql::Transaction& tx) -> Result<std::vector<std::string>> {
    std::map<std::string, std::int64_t> places;
    for (const Release& release : store::releases(tx, access.appid())) places[release.name] = release.place;
    std::vector<std::int64_t> dealt;
    for (const std::string& name : names) {
      const auto found = places.find(name);
      if (found == places.end()) return fail(errors::unknown_release(name));
      dealt.push_back(found->second);
    }
    std::ranges::sort(dealt);
    if (std::ranges::adjacent_find(dealt) != dealt.end())
      return fail(errors::invalid_question("releases", "names one twice"));
    for (std::size_t i = 0; i < names.size(); ++i) store::place_release(tx, access.appid(), names[i], dealt[i]);
    identity::AuditEntry changed = entry;
    changed.changes["releases"] = {{"to", json::value_from(names)}};
    identity::audit(tx, access, changed);
    std::vector<std::string> out;
    for (const Release& release : store::releases(tx, access.appid())) out.push_back(release.name);
    return out;
  };
  co_return co_await write<std::vector<std::string>>(std::move(order));
}

}  // namespace miniops::issues
