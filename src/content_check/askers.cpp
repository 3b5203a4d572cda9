#include "content_check/askers.hpp"

#include "base/json.hpp"
#include "base/text.hpp"
#include "webhooks/signature.hpp"

namespace miniops::content_check {

namespace {

constexpr std::string_view question_kind = "content.check";
constexpr std::size_t answer_bytes_max = 16 << 10;
constexpr std::size_t reason_chars_max = 200;
constexpr std::size_t words_kept = 20;
constexpr std::size_t word_chars_max = 64;

Answer unanswered(std::string reason) { return {.verdict = Verdict::unanswered, .reason = std::move(reason)}; }

Verdict verdict_of(wechat::TextSecurity::Suggest suggest) {
  using Suggest = wechat::TextSecurity::Suggest;
  if (suggest == Suggest::pass) return Verdict::pass;
  return suggest == Suggest::risky ? Verdict::risky : Verdict::review;
}

std::vector<std::string> texts_of(const json::value* value) {
  std::vector<std::string> texts;
  const json::array* list = value == nullptr ? nullptr : value->if_array();
  if (list == nullptr) return texts;
  for (const json::value& one : *list) {
    if (texts.size() == words_kept) break;
    if (one.is_string()) texts.push_back(truncate_chars(one.get_string(), word_chars_max));
  }
  return texts;
}

std::string_view reason_of(net::ClientFailure::Kind kind) {
  using enum net::ClientFailure::Kind;
  switch (kind) {
    case not_allowed:
      return "address_not_allowed";
    case timeout:
      return "timeout";
    case too_large:
      return "not_understood";
    case bad_url:
    case dns:
    case connect:
    case tls:
    case write:
    case read:
      return "unreachable";
  }
  std::unreachable();
}

}  // namespace

Answer answer_of(const WeChat::Reply& reply) {
  if (!reply.answered) return unanswered("unreachable");
  auto said = wechat::parse_text_security(reply.status, reply.body);
  if (said)
    return {.verdict = verdict_of(said->suggest),
            .reason = std::to_string(said->label),
            .words = std::move(said->keywords)};
  if (said.error().errcode == wechat::errcode_not_active) return {.verdict = Verdict::inactive};
  const bool unreadable = said.error().errcode == wechat::errcode_not_understood;
  return unanswered(unreadable ? "not_understood" : fmt::format("errcode_{}", said.error().errcode));
}

Answer answer_of(const net::ClientFailure& failure) { return unanswered(std::string(reason_of(failure.kind))); }

Answer answer_of(const net::ClientResponse& response) {
  if (response.status != 200) return unanswered(fmt::format("http_{}", response.status));
  const auto body = parse_json(response.body);
  const json::object* object = body ? body->if_object() : nullptr;
  if (object == nullptr) return unanswered("not_understood");
  const json::value* said = object->if_contains("verdict");
  const auto verdict = said != nullptr && said->is_string() ? parse_word<Verdict>(said->get_string()) : std::nullopt;
  if (!verdict || *verdict > Verdict::risky) return unanswered("not_understood");
  Answer answer{.verdict = *verdict};
  if (const json::value* reason = object->if_contains("reason"); reason != nullptr && reason->is_string())
    answer.reason = truncate_chars(reason->get_string(), reason_chars_max);
  answer.words = texts_of(object->if_contains("words"));
  return answer;
}

// The client follows no redirect, looks the name up once, and connects only to what the guard allows of it.
Task<Answer> WebhookAsker::ask(Outside checker, std::string text) const {
  const auto secret = open_secret(with_.sealer, checker);
  if (!secret) co_return unanswered("secret_unreadable");
  const std::string id = std::to_string(with_.ids.next());
  const TimeMs now = with_.clock.now();
  const json::object body{
      {"id", id}, {"kind", question_kind}, {"at", now}, {"appid", checker.appid.str()}, {"text", text}};
  net::ClientRequest request;
  request.method = net::Method::post;
  request.url = checker.address;
  request.body = json::serialize(body);
  request.headers.set("Content-Type", "application/json");
  request.headers.set(webhooks::id_header, id);
  request.headers.set(webhooks::kind_header, std::string(question_kind));
  request.headers.set(webhooks::signature_header,
                      webhooks::signature_of({&*secret, 1}, id, now / second_ms, request.body));
  request.connect_timeout = request.total_timeout = ask_timeout;
  request.response_bytes_max = answer_bytes_max;
  request.guard = &guard_;
  const auto answer = co_await with_.http.send(std::move(request));
  co_return answer ? answer_of(*answer) : answer_of(answer.error());
}

}  // namespace miniops::content_check
