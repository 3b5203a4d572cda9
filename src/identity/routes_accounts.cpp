// Accounts and members.
#include "base/json.hpp"
#include "identity/errors.hpp"
#include "identity/routes.hpp"

namespace miniops::identity {

namespace {

json::object managed_account_json(const AccountWithRoles& who) {
  auto object = account_json(who);
  object.erase("language");
  object["disabled"] = who.account.disabled;
  object["created_at"] = who.account.created_at;
  object["last_login_at"] =
      who.account.last_sign_in_at ? json::value(*who.account.last_sign_in_at) : json::value(nullptr);
  return object;
}

json::object member_json(const Member& member) {
  return {{"account_id", member.account.str()}, {"username", member.username}, {"display_name", member.display_name},
          {"role", to_string(member.role)},     {"adjusted", member.adjusted}, {"disabled", member.disabled},
          {"created_at", member.created_at}};
}

Role read_role(JsonInput& in) {
  const auto word = in.choice("role", {"admin", "operator", "developer", "analyst", "agent"});
  return parse_role(word).value_or(Role::agent);
}

Task<Result<net::Response>> get_accounts(Service& service, const net::Request& request) {
  const auto page = net::page_of(request);
  if (!page) co_return std::unexpected(page.error());
  std::optional<std::int64_t> before_id;
  if (page->cursor) {
    const auto position = net::read_cursor(*page->cursor);
    if (!position) co_return std::unexpected(position.error());
    before_id = position->second;
  }
  auto accounts = co_await service.search_accounts(request.query_value("q").value_or(""), before_id, page->limit + 1);
  if (!accounts) co_return std::unexpected(std::move(accounts.error()));
  json::value next = nullptr;
  if (accounts->size() > static_cast<std::size_t>(page->limit)) {
    accounts->pop_back();
    const std::int64_t last = accounts->back().account.id.value();
    next = net::make_cursor(last, last);
  }
  json::array items;
  for (const auto& who : *accounts) items.emplace_back(managed_account_json(who));
  co_return net::Response::json(json::object{{"items", std::move(items)}, {"next_cursor", std::move(next)}});
}

Task<Result<net::Response>> post_account(Service& service, const net::Request& request, const Access& access) {
  const auto body = net::json_body(request);
  if (!body) co_return std::unexpected(body.error());
  JsonInput in(*body);
  NewAccount wanted;
  wanted.username = in.text("username", name_rule);
  wanted.password = in.text("password", password_rule);
  wanted.display_name = in.optional_text("display_name", name_rule).value_or("");
  wanted.instance_admin = in.optional_boolean("instance_admin").value_or(false);
  if (auto ok = in.finish(); !ok) co_return std::unexpected(std::move(ok.error()));
  auto account = co_await service.create_account(access, std::move(wanted));
  if (!account) co_return std::unexpected(std::move(account.error()));
  const AccountWithRoles who{std::move(*account), {}};
  co_return net::Response::json(managed_account_json(who), 201);
}

Task<Result<net::Response>> patch_account(Service& service, const net::Request& request, const Access& access) {
  const auto id = parse_as<AccountId>(request.param("id"));
  if (!id) co_return not_found();
  const auto body = net::json_body(request);
  if (!body) co_return std::unexpected(body.error());
  JsonInput in(*body);
  AccountPatch patch;
  patch.disabled = in.optional_boolean("disabled");
  patch.display_name = in.optional_text("display_name", name_rule);
  patch.password = in.optional_text("password", password_rule);
  patch.instance_admin = in.optional_boolean("instance_admin");
  if (auto ok = in.finish(); !ok) co_return std::unexpected(std::move(ok.error()));
  const auto who = co_await service.update_account(access, *id, std::move(patch));
  if (!who) co_return std::unexpected(who.error());
  co_return net::Response::json(managed_account_json(*who));
}

Task<Result<net::Response>> get_members(Service& service, const Access& access) {
  const auto members = co_await service.list_members(access);
  if (!members) co_return std::unexpected(members.error());
  json::array items;
  for (const auto& member : *members) items.emplace_back(member_json(member));
  co_return net::Response::json(json::object{{"items", std::move(items)}});
}

Task<Result<net::Response>> post_member(Service& service, const net::Request& request, const Access& access) {
  const auto body = net::json_body(request);
  if (!body) co_return std::unexpected(body.error());
  JsonInput in(*body);
  NewMember wanted;
  wanted.username = in.text("username", name_rule);
  wanted.role = read_role(in);
  wanted.password = in.optional_text("password", password_rule);
  wanted.display_name = in.optional_text("display_name", name_rule);
  if (auto ok = in.finish(); !ok) co_return std::unexpected(std::move(ok.error()));
  const auto member = co_await service.add_member(access, std::move(wanted));
  if (!member) co_return std::unexpected(member.error());
  co_return net::Response::json(member_json(*member), 201);
}

Task<Result<net::Response>> put_member(Service& service, const net::Request& request, const Access& access) {
  const auto id = parse_as<AccountId>(request.param("account_id"));
  if (!id) co_return not_found();
  const auto body = net::json_body(request);
  if (!body) co_return std::unexpected(body.error());
  JsonInput in(*body);
  const Role role = read_role(in);
  if (auto ok = in.finish(); !ok) co_return std::unexpected(std::move(ok.error()));
  const auto member = co_await service.set_role(access, *id, role);
  if (!member) co_return std::unexpected(member.error());
  co_return net::Response::json(member_json(*member));
}

Task<Result<net::Response>> delete_member(Service& service, const net::Request& request, const Access& access) {
  const auto id = parse_as<AccountId>(request.param("account_id"));
  if (!id) co_return not_found();
  const auto done = co_await service.remove_member(access, *id);
  if (!done) co_return std::unexpected(done.error());
  co_return net::Response::no_content();
}

}  // namespace

void mount_accounts(Guard& guard, Service& service) {
  using enum net::Method;
  using enum Permission;
  guard.instance_route(
      get, "/api/v1/accounts", instance_manage,
      [&service](net::Request& request, const Caller&, const Access&) { return get_accounts(service, request); });
  guard.instance_route(post, "/api/v1/accounts", instance_manage,
                       [&service](net::Request& request, const Caller&, const Access& access) {
                         return post_account(service, request, access);
                       });
  guard.instance_route(patch, "/api/v1/accounts/{id}", instance_manage,
                       [&service](net::Request& request, const Caller&, const Access& access) {
                         return patch_account(service, request, access);
                       });
  guard.app_route(get, "/api/v1/miniprograms/{appid}/members", members_read,
                  [&service](net::Request&, const Access& access) { return get_members(service, access); });
  guard.app_route(
      post, "/api/v1/miniprograms/{appid}/members", members_manage,
      [&service](net::Request& request, const Access& access) { return post_member(service, request, access); });
  guard.app_route(
      put, "/api/v1/miniprograms/{appid}/members/{account_id}", members_manage,
      [&service](net::Request& request, const Access& access) { return put_member(service, request, access); });
  guard.app_route(
      del, "/api/v1/miniprograms/{appid}/members/{account_id}", members_manage,
      [&service](net::Request& request, const Access& access) { return delete_member(service, request, access); });
}

void mount(Guard& guard, Service& service) {
  mount_session(guard, service);
  mount_accounts(guard, service);
  mount_permissions(guard, service);
  mount_audit(guard, service);
}

}  // namespace miniops::identity
