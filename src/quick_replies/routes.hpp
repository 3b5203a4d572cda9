// The module's part of the console API.
#pragma once

#include "identity/guard.hpp"
#include "quick_replies/views.hpp"

namespace miniops::quick_replies {

void mount(identity::Guard& guard, Service& service);

// Parts of it.
void mount_macros(identity::Guard& guard, Service& service);

// What requests of these routes have in common.
using Answer = Task<Result<net::Response>>;
inline constexpr std::string_view base_path = "/api/v1/miniprograms/{appid}";
using Handle = Answer (*)(Service&, net::Request&, Access);
void app_route(identity::Guard& guard, Service& service, net::Method method, std::string_view path,
               identity::Permission permission, Handle handle, std::size_t body_bytes_max = 1 << 20);
// The id in a path; quick_replies.not_found when it is none.
Result<std::int64_t> id_in(const net::Request& request, std::string_view what);
// The only member of the body, {conversation_id}.
Result<std::int64_t> conversation_in(const net::Request& request);

template <class T>
net::Response list_answer(const std::vector<T>& list) {
  json::array items;
  for (const T& one : list) items.push_back(to_json(one));
  return net::Response::json(json::object{{"items", std::move(items)}});
}

}  // namespace miniops::quick_replies
