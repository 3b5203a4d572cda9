#include "logs/query/completion.hpp"

#include "base/text.hpp"
#include "logs/query/term.hpp"

namespace miniops::logs {

namespace {

using TokenKind = Token::Kind;

constexpr std::size_t completions_max = 50;

struct Word {
  std::string_view text, detail;
};
constexpr std::array<Word, 3> keywords{
    {{"AND", "both; the same as a blank"}, {"OR", "one of them"}, {"NOT", "not this"}}};
constexpr std::array<Word, 3> signs{{{">=", "at least"}, {"<=", "at most"}, {"*", "is there"}}};

std::size_t byte_of(std::string_view text, std::size_t chars) {
  std::size_t at = 0;
  for (; chars > 0 && at < text.size(); --chars) {
    ++at;
    while (at < text.size() && (static_cast<unsigned char>(text[at]) & 0xc0) == 0x80) ++at;
  }
  return at;
}

// The field before the innermost open parenthesis: its words are values.
const Token* outer_field(const std::vector<Token>& tokens) {
  std::vector<const Token*> open;
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    const bool of_field = i > 0 && tokens[i - 1].kind == TokenKind::field && tokens[i - 1].end == tokens[i].begin;
    if (tokens[i].kind == TokenKind::open)
      open.push_back(of_field ? &tokens[i - 1] : open.empty() ? nullptr : open.back());
    if (tokens[i].kind == TokenKind::close && !open.empty()) open.pop_back();
  }
  return open.empty() ? nullptr : open.back();
}

bool ends_term(TokenKind kind) {
  return kind == TokenKind::word || kind == TokenKind::phrase || kind == TokenKind::regex ||
         kind == TokenKind::regex_no_case || kind == TokenKind::range || kind == TokenKind::close;
}

bool begins_with(std::string_view text, std::string_view begun) { return fold(text).starts_with(fold(begun)); }

class Offers {
 public:
  explicit Offers(const Place& place) : place_(place) {}

  void add(std::string_view matched, std::string text, std::string kind, std::string_view detail) {
    if (out_.size() < completions_max && begins_with(matched, place_.begun))
      out_.push_back({std::move(text), std::move(kind), std::string(detail)});
  }
  bool has(std::string_view text) const {
    return std::ranges::any_of(out_, [&](const Completion& one) { return one.text == text; });
  }
  std::vector<Completion> take() { return std::move(out_); }

 private:
  const Place& place_;
  std::vector<Completion> out_;
};

std::string property_name(const std::string& name) {
  const std::string full = find_field(name) ? std::string(property_prefix) + name : name;
  return (plain_name(full) ? full : "\"" + full + "\"") + ":";
}

std::vector<Completion> terms(const Place& place, const std::vector<std::string>& properties) {
  Offers out(place);
  for (const FieldInfo& field : fields()) {
    out.add(field.name, std::string(field.name) + ":", "field", field.detail);
    if (!place.begun.empty() && !field.alias.empty() && !begins_with(field.name, place.begun))
      out.add(field.alias, std::string(field.name) + ":", "field", field.detail);
  }
  for (const std::string& name : properties)
    if (!name.contains('"') && !name.contains('\\')) out.add(name, property_name(name), "property", "");
  for (const Word& word : keywords)
    if (place.after_term || word.text == word_not) out.add(word.text, std::string(word.text), "keyword", word.detail);
  return out.take();
}

std::span<const std::string_view> known_values(const Place& place) {
  const FieldInfo* info = place.property ? nullptr : find_field(place.field);
  if (info && info->sort == Sort::level) return level_names();
  if (info && info->sort == Sort::build) return build_names();
  return {};
}

}  // namespace

Place place_at(std::string_view text, std::size_t cursor) {
  if (!valid_utf8(text)) return {};
  const std::size_t end = byte_of(text, std::min(cursor, count_chars(text)));
  const auto tokens = lex(text.substr(0, end));
  const Token* last = tokens.size() > 1 ? &tokens[tokens.size() - 2] : nullptr;
  const Token* before = tokens.size() > 2 ? &tokens[tokens.size() - 3] : nullptr;
  const bool touching = last && last->end == end && last->kind != TokenKind::open && last->kind != TokenKind::close;
  const Token* field = outer_field(tokens);
  if (touching && last->kind == TokenKind::field) field = last;
  if (touching && before && before->kind == TokenKind::field && before->end == last->begin) field = before;

  Place place;
  const bool in_word =
      touching && (last->kind == TokenKind::word || last->kind == TokenKind::all || last->kind == TokenKind::any ||
                   (last->kind == TokenKind::none && last->text == word_not));
  const bool in_phrase = touching && last->kind == TokenKind::phrase && !last->closed;
  const bool in_closed =
      touching && !in_word && !in_phrase && last->kind != TokenKind::field && last->kind != TokenKind::none;
  if (in_closed || (in_phrase && !field)) return place;
  const std::size_t from = in_word || in_phrase ? last->begin : end;
  std::size_t to = end;
  while (in_word && to < text.size() && plain_name(fmt::format("a{}", text[to]))) ++to;
  place.from = count_chars(text.substr(0, from));
  place.to = count_chars(text.substr(0, to));
  if (in_word || in_phrase) place.begun = last->text;
  const Token* earlier = in_word ? before : last;
  place.after_term = earlier && ends_term(earlier->kind);
  place.what = field ? Place::What::value : Place::What::term;
  if (!field) return place;
  const NamedField named = named_field(field->text);
  place.field = named.name;
  place.property = !named.info;
  const bool sorted = !named.info || named.info->sort == Sort::number || named.info->sort == Sort::value ||
                      named.info->sort == Sort::level;
  place.ordered = sorted && field == last && field->test == Token::Test::has;
  return place;
}

std::vector<Completion> complete(const Place& place, const std::vector<std::string>& properties,
                                 const std::vector<std::string>& values) {
  if (place.what == Place::What::nothing) return {};
  if (place.what == Place::What::term) return terms(place, properties);
  Offers out(place);
  for (const std::string_view value : known_values(place)) out.add(value, std::string(value), "value", "");
  for (const std::string& value : values)
    if (!value.empty() && !out.has(as_written(value))) out.add(value, as_written(value), "value", "");
  if (place.ordered)
    for (const Word& sign : signs) out.add(sign.text, std::string(sign.text), "operator", sign.detail);
  return out.take();
}

}  // namespace miniops::logs
