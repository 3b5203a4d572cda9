#include "notify/routes.hpp"

#include "base/encoding.hpp"
#include "base/text.hpp"
#include "notify/errors.hpp"
#include "notify/views.hpp"

namespace miniops::notify {

namespace {

using identity::Permission;
using net::Method;
using net::Request;
using net::Response;
using Answer = Task<Result<Response>>;

constexpr std::size_t secret_chars_max = 2048;

Response list(json::array items, json::value cursor = nullptr) {
  return Response::json(json::object{{"items", std::move(items)}, {"next_cursor", std::move(cursor)}});
}

// ---- reading ----

Result<ChannelId> channel_param(const Request& request) {
  const auto id = parse_as<ChannelId>(request.param("id"));
  if (!id) return fail(errors::not_found("channel"));
  return *id;
}

// "<notification>-<position>"
Result<Place> place_param(const Request& request) {
  const std::string& text = request.param("id");
  const auto hyphen = text.find('-');
  const auto id = parse_as<NotificationId>(text.substr(0, hyphen));
  const bool digit =
      hyphen != std::string::npos && text.size() == hyphen + 2 && text.back() >= '0' && text.back() <= '9';
  if (!id || !digit) return fail(errors::not_found("delivery"));
  return Place{*id, text.back() - '0'};
}

// Free text of a query: what is no UTF-8 finds nothing on one engine and is an error on the other.
Result<std::string> text_param(const Request& request, std::string_view name) {
  std::string text = request.query_value(name).value_or("");
  if (!valid_utf8(text) || text.size() > 200) return fail(errors::invalid_query(name, "must be UTF-8 of 200 bytes"));
  return text;
}

Secrets read_secrets(JsonInput& in, const Settings& settings) {
  Secrets secrets;
  if (!in.has("secrets")) return secrets;
  JsonInput given = in.object("secrets");
  for (const std::string_view name : secret_names(settings)) {
    const auto value = given.optional_text(name, {1, secret_chars_max});
    if (!value) continue;
    if (const auto wrong = wrong_secret(name, *value)) given.mistake(name, *wrong);
    secrets.emplace(name, *value);
  }
  return secrets;
}

// `kind`: of the channel that is changed, or as given for a new one.
ChannelChange read_change(JsonInput& in, std::string_view kind, const std::optional<Settings>& before) {
  ChannelChange given;
  given.name = in.optional_text("name", {1, 64});
  given.language = in.optional_choice("language", {"zh", "en"});
  given.enabled = in.optional_boolean("enabled");
  if (in.has("settings") || !before) {
    JsonInput settings = in.object("settings");
    given.settings = read_settings(kind, settings);
  }
  const Settings& now = given.settings ? *given.settings : *before;
  given.per_minute = in.optional_integer("per_minute", 1, pace_of(now).most);
  given.secrets = read_secrets(in, now);
  return given;
}

// ---- channels ----

Answer list_channels(Service& service, Request&, Access access) {
  const auto channels = co_await service.channels(access);
  if (!channels) co_return std::unexpected(channels.error());
  json::array items;
  for (const ChannelView& view : *channels) items.push_back(shown(view, access));
  co_return list(std::move(items));
}

Answer get_channel(Service& service, Request& request, Access access) {
  const auto id = channel_param(request);
  if (!id) co_return std::unexpected(id.error());
  const auto channel = co_await service.channel(access, *id);
  if (!channel) co_return std::unexpected(channel.error());
  co_return Response::json(shown(*channel, access));
}

Answer add_channel(Service& service, Request& request, Access access) {
  const auto body = net::json_body(request);
  if (!body) co_return std::unexpected(body.error());
  JsonInput in(*body);
  const std::string kind =
      in.choice("kind", {"wecom_robot", "wecom_app", "email", "tencent_sms", "subscribe", "webhook"});
  if (!in.has("name")) in.mistake("name", "is required");
  ChannelChange given = read_change(in, kind, std::nullopt);
  if (auto ok = in.finish(); !ok) co_return std::unexpected(ok.error());
  const auto channel = co_await service.add_channel(access, std::move(given));
  if (!channel) co_return std::unexpected(channel.error());
  co_return Response::json(shown(*channel, access), 201);
}

Answer change_channel(Service& service, Request& request, Access access) {
  const auto id = channel_param(request);
  if (!id) co_return std::unexpected(id.error());
  const auto body = net::json_body(request);
  if (!body) co_return std::unexpected(body.error());
  const auto before = co_await service.channel(access, *id);
  if (!before) co_return std::unexpected(before.error());
  JsonInput in(*body);
  ChannelChange given = read_change(in, kind_of(before->channel.settings), before->channel.settings);
  if (auto ok = in.finish(); !ok) co_return std::unexpected(ok.error());
  const auto channel = co_await service.change_channel(access, *id, std::move(given));
  if (!channel) co_return std::unexpected(channel.error());
  co_return Response::json(shown(*channel, access));
}

Answer remove_channel(Service& service, Request& request, Access access) {
  const auto id = channel_param(request);
  if (!id) co_return std::unexpected(id.error());
  const auto removed = co_await service.remove_channel(access, *id);
  if (!removed) co_return std::unexpected(removed.error());
  co_return Response::no_content();
}

Answer test_channel(Service& service, Request& request, Access access) {
  const auto id = channel_param(request);
  if (!id) co_return std::unexpected(id.error());
  const auto report = co_await service.test_channel(access, *id);
  if (!report) co_return std::unexpected(report.error());
  co_return Response::json(shown(*report));
}

// ---- the log ----

Result<DeliveryFilter> filter_of(const Request& request) {
  DeliveryFilter filter;
  if (const auto channel = request.query_value("channel")) {
    filter.channel = parse_as<ChannelId>(*channel);
    if (!filter.channel) return fail(errors::invalid_query("channel", "must be a channel's id"));
  }
  if (const auto state = request.query_value("state")) {
    filter.state = parse_state(*state);
    if (!filter.state) return fail(errors::invalid_query("state", "is none of those that are there"));
  }
  auto subject = text_param(request, "subject");
  if (!subject) return std::unexpected(subject.error());
  filter.subject = std::move(*subject);
  return filter;
}

Answer list_deliveries(Service& service, Request& request, Access access) {
  const auto page = net::page_of(request);
  if (!page) co_return std::unexpected(page.error());
  auto filter = filter_of(request);
  if (!filter) co_return std::unexpected(filter.error());
  std::optional<Place> after;
  if (page->cursor) {
    const auto cursor = net::read_cursor(*page->cursor);
    if (!cursor) co_return std::unexpected(cursor.error());
    after = Place{NotificationId(cursor->first), static_cast<int>(cursor->second)};
  }
  auto found = co_await service.deliveries(access, std::move(*filter), after, page->limit + 1);
  if (!found) co_return std::unexpected(found.error());
  json::value next(nullptr);
  if (found->size() > static_cast<std::size_t>(page->limit)) {
    found->pop_back();
    const Delivery& last = found->back().delivery;
    next = net::make_cursor(last.notification.value(), last.position);
  }
  json::array items;
  for (const LoggedDelivery& logged : *found) items.push_back(shown(logged));
  co_return list(std::move(items), std::move(next));
}

Answer get_delivery(Service& service, Request& request, Access access) {
  const auto place = place_param(request);
  if (!place) co_return std::unexpected(place.error());
  const auto detail = co_await service.delivery(access, *place);
  if (!detail) co_return std::unexpected(detail.error());
  co_return Response::json(shown(*detail));
}

Answer retry_delivery(Service& service, Request& request, Access access) {
  const auto place = place_param(request);
  if (!place) co_return std::unexpected(place.error());
  const auto queued = co_await service.retry(access, *place);
  if (!queued) co_return std::unexpected(queued.error());
  co_return Response::json(shown(*queued));
}

// The place behind which a list of consents goes on: openid and template, which hold no line break.
Result<std::optional<ConsentPlace>> consent_place(const std::optional<std::string>& cursor) {
  if (!cursor) return std::nullopt;
  const auto text = unhex(*cursor);
  const auto split = text ? text->find('\n') : std::string::npos;
  if (split == std::string::npos || !valid_utf8(*text))
    return fail(ErrorKind::invalid, "request.invalid_cursor", "the cursor is none that this list gave out");
  return ConsentPlace{text->substr(0, split), text->substr(split + 1)};
}

Answer list_consents(Service& service, Request& request, Access access) {
  const auto page = net::page_of(request);
  if (!page) co_return std::unexpected(page.error());
  const auto after = consent_place(page->cursor);
  if (!after) co_return std::unexpected(after.error());
  const auto openid = text_param(request, "openid");
  if (!openid) co_return std::unexpected(openid.error());
  const auto template_id = text_param(request, "template_id");
  if (!template_id) co_return std::unexpected(template_id.error());
  ConsentFilter filter{*openid, *template_id};
  auto found = co_await service.consents(access, std::move(filter), *after, page->limit + 1);
  if (!found) co_return std::unexpected(found.error());
  json::value next(nullptr);
  if (found->size() > static_cast<std::size_t>(page->limit)) {
    found->pop_back();
    next = hex(found->back().openid.str() + "\n" + found->back().template_id);
  }
  json::array items;
  for (const Consent& consent : *found) items.push_back(shown(consent));
  co_return list(std::move(items), std::move(next));
}

}  // namespace

void mount(identity::Guard& guard, Service& service) {
  const auto route = [&](Method method, const std::string& rest, Permission permission,
                         Answer (*handler)(Service&, Request&, Access)) {
    guard.app_route(
        method, "/api/v1/miniprograms/{appid}/notify" + rest, permission,
        [&service, handler](Request& request, const Access& access) { return handler(service, request, access); });
  };
  route(Method::get, "/channels", Permission::telemetry_read, list_channels);
  route(Method::post, "/channels", Permission::alerts_manage, add_channel);
  route(Method::get, "/channels/{id}", Permission::telemetry_read, get_channel);
  route(Method::patch, "/channels/{id}", Permission::alerts_manage, change_channel);
  route(Method::del, "/channels/{id}", Permission::alerts_manage, remove_channel);
  route(Method::post, "/channels/{id}/test", Permission::alerts_manage, test_channel);
  route(Method::get, "/deliveries", Permission::telemetry_read, list_deliveries);
  route(Method::get, "/deliveries/{id}", Permission::telemetry_read, get_delivery);
  route(Method::post, "/deliveries/{id}/retry", Permission::alerts_manage, retry_delivery);
  route(Method::get, "/consents", Permission::telemetry_read, list_consents);
}

}  // namespace miniops::notify
