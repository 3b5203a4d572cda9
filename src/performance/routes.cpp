#include "performance/routes.hpp"

#include "performance/asked.hpp"
#include "performance/views.hpp"

namespace miniops::performance {

namespace {

using net::Request;
using net::Response;
using Answer = Task<Result<Response>>;

constexpr std::string_view base_path = "/api/v1/miniprograms/{appid}/performance/";

constexpr std::array<std::pair<std::string_view, Sort>, 7> sorts{{{"count", Sort::count},
                                                                  {"p50", Sort::p50},
                                                                  {"p75", Sort::p75},
                                                                  {"p90", Sort::p90},
                                                                  {"p95", Sort::p95},
                                                                  {"p99", Sort::p99},
                                                                  {"impact", Sort::impact}}};
constexpr std::array<std::pair<std::string_view, HeatColumns>, 3> heat_columns{
    {{"hour_of_day", HeatColumns::hour_of_day}, {"metric", HeatColumns::metric}, {"day", HeatColumns::day}}};
constexpr std::array<std::pair<std::string_view, bool>, 2> load_sorts{{{"slowest", true}, {"newest", false}}};

Answer overview(Service& service, Request& request, Access access, TimeMs now) {
  const auto question = question_in(request, now);
  if (!question) co_return std::unexpected(question.error());
  const auto found = co_await service.overview(access, *question);
  if (!found) co_return std::unexpected(found.error());
  co_return Response::json(shown(*question, *found));
}

Answer series(Service& service, Request& request, Access access, TimeMs now) {
  const auto question = question_in(request, now);
  if (!question) co_return std::unexpected(question.error());
  const auto metric = metric_in(request);
  if (!metric) co_return std::unexpected(metric.error());
  const auto top = number_in(request, "top", 5, 1, 10);
  if (!top) co_return std::unexpected(top.error());
  std::optional<Dimension> by;
  if (request.query_value("by")) {
    const auto dimension = dimension_in(request, "by", "", {"page", "release", "region", "network", "scene", "build"});
    if (!dimension) co_return std::unexpected(dimension.error());
    by = *dimension;
  }
  const std::string word = request.query_value("interval").value_or("auto");
  const auto interval = parse_interval(word);
  if (!interval && word != "auto") co_return fail(errors::invalid("interval", "is none of those that are there"));
  const auto found = co_await service.series(access, *question, *metric, interval, by, static_cast<int>(*top));
  if (!found) co_return std::unexpected(found.error());
  co_return Response::json(shown(*metric, by, *found));
}

Answer breakdown(Service& service, Request& request, Access access, TimeMs now) {
  const auto question = question_in(request, now);
  if (!question) co_return std::unexpected(question.error());
  const auto metric = metric_in(request);
  if (!metric) co_return std::unexpected(metric.error());
  const auto by = dimension_in(request, "by", "page");
  if (!by) co_return std::unexpected(by.error());
  if (!fits(*by, *metric))
    co_return fail(
        errors::wrong_dimension(fmt::format("{} records have no {}", info_of(*metric).name, to_string(*by))));
  const auto sort = choice_in(request, "sort", "impact", sorts);
  if (!sort) co_return std::unexpected(sort.error());
  const auto limit = number_in(request, "limit", 50, 1, 200);
  if (!limit) co_return std::unexpected(limit.error());
  const auto found = co_await service.breakdown(access, *question, *metric, *by, *sort, static_cast<int>(*limit));
  if (!found) co_return std::unexpected(found.error());
  co_return Response::json(shown(*metric, *by, *found));
}

Answer distribution(Service& service, Request& request, Access access, TimeMs now) {
  const auto question = question_in(request, now);
  if (!question) co_return std::unexpected(question.error());
  const auto metric = metric_in(request);
  if (!metric) co_return std::unexpected(metric.error());
  const auto found = co_await service.distribution(access, *question, *metric);
  if (!found) co_return std::unexpected(found.error());
  co_return Response::json(shown_distribution(*metric, *found));
}

Answer compare(Service& service, Request& request, Access access, TimeMs now) {
  const auto question = question_in(request, now);
  if (!question) co_return std::unexpected(question.error());
  const auto metric = metric_in(request);
  if (!metric) co_return std::unexpected(metric.error());
  const auto sides = sides_in(request, now);
  if (!sides) co_return std::unexpected(sides.error());
  const auto& [a, b] = *sides;
  const auto found = co_await service.compare(access, *question, *metric, a, b);
  if (!found) co_return std::unexpected(found.error());
  co_return Response::json(shown(*metric, a, b, *found));
}

Answer heatmap(Service& service, Request& request, Access access, TimeMs now) {
  const auto question = question_in(request, now);
  if (!question) co_return std::unexpected(question.error());
  const auto metric = metric_in(request);
  if (!metric) co_return std::unexpected(metric.error());
  const auto rows = dimension_in(request, "rows", "page", {"page", "device", "region", "release"});
  if (!rows) co_return std::unexpected(rows.error());
  const auto columns = choice_in(request, "columns", "hour_of_day", heat_columns);
  if (!columns) co_return std::unexpected(columns.error());
  const auto quantile = choice_in(request, "quantile", "p75", quantile_names);
  if (!quantile) co_return std::unexpected(quantile.error());
  const auto limit = number_in(request, "limit", 20, 1, 50);
  if (!limit) co_return std::unexpected(limit.error());
  const HeatQuestion of{*metric, *rows, *columns, *quantile, static_cast<int>(*limit)};
  const auto found = co_await service.heatmap(access, *question, of);
  if (!found) co_return std::unexpected(found.error());
  co_return Response::json(shown(of, request.query_value("quantile").value_or("p75"),
                                 request.query_value("columns").value_or("hour_of_day"), *found));
}

Answer loads(Service& service, Request& request, Access access, TimeMs now) {
  const auto question = question_in(request, now);
  if (!question) co_return std::unexpected(question.error());
  const auto slowest = choice_in(request, "sort", "slowest", load_sorts);
  if (!slowest) co_return std::unexpected(slowest.error());
  const auto limit = number_in(request, "limit", 20, 1, 50);
  if (!limit) co_return std::unexpected(limit.error());
  const auto found = co_await service.loads(access, *question, *slowest, static_cast<int>(*limit));
  if (!found) co_return std::unexpected(found.error());
  co_return Response::json(shown(*found));
}

Answer load(Service& service, Request& request, Access access, TimeMs) {
  const auto place = net::read_cursor(request.param("id"));
  if (!place) co_return fail(errors::load_not_found());
  const auto found = co_await service.load(access, *place);
  if (!found) co_return std::unexpected(found.error());
  co_return Response::json(shown(*found, access.sees_personal_data()));
}

Answer advice(Service& service, Request& request, Access access, TimeMs now) {
  const auto question = question_in(request, now);
  if (!question) co_return std::unexpected(question.error());
  const auto found = co_await service.advice(access, *question);
  if (!found) co_return std::unexpected(found.error());
  co_return Response::json(shown(*found));
}

}  // namespace

void mount(identity::Guard& guard, Service& service, const Clock& clock) {
  const auto route = [&](std::string_view path, Answer (*handler)(Service&, Request&, Access, TimeMs)) {
    guard.app_route(net::Method::get, fmt::format("{}{}", base_path, path), identity::Permission::telemetry_read,
                    [to = &service, time = &clock, handler](Request& request, const Access& access) -> Answer {
                      return handler(*to, request, access, time->now());
                    });
  };
  route("overview", overview);
  route("series", series);
  route("breakdown", breakdown);
  route("distribution", distribution);
  route("compare", compare);
  route("heatmap", heatmap);
  route("loads", loads);
  route("loads/{id}", load);
  route("advice", advice);
}

}  // namespace miniops::performance
