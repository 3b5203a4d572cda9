// A message without what differs from time to time. Pure.
#pragma once

#include <string>
#include <string_view>

namespace miniops::issues {

// The first line of a message, with <number>, <id>, <url>, <time>, <address> and <text> (what stood in quotes) for
// what is of one person, one thing or one moment.
std::string parameterised(std::string_view message);

// A file's name without the part that changes with each build: "js/index.js" of "js/index.3f2a9c1b.js".
std::string without_hash(std::string_view file);

// The name of a function as people wrote it: "buy" of "async Object.buy [as onTap]"; "" for one that a minifier made.
std::string plain_function(std::string_view function);

}  // namespace miniops::issues
