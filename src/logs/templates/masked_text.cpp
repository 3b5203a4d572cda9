#include "logs/templates/masked_text.hpp"

#include "logs/templates/masker.hpp"

namespace miniops::logs::mining {

namespace {

// Whether two values with this between them are one list, or one value in parts.
bool joins(std::string_view between, bool same_form) {
  bool apart = false;
  bool tight = false;
  while (!between.empty()) {
    const bool wide_comma = between.starts_with("、") || between.starts_with("，");
    if (wide_comma || between[0] == ' ')
      apart = true;
    else if (std::string_view("._/:#+~@;*").contains(between[0]))
      tight = true;
    else if (!std::string_view(",-|\"").contains(between[0]))
      return false;
    between.remove_prefix(wide_comma ? std::string_view("、").size() : 1);
  }
  return !apart || (!tight && same_form);
}

}  // namespace

void MaskedText::put_blank() {
  if (!text_.empty() && text_.back() != ' ') text_.push_back(' ');
}

void MaskedText::put_value(Form form, std::string_view name) {
  const std::string_view written = text_;
  const bool listed = value_end_ > 0 && name_ == name && joins(written.substr(value_end_), form == form_);
  form_ = form;
  if (listed) {
    text_.resize(value_end_);
    return;
  }
  name_ = name;
  text_.append(name).append(any_value);
  value_end_ = text_.size();
}

bool MaskedText::ends_with_value() const {
  return value_end_ > 0 && (text_.size() == value_end_ || (text_.size() == value_end_ + 1 && text_.back() == ' '));
}

void MaskedText::finish() {
  while (text_.ends_with(' ')) text_.pop_back();
}

}  // namespace miniops::logs::mining
