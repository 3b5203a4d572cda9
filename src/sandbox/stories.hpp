// What simulated customers come with: plausible questions of a shop's customers, in Chinese.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "base/random.hpp"
#include "sandbox/phones.hpp"

namespace miniops::sandbox {

// One line of a story. Alternatives are separated by '|'; "{order}" becomes an order number, "{phone}" a telephone
// number. "image:parcel" is a built-in picture, "card:标题|pages/x" a card of the mini program.
struct Story {
  std::string_view topic;
  std::string_view session_from;                 // what the session button says
  std::span<const std::string_view> opening;     // said one after the other, unasked
  std::span<const std::string_view> follow_ups;  // one after each answer
};

std::span<const Story> stories();
// Asked when nobody answers, and said at the end.
std::string_view impatient_line();
std::string_view thanks_line();

// Alternatives drawn, placeholders filled in.
Saying saying_of(std::string_view line, Random& random);

}  // namespace miniops::sandbox
