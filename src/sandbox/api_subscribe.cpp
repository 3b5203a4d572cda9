// /cgi-bin/message/subscribe/send: each consent buys one message.
#include <array>

#include "base/text.hpp"
#include "sandbox/api_call.hpp"

namespace miniops::sandbox {

namespace {

// The longest value of each kind of keyword, in characters.
constexpr std::array<std::pair<std::string_view, std::size_t>, 9> limits{{{"thing", 20},
                                                                          {"number", 32},
                                                                          {"letter", 32},
                                                                          {"symbol", 5},
                                                                          {"character_string", 32},
                                                                          {"phone_number", 17},
                                                                          {"car_number", 8},
                                                                          {"name", 10},
                                                                          {"phrase", 5}}};

bool fits(std::string_view keyword, std::string_view value) {
  const auto digits = keyword.find_last_not_of("0123456789");
  if (digits == std::string_view::npos || digits + 1 == keyword.size() || value.empty()) return false;
  if (std::ranges::any_of(value, [](char c) { return static_cast<unsigned char>(c) < 0x20; })) return false;
  const auto limit =
      std::ranges::find(limits, keyword.substr(0, digits + 1), [](const auto& one) { return one.first; });
  return limit == limits.end() || count_chars(value) <= limit->second;
}

// The keyword whose value WeChat does not take; empty: all are good.
std::string wrong_keyword(const json::object& data) {
  for (const auto& [keyword, value] : data) {
    const json::object* one = value.if_object();
    const auto text = one != nullptr ? text_of(*one, "value") : std::nullopt;
    if (!text || !fits(keyword, *text)) return std::string(keyword);
  }
  return {};
}

}  // namespace

ApiAnswer answer_subscribe_send(ApiInput& in) {
  const auto found = in.app->users.find(text_of(in.body, "touser").value_or(""));
  if (found == in.app->users.end()) return refuse(40003);
  User& user = found->second;
  const std::string template_id(text_of(in.body, "template_id").value_or(""));
  if (template_id.empty()) return refuse(40037);
  const json::value* data = in.body.if_contains("data");
  if (data == nullptr || !data->is_object()) return refuse(47001);
  if (const std::string wrong = wrong_keyword(data->get_object()); !wrong.empty())
    return refuse(47003, "argument invalid! data." + wrong + ".value is invalid");
  const auto consent = user.consents.find(template_id);
  if (user.refuses || consent == user.consents.end() || consent->second == 0) return refuse(43101);

  --consent->second;
  ++in.app->messages_out;
  json::object content{{"template_id", template_id}, {"page", text_of(in.body, "page").value_or("")}};
  content["data"] = data->get_object();
  Bubble& bubble = user.bubbles.add({.seq = user.bubbles.total() + 1,
                                     .at = in.now,
                                     .direction = Direction::out,
                                     .msgtype = "subscribe",
                                     .content = std::move(content),
                                     .msg_id = in.world.next_msg_id()});
  return {.delivered = &bubble, .openid = user.openid};
}

}  // namespace miniops::sandbox
