// The module's part of the console API.
#pragma once

#include "identity/guard.hpp"
#include "records/service.hpp"

namespace miniops::records {

void mount(identity::Guard& guard, Service& service);

// Parts of it.
void mount_exports(identity::Guard& guard, Service& service);
void mount_erasures(identity::Guard& guard, Service& service);

// What requests of these routes have in common.
using Answer = Task<Result<net::Response>>;
inline constexpr std::string_view base_path = "/api/v1/miniprograms/{appid}/records";
inline constexpr TimeMs time_max = 4'102'444'800'000;  // 2100

// The number in a path; records.not_found when it is none.
Result<std::int64_t> id_in(const net::Request& request, std::string_view name, std::string_view what);
struct PageAsked {
  int limit = 50;
  Before before{};
  std::int64_t before_id() const { return before ? before->second : 0; }
};
Result<PageAsked> page_in(const net::Request& request);
net::Response list_answer(json::array items, const Before& next = {});

template <class T>
net::Response list_answer(const PageOf<T>& page) {
  json::array items;
  for (const T& item : page.items) items.push_back(to_json(item));
  return list_answer(std::move(items), page.next);
}

template <class Handler>
void route(identity::Guard& guard, Service& service, net::Method method, std::string_view path,
           identity::Permission permission, Handler handler) {
  guard.app_route(method, fmt::format("{}{}", base_path, path), permission,
                  [&service, handler](net::Request& request, const Access& access) -> Answer {
                    return handler(service, request, access);
                  });
}

}  // namespace miniops::records
