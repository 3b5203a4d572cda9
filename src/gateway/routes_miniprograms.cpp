#include "base/json.hpp"
#include "gateway/routes.hpp"
#include "identity/idempotency.hpp"

namespace miniops::gateway {

namespace {

using identity::Access;
using identity::Caller;
using identity::Permission;
using Targets = std::shared_ptr<const RouteTargets>;
using Answer = Task<Result<net::Response>>;

std::string push_base(const RouteTargets& to, const net::Request& request) {
  if (!to.public_url.empty()) return to.public_url;
  const auto host = request.headers.get("Host");
  return (request.secure ? "https://" : "http://") + std::string(host.value_or("localhost"));
}

// The fields that may be given; what they must be is the service's to say.
MiniProgramInput read_input(JsonInput& in, bool is_new) {
  constexpr TextRule any{0, 4096};
  MiniProgramInput input;
  input.name = in.optional_text("name", any);
  input.secret = in.optional_text("secret", any);
  input.token = in.optional_text("token", any);
  input.encoding_aes_key = in.optional_text("encoding_aes_key", any);
  input.mode = in.optional_text("mode", any);
  input.format = in.optional_text("format", any);
  input.time_zone = in.optional_text("time_zone", any);
  input.relay_url = in.optional_text("relay_url", any);
  input.transfer = in.optional_text("transfer", any);
  input.restrict_push_sources = in.optional_boolean("restrict_push_sources");
  if (!is_new) input.enabled = in.optional_boolean("enabled");
  return input;
}

Answer list(Targets to, net::Request& request, const Caller& caller) {
  auto views = co_await to->programs.list(caller.appids_with(Permission::miniprogram_read));
  if (!views) co_return std::unexpected(views.error());
  boost::json::array items;
  for (const MiniProgramView& view : *views) items.push_back(to_json(view, push_base(*to, request)));
  boost::json::object body;
  body["items"] = std::move(items);
  body["next_cursor"] = nullptr;
  co_return net::Response::json(body);
}

Answer create(Targets to, net::Request& request, const Access& access) {
  auto body = net::json_body(request);
  if (!body) co_return std::unexpected(body.error());
  JsonInput in(*body);
  const AppId appid(in.text("appid", {1, 64}));
  MiniProgramInput input = read_input(in, true);
  if (auto ok = in.finish(); !ok) co_return std::unexpected(ok.error());
  auto view = co_await to->programs.create(access, appid, std::move(input));
  if (!view) co_return std::unexpected(view.error());
  co_return net::Response::json(to_json(*view, push_base(*to, request)), 201);
}

Answer get(Targets to, net::Request& request, const Access& access) {
  auto view = co_await to->programs.get(access.appid());
  if (!view) co_return std::unexpected(view.error());
  co_return net::Response::json(to_json(*view, push_base(*to, request)));
}

Answer change(Targets to, net::Request& request, const Access& access) {
  auto body = net::json_body(request);
  if (!body) co_return std::unexpected(body.error());
  JsonInput in(*body);
  MiniProgramInput input = read_input(in, false);
  if (auto ok = in.finish(); !ok) co_return std::unexpected(ok.error());
  auto view = co_await to->programs.change(access, access.appid(), std::move(input));
  if (!view) co_return std::unexpected(view.error());
  co_return net::Response::json(to_json(*view, push_base(*to, request)));
}

Answer remove(Targets to, net::Request& request, const Access& access) {
  auto done = co_await to->programs.remove(access, AppId(request.param("appid")));
  if (!done) co_return std::unexpected(done.error());
  co_return net::Response::no_content();
}

Answer reveal_token(Targets to, net::Request& request, const Access& access) {
  auto token = co_await to->programs.reveal_token(access);
  if (!token) co_return std::unexpected(token.error());
  boost::json::object body;
  body["token"] = *token;
  body["push_url"] = push_base(*to, request) + "/wechat/push/" + access.appid().str();
  co_return identity::secret_response(body);
}

Answer self_check(Targets to, net::Request& request, const Access& access) {
  auto facts = co_await to->self_check.facts(access.appid());
  if (!facts) co_return std::unexpected(facts.error());
  boost::json::object body;
  body["checks"] = run_checks(*facts, language_of(request.headers.get("Accept-Language").value_or("")));
  co_return net::Response::json(body);
}

}  // namespace

void mount_mini_programs(identity::Guard& guard, Targets to) {
  const std::string all = "/api/v1/miniprograms";
  const std::string one = all + "/{appid}";
  guard.object_route(net::Method::get, all, Permission::miniprogram_read,
                     [to](net::Request& request, const Caller& caller) { return list(to, request, caller); });
  guard.instance_route(
      net::Method::post, all, Permission::instance_manage,
      [to](net::Request& request, const Caller&, const Access& access) { return create(to, request, access); });
  guard.app_route(net::Method::get, one, Permission::miniprogram_read,
                  [to](net::Request& request, const Access& access) { return get(to, request, access); });
  guard.app_route(net::Method::patch, one, Permission::miniprogram_manage,
                  [to](net::Request& request, const Access& access) { return change(to, request, access); });
  guard.instance_route(
      net::Method::del, one, Permission::instance_manage,
      [to](net::Request& request, const Caller&, const Access& access) { return remove(to, request, access); });
  guard.app_route(net::Method::post, one + "/reveal-token", Permission::miniprogram_manage,
                  [to](net::Request& request, const Access& access) { return reveal_token(to, request, access); });
  guard.app_route(net::Method::post, one + "/self-check", Permission::miniprogram_manage,
                  [to](net::Request& request, const Access& access) { return self_check(to, request, access); });
}

}  // namespace miniops::gateway
