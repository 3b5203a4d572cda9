#include "logs/templates/masker.hpp"

#include <algorithm>

#include "logs/templates/characters.hpp"
#include "logs/templates/masked_text.hpp"
#include "logs/templates/values.hpp"
#include "logs/templates/vocabulary.hpp"

namespace miniops::logs::mining {

namespace {

constexpr std::size_t word_max = 64;     // what is longer is no word
constexpr std::size_t quoted_max = 256;  // what is longer was not meant to be one value
constexpr std::size_t nested_max = 128;

class Masker {
 public:
  Masker(std::string_view line, std::string& out) : line_(line), out_(out) {}

  void run() {
    while (at_ < line_.size()) {
      switch (kind_of(line_[at_])) {
        case CharKind::blank:
          blank();
          break;
        case CharKind::wide:
          wide();
          break;
        case CharKind::separator:
          separator();
          break;
        case CharKind::letter:
        case CharKind::digit:
        case CharKind::joint:
          chunk();
          break;
      }
    }
    out_.finish();
  }

 private:
  char at(std::size_t index) const { return index < line_.size() ? line_[index] : ' '; }

  void blank() {
    ++at_;
    out_.put_blank();
  }

  void wide() {
    const Wide character = wide_at(line_, at_);
    if (character.size == 0) out_.put('?');
    out_.put(line_.substr(at_, character.size));
    at_ += character.size == 0 ? 1 : character.size;
  }

  void separator() {
    const char c = line_[at_];
    if (c == '<' && (marker() || less_than())) return;
    if ((c == '"' || c == '\'' || c == '`') && quoted(c, false)) return;
    out_.put(c);
    ++at_;
    if (c == '=') value_of_key();
  }

  // A parameter in the line itself.
  bool marker() {
    for (const std::string_view one : {any_value, any_word}) {
      if (!line_.substr(at_).starts_with(one)) continue;
      at_ += one.size();
      out_.put_value(Form::text);
      return true;
    }
    return false;
  }

  // "<1 sec" is a value as "2 sec" is.
  bool less_than() {
    if (out_.last() != ' ' || !is_digit(at(at_ + 1))) return false;
    std::size_t end = at_ + 1;
    while (is_digit(at(end))) ++end;
    if (at(end) == '>') return false;
    ++at_;
    return true;
  }

  // Quoted text is one value, but for the name of a JSON member and an HTTP request line.
  bool quoted(char quote, bool always) {
    if (is_alnum(out_.last())) return false;
    const std::size_t end = line_.find(quote, at_ + 1);
    if (end == std::string_view::npos || end - at_ > quoted_max || is_alnum(at(end + 1))) return false;
    const std::string_view inside = line_.substr(at_ + 1, end - at_ - 1);
    if (!always && is_request_line(inside)) return false;
    out_.put(quote);
    if (!always && at(end + 1) == ':' && all_of(inside, [](char c) { return is_letter(c) || c == '_'; }))
      out_.put(inside);
    else
      out_.put_value(Form::text);
    out_.put(quote);
    at_ = end + 1;
    return true;
  }

  static bool is_request_line(std::string_view text) {
    const std::size_t space = text.find(' ');
    if (space == std::string_view::npos || !all_of(text.substr(0, space), is_upper)) return false;
    const std::string_view target = text.substr(space + 1);
    return target.starts_with('/') || target.starts_with("http");
  }

  // After key=. Plain words stay; whether they vary is seen from other lines.
  void value_of_key() {
    const std::size_t equals = at_ - 1;
    const char before = equals == 0 ? ' ' : line_[equals - 1];
    if (std::string_view("=!<>").contains(before)) return;
    const std::size_t begin = at(at_) == ' ' && before == ' ' ? at_ + 1 : at_;
    std::size_t end = begin;
    bool digits = false;
    for (; is_alnum(at(end)) || kind_of(at(end)) == CharKind::joint; ++end) digits = digits || is_digit(line_[end]);
    if (end == begin && (at(begin) == '"' || at(begin) == '\'')) {
      skip_to(begin);
      quoted(line_[begin], true);
    } else if (const std::size_t nested = end_of_nested(end); end > begin && nested > end) {
      skip_to(begin);
      at_ = nested;
      out_.put_value(Form::text);
    } else if (digits && nested == end && at(end) != '=' && !is_constant_name(line_.substr(begin, end - begin))) {
      while (end > begin + 1 && (line_[end - 1] == '.' || line_[end - 1] == ':')) --end;
      skip_to(begin);
      at_ = end;
      out_.put_value(Form::number);
    }
  }

  void skip_to(std::size_t begin) {
    if (begin != at_) out_.put(' ');
    at_ = begin;
  }

