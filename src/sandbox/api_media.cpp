// /cgi-bin/media/upload and /cgi-bin/media/get.
#include <fmt/format.h>

#include "net/client.hpp"
#include "sandbox/api_call.hpp"

namespace miniops::sandbox {

ApiAnswer answer_media_upload(ApiInput& in) {
  const std::string type = in.request.query_value("type").value_or("");
  if (in.request.body.empty()) return refuse(41005);
  auto parts = net::parse_multipart(in.request.headers.get("content-type").value_or(""), in.request.body, 8);
  if (!parts) return refuse(41005);
  const auto media = std::ranges::find(*parts, "media", &net::Part::name);
  if (media == parts->end()) return refuse(41005);
  if (const int verdict = upload_verdict(type, media->bytes); verdict != 0) return refuse(verdict);
  std::string content_type(picture_type(media->bytes).value_or(type == "video" ? "video/mp4" : "audio/amr"));
  const std::string id = in.app->media.add(
      {type, std::move(content_type), std::move(media->filename), std::move(media->bytes), in.now}, in.world.random);
  return {.body = {{"type", type}, {"media_id", id}, {"created_at", in.now / second_ms}}};
}

ApiAnswer answer_media_get(ApiInput& in) {
  const auto id = in.request.query_value("media_id");
  if (!id || id->empty()) return refuse(41006);
  const Medium* medium = in.app->media.find(*id, in.now);
  if (medium == nullptr) return refuse(40007);
  if (medium->type == "video") return {.body = {{"video_url", fmt::format("http://vweixinf.tc.qq.com/{}.mp4", *id)}}};
  const std::string_view extension = medium->content_type.ends_with("png")   ? "png"
                                     : medium->content_type.ends_with("gif") ? "gif"
                                     : medium->content_type.ends_with("amr") ? "amr"
                                                                             : "jpg";
  return {
      .bytes = medium->bytes, .content_type = medium->content_type, .filename = fmt::format("{}.{}", *id, extension)};
}

}  // namespace miniops::sandbox
