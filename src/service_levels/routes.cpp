#include "service_levels/routes.hpp"

#include <charconv>

#include "service_levels/errors.hpp"
#include "service_levels/views.hpp"

namespace miniops::service_levels {

using identity::Permission;
using net::Method;
using net::Request;
using net::Response;

namespace {

using Answer = Task<Result<Response>>;

constexpr std::string_view base_path = "/api/v1/miniprograms/{appid}/service-levels";
constexpr std::int64_t tally_days = 7, tally_days_max = 400;

struct PageAsked {
  int limit = 50;
  store::Before before{};
};

Result<PageAsked> page_in(const Request& request) {
  const auto page = net::page_of(request);
  if (!page) return std::unexpected(page.error());
  PageAsked asked{page->limit};
  if (!page->cursor) return asked;
  const auto before = net::read_cursor(*page->cursor);
  if (!before) return std::unexpected(before.error());
  asked.before = *before;
  return asked;
}

Response page_answer(const ClockPage& page, TimeMs now) {
  json::array items;
  for (const ServiceClock& clock : page.items) items.push_back(to_json(clock, now));
  json::value cursor = nullptr;
  if (page.next) cursor = net::make_cursor(page.next->first, page.next->second);
  return Response::json(json::object{{"items", std::move(items)}, {"next_cursor", std::move(cursor)}});
}

// ---- what questions have in common ----

// The value of a parameter by `read` (text → optional); nullopt when there is none.
template <class Read>
auto value_in(const Request& request, std::string_view name, std::string_view must, Read read)
    -> Result<decltype(read(std::string()))> {
  const auto text = request.query_value(name);
  if (!text) return std::nullopt;
  auto value = read(*text);
  if (!value) return fail(errors::invalid_question(name, must));
  return value;
}

std::optional<TimeMs> parse_time(std::string_view text) {
  TimeMs at = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), at);
  return problem == std::errc{} && end == text.data() + text.size() && at >= 0 ? std::optional(at) : std::nullopt;
}

std::optional<bool> parse_flag(std::string_view text) {
  if (text == "true") return true;
  return text == "false" ? std::optional(false) : std::nullopt;
}

Result<Among> among_in(const Request& request) {
  const auto kind = value_in(request, "kind", "must be first_answer, next_answer or resolution", parse_word<Kind>);
  if (!kind) return std::unexpected(kind.error());
  const auto agent = value_in(request, "agent", "must be the id of an account", parse_as<AccountId>);
  if (!agent) return std::unexpected(agent.error());
  return Among{*kind, request.query_value("group"), *agent};
}

// ---- the routes ----

Answer targets(Service& service, Request&, Access access) {
  const auto found = co_await service.targets(access);
  if (!found) co_return std::unexpected(found.error());
  co_return Response::json(to_json(*found));
}

Answer set_targets(Service& service, Request& request, Access access) {
  const auto body = net::json_body(request);
  if (!body) co_return std::unexpected(body.error());
  auto wanted = parse_targets(*body);
  if (!wanted) co_return std::unexpected(wanted.error());
  const auto set = co_await service.set_targets(access, std::move(*wanted));
  if (!set) co_return std::unexpected(set.error());
  co_return Response::json(to_json(*set));
}

Answer clocks(Service& service, Request& request, Access access, TimeMs now) {
  const auto page = page_in(request);
  if (!page) co_return std::unexpected(page.error());
  // What is no id names no conversation, and that has no clocks.
  const auto id = parse_as<ConversationId>(request.param("id")).value_or(ConversationId());
  const auto found = co_await service.clocks(access, id, page->before, page->limit);
  if (!found) co_return std::unexpected(found.error());
  co_return page_answer(*found, now);
}

Answer breaches(Service& service, Request& request, Access access, TimeMs now) {
  const auto page = page_in(request);
  if (!page) co_return std::unexpected(page.error());
  const auto among = among_in(request);
  if (!among) co_return std::unexpected(among.error());
  const auto open = value_in(request, "open", "must be true or false", parse_flag);
  if (!open) co_return std::unexpected(open.error());
  const auto from = value_in(request, "from", "must be a time in milliseconds", parse_time);
  if (!from) co_return std::unexpected(from.error());
  const auto to = value_in(request, "to", "must be a time in milliseconds", parse_time);
  if (!to) co_return std::unexpected(to.error());
  BreachFilter filter{*among, *open, from->value_or(0), to->value_or(std::numeric_limits<TimeMs>::max())};
  const auto found = co_await service.breaches(access, std::move(filter), page->before, page->limit);
  if (!found) co_return std::unexpected(found.error());
  co_return page_answer(*found, now);
}

Result<TallyQuestion> tally_question(const Request& request, TimeMs now) {
  constexpr std::string_view date = "must be a date such as 2026-10-01";
  const auto by = value_in(request, "by", "must be kind, group, agent or day", parse_word<TallyBy>);
  if (!by) return std::unexpected(by.error());
  const auto among = among_in(request);
  if (!among) return std::unexpected(among.error());
  const auto from = value_in(request, "from", date, parse_date), to = value_in(request, "to", date, parse_date);
  if (!from) return std::unexpected(from.error());
  if (!to) return std::unexpected(to.error());
  TallyQuestion question{by->value_or(TallyBy::kind), *among};
  question.to = to->value_or(day_of(*round_the_clock(), now));
  question.from = from->value_or(question.to - tally_days + 1);
  if (question.from > question.to || question.to - question.from >= tally_days_max)
    return fail(errors::invalid_question("from", "must lie within 400 days before to"));
  return question;
}

Answer summary(Service& service, Request& request, Access access, TimeMs now) {
  const auto question = tally_question(request, now);
  if (!question) co_return std::unexpected(question.error());
  const auto found = co_await service.tally(access, *question);
  if (!found) co_return std::unexpected(found.error());
  json::array items;
  for (const Tally& tally : *found) items.push_back(to_json(tally, question->by));
  co_return Response::json(json::object{{"by", word(question->by)},
                                        {"from", date_text(question->from)},
                                        {"to", date_text(question->to)},
                                        {"items", std::move(items)}});
}

}  // namespace

void mount(identity::Guard& guard, Service& service, const Clock& clock) {
  const auto add = [&](Method method, std::string_view path, Permission permission, auto handler) {
    guard.app_route(
        method, std::string(base_path) + std::string(path), permission,
        [&service, handler](Request& request, const Access& access) { return handler(service, request, access); });
  };
  const auto add_timed = [&](Method method, std::string_view path, Permission permission, auto handler) {
    guard.app_route(method, std::string(base_path) + std::string(path), permission,
                    [&service, &clock, handler](Request& request, const Access& access) {
                      return handler(service, request, access, clock.now());
                    });
  };
  add(Method::get, "/targets", Permission::desk_read, targets);
  add(Method::put, "/targets", Permission::desk_configure, set_targets);
  add_timed(Method::get, "/conversations/{id}/clocks", Permission::desk_read, clocks);
  add_timed(Method::get, "/breaches", Permission::desk_read, breaches);
  add_timed(Method::get, "/summary", Permission::desk_read, summary);
}

}  // namespace miniops::service_levels
