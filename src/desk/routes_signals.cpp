// What a customer's phone reported before the chat.
#include "base/mask.hpp"
#include "desk/ports.hpp"
#include "desk/route_support.hpp"
#include "desk/routes.hpp"

namespace miniops::desk {

namespace {

constexpr int signals_max = 50;
constexpr std::int64_t days_max = 90;
constexpr const char* usual_days = "7";

std::string_view to_string(Signal::Kind kind) {
  switch (kind) {
    case Signal::Kind::page:
      return "page";
    case Signal::Kind::error:
      return "error";
    case Signal::Kind::slow_request:
      return "slow_request";
    case Signal::Kind::event:
      return "event";
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

Result<SignalsAsked> asked_in(const Request& request, TimeMs now) {
  SignalsAsked asked{now + 1};
  if (const auto given = request.query_value("before")) {
    const auto at = parse_id(*given);
    if (!at) return fail(invalid_query("before", "must be a time in milliseconds"));
    asked.before = *at;
  }
  const auto days = parse_id(request.query_value("days").value_or(usual_days));
  if (!days || *days < 1 || *days > days_max) return fail(invalid_query("days", "must be 1 to 90"));
  asked.since = std::max<TimeMs>(0, asked.before - *days * day_ms);
  asked.events = request.query_value("events") == "true";
  return asked;
}

// Cuts what does not belong to the page, and says before when the next one is; 0: there is none. Signals of one moment
// stay together, as far as they fit into a page.
TimeMs cut(std::vector<Signal>& signals) {
  if (std::ssize(signals) <= signals_max) return 0;
  const TimeMs first_beyond = signals[signals_max].at;
  signals.resize(signals_max);
  if (signals.front().at == first_beyond) return first_beyond;
  std::erase_if(signals, [first_beyond](const Signal& one) { return one.at == first_beyond; });
  return first_beyond + 1;
}

Task<Result<Response>> list_signals(Service& service, CustomerSignals& signals, const Clock& clock, Request& request,
                                    Access access) {
  const auto openid = openid_param(request);
  if (!openid) co_return std::unexpected(openid.error());
  const auto asked = asked_in(request, clock.now());
  if (!asked) co_return std::unexpected(asked.error());
  if (auto may = co_await service.may_see_customer(access, *openid); !may) co_return std::unexpected(may.error());
  auto found = co_await signals.of(access, *openid, *asked, signals_max + 1);
  if (!found) co_return std::unexpected(found.error());
  const TimeMs next = cut(*found);
  json::array items;
  for (const Signal& signal : *found) items.push_back(to_json(signal, viewer_of(request, access)));
  co_return Response::json(
      json::object{{"items", std::move(items)}, {"next_before", next == 0 ? json::value(nullptr) : json::value(next)}});
}

}  // namespace

void mount_signals(identity::Guard& guard, Service& service, CustomerSignals& signals, const Clock& clock) {
  guard.app_route(
      Method::get, "/api/v1/miniprograms/{appid}/customers/{openid}/signals", Permission::desk_read,
      [&](Request& request, const Access& access) { return list_signals(service, signals, clock, request, access); });
}

}  // namespace miniops::desk
