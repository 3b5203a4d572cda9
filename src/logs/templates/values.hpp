// Which chunks of a line are values by their form. A chunk is a run of letters, digits and joints. Pure.
#pragma once

#include <cstddef>
#include <string_view>

namespace miniops::logs::mining {

bool is_path(std::string_view chunk);          // also URLs, mail addresses, objects as Name@1f2e, C:\…
bool is_address(std::string_view chunk);       // IPv6 and MAC; the others are numbers
bool is_host(std::string_view chunk);          // www.qq.com, when a port follows
bool is_dotted_name(std::string_view chunk);   // at least three labels, the last without digits: hosts, classes
bool is_hex_word(std::string_view chunk);      // hexadecimal letters only, too many for a word
bool is_constant_name(std::string_view word);  // ACTION_DOWN: often what tells two events apart

// For a chunk with digits: how much of its beginning is a name that says what is numbered: 4 for blk_-17 and blk_5a.
// 0 when the whole chunk is the value, as for 10.1.2.3, 5ms, a64f992.
std::size_t name_size(std::string_view chunk);

}  // namespace miniops::logs::mining
