// Settings, results, the funnel, follow-ups.
#include "satisfaction/routes.hpp"

#include "base/text.hpp"
#include "identity/idempotency.hpp"
#include "satisfaction/day.hpp"
#include "satisfaction/errors.hpp"

namespace miniops::satisfaction {

using identity::Permission;
using net::Method;
using net::Request;
using net::Response;

namespace {

using Answer = Task<Result<Response>>;

constexpr std::string_view base_path = "/api/v1/miniprograms/{appid}/satisfaction";
constexpr TimeMs due_ms_max = 366 * day_ms;

// ---- what requests say ----

Error invalid_query(std::string_view name, std::string_view why) {
  return {"request.invalid", fmt::format("the query is wrong: {} {}", name, why), ErrorKind::invalid};
}

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

// False: it is there and no id.
template <class Id>
bool take_id(const Request& request, std::string_view name, Id& into) {
  const auto given = request.query_value(name);
  if (!given) return true;
  const auto id = parse_as<Id>(*given);
  into = id.value_or(Id());
  return id.has_value();
}

bool take_day(const Request& request, std::string_view name, std::int64_t& into) {
  const auto given = request.query_value(name);
  if (!given) return true;
  const auto day = parse_day(*given);
  into = day.value_or(0);
  return day.has_value();
}

Result<store::ResultFilter> filter_in(const Request& request) {
  store::ResultFilter filter;
  if (!take_id(request, "agent", filter.agent)) return fail(invalid_query("agent", "must be an id"));
  if (!take_id(request, "group", filter.group)) return fail(invalid_query("group", "must be an id"));
  if (!take_day(request, "from", filter.from)) return fail(invalid_query("from", "must be a day like 2026-03-14"));
  if (!take_day(request, "to", filter.to)) return fail(invalid_query("to", "must be a day like 2026-03-14"));
  return filter;
}

Response list_answer(json::array items, const store::Before& next) {
  json::value cursor = nullptr;
  if (next) cursor = net::make_cursor(next->first, next->second);
  return Response::json(json::object{{"items", std::move(items)}, {"next_cursor", std::move(cursor)}});
}

// ---- settings ----

Answer read_settings_of(Service& service, Request&, Access access) {
  const auto settings = co_await service.settings(access);
  if (!settings) co_return std::unexpected(settings.error());
  co_return Response::json(to_json(*settings));
}

Answer change_settings(Service& service, Request& request, Access access) {
  auto body = net::json_body(request);
  if (!body) co_return std::unexpected(body.error());
  const auto settings = co_await service.change_settings(access, std::move(*body));
  if (!settings) co_return std::unexpected(settings.error());
  co_return Response::json(to_json(*settings));
}

// ---- what came of it ----

Answer results(Service& service, Request& request, Access access) {
  const auto page = page_in(request);
  if (!page) co_return std::unexpected(page.error());
  auto filter = filter_in(request);
  if (!filter) co_return std::unexpected(filter.error());
  if (const auto score = request.query_value("score")) {
    if (score->size() != 1 || (*score)[0] < '1' || (*score)[0] > '5')
      co_return fail(invalid_query("score", "must be 1 to 5"));
    filter->score = (*score)[0] - '0';
  }
  if (!take_id(request, "profile", filter->profile)) co_return fail(invalid_query("profile", "must be an id"));
  if (const auto comment = request.query_value("with_comment")) {
    if (*comment != "true" && *comment != "false")
      co_return fail(invalid_query("with_comment", "must be true or false"));
    filter->with_comment = *comment == "true";
  }
  const auto found = co_await service.results(access, *filter, page->before, page->limit);
  if (!found) co_return std::unexpected(found.error());
  json::array items;
  for (const Survey& one : found->items) items.push_back(to_json(one));
  co_return list_answer(std::move(items), found->next);
}

Answer reveal_comment(Service& service, Request& request, Access access) {
  if (auto may = access.must_have(Permission::desk_read); !may) co_return std::unexpected(may.error());
  const auto id = parse_as<SurveyId>(request.param("id"));
  if (!id) co_return fail(errors::not_found());
  const auto value = co_await service.reveal_comment(access, *id);
  if (!value) co_return std::unexpected(value.error());
  co_return identity::secret_response(json::object{{"value", *value}});
}

Answer funnel(Service& service, Request& request, Access access) {
  const auto filter = filter_in(request);
  if (!filter) co_return std::unexpected(filter.error());
  if (!request.query_value("from") || !request.query_value("to"))
    co_return fail(invalid_query("from and to", "are required"));
  const std::int64_t days = days_between(filter->from, filter->to);
  if (days < 1 || days > funnel_days_max) co_return fail(invalid_query("from and to", "must span 1 to 366 days"));
  const auto by = parse_word<store::By>(request.query_value("by").value_or("day"));
  if (!by) co_return fail(invalid_query("by", "must be day, agent, group or question"));
  const auto view = co_await service.funnel(access, *by, *filter);
  if (!view) co_return std::unexpected(view.error());
  co_return Response::json(to_json(*view, *by));
}

// ---- follow-ups ----

Answer list_follow_ups(Service& service, Request& request, Access access, TimeMs now) {
  const auto page = page_in(request);
  if (!page) co_return std::unexpected(page.error());
  store::FollowUpFilter filter;
  if (const auto state = request.query_value("state")) {
    filter.state = parse_word<FollowUpState>(*state);
    if (!filter.state) co_return fail(invalid_query("state", "must be open or done"));
  }
  if (const auto owner = request.query_value("owner")) {
    filter.owner = *owner == "nobody" ? std::optional(AccountId()) : parse_as<AccountId>(*owner);
    if (!filter.owner) co_return fail(invalid_query("owner", "must be an id or nobody"));
  }
  if (const auto overdue = request.query_value("overdue")) {
    if (*overdue != "true" && *overdue != "false") co_return fail(invalid_query("overdue", "must be true or false"));
    if (*overdue == "true") {
      filter.due_before = now;
      filter.state = FollowUpState::open;
    }
  }
  const FollowUpId before(page->before ? page->before->second : 0);
  const auto found = co_await service.follow_ups(access, filter, before, page->limit);
  if (!found) co_return std::unexpected(found.error());
  json::array items;
  for (const store::FollowUpView& one : found->items) items.push_back(to_json(one, access.sees_personal_data()));
  co_return list_answer(std::move(items), found->next);
}

Answer change_follow_up(Service& service, Request& request, Access access, TimeMs now) {
  const auto id = parse_as<FollowUpId>(request.param("id"));
  if (!id) co_return fail(errors::not_found());
  const auto body = net::json_body(request);
  if (!body) co_return std::unexpected(body.error());
  JsonInput in(*body);
  FollowUpPatch patch;
  patch.version = in.integer("version", 1, std::numeric_limits<std::int64_t>::max());
  if (const auto state = in.optional_choice("state", {"open", "done"})) patch.state = parse_word<FollowUpState>(*state);
  if (const auto owner = in.optional_id("owner_id")) patch.owner = AccountId(*owner);
  patch.due_at = in.optional_integer("due_at", 0, now + due_ms_max);
  patch.note = in.optional_text("note", {0, 1000});
  if (auto ok = in.finish(); !ok) co_return std::unexpected(ok.error());
  const auto changed = co_await service.change_follow_up(access, *id, std::move(patch));
  if (!changed) co_return std::unexpected(changed.error());
  co_return Response::json(to_json(*changed, access.sees_personal_data()));
}

}  // namespace

void mount(identity::Guard& guard, Service& service) {
  const auto add = [&](Method method, std::string_view path, Permission permission, auto handler) {
    guard.app_route(
        method, std::string(base_path) + std::string(path), permission,
        [&service, handler](Request& request, const Access& access) { return handler(service, request, access); });
  };
  add(Method::get, "/settings", Permission::desk_read, read_settings_of);
  add(Method::patch, "/settings", Permission::desk_configure, change_settings);
  add(Method::get, "/results", Permission::desk_read, results);
  add(Method::post, "/results/{id}/reveal", Permission::personal_data_read, reveal_comment);
  add(Method::get, "/funnel", Permission::desk_read, funnel);
  add(Method::get, "/follow-ups", Permission::desk_read, [](Service& to, Request& request, Access access) {
    return list_follow_ups(to, request, std::move(access), request.received_at);
  });
  add(Method::patch, "/follow-ups/{id}", Permission::desk_reply, [](Service& to, Request& request, Access access) {
    return change_follow_up(to, request, std::move(access), request.received_at);
  });
}

}  // namespace miniops::satisfaction