  // Of "{…}", "(…)" or "[…]" without blanks: WorkSource{10057}. `begin` when there is none; 0 when it is something
  // else.
  std::size_t end_of_nested(std::size_t begin) const {
    const char open = at(begin);
    if (open != '{' && open != '(' && open != '[') return begin;
    const char close = open == '{' ? '}' : open == '(' ? ')' : ']';
    std::size_t end = begin + 1;
    while (end < line_.size() && end - begin < nested_max && line_[end] != ' ' && line_[end] != close) ++end;
    return at(end) == close ? end + 1 : 0;
  }

  // A run of letters, digits and joints.
  void chunk() {
    const std::size_t begin = at_;
    bool digits = false;
    bool joints = false;
    for (; at_ < line_.size(); ++at_) {
      const CharKind kind = kind_of(line_[at_]);
      if (kind == CharKind::digit)
        digits = true;
      else if (kind == CharKind::joint)
        joints = true;
      else if (kind != CharKind::letter)
        break;
    }
    const std::string_view text = line_.substr(begin, at_ - begin);
    if (!joints && !digits) return word(text);
    if (text.contains("://")) return url();
    if (text.ends_with('-') && at(at_) == '[') return range(text);
    if (is_register(text)) return out_.put(text);
    if (is_address(text) || (text.size() > 2 && all_of(text, [](char c) { return c == '*'; })))
      return out_.put_value(Form::number);
    joined(text, digits);
  }

  void url() {
    while (at_ < line_.size() && kind_of(line_[at_]) != CharKind::blank &&
           !std::string_view("\"'<>),;]").contains(line_[at_]))
      ++at_;
    out_.put_value(Form::path);
  }

  // node-[40-63,70]: as node-40.
  void range(std::string_view name) {
    const std::size_t end = line_.find_first_not_of("0123456789,-", at_ + 1);
    if (end == std::string_view::npos || line_[end] != ']') return out_.put(name);
    at_ = end + 1;
    out_.put_value(Form::number, name);
  }

  // r1= and x[0]= are keys; masking them would make lists of them.
  bool is_register(std::string_view text) const {
    return text.size() <= 3 && at(at_) == '=' && is_letter(text[0]) && all_of(text.substr(1), is_digit);
  }

  void joined(std::string_view text, bool digits) {
    const std::size_t begin = std::min(text.find_first_not_of(".:"), text.size());
    const std::size_t end = std::max(text.find_last_not_of(".:-") + 1, begin);
    out_.put(text.substr(0, begin));
    const std::string_view inside = text.substr(begin, end - begin);
    if (is_path(inside))
      out_.put_value(inside[0] == '/' || std::ranges::any_of(inside, is_letter) ? Form::path : Form::number);
    else if (digits)
      numbered(inside);
    else if (!inside.empty())
      word(inside);
    out_.put(text.substr(end));
  }

  void word(std::string_view text) {
    if (out_.ends_with_value() && (is_unit(text) || is_zone(text))) return out_.forget_blank();
    if (text.size() == 3 && is_of_date(text)) return out_.put_value(Form::number);
    if (text.size() > word_max || is_hex_word(text)) return out_.put_value(Form::number);
    out_.put(text);
  }

  bool is_of_date(std::string_view text) const {
    const bool month = is_month(text);
    if (!month && !is_weekday(text)) return false;
    if (month && out_.ends_with_value()) return true;
    std::size_t next = at_;
    if (at(next) == ',') ++next;
    if (at(next) == ' ') ++next;
    return next > at_ && next < line_.size() && (is_digit(line_[next]) || (!month && is_month(line_.substr(next, 3))));
  }

  // A chunk with digits: what stands between its colons is looked at by itself.
  void numbered(std::string_view text) {
    while (true) {
      const std::size_t colon = text.find(':');
      const std::string_view part = text.substr(0, colon);
      const bool port = colon != std::string_view::npos && colon + 1 < text.size() && is_digit(text[colon + 1]);
      if (port && is_host(part))
        out_.put_value(Form::number);
      else if (std::ranges::any_of(part, is_digit))
        number(part);
      else if (is_dotted_name(part) || is_hex_word(part))
        out_.put_value(Form::number);
      else
        out_.put(part);
      if (colon == std::string_view::npos) return;
      out_.put(':');
      text.remove_prefix(colon + 1);
    }
  }

  void number(std::string_view text) {
    const std::string_view name = text.substr(0, name_size(text));
    out_.put_value(name.empty() && is_dotted_name(text) ? Form::text : Form::number, name);
  }

  std::string_view line_;
  MaskedText out_;
  std::size_t at_ = 0;
};

}  // namespace

void mask_values(std::string_view line, std::size_t bytes_max, std::string& masked) {
  if (line.size() > bytes_max) {
    const std::size_t blank = line.substr(0, bytes_max + 1).rfind(' ');  // no half word
    line = line.substr(0, blank == std::string_view::npos || blank < bytes_max / 2 ? bytes_max : blank);
  }
  Masker(line, masked).run();
}

}  // namespace miniops::logs::mining
