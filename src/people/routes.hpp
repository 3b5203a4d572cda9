// The module's part of the console API.
#pragma once

#include "identity/guard.hpp"
#include "people/session_keys.hpp"
#include "people/views.hpp"

namespace miniops::people {

void mount(identity::Guard& guard, Service& service, SessionKeys& keys, const Clock& clock);

// Parts of it.
void mount_links(identity::Guard& guard, Service& service);
void mount_settings(identity::Guard& guard, Service& service);
void mount_session_keys(identity::Guard& guard, SessionKeys& keys);

// What requests of these routes have in common.
using Answer = Task<Result<net::Response>>;
inline constexpr std::string_view base_path = "/api/v1/miniprograms/{appid}";
// The number in a path; people.not_found when it is none.
Result<std::int64_t> id_in(const net::Request& request, std::string_view name, std::string_view what);
struct PageAsked {
  int limit = 50;
  store::Before before{};
  std::int64_t before_id() const { return before ? before->second : 0; }
};
Result<PageAsked> page_in(const net::Request& request);
net::Response list_answer(json::array items, const store::Before& next = {});
json::array shown(const std::vector<store::Row>& rows, bool personal);

template <class Handler>
Answer reaching(Service& service, identity::Permission permission, Handler handler, net::Request& request,
                const identity::Caller& caller) {
  auto access = caller.access(AppId(request.param("appid")), permission);
  if (!access) co_return std::unexpected(std::move(access.error()));
  co_return co_await handler(service, request, std::move(*access), Reach(caller));
}

// For what reaches into other mini programs: handler(service, request, access, reach).
template <class Handler>
void reaching_route(identity::Guard& guard, Service& service, net::Method method, std::string_view path,
                    identity::Permission permission, Handler handler) {
  guard.object_route(method, std::string(base_path) + std::string(path), permission,
                     [&service, permission, handler](net::Request& request, const identity::Caller& caller) {
                       return reaching(service, permission, handler, request, caller);
                     });
}

}  // namespace miniops::people
