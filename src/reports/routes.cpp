#include "reports/routes.hpp"

#include <charconv>

#include "base/text.hpp"
#include "reports/views.hpp"

namespace miniops::reports {

using identity::Permission;
using net::Method;
using net::Request;
using net::Response;

namespace {

using Reply = Task<Result<Response>>;

constexpr std::size_t source_bytes_max = 1024;

Error invalid_query(std::string_view name, std::string_view why) {
  return {"request.invalid", fmt::format("the query is wrong: {} {}", name, why), ErrorKind::invalid};
}

// ---- what requests say ----

struct Range {
  TimeMs from = 0, to = 0;
};
Result<Range> range_in(const Request& request, TimeMs ms_max) {
  const auto from = parse_id(request.query_value("from").value_or(""));
  const auto to = parse_id(request.query_value("to").value_or(""));
  if (!from || !to) return fail(invalid_query("from and to", "must be epoch milliseconds"));
  if (*from >= *to || *to - *from > ms_max)
    return fail(invalid_query("from and to", fmt::format("must span 1 ms to {} days", ms_max / day_ms)));
  return Range{*from, *to};
}

// False: it is there and no id.
template <class Id>
bool take_id(const Request& request, std::string_view name, Id& into) {
  const auto given = request.query_value(name);
  if (!given || given->empty()) return true;
  const auto id = parse_as<Id>(*given);
  into = id.value_or(Id());
  return id.has_value();
}

template <class Word>
bool take_word(const Request& request, std::string_view name, Word& into) {
  const auto given = request.query_value(name);
  if (!given || given->empty()) return true;
  const auto known = parse_word<Word>(*given);
  into = known.value_or(Word{});
  return known.has_value();
}

bool take_hour(const Request& request, std::optional<int>& into) {
  const auto given = request.query_value("hour");
  if (!given || given->empty()) return true;
  int hour = -1;
  const auto [end, problem] = std::from_chars(given->data(), given->data() + given->size(), hour);
  if (problem != std::errc() || end != given->data() + given->size() || hour < 0 || hour > 23) return false;
  into = hour;
  return true;
}

Result<Filter> filter_in(const Request& request) {
  const auto range = range_in(request, range_ms_max);
  if (!range) return std::unexpected(range.error());
  Filter filter{.from = range->from, .to = range->to};
  if (!take_id(request, "agent_id", filter.agent)) return fail(invalid_query("agent_id", "must be an id"));
  if (!take_id(request, "group_id", filter.group)) return fail(invalid_query("group_id", "must be an id"));
  if (!take_hour(request, filter.hour)) return fail(invalid_query("hour", "must be 0 to 23"));
  filter.source = request.query_value("source");  // an empty one: those without a source
  if (filter.source && (filter.source->size() > source_bytes_max || !valid_utf8(*filter.source)))
    return fail(invalid_query("source", "must be UTF-8 of at most 1024 bytes"));
  return filter;
}

struct FiguresAsked {
  Filter filter{};
  Interval interval{};
  By by{};
};
Result<FiguresAsked> figures_in(const Request& request) {
  auto filter = filter_in(request);
  if (!filter) return std::unexpected(filter.error());
  FiguresAsked asked{std::move(*filter)};
  if (!take_word(request, "interval", asked.interval))
    return fail(invalid_query("interval", "must be none, hour, day, week or month"));
  if (!take_word(request, "by", asked.by))
    return fail(invalid_query("by", "must be none, agent, group, hour or source"));
  return asked;
}

Result<ListingAsked> listing_in(const Request& request) {
  auto filter = filter_in(request);
  if (!filter) return std::unexpected(filter.error());
  ListingAsked asked{std::move(*filter)};
  const auto metric = parse_word<Metric>(request.query_value("metric").value_or(""));
  if (!metric) return fail(invalid_query("metric", "is none"));
  asked.metric = *metric;
  if (!take_word(request, "part", asked.part))
    return fail(invalid_query("part", "must be all, counted, missed, open, hits or others"));
  if (!take_word(request, "order", asked.order)) return fail(invalid_query("order", "must be newest or largest"));
  return asked;
}

Response csv(std::string text, std::string_view name) {
  Response response = Response::bytes(std::move(text), "text/csv; charset=utf-8");
  response.headers.set("Content-Disposition", fmt::format("attachment; filename=\"{}.csv\"", name));
  response.headers.set("Cache-Control", "no-store");
  return response;
}

// ---- the routes ----

Reply figures(ReportService& service, Request& request, Access access) {
  const auto asked = figures_in(request);
  if (!asked) co_return std::unexpected(asked.error());
  const auto report = co_await service.figures(access, asked->filter, asked->interval, asked->by);
  if (!report) co_return std::unexpected(report.error());
  co_return Response::json(to_json(*report, asked->interval, asked->by));
}

Reply export_figures(ReportService& service, Request& request, Access access) {
  const auto asked = figures_in(request);
  if (!asked) co_return std::unexpected(asked.error());
  const auto report = co_await service.figures(access, asked->filter, asked->interval, asked->by);
  if (!report) co_return std::unexpected(report.error());
  if (auto noted = co_await service.note_export(access, "reports:figures"); !noted)
    co_return std::unexpected(noted.error());
  co_return csv(csv_of(*report, asked->interval, asked->by), "figures");
}

Reply conversations(ReportService& service, Request& request, Access access) {
  auto asked = listing_in(request);
  if (!asked) co_return std::unexpected(asked.error());
  const auto page = net::page_of(request);
  if (!page) co_return std::unexpected(page.error());
  asked->limit = static_cast<std::size_t>(page->limit);
  if (page->cursor) {
    const auto after = net::read_cursor(*page->cursor);
    if (!after) co_return std::unexpected(after.error());
    asked->after = *after;
  }
  const auto listing = co_await service.conversations(access, std::move(*asked));
  if (!listing) co_return std::unexpected(listing.error());
  json::object out = to_json(*listing);
  out["next_cursor"] = nullptr;
  if (listing->next) out["next_cursor"] = net::make_cursor(listing->next->first, listing->next->second);
  co_return Response::json(std::move(out));
}

Reply export_conversations(ReportService& service, Request& request, Access access) {
  auto asked = listing_in(request);
  if (!asked) co_return std::unexpected(asked.error());
  asked->limit = exported_max;
  const auto listing = co_await service.conversations(access, std::move(*asked));
  if (!listing) co_return std::unexpected(listing.error());
  if (auto noted = co_await service.note_export(access, "reports:conversations"); !noted)
    co_return std::unexpected(noted.error());
  co_return csv(csv_of(*listing), "conversations");
}

Reply agents(ReportService& service, Request& request, Access access) {
  const auto range = range_in(request, times_ms_max);
  if (!range) co_return std::unexpected(range.error());
  const auto report = co_await service.agents(access, range->from, range->to);
  if (!report) co_return std::unexpected(report.error());
  co_return Response::json(to_json(*report));
}

Reply wallboard(ReportService& service, Request&, Access access) {
  const auto board = co_await service.wallboard(access);
  if (!board) co_return std::unexpected(board.error());
  co_return Response::json(to_json(*board));
}

Reply mini_programs(ReportService& service, Request& request, const identity::Caller& caller) {
  auto supervised = caller.appids_with(Permission::desk_supervise);
  if (supervised && supervised->empty())
    co_return fail(ErrorKind::forbidden, "identity.forbidden", "this needs the permission desk.supervise");
  const auto range = range_in(request, range_ms_max);
  if (!range) co_return std::unexpected(range.error());
  const auto programs = co_await service.mini_programs(std::move(supervised), range->from, range->to);
  if (!programs) co_return std::unexpected(programs.error());
  co_return Response::json(to_json(*programs));
}

Reply rebuild(ReportService& service, Access access) {
  if (auto done = co_await service.rebuild(std::move(access)); !done) co_return std::unexpected(done.error());
  co_return Response::no_content();
}

}  // namespace

void mount(identity::Guard& guard, ReportService& service) {
  const auto add = [&](std::string_view path, Permission permission, auto handler) {
    guard.app_route(
        Method::get, fmt::format("/api/v1/miniprograms/{{appid}}/desk/reports/{}", path), permission,
        [&service, handler](Request& request, const Access& access) { return handler(service, request, access); });
  };
  add("figures", Permission::desk_read, figures);
  add("figures/export", Permission::desk_export, export_figures);
  add("conversations", Permission::desk_read, conversations);
  add("conversations/export", Permission::desk_export, export_conversations);
  add("agents", Permission::desk_read, agents);
  add("wallboard", Permission::desk_read, wallboard);
  guard.object_route(
      Method::get, "/api/v1/desk/reports/miniprograms", Permission::desk_supervise,
      [&service](Request& request, const identity::Caller& caller) { return mini_programs(service, request, caller); });
  guard.instance_route(
      Method::post, "/api/v1/desk/reports/rebuild", Permission::instance_manage,
      [&service](Request&, const identity::Caller&, const Access& access) { return rebuild(service, access); });
}

}  // namespace miniops::reports
