#include "sandbox/wecom.hpp"

#include <fmt/format.h>

namespace miniops::sandbox {

namespace {

constexpr std::size_t robot_text_bytes_max = 2048;
constexpr std::size_t robot_markdown_bytes_max = 4096;
constexpr std::size_t app_bytes_max = 2048;
constexpr TimeMs token_life_ms = 7200 * second_ms;
constexpr std::size_t bodies_max = 1000;
constexpr std::size_t user_per_minute = 30;

std::string_view text_at(const json::object& object, std::string_view key) {
  const json::value* value = object.if_contains(key);
  return value != nullptr && value->is_string() ? std::string_view(value->get_string()) : std::string_view();
}
const json::object* object_at(const json::object& object, std::string_view key) {
  const json::value* value = object.if_contains(key);
  return value != nullptr ? value->if_object() : nullptr;
}

std::vector<std::string> split(std::string_view joined) {
  std::vector<std::string> parts;
  while (!joined.empty()) {
    const auto end = std::min(joined.find('|'), joined.size());
    parts.emplace_back(joined.substr(0, end));
    joined.remove_prefix(std::min(end + 1, joined.size()));
  }
  return parts;
}

// What is the same for both; nullptr and an error, or the content.
const json::object* content_of(const json::object* body, std::size_t text_max, std::size_t markdown_max,
                               json::object& error) {
  if (body == nullptr) {
    error = wecom_error(40008, "Warning: wrong json format. invalid message type");
    return nullptr;
  }
  const std::string_view type = text_at(*body, "msgtype");
  if (type != "text" && type != "markdown") {
    error = wecom_error(40008, "invalid message type");
    return nullptr;
  }
  const json::object* content = object_at(*body, type);
  const std::string_view words = content != nullptr ? text_at(*content, "content") : std::string_view();
  if (words.empty()) {
    error = wecom_error(44004, "empty content");
    return nullptr;
  }
  if (words.size() > (type == "text" ? text_max : markdown_max)) {
    error = wecom_error(45002, "content size out of limit");
    return nullptr;
  }
  return content;
}

// False: this user has had 30 in the last minute, and what comes now is dropped silently.
bool takes(std::deque<TimeMs>& got, TimeMs now) {
  while (!got.empty() && got.front() <= now - minute_ms) got.pop_front();
  if (got.size() >= user_per_minute) return false;
  got.push_back(now);
  return true;
}

json::object done() { return {{"errcode", 0}, {"errmsg", "ok"}}; }

}  // namespace

json::object wecom_error(int errcode, std::string_view errmsg) {
  return {{"errcode", errcode},
          {"errmsg", fmt::format("{}, hint: [1767225600], from ip: 127.0.0.1, more info at "
                                 "https://open.work.weixin.qq.com/devtool/query?e={}",
                                 errmsg, errcode)}};
}

Robot* Wecom::put_robot(const std::string& key) {
  if (Robot* known = robot(key)) return known;
  if (robots_.size() >= robots_max) return nullptr;
  return &robots_.emplace(key, Robot{key, key}).first->second;
}

WecomApp* Wecom::put_app(const std::string& corpid, std::int64_t agentid) {
  if (WecomApp* known = app(corpid, agentid)) return known;
  if (apps_.size() >= apps_max) return nullptr;
  return &apps_.emplace_back(WecomApp{corpid, "", agentid});
}

bool Wecom::remove_robot(std::string_view key) {
  const auto found = robots_.find(key);
  if (found == robots_.end()) return false;
  robots_.erase(found);
  return true;
}

Robot* Wecom::robot(std::string_view key) {
  const auto found = robots_.find(key);
  return found == robots_.end() ? nullptr : &found->second;
}

WecomApp* Wecom::app(std::string_view corpid, std::int64_t agentid) {
  const auto found =
      std::ranges::find_if(apps_, [&](const WecomApp& one) { return one.corpid == corpid && one.agentid == agentid; });
  return found == apps_.end() ? nullptr : &*found;
}

WecomAnswer Wecom::robot_send(std::string_view key, const json::object* body, TimeMs now) {
  Robot* const to = robot(key);
  if (to == nullptr) return {wecom_error(93000, "invalid webhook url")};
  json::object error;
  const json::object* content = content_of(body, robot_text_bytes_max, robot_markdown_bytes_max, error);
  if (content == nullptr) return {std::move(error)};
  while (!to->recent.empty() && to->recent.front() <= now - minute_ms) to->recent.pop_front();
  if (static_cast<std::int64_t>(to->recent.size()) >= to->per_minute)
    return {wecom_error(45009, "api freq out of limit")};
  to->recent.push_back(now);
  const std::string type(text_at(*body, "msgtype"));
  return {done(), &to->messages.add({to->messages.total() + 1, now, type, *content})};
}

// Within its life the same token is given again.
WecomAnswer Wecom::give_token(std::string_view corpid, std::string_view secret, TimeMs now, Random& random) {
  if (corpid.empty()) return {wecom_error(41002, "corpid missing")};
  if (secret.empty()) return {wecom_error(41004, "corpsecret missing")};
  const auto of_corp = [&](const WecomApp& one) { return one.corpid == corpid; };
  if (std::ranges::none_of(apps_, of_corp)) return {wecom_error(40013, "invalid corpid")};
  for (WecomApp& one : apps_) {
    if (!of_corp(one) || one.secret != secret) continue;
    if (one.token.empty() || one.token_until <= now) {
      one.token = random.alphanumeric(64);
      one.token_until = now + token_life_ms;
    }
    json::object answer = done();
    answer["access_token"] = one.token;
    answer["expires_in"] = (one.token_until - now) / second_ms;
    return {std::move(answer)};
  }
  return {wecom_error(40001, "invalid credential")};
}

WecomAnswer Wecom::app_send(std::string_view token, const json::object* body, TimeMs now) {
  if (token.empty()) return {wecom_error(41001, "access_token missing")};
  const auto found = std::ranges::find_if(apps_, [&](const WecomApp& one) { return one.token == token; });
  if (found == apps_.end()) return {wecom_error(40014, "invalid access_token")};
  WecomApp& from = *found;
  if (from.token_until <= now) return {wecom_error(42001, "access_token expired")};
  json::object error;
  const json::object* content = content_of(body, app_bytes_max, app_bytes_max, error);
  if (content == nullptr) return {std::move(error)};
  const json::value* agentid = body->if_contains("agentid");
  if (agentid == nullptr || *agentid != from.agentid) return {wecom_error(40056, "invalid agentid")};

  WecomMessage message{from.messages.total() + 1, now, std::string(text_at(*body, "msgtype")), *content};
  std::string unknown;
  for (const std::string& user : split(text_at(*body, "touser"))) {
    if (user == "@all") message.to.assign(from.users.begin(), from.users.end());
    if (from.users.contains(user)) message.to.push_back(user);
    if (user != "@all" && !from.users.contains(user)) unknown += (unknown.empty() ? "" : "|") + user;
  }
  if (message.to.empty()) return {wecom_error(81013, "user & party & tag all invalid")};
  json::object answer = done();
  answer["invaliduser"] = unknown;
  answer["msgid"] = fmt::format("m{}", message.seq);
  // The same again within the interval is taken and goes nowhere.
  std::erase_if(from.sent_bodies, [&](const auto& one) { return one.second <= now; });
  const json::value* checked = body->if_contains("enable_duplicate_check");
  if (checked != nullptr && *checked == 1) {
    const auto again = from.sent_bodies.contains(json::serialize(*body));
    if (from.sent_bodies.size() < bodies_max) from.sent_bodies[json::serialize(*body)] = now + 1800 * second_ms;
    if (again) return {std::move(answer)};
  }
  std::erase_if(message.to, [&](const std::string& user) { return !takes(from.got_recently[user], now); });
  if (message.to.empty()) return {std::move(answer)};
  return {std::move(answer), &from.messages.add(std::move(message))};
}

void Wecom::end_tokens() {
  for (WecomApp& one : apps_) one.token.clear();
}

}  // namespace miniops::sandbox
