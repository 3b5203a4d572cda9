// What a customer's phone reported before the chat.
#include "base/mask.hpp"
#include "desk/ports.hpp"
#include "desk/route_support.hpp"
#include "desk/routes.hpp"

namespace miniops::desk {

namespace {

constexpr int signals_max = 50;

std::string_view to_string(Signal::Kind kind) {
  switch (kind) {
    case Signal::Kind::page:
      return "page";
    case Signal::Kind::error:
      return "error";
    case Signal::Kind::slow_request:
      return "slow_request";
  }
  std::unreachable();
}

json::object to_json(const Signal& signal, const Viewer& viewer) {
  json::object out{{"kind", to_string(signal.kind)}, {"at", signal.at}, {"page", signal.page}};
  if (!signal.text.empty()) out["text"] = viewer.personal_data ? signal.text : mask_personal_data(signal.text);
  if (signal.ms > 0) out["ms"] = signal.ms;
  if (signal.issue != 0) out["issue_id"] = std::to_string(signal.issue);
  return out;
}

Task<Result<Response>> list_signals(CustomerSignals& signals, const Clock& clock, Request& request, Access access) {
  const auto openid = openid_param(request);
  if (!openid) co_return std::unexpected(openid.error());
  TimeMs before = clock.now() + 1;
  if (const auto given = request.query_value("before")) {
    const auto at = parse_id(*given);
    if (!at) co_return fail(invalid_query("before", "must be a time in milliseconds"));
    before = *at;
  }
  const auto found = co_await signals.of(access, *openid, before, signals_max);
  if (!found) co_return std::unexpected(found.error());
  json::array items;
  for (const Signal& signal : *found) items.push_back(to_json(signal, viewer_of(request, access)));
  co_return Response::json(json::object{{"items", std::move(items)}});
}

}  // namespace

void mount_signals(identity::Guard& guard, CustomerSignals& signals, const Clock& clock) {
  guard.app_route(
      Method::get, "/api/v1/miniprograms/{appid}/customers/{openid}/signals", Permission::desk_read,
      [&](Request& request, const Access& access) { return list_signals(signals, clock, request, access); });
}

}  // namespace miniops::desk
