// /sandbox/apps/{appid}/users and /media: phones.
#include <array>

#include "net/client.hpp"
#include "sandbox/control.hpp"
#include "sandbox/record_json.hpp"

namespace miniops::sandbox {

namespace {

// A user's message or event from the call's body.
Result<Saying> read_saying(const json::value& body) {
  JsonInput in(body);
  Saying saying;
  saying.event = in.optional_choice("event", {"user_enter_tempsession", "subscribe_msg_popup_event"}).value_or("");
  saying.msgtype =
      in.optional_choice("msgtype", {"text", "image", "miniprogrampage", "link", "location", "event"}).value_or("");
  if (saying.event.empty() && (saying.msgtype.empty() || saying.msgtype == "event")) {
    in.mistake("msgtype", "must be text, image, miniprogrampage, link or location; or give an event");
  }
  if (saying.event == "subscribe_msg_popup_event") {
    saying.template_id = in.text("template_id", {1, 64});
    saying.accepted = in.optional_choice("status", {"accept", "reject"}).value_or("accept") == "accept";
  } else if (!saying.event.empty()) {
    saying.session_from = in.optional_text("session_from", {0, 1000}).value_or("");
  } else if (!saying.msgtype.empty() && saying.msgtype != "event") {
    JsonInput content = in.object(saying.msgtype, saying.msgtype != "image");
    const auto keep = [&](std::string_view key, bool required) {
      if (required) saying.content[key] = content.text(key, {1, 10'000});
      if (!required && content.has(key)) saying.content[key] = content.text(key, {0, 10'000});
    };
    if (saying.msgtype == "text") keep("content", true);
    if (saying.msgtype == "image") {
      keep("media_id", false);
      keep("picture", false);
    } else if (saying.msgtype == "miniprogrampage") {
      keep("title", true);
      keep("pagepath", true);
      for (const std::string_view key : {"appid", "thumb_media_id", "picture"}) keep(key, false);
    } else if (saying.msgtype == "link") {
      keep("title", true);
      keep("url", true);
      keep("description", false);
    } else if (saying.msgtype == "location") {
      for (const std::string_view key : {"latitude", "longitude", "label"}) keep(key, true);
      keep("scale", false);
    }
  }
  if (auto ok = in.finish(); !ok) return std::unexpected(ok.error());
  return saying;
}

// The picture's bytes: the body itself, or the one file of a form.
Result<std::string> picture_bytes(const net::Request& request) {
  const std::string_view type = request.headers.get("content-type").value_or("");
  if (!type.starts_with("multipart/")) return request.body;
  auto parts = net::parse_multipart(type, request.body, 4);
  if (!parts) return std::unexpected(parts.error());
  if (parts->empty()) return std::string();
  return std::move(parts->front().bytes);
}

}  // namespace

void Control::mount_users(net::Router& router) {
  const auto add = [&](net::Method method, std::string pattern, Answer (Control::*handler)(net::Request&)) {
    net::RouteInfo info{method, std::move(pattern), "sandbox", ""};
    info.body_bytes_max = 4 << 20;
    router.add(std::move(info), [this, handler](net::Request& request) { return (this->*handler)(request); });
  };
  add(net::Method::get, "/sandbox/apps/{appid}/users", &Control::list_users);
  add(net::Method::post, "/sandbox/apps/{appid}/users", &Control::add_user);
  add(net::Method::get, "/sandbox/apps/{appid}/users/{openid}", &Control::get_user);
  add(net::Method::patch, "/sandbox/apps/{appid}/users/{openid}", &Control::patch_user);
  add(net::Method::get, "/sandbox/apps/{appid}/users/{openid}/messages", &Control::read_phone);
  add(net::Method::post, "/sandbox/apps/{appid}/users/{openid}/messages", &Control::say);
  add(net::Method::post, "/sandbox/apps/{appid}/media", &Control::add_media);
  add(net::Method::get, "/sandbox/apps/{appid}/media/{media_id}", &Control::get_media);
}

Control::Answer Control::list_users(net::Request& request) {
  const auto listed = world_.locked([&](World::Apps& apps) -> Result<json::array> {
    const auto app = find_app(apps, request.param("appid"));
    if (!app) return std::unexpected(app.error());
    json::array all;
    for (const auto& [openid, user] : (*app)->users) all.push_back(user_json(user, world_.clock.now()));
    return all;
  });
  if (!listed) co_return net::problem(listed.error(), request);
  json::object answer;
  answer["items"] = *listed;
  co_return net::Response::json(answer);
}

Control::Answer Control::add_user(net::Request& request) {
  std::string openid, nickname;
  if (!request.body.empty()) {
    const auto body = net::json_body(request);
    if (!body) co_return net::problem(body.error(), request);
    JsonInput in(*body);
    openid = in.optional_text("openid", {0, 64}).value_or("");
    nickname = in.optional_text("nickname", {0, 64}).value_or("");
    if (const auto ok = in.finish(); !ok) co_return net::problem(ok.error(), request);
  }
  const auto added = phones_.add_user(request.param("appid"), std::move(openid), std::move(nickname));
  co_return added ? net::Response::json(*added, 201) : net::problem(added.error(), request);
}

Control::Answer Control::get_user(net::Request& request) {
  const auto shown = world_.locked([&](World::Apps& apps) -> Result<json::object> {
    const auto app = find_app(apps, request.param("appid"));
    if (!app) return std::unexpected(app.error());
    const auto user = find_user(**app, request.param("openid"));
    if (!user) return std::unexpected(user.error());
    return user_json(**user, world_.clock.now());
  });
  co_return shown ? net::Response::json(*shown) : net::problem(shown.error(), request);
}

Control::Answer Control::patch_user(net::Request& request) {
  const auto body = net::json_body(request);
  if (!body) co_return net::problem(body.error(), request);
  JsonInput in(*body);
  const auto nickname = in.optional_text("nickname", {1, 64});
  const auto refuses = in.optional_boolean("refuses");
  if (const auto ok = in.finish(); !ok) co_return net::problem(ok.error(), request);
  const auto shown = world_.locked([&](World::Apps& apps) -> Result<json::object> {
    const auto app = find_app(apps, request.param("appid"));
    if (!app) return std::unexpected(app.error());
    const auto user = find_user(**app, request.param("openid"));
    if (!user) return std::unexpected(user.error());
    if (nickname) (*user)->nickname = *nickname;
    if (refuses) (*user)->refuses = *refuses;
    return user_json(**user, world_.clock.now());
  });
  if (!shown) co_return net::problem(shown.error(), request);
  feed_.tell("user", request.param("appid"), *shown);
  co_return net::Response::json(*shown);
}

Control::Answer Control::read_phone(net::Request& request) {
  const auto after = parse_id(request.query_value("after").value_or("")).value_or(0);
  const auto bubbles = phones_.read(request.param("appid"), request.param("openid"), static_cast<std::uint64_t>(after));
  if (!bubbles) co_return net::problem(bubbles.error(), request);
  json::array items;
  for (const Bubble& bubble : *bubbles) items.push_back(bubble_json(bubble));
  json::object answer;
  answer["items"] = std::move(items);
  co_return net::Response::json(answer);
}

Control::Answer Control::say(net::Request& request) {
  const auto body = net::json_body(request);
  if (!body) co_return net::problem(body.error(), request);
  auto saying = read_saying(*body);
  if (!saying) co_return net::problem(saying.error(), request);
  const bool wait = request.query_value("wait").value_or("true") != "false";
  const auto said =
      co_await phones_.say_and_push(request.param("appid"), request.param("openid"), std::move(*saying), wait);
  co_return said ? net::Response::json(*said, 201) : net::problem(said.error(), request);
}

Control::Answer Control::add_media(net::Request& request) {
  auto bytes = picture_bytes(request);
  if (!bytes) co_return net::problem(bytes.error(), request);
  const auto type = picture_type(*bytes);
  if (!type) {
    const Error wrong{"sandbox.not_a_picture", "send a PNG, JPEG or GIF file", ErrorKind::unsupported};
    co_return net::problem(wrong, request);
  }
  const auto made = world_.locked([&](World::Apps& apps) -> Result<std::string> {
    const auto app = find_app(apps, request.param("appid"));
    if (!app) return std::unexpected(app.error());
    return (*app)->media.add({"image", std::string(*type), "", std::move(*bytes), world_.clock.now()}, world_.random);
  });
  if (!made) co_return net::problem(made.error(), request);
  const json::object answer{{"media_id", *made}, {"content_type", *type}};
  co_return net::Response::json(answer, 201);
}

Control::Answer Control::get_media(net::Request& request) {
  const auto found = world_.locked([&](World::Apps& apps) -> Result<Medium> {
    const auto app = find_app(apps, request.param("appid"));
    if (!app) return std::unexpected(app.error());
    const Medium* medium = (*app)->media.find(request.param("media_id"), world_.clock.now());
    if (medium == nullptr) return fail(ErrorKind::not_found, "sandbox.unknown_media", "no such media_id, or too old");
    return *medium;
  });
  if (!found) co_return net::problem(found.error(), request);
  net::Response response = net::Response::bytes(found->bytes, found->content_type);
  response.headers.set("X-Content-Type-Options", "nosniff");
  response.headers.set("Content-Security-Policy", "sandbox; default-src 'none'");
  co_return response;
}

}  // namespace miniops::sandbox
