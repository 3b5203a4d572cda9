// The users of a mini program and what they do on their phones: enter the session, say something, read.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "base/task.hpp"
#include "sandbox/feed.hpp"
#include "sandbox/pusher.hpp"
#include "sandbox/world.hpp"

namespace miniops::sandbox {

// What a user does. `content` has WeChat's sandbox form: {"content":…} for text, {"media_id":…} or {"picture":…} for
// an image, {"title":…,"pagepath":…} for miniprogrampage, {"title","description","url"} for link,
// {"latitude","longitude","scale","label"} for location.
struct Saying {
  std::string msgtype;  // text, image, miniprogrampage, link, location; empty for an event
  json::object content;
  std::string event;  // user_enter_tempsession, or subscribe_msg_popup_event
  std::string session_from;
  std::string template_id{};  // of a subscribe message: what the popup asked for, and whether it was accepted
  bool accepted = true;
};

struct Said {
  json::object bubble{};
  PreparedPush push{};
};

// Everything given must outlive it. Safe from any thread.
class Phones {
 public:
  // `public_url` is where the sandbox itself is reached, for PicUrl; may be empty.
  Phones(World& world, Feed& feed, Pusher& pusher, std::string public_url)
      : world_(world), feed_(feed), pusher_(pusher), public_url_(std::move(public_url)) {}

  // An openid or nickname that is empty is made up. sandbox.unknown_app, sandbox.bad_openid, sandbox.user_exists,
  // sandbox.too_many_users
  Result<json::object> add_user(std::string_view appid, std::string openid, std::string nickname);
  // On record and in the transcript at once; the push is only prepared. sandbox.unknown_app, sandbox.unknown_user,
  // sandbox.unknown_media
  Result<Said> say(std::string_view appid, std::string_view openid, Saying saying);
  // The same, pushed; {message, push}. Without `wait` the push goes on by itself.
  Task<Result<json::object>> say_and_push(std::string appid, std::string openid, Saying saying, bool wait);
  // What the phone shows after bubble number `after`, oldest first.
  Result<std::vector<Bubble>> read(std::string_view appid, std::string_view openid, std::uint64_t after);

 private:
  World& world_;
  Feed& feed_;
  Pusher& pusher_;
  std::string public_url_;
};

}  // namespace miniops::sandbox
