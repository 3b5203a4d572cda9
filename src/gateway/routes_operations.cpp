#include "base/json.hpp"
#include "gateway/errors.hpp"
#include "gateway/routes.hpp"

namespace miniops::gateway {

namespace {

using identity::Access;
using identity::Caller;
using identity::Permission;
using Targets = std::shared_ptr<const RouteTargets>;
using Answer = Task<Result<net::Response>>;

boost::json::object to_json(const DeadLetter& letter) {
  boost::json::object item;
  item["id"] = std::to_string(letter.id);
  item["consumer"] = letter.consumer;
  item["partition"] = partition_of_entry(letter.entry_id);
  item["position"] = position_of_entry(letter.entry_id);
  item["openid"] = letter.openid.str();
  item["received_at"] = letter.received_at;
  item["failed_at"] = letter.failed_at;
  item["attempts"] = letter.attempts;
  item["error"] = letter.error;
  item["message"] = letter.message;
  return item;
}

Answer health(Targets to, AppId appid) {
  auto body = co_await to->health.of(std::move(appid));
  if (!body) co_return std::unexpected(body.error());
  co_return net::Response::json(*body);
}

Answer whole_health(Targets to) {
  auto body = co_await to->health.all();
  if (!body) co_return std::unexpected(body.error());
  co_return net::Response::json(*body);
}

Answer dead_letters(Targets to, net::Request& request, const Access& access) {
  auto page = net::page_of(request);
  if (!page) co_return std::unexpected(page.error());
  auto list = co_await to->dead_letters.list(access, std::move(*page));
  if (!list) co_return std::unexpected(list.error());
  boost::json::array items;
  for (const DeadLetter& letter : list->items) items.push_back(to_json(letter));
  boost::json::object body;
  body["items"] = std::move(items);
  body["next_cursor"] = nullptr;
  if (list->next_cursor) body["next_cursor"] = *list->next_cursor;
  co_return net::Response::json(body);
}

Answer on_dead_letter(Targets to, net::Request& request, const Access& access, bool replay) {
  const auto id = parse_id(request.param("id"));
  if (!id) co_return fail(errors::dead_letter_not_found());
  Result<void> done;
  if (replay) {
    done = co_await to->dead_letters.replay(access, *id);
  } else {
    done = co_await to->dead_letters.drop(access, *id);
  }
  if (!done) co_return std::unexpected(done.error());
  co_return net::Response::no_content();
}

Answer refresh_token(Targets to, net::Request& request, const Access& access) {
  auto body = net::json_body(request);
  if (!body) co_return std::unexpected(body.error());
  JsonInput in(*body);
  const bool force = in.optional_boolean("force").value_or(false);
  if (auto ok = in.finish(); !ok) co_return std::unexpected(ok.error());
  auto refreshed = co_await to->tokens.refresh(access.appid(), force);
  if (!refreshed) co_return std::unexpected(refreshed.error());
  co_return net::Response::json(token_json(*refreshed, to->token_settings, to->clock.now()));
}

Answer push_failures(Targets to, AppId appid) {
  boost::json::array items;
  for (const PushFailure& failure : to->stats.failures(appid)) {
    boost::json::object item;
    item["at"] = failure.at;
    item["reason"] = to_string(failure.reason);
    item["cause"] = failure.cause;
    item["remote_address"] = failure.remote_address;
    item["count"] = failure.count;
    items.push_back(std::move(item));
  }
  boost::json::object body;
  body["items"] = std::move(items);
  body["next_cursor"] = nullptr;
  co_return net::Response::json(body);
}

}  // namespace

void mount_operations(identity::Guard& guard, Targets to) {
  const std::string one = "/api/v1/miniprograms/{appid}";
  guard.app_route(net::Method::get, one + "/gateway", Permission::gateway_read,
                  [to](net::Request&, const Access& access) { return health(to, access.appid()); });
  guard.instance_route(net::Method::get, "/api/v1/gateway", Permission::instance_manage,
                       [to](net::Request&, const Caller&, const Access&) { return whole_health(to); });
  guard.app_route(net::Method::get, one + "/dead-letters", Permission::gateway_read,
                  [to](net::Request& request, const Access& access) { return dead_letters(to, request, access); });
  guard.app_route(
      net::Method::post, one + "/dead-letters/{id}/replay", Permission::gateway_manage,
      [to](net::Request& request, const Access& access) { return on_dead_letter(to, request, access, true); });
  guard.app_route(
      net::Method::del, one + "/dead-letters/{id}", Permission::gateway_manage,
      [to](net::Request& request, const Access& access) { return on_dead_letter(to, request, access, false); });
  guard.app_route(net::Method::post, one + "/token/refresh", Permission::gateway_manage,
                  [to](net::Request& request, const Access& access) { return refresh_token(to, request, access); });
  guard.app_route(net::Method::get, one + "/push-failures", Permission::gateway_read,
                  [to](net::Request&, const Access& access) { return push_failures(to, access.appid()); });
}

}  // namespace miniops::gateway
