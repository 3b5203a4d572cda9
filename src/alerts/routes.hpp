// The module's part of the console API.
#pragma once

#include "alerts/preview.hpp"
#include "alerts/service.hpp"
#include "identity/guard.hpp"

namespace miniops::alerts {

struct RouteTargets {
  Service& service;
  Preview& preview;
  const Clock& clock;
};
void mount(identity::Guard& guard, RouteTargets to);

// Parts of it.
void mount_rules(identity::Guard& guard, RouteTargets to);
void mount_incidents(identity::Guard& guard, RouteTargets to);

// What requests of these routes have in common.
using Answer = Task<Result<net::Response>>;
inline constexpr std::string_view base_path = "/api/v1/miniprograms/{appid}/alerts";
std::string_view language_of(const net::Request& request);  // "zh" unless English is asked for
template <class Id>
Result<Id> id_in(const net::Request& request, std::string_view what);
json::object shown(const Alert& alert, std::string_view language);
net::Response list_answer(json::array items, const store::Before& next = {});
struct PageAsked {
  int limit = 50;
  store::Before before{};
};
Result<PageAsked> page_in(const net::Request& request);
Result<TimeMs> time_in(const net::Request& request, std::string_view name, TimeMs otherwise);

// ---- implementation of the template ----

Error no_such(std::string_view what);
template <class Id>
Result<Id> id_in(const net::Request& request, std::string_view what) {
  const auto id = parse_id(request.param("id"));
  return id ? Result<Id>(Id(*id)) : fail(no_such(what));
}

}  // namespace miniops::alerts
