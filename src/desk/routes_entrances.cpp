// Where customers come from.
#include "base/mask.hpp"
#include "desk/entrances.hpp"
#include "desk/route_support.hpp"
#include "desk/routes.hpp"

namespace miniops::desk {

namespace {

constexpr TimeMs span_ms_max = 366 * day_ms;

json::object figures(const Entrance& one) {
  return {{"entries", one.entries}, {"people", one.people}, {"conversations", one.conversations}};
}

Result<people::EntryDays> days_in(const Request& request) {
  const auto from = parse_id(request.query_value("from").value_or(""));
  const auto to = parse_id(request.query_value("to").value_or(""));
  if (!from || !to) return fail(invalid_query("from and to", "must be times in milliseconds"));
  if (*from >= *to || *to - *from > span_ms_max)
    return fail(invalid_query("from and to", "must span at most 366 days"));
  return people::EntryDays{*from, *to};
}

Task<Result<Response>> list(Entrances& entrances, Request& request, Access access) {
  const auto days = days_in(request);
  if (!days) co_return std::unexpected(days.error());
  const bool personal = access.sees_personal_data();
  const auto found = co_await entrances.list(std::move(access), *days);
  if (!found) co_return std::unexpected(found.error());
  json::array items;
  for (const Entrance& one : found->items) {
    json::object item = figures(one);
    item["source"] = personal ? one.source : mask_personal_data(one.source);
    items.push_back(std::move(item));
  }
  co_return Response::json(
      json::object{{"items", std::move(items)}, {"total", figures(found->total)}, {"more", found->more}});
}

}  // namespace

void mount_entrances(identity::Guard& guard, Entrances& entrances) {
  guard.app_route(Method::get, "/api/v1/miniprograms/{appid}/entrances", Permission::desk_read,
                  [&entrances](Request& request, const Access& access) { return list(entrances, request, access); });
}

}  // namespace miniops::desk
