// What an issue's events have in common against everybody; the health of releases.
#include <algorithm>

#include "issues/errors.hpp"
#include "issues/reports.hpp"
#include "issues/sourcemaps/shelf.hpp"
#include "telemetry/numbers.hpp"

namespace miniops::issues {

namespace {

using events::Field;
using events::Measure;
using telemetry::Asked;

constexpr std::size_t values_shown = 10;
constexpr double enough = 20;  // events, or sessions of everybody: of fewer no lift is said

using Counts = std::map<std::string, double>;

double sum_of(const Counts& counts) {
  double sum = 0;
  for (const auto& [value, count] : counts) sum += count;
  return sum;
}

Tag tag_of(std::string name, const Counts& own, const Counts& everybody) {
  const double all = sum_of(own);
  const double everybody_all = sum_of(everybody);
  Tag tag{std::move(name)};
  for (const auto& [value, count] : own) {
    TagValue one{value, count, count / all};
    if (everybody_all > 0) {
      const auto found = everybody.find(value);
      one.everybody_share = found == everybody.end() ? 0 : found->second / everybody_all;
      if (all >= enough && everybody_all >= enough && *one.everybody_share > 0)
        one.lift = one.share / *one.everybody_share;
    }
    tag.values.push_back(std::move(one));
  }
  std::ranges::sort(tag.values, {}, [](const TagValue& one) { return std::pair(-one.events, one.value); });
  if (tag.values.size() > values_shown) tag.values.resize(values_shown);
  return tag;
}

Counts counts_of(const std::vector<telemetry::NamedPoint>& points, Measure measure) {
  Counts counts;
  for (const auto& named : points)
    if (!named.name.empty()) counts[named.name] += measure == Measure::count ? named.point.count : named.point.value;
  return counts;
}

// One side of a device's row: models, systems …
template <class Side>
Counts side_of(const Counts& devices, Side side) {
  Counts counts;
  for (const auto& [word, count] : devices)
    if (std::string value = side(telemetry::device_of_word(word)); !value.empty()) counts[value] += count;
  return counts;
}

std::string two_words(const std::string& a, const std::string& b) {
  return a.empty() || b.empty() ? a + b : a + " " + b;
}

}  // namespace

Task<Result<Tag>> Reports::compare(Access access, std::string name, Asked asked, Asked everybody, Field field) {
  const auto own = co_await counter_.by(access, std::move(asked), field, Measure::count);
  if (!own) co_return std::unexpected(own.error());
  const Measure measure = everybody.kind == telemetry::Kind::session ? Measure::sessions : Measure::count;
  const auto others = co_await counter_.by(access, std::move(everybody), field, measure);
  if (!others) co_return std::unexpected(others.error());
  co_return tag_of(std::move(name), counts_of(*own, Measure::count), counts_of(*others, measure));
}

Task<Result<std::vector<Tag>>> Reports::compare_devices(Access access, Asked asked, Asked everybody) {
  const auto own = co_await counter_.by(access, std::move(asked), Field::device, Measure::count);
  if (!own) co_return std::unexpected(own.error());
  const auto others = co_await counter_.by(access, std::move(everybody), Field::device, Measure::sessions);
  if (!others) co_return std::unexpected(others.error());
  const Counts devices = counts_of(*own, Measure::count);
  const Counts all = counts_of(*others, Measure::sessions);
  using telemetry::Device;
  const std::array<std::pair<std::string, std::string (*)(const Device&)>, 4> sides{
      {{"model", [](const Device& device) { return two_words(device.brand, device.model); }},
       {"os", [](const Device& device) { return two_words(device.os, device.os_version); }},
       {"base_library", [](const Device& device) { return device.base_library; }},
       {"wechat", [](const Device& device) { return device.wechat; }}}};
  std::vector<Tag> tags;
  for (const auto& [name, side] : sides) tags.push_back(tag_of(name, side_of(devices, side), side_of(all, side)));
  co_return tags;
}

Task<Result<std::vector<Tag>>> Reports::tags(Access access, std::int64_t id, Span span) {
  auto find = [=](sql::Transaction& tx) -> Result<std::int64_t> {
    const auto issue = store::find_standing(tx, access.appid(), id);
    return issue ? Result<std::int64_t>(issue->id) : fail(errors::not_found());
  };
  const auto standing = co_await with_.database.read(std::move(find));
  if (!standing) co_return std::unexpected(standing.error());
  const std::vector<std::int64_t> only{*standing};
  const auto members = co_await members_of(access.appid(), only);
  if (!members) co_return std::unexpected(members.error());
  const Asked asked = errors_of(members->at(*standing), span);
  const Asked sessions = with_session({telemetry::Kind::session, span.from, span.to});
  const Asked views{telemetry::Kind::event, span.from, span.to};

  std::vector<Tag> tags;
  const std::array<std::tuple<std::string, Field, const Asked*>, 4> columns{{{"release", Field::release, &sessions},
                                                                             {"region", Field::region, &sessions},
                                                                             {"network", Field::network, &sessions},
                                                                             {"page", Field::page, &views}}};
  for (const auto& [name, field, everybody] : columns) {
    auto tag = co_await compare(access, name, asked, *everybody, field);
    if (!tag) co_return std::unexpected(tag.error());
    tags.push_back(std::move(*tag));
  }
  auto of_devices = co_await compare_devices(access, asked, sessions);
  if (!of_devices) co_return std::unexpected(of_devices.error());
  tags.insert(tags.begin() + 1, of_devices->begin(), of_devices->end());
  std::erase_if(tags, [](const Tag& tag) { return tag.values.empty(); });
  co_return tags;
}

// ---- releases ----

Task<Result<std::map<std::string, double>>> Reports::by_release(Access access, Asked asked, Measure measure) {
  const auto points = co_await counter_.by(access, std::move(asked), Field::release, measure);
  if (!points) co_return std::unexpected(points.error());
  co_return counts_of(*points, measure);
}

Task<Result<std::vector<ReleaseHealth>>> Reports::releases(Access access, Span span) {
  struct Known {
    std::vector<Release> releases;
    std::map<std::string, std::int64_t> maps;
    std::vector<std::pair<std::string, std::int64_t>> fresh;
  };
  auto read = [appid = access.appid()](sql::Transaction& tx) -> Result<Known> {
    return Known{store::releases(tx, appid), store::maps_by_release(tx, appid),
                 store::issues_by_first_release(tx, appid)};
  };
  auto known = co_await with_.database.read(std::move(read));
  if (!known) co_return std::unexpected(known.error());

  const Asked visits = with_session({telemetry::Kind::session, span.from, span.to});
  Asked crashed = visits;  // as Sentry's client says it of a session
  crashed.filters.push_back({Field::name, {"crashed", "abnormal"}});
  const Asked errors{telemetry::Kind::error, span.from, span.to, {{Field::level, {"error", "fatal"}}}};
  Asked last_day = visits;
  last_day.from = last_day.to - day_ms;
  // Sessions and people, of all, of those with an error, of those that crashed; sessions of the last day.
  const std::array<std::pair<Asked, Measure>, 6> questions{{{visits, Measure::sessions},
                                                            {visits, Measure::people},
                                                            {with_session(errors), Measure::sessions},
                                                            {errors, Measure::people},
                                                            {crashed, Measure::sessions},
                                                            {last_day, Measure::sessions}}};
  std::array<Counts, 6> answers;
  for (std::size_t i = 0; i < questions.size(); ++i) {
    auto answer = co_await by_release(access, questions[i].first, questions[i].second);
    if (!answer) co_return std::unexpected(answer.error());
    answers[i] = std::move(*answer);
  }
  auto& [sessions, users, failed_sessions, failed_users, crashed_sessions, day] = answers;
  const double whole_day = sum_of(day);
  const std::map<std::string, std::int64_t> fresh(known->fresh.begin(), known->fresh.end());

  std::vector<ReleaseHealth> out;
  for (const Release& release : std::ranges::reverse_view(known->releases)) {
    const std::string& name = release.name;
    ReleaseHealth health{release, sessions[name], users[name]};
    const auto free_of = [](double failed, double all) { return std::max(0.0, 1 - failed / all); };
    if (health.sessions > 0)
      health.crash_free_sessions = free_of(failed_sessions[name] + crashed_sessions[name], health.sessions);
    if (health.users > 0) health.crash_free_users = free_of(failed_users[name], health.users);
    if (whole_day > 0) health.adoption = day[name] / whole_day;
    if (const auto found = fresh.find(name); found != fresh.end()) health.new_issues = found->second;
    health.source_maps = known->maps[name];
    out.push_back(std::move(health));
  }
  co_return out;
}

}  // namespace miniops::issues
