// What people look at.
#include "base/text.hpp"
#include "issues/errors.hpp"
#include "issues/routes.hpp"

namespace miniops::issues {

namespace {

using identity::Permission;
using net::Method;
using net::Request;
using net::Response;

constexpr TimeMs week_ms = 7 * day_ms;

// "a,b" of the words that `parse` knows.
template <class Word, class Parse>
Result<std::set<Word>> words_in(const Request& request, std::string_view name, Parse parse) {
  std::set<Word> words;
  std::string text = request.query_value(name).value_or("");
  for (std::string_view rest = text; !rest.empty();) {
    const std::string_view word = rest.substr(0, rest.find(','));
    const auto known = parse(word);
    if (!known) return fail(errors::invalid_question(name, "has a word that is none of those that are there"));
    words.insert(*known);
    rest.remove_prefix(std::min(word.size() + 1, rest.size()));
  }
  return words;
}

Result<std::set<Workflow>> states_in(const Request& request) {
  if (request.query_value("state") == "open") return std::set{Workflow::found, Workflow::classified, Workflow::located};
  return words_in<Workflow>(request, "state", parse_workflow);
}

Result<std::string> text_in(const Request& request, std::string_view name) {
  std::string text = request.query_value(name).value_or("");
  if (count_chars(text) > 200 || !valid_utf8(text))
    return fail(errors::invalid_question(name, "must be UTF-8 of at most 200 characters"));
  return text;
}

Result<std::optional<identity::AccountId>> assignee_in(const Request& request, const Access& access) {
  const auto text = request.query_value("assignee");
  if (!text || text->empty()) return std::nullopt;
  if (*text == "me") return std::optional(access.account());
  if (*text == "none") return std::optional(identity::AccountId());
  const auto id = parse_as<identity::AccountId>(*text);
  if (!id) return fail(errors::invalid_question("assignee", "must be an account's id, `me` or `none`"));
  return std::optional(*id);
}

template <class Word, std::size_t n>
Result<Word> choice_in(const Request& request, std::string_view name,
                       const std::array<std::pair<std::string_view, Word>, n>& choices) {
  const auto text = request.query_value(name);
  if (!text) return choices.front().second;
  for (const auto& [known, value] : choices)
    if (known == *text) return value;
  return fail(errors::invalid_question(name, "is none of those that are there"));
}

constexpr std::array<std::pair<std::string_view, ListSort>, 4> sorts{{{"last_seen", ListSort::last_seen},
                                                                      {"first_seen", ListSort::first_seen},
                                                                      {"events", ListSort::events},
                                                                      {"users", ListSort::users}}};
constexpr std::array<std::pair<std::string_view, store::Ignored>, 3> ignoreds{
    {{"no", store::Ignored::no}, {"yes", store::Ignored::yes}, {"only", store::Ignored::only}}};
constexpr std::array<std::pair<std::string_view, bool>, 2> orders{{{"newest", false}, {"oldest", true}}};

Result<store::IssueFilter> filter_in(const Request& request, const Access& access, Span span, TimeMs now) {
  auto states = states_in(request);
  auto kinds = words_in<Kind>(request, "kind", [](std::string_view word) { return parse_kind(word); });
  auto severities = words_in<Severity>(request, "severity", parse_severity);
  const auto assignee = assignee_in(request, access);
  auto text = text_in(request, "text");
  auto first_release = text_in(request, "first_release");
  const auto ignored = choice_in(request, "ignored", ignoreds);
  if (!states) return std::unexpected(states.error());
  if (!kinds) return std::unexpected(kinds.error());
  if (!severities) return std::unexpected(severities.error());
  if (!assignee) return std::unexpected(assignee.error());
  if (!text) return std::unexpected(text.error());
  if (!first_release) return std::unexpected(first_release.error());
  if (!ignored) return std::unexpected(ignored.error());
  store::IssueFilter filter{std::move(*states), std::move(*kinds), std::move(*severities)};
  if (request.query_value("first_release")) filter.first_release = std::move(*first_release);
  filter.assignee = *assignee;
  filter.text = std::move(*text);
  filter.ignored = *ignored;
  filter.from = span.from;
  filter.to = span.to;
  filter.now = now;
  return filter;
}

Answer list_reports(const RouteTargets& to, Request& request, Access access) {
  const TimeMs now = to.clock.now();
  const auto span = span_in(request, now, week_ms);
  if (!span) co_return std::unexpected(span.error());
  auto filter = filter_in(request, access, *span, now);
  if (!filter) co_return std::unexpected(filter.error());
  const auto sort = choice_in(request, "sort", sorts);
  if (!sort) co_return std::unexpected(sort.error());
  const auto asked = page_in(request);
  if (!asked) co_return std::unexpected(asked.error());
  const auto release = text_in(request, "release");
  if (!release) co_return std::unexpected(release.error());
  ListQuestion question{std::move(*filter), std::nullopt, *sort, asked->after, asked->limit};
  if (!release->empty()) question.release = *release;
  const auto page = co_await to.reports.list(access, std::move(question));
  if (!page) co_return std::unexpected(page.error());
  const Views views(access, now);
  json::array items;
  for (const IssueRow& row : page->items) items.push_back(views.row(row, *span, page->trend_interval_ms));
  const auto& next = page->next;
  co_return Response::json(json::object{
      {"items", std::move(items)},
      {"next_cursor", next ? json::value(net::make_cursor(next->first, next->second)) : json::value(nullptr)},
      {"trend_interval_ms", page->trend_interval_ms}});
}

Answer get(const RouteTargets& to, Request& request, Access access) {
  const auto id = id_in(request);
  if (!id) co_return std::unexpected(id.error());
  const auto span = span_in(request, to.clock.now(), week_ms);
  if (!span) co_return std::unexpected(span.error());
  const auto detail = co_await to.reports.get(access, *id, *span);
  if (!detail) co_return std::unexpected(detail.error());
  co_return Response::json(Views(access, to.clock.now()).detail(*detail, *span));
}

Answer tags(const RouteTargets& to, Request& request, Access access) {
  const auto id = id_in(request);
  if (!id) co_return std::unexpected(id.error());
  const auto span = span_in(request, to.clock.now(), week_ms);
  if (!span) co_return std::unexpected(span.error());
  const auto tags = co_await to.reports.tags(access, *id, *span);
  if (!tags) co_return std::unexpected(tags.error());
  const Views views(access, to.clock.now());
  json::array items;
  for (const Tag& tag : *tags) items.push_back(views.tag(tag));
  co_return list_answer(std::move(items));
}

Answer list_events(const RouteTargets& to, Request& request, Access access) {
  const auto id = id_in(request);
  if (!id) co_return std::unexpected(id.error());
  const auto span = span_in(request, to.clock.now(), 30 * day_ms);
  if (!span) co_return std::unexpected(span.error());
  const auto page = net::page_of(request);
  if (!page) co_return std::unexpected(page.error());
  const auto oldest_first = choice_in(request, "order", orders);
  if (!oldest_first) co_return std::unexpected(oldest_first.error());
  const auto release = text_in(request, "release");
  if (!release) co_return std::unexpected(release.error());
  EventsQuestion question{*span, *oldest_first, std::nullopt, page->cursor, page->limit};
  if (!release->empty()) question.release = *release;
  const auto events = co_await to.events.list(access, *id, std::move(question));
  if (!events) co_return std::unexpected(events.error());
  const Views views(access, to.clock.now());
  json::array items;
  for (const auto& row : events->items) items.push_back(views.event(row, false));
  co_return Response::json(json::object{
      {"items", std::move(items)}, {"next_cursor", events->next ? json::value(*events->next) : json::value(nullptr)}});
}

Answer get_event(const RouteTargets& to, Request& request, Access access) {
  const auto id = id_in(request);
  if (!id) co_return std::unexpected(id.error());
  const auto detail = co_await to.events.get(access, *id, request.param("event"));
  if (!detail) co_return std::unexpected(detail.error());
  co_return Response::json(Views(access, to.clock.now()).detail(*detail));
}

Answer releases(const RouteTargets& to, Request& request, Access access) {
  const auto span = span_in(request, to.clock.now(), week_ms);
  if (!span) co_return std::unexpected(span.error());
  const auto releases = co_await to.reports.releases(access, *span);
  if (!releases) co_return std::unexpected(releases.error());
  json::array items;
  for (const ReleaseHealth& health : *releases) items.push_back(Views::release(health));
  co_return list_answer(std::move(items));
}

}  // namespace

void mount_reports(identity::Guard& guard, const RouteTargets& to) {
  const auto route = [&](std::string_view path, auto handler) {
    guard.app_route(Method::get, fmt::format("{}{}", base_path, path), Permission::telemetry_read,
                    [=](Request& request, const Access& access) -> Answer { return handler(to, request, access); });
  };
  route("", list_reports);
  route("/releases", releases);
  route("/{id}", get);
  route("/{id}/tags", tags);
  route("/{id}/events", list_events);
  route("/{id}/events/{event}", get_event);
}

}  // namespace miniops::issues
