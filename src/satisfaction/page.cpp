#include "satisfaction/page.hpp"

#include <array>
#include <charconv>

#include "base/encoding.hpp"
#include "satisfaction/survey.hpp"

namespace miniops::satisfaction {

namespace {

constexpr std::string_view style =
    "body{margin:0;background:#f5f5f5;color:#222;font:16px/1.6 system-ui,'PingFang SC','Noto Sans CJK SC',sans-serif}"
    "main{max-width:420px;margin:0 auto;padding:24px 16px}h1{font-size:20px}fieldset{border:0;margin:0;padding:0}"
    "label{display:block;padding:10px 12px;margin:8px 0;background:#fff;border-radius:6px}"
    "textarea{box-sizing:border-box;width:100%;padding:8px;border:1px solid #ccc;border-radius:6px;font:inherit}"
    "button{width:100%;margin-top:16px;padding:10px;border:0;border-radius:6px;background:#07803f;color:#fff;"
    "font:inherit}[role=alert]{color:#b00020}";

struct Texts {
  std::string_view tag, title, legend, comment, send;
  std::array<std::string_view, score_max> scores;  // 1 … 5
  std::string_view incomplete, thanks, used, expired, unknown, busy;
};

constexpr Texts chinese{"zh-CN",
                        "评价本次服务",
                        "您对本次服务满意吗？",
                        "还有什么想说的（选填，500 字以内）",
                        "提交",
                        {"1 非常不满意", "2 不满意", "3 一般", "4 满意", "5 非常满意"},
                        "请选择 1 到 5 分；留言不超过 500 字。",
                        "评价已提交，谢谢！",
                        "本次服务已经评价过了，谢谢！",
                        "这个链接已过期。",
                        "没有这个链接，请核对地址。",
                        "暂时无法提交，请稍后再试。"};
constexpr Texts english{"en",
                        "Rate our service",
                        "How was our service?",
                        "Anything to add? (optional, at most 500 characters)",
                        "Send",
                        {"1 very bad", "2 bad", "3 so-so", "4 good", "5 very good"},
                        "Please choose 1 to 5; a comment has at most 500 characters.",
                        "Your rating is in. Thank you!",
                        "This service was rated already. Thank you!",
                        "This link has expired.",
                        "There is no such link; please check the address.",
                        "It does not work at the moment; please try again later."};

std::string form_html(const Texts& texts, bool incomplete) {
  std::string out = "<form method=\"post\">";
  if (incomplete) out += fmt::format("<p role=\"alert\">{}</p>", texts.incomplete);
  out += fmt::format("<fieldset><legend>{}</legend>", texts.legend);
  for (int score = score_max; score >= 1; --score)
    out += fmt::format("<label><input type=\"radio\" name=\"score\" value=\"{}\" required> {}</label>", score,
                       texts.scores[static_cast<std::size_t>(score - 1)]);
  out += fmt::format(
      "</fieldset><label for=\"comment\">{}</label><textarea id=\"comment\" name=\"comment\" rows=\"4\" "
      "maxlength=\"{}\"></textarea><button>{}</button></form>",
      texts.comment, comment_chars_max, texts.send);
  return out;
}

std::string content_html(const Texts& texts, Shown shown) {
  const auto said = [](std::string_view text) { return fmt::format("<p role=\"status\">{}</p>", text); };
  switch (shown) {
    case Shown::form:
      return form_html(texts, false);
    case Shown::incomplete:
      return form_html(texts, true);
    case Shown::thanks:
      return said(texts.thanks);
    case Shown::used:
      return said(texts.used);
    case Shown::expired:
      return said(texts.expired);
    case Shown::unknown:
      return said(texts.unknown);
    case Shown::busy:
      return said(texts.busy);
  }
  return said(texts.busy);
}

std::string_view trimmed(std::string_view text) {
  while (text.starts_with(' ') || text.starts_with('\t')) text.remove_prefix(1);
  return text;
}

// "en;q=0.8": how much it is liked, in thousandths; 1000 unless it says less.
int liking(std::string_view parameters) {
  const std::size_t at = parameters.find("q=");
  if (at == std::string_view::npos) return 1000;
  double quality = 0;
  const char* const begin = parameters.data() + at + 2;
  const auto [end, problem] = std::from_chars(begin, parameters.data() + parameters.size(), quality);
  if (problem != std::errc{} || !(quality >= 0 && quality <= 1)) return 0;
  return static_cast<int>(quality * 1000);
}

}  // namespace

Language language_of(std::string_view accept_language) {
  std::array<int, 2> liked{0, 0};  // zh, en
  while (!accept_language.empty()) {
    const std::string_view part = accept_language.substr(0, accept_language.find(','));
    accept_language.remove_prefix(std::min(accept_language.size(), part.size() + 1));
    const std::string_view range = trimmed(part.substr(0, part.find(';')));
    const int quality = liking(part.substr(std::min(part.size(), part.find(';'))));
    if (range.starts_with("zh")) liked[0] = std::max(liked[0], quality);
    if (range.starts_with("en")) liked[1] = std::max(liked[1], quality);
    if (liked[0] == quality && quality == 1000) return Language::zh;
    if (liked[1] == quality && quality == 1000) return Language::en;
  }
  return liked[1] > liked[0] ? Language::en : Language::zh;
}

std::string rating_html(Language language, Shown shown) {
  const Texts& texts = language == Language::en ? english : chinese;
  return fmt::format(
      "<!doctype html><html lang=\"{}\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" "
      "content=\"width=device-width,initial-scale=1\"><meta name=\"robots\" content=\"noindex\"><title>{}</title>"
      "<style>{}</style></head><body><main><h1>{}</h1>{}</main></body></html>",
      texts.tag, texts.title, style, texts.title, content_html(texts, shown));
}

const std::string& rating_policy() {
  static const std::string policy = fmt::format(
      "default-src 'none'; style-src 'sha256-{}'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
      base64(sha256(style)));
  return policy;
}

}  // namespace miniops::satisfaction
