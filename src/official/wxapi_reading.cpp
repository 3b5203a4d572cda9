#include <charconv>

#include "base/text.hpp"
#include "official/wxapi.hpp"

namespace miniops::official::wx {

namespace {

constexpr std::size_t value_chars_max = 500;

std::optional<std::int64_t> number_in(std::string_view text, std::int64_t min, std::int64_t max) {
  std::int64_t number = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), number);
  const bool whole = problem == std::errc{} && end == text.data() + text.size();
  return whole && number >= min && number <= max ? std::optional(number) : std::nullopt;
}

}  // namespace

std::unexpected<Refused> refuse(int errcode, std::string errmsg) {
  return std::unexpected(Refused{errcode, std::move(errmsg)});
}

Refused bad(std::string_view name) { return {40097, fmt::format("invalid args: {}", name)}; }

Refused bad_log(std::string_view name) { return {200002, fmt::format("invalid parameter: {}", name)}; }

Refused refused(const Error& error) {
  if (error.kind == ErrorKind::too_many) return {45011, "api minute-quota reach limit, must slower: " + error.code};
  if (error.kind == ErrorKind::invalid) return {40097, "invalid args: " + error.message};
  return {-1, "system error: " + error.code};
}

Wx<Body> Body::of(const net::Request& request) {
  if (request.body.empty()) return refuse(44002, "empty post data");
  auto parsed = parse_json(request.body);
  if (!parsed || !parsed->is_object()) return refuse(47001, "data format error");
  return Body(std::move(parsed->get_object()));
}

Wx<std::string> Body::text(std::string_view name, std::string otherwise) const {
  const json::value* value = object_.if_contains(name);
  if (value == nullptr || value->is_null()) return otherwise;
  if (value->is_int64()) return std::to_string(value->get_int64());
  if (!value->is_string() || value->get_string().size() > value_chars_max) return std::unexpected(bad(name));
  return std::string(value->get_string());
}

Wx<std::int64_t> Body::number(std::string_view name, std::int64_t otherwise, std::int64_t min, std::int64_t max) const {
  const auto word = text(name, std::to_string(otherwise));
  if (!word) return std::unexpected(word.error());
  const auto number = number_in(*word, min, max);
  if (!number) return std::unexpected(bad(name));
  return *number;
}

Wx<std::string> Body::choice(std::string_view name) const {
  auto word = text(name);
  if (word && *word == "0") word->clear();
  return word;
}

Wx<OwnDays> Body::days() const {
  const auto from = parse_date(text("startTime").value_or(""));
  const auto to = parse_date(text("endTime").value_or(""));
  if (!from || !to || *from > *to) return std::unexpected(bad("startTime, endTime"));
  return OwnDays{*from, *to};
}

Wx<std::int64_t> log_number(const net::Request& request, std::string_view name, std::int64_t otherwise,
                            std::int64_t min, std::int64_t max) {
  const auto text = request.query_value(name);
  if (!text || text->empty()) return otherwise;
  const auto number = number_in(*text, min, max);
  if (!number) return std::unexpected(bad_log(name));
  return *number;
}

Wx<std::string> log_text(const net::Request& request, std::string_view name) {
  std::string text = request.query_value(name).value_or("");
  if (text.size() > value_chars_max || !valid_utf8(text)) return std::unexpected(bad_log(name));
  return text;
}

}  // namespace miniops::official::wx
