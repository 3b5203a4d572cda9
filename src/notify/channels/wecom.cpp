#include "notify/channels/wecom.hpp"

#include "base/encoding.hpp"
#include "base/text.hpp"

namespace miniops::notify {

namespace {

constexpr std::size_t robot_markdown_bytes_max = 4096;
constexpr std::size_t app_markdown_bytes_max = 2048;
constexpr std::size_t text_bytes_max = 2048;
constexpr TimeMs rate_limited_ms = minute_ms;
constexpr std::string_view everybody = "@all";

// ---- settings ----

bool read_format(JsonInput& in) {
  return in.optional_choice("format", {"markdown", "text"}).value_or("markdown") == "markdown";
}

// What stands between marks in a message or is joined by them.
bool is_word(std::string_view text) {
  return !text.empty() && text.find_first_of("<>| \t\r\n") == std::string_view::npos;
}

std::vector<std::string> read_words(JsonInput& in, std::string_view key, std::size_t count_max) {
  auto words = in.optional_texts(key, count_max, {1, 64});
  if (!std::ranges::all_of(words, is_word)) in.mistake(key, "must be ids without blanks, <, > and |");
  return words;
}

json::array array_of(const std::vector<std::string>& texts) { return json::array(texts.begin(), texts.end()); }

// ---- contents ----

std::string_view colour_of(const Notification& content) {
  if (content.resolved) return "info";
  return content.severity == Severity::info ? "comment" : "warning";
}

std::string_view open_word(std::string_view language) { return language == "en" ? "Open" : "查看详情"; }

// Heading, body, link and mentions; the body alone is cut.
std::string markdown_of(const Message& message, std::string_view mentions, std::size_t bytes_max) {
  const Notification& content = message.content;
  const std::string head =
      fmt::format("### <font color=\"{}\">{}</font> {}\n", colour_of(content), state_word(content, message.language),
                  cut_bytes(plain_in_markdown(one_line(content.title)), 512));
  std::string tail;
  if (!content.link.empty()) tail += fmt::format("\n[{}]({})", open_word(message.language), content.link);
  tail.append(mentions);
  const std::string body =
      content.markdown.empty() ? plain_in_markdown(content.text) : without_mentions(content.markdown);
  const std::size_t room = bytes_max - std::min(bytes_max, head.size() + tail.size());
  return head + cut_lines(body, room) + tail;
}

std::string text_of(const Message& message, std::size_t bytes_max) {
  const Notification& content = message.content;
  const std::string head = fmt::format("[{}] {}\n", state_word(content, message.language),
                                       cut_bytes(without_mentions(one_line(content.title)), 512));
  const std::string tail = content.link.empty() ? std::string() : "\n" + content.link;
  const std::size_t room = bytes_max - std::min(bytes_max, head.size() + tail.size());
  return head + cut_lines(without_mentions(content.text), room) + tail;
}

std::string joined(const std::vector<std::string>& words) {
  std::string all;
  for (const std::string& word : words) all.append(all.empty() ? "" : "|").append(word);
  return all;
}

net::ClientRequest post(std::string url, const json::object& body) {
  net::ClientRequest request;
  request.method = net::Method::post;
  request.url = std::move(url);
  request.headers.set("Content-Type", "application/json; charset=utf-8");
  request.body = json::serialize(body);
  return request;
}

// ---- answers ----

struct Answer {
  std::int64_t errcode = 0;
  std::string errmsg;
  json::object body;
};

std::optional<Answer> answer_of(std::string_view body) {
  auto parsed = parse_json(body);
  if (!parsed || !parsed->is_object()) return std::nullopt;
  Answer answer;
  answer.body = std::move(parsed->as_object());
  const json::value* code = answer.body.if_contains("errcode");
  if (code == nullptr || !code->is_int64()) return std::nullopt;
  answer.errcode = code->as_int64();
  if (const auto* text = answer.body.if_contains("errmsg"); text != nullptr && text->is_string())
    answer.errmsg = truncate_chars(one_line(text->as_string()), 300);
  return answer;
}

Outcome not_understood(int status) {
  if (status >= 500 || status == 429) return Outcome::later("server_error", fmt::format("HTTP {}", status));
  if (status != 200) return Outcome::failed("refused", fmt::format("HTTP {}", status));
  return Outcome::uncertain("the answer was not understood");
}

Outcome refused(const Answer& answer) {
  std::string detail = fmt::format("{} {}", answer.errcode, answer.errmsg);
  switch (answer.errcode) {
    case -1:
      return Outcome::later("busy", std::move(detail));
    case 45009:
    case 45033:
      return Outcome::later("rate_limited", std::move(detail), rate_limited_ms);
    case 40014:
    case 41001:
    case 42001:
      return Outcome::later("token_refused", std::move(detail));
    case 40001:  // secrets and ids
    case 40013:
    case 40056:
    case 40091:
    case 41002:
    case 41004:
    case 41011:
    case 93000:
      return Outcome::broken("wrong_credentials", std::move(detail));
    case 48002:  // rights
    case 50002:
    case 50003:
    case 60011:
    case 301002:
      return Outcome::broken("no_right", std::move(detail));
    case 60020:
      return Outcome::broken("address_not_trusted", std::move(detail));
    case 40003:
    case 40031:
    case 46004:
    case 60111:
    case 81013:
    case 82001:
      return Outcome::failed("no_recipient", std::move(detail));
    default:
      return Outcome::failed("refused", std::move(detail));
  }
}

// Some recipients may be unknown although the errcode is 0.
std::string missed(const json::object& body) {
  std::string names;
  for (const std::string_view key : {"invaliduser", "invalidparty", "invalidtag", "unlicenseduser"}) {
    const json::value* value = body.if_contains(key);
    if (value == nullptr || !value->is_string() || value->as_string().empty()) continue;
    names += fmt::format("{}{}: {}", names.empty() ? "" : ", ", key, std::string_view(value->as_string()));
  }
  return truncate_chars(one_line(names), 300);
}

}  // namespace

WecomRobot read_wecom_robot(JsonInput& in) {
  WecomRobot robot;
  robot.markdown = read_format(in);
  robot.mentioned = read_words(in, "mentioned", 50);
  robot.mentioned_mobiles = read_words(in, "mentioned_mobiles", 50);
  if (const auto from = in.optional_choice("mention_from", {"info", "warning", "critical"}))
    robot.mention_from = *parse_severity(*from);
  const bool everyone = std::ranges::find(robot.mentioned, everybody) != robot.mentioned.end();
  if (robot.markdown && everyone) in.mistake("mentioned", "@all needs the format text");
  if (robot.markdown && !robot.mentioned_mobiles.empty()) in.mistake("mentioned_mobiles", "need the format text");
  return robot;
}

WecomApp read_wecom_app(JsonInput& in) {
  WecomApp app;
  app.markdown = read_format(in);
  app.corpid = in.text("corpid", {1, 64});
  app.agentid = in.integer("agentid", 1, 4'000'000'000);
  app.touser = read_words(in, "touser", 1000);
  app.toparty = read_words(in, "toparty", 100);
  app.totag = read_words(in, "totag", 100);
  if (app.touser.empty() && app.toparty.empty() && app.totag.empty())
    in.mistake("touser", "give touser, toparty or totag");
  return app;
}

json::object to_json(const WecomRobot& robot) {
  return {{"format", robot.markdown ? "markdown" : "text"},
          {"mentioned", array_of(robot.mentioned)},
          {"mentioned_mobiles", array_of(robot.mentioned_mobiles)},
          {"mention_from", to_string(robot.mention_from)}};
}

json::object to_json(const WecomApp& app) {
  return {{"format", app.markdown ? "markdown" : "text"},
          {"corpid", app.corpid},
          {"agentid", app.agentid},
          {"touser", array_of(app.touser)},
          {"toparty", array_of(app.toparty)},
          {"totag", array_of(app.totag)}};
}

std::string robot_key_of(std::string_view given) {
  if (const auto question = given.find('?'); question != std::string_view::npos) {
    for (const auto& [name, value] : net::parse_query(given.substr(question + 1)))
      if (name == "key") return robot_key_of(value);
    return {};
  }
  constexpr std::string_view allowed = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-_";
  const bool key = !given.empty() && given.size() <= 128 && given.find_first_not_of(allowed) == std::string_view::npos;
  return key ? std::string(given) : std::string();
}

net::ClientRequest robot_request(const std::string& base, const std::string& key, const WecomRobot& robot,
                                 const Message& message) {
  const bool mention = !message.content.resolved && message.content.severity >= robot.mention_from;
  json::object body;
  if (robot.markdown) {
    std::string mentions;
    for (const std::string& user : robot.mentioned)
      if (mention) mentions += fmt::format("{}<@{}>", mentions.empty() ? "\n" : "", user);
    body["msgtype"] = "markdown";
    body["markdown"] = {{"content", markdown_of(message, mentions, robot_markdown_bytes_max)}};
  } else {
    json::object text{{"content", text_of(message, text_bytes_max)}};
    if (mention && !robot.mentioned.empty()) text["mentioned_list"] = array_of(robot.mentioned);
    if (mention && !robot.mentioned_mobiles.empty()) text["mentioned_mobile_list"] = array_of(robot.mentioned_mobiles);
    body["msgtype"] = "text";
    body["text"] = std::move(text);
  }
  return post(base + "/cgi-bin/webhook/send?key=" + url_encode(key), body);
}

net::ClientRequest app_token_request(const std::string& base, const WecomApp& app, const std::string& secret) {
  net::ClientRequest request;
  request.url =
      fmt::format("{}/cgi-bin/gettoken?corpid={}&corpsecret={}", base, url_encode(app.corpid), url_encode(secret));
  return request;
}

// WeCom drops what is byte for byte the same as a message of the last half hour: a repeat is harmless.
net::ClientRequest app_request(const std::string& base, const std::string& token, const WecomApp& app,
                               const Message& message) {
  json::object body;
  if (!app.touser.empty()) body["touser"] = joined(app.touser);
  if (!app.toparty.empty()) body["toparty"] = joined(app.toparty);
  if (!app.totag.empty()) body["totag"] = joined(app.totag);
  body["agentid"] = app.agentid;
  const std::string_view kind = app.markdown ? "markdown" : "text";
  body["msgtype"] = kind;
  body[kind] = {
      {"content", app.markdown ? markdown_of(message, "", app_markdown_bytes_max) : text_of(message, text_bytes_max)}};
  body["enable_duplicate_check"] = 1;
  body["duplicate_check_interval"] = 1800;
  return post(base + "/cgi-bin/message/send?access_token=" + url_encode(token), body);
}

Outcome wecom_outcome(int status, std::string_view body) {
  const auto answer = status == 200 ? answer_of(body) : std::nullopt;
  if (!answer) return not_understood(status);
  return answer->errcode == 0 ? Outcome::sent(missed(answer->body)) : refused(*answer);
}

bool token_refused(int status, std::string_view body) {
  const auto answer = status == 200 ? answer_of(body) : std::nullopt;
  return answer && (answer->errcode == 40014 || answer->errcode == 42001);
}

std::expected<WecomToken, Outcome> token_of(int status, std::string_view body) {
  const auto answer = status == 200 ? answer_of(body) : std::nullopt;
  // No message has left yet: whatever was answered, asking again is harmless.
  if (!answer) return std::unexpected(Outcome::later("server_error", fmt::format("HTTP {}, no token", status)));
  if (answer->errcode != 0) return std::unexpected(refused(*answer));
  const json::value* token = answer->body.if_contains("access_token");
  const json::value* life = answer->body.if_contains("expires_in");
  const bool given = token != nullptr && token->is_string() && life != nullptr && life->is_int64();
  if (!given) return std::unexpected(Outcome::later("server_error", "an answer without a token"));
  return WecomToken{std::string(token->as_string()), life->as_int64() * second_ms};
}

}  // namespace miniops::notify
