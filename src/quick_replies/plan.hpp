// What a macro does to a conversation, and how that is undone. Pure.
//
// plan() leaves out what has no effect, and says for each action what takes it back. undo() takes back what
// can be: a message stays sent, and what somebody changed since is left alone.
#pragma once

#include "quick_replies/macro.hpp"
#include "quick_replies/variables.hpp"

namespace miniops::quick_replies {

// A conversation and its customer, as the desk knows them at one moment. Ids that are none are 0.
struct Facts {
  bool closed = false;
  AccountId assignee{};
  AccountId offered_to{};   // a transfer that the caller, who has it, asked somebody to accept
  std::int64_t group = 0;   // whose queue it is in, or was before its assignee got it
  std::string tier{};       // of that group
  bool parked = false;      // never when it is closed
  TimeMs parked_until = 0;  // 0: until the customer writes
  int level = 0;
  std::vector<std::string> tags{};  // the customer's
  std::int64_t reason = 0;          // why the customer wrote
  std::vector<std::string> conversation_tags{};
  // What variables stand for; empty: not known.
  std::string nickname{}, agent_name{}, miniprogram_name{}, source{};
  TimeMs local_time = 0;  // what the mini program's clock on the wall shows, as if it were UTC
};

enum class ActionKind {
  send_text,
  send_picture,
  note,
  add_tag,
  remove_tag,
  set_level,
  assign,
  to_group,
  to_tier,
  to_queue,
  park,
  unpark,
  close,
  reopen,
  wrap_up
};
inline constexpr std::array<std::string_view, 15> action_words{
    "send_text", "send_picture", "note", "add_tag", "remove_tag", "set_level", "assign", "to_group",
    "to_tier",   "to_queue",     "park", "unpark",  "close",      "reopen",    "wrap_up"};
inline std::span<const std::string_view> words_of(ActionKind) { return action_words; }

struct Action {
  ActionKind kind{};
  std::string text{};               // a message, a note, a tag, a tier, or the id of a picture
  std::int64_t number = 0;          // a level, an id, or a time (park; 0: until the customer writes)
  std::vector<std::string> tags{};  // all that the conversation is to have; of wrap_up, whose number is the reason
  bool operator==(const Action&) const = default;
};

struct Planned {
  Action action;
  std::vector<Action> inverse{};  // none: cannot be undone
};

// What variables stand for. A nickname in which personal data stand is not known to who may not see them.
Values values_of(const Facts& facts, bool sees_personal_data);

// `replies`: those that the macro names and the caller may use. quick_replies.macro_broken: one is missing.
// quick_replies.invalid_macro: it comes to more than 5 messages.
Result<std::vector<Planned>> plan(const Macro& macro, const Facts& facts, const std::vector<QuickReply>& replies,
                                  const Values& values, TimeMs now);

// Whether anything of it is said to the customer.
bool speaks(const std::vector<Planned>& planned);

enum class Kept { sent, changed };  // said to the customer or noted · somebody changed it since
inline constexpr std::array<std::string_view, 2> kept_words{"sent", "changed"};
inline std::span<const std::string_view> words_of(Kept) { return kept_words; }

struct Undo {
  std::vector<Action> actions{};
  std::vector<std::pair<ActionKind, Kept>> kept{};
};
Undo undo(const std::vector<Planned>& done, Facts now);

// As runs are stored.
json::array to_json(const std::vector<Planned>& planned);
std::vector<Planned> stored_plan(const std::string& text);

}  // namespace miniops::quick_replies
