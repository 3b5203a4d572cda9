#include "issues/event_pages.hpp"

#include <algorithm>

#include "base/mask.hpp"
#include "issues/errors.hpp"
#include "issues/message.hpp"
#include "issues/store.hpp"
#include "net/http.hpp"

namespace miniops::issues {

namespace {

using events::Field;
using telemetry::Asked;
using telemetry::NamedRow;

constexpr int context_lines = 5;
constexpr int path_max = 30;
constexpr int signals_of_kind_max = 20;
constexpr TimeMs signals_within_ms = 10 * minute_ms;

void mask(NamedRow& row) {
  row.row.text = mask_personal_data(row.row.text);
  row.row.properties = mask_personal_data(row.row.properties);
}

events::RowPlace place_of(const NamedRow& row) { return {row.row.time, row.row.sequence}; }

}  // namespace

std::string_view to_string(Mapping mapping) {
  constexpr std::array<std::string_view, 5> names{"mapped", "partly", "no_maps", "no_stack", "nothing_fits"};
  return names[static_cast<std::size_t>(mapping)];
}

std::string event_name(const NamedRow& row) { return net::make_cursor(row.row.time, row.row.sequence); }

telemetry::Record record_of(const NamedRow& row) {
  telemetry::Record record;
  record.kind = telemetry::Kind::error;
  record.name = row.name;
  record.text = row.row.text;
  record.properties = row.row.properties;
  record.release = row.release;
  record.page = row.page;
  return record;
}

// ---- the stack ----

namespace {

ReadFrame read_frame(const Frame& given, const SourceFrame* in_source) {
  ReadFrame out{given};
  if (in_source == nullptr || !in_source->traced.source) return out;
  const Traced& traced = in_source->traced;
  if (plain_function(given.function).empty()) out.frame.function = in_source->frame.function;
  out.frame.in_app = in_source->frame.in_app;
  out.source = traced.source;
  out.between = traced.between;
  if (const auto content = traced.map->content(traced.source_number))
    out.context = lines_around(*content, traced.source->line, context_lines);
  return out;
}

Mapping mapping_of(const ReadStack& stack, const MapSet* maps) {
  std::int64_t all = 0;
  std::int64_t mapped = 0;
  for (const ReadException& exception : stack.exceptions) {
    for (const ReadFrame& frame : exception.frames) {
      all += frame.frame.in_app ? 1 : 0;
      mapped += frame.frame.in_app && frame.source ? 1 : 0;
    }
  }
  if (all == 0) return Mapping::no_stack;
  if (maps == nullptr) return Mapping::no_maps;
  if (mapped == 0) return Mapping::nothing_fits;
  return mapped == all ? Mapping::mapped : Mapping::partly;
}

}  // namespace

ReadStack read_stack(const Failure& failure, const MapSet* maps, const OpenMap& open) {
  ReadStack stack;
  for (const Exception& exception : failure.exceptions) {
    const auto frames = maps == nullptr ? std::vector<SourceFrame>{} : in_source(*maps, open, exception.frames);
    ReadException out{exception.type, exception.message};
    for (std::size_t i = 0; i < exception.frames.size(); ++i)
      out.frames.push_back(read_frame(exception.frames[i], maps == nullptr ? nullptr : &frames[i]));
    stack.exceptions.push_back(std::move(out));
  }
  stack.mapping = mapping_of(stack, maps);
  return stack;
}

Task<Result<ReadStack>> EventPages::read_stack(AppId appid, const NamedRow& row) {
  const telemetry::Record record = record_of(row);
  auto read = [this, &appid, &record]() -> Result<ReadStack> {
    telemetry::Json json;
    const Failure failure = failure_of(record, json);
    const auto maps = with_.shelf.maps_of(appid, record.release);
    if (!maps) return std::unexpected(maps.error());
    return issues::read_stack(failure, maps->get(), with_.shelf.opener());
  };
  auto done = co_await with_.workers.run(read);
  if (!done) co_return std::unexpected(done.error());
  co_return std::move(*done);
}

// ---- rows ----

Task<Result<Asked>> EventPages::events_of(AppId appid, std::int64_t id) {
  const TimeMs to = with_.clock.now() + hour_ms;
  auto read = [=](sql::Transaction& tx) -> Result<Asked> {
    const auto issue = store::find_standing(tx, appid, id);
    if (!issue) return fail(errors::not_found());
    std::vector<std::int64_t> all{issue->id};
    for (const Issue& part : store::merged_into(tx, issue->id)) all.push_back(part.id);
    // What was sampled first need not be what happened first.
    return errors_of(all, {issue->first_seen_at - telemetry::oldest_ms, to});
  };
  co_return co_await with_.database.read(std::move(read));
}

Task<Result<EventPages::Rows>> EventPages::rows(Access access, Asked asked, events::RowsQuestion question) {
  auto found = co_await with_.telemetry.rows(access, std::move(asked), std::move(question));
  if (found && !access.sees_personal_data()) std::ranges::for_each(*found, mask);
  co_return found;
}

Task<Result<EventPage>> EventPages::list(Access access, std::int64_t issue, EventsQuestion wanted) {
  auto asked = co_await events_of(access.appid(), issue);
  if (!asked) co_return std::unexpected(asked.error());
  asked->from = wanted.span.from;
  asked->to = wanted.span.to;
  if (wanted.release) asked->filters.push_back({Field::release, {*wanted.release}});
  events::RowsQuestion question;
  question.limit = wanted.limit + 1;
  if (wanted.oldest_first) question.after = events::RowPlace{wanted.span.from - 1, 0};
  if (wanted.after) {
    const auto place = net::read_cursor(*wanted.after);
    if (!place) co_return std::unexpected(place.error());
    (wanted.oldest_first ? question.after : question.before) = *place;
  }
  auto found = co_await rows(access, std::move(*asked), std::move(question));
  if (!found) co_return std::unexpected(found.error());
  EventPage page{std::move(*found)};
  if (page.items.size() > static_cast<std::size_t>(wanted.limit)) {
    page.items.pop_back();
    page.next = event_name(page.items.back());
  }
  co_return page;
}

// ---- one event ----

Task<Result<EventPages::Rows>> EventPages::find(Access access, Asked asked, std::string event) {
  events::RowsQuestion question;
  question.limit = 1;
  if (event == "oldest") {
    question.after = events::RowPlace{0, 0};
  } else if (event != "newest") {
    const auto place = net::read_cursor(event);
    if (!place) co_return fail(errors::event_not_found());
    asked.from = place->first;
    asked.to = place->first + 1;
    question.after = events::RowPlace{place->first, place->second - 1};
  }
  auto found = co_await rows(access, std::move(asked), std::move(question));
  if (!found) co_return std::unexpected(found.error());
  const bool another = !found->empty() && event != "newest" && event != "oldest" && event_name(found->front()) != event;
  if (found->empty() || another) co_return fail(errors::event_not_found());
  co_return found;
}

Task<Result<EventDetail>> EventPages::get(Access access, std::int64_t issue, std::string event) {
  const auto asked = co_await events_of(access.appid(), issue);
  if (!asked) co_return std::unexpected(asked.error());
  auto found = co_await find(access, *asked, std::move(event));
  if (!found) co_return std::unexpected(found.error());
  EventDetail detail{std::move(found->front())};
  auto stack = co_await read_stack(access.appid(), detail.row);
  if (!stack) co_return std::unexpected(stack.error());
  detail.stack = std::move(*stack);
  if (auto ok = co_await add_path(access, detail); !ok) co_return std::unexpected(ok.error());
  if (auto ok = co_await add_signals(access, detail); !ok) co_return std::unexpected(ok.error());
  if (auto ok = co_await add_neighbours(access, *asked, detail); !ok) co_return std::unexpected(ok.error());
  co_return detail;
}

// Page views of the session, as our SDK and Sensors call them.
Task<Result<void>> EventPages::add_path(Access access, EventDetail& detail) {
  const events::FoundRow& row = detail.row.row;
  if (row.session.find_first_not_of('0') == std::string::npos) co_return Result<void>{};
  const Asked asked{telemetry::Kind::event,
                    row.time - 7 * day_ms,
                    row.time + 1,
                    {{Field::session, {row.session}}, {Field::name, {"page_view", "$MPViewScreen"}}}};
  events::RowsQuestion question;
  question.limit = path_max;
  auto found = co_await rows(access, asked, std::move(question));
  if (!found) co_return std::unexpected(found.error());
  std::ranges::reverse(*found);
  detail.path = std::move(*found);
  co_return Result<void>{};
}

Task<Result<void>> EventPages::add_signals(Access access, EventDetail& detail) {
  const events::FoundRow& row = detail.row.row;
  if (row.person == 0) co_return Result<void>{};
  using telemetry::Kind;
  for (const Kind kind : {Kind::event, Kind::performance, Kind::error, Kind::log, Kind::feedback}) {
    const Asked asked{kind,
                      row.time - signals_within_ms,
                      row.time + signals_within_ms + 1,
                      {{Field::person, {std::to_string(row.person)}}}};
    events::RowsQuestion question;
    question.limit = signals_of_kind_max;
    auto found = co_await rows(access, asked, std::move(question));
    if (!found) co_return std::unexpected(found.error());
    for (NamedRow& one : *found)
      if (kind != Kind::error || one.row.sequence != row.sequence) detail.signals.emplace_back(kind, std::move(one));
  }
  std::ranges::sort(detail.signals, {}, [](const auto& one) {
    return std::tuple(one.second.row.time, one.first, one.second.row.sequence);
  });
  co_return Result<void>{};
}

Task<Result<void>> EventPages::add_neighbours(Access access, Asked asked, EventDetail& detail) {
  events::RowsQuestion older;
  older.limit = 1;
  older.before = place_of(detail.row);
  const auto before = co_await rows(access, asked, std::move(older));
  if (!before) co_return std::unexpected(before.error());
  events::RowsQuestion newer;
  newer.limit = 1;
  newer.after = place_of(detail.row);
  const auto after = co_await rows(access, std::move(asked), std::move(newer));
  if (!after) co_return std::unexpected(after.error());
  if (!before->empty()) detail.older = event_name(before->front());
  if (!after->empty()) detail.newer = event_name(after->front());
  co_return Result<void>{};
}

}  // namespace miniops::issues
