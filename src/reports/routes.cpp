#include "reports/routes.hpp"

#include <charconv>

#include "base/text.hpp"
#include "reports/files.hpp"
#include "reports/views.hpp"

namespace miniops::reports {

using identity::Permission;
using net::Method;
using net::Request;
using net::Response;

namespace {

using Reply = Task<Result<Response>>;

constexpr std::size_t source_bytes_max = 1024;
constexpr std::size_t tag_bytes_max = 128;

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

// An id, or none: of what has none. False: it is there and neither.
template <class Id>
bool take_id_or_none(const Request& request, std::string_view name, std::optional<Id>& into) {
  const auto given = request.query_value(name);
  if (!given || given->empty()) return true;
  into.emplace();
  return *given == "none" || take_id(request, name, *into);
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
  if (!take_id_or_none(request, "agent_id", filter.agent))
    return fail(invalid_query("agent_id", "must be an id or none"));
  if (!take_id(request, "group_id", filter.group)) return fail(invalid_query("group_id", "must be an id"));
  if (!take_hour(request, filter.hour)) return fail(invalid_query("hour", "must be 0 to 23"));
  filter.source = request.query_value("source");  // an empty one: those without a source
  if (filter.source && (filter.source->size() > source_bytes_max || !valid_utf8(*filter.source)))
    return fail(invalid_query("source", "must be UTF-8 of at most 1024 bytes"));
  if (!take_id_or_none(request, "reason_id", filter.reason))
    return fail(invalid_query("reason_id", "must be an id or none"));
  filter.tag = request.query_value("tag");  // an empty one: those without tags
  if (filter.tag && (filter.tag->size() > tag_bytes_max || !valid_utf8(*filter.tag)))
    return fail(invalid_query("tag", "must be UTF-8 of at most 128 bytes"));
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
    return fail(invalid_query("by", "must be none, agent, group, hour, source, reason or tag"));
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
  if (const auto ended = request.query_value("ended_from")) {
    const auto at = parse_id(*ended);
    if (!at) return fail(invalid_query("ended_from", "must be epoch milliseconds"));
    asked.ended_from = *at;
  }
  if (!take_word(request, "order", asked.order)) return fail(invalid_query("order", "must be newest or largest"));
  return asked;
}

Result<FileFormat> format_in(const Request& request) {
  FileFormat format{};
  if (!take_word(request, "format", format)) return fail(invalid_query("format", "must be csv or xlsx"));
  return format;
}

// ---- files ----

Response attachment(std::string content, FileFormat format, std::string_view name) {
  constexpr std::string_view xlsx = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
  const std::string_view type = format == FileFormat::xlsx ? xlsx : "text/csv; charset=utf-8";
  Response response = Response::bytes(std::move(content), std::string(type));
  response.headers.set("Content-Disposition", fmt::format("attachment; filename=\"{}.{}\"", name, word(format)));
  response.headers.set("Cache-Control", "no-store");
  return response;
}

Reply file(ReportService& service, FileFormat format, std::string time_zone, std::string name,
           std::function<void(Sheet&)> filled) {
  auto content = co_await service.file(format, std::move(time_zone), name, std::move(filled));
  if (!content) co_return std::unexpected(content.error());
  co_return attachment(std::move(*content), format, name);
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
  const auto format = format_in(request);
  if (!format) co_return std::unexpected(format.error());
  auto report = co_await service.figures(access, asked->filter, asked->interval, asked->by);
  if (!report) co_return std::unexpected(report.error());
  if (auto noted = co_await service.note_export(access, "reports:figures"); !noted)
    co_return std::unexpected(noted.error());
  const std::string time_zone = report->filter.time_zone;
  auto filled = [report = std::move(*report), interval = asked->interval, by = asked->by](Sheet& sheet) {
    fill(sheet, report, interval, by);
  };
  co_return co_await file(service, *format, time_zone, "figures", std::move(filled));
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
  const auto format = format_in(request);
  if (!format) co_return std::unexpected(format.error());
  asked->limit = exported_max;
  auto listing = co_await service.conversations(access, std::move(*asked));
  if (!listing) co_return std::unexpected(listing.error());
  if (auto noted = co_await service.note_export(access, "reports:conversations"); !noted)
    co_return std::unexpected(noted.error());
  const std::string time_zone = listing->filter.time_zone;
  auto filled = [listing = std::move(*listing)](Sheet& sheet) { fill(sheet, listing); };
  co_return co_await file(service, *format, time_zone, "conversations", std::move(filled));
}

Reply agents(ReportService& service, Request& request, Access access) {
  const auto range = range_in(request, times_ms_max);
  if (!range) co_return std::unexpected(range.error());
  const auto report = co_await service.agents(access, range->from, range->to);
  if (!report) co_return std::unexpected(report.error());
  co_return Response::json(to_json(*report));
}

Reply export_agents(ReportService& service, Request& request, Access access) {
  const auto range = range_in(request, times_ms_max);
  if (!range) co_return std::unexpected(range.error());
  const auto format = format_in(request);
  if (!format) co_return std::unexpected(format.error());
  auto report = co_await service.agents(access, range->from, range->to);
  if (!report) co_return std::unexpected(report.error());
  if (auto noted = co_await service.note_export(access, "reports:agents"); !noted)
    co_return std::unexpected(noted.error());
  const std::string time_zone = report->filter.time_zone;
  auto filled = [report = std::move(*report)](Sheet& sheet) { fill(sheet, report); };
  co_return co_await file(service, *format, time_zone, "agents", std::move(filled));
}

Reply wallboard(ReportService& service, Request&, Access access) {
  const auto board = co_await service.wallboard(access);
  if (!board) co_return std::unexpected(board.error());
  co_return Response::json(to_json(*board));
}

// Where the caller has all of these; nullopt: everywhere.
Result<std::optional<std::set<AppId>>> appids_with(const identity::Caller& caller,
                                                   std::initializer_list<Permission> permissions) {
  std::optional<std::set<AppId>> all;
  for (const Permission permission : permissions) {
    const auto some = caller.appids_with(permission);
    if (some && all) std::erase_if(*all, [&](const AppId& appid) { return !some->contains(appid); });
    if (some && !all) all = some;
    if (all && all->empty())
      return fail(ErrorKind::forbidden, "identity.forbidden",
                  fmt::format("this needs the permission {}", to_string(permission)));
  }
  return all;
}

Reply mini_programs(ReportService& service, Request& request, const identity::Caller& caller) {
  auto supervised = appids_with(caller, {Permission::desk_supervise});
  if (!supervised) co_return std::unexpected(supervised.error());
  const auto range = range_in(request, range_ms_max);
  if (!range) co_return std::unexpected(range.error());
  const auto programs = co_await service.mini_programs(std::move(*supervised), range->from, range->to);
  if (!programs) co_return std::unexpected(programs.error());
  co_return Response::json(to_json(*programs));
}

// Each mini program's audit log says that its figures were taken.
Reply export_mini_programs(ReportService& service, Request& request, const identity::Caller& caller) {
  auto theirs = appids_with(caller, {Permission::desk_supervise, Permission::desk_export});
  if (!theirs) co_return std::unexpected(theirs.error());
  const auto range = range_in(request, range_ms_max);
  if (!range) co_return std::unexpected(range.error());
  const auto format = format_in(request);
  if (!format) co_return std::unexpected(format.error());
  auto programs = co_await service.mini_programs(std::move(*theirs), range->from, range->to);
  if (!programs) co_return std::unexpected(programs.error());
  for (const ProgramReport& one : *programs) {
    auto access = caller.access(one.appid, Permission::desk_export);
    if (!access) co_return std::unexpected(access.error());
    if (auto noted = co_await service.note_export(*access, "reports:miniprograms"); !noted)
      co_return std::unexpected(noted.error());
  }
  auto filled = [programs = std::move(*programs)](Sheet& sheet) { fill(sheet, programs); };
  co_return co_await file(service, *format, "UTC", "miniprograms", std::move(filled));
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
  add("agents/export", Permission::desk_export, export_agents);
  add("wallboard", Permission::desk_read, wallboard);
  const auto add_across = [&](std::string_view path, Permission permission, auto handler) {
    guard.object_route(Method::get, fmt::format("/api/v1/desk/reports/{}", path), permission,
                       [&service, handler](Request& request, const identity::Caller& caller) {
                         return handler(service, request, caller);
                       });
  };
  add_across("miniprograms", Permission::desk_supervise, mini_programs);
  add_across("miniprograms/export", Permission::desk_export, export_mini_programs);
  guard.instance_route(
      Method::post, "/api/v1/desk/reports/rebuild", Permission::instance_manage,
      [&service](Request&, const identity::Caller&, const Access& access) { return rebuild(service, access); });
}

}  // namespace miniops::reports
