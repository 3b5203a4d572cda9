// Lines: the list, the tail, the histogram, what stands beside a line. The first part of service.hpp.
#include "logs/binding.hpp"
#include "logs/errors.hpp"
#include "logs/service.hpp"
#include "logs/store.hpp"

namespace miniops::logs {

namespace {

using events::Field;
using events::Predicate;
using telemetry::Asked;
using telemetry::Kind;
using telemetry::Level;
using telemetry::NamedPoint;
using telemetry::NamedRow;

constexpr TimeMs beside_ms = day_ms;          // how far context and related records are looked for
constexpr TimeMs receipt_slack_ms = 10'000;   // what was received so much earlier may be loaded later
constexpr TimeMs loading_ms = 5 * minute_ms;  // the tail waits so long for what the loader has not stored yet
constexpr TimeMs ahead_ms = minute_ms;
constexpr std::int64_t bars_max = 60;
constexpr std::int64_t bars_refused = 5000;

Predicate at_least(Level level) {
  Predicate among;
  among.op = Predicate::Op::among;
  among.on = Predicate::On::field;
  among.field = Field::level;
  for (auto number = static_cast<std::int64_t>(level); number <= static_cast<std::int64_t>(Level::fatal); ++number)
    among.numbers.push_back(number);
  return among;
}

bool is_no_id(std::string_view id) { return id.find_first_not_of('0') == std::string_view::npos; }

// Where the tail goes on: the latest receipt and number of what was seen. Where nothing matches for long, the receipt
// follows the clock, so that the tail looks at minutes and not at days.
events::RowPlace seen_until(const std::vector<Line>& lines, events::RowPlace before, TimeMs now) {
  before.first = std::max(before.first, now - loading_ms);
  for (const Line& line : lines) {
    before.first = std::max(before.first, line.found.row.received);
    before.second = std::max(before.second, line.found.row.sequence);
  }
  return before;
}

TimeMs chosen_interval(TimeMs range_ms) {
  for (const TimeMs interval : histogram_intervals)
    if (range_ms / interval <= bars_max) return interval;
  return histogram_intervals.back();
}

}  // namespace

Service::Service(const Collaborators& with) : with_(with), personal_({true, true, true, false, false, {}}) {}

bool may_change(const Access& access, identity::AccountId author) {
  return access.account() == author || access.may(identity::Permission::telemetry_manage);
}

Result<Query> read_query(std::string_view text) {
  auto query = parse(text);
  if (!query) return fail(errors::invalid_query(query.error()));
  return std::move(*query);
}

Line Service::line(const Access& access, Kind kind, NamedRow found) const {
  return line_of(kind, std::move(found), access.sees_personal_data() ? nullptr : &personal_);
}

Task<Result<Asked>> Service::asked(AppId appid, Question question) {
  Asked asked;
  asked.kind = kind_of(question.source);
  asked.filters = filters_of(question.source);
  asked.from = question.from;
  asked.to = question.to;
  Predicate all;
  all.of.push_back(to_predicate(question.query));
  if (question.level != Level::none) all.of.push_back(at_least(question.level));
  Aliases aliases;
  if (mentions(all, Field::log_template)) {
    auto read = [appid](sql::Transaction& tx) -> Result<Aliases> { return store::aliases(tx, appid); };
    auto known = co_await with_.database.read(std::move(read));
    if (!known) co_return std::unexpected(known.error());
    aliases = std::move(*known);
  }
  asked.matching = std::make_shared<const Predicate>(bound(std::move(all), aliases));
  co_return asked;
}

// ---- the list ----

Task<Result<Lines>> Service::lines(Access access, Question question, int limit,
                                   std::optional<events::RowPlace> before) {
  auto asked_now = co_await asked(access.appid(), std::move(question));
  if (!asked_now) co_return std::unexpected(asked_now.error());
  const Kind kind = asked_now->kind;
  events::RowsQuestion rows{{}, limit + 1, before, {}};
  auto found = co_await with_.records.rows(access, std::move(*asked_now), std::move(rows));
  if (!found) co_return std::unexpected(found.error());
  Lines lines;
  const bool more = found->size() > static_cast<std::size_t>(limit);
  if (more) found->pop_back();
  for (NamedRow& row : *found) lines.items.push_back(line(access, kind, std::move(row)));
  if (more) lines.next = id_of(lines.items.back()).place();
  if (!before) lines.tail = seen_until(lines.items, {0, 0}, with_.clock.now());
  co_return lines;
}

// Rows are loaded in the order of their receipt, but for the few seconds that a request may take. So what is new lies
// near the latest receipt that was seen, and has a higher number than all that was there.
Task<Result<Lines>> Service::tail(Access access, Question question, int limit, events::RowPlace after) {
  question.from = after.first - receipt_slack_ms;
  question.to = with_.clock.now() + ahead_ms;
  auto asked_now = co_await asked(access.appid(), std::move(question));
  if (!asked_now) co_return std::unexpected(asked_now.error());
  const Kind kind = asked_now->kind;
  asked_now->by_receipt = true;
  const auto fits = static_cast<std::size_t>(limit);
  events::RowsQuestion rows{{}, 2 * limit, {}, {}};
  auto found = co_await with_.records.rows(access, std::move(*asked_now), std::move(rows));
  if (!found) co_return std::unexpected(found.error());
  std::erase_if(*found, [&](const NamedRow& row) { return row.row.sequence <= after.second; });
  Lines lines;
  for (NamedRow& row : *found) lines.items.push_back(line(access, kind, std::move(row)));
  lines.tail = seen_until(lines.items, after, with_.clock.now());
  lines.skipped = lines.items.size() > fits;
  if (lines.skipped) lines.items.resize(fits);
  co_return lines;
}

Task<Result<Histogram>> Service::histogram(Access access, Question question, std::optional<TimeMs> interval_ms,
                                           TimeMs offset_ms) {
  const TimeMs range = question.to - question.from;
  Histogram out{interval_ms.value_or(chosen_interval(range)), {}};
  if (range / out.interval_ms > bars_refused)
    co_return fail(errors::invalid("interval_ms", "is too short for this time range"));
  auto asked_now = co_await asked(access.appid(), std::move(question));
  if (!asked_now) co_return std::unexpected(asked_now.error());
  events::SeriesQuestion series{{}, events::Measure::count, out.interval_ms, offset_ms, Field::level, 7};
  auto points = co_await with_.records.series(access, std::move(*asked_now), std::move(series));
  if (!points) co_return std::unexpected(points.error());
  for (const NamedPoint& named : *points) {
    if (out.bars.empty() || out.bars.back().at != named.point.at) out.bars.push_back({named.point.at});
    out.bars.back().levels[named.name] += named.point.count;
  }
  co_return out;
}

// ---- what stands beside a line ----

Task<Result<Line>> Service::find(Access access, LineId id) {
  Asked asked_now;
  asked_now.kind = id.kind;
  asked_now.from = id.at;
  asked_now.to = id.at + 1;
  events::RowsQuestion rows{{}, 1, events::RowPlace{id.at, id.sequence + 1}, {}};
  auto found = co_await with_.records.rows(access, std::move(asked_now), std::move(rows));
  if (!found) co_return std::unexpected(found.error());
  if (found->empty() || found->front().row.sequence != id.sequence) co_return fail(errors::not_found("line"));
  co_return line(access, id.kind, std::move(found->front()));
}

Task<Result<std::vector<Line>>> Service::beside(Access access, LineId id, std::string session, int lines, bool after) {
  Asked asked_now;
  asked_now.kind = id.kind;
  asked_now.from = after ? id.at : id.at - beside_ms;
  asked_now.to = after ? id.at + beside_ms : id.at + 1;
  if (!session.empty()) asked_now.filters.push_back({Field::session, {std::move(session)}});
  events::RowsQuestion rows{{}, lines, {}, {}};
  (after ? rows.after : rows.before) = id.place();
  auto found = co_await with_.records.rows(access, std::move(asked_now), std::move(rows));
  if (!found) co_return std::unexpected(found.error());
  std::vector<Line> out;
  for (NamedRow& row : *found) out.push_back(line(access, id.kind, std::move(row)));
  if (!after) std::ranges::reverse(out);
  co_return out;
}

Task<Result<Context>> Service::context(Access access, LineId id, int lines, bool within_session) {
  auto found = co_await find(access, id);
  if (!found) co_return std::unexpected(found.error());
  const std::string session = is_no_id(found->found.row.session) ? "" : found->found.row.session;
  Context out;
  out.within_session = within_session && !session.empty();
  const std::string same = out.within_session ? session : "";
  auto before = co_await beside(access, id, same, lines, false);
  if (!before) co_return std::unexpected(before.error());
  auto after = co_await beside(access, id, same, lines, true);
  if (!after) co_return std::unexpected(after.error());
  out.before = std::move(*before);
  out.after = std::move(*after);
  out.line = std::move(*found);
  co_return out;
}

Task<Result<double>> Service::count(Access access, Asked asked_now) {
  const TimeMs range = std::max<TimeMs>(asked_now.to - asked_now.from, 1);
  events::SeriesQuestion series{{}, events::Measure::count, range, 0, std::nullopt, 1};
  auto points = co_await with_.records.series(access, std::move(asked_now), std::move(series));
  if (!points) co_return std::unexpected(points.error());
  double sum = 0;
  for (const NamedPoint& named : *points) sum += named.point.count;
  co_return sum;
}

Task<Result<RelatedIn>> Service::related_in(Access access, Field field, std::string id, TimeMs from, TimeMs to) {
  RelatedIn out{id, {}};
  for (const Kind kind : {Kind::log, Kind::error, Kind::performance, Kind::event}) {
    Asked asked_now;
    asked_now.kind = kind;
    asked_now.from = from;
    asked_now.to = to;
    asked_now.filters.push_back({field, {id}});
    auto sum = co_await count(access, std::move(asked_now));
    if (!sum) co_return std::unexpected(sum.error());
    out.counts[kind] = *sum;
  }
  co_return out;
}

Task<Result<Related>> Service::related(Access access, LineId id) {
  const auto found = co_await find(access, id);
  if (!found) co_return std::unexpected(found.error());
  Related out{id.at - beside_ms, id.at + beside_ms, {}, {}};
  if (const std::string trace = found->found.row.trace; !trace.empty()) {
    auto in = co_await related_in(access, Field::trace, trace, out.from, out.to);
    if (!in) co_return std::unexpected(in.error());
    out.trace = std::move(*in);
  }
  if (const std::string session = found->found.row.session; !is_no_id(session)) {
    auto in = co_await related_in(access, Field::session, session, out.from, out.to);
    if (!in) co_return std::unexpected(in.error());
    out.session = std::move(*in);
  }
  co_return out;
}

}  // namespace miniops::logs
