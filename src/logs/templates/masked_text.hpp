// The masked message as it is written: several values in a row become one, so that lists of any length are alike.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace miniops::logs::mining {

enum class Form : std::uint8_t { number, path, text };

class MaskedText {
 public:
  explicit MaskedText(std::string& text) : text_(text) {}

  void put(std::string_view literal) { text_.append(literal); }
  void put(char c) { text_.push_back(c); }
  void put_blank();

  // `name` stays before the value, as in blk_<*>; it must outlive this.
  void put_value(Form form, std::string_view name = {});

  // Whether a value and at most a blank come last; `forget_blank` then takes the blank away.
  bool ends_with_value() const;
  void forget_blank() { text_.resize(value_end_); }

  char last() const { return text_.empty() ? ' ' : text_.back(); }
  void finish();

 private:
  std::string& text_;
  // The value put last.
  Form form_ = Form::number;
  std::string_view name_;
  std::size_t value_end_ = 0;
};

}  // namespace miniops::logs::mining
