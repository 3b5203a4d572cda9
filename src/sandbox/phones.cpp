#include "sandbox/phones.hpp"

#include <fmt/format.h>

#include "sandbox/pictures.hpp"
#include "sandbox/record_json.hpp"
#include "wechat/message.hpp"

namespace miniops::sandbox {

namespace {

std::string field(const json::object& content, std::string_view key, std::string_view otherwise = "") {
  const json::value* value = content.if_contains(key);
  return std::string(value != nullptr && value->is_string() ? std::string_view(value->get_string()) : otherwise);
}

std::unexpected<Error> unknown_media() {
  return fail(ErrorKind::invalid, "sandbox.unknown_media", "no such media_id, or older than 3 days");
}

// The picture that is sent: one on the shelf, or a built-in one that is put there.
Result<std::string> media_id_of(World& world, App& app, const json::object& content, std::string_view key) {
  const std::string given = field(content, key);
  const TimeMs now = world.clock.now();
  if (!given.empty()) return app.media.find(given, now) == nullptr ? Result<std::string>(unknown_media()) : given;
  const auto picture = built_in_picture(field(content, "picture", "order"));
  if (!picture) return unknown_media();
  return app.media.add({"image", std::string(picture->content_type), "", std::string(picture->bytes), now},
                       world.random);
}

// Fills in what WeChat would: media ids and addresses of pictures.
Result<wechat::Content> content_of(World& world, App& app, std::string_view public_url, Saying& saying) {
  json::object& content = saying.content;
  const auto url_of = [&](std::string_view id) {
    return public_url.empty() ? fmt::format("http://mmbiz.qpic.cn/mmbiz_jpg/{}/0", id)
                              : fmt::format("{}/sandbox/apps/{}/media/{}", public_url, app.config.appid, id);
  };
  if (saying.msgtype == "text") return wechat::Text{field(content, "content")};
  if (saying.msgtype == "image") {
    const auto id = media_id_of(world, app, content, "media_id");
    if (!id) return std::unexpected(id.error());
    content = {{"media_id", *id}};
    return wechat::Image{url_of(*id), *id};
  }
  if (saying.msgtype == "miniprogrampage") {
    const auto id = media_id_of(world, app, content, "thumb_media_id");
    if (!id) return std::unexpected(id.error());
    content["thumb_media_id"] = *id;
    const std::string appid = field(content, "appid", app.config.appid);
    return wechat::MiniProgramPage{field(content, "title"), appid, field(content, "pagepath"), url_of(*id), *id};
  }
  if (saying.msgtype == "link") {
    return wechat::Link{field(content, "title"), field(content, "description"), field(content, "url")};
  }
  return wechat::Location{field(content, "latitude"), field(content, "longitude"), field(content, "scale", "16"),
                          field(content, "label")};
}

// An event's content, and what WeChat remembers of it.
wechat::Content event_of(const App& app, User& user, Saying& saying, TimeMs now) {
  if (saying.event != "subscribe_msg_popup_event") {
    saying.content = {{"session_from", saying.session_from}};
    user.window.on_enter(app.window, now);
    return wechat::EnterTempSession{saying.session_from};
  }
  const std::string status = saying.accepted ? "accept" : "reject";
  saying.content = {{"template_id", saying.template_id}, {"status", status}};
  if (saying.accepted) ++user.consents[saying.template_id];
  return wechat::SubscribeEvent{saying.event, {{saying.template_id, status, "0", "", "", ""}}};
}

}  // namespace

Result<json::object> Phones::add_user(std::string_view appid, std::string openid, std::string nickname) {
  constexpr std::string_view allowed = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-";
  if (openid.empty()) openid = random_openid(world_.random);
  if (nickname.empty()) nickname = random_nickname(world_.random);
  if (openid.size() > 64 || openid.find_first_not_of(allowed) != std::string::npos) {
    return fail(ErrorKind::invalid, "sandbox.bad_openid", "an openid has up to 64 letters, digits, _ and -");
  }
  auto added = world_.locked([&](World::Apps& apps) -> Result<json::object> {
    const auto app = find_app(apps, appid);
    if (!app) return std::unexpected(app.error());
    auto& users = (*app)->users;
    if (users.contains(openid)) return fail(ErrorKind::conflict, "sandbox.user_exists", "this openid is taken");
    if (users.size() >= users_max) {
      return fail(ErrorKind::too_many, "sandbox.too_many_users", "this mini program has too many users");
    }
    const auto user = users.emplace(openid, User(openid, nickname)).first;
    return user_json(user->second, world_.clock.now());
  });
  if (added) feed_.tell("user", appid, *added);
  return added;
}

Result<Said> Phones::say(std::string_view appid, std::string_view openid, Saying saying) {
  auto said = world_.locked([&](World::Apps& apps) -> Result<Said> {
    const auto app = find_app(apps, appid);
    if (!app) return std::unexpected(app.error());
    const auto user = find_user(**app, openid);
    if (!user) return std::unexpected(user.error());
    const TimeMs now = world_.clock.now();
    const bool event = !saying.event.empty();
    (*user)->last_active_at = now;

    wechat::Message message;
    message.to_user_name = (*app)->original_id;
    message.from_user_name = OpenId(std::string(openid));
    message.create_time = now / second_ms;
    message.msg_type = event ? "event" : saying.msgtype;
    message.event = saying.event;
    if (event) {
      message.content = event_of(**app, **user, saying, now);
    } else {
      auto content = content_of(world_, **app, public_url_, saying);
      if (!content) return std::unexpected(content.error());
      message.content = std::move(*content);
      message.msg_id = world_.next_msg_id();
      (*user)->window.on_message((*app)->window, now);
      (*user)->last_exchange_at = now;
      ++(*app)->messages_in;
    }
    const std::string kind = event ? "event:" + saying.event : saying.msgtype;
    const std::string body = wechat::build_message((*app)->config.format, message);
    Said done{.push = pusher_.prepare(**app, openid, kind, body, {})};
    Ring<Bubble>& bubbles = (*user)->bubbles;
    done.bubble = bubble_json(bubbles.add({.seq = bubbles.total() + 1,
                                           .at = now,
                                           .direction = event ? Direction::note : Direction::in,
                                           .msgtype = event ? saying.event : saying.msgtype,
                                           .content = std::move(saying.content),
                                           .msg_id = message.msg_id,
                                           .push_id = done.push.id}));
    return done;
  });
  if (said) {
    json::object data{{"openid", openid}};
    data["message"] = said->bubble;
    feed_.tell("message", appid, std::move(data));
  }
  return said;
}

Task<Result<json::object>> Phones::say_and_push(std::string appid, std::string openid, Saying saying, bool wait) {
  auto said = say(appid, openid, std::move(saying));
  if (!said) co_return std::unexpected(said.error());
  const std::uint64_t push_id = said->push.id;
  if (wait) {
    co_await pusher_.deliver(std::move(said->push));
  } else {
    pusher_.deliver_later(std::move(said->push));
  }
  json::object answer = said->bubble;
  world_.locked([&](World::Apps& apps) {
    const auto app = find_app(apps, appid);
    const PushRecord* push = app ? (*app)->pushes.find(push_id) : nullptr;
    answer["push"] = push == nullptr ? json::value(nullptr) : json::value(push_json(*push));
  });
  co_return answer;
}

Result<std::vector<Bubble>> Phones::read(std::string_view appid, std::string_view openid, std::uint64_t after) {
  return world_.locked([&](World::Apps& apps) -> Result<std::vector<Bubble>> {
    const auto app = find_app(apps, appid);
    if (!app) return std::unexpected(app.error());
    const auto user = find_user(**app, openid);
    if (!user) return std::unexpected(user.error());
    std::vector<Bubble> shown;
    for (const Bubble& bubble : (*user)->bubbles.items()) {
      if (bubble.seq > after) shown.push_back(bubble);
    }
    return shown;
  });
}

}  // namespace miniops::sandbox
