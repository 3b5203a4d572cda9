// The key that signs session-from, and what a signed text says.
#include "identity/idempotency.hpp"
#include "people/routes.hpp"

namespace miniops::people {

using identity::Permission;
using net::Method;
using net::Request;
using net::Response;

namespace {

json::object to_json(const Parameters& parameters) {
  json::object out;
  for (const auto& [name, value] : parameters) out[name] = value;
  return out;
}

Answer state(SessionKeys& keys, Access access) {
  const auto state = co_await keys.state(access);
  if (!state) co_return std::unexpected(state.error());
  if (!*state) co_return Response::json(json::object{{"made", false}});
  co_return Response::json(json::object{{"made", true},
                                        {"made_by", (*state)->made_by},
                                        {"made_at", (*state)->made_at},
                                        {"previous_until", (*state)->previous_until}});
}

Answer make(SessionKeys& keys, Access access) {
  const auto key = co_await keys.make(access);
  if (!key) co_return std::unexpected(key.error());
  co_return identity::secret_response(json::object{{"key", *key}}, 201);
}

Answer check(SessionKeys& keys, Request& request, Access access) {
  const auto body = net::json_body(request);
  if (!body) co_return std::unexpected(body.error());
  JsonInput in(*body);
  std::string text = in.text("session_from", {1, 4096});
  std::string openid = in.optional_text("openid", {0, 128}).value_or("");
  if (auto ok = in.finish(); !ok) co_return std::unexpected(ok.error());
  const auto read = co_await keys.check(access, std::move(text), std::move(openid));
  if (!read) co_return std::unexpected(read.error());
  co_return Response::json(json::object{{"problem", to_string(read->problem)},
                                        {"trusted", to_json(read->trusted)},
                                        {"untrusted", to_json(read->untrusted)}});
}

}  // namespace

void mount_session_keys(identity::Guard& guard, SessionKeys& keys) {
  const std::string path = std::string(base_path) + "/session-from";
  guard.app_route(Method::get, path + "/key", Permission::desk_read,
                  [&keys](Request&, const Access& access) { return state(keys, access); });
  guard.app_route(Method::post, path + "/key", Permission::desk_configure,
                  [&keys](Request&, const Access& access) { return make(keys, access); });
  guard.app_route(Method::post, path + "/check", Permission::desk_read,
                  [&keys](Request& request, const Access& access) { return check(keys, request, access); });
}

}  // namespace miniops::people
