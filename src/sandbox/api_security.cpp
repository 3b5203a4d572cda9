// /wxa/msg_sec_check, version 2: what it finds is the app's risky_words and review_words.
#include "base/text.hpp"
#include "sandbox/api_operations.hpp"

namespace miniops::sandbox {

namespace {

constexpr std::size_t content_chars_max = 2500;
constexpr TimeMs active_within_ms = 2 * hour_ms;

const std::string* first_in(const std::vector<std::string>& words, std::string_view text) {
  for (const std::string& word : words)
    if (text.find(word) != std::string_view::npos) return &word;
  return nullptr;
}

}  // namespace

ApiAnswer answer_text_security(ApiInput& in) {
  const auto content = text_of(in.body, "content");
  const auto scene = number_of(in.body, "scene");
  if (!content || number_of(in.body, "version") != 2 || !scene || *scene < 1 || *scene > 4) return refuse(47001);
  if (content->empty()) return refuse(44004);
  if (count_chars(*content) > content_chars_max) return refuse(45002);
  const auto user = in.app->users.find(text_of(in.body, "openid").value_or(""));
  if (user == in.app->users.end()) return refuse(40003);
  const TimeMs active_at = user->second.last_active_at;
  if (active_at == 0 || in.now - active_at > active_within_ms) return refuse(61010);

  const std::string* risky = first_in(in.app->risky_words, *content);
  const std::string* hit = risky != nullptr ? risky : first_in(in.app->review_words, *content);
  const std::string_view suggest = risky != nullptr ? "risky" : hit != nullptr ? "review" : "pass";
  const int label = hit != nullptr ? 20006 : 100;
  json::object by_model{{"strategy", "content_model"}, {"errcode", 0}, {"suggest", suggest}, {"label", label}};
  by_model["prob"] = hit != nullptr ? 90 : 10;
  json::array detail{std::move(by_model)};
  if (hit != nullptr)
    detail.push_back(json::object{{"strategy", "keyword"},
                                  {"errcode", 0},
                                  {"suggest", suggest},
                                  {"label", label},
                                  {"level", 20},
                                  {"keyword", *hit}});
  ApiAnswer answer;
  answer.body = {{"errcode", 0}, {"errmsg", "ok"}, {"trace_id", in.world.next_msg_id()}};
  answer.body["result"] = {{"suggest", suggest}, {"label", label}};
  answer.body["detail"] = std::move(detail);
  return answer;
}

}  // namespace miniops::sandbox
