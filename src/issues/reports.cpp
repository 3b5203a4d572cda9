#include "issues/reports.hpp"

#include <algorithm>

#include "issues/errors.hpp"
#include "issues/sourcemaps/shelf.hpp"

namespace miniops::issues {

namespace {

using events::Measure;

constexpr int candidates_max = 20'000;  // of a list that is ordered by figures
constexpr int keys_shown = 100;

std::vector<std::int64_t> ids_of(const std::vector<IssueRow*>& rows) {
  std::vector<std::int64_t> ids;
  for (const IssueRow* row : rows) ids.push_back(row->issue.id);
  return ids;
}

double rank_of(const Issue& issue, const Figures& figures, ListSort sort) {
  switch (sort) {
    case ListSort::events:
      return figures.events;
    case ListSort::users:
      return figures.users;
    case ListSort::last_seen:
      return static_cast<double>(issue.last_seen_at);
    case ListSort::first_seen:
      return static_cast<double>(issue.first_seen_at);
  }
  std::unreachable();
}

}  // namespace

Task<Result<Members>> Reports::members_of(AppId appid, std::vector<std::int64_t> issues) {
  auto read = [=](sql::Transaction& tx) -> Result<Members> {
    Members members;
    for (const std::int64_t issue : issues) members[issue] = {issue};
    for (const auto& [part, standing] : store::merges(tx, appid))
      if (const auto found = members.find(standing); found != members.end()) found->second.push_back(part);
    return members;
  };
  co_return co_await with_.database.read(std::move(read));
}

Task<Result<void>> Reports::add_figures(Access access, Span span, TimeMs interval_ms, std::vector<IssueRow*> rows) {
  const auto members = co_await members_of(access.appid(), ids_of(rows));
  if (!members) co_return std::unexpected(members.error());
  auto figures = co_await counter_.figures(access, *members, span);
  if (!figures) co_return std::unexpected(figures.error());
  auto trends = co_await counter_.trends(access, *members, span, interval_ms);
  if (!trends) co_return std::unexpected(trends.error());
  const auto sessions = co_await counter_.all_sessions(access, span);
  if (!sessions) co_return std::unexpected(sessions.error());
  for (IssueRow* row : rows) {
    const std::int64_t id = row->issue.id;
    row->merged = static_cast<std::int64_t>(members->at(id).size()) - 1;
    row->figures.figures = (*figures)[id];
    row->figures.trend = std::move((*trends)[id]);
    if (*sessions > 0) row->figures.session_share = std::min(1.0, (*figures)[id].sessions / *sessions);
  }
  co_return Result<void>{};
}

// ---- the list ----

Task<Result<IssuePage>> Reports::list(Access access, ListQuestion question) {
  const Span span{question.filter.from, question.filter.to};
  const bool in_sql =
      !question.release && (question.sort == ListSort::last_seen || question.sort == ListSort::first_seen);
  IssuePage page;
  page.trend_interval_ms = trend_interval(span);
  auto issues = in_sql ? co_await by_time(access, question, page) : co_await ranked(access, question, page);
  if (!issues) co_return std::unexpected(issues.error());
  std::vector<IssueRow*> rows;
  for (Issue& issue : *issues) page.items.push_back({std::move(issue)});
  for (IssueRow& row : page.items) rows.push_back(&row);
  auto added = co_await add_figures(access, span, page.trend_interval_ms, std::move(rows));
  if (!added) co_return std::unexpected(added.error());
  co_return page;
}

Task<Result<std::vector<Issue>>> Reports::by_time(Access access, ListQuestion question, IssuePage& page) {
  const auto sort = question.sort == ListSort::first_seen ? store::Sort::first_seen : store::Sort::last_seen;
  auto read = [=](sql::Transaction& tx) -> Result<std::vector<Issue>> {
    return store::list(tx, access.appid(), question.filter, sort, question.after, question.limit + 1);
  };
  auto issues = co_await with_.database.read(std::move(read));
  if (issues && issues->size() > static_cast<std::size_t>(question.limit)) {
    issues->pop_back();
    page.next = {store::sort_key(issues->back(), sort), issues->back().id};
  }
  co_return issues;
}

// By what the event store counts: the cursor is a place in the order, which may move between two pages.
Task<Result<std::vector<Issue>>> Reports::ranked(Access access, ListQuestion question, IssuePage& page) {
  const AppId& appid = access.appid();
  auto read_merges = [=](sql::Transaction& tx) -> Result<std::map<std::int64_t, std::int64_t>> {
    const auto pairs = store::merges(tx, appid);
    return std::map<std::int64_t, std::int64_t>(pairs.begin(), pairs.end());
  };
  auto merged = co_await with_.database.read(std::move(read_merges));
  if (!merged) co_return std::unexpected(merged.error());
  const Span span{question.filter.from, question.filter.to};
  auto counted = co_await counter_.most(access, std::move(*merged), span, question.release);
  if (!counted) co_return std::unexpected(counted.error());
  auto read = [=](sql::Transaction& tx) -> Result<std::vector<Issue>> {
    return store::list(tx, appid, question.filter, store::Sort::last_seen, std::nullopt, candidates_max);
  };
  auto issues = co_await with_.database.read(std::move(read));
  if (!issues) co_return std::unexpected(issues.error());
  std::erase_if(*issues, [&](const Issue& issue) { return !counted->contains(issue.id); });
  std::ranges::sort(*issues, std::ranges::greater{}, [&](const Issue& issue) {
    return std::pair(rank_of(issue, counted->at(issue.id), question.sort), issue.id);
  });
  const auto all = static_cast<std::int64_t>(issues->size());
  const std::int64_t first = std::clamp<std::int64_t>(question.after ? question.after->first : 0, 0, all);
  const std::int64_t end = std::min(first + question.limit, all);
  if (end < all) page.next = {end, 1};
  co_return std::vector<Issue>(issues->begin() + first, issues->begin() + end);
}

// ---- one issue ----

Task<Result<IssueDetail>> Reports::get(Access access, std::int64_t id, Span span) {
  auto read = [=](sql::Transaction& tx) -> Result<std::pair<IssueDetail, ReleaseOrder>> {
    auto issue = store::find_standing(tx, access.appid(), id);
    if (!issue) return fail(errors::not_found());
    IssueDetail detail{{std::move(*issue)}};
    const Issue& found = detail.row.issue;
    detail.keys = store::keys_of(tx, found.id, keys_shown);
    detail.merged_from = store::merged_into(tx, found.id);
    for (const MapEntry& map : store::maps_of(tx, access.appid(), found.last_release))
      detail.maps_came_later = detail.maps_came_later || map.uploaded_at > found.first_seen_at;
    return std::pair(std::move(detail), store::release_order(tx, access.appid()));
  };
  auto loaded = co_await with_.database.read(std::move(read));
  if (!loaded) co_return std::unexpected(loaded.error());
  IssueDetail detail = std::move(loaded->first);
  detail.trend_interval_ms = trend_interval(span);
  const std::vector<IssueRow*> only{&detail.row};
  auto added = co_await add_figures(access, span, detail.trend_interval_ms, only);
  if (!added) co_return std::unexpected(added.error());
  std::vector<std::int64_t> all{detail.row.issue.id};
  for (const Issue& part : detail.merged_from) all.push_back(part.id);
  const auto counts = co_await counter_.by(access, errors_of(all, span), events::Field::release, Measure::count);
  if (!counts) co_return std::unexpected(counts.error());
  for (const auto& named : *counts) detail.releases.emplace_back(named.name, named.point.count);
  std::ranges::sort(detail.releases, std::ranges::greater{},
                    [&](const auto& one) { return std::pair(loaded->second.place(one.first), one.first); });
  co_return detail;
}

}  // namespace miniops::issues
