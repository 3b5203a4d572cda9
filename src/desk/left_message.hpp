// Leaving a message 留言: who waits too long, or comes when nobody works, is offered it, replies 1, and says in one
// message what it is about. The conversation is then parked by the customer, nobody has it, and comes back to its
// queue. Rules and rows.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/words.hpp"
#include "calendar/calendar.hpp"
#include "desk/conversation.hpp"
#include "storage/sql/database.hpp"

namespace miniops::desk {

enum class LeaveState { offered, asked, left, declined };
inline constexpr std::array<std::string_view, 4> leave_state_words{"offered", "asked", "left", "declined"};
inline std::span<const std::string_view> words_of(LeaveState) { return leave_state_words; }

// Why it was offered.
enum class LeaveReason { waiting, closed, busy };
inline constexpr std::array<std::string_view, 3> leave_reason_words{"waiting", "closed", "busy"};
inline std::span<const std::string_view> words_of(LeaveReason) { return leave_reason_words; }

struct LeftMessage {
  LeaveState state = LeaveState::offered;
  LeaveReason reason = LeaveReason::waiting;
  std::int64_t offered_seq = 0;  // of the offer, in its thread
  MessageId message{};           // what it is about
  TimeMs left_at = 0;
};

// Texts that are nothing but the answer: 1, １, 一, 留言; 0, 取消.
bool accepts_offer(std::string_view text);
bool takes_back(std::string_view text);

struct LeaveTimes {
  TimeMs returns_at = 0;  // to the queue
  TimeMs due_at = 0;      // by when it is to be answered
};
// Within `answer_ms` of business time, and back by half of it; who comes when nobody works is back when somebody does.
// Always in working hours when there are any, and before the window ends (0: there is none).
LeaveTimes leave_times(const calendar::Calendar& hours, TimeMs now, TimeMs answer_ms, TimeMs window_ends_at);
// "11-24 10:00", on the clocks of that calendar.
std::string time_text(const calendar::Calendar& hours, TimeMs at);

namespace store {

std::optional<LeftMessage> find_left_message(sql::Transaction& tx, ConversationId id);
void put_left_message(sql::Transaction& tx, ConversationId id, const LeftMessage& left);
// What was offered is over; what was left stays.
void decline_left_message(sql::Transaction& tx, ConversationId id);
void delete_left_message(sql::Transaction& tx, ConversationId id);
// The two times in the conversation's own row, which is there; they are read with it.
void save_leaving(sql::Transaction& tx, const Conversation& conversation);
// Whether we said anything on the thread since.
bool said_after(sql::Transaction& tx, ThreadId thread, std::int64_t seq);

}  // namespace store
}  // namespace miniops::desk
