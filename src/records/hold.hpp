// Legal holds 法律保全: what is under one is deleted by nobody, neither for its age nor on a person's request.
#pragma once

#include <array>

#include "base/words.hpp"
#include "records/record.hpp"

namespace miniops::records {

using HoldId = NumberId<struct HoldIdTag>;

enum class HoldKind { mini_program, person, conversation };
inline constexpr std::array<std::string_view, 3> hold_kind_words{"mini_program", "person", "conversation"};
inline std::span<const std::string_view> words_of(HoldKind) { return hold_kind_words; }

inline constexpr std::int64_t holds_max = 1000;  // of a mini program, that are not released

struct Hold {
  HoldId id{};
  AppId appid{};
  HoldKind kind{};
  std::string openid{};           // of a person, and of the conversation's
  ConversationId conversation{};  // of a conversation
  std::string reason{};
  std::string placed_by{};
  TimeMs placed_at = 0;
  std::string released_by{}, release_reason{};
  TimeMs released_at = 0;  // 0: it holds
};

json::object to_json(const Hold& hold);

}  // namespace miniops::records
