#include "logs/routes.hpp"

#include "base/text.hpp"
#include "logs/route_support.hpp"

namespace miniops::logs {

namespace {

using identity::Permission;
using net::Method;
using net::Request;
using net::Response;

constexpr std::size_t try_text_chars = 10'000;
constexpr std::size_t body_query_chars = 4000;

// ---- showing ----

json::array shown(const std::vector<Line>& lines, const Highlighter* highlighter) {
  json::array out;
  for (const Line& line : lines) out.push_back(to_json(line, highlighter));
  return out;
}

json::value cursor_of(const std::optional<events::RowPlace>& place) {
  return place ? json::value(net::make_cursor(place->first, place->second)) : json::value(nullptr);
}

json::object shown(const Lines& lines, const Highlighter& highlighter) {
  return {{"items", shown(lines.items, &highlighter)},
          {"next_cursor", cursor_of(lines.next)},
          {"tail_cursor", cursor_of(lines.tail)},
          {"skipped", lines.skipped}};
}

json::object shown(const Histogram& histogram) {
  double total = 0;
  json::array items;
  for (const Bar& bar : histogram.bars) {
    double count = 0;
    json::object levels;
    for (const auto& [level, lines] : bar.levels) {
      levels[level] = lines;
      count += lines;
    }
    total += count;
    items.push_back({{"at", bar.at}, {"count", count}, {"levels", std::move(levels)}});
  }
  return {{"interval_ms", histogram.interval_ms}, {"total", total}, {"items", std::move(items)}};
}

json::value shown(const std::optional<RelatedIn>& related) {
  if (!related) return nullptr;
  json::object counts;
  for (const auto& [kind, count] : related->counts) counts[telemetry::to_string(kind)] = count;
  return json::object{{"id", related->id}, {"counts", std::move(counts)}};
}

json::object shown(const FieldCount& field) {
  json::array values;
  for (const ValueCount& value : field.values)
    values.push_back({{"value", value.value},
                      {"query", value.query},
                      {"count", value.count},
                      {"share", field.count > 0 ? value.count / field.count : 0}});
  return {{"name", field.name},   {"property", field.property}, {"exact", field.exact},
          {"lines", field.lines}, {"count", field.count},       {"values", std::move(values)}};
}

json::object shown(const TemplateCount& item, double total) {
  json::array trend;
  for (const double count : item.trend) trend.push_back(count);
  const Template& known = item.known;
  return {{"number", known.number},
          {"text", known.text},
          {"sample", known.sample},
          {"count", item.count},
          {"share", total > 0 ? item.count / total : 0},
          {"first_seen_at", known.first_seen_at},
          {"first_release", known.first_release},
          {"trend", std::move(trend)}};
}

// ---- questions ----

Result<std::optional<events::RowPlace>> place_of(const Request& request, std::string_view name) {
  const auto cursor = request.query_value(name);
  if (!cursor) return std::nullopt;
  const auto place = net::read_cursor(*cursor);
  if (!place) return std::unexpected(place.error());
  return *place;
}

Result<LineId> line_id_of(const Request& request) {
  const auto id = parse_line_id(request.query_value("id").value_or(""));
  if (!id) return fail(errors::invalid("id", "is no id of a line"));
  return *id;
}

Answer lines(Service& service, Request& request, Access access, TimeMs now) {
  const auto question = question_of(request, now);
  if (!question) co_return std::unexpected(question.error());
  const auto limit = number_of(request, "limit", 100, 1, 500);
  if (!limit) co_return std::unexpected(limit.error());
  const auto before = place_of(request, "before");
  if (!before) co_return std::unexpected(before.error());
  const auto after = place_of(request, "after");
  if (!after) co_return std::unexpected(after.error());
  const int most = static_cast<int>(*limit);
  auto found = *after ? co_await service.tail(access, *question, most, **after)
                      : co_await service.lines(access, *question, most, *before);
  if (!found) co_return std::unexpected(found.error());
  co_return Response::json(shown(*found, Highlighter(question->query)));
}

Answer histogram(Service& service, Request& request, Access access, TimeMs now) {
  auto question = question_of(request, now);
  if (!question) co_return std::unexpected(question.error());
  const auto interval = number_of(request, "interval_ms", 0, second_ms, day_ms);
  if (!interval) co_return std::unexpected(interval.error());
  const auto offset = number_of(request, "offset_minutes", 480, -840, 840);
  if (!offset) co_return std::unexpected(offset.error());
  if (*interval != 0 && std::ranges::find(histogram_intervals, *interval) == histogram_intervals.end())
    co_return fail(errors::invalid("interval_ms", "is none of those that are there"));
  const auto wanted = *interval == 0 ? std::optional<TimeMs>() : std::optional<TimeMs>(*interval);
  const auto found = co_await service.histogram(access, std::move(*question), wanted, *offset * minute_ms);
  if (!found) co_return std::unexpected(found.error());
  co_return Response::json(shown(*found));
}

Answer context(Service& service, Request& request, Access access) {
  const auto id = line_id_of(request);
  if (!id) co_return std::unexpected(id.error());
  const auto count = number_of(request, "lines", 10, 1, 100);
  if (!count) co_return std::unexpected(count.error());
  const std::string within = request.query_value("within").value_or("session");
  if (within != "session" && within != "miniprogram")
    co_return fail(errors::invalid("within", "must be session or miniprogram"));
  const auto found = co_await service.context(access, *id, static_cast<int>(*count), within == "session");
  if (!found) co_return std::unexpected(found.error());
  co_return Response::json(json::object{{"before", shown(found->before, nullptr)},
                                        {"line", to_json(found->line, nullptr)},
                                        {"after", shown(found->after, nullptr)},
                                        {"within", found->within_session ? "session" : "miniprogram"}});
}

Answer related(Service& service, Request& request, Access access) {
  const auto id = line_id_of(request);
  if (!id) co_return std::unexpected(id.error());
  const auto found = co_await service.related(access, *id);
  if (!found) co_return std::unexpected(found.error());
  co_return Response::json(json::object{
      {"from", found->from}, {"to", found->to}, {"trace", shown(found->trace)}, {"session", shown(found->session)}});
}

Answer list_fields(Service& service, Request& request, Access access, TimeMs now) {
  auto question = question_of(request, now);
  if (!question) co_return std::unexpected(question.error());
  const auto found = co_await service.fields(access, std::move(*question));
  if (!found) co_return std::unexpected(found.error());
  json::object out = shown_list(found->fields, [](const FieldCount& field) { return shown(field); });
  out["lines"] = found->lines;
  co_return Response::json(out);
}

Answer field(Service& service, Request& request, Access access, TimeMs now) {
  auto question = question_of(request, now);
  if (!question) co_return std::unexpected(question.error());
  const auto top = number_of(request, "top", 20, 1, 100);
  if (!top) co_return std::unexpected(top.error());
  const std::string& name = request.param("name");
  if (!valid_utf8(name) || name.empty() || count_chars(name) > 200)
    co_return fail(errors::invalid("name", "must be the name of a field"));
  const auto found = co_await service.field(access, std::move(*question), name, static_cast<int>(*top));
  if (!found) co_return std::unexpected(found.error());
  co_return Response::json(shown(*found));
}

Answer templates(Service& service, Request& request, Access access, TimeMs now) {
  auto question = question_of(request, now);
  if (!question) co_return std::unexpected(question.error());
  const auto limit = number_of(request, "limit", 50, 1, 200);
  if (!limit) co_return std::unexpected(limit.error());
  const std::string since = request.query_value("since_release").value_or("");
  const auto found = co_await service.templates(access, std::move(*question), since, static_cast<int>(*limit));
  if (!found) co_return std::unexpected(found.error());
  json::object out = shown_list(found->items, [&](const TemplateCount& item) { return shown(item, found->total); });
  out["total"] = found->total;
  out["trend_interval_ms"] = found->trend_interval_ms;
  co_return Response::json(out);
}

Answer releases(Service& service, Request&, Access access) {
  const auto found = co_await service.releases(access);
  if (!found) co_return std::unexpected(found.error());
  co_return Response::json(shown_list(*found, [](const Release& one) {
    return json::object{{"release", one.name}, {"first_seen_at", one.first_seen_at}};
  }));
}

// ---- the query language ----

Answer parse_query(Request& request) {
  const auto body = net::json_body(request);
  if (!body) co_return std::unexpected(body.error());
  JsonInput in(*body);
  const std::string text = in.text("query", {0, body_query_chars});
  if (auto ok = in.finish(); !ok) co_return std::unexpected(ok.error());
  const auto query = parse(text);
  co_return Response::json(
      json::object{{"ok", query.has_value()},
                   {"query", query ? json::value(print(*query)) : json::value(nullptr)},
                   {"error", query ? json::value(nullptr) : json::value(errors::to_json(query.error()))}});
}

Answer complete_query(Service& service, Request& request, Access access) {
  const auto source = source_of(request);
  if (!source) co_return std::unexpected(source.error());
  const std::string text = request.query_value("query").value_or("");
  if (!valid_utf8(text) || count_chars(text) > query_chars_max)
    co_return fail(errors::invalid("query", "must be UTF-8 of at most 1,000 characters"));
  const auto end = static_cast<std::int64_t>(count_chars(text));
  const auto cursor = number_of(request, "cursor", end, 0, end);
  if (!cursor) co_return std::unexpected(cursor.error());
  const auto found = co_await service.complete(access, *source, text, static_cast<std::size_t>(*cursor));
  if (!found) co_return std::unexpected(found.error());
  json::array items;
  for (const Completion& one : found->items)
    items.push_back({{"text", one.text}, {"kind", one.kind}, {"detail", one.detail}});
  co_return Response::json(
      json::object{{"from", found->place.from}, {"to", found->place.to}, {"items", std::move(items)}});
}

Answer try_masking(Request& request) {
  const auto body = net::json_body(request);
  if (!body) co_return std::unexpected(body.error());
  JsonInput in(*body);
  const std::string text = in.text("text", {0, try_text_chars});
  telemetry::MaskingSettings settings;
  JsonInput masking = in.object("masking");
  telemetry::read_masking(masking, settings);
  if (auto ok = in.finish(); !ok) co_return std::unexpected(ok.error());
  co_return Response::json(json::object{{"text", telemetry::Masker(settings).masked(text)}});
}

}  // namespace

void mount(identity::Guard& guard, Service& service, const Clock& clock) {
  const auto route = [&](Method method, std::string_view path, Permission permission, auto handler) {
    guard.app_route(method, fmt::format("{}{}", base_path, path), permission,
                    [handler](Request& request, const Access& access) -> Answer { return handler(request, access); });
  };
  Service* to = &service;
  const Clock* time = &clock;
  using enum Permission;
  // A question about a range of time, which ends now where it does not say.
  const auto asking = [&](std::string_view path, auto handler) {
    route(Method::get, path, telemetry_read,
          [=](Request& request, const Access& access) { return handler(*to, request, access, time->now()); });
  };
  const auto getting = [&](std::string_view path, auto handler) {
    route(Method::get, path, telemetry_read,
          [=](Request& request, const Access& access) { return handler(*to, request, access); });
  };
  asking("lines", lines);
  asking("histogram", histogram);
  asking("fields", list_fields);
  asking("fields/{name}", field);
  asking("templates", templates);
  getting("context", context);
  getting("related", related);
  getting("releases", releases);
  getting("complete", complete_query);
  route(Method::post, "parse", telemetry_read, [](Request& request, const Access&) { return parse_query(request); });
  route(Method::post, "masking/try", telemetry_manage,
        [](Request& request, const Access&) { return try_masking(request); });
}

}  // namespace miniops::logs
