#include "people/session_from.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <vector>

#include "base/encoding.hpp"
#include "base/text.hpp"
#include "people/errors.hpp"

namespace miniops::people {

namespace {

constexpr TimeMs early_ms_max = 5 * minute_ms;
constexpr std::array<std::string_view, 6> problem_words{"none",    "malformed", "wrong",
                                                        "expired", "too_early", "other_openid"};

constexpr std::size_t path_bytes_max = 200;
constexpr std::size_t word_chars_max = 20;
constexpr std::int64_t word_digits_max = 3;

using Pair = std::pair<std::string, std::string>;

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_path_letter(char c) {
  return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '-' || c == '.' ||
         c == '/';
}

bool is_path(std::string_view text) {
  return text.size() <= path_bytes_max && text.contains('/') && std::ranges::all_of(text, is_path_letter);
}

bool is_word(std::string_view text) {
  const std::string folded = fold(text);  // full-width signs are signs, too
  const auto fits = [](char c) { return static_cast<unsigned char>(c) >= 0x80 || is_path_letter(c); };
  return !text.empty() && count_chars(text) <= word_chars_max && std::ranges::all_of(folded, fits) &&
         std::ranges::count_if(folded, is_digit) <= word_digits_max;
}

std::string decoded(std::string_view text) {
  auto plain = url_decode(text, true);
  return plain && valid_utf8(*plain) ? std::move(*plain) : std::string(text);
}

std::vector<Pair> pairs_of(std::string_view text) {
  std::vector<Pair> pairs;
  while (!text.empty()) {
    const std::string_view pair = text.substr(0, text.find('&'));
    text.remove_prefix(std::min(pair.size() + 1, text.size()));
    if (pair.empty()) continue;
    const std::size_t equals = std::min(pair.find('='), pair.size());
    pairs.emplace_back(decoded(pair.substr(0, equals)), decoded(pair.substr(std::min(equals + 1, pair.size()))));
  }
  return pairs;
}

std::string canonical(const Parameters& parameters) {
  std::string out;
  for (const auto& [name, value] : parameters) {
    if (!out.empty()) out += '&';
    out += url_encode(name) + '=' + url_encode(value);
  }
  return out;
}

std::string signature_of(std::string_view key, const Parameters& parameters) {
  return base64url(hmac_sha256(key, canonical(parameters)));
}

std::optional<TimeMs> signed_at(const Parameters& parameters) {
  const auto found = parameters.find("_ts");
  if (found == parameters.end()) return std::nullopt;
  const std::string& text = found->second;
  constexpr std::size_t digits_max = 12;  // no overflow in milliseconds
  std::int64_t seconds = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), seconds);
  if (problem != std::errc{} || end != text.data() + text.size() || seconds < 0 || text.size() > digits_max)
    return std::nullopt;
  return seconds * second_ms;
}

SignatureProblem check(std::string_view key, const Parameters& before, std::string_view signature,
                       const SessionFromArrival& arrival) {
  // Without a key anybody could make a signature.
  if (key.empty() || !equal_constant_time(signature_of(key, before), signature)) return SignatureProblem::wrong;
  const auto at = signed_at(before);
  if (!at) return SignatureProblem::malformed;
  if (*at > arrival.now + early_ms_max) return SignatureProblem::too_early;
  if (*at < arrival.now - arrival.valid_ms) return SignatureProblem::expired;
  const auto openid = before.find("_openid");
  if (openid != before.end() && openid->second != arrival.openid) return SignatureProblem::other_openid;
  return SignatureProblem::none;
}

}  // namespace

std::string_view to_string(SignatureProblem problem) { return problem_words[static_cast<std::size_t>(problem)]; }

SignedParameters signed_parameters(std::string_view key, std::string_view session_from,
                                   const SessionFromArrival& arrival) {
  SignedParameters out;
  if (session_from.size() > session_from_bytes_max || !valid_utf8(session_from)) {
    out.problem = SignatureProblem::malformed;
    return out;
  }
  const std::vector<Pair> pairs = pairs_of(session_from);
  Parameters before;
  std::optional<std::string> signature;
  bool twice = false;
  Parameters after;
  for (const auto& [name, value] : pairs) {
    if (signature) {
      after.emplace(name, value);
    } else if (name == "_sig") {
      signature = value;
    } else {
      twice |= !before.emplace(name, value).second;
    }
  }
  if (signature) out.problem = twice ? SignatureProblem::malformed : check(key, before, *signature, arrival);
  std::erase_if(before, [](const auto& one) { return one.first.starts_with('_'); });
  std::erase_if(after, [](const auto& one) { return one.first.starts_with('_'); });
  const bool trusted = signature && out.problem == SignatureProblem::none;
  out.untrusted = std::move(after);
  if (trusted) {
    out.trusted = std::move(before);
  } else {
    before.merge(out.untrusted);  // the first of a name stays
    out.untrusted = std::move(before);
  }
  return out;
}

Result<std::string> sign_session_from(std::string_view key, const Parameters& parameters, std::string_view openid,
                                      TimeMs now) {
  Parameters all = parameters;
  for (const auto& [name, value] : parameters) {
    if (name.empty() || name.starts_with('_'))
      return fail(errors::invalid_session_from("a name is empty or begins with '_'"));
    if (!valid_utf8(name) || !valid_utf8(value)) return fail(errors::invalid_session_from("it is no UTF-8"));
  }
  if (key.empty()) return fail(errors::invalid_session_from("there is no key"));
  if (!openid.empty()) all["_openid"] = openid;
  all["_ts"] = std::to_string(now / second_ms);
  std::string text = canonical(all) + "&_sig=" + signature_of(key, all);
  if (text.size() > session_from_bytes_max)
    return fail(errors::invalid_session_from("it is longer than the 1,000 bytes that WeChat takes"));
  return text;
}

std::string without_signature(std::string_view session_from) {
  std::string out;
  while (!session_from.empty()) {
    const std::string_view pair = session_from.substr(0, session_from.find('&'));
    session_from.remove_prefix(std::min(pair.size() + 1, session_from.size()));
    if (decoded(pair.substr(0, pair.find('='))) == "_sig") continue;
    if (!out.empty()) out += '&';
    out += pair;
  }
  return out;
}

std::string plain_source(std::string_view source) {
  const std::string_view path = source.substr(0, source.find('?'));
  if (is_path(path)) return std::string(path);
  return is_word(source) ? std::string(source) : std::string();
}

}  // namespace miniops::people
