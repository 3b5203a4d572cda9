// /cgi-bin/message/custom/send and /typing: what reaches a user's phone.
#include <array>

#include "sandbox/api_call.hpp"

namespace miniops::sandbox {

namespace {

constexpr std::size_t text_bytes_max = 2048;
constexpr std::size_t title_bytes_max = 256;
constexpr std::size_t description_bytes_max = 1024;
constexpr std::size_t url_bytes_max = 2048;
constexpr TimeMs typing_shown_ms = 15 * second_ms;
constexpr TimeMs typing_exchange_ms = 30 * second_ms;

bool is_media(const ApiInput& in, std::optional<std::string_view> media_id) {
  return media_id && in.app->media.find(*media_id, in.now) != nullptr;
}

// 0, or why WeChat refuses this content. A mini program may send these four kinds and no other.
int content_verdict(const ApiInput& in, std::string_view msgtype, const json::object& content) {
  const auto field = [&](std::string_view key) { return text_of(content, key); };
  if (msgtype == "text") {
    if (!field("content")) return content.contains("content") ? 47001 : 44004;
    if (field("content")->empty()) return 44004;
    if (field("content")->size() > text_bytes_max) return 45002;
    const auto holds = [&](const std::string& word) { return field("content")->find(word) != std::string_view::npos; };
    return std::ranges::any_of(in.app->blocked_words, holds) ? 87014 : 0;
  }
  if (msgtype == "image") return is_media(in, field("media_id")) ? 0 : 40007;
  if (msgtype == "link") {
    if (!field("title") || !field("description") || !field("url")) return 47001;
    if (field("title")->size() > title_bytes_max) return 45003;
    if (field("description")->size() > description_bytes_max) return 45004;
    return field("url")->size() > url_bytes_max ? 45005 : 0;
  }
  if (!field("title") || !field("pagepath")) return 47001;
  if (field("title")->size() > title_bytes_max) return 45003;
  return is_media(in, field("thumb_media_id")) ? 0 : 40007;
}

}  // namespace

ApiAnswer answer_custom_send(ApiInput& in) {
  App& app = *in.app;
  const auto found = app.users.find(text_of(in.body, "touser").value_or(""));
  if (found == app.users.end()) return refuse(40003);
  User& user = found->second;
  constexpr std::array allowed = {"text", "image", "link", "miniprogrampage"};
  const std::string msgtype(text_of(in.body, "msgtype").value_or(""));
  if (std::ranges::find(allowed, msgtype) == allowed.end()) return refuse(40008);
  const json::value* content = in.body.if_contains(msgtype);
  if (content == nullptr || !content->is_object()) return refuse(47001);
  if (const int verdict = content_verdict(in, msgtype, content->get_object()); verdict != 0) return refuse(verdict);
  if (user.refuses) return refuse(48002);
  if (const int verdict = user.window.verdict(in.now); verdict != 0) return refuse(verdict);

  user.window.spend();
  user.last_exchange_at = in.now;
  user.typing_until = 0;
  ++app.messages_out;
  Bubble& bubble = user.bubbles.add({.seq = user.bubbles.total() + 1,
                                     .at = in.now,
                                     .direction = Direction::out,
                                     .msgtype = msgtype,
                                     .content = content->get_object(),
                                     .msg_id = in.world.next_msg_id()});
  return {.delivered = &bubble, .openid = user.openid};
}

ApiAnswer answer_typing(ApiInput& in) {
  const auto found = in.app->users.find(text_of(in.body, "touser").value_or(""));
  if (found == in.app->users.end()) return refuse(40003);
  User& user = found->second;
  const std::string_view command = text_of(in.body, "command").value_or("");
  if (command != "Typing" && command != "CancelTyping") return refuse(45072);
  if (command == "CancelTyping") {
    user.typing_until = 0;
    return {.openid = user.openid};
  }
  if (user.last_exchange_at == 0 || in.now - user.last_exchange_at > typing_exchange_ms) return refuse(45080);
  if (user.typing_until > in.now) return refuse(45081);
  user.typing_until = in.now + typing_shown_ms;
  return {.openid = user.openid, .typing = true};
}

}  // namespace miniops::sandbox
