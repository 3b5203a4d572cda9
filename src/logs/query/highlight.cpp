#include "logs/query/highlight.hpp"

#include <re2/re2.h>

#include "base/text.hpp"
#include "logs/query/edges.hpp"

namespace miniops::logs {

namespace {

using Form = Value::Form;

struct Bytes {
  std::size_t begin = 0, end = 0;
};

// The length of the character that begins there.
std::size_t bytes_of_character(std::string_view text, std::size_t at) {
  std::size_t end = at + 1;
  while (end < text.size() && (static_cast<unsigned char>(text[end]) & 0xc0) == 0x80) ++end;
  return end - at;
}

// The characters before each place, which must come in order.
class CharacterCount {
 public:
  explicit CharacterCount(std::string_view text) : text_(text) {}
  std::size_t until(std::size_t byte) {
    for (; byte_ < byte; ++byte_)
      if ((static_cast<unsigned char>(text_[byte_]) & 0xc0) != 0x80) ++chars_;
    return chars_;
  }

 private:
  std::string_view text_;
  std::size_t byte_ = 0, chars_ = 0;
};

std::vector<TextRange> in_characters(std::string_view text, const std::vector<Bytes>& found) {
  CharacterCount count(text);
  std::vector<TextRange> out;
  for (const Bytes& one : found) {
    const std::size_t begin = count.until(one.begin);
    out.push_back({begin, count.until(one.end) - begin});
  }
  return out;
}

std::vector<TextRange> merged(std::vector<TextRange> ranges) {
  std::ranges::sort(ranges, {}, &TextRange::offset);
  std::vector<TextRange> out;
  for (const TextRange& range : ranges) {
    if (!out.empty() && range.offset <= out.back().offset + out.back().length) {
      const std::size_t end = std::max(out.back().offset + out.back().length, range.offset + range.length);
      out.back().length = end - out.back().offset;
    } else if (out.size() < highlights_max) {
      out.push_back(range);
    }
  }
  return out;
}

}  // namespace

// An expression and the group of it that is shown.
struct Highlighter::Wanted {
  std::unique_ptr<const RE2> expression;
  int group = 0;
  bool from_edge = false, to_edge = false;

  std::vector<Bytes> find(std::string_view text) const {
    std::vector<Bytes> out;
    const re2::StringPiece all(text.data(), text.size());
    std::array<re2::StringPiece, 2> found;
    for (std::size_t from = 0; from <= text.size() && out.size() < highlights_max;) {
      if (!expression->Match(all, from, text.size(), RE2::UNANCHORED, found.data(), group + 1)) break;
      const re2::StringPiece& part = found.at(static_cast<std::size_t>(group));
      const auto begin = static_cast<std::size_t>(part.data() - text.data());
      const Bytes place{begin, begin + part.size()};
      const bool counts = !part.empty() && is_free(text, place);
      if (counts) out.push_back(place);
      from = counts ? place.end : begin + (begin < text.size() ? bytes_of_character(text, begin) : 1);
    }
    return out;
  }

 private:
  bool is_free(std::string_view text, const Bytes& place) const {
    return (!from_edge || free_in_front(text, place.begin)) && (!to_edge || free_behind(text, place.end));
  }
};

namespace {

// The values that a matching line's text has: not those under a NOT.
void values_of_text(const Query& query, std::vector<const Value*>& out) {
  if (query.op == Query::Op::none) return;
  if (query.op == Query::Op::term && !query.property && query.field == "text") out.push_back(&query.value);
  for (const Query& part : query.of) values_of_text(part, out);
}

struct Shown {
  std::string expression;
  int group = 0;
  bool from_edge = false, to_edge = false;
};

Shown shown_of(const Value& value) {
  const bool begins = begins_with_letter(value.text);
  const bool ends = ends_with_letter(value.text);
  const std::string letters = RE2::QuoteMeta(value.text);
  switch (value.form) {
    case Form::text:
      return {"(?i)" + letters, 0, begins, ends};
    case Form::prefix:
      return {"(?i)" + letters, 0, begins, false};
    case Form::suffix:
      return {"(?i)" + letters, 0, false, ends};
    case Form::infix:
      return {"(?i)" + letters};
    case Form::pattern:
      return {pattern_as_regex(value.text), 1};
    case Form::regex:
      return {value.text};
    case Form::regex_no_case:
      return {"(?i)" + value.text};
    default:
      return {"^" + letters + "$"};
  }
}

}  // namespace

Highlighter::Highlighter(const Query& query) {
  std::vector<const Value*> values;
  values_of_text(query, values);
  for (const Value* value : values) {
    if (value->form == Form::exists) continue;
    const Shown shown = shown_of(*value);
    auto expression = std::make_unique<const RE2>(shown.expression, RE2::Quiet);
    if (expression->ok()) wanted_.push_back({std::move(expression), shown.group, shown.from_edge, shown.to_edge});
  }
}

Highlighter::~Highlighter() = default;

std::vector<TextRange> Highlighter::of(std::string_view whole) const {
  if (wanted_.empty()) return {};
  const std::string text = truncate_chars(whole, highlight_chars_max);
  std::vector<TextRange> all;
  for (const Wanted& wanted : wanted_) {
    const auto ranges = in_characters(text, wanted.find(text));
    all.insert(all.end(), ranges.begin(), ranges.end());
  }
  return merged(std::move(all));
}

}  // namespace miniops::logs
