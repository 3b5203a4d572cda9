// What a strict parser refuses and a phone may well send. Runs only over what was refused.
#include <algorithm>
#include <charconv>
#include <cmath>

#include "base/text.hpp"
#include "telemetry/decode/json.hpp"

namespace miniops::telemetry {

namespace {

constexpr std::string_view replacement = "\xEF\xBF\xBD";

class Repair {
 public:
  explicit Repair(std::string_view text) : in_(text) { out_.reserve(text.size() + 64); }

  std::string run() {
    while (at_ < in_.size()) {
      const char c = in_[at_];
      if (c == '"') {
        text();
      } else if (c == '-' || (c >= '0' && c <= '9')) {
        number();
      } else {
        copy(1);
      }
    }
    return std::move(out_);
  }

 private:
  void copy(std::size_t count) {
    out_.append(in_.substr(at_, count));
    at_ = std::min(at_ + count, in_.size());
  }
  void replace(std::size_t count, std::string_view by) {
    out_.append(by);
    at_ += count;
  }

  void number() {
    const std::size_t end = std::min(in_.find_first_not_of("0123456789+-.eE", at_), in_.size());
    const std::string_view digits = in_.substr(at_, end - at_);
    double value = 0;
    const auto [stop, problem] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
    if (problem == std::errc::result_out_of_range && contains_sign_minus(digits)) {
      replace(digits.size(), "0");
    } else if (problem == std::errc::result_out_of_range) {
      replace(digits.size(), "null");  // as JSON.stringify writes Infinity
    } else {
      const bool whole = digits.find_first_of(".eE") == std::string_view::npos;
      copy(digits.size());
      if (whole && digits.size() > 18) out_.append("e0");  // then it is read as a double
    }
  }
  static bool contains_sign_minus(std::string_view digits) {
    const std::size_t exponent = digits.find_first_of("eE");
    return exponent != std::string_view::npos && digits.find('-', exponent) != std::string_view::npos;
  }

  void text() {
    copy(1);
    while (at_ < in_.size()) {
      const char c = in_[at_];
      if (c == '"') {
        copy(1);
        return;
      }
      if (c == '\\') {
        escape();
      } else if (static_cast<unsigned char>(c) < 0x20) {
        constexpr std::string_view hex = "0123456789abcdef";
        replace(1, std::string("\\u00") + hex[static_cast<unsigned char>(c) >> 4] + hex[c & 15]);
      } else {
        character();
      }
    }
  }

  // The code unit of `\uXXXX` at a place; nullopt when there is none.
  std::optional<unsigned> unit(std::size_t at) const {
    if (in_.substr(at, 2) != "\\u" || at + 6 > in_.size()) return std::nullopt;
    unsigned value = 0;
    const char* begin = in_.data() + at + 2;
    const auto [end, problem] = std::from_chars(begin, begin + 4, value, 16);
    return problem == std::errc() && end == begin + 4 ? std::optional(value) : std::nullopt;
  }

  void escape() {
    const auto first = unit(at_);
    if (!first) return copy(2);
    if (*first < 0xD800 || *first > 0xDFFF) return copy(6);
    const auto second = *first < 0xDC00 ? unit(at_ + 6) : std::nullopt;
    if (second && *second >= 0xDC00 && *second <= 0xDFFF) return copy(12);
    replace(6, replacement);
  }

  void character() {
    for (std::size_t bytes = 1; bytes <= 4; ++bytes) {
      const std::string_view one = in_.substr(at_, bytes);
      if (one.size() == bytes && valid_utf8(one)) return copy(bytes);
    }
    replace(1, replacement);
  }

  std::string_view in_;
  std::size_t at_ = 0;
  std::string out_;
};

}  // namespace

std::string repair_json(std::string_view text) { return Repair(text).run(); }

}  // namespace miniops::telemetry
