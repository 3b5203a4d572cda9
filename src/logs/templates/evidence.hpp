// When different words at one place of a message are a parameter. Pure.
//
// A word is worth the more the less it looks like a part of the program's text: a value known by its form most, a name
// with dots (com.qq.App) less, a plain word (root) a little, a word of events (started, LOOKING) next to nothing. The
// words seen at one place, with all other places alike, must together be worth the more the fewer words are alike:
// "Failed password for * from <*> port <*>" needs four plain words, "Interrupting *" ten.
#pragma once

#include <cstddef>
#include <string_view>

namespace miniops::logs::mining {

int worth_of(std::string_view word);

// `alike`: how many words are the same in all of these messages. The first word of a message needs twice as much.
int worth_needed(std::size_t alike, bool first);

// Neither a parameter nor a mere number.
bool is_plain(std::string_view word);

}  // namespace miniops::logs::mining
