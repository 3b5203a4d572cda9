#include "base/mask.hpp"

#include "base/text.hpp"
#include "targets/fuzz.hpp"

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace miniops;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  std::size_t done = 0;
  for (const PersonalSpan& span : find_personal_data(text)) {
    fuzz::require(span.begin >= done && span.end >= span.begin + 11 && span.end <= size);
    done = span.end;
  }
  const std::string masked = mask_personal_data(text);
  fuzz::require(masked.size() <= size);
  fuzz::require((masked == text) == (done == 0));
  // What was hidden, put back, is the text.
  const HiddenText hidden = hide_personal_data(text);
  std::string whole;
  done = 0;
  for (const HiddenNumber& number : hidden.numbers) {
    fuzz::require(number.begin >= done && number.end > number.begin && number.end <= hidden.text.size());
    whole += hidden.text.substr(done, number.begin - done) + number.written;
    done = number.end;
    const auto typed = as_personal_number(number.written);
    if (typed) fuzz::require(typed->kind == number.kind && typed->plain == plain_number(number.written));
  }
  fuzz::require(whole + hidden.text.substr(done) == text && hidden.text == masked);
  if (valid_utf8(text)) fuzz::require(valid_utf8(masked) && count_chars(masked) == count_chars(text));
  return 0;
}
