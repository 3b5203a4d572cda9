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
  if (valid_utf8(text)) fuzz::require(valid_utf8(masked) && count_chars(masked) == count_chars(text));
  return 0;
}
