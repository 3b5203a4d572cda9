// What customers who wait are told by themselves, and the messages that they leave.
#include "desk/route_support.hpp"
#include "desk/routes.hpp"
#include "desk/settings_service.hpp"

namespace miniops::desk {

namespace {

using Answer = Task<Result<Response>>;

Answer get_queue_settings(SettingsService& service, Access access) {
  const auto settings = co_await service.queue_settings(std::move(access));
  if (!settings) co_return std::unexpected(settings.error());
  co_return Response::json(to_json(*settings));
}

Answer set_queue_settings(SettingsService& service, Request& request, Access access) {
  auto body = net::json_body(request);
  if (!body) co_return std::unexpected(body.error());
  const auto stored = co_await service.set_queue_settings(std::move(access), std::move(*body));
  if (!stored) co_return std::unexpected(stored.error());
  co_return Response::json(to_json(*stored));
}

Answer left_message(Service& service, Request& request, const Caller& caller) {
  const auto target = co_await target_of(service, request, caller, Permission::desk_read);
  if (!target) co_return std::unexpected(target.error());
  const auto found = co_await service.left_message(target->access, target->id);
  if (!found) co_return std::unexpected(found.error());
  co_return Response::json(left_message_json(found->left, found->message, found->returns_at, found->due_at,
                                             viewer_of(request, target->access)));
}

}  // namespace

void mount_queue_help(identity::Guard& guard, SettingsService& settings, Service& service) {
  const std::string path = "/api/v1/miniprograms/{appid}/queue-settings";
  guard.app_route(Method::get, path, Permission::desk_read,
                  [&settings](Request&, const Access& access) { return get_queue_settings(settings, access); });
  guard.app_route(Method::put, path, Permission::desk_configure, [&settings](Request& request, const Access& access) {
    return set_queue_settings(settings, request, access);
  });
  guard.object_route(
      Method::get, "/api/v1/conversations/{id}/left-message", Permission::desk_read,
      [&service](Request& request, const Caller& caller) { return left_message(service, request, caller); });
}

}  // namespace miniops::desk
