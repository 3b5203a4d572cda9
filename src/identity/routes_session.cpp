// Session, own account, API keys.
#include "base/json.hpp"
#include "identity/errors.hpp"
#include "identity/routes.hpp"

namespace miniops::identity {

namespace {

json::value or_null(const std::optional<TimeMs>& at) { return at ? json::value(*at) : json::value(nullptr); }

std::set<Grant> effective_in(const AccountWithRoles& who, const AppId& appid, Role role) {
  const auto adjusted = who.adjustments.find(appid);
  return effective(role, adjusted == who.adjustments.end() ? Adjustments{} : adjusted->second);
}

// Mini program → what the account may do in the whole of it. A key's scopes limit that further.
json::object permissions_json(const AccountWithRoles& who) {
  json::object all;
  for (const auto& [appid, role] : who.roles) all[appid.str()] = whole_json(effective_in(who, appid, role));
  return all;
}

// Mini program → what it may do in groups of it besides; those without are left out.
json::object group_permissions_json(const AccountWithRoles& who) {
  json::object all;
  for (const auto& [appid, role] : who.roles) {
    json::array grants;
    for (const auto& [permission, group] : effective_in(who, appid, role))
      if (!group.empty()) grants.push_back({{"permission", to_string(permission)}, {"group_id", group}});
    if (!grants.empty()) all[appid.str()] = std::move(grants);
  }
  return all;
}

net::Response session_response(const std::string& token, const AccountWithRoles& who) {
  auto response = net::Response::json(json::object{{"csrf_token", csrf_token(token)},
                                                   {"account", account_json(who)},
                                                   {"permissions", permissions_json(who)},
                                                   {"group_permissions", group_permissions_json(who)}});
  response.headers.set("Cache-Control", "no-store");
  return response;
}

std::string cookie(std::string_view token, bool secure, std::int64_t max_age_s) {
  return fmt::format("{}={}; Path=/; HttpOnly; SameSite=Lax; Max-Age={}{}", session_cookie, token, max_age_s,
                     secure ? "; Secure" : "");
}

Task<Result<net::Response>> sign_in(Service& service, const net::Request& request) {
  const auto body = net::json_body(request);
  if (!body) co_return std::unexpected(body.error());
  JsonInput in(*body);
  SignIn attempt;
  attempt.username = in.text("username", name_rule);
  attempt.password = in.text("password", password_rule);
  attempt.remote_address = request.remote_address;
  if (auto ok = in.finish(); !ok) co_return std::unexpected(std::move(ok.error()));
  const auto signed_in = co_await service.sign_in(std::move(attempt));
  if (!signed_in) co_return std::unexpected(signed_in.error());
  auto response = session_response(signed_in->token, signed_in->who);
  const bool secure = request.secure || service.settings().secure_cookies;
  const auto max_age_s = service.settings().sessions.absolute_ms / second_ms;
  response.headers.add("Set-Cookie", cookie(signed_in->token, secure, max_age_s));
  co_return response;
}

// Nobody is signed in yet, so Guard cannot do this.
Task<net::Response> sign_in_route(Service& service, net::Request& request) {
  auto answer = co_await sign_in(service, request);
  if (answer) co_return std::move(*answer);
  auto response = net::problem(answer.error(), request);
  if (const auto* wait = answer.error().details.if_contains("retry_after_s")) {
    response.headers.set("Retry-After", json::serialize(*wait));
  }
  co_return response;
}

Task<Result<net::Response>> get_session(Service& service, const net::Request& request, const Caller& caller) {
  const auto who = co_await service.find_account(caller.account);
  if (!who) co_return std::unexpected(who.error());
  co_return session_response(request.cookie(session_cookie).value_or(""), *who);
}

net::Response signed_out(const net::Request& request, const Service& service) {
  auto response = net::Response::no_content();
  response.headers.add("Set-Cookie", cookie("", request.secure || service.settings().secure_cookies, 0));
  return response;
}

Task<Result<net::Response>> end_session(Service& service, const net::Request& request, const Caller& caller,
                                        bool everywhere) {
  const auto done = everywhere ? co_await service.sign_out_everywhere(caller) : co_await service.sign_out(caller);
  if (!done) co_return std::unexpected(done.error());
  co_return signed_out(request, service);
}

Task<Result<net::Response>> change_password(Service& service, const net::Request& request, const Caller& caller) {
  const auto body = net::json_body(request);
  if (!body) co_return std::unexpected(body.error());
  JsonInput in(*body);
  std::string old_password = in.text("old_password", password_rule);
  std::string new_password = in.text("new_password", password_rule);
  if (auto ok = in.finish(); !ok) co_return std::unexpected(std::move(ok.error()));
  const auto done = co_await service.change_password(caller, std::move(old_password), std::move(new_password));
  if (!done) co_return std::unexpected(done.error());
  co_return net::Response::no_content();
}

Task<Result<net::Response>> patch_own(Service& service, const net::Request& request, const Caller& caller) {
  const auto body = net::json_body(request);
  if (!body) co_return std::unexpected(body.error());
  JsonInput in(*body);
  auto display_name = in.optional_text("display_name", name_rule);
  auto language = in.optional_choice("language", {"", "zh", "en"});
  if (auto ok = in.finish(); !ok) co_return std::unexpected(std::move(ok.error()));
  const auto who = co_await service.update_own(caller, std::move(display_name), std::move(language));
  if (!who) co_return std::unexpected(who.error());
  co_return net::Response::json(account_json(*who));
}

json::object api_key_json(const ApiKey& key) {
  json::value scopes = nullptr;
  if (key.scopes) {
    json::array words;
    for (const Permission scope : *key.scopes) words.emplace_back(to_string(scope));
    scopes = std::move(words);
  }
  return {{"id", std::to_string(key.id)},
          {"name", key.name},
          {"prefix", key.start},
          {"scopes", std::move(scopes)},
          {"appid", key.appid ? json::value(key.appid->str()) : json::value(nullptr)},
          {"created_at", key.created_at},
          {"expires_at", or_null(key.expires_at)},
          {"last_used_at", or_null(key.last_used_at)}};
}

Task<Result<net::Response>> get_keys(Service& service, const Caller& caller) {
  const auto keys = co_await service.list_api_keys(caller.account);
  if (!keys) co_return std::unexpected(keys.error());
  json::array items;
  for (const auto& key : *keys) items.emplace_back(api_key_json(key));
  co_return net::Response::json(json::object{{"items", std::move(items)}});
}

Task<Result<net::Response>> post_key(Service& service, const net::Request& request, const Caller& caller,
                                     const Access& access) {
  // A key that could make keys could make one without its own limits.
  if (caller.session_id.empty()) co_return session_required();
  const auto body = net::json_body(request);
  if (!body) co_return std::unexpected(body.error());
  JsonInput in(*body);
  NewApiKey wanted;
  wanted.name = in.text("name", name_rule);
  if (in.has("scopes")) {
    wanted.scopes.emplace();
    for (const auto& word : in.optional_texts("scopes", 32)) {
      const auto scope = parse_permission(word);
      if (scope) wanted.scopes->insert(*scope);
      if (!scope) in.mistake("scopes", "has an unknown permission: " + word);
    }
  } else {
    in.optional_value("scopes");  // null: all that the account may do
  }
  if (auto appid = in.optional_text("appid", name_rule)) wanted.appid = AppId(std::move(*appid));
  wanted.expires_at = in.optional_integer("expires_at", 0, INT64_MAX);
  if (auto ok = in.finish(); !ok) co_return std::unexpected(std::move(ok.error()));
  const auto made = co_await service.create_api_key(access, caller.account, std::move(wanted));
  if (!made) co_return std::unexpected(made.error());
  auto answer = api_key_json(made->key);
  answer["key"] = made->secret;
  co_return secret_response(answer, 201);
}

Task<Result<net::Response>> delete_key(Service& service, const net::Request& request, const Caller& caller,
                                       const Access& access) {
  if (caller.session_id.empty()) co_return session_required();
  const auto id = parse_id(request.param("id"));
  if (!id) co_return not_found();
  const auto done = co_await service.remove_api_key(access, caller.account, *id);
  if (!done) co_return std::unexpected(done.error());
  co_return net::Response::no_content();
}

}  // namespace

json::object account_json(const AccountWithRoles& who) {
  json::array roles;
  for (const auto& [appid, role] : who.roles)
    roles.emplace_back(json::object{{"appid", appid.str()}, {"role", to_string(role)}});
  const Account& account = who.account;
  return {{"id", account.id.str()},
          {"username", account.username},
          {"display_name", account.display_name},
          {"language", account.language},
          {"instance_admin", account.instance_admin},
          {"must_change_password", account.must_change_password},
          {"roles", std::move(roles)}};
}

void mount_session(Guard& guard, Service& service) {
  using enum net::Method;
  constexpr auto self = Permission::account_self;
  net::RouteInfo open{post, "/api/v1/session", "none", "", 8 * 1024};
  guard.router().add(std::move(open), [&service](net::Request& request) { return sign_in_route(service, request); });
  guard.instance_route(get, "/api/v1/session", self,
                       [&service](net::Request& request, const Caller& caller, const Access&) {
                         return get_session(service, request, caller);
                       });
  guard.instance_route(del, "/api/v1/session", self,
                       [&service](net::Request& request, const Caller& caller, const Access&) {
                         return end_session(service, request, caller, false);
                       });
  guard.instance_route(del, "/api/v1/sessions", self,
                       [&service](net::Request& request, const Caller& caller, const Access&) {
                         return end_session(service, request, caller, true);
                       });
  guard.instance_route(post, "/api/v1/account/password", self,
                       [&service](net::Request& request, const Caller& caller, const Access&) {
                         return change_password(service, request, caller);
                       });
  guard.instance_route(patch, "/api/v1/account", self,
                       [&service](net::Request& request, const Caller& caller, const Access&) {
                         return patch_own(service, request, caller);
                       });
  guard.instance_route(
      get, "/api/v1/account/api-keys", self,
      [&service](net::Request&, const Caller& caller, const Access&) { return get_keys(service, caller); });
  guard.instance_route(post, "/api/v1/account/api-keys", self,
                       [&service](net::Request& request, const Caller& caller, const Access& access) {
                         return post_key(service, request, caller, access);
                       });
  guard.instance_route(del, "/api/v1/account/api-keys/{id}", self,
                       [&service](net::Request& request, const Caller& caller, const Access& access) {
                         return delete_key(service, request, caller, access);
                       });
}

}  // namespace miniops::identity
