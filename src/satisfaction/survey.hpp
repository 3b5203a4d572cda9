// The module's values. A *survey* 满意度调查 is what became of one conversation, from its closing to its score; its
// state only moves forward, and a score is never changed: there is no call that could.
//
// Ids and times that are "none" are 0, texts that are "none" are empty.
#pragma once

#include <array>
#include <string>

#include "base/clock.hpp"
#include "base/ids.hpp"
#include "base/words.hpp"
#include "identity/access.hpp"
#include "satisfaction/answer.hpp"

namespace miniops::satisfaction {

using SurveyId = NumberId<struct SurveyIdTag>;
using FollowUpId = NumberId<struct FollowUpIdTag>;
// Other modules' things, of which only the number is known here.
using ConversationId = NumberId<struct ConversationIdTag>;
using ThreadId = NumberId<struct ThreadIdTag>;
using ProfileId = NumberId<struct ProfileIdTag>;
using GroupId = NumberId<struct GroupIdTag>;
using identity::AccountId;

// The funnel: closed 已结束 → askable 可邀评 (the customer deserves a question) → asked 已邀评 (it is in the outbox) →
// delivered 已送达 (the channel accepted it) → answered 已评价.
enum class State { closed, askable, asked, delivered, answered };
// How it is asked: a text, a card to a page of the mini program, a text with a link to our page.
enum class Form { text, card, link };
// Why nothing was asked. refused: the outbox or the channel did not take it.
enum class NotAsked {
  nothing,
  switched_off,
  no_human,
  blocked,
  asked_before,
  asked_lately,
  window_closed,
  budget,
  refused
};
enum class FollowUpState { open, done };

// A reply counts within this time, the link is valid within that; what is said right after the score is its comment.
inline constexpr TimeMs reply_counts_ms = 24 * hour_ms;
inline constexpr TimeMs link_valid_ms = 48 * hour_ms;
inline constexpr TimeMs comment_within_ms = 10 * minute_ms;
inline constexpr std::size_t comment_chars_max = 500;

struct Survey {
  SurveyId id{};
  AppId appid{};
  ConversationId conversation{};
  ThreadId thread{};
  ProfileId profile{};
  AccountId agent{};  // who had it when it closed
  GroupId group{};
  std::int64_t day = 0;  // of the conversation's opening: day.hpp
  TimeMs closed_at = 0;
  State state = State::closed;
  NotAsked not_asked = NotAsked::nothing;
  Form form = Form::text;
  Offer offer{};  // as it was asked, whatever the settings say now
  TimeMs asked_at = 0, delivered_at = 0, answered_at = 0;
  int score = 0;                 // 1 … 5
  bool replied = false;          // by a message, not on the page
  std::string comment{};         // its phones, ID and card numbers masked
  std::string comment_sealed{};  // whole, when it has any
  std::string token_hash{};
};

struct FollowUp {
  FollowUpId id{};
  AppId appid{};
  SurveyId survey{};
  std::int64_t version = 1;
  AccountId owner{};
  TimeMs due_at = 0;
  FollowUpState state = FollowUpState::open;
  std::string note{};
  TimeMs opened_at = 0, done_at = 0;
  std::string done_by{};
};

inline constexpr std::array<std::string_view, 5> state_words{"closed", "askable", "asked", "delivered", "answered"};
inline constexpr std::array<std::string_view, 3> form_words{"text", "card", "link"};
inline constexpr std::array<std::string_view, 9> not_asked_words{
    "", "switched_off", "no_human", "blocked", "asked_before", "asked_lately", "window_closed", "budget", "refused"};
inline constexpr std::array<std::string_view, 2> follow_up_state_words{"open", "done"};

inline std::span<const std::string_view> words_of(State) { return state_words; }
inline std::span<const std::string_view> words_of(Form) { return form_words; }
inline std::span<const std::string_view> words_of(NotAsked) { return not_asked_words; }
inline std::span<const std::string_view> words_of(FollowUpState) { return follow_up_state_words; }

}  // namespace miniops::satisfaction
