// Variables in texts: {{customer.nickname}}, or {{customer.nickname|亲}} with what stands there when the value is not
// known. Pure.
#pragma once

#include <array>
#include <map>
#include <string>

#include "base/error.hpp"
#include "base/words.hpp"

namespace miniops::quick_replies {

enum class Variable { customer_nickname, agent_name, miniprogram_name, conversation_source, date, time };

inline constexpr std::array<std::string_view, 6> variable_words{"customer.nickname",   "agent.name", "miniprogram.name",
                                                                "conversation.source", "date",       "time"};
inline std::span<const std::string_view> words_of(Variable) { return variable_words; }

using Values = std::map<Variable, std::string>;  // those that are known

// quick_replies.invalid_variable, with the position: a name that is none, {{ without }}, a fallback of more than 64
// characters, more than 20 variables.
Result<void> check_variables(std::string_view text);

// With the values in place, cut at 64 characters; what stands in them is text, whatever it looks like. A text that
// check_variables() would refuse, written before there were variables, stays as it is.
std::string fill(std::string_view text, const Values& values);

}  // namespace miniops::quick_replies
