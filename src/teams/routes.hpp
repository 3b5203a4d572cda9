// The module's part of the console API.
#pragma once

#include "identity/guard.hpp"
#include "teams/errors.hpp"
#include "teams/views.hpp"

namespace miniops::teams {

void mount(identity::Guard& guard, Service& service);

// Parts of it.
void mount_agents(identity::Guard& guard, Service& service);
void mount_rules(identity::Guard& guard, Service& service);

// What these routes have in common.
using Answer = Task<Result<net::Response>>;

// handler(service, request, access)
template <class Handler>
void route(identity::Guard& guard, Service& service, net::Method method, std::string_view path,
           identity::Permission permission, Handler handler) {
  guard.app_route(
      method, fmt::format("/api/v1/miniprograms/{{appid}}/teams{}", path), permission,
      [&service, handler](net::Request& request, const Access& access) { return handler(service, request, access); });
}

// The id in a path; teams.not_found when it is none.
template <class Id>
Result<Id> id_in(const net::Request& request, std::string_view what) {
  const auto id = parse_as<Id>(request.param("id"));
  if (!id) return fail(errors::not_found(what));
  return *id;
}
// The named parameters of the query as texts of an object, for JsonInput.
json::value query_of(const net::Request& request, std::initializer_list<std::string_view> names);
std::optional<Calendar> read_calendar(JsonInput& in, std::string_view key);
// The version that was seen of what is to be changed.
std::int64_t read_version(JsonInput& in);

template <class T>
Result<net::Response> answer_of(const Result<T>& result, int status = 200) {
  if (!result) return std::unexpected(result.error());
  if constexpr (std::is_void_v<T>) {
    return net::Response::no_content();
  } else {
    return net::Response::json(to_json(*result), status);
  }
}

template <class T>
net::Response list_answer(const std::vector<T>& all, json::value next_cursor = nullptr) {
  json::array items;
  for (const T& one : all) items.push_back(to_json(one));
  return net::Response::json(json::object{{"items", std::move(items)}, {"next_cursor", std::move(next_cursor)}});
}

}  // namespace miniops::teams
