#include "webhooks/routes.hpp"

#include <charconv>

#include "identity/idempotency.hpp"
#include "webhooks/errors.hpp"
#include "webhooks/views.hpp"

namespace miniops::webhooks {

namespace {

using identity::Permission;
using net::Method;
using net::Request;
using net::Response;
using Answer = Task<Result<Response>>;

constexpr std::size_t address_chars_max = 2048;
constexpr std::size_t description_chars_max = 200;
constexpr std::int64_t previous_hours = 24, previous_hours_max = 7 * 24;

// ---- reading requests ----

Result<SubscriptionId> id_in(const Request& request) {
  const auto id = parse_as<SubscriptionId>(request.param("id"));
  return id ? Result<SubscriptionId>(*id) : fail(errors::not_found("webhook"));
}

Result<EventId> event_in(const Request& request) {
  const auto id = parse_as<EventId>(request.param("event_id"));
  return id ? Result<EventId>(*id) : fail(errors::not_found("delivery"));
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

// The value of a parameter by `read` (text → optional); nullopt when there is none.
template <class Read>
auto value_in(const Request& request, std::string_view name, std::string_view must, Read read)
    -> Result<decltype(read(std::string()))> {
  const auto text = request.query_value(name);
  if (!text) return std::nullopt;
  auto value = read(*text);
  if (!value) return fail(errors::invalid_query(name, must));
  return value;
}

std::optional<TimeMs> parse_time(std::string_view text) {
  TimeMs at = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), at);
  return problem == std::errc{} && end == text.data() + text.size() && at >= 0 ? std::optional(at) : std::nullopt;
}

Result<DeliveryFilter> filter_in(const Request& request) {
  const auto state = value_in(request, "state", "must be pending, delivered, failed or dropped", parse_word<State>);
  if (!state) return std::unexpected(state.error());
  const auto kind = value_in(request, "kind", "must be a kind of event", parse_word<Kind>);
  if (!kind) return std::unexpected(kind.error());
  const auto from = value_in(request, "from", "must be a time in milliseconds", parse_time);
  if (!from) return std::unexpected(from.error());
  const auto to = value_in(request, "to", "must be a time in milliseconds", parse_time);
  if (!to) return std::unexpected(to.error());
  return DeliveryFilter{*state, *kind, from->value_or(0), to->value_or(std::numeric_limits<TimeMs>::max())};
}

std::optional<Kinds> read_kinds(JsonInput& in) {
  if (!in.has("kinds")) return std::nullopt;
  Kinds kinds;
  for (const std::string& text : in.optional_texts("kinds", kind_count, {1, 64})) {
    const auto kind = parse_word<Kind>(text);
    if (!kind) in.mistake("kinds", text + " is no kind of event");
    if (kind) kinds.set(static_cast<std::size_t>(*kind));
  }
  if (kinds.none()) in.mistake("kinds", "must name at least one kind");
  return kinds;
}

Given read_given(JsonInput& in) {
  Given given;
  given.address = in.optional_text("address", {1, address_chars_max});
  if (given.address && !parse_address(*given.address))
    in.mistake("address", "must be an http or https address without user, password and fragment");
  given.description = in.optional_text("description", {0, description_chars_max});
  given.kinds = read_kinds(in);
  given.enabled = in.optional_boolean("enabled");
  return given;
}

// ---- answers ----

template <class Item>
Response list_answer(const std::vector<Item>& items, const store::Before& next = {}) {
  json::array shown;
  for (const Item& item : items) shown.push_back(to_json(item));
  json::value cursor = nullptr;
  if (next) cursor = net::make_cursor(next->first, next->second);
  return Response::json(json::object{{"items", std::move(shown)}, {"next_cursor", std::move(cursor)}});
}

Response secret_answer(const WithSecret& made, int status) {
  return identity::secret_response(json::object{{"webhook", to_json(made.view)}, {"secret", made.secret}}, status);
}

// ---- webhooks ----

Answer list(Service& service, Request&, Access access) {
  const auto found = co_await service.list(access);
  if (!found) co_return std::unexpected(found.error());
  co_return list_answer(*found);
}

Answer one(Service& service, Request& request, Access access) {
  const auto id = id_in(request);
  if (!id) co_return std::unexpected(id.error());
  const auto found = co_await service.get(access, *id);
  if (!found) co_return std::unexpected(found.error());
  co_return Response::json(to_json(*found));
}

Answer add(Service& service, Request& request, Access access) {
  const auto body = net::json_body(request);
  if (!body) co_return std::unexpected(body.error());
  JsonInput in(*body);
  Given given = read_given(in);
  for (const std::string_view name : {"address", "kinds"})
    if (!in.has(name)) in.mistake(name, "is required");
  if (auto ok = in.finish(); !ok) co_return std::unexpected(ok.error());
  const auto made = co_await service.add(access, std::move(given));
  if (!made) co_return std::unexpected(made.error());
  co_return secret_answer(*made, 201);
}

Answer change(Service& service, Request& request, Access access) {
  const auto id = id_in(request);
  if (!id) co_return std::unexpected(id.error());
  const auto body = net::json_body(request);
  if (!body) co_return std::unexpected(body.error());
  JsonInput in(*body);
  const std::int64_t version = in.integer("version", 1, std::numeric_limits<std::int64_t>::max());
  Given given = read_given(in);
  if (auto ok = in.finish(); !ok) co_return std::unexpected(ok.error());
  const auto changed = co_await service.change(access, *id, version, std::move(given));
  if (!changed) co_return std::unexpected(changed.error());
  co_return Response::json(to_json(*changed));
}

Answer remove(Service& service, Request& request, Access access) {
  const auto id = id_in(request);
  if (!id) co_return std::unexpected(id.error());
  if (auto done = co_await service.remove(access, *id); !done) co_return std::unexpected(done.error());
  co_return Response::no_content();
}

Answer rotate(Service& service, Request& request, Access access) {
  const auto id = id_in(request);
  if (!id) co_return std::unexpected(id.error());
  const auto body = net::json_body(request);
  if (!body) co_return std::unexpected(body.error());
  JsonInput in(*body);
  const auto hours = in.optional_integer("previous_hours", 0, previous_hours_max).value_or(previous_hours);
  if (auto ok = in.finish(); !ok) co_return std::unexpected(ok.error());
  const auto made = co_await service.rotate(access, *id, hours * hour_ms);
  if (!made) co_return std::unexpected(made.error());
  co_return secret_answer(*made, 200);
}

Answer test(Service& service, Request& request, Access access) {
  const auto id = id_in(request);
  if (!id) co_return std::unexpected(id.error());
  const auto report = co_await service.test(access, *id);
  if (!report) co_return std::unexpected(report.error());
  co_return Response::json(to_json(*report));
}

// ---- the log ----

Answer deliveries(Service& service, Request& request, Access access) {
  const auto id = id_in(request);
  if (!id) co_return std::unexpected(id.error());
  const auto page = page_in(request);
  if (!page) co_return std::unexpected(page.error());
  const auto filter = filter_in(request);
  if (!filter) co_return std::unexpected(filter.error());
  const auto found = co_await service.deliveries(access, *id, *filter, page->before, page->limit);
  if (!found) co_return std::unexpected(found.error());
  co_return list_answer(found->items, found->next);
}

Answer delivery(Service& service, Request& request, Access access) {
  const auto id = id_in(request);
  if (!id) co_return std::unexpected(id.error());
  const auto event = event_in(request);
  if (!event) co_return std::unexpected(event.error());
  const auto found = co_await service.delivery(access, *id, *event);
  if (!found) co_return std::unexpected(found.error());
  co_return Response::json(to_json(*found));
}

Answer redeliver(Service& service, Request& request, Access access) {
  const auto id = id_in(request);
  if (!id) co_return std::unexpected(id.error());
  const auto event = event_in(request);
  if (!event) co_return std::unexpected(event.error());
  const auto queued = co_await service.redeliver(access, *id, *event);
  if (!queued) co_return std::unexpected(queued.error());
  co_return Response::json(to_json(*queued));
}

Answer redeliver_all(Service& service, Request& request, Access access) {
  const auto id = id_in(request);
  if (!id) co_return std::unexpected(id.error());
  const auto body = net::json_body(request);
  if (!body) co_return std::unexpected(body.error());
  JsonInput in(*body);
  constexpr TimeMs latest = std::numeric_limits<TimeMs>::max();
  const TimeMs from = in.integer("from", 0, latest), to = in.integer("to", 0, latest);
  if (from >= to) in.mistake("to", "must lie behind from");
  if (auto ok = in.finish(); !ok) co_return std::unexpected(ok.error());
  const auto queued = co_await service.redeliver_all(access, *id, from, to);
  if (!queued) co_return std::unexpected(queued.error());
  co_return Response::json(json::object{{"queued", queued->count}, {"more", queued->more}});
}

Answer notices(Service& service, Request& request, Access access) {
  const auto page = page_in(request);
  if (!page) co_return std::unexpected(page.error());
  const auto found = co_await service.notices(access, page->before, page->limit);
  if (!found) co_return std::unexpected(found.error());
  co_return list_answer(found->items, found->next);
}

Answer needs_records() { co_return fail(errors::needs_records()); }

}  // namespace

