#include "gateway/errors.hpp"
#include "gateway/picture_types.hpp"
#include "gateway/routes.hpp"
#include "net/client.hpp"

namespace miniops::gateway {

namespace {

using identity::Access;
using identity::Permission;
using Targets = std::shared_ptr<const RouteTargets>;
using Answer = Task<Result<net::Response>>;

// What a customer sent is shown as a picture or offered as a file; never run.
net::Response picture_response(StoredMedia media) {
  const bool picture = media.content_type.starts_with("image/");
  auto response = net::Response::bytes(std::move(media.bytes), std::move(media.content_type));
  response.headers.set("Content-Security-Policy", "sandbox; default-src 'none'");
  response.headers.set("X-Content-Type-Options", "nosniff");
  response.headers.set("Content-Disposition", picture ? "inline" : "attachment");
  response.headers.set("Cache-Control", "private, max-age=86400, immutable");
  return response;
}

Answer media(Targets to, net::Request& request, const Access& access) {
  auto found = co_await to->media.fetched(access, request.param("media_id"));
  if (!found) co_return std::unexpected(found.error());
  co_return picture_response(std::move(*found));
}

Answer picture(Targets to, net::Request& request, const Access& access) {
  auto found = co_await to->media.picture(access.appid(), request.param("picture_id"));
  if (!found) co_return std::unexpected(found.error());
  co_return picture_response(std::move(*found));
}

Answer upload(Targets to, net::Request& request, const Access& access) {
  auto parts = net::parse_multipart(request.headers.get("Content-Type").value_or(""), request.body, 8);
  if (!parts) co_return std::unexpected(parts.error());
  const auto file =
      std::find_if(parts->begin(), parts->end(), [](const net::Part& part) { return part.name == "file"; });
  if (file == parts->end()) {
    Error missing{"request.invalid",
                  "some fields are not as they must be",
                  ErrorKind::invalid,
                  {{"/file", "the picture is missing"}}};
    co_return fail(std::move(missing));
  }
  auto stored = co_await to->media.put_picture(access, std::move(file->bytes));
  if (!stored) co_return std::unexpected(stored.error());
  boost::json::object body;
  body["picture_id"] = stored->blob;
  body["content_type"] = stored->content_type;
  body["size"] = stored->size;
  co_return net::Response::json(body, 201);
}

}  // namespace

void mount_pictures(identity::Guard& guard, Targets to) {
  constexpr std::size_t upload_bytes_max = picture_bytes_max + 64 * 1024;  // and the multipart around it
  const std::string one = "/api/v1/miniprograms/{appid}";
  guard.app_route(net::Method::get, one + "/media/{media_id}", Permission::desk_read,
                  [to](net::Request& request, const Access& access) { return media(to, request, access); });
  guard.app_route(
      net::Method::post, one + "/pictures", Permission::desk_reply,
      [to](net::Request& request, const Access& access) { return upload(to, request, access); }, upload_bytes_max);
  guard.app_route(net::Method::get, one + "/pictures/{picture_id}", Permission::desk_read,
                  [to](net::Request& request, const Access& access) { return picture(to, request, access); });
}

}  // namespace miniops::gateway
