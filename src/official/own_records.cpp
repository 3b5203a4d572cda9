#include "official/own_records.hpp"

#include "base/mask.hpp"
#include "telemetry/store.hpp"

namespace miniops::official {

namespace {

using events::Field;
using events::Measure;
using events::Predicate;
using telemetry::Asked;
using telemetry::Kind;
using telemetry::NamedPoint;
using telemetry::NamedRow;

constexpr int issues_max = 5000;
// Error records of our SDK that are no errors of JavaScript, by name.
constexpr std::string_view other_errors =
    "^(api:|resource:|request_failed$|page_not_found$|lazy_load_error$|suspected_|memory_warning$)";

std::string name_of(Metric metric) {
  switch (metric) {
    case Metric::launch:
      return "appLaunch";
    case Metric::download:
      return "loadPackage";
    case Metric::first_render:
      return "firstRender";
  }
  std::unreachable();
}

Predicate field_contains(Field field, std::string text) {
  Predicate leaf;
  leaf.op = Predicate::Op::contains;
  leaf.on = Predicate::On::field;
  leaf.field = field;
  leaf.text = std::move(text);
  return leaf;
}

// Devices are matched by "brand model": Apple's phones are iOS, all others Android.
events::Matching of_device(std::string_view device) {
  if (device == "all") return nullptr;
  Predicate apple;
  apple.op = device == "ios" ? Predicate::Op::any : Predicate::Op::none;
  for (const char* word : {"apple", "iphone", "ipad"}) apple.of.push_back(field_contains(Field::device, word));
  return std::make_shared<const Predicate>(std::move(apple));
}

events::Matching only_javascript() {
  Predicate regex = field_contains(Field::name, std::string(other_errors));
  regex.op = Predicate::Op::regex;
  Predicate none;
  none.op = Predicate::Op::none;
  none.of.push_back(std::move(regex));
  return std::make_shared<const Predicate>(std::move(none));
}

Asked of_days(Kind kind, OwnDays days) {
  Asked asked;
  asked.kind = kind;
  asked.from = start_of_day(days.from);
  asked.to = start_of_day(days.to + 1);
  return asked;
}

bool is_os(const telemetry::Device& device, std::string_view wanted) {
  const bool android = device.os == "Android";
  const bool ios = device.os == "iOS";
  if (wanted == "android") return android;
  if (wanted == "ios") return ios;
  return wanted.empty() || (!android && !ios);
}

bool is_asked(const EventsAsked& asked, const NamedRow& row) {
  return is_os(row.device, asked.os) && (asked.base_library.empty() || row.device.base_library == asked.base_library) &&
         (asked.wechat.empty() || row.device.wechat == asked.wechat);
}

template <class T>
void cut_to_page(std::vector<T>& all, int offset, int limit) {
  const auto from = std::min(static_cast<std::size_t>(offset), all.size());
  all.erase(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(from));
  if (all.size() > static_cast<std::size_t>(limit)) all.erase(all.begin() + limit, all.end());
}

void mask(NamedRow& row) {
  row.row.text = mask_personal_data(row.row.text);
  row.row.properties = mask_personal_data(row.row.properties);
}

}  // namespace

std::string stack_of(const NamedRow& row) {
  boost::system::error_code problem;
  const json::value properties = json::parse(row.row.properties, problem);
  if (problem || !properties.is_object()) return "";
  const json::value* stack = properties.get_object().if_contains("stack");
  return stack != nullptr && stack->is_string() ? std::string(stack->get_string()) : "";
}

Task<Result<std::vector<OwnPoint>>> OwnRecords::performance(Access access, PerformanceAsked asked, OwnDays days) {
  Asked of = of_days(Kind::performance, days);
  of.filters.push_back({Field::name, {name_of(asked.metric)}});
  if (asked.network != "all") of.filters.push_back({Field::network, {asked.network}});
  if (asked.scene) of.filters.push_back({Field::scene, {std::to_string(*asked.scene)}});
  of.matching = of_device(asked.device);
  events::SeriesQuestion question;
  question.interval_ms = day_ms;
  question.offset_ms = china_ms;
  question.measure = Measure::mean;
  const auto means = co_await records_.series(access, of, question);
  if (!means) co_return std::unexpected(means.error());
  question.measure = Measure::quantiles;
  const auto quantiles = co_await records_.series(access, of, question);
  if (!quantiles) co_return std::unexpected(quantiles.error());
  std::map<TimeMs, double> middles;
  for (const NamedPoint& named : *quantiles)
    if (named.point.quantiles) middles[named.point.at] = named.point.quantiles->p50;
  std::vector<OwnPoint> out;
  for (const NamedPoint& named : *means)
    if (named.point.count > 0)
      out.push_back({china_day(named.point.at), named.point.value, middles[named.point.at], named.point.count});
  co_return out;
}

Task<Result<bool>> OwnRecords::add_person(Access access, std::string openid, Filters& filters) {
  if (openid.empty()) co_return true;
  const auto people = co_await records_.people_with(access, std::move(openid));
  if (!people) co_return std::unexpected(people.error());
  telemetry::Filter filter{Field::person};
  for (const auto& known : *people) {
    filter.any_of.push_back(std::to_string(known.person));
    for (const std::int64_t other : known.merged) filter.any_of.push_back(std::to_string(other));
  }
  if (filter.any_of.empty()) co_return false;
  filters.push_back(std::move(filter));
  co_return true;
}

Task<Result<std::vector<OwnRow>>> OwnRecords::with_openids(Access access, std::vector<NamedRow> rows) {
  std::map<std::int64_t, std::string> openids{{0, ""}};
  std::vector<OwnRow> out;
  for (NamedRow& row : rows) {
    if (!access.sees_personal_data()) {
      mask(row);
      out.push_back({std::move(row)});
      continue;
    }
    const std::int64_t person = row.row.person;
    if (!openids.contains(person)) {
      const auto people = co_await records_.people_with(access, std::to_string(person));
      if (!people) co_return std::unexpected(people.error());
      for (const auto& known : *people)
        for (const auto& id : known.ids)
          if (id.kind == "openid" && openids[person].empty()) openids[person] = id.id;
    }
    out.push_back({std::move(row), openids[person]});
  }
  co_return out;
}

Task<Result<OwnErrors>> OwnRecords::errors(Access access, ErrorsAsked asked) {
  Asked of = of_days(Kind::error, asked.days);
  of.text = asked.keyword;
  of.matching = only_javascript();
  if (!asked.release.empty()) of.filters.push_back({Field::release, {asked.release}});
  const auto known = co_await add_person(access, asked.openid, of.filters);
  if (!known) co_return std::unexpected(known.error());
  if (!*known) co_return OwnErrors{};
  events::BreakdownQuestion question{{}, Measure::people, Field::issue, issues_max};
  const auto points = co_await records_.breakdown(access, of, std::move(question));
  if (!points) co_return std::unexpected(points.error());

  OwnErrors out;
  for (const NamedPoint& named : *points) {
    if (named.point.key <= 0) continue;  // none, or all that are not among the most frequent
    out.items.push_back({.issue = named.point.key, .events = named.point.count, .users = named.point.value});
    out.events += named.point.count;
    out.users += named.point.value;
  }
  out.total = static_cast<std::int64_t>(out.items.size());
  std::ranges::sort(out.items, std::ranges::greater(), [&](const OwnError& error) {
    return std::pair(asked.by_users ? error.users : error.events, error.issue);
  });
  if (asked.ascending) std::ranges::reverse(out.items);
  cut_to_page(out.items, asked.offset, asked.limit);
  for (OwnError& error : out.items) {
    Asked one = of;
    one.filters.push_back({Field::issue, {std::to_string(error.issue)}});
    events::RowsQuestion newest;
    newest.limit = 1;
    auto rows = co_await records_.rows(access, std::move(one), std::move(newest));
    if (!rows) co_return std::unexpected(rows.error());
    if (rows->empty()) continue;
    if (!access.sees_personal_data()) mask(rows->front());
    const NamedRow& row = rows->front();
    error.message = row.row.text.contains(row.name) ? row.row.text : row.name + ": " + row.row.text;
    error.stack = stack_of(row);
  }
  co_return out;
}

Task<Result<OwnRows>> OwnRecords::events(Access access, EventsAsked asked) {
  Asked of = of_days(Kind::error, asked.days);
  of.filters.push_back({Field::issue, {std::to_string(asked.issue)}});
  if (!asked.release.empty()) of.filters.push_back({Field::release, {asked.release}});
  const auto known = co_await add_person(access, asked.openid, of.filters);
  if (!known) co_return std::unexpected(known.error());
  if (!*known) co_return OwnRows{};
  events::RowsQuestion newest;
  newest.limit = events_max;
  auto rows = co_await records_.rows(access, std::move(of), std::move(newest));
  if (!rows) co_return std::unexpected(rows.error());
  std::erase_if(*rows, [&](const NamedRow& row) { return !is_asked(asked, row); });
  OwnRows out;
  out.total = static_cast<std::int64_t>(rows->size());
  if (asked.ascending) std::ranges::reverse(*rows);
  cut_to_page(*rows, asked.offset, asked.limit);
  auto items = co_await with_openids(access, std::move(*rows));
  if (!items) co_return std::unexpected(items.error());
  out.items = std::move(*items);
  co_return out;
}

}  // namespace miniops::official
