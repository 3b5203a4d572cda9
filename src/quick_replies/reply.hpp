// Quick replies 快捷回复: prepared texts and pictures, an agent's own or shared within a mini program. Pure.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/json.hpp"
#include "identity/access.hpp"

namespace miniops::quick_replies {

using identity::AccountId;
using QuickReplyId = NumberId<struct QuickReplyIdTag>;

struct QuickReply {
  QuickReplyId id{};
  AppId appid{};
  AccountId owner{};     // none: shared
  std::string folder{};  // "售后/退款": at most 3 names; empty: in none. A folder is there while something is in it
  std::string shortcut{}, title{};
  std::string content{};  // with variables (variables.hpp)
  std::string picture_id{};
  std::string initials{};  // set by hand; empty: those of the title
  TimeMs created_at = 0, updated_at = 0;
};

// With how often it was used.
struct Listed {
  QuickReply reply;
  std::int64_t uses = 0;
  TimeMs last_used_at = 0;  // 0: never
};

struct QuickReplyPatch {
  std::optional<bool> shared{};
  std::optional<std::string> folder{}, shortcut{}, title{}, content{}, picture_id{}, initials{};
};

inline constexpr TextRule shortcut_rule{0, 32}, title_rule{0, 64}, content_rule{0, 2048}, picture_rule{0, 128};

QuickReplyPatch read_patch(JsonInput& in);
void apply(QuickReply& reply, const QuickReplyPatch& patch, AccountId caller);

// As it is stored: folder and initials in their normal form. quick_replies.empty, quick_replies.invalid_variable,
// quick_replies.invalid_folder, quick_replies.invalid_initials
Result<QuickReply> checked(QuickReply reply);
// "a / b" is "a/b". quick_replies.invalid_folder: more than 3 names, an empty one, or one of more than 32 characters.
Result<std::string> normal_folder(std::string_view path);

// By which it is found: those set by hand, else of the title, else of the text's beginning.
std::string initials_of(const QuickReply& reply);

}  // namespace miniops::quick_replies
