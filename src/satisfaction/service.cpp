#include "satisfaction/service.hpp"

#include "identity/accounts.hpp"
#include "identity/audit.hpp"
#include "satisfaction/day.hpp"
#include "satisfaction/errors.hpp"

namespace miniops::satisfaction {

namespace {

using identity::Permission;

bool supervises(const Access& access, GroupId group) { return access.may(Permission::desk_supervise, group.str()); }

std::vector<GroupId> ids_of(const std::set<std::string>& groups) {
  std::vector<GroupId> ids;
  for (const std::string& group : groups)
    if (const auto id = parse_as<GroupId>(group)) ids.push_back(*id);
  return ids;
}

bool answers_customers(sql::Transaction& tx, const AppId& appid, AccountId account) {
  return identity::find_member_with(tx, appid, Permission::desk_reply, account).has_value();
}

// Cuts the row that tells whether more follow.
template <class T, class Key>
PageOf<T> page_of(std::vector<T> items, int limit, Key key) {
  PageOf<T> page{std::move(items)};
  if (page.items.size() <= static_cast<std::size_t>(limit)) return page;
  page.items.resize(static_cast<std::size_t>(limit));
  page.next = key(page.items.back());
  return page;
}

std::string key_of(const store::Cell& cell, store::By by, const Week& week) {
  switch (by) {
    case store::By::day:
      break;
    case store::By::agent:
      return cell.agent.str();
    case store::By::group:
      return cell.group.str();
    case store::By::question:
      return cell.form;
  }
  return std::to_string(week.first);
}

// What became other, not what was written about a customer.
json::object apply(FollowUp& follow_up, const FollowUpPatch& patch, const Access& access, TimeMs now) {
  json::object changes;
  follow_up.version = patch.version;
  if (patch.owner && *patch.owner != follow_up.owner) {
    changes["owner"] = {{"from", follow_up.owner.str()}, {"to", patch.owner->str()}};
    follow_up.owner = *patch.owner;
  }
  if (patch.due_at && *patch.due_at != follow_up.due_at) {
    changes["due_at"] = {{"from", follow_up.due_at}, {"to", *patch.due_at}};
    follow_up.due_at = *patch.due_at;
  }
  if (patch.note && *patch.note != follow_up.note) {
    changes["note"] = {{"changed", true}};
    follow_up.note = *patch.note;
  }
  if (patch.state && *patch.state != follow_up.state) {
    changes["state"] = {{"from", word(follow_up.state)}, {"to", word(*patch.state)}};
    follow_up.state = *patch.state;
    const bool done = follow_up.state == FollowUpState::done;
    follow_up.done_at = done ? now : 0;
    follow_up.done_by = done ? access.username() : std::string();
  }
  return changes;
}

}  // namespace

std::optional<store::Reader> Service::reader_of(const Access& access) const {
  const auto groups = with_.groups_read ? with_.groups_read(access) : std::nullopt;
  if (!groups) return std::nullopt;
  return store::Reader{access.account(), ids_of(*groups)};
}

Result<std::optional<store::Reader>> Service::scores_for(sql::Transaction& tx, const Access& access,
                                                         const std::optional<store::Reader>& reader) const {
  if (with_.surveys.shows_scores(tx, access)) return reader;
  const auto supervised = access.groups_with(Permission::desk_supervise);
  if (!supervised || supervised->empty()) return fail(errors::scores_hidden());
  return store::Reader{AccountId(), ids_of(*supervised)};
}

// ---- settings ----

Task<Result<Settings>> Service::settings(Access access) {
  auto read = [=](sql::Transaction& tx) -> Result<Settings> { return store::settings(tx, access.appid()); };
  co_return co_await with_.database.read(std::move(read));
}

Task<Result<Settings>> Service::change_settings(Access access, json::value patch) {
  const identity::AuditEntry entry{with_.ids.next(), with_.clock.now(), "satisfaction.settings.update",
                                   "miniprogram:" + access.appid().str()};
  auto write = [=, this](sql::Transaction& tx) -> Result<Settings> {
    const Settings before = store::settings(tx, access.appid());
    Settings after = before;
    JsonInput in(patch);
    read_settings(in, after);
    if (auto ok = in.finish(); !ok) return std::unexpected(ok.error());
    if (after.form == Form::link && !with_.surveys.has_links()) return fail(errors::no_public_url());
    const AccountId owner = after.follow_up.account;
    if (!owner.empty() && owner != before.follow_up.account && !answers_customers(tx, access.appid(), owner))
      return fail(errors::unknown_owner());
    store::put_settings(tx, access.appid(), after);
    identity::AuditEntry audited = entry;
    audited.changes["settings"] = {{"from", to_json(before)}, {"to", to_json(after)}};
    identity::audit(tx, access, audited);
    return after;
  };
  co_return co_await with_.database.write(std::move(write));
}

// ---- what came of it ----

Task<Result<PageOf<Survey>>> Service::results(Access access, store::ResultFilter filter, store::Before before,
                                              int limit) {
  const auto reader = reader_of(access);
  auto read = [=, this](sql::Transaction& tx) -> Result<PageOf<Survey>> {
    const auto shown = scores_for(tx, access, reader);
    if (!shown) return std::unexpected(shown.error());
    store::ResultFilter seen = filter;
    seen.reader = *shown;
    return page_of(store::list_answered(tx, access.appid(), seen, before, limit + 1), limit,
                   [](const Survey& one) { return std::pair(one.answered_at, one.id.value()); });
  };
  co_return co_await with_.database.read(std::move(read));
}

Task<Result<std::string>> Service::reveal_comment(Access access, SurveyId id) {
  const TimeMs now = with_.clock.now();
  const std::int64_t audit_id = with_.ids.next();
  const auto reader = reader_of(access);
  auto write = [=, this](sql::Transaction& tx) -> Result<std::string> {
    const auto survey = store::find_survey(tx, access.appid(), id);
    if (!survey) return fail(errors::not_found());
    if (!store::owns_follow_up(tx, access.account(), id)) {
      const auto shown = scores_for(tx, access, reader);
      if (!shown) return std::unexpected(shown.error());
      if (!store::shows(*shown, *survey)) return fail(errors::not_found());
    }
    auto whole = with_.surveys.whole_comment(*survey);
    if (!whole) return whole;
    identity::audit(tx, access,
                    {audit_id, now, "satisfaction.comment.reveal", "satisfaction_survey:" + id.str(), json::object()});
    return whole;
  };
  co_return co_await with_.database.write(std::move(write));
}

// What is told is a sum of the same parts whatever is asked, so that no two answers differ by one customer: a week,
// agent, group and form, with at least told_answers_min answers, once and for all when the week has been over for a
// while.
FunnelView Service::told_cells(sql::Transaction& tx, const AppId& appid, store::By by,
                               store::ResultFilter filter) const {
  FunnelView view{.whole_weeks = true};
  std::map<std::string, store::Funnel> buckets;
  for (const Week& week : weeks_within(filter.from, filter.to)) {
    const TimeMs told_at = week.over + told_after_ms;
    if (told_at > with_.clock.now()) break;
    filter.from = week.first;
    filter.to = week.last;
    for (const store::Cell& cell : store::count_cells(tx, appid, filter, told_at)) {
      if (cell.funnel.answered < told_answers_min) continue;
      buckets[key_of(cell, by, week)] += cell.funnel;
      view.total += cell.funnel;
    }
  }
  for (const auto& [key, funnel] : buckets) view.items.push_back({key, funnel});
  return view;
}

Task<Result<FunnelView>> Service::funnel(Access access, store::By by, store::ResultFilter filter) {
  filter.reader = reader_of(access);
  auto read = [=, this](sql::Transaction& tx) -> Result<FunnelView> {
    const auto shown = scores_for(tx, access, filter.reader);
    if (!shown) return told_cells(tx, access.appid(), by, filter);
    store::ResultFilter seen = filter;
    seen.reader = *shown;
    FunnelView view;
    view.items = store::count_by(tx, access.appid(), by, seen, buckets_max);
    for (const store::Bucket& bucket : view.items) view.total += bucket.funnel;
    return view;
  };
  co_return co_await with_.database.read(std::move(read));
}

// ---- follow-ups ----

Task<Result<PageOf<store::FollowUpView>>> Service::follow_ups(Access access, store::FollowUpFilter filter,
                                                              FollowUpId before, int limit) {
  const auto reader = reader_of(access);
  auto read = [=, this](sql::Transaction& tx) -> Result<PageOf<store::FollowUpView>> {
    store::FollowUpFilter seen = filter;
    seen.mine = access.account();
    seen.reader = scores_for(tx, access, reader).value_or(store::Reader());
    return page_of(
        store::list_follow_ups(tx, access.appid(), seen, before, limit + 1), limit,
        [](const store::FollowUpView& one) { return std::pair(one.follow_up.opened_at, one.follow_up.id.value()); });
  };
  co_return co_await with_.database.read(std::move(read));
}

Task<Result<store::FollowUpView>> Service::change_follow_up(Access access, FollowUpId id, FollowUpPatch patch) {
  const TimeMs now = with_.clock.now();
  const std::int64_t audit_id = with_.ids.next();
  const auto reader = reader_of(access);
  auto write = [=, this](sql::Transaction& tx) -> Result<store::FollowUpView> {
    auto view = store::follow_up(tx, access.appid(), id);
    if (!view) return fail(errors::not_found());
    FollowUp& follow_up = view->follow_up;
    const bool theirs = follow_up.owner == access.account();
    const std::optional<store::Reader> shown = scores_for(tx, access, reader).value_or(store::Reader());
    if (!theirs && !store::shows(shown, view->survey)) return fail(errors::not_found());
    if (!theirs && !follow_up.owner.empty() && !supervises(access, view->survey.group))
      return fail(errors::not_yours());
    if (patch.owner && *patch.owner != follow_up.owner && !answers_customers(tx, access.appid(), *patch.owner))
      return fail(errors::unknown_owner());
    json::object changes = apply(follow_up, patch, access, now);
    if (!store::update_follow_up(tx, follow_up)) return fail(errors::changed());
    ++follow_up.version;
    identity::audit(
        tx, access,
        {audit_id, now, "satisfaction.follow_up.update", "satisfaction_follow_up:" + id.str(), std::move(changes)});
    return std::move(*view);
  };
  co_return co_await with_.database.write(std::move(write));
}

}  // namespace miniops::satisfaction
