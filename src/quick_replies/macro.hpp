// Macros 宏: several things that an agent does to a conversation at once, under a name. Pure.
#pragma once

#include <array>

#include "base/words.hpp"
#include "quick_replies/reply.hpp"

namespace miniops::quick_replies {

using MacroId = NumberId<struct MacroIdTag>;

// The last five end the agent's part: at most one of them, and nothing behind it.
enum class StepKind {
  send_text,
  send_reply,
  note,
  add_tag,
  remove_tag,
  set_level,
  transfer_agent,
  transfer_group,
  transfer_tier,
  park,
  close
};
inline constexpr std::array<std::string_view, 11> step_words{
    "send_text",      "send_reply",     "note",          "add_tag", "remove_tag", "set_level",
    "transfer_agent", "transfer_group", "transfer_tier", "park",    "close"};
inline std::span<const std::string_view> words_of(StepKind) { return step_words; }

struct Step {
  StepKind kind{};
  std::string text{};               // of send_text (with variables) and note, a tag, or a tier
  std::int64_t number = 0;          // a level, minutes (park; 0: until the customer writes), or the id of what is named
  std::vector<std::string> tags{};  // that closing adds to the conversation's; its number is the contact reason, or 0
};

struct Macro {
  MacroId id{};
  AppId appid{};
  AccountId owner{};  // none: shared
  std::string name{};
  std::vector<Step> steps{};
  TimeMs created_at = 0, updated_at = 0;
};

struct MacroPatch {
  std::optional<bool> shared{};
  std::optional<std::string> name{};
  std::optional<std::vector<Step>> steps{};
};

inline constexpr std::size_t steps_max = 10;
inline constexpr std::size_t messages_max = 5;  // what WeChat takes in answer to a customer's message

// {scope, name, actions}; mistakes go to `in`.
MacroPatch read_macro(JsonInput& in);
// quick_replies.invalid_macro: no step or more than 10, more than 5 that send, something behind the last one.
// quick_replies.invalid_variable
Result<void> check_steps(const std::vector<Step>& steps);

json::array to_json(const std::vector<Step>& steps);
std::vector<Step> stored_steps(const std::string& text);  // what to_json() made

}  // namespace miniops::quick_replies
