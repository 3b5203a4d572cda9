#include "official/routes.hpp"

#include <charconv>

#include "base/mask.hpp"
#include "base/text.hpp"
#include "official/errors.hpp"
#include "official/views.hpp"

namespace miniops::official {

namespace {

using identity::Permission;
using net::Method;
using net::Request;
using net::Response;
using Answer = Task<Result<Response>>;

constexpr TimeMs usual_ms = 30 * day_ms;
constexpr std::size_t text_chars_max = 200;

struct Span {
  TimeMs from = 0, to = 0;
  store::Days days() const { return {china_day(from), china_day(std::max(from, to - 1))}; }
};

Result<std::int64_t> number_in(const Request& request, std::string_view name, std::int64_t otherwise,
                               std::int64_t max) {
  const auto text = request.query_value(name);
  if (!text) return otherwise;
  std::int64_t number = 0;
  const auto [end, problem] = std::from_chars(text->data(), text->data() + text->size(), number);
  if (problem != std::errc{} || end != text->data() + text->size() || number < 0 || number > max)
    return fail(errors::invalid_question(name, fmt::format("must be a whole number from 0 to {}", max)));
  return number;
}

Result<Span> span_in(const Request& request, TimeMs now) {
  const auto to = number_in(request, "to", now + minute_ms, now + 366 * day_ms);
  if (!to) return std::unexpected(to.error());
  const auto from = number_in(request, "from", std::max<TimeMs>(*to - usual_ms, 0), *to);
  if (!from) return std::unexpected(from.error());
  if (*to - *from > 400 * day_ms) return fail(errors::invalid_question("from", "must lie within 400 days before to"));
  return Span{*from, std::max(*to, *from + 1)};
}

Result<std::string> text_in(const Request& request, std::string_view name) {
  std::string text = request.query_value(name).value_or("");
  if (!valid_utf8(text) || count_chars(text) > text_chars_max)
    return fail(errors::invalid_question(name, "must be UTF-8 of at most 200 characters"));
  return text;
}

template <class Words>
Result<std::string> word_in(const Request& request, std::string_view name, const Words& words) {
  const std::string word = request.query_value(name).value_or(std::string(words.front()));
  if (std::ranges::find(words, word) == words.end())
    return fail(errors::invalid_question(name, "is none of those that are there"));
  return word;
}

struct PageAsked {
  int limit = 50;
  store::Place after{};
};
Result<PageAsked> page_in(const Request& request) {
  const auto page = net::page_of(request);
  if (!page) return std::unexpected(page.error());
  PageAsked asked{page->limit};
  if (!page->cursor) return asked;
  const auto after = net::read_cursor(*page->cursor);
  if (!after) return std::unexpected(after.error());
  asked.after = *after;
  return asked;
}

template <class Items, class Show>
Response list(const Items& items, const store::Place& next, Show show) {
  json::array out;
  for (const auto& item : items) out.push_back(show(item));
  return Response::json(json::object{
      {"items", std::move(out)},
      {"next_cursor", next ? json::value(net::make_cursor(next->first, next->second)) : json::value(nullptr)}});
}

// ---- status ----

Response answer_of(const Status& status) { return Response::json(shown(status)); }

Answer get_status(Service& service, const Request&, Access access, TimeMs) {
  const auto status = co_await service.status(access);
  if (!status) co_return std::unexpected(status.error());
  co_return answer_of(*status);
}

Answer set_sources(Service& service, const Request& request, Access access, TimeMs) {
  const auto body = net::json_body(request);
  if (!body) co_return std::unexpected(body.error());
  JsonInput in(*body);
  JsonInput given = in.object("sources");
  std::map<Source, bool> enabled;
  for (const Source source : sources)
    if (const auto flag = given.optional_boolean(to_string(source))) enabled[source] = *flag;
  if (auto ok = in.finish(); !ok) co_return std::unexpected(ok.error());
  const auto status = co_await service.set(access, std::move(enabled));
  if (!status) co_return std::unexpected(status.error());
  co_return answer_of(*status);
}

Answer run_now(Service& service, const Request& request, Access access, TimeMs) {
  const auto body = net::json_body(request);
  if (!body) co_return std::unexpected(body.error());
  JsonInput in(*body);
  const auto word =
      in.optional_choice("source", {"performance", "js_errors", "logs", "feedback", "scenes", "versions"});
  if (auto ok = in.finish(); !ok) co_return std::unexpected(ok.error());
  const auto status = co_await service.run(access, word ? parse_source(*word) : std::nullopt);
  if (!status) co_return std::unexpected(status.error());
  co_return answer_of(*status);
}

// ---- what was pulled ----

constexpr std::array<std::string_view, 3> device_words{"all", "ios", "android"};
constexpr std::array<std::string_view, 3> metric_words{"launch", "download", "first_render"};
constexpr std::array<std::string_view, 3> level_words{"info", "warn", "error"};

Answer list_performance(Service& service, const Request& request, Access access, TimeMs now) {
  const auto span = span_in(request, now);
  if (!span) co_return std::unexpected(span.error());
  const auto metric = word_in(request, "metric", metric_words);
  if (!metric) co_return std::unexpected(metric.error());
  const auto device = word_in(request, "device", device_words);
  if (!device) co_return std::unexpected(device.error());
  const auto network = word_in(request, "network", networks);
  if (!network) co_return std::unexpected(network.error());
  PerformanceAsked asked{*parse_metric(*metric), *device, *network};
  const auto points = co_await service.performance(access, std::move(asked), span->days());
  if (!points) co_return std::unexpected(points.error());
  co_return list(*points, std::nullopt, [](const SidePoint& point) { return shown(point); });
}

Answer list_js_errors(Service& service, const Request& request, Access access, TimeMs now) {
  const auto span = span_in(request, now);
  if (!span) co_return std::unexpected(span.error());
  const auto page = page_in(request);
  if (!page) co_return std::unexpected(page.error());
  const auto found = co_await service.js_errors(access, span->days(), page->after, page->limit);
  if (!found) co_return std::unexpected(found.error());
  const bool personal = access.sees_personal_data();
  co_return list(found->items, found->next, [=](const store::ErrorRow& row) { return shown(row, personal); });
}

Answer list_js_error_events(Service& service, const Request& request, Access access, TimeMs) {
  const auto error = parse_id(request.param("id"));
  if (!error) co_return fail(errors::not_found());
  const auto page = page_in(request);
  if (!page) co_return std::unexpected(page.error());
  const auto found = co_await service.js_error_events(access, *error, page->after, page->limit);
  if (!found) co_return std::unexpected(found.error());
  const bool personal = access.sees_personal_data();
  co_return list(found->items, found->next, [=](const store::EventRow& row) { return shown(row, personal); });
}

Answer list_logs(Service& service, const Request& request, Access access, TimeMs now) {
  const auto span = span_in(request, now);
  if (!span) co_return std::unexpected(span.error());
  const auto page = page_in(request);
  if (!page) co_return std::unexpected(page.error());
  const auto level = word_in(request, "level", level_words);
  if (!level) co_return std::unexpected(level.error());
  store::LogFilter filter{span->from, span->to, *level == "error" ? 8 : *level == "warn" ? 4 : 0};
  for (const auto& [name, into] :
       {std::pair{"text", &filter.text}, std::pair{"page", &filter.page}, std::pair{"trace", &filter.trace}}) {
    auto text = text_in(request, name);
    if (!text) co_return std::unexpected(text.error());
    *into = std::move(*text);
  }
  const auto found = co_await service.logs(access, std::move(filter), page->after, page->limit);
  if (!found) co_return std::unexpected(found.error());
  const bool personal = access.sees_personal_data();
  co_return list(found->items, found->next, [=](const store::LogRow& row) { return shown(row, personal); });
}

Answer list_feedback(Service& service, const Request& request, Access access, TimeMs now) {
  const auto span = span_in(request, now);
  if (!span) co_return std::unexpected(span.error());
  const auto page = page_in(request);
  if (!page) co_return std::unexpected(page.error());
  const auto type = number_in(request, "type", 0, 8);
  if (!type) co_return std::unexpected(type.error());
  const auto found =
      co_await service.feedback(access, span->from, span->to, static_cast<int>(*type), page->after, page->limit);
  if (!found) co_return std::unexpected(found.error());
  const bool personal = access.sees_personal_data();
  co_return list(found->items, found->next, [=](const Feedback& one) { return shown(one, personal); });
}

Answer list_scenes(Service& service, const Request&, Access access, TimeMs) {
  const auto words = co_await service.words(access, Source::scenes);
  if (!words) co_return std::unexpected(words.error());
  co_return list(*words, std::nullopt,
                 [](const Word& word) { return json::object{{"name", word.name}, {"value", word.value}}; });
}

Answer list_versions(Service& service, const Request&, Access access, TimeMs) {
  const auto words = co_await service.words(access, Source::versions);
  if (!words) co_return std::unexpected(words.error());
  co_return list(*words, std::nullopt,
                 [](const Word& word) { return json::object{{"type", word.name}, {"version", word.value}}; });
}

}  // namespace

void mount(identity::Guard& guard, Service& service, const Clock& clock) {
  const auto route = [&](Method method, const std::string& rest, Permission permission,
                         Answer (*handler)(Service&, const Request&, Access, TimeMs)) {
    guard.app_route(method, "/api/v1/miniprograms/{appid}/official" + rest, permission,
                    [&service, &clock, handler](Request& request, const Access& access) {
                      return handler(service, request, access, clock.now());
                    });
  };
  route(Method::get, "", Permission::telemetry_read, get_status);
  route(Method::put, "", Permission::telemetry_manage, set_sources);
  route(Method::post, "/run", Permission::telemetry_manage, run_now);
  route(Method::get, "/performance", Permission::telemetry_read, list_performance);
  route(Method::get, "/js-errors", Permission::telemetry_read, list_js_errors);
  route(Method::get, "/js-errors/{id}/events", Permission::telemetry_read, list_js_error_events);
  route(Method::get, "/logs", Permission::telemetry_read, list_logs);
  route(Method::get, "/feedback", Permission::telemetry_read, list_feedback);
  route(Method::get, "/scenes", Permission::telemetry_read, list_scenes);
  route(Method::get, "/versions", Permission::telemetry_read, list_versions);
}

}  // namespace miniops::official
