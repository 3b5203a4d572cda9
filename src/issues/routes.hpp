// The module's part of the console API.
#pragma once

#include "identity/guard.hpp"
#include "issues/service.hpp"
#include "issues/views.hpp"

namespace miniops::issues {

struct RouteTargets {
  Service& service;
  Reports& reports;
  EventPages& events;
  MapService& maps;
  const Clock& clock;
};
void mount(identity::Guard& guard, RouteTargets to);

// Parts of it.
using Answer = Task<Result<net::Response>>;
void mount_actions(identity::Guard& guard, const RouteTargets& to);
void mount_reports(identity::Guard& guard, const RouteTargets& to);
void mount_maps(identity::Guard& guard, const RouteTargets& to);

// What requests of these routes have in common.
inline constexpr std::string_view base_path = "/api/v1/miniprograms/{appid}/issues";
Result<std::int64_t> id_in(const net::Request& request);  // of the path; issues.not_found
Result<Span> span_in(const net::Request& request, TimeMs now, TimeMs usual_ms);
// limit and cursor.
struct PageAsked {
  int limit = 50;
  std::optional<std::pair<std::int64_t, std::int64_t>> after{};
};
Result<PageAsked> page_in(const net::Request& request);
net::Response list_answer(json::array items, const std::optional<std::pair<std::int64_t, std::int64_t>>& next = {});

}  // namespace miniops::issues