void mount(identity::Guard& guard, Service& service) {
  const auto route = [&](Method method, const std::string& path, Answer (*handler)(Service&, Request&, Access)) {
    guard.app_route(method, "/api/v1/miniprograms/{appid}" + path, Permission::desk_configure,
                    [&service, handler](Request& request, const Access& access) {
                      const bool reads = access.may(Permission::desk_records_all);
                      return reads ? handler(service, request, access) : needs_records();
                    });
  };
  route(Method::get, "/webhooks", list);
  route(Method::post, "/webhooks", add);
  route(Method::get, "/webhooks/{id}", one);
  route(Method::patch, "/webhooks/{id}", change);
  route(Method::del, "/webhooks/{id}", remove);
  route(Method::post, "/webhooks/{id}/secret", rotate);
  route(Method::post, "/webhooks/{id}/test", test);
  route(Method::get, "/webhooks/{id}/deliveries", deliveries);
  route(Method::get, "/webhooks/{id}/deliveries/{event_id}", delivery);
  route(Method::post, "/webhooks/{id}/deliveries/{event_id}/redeliver", redeliver);
  route(Method::post, "/webhooks/{id}/redeliver", redeliver_all);
  route(Method::get, "/webhook-notices", notices);
}

}  // namespace miniops::webhooks
