// The first half of mining: a message in which everything that is a value by its form is `<*>`. Pure.
#pragma once

#include <string>
#include <string_view>

namespace miniops::logs::mining {

inline constexpr std::string_view any_value = "<*>";
inline constexpr std::string_view any_word = "<word>";

// Reads at most `bytes_max` bytes and appends to an empty `masked`: valid UTF-8 without control characters, with single
// blanks. `<*>` and `<word>` in the line are values themselves.
void mask_values(std::string_view line, std::size_t bytes_max, std::string& masked);

}  // namespace miniops::logs::mining
