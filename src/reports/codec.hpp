// Facts as bytes: a conversation takes some 100, and a day's are one behind the other. Pure.
#pragma once

#include <string>
#include <string_view>

#include "reports/facts.hpp"

namespace miniops::reports {

void append(std::string& bytes, const Facts& facts);

// Takes the next facts off the front of `bytes` into `facts`, whose memory is used again. False: there are no more.
// What another version wrote, or nobody did, is left out.
bool take_next(std::string_view& bytes, Facts& facts);

}  // namespace miniops::reports
