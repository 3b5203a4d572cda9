#include "desk/left_message.hpp"

#include <chrono>

#include "calendar/business_time.hpp"
#include "calendar/time_zone.hpp"
#include "satisfaction/answer.hpp"

namespace miniops::desk {

namespace {

// Before the window ends: so much is left to whoever answers, and at least this is promised.
constexpr TimeMs return_margin_ms = 4 * hour_ms;
constexpr TimeMs due_margin_ms = hour_ms;

bool is_one_of(std::string_view text, std::initializer_list<std::string_view> answers) {
  const std::string said = satisfaction::canonical(text);
  return std::ranges::find(answers, said) != answers.end();
}

}  // namespace

bool accepts_offer(std::string_view text) { return is_one_of(text, {"1", "一", "留言", "我要留言", "回复1"}); }
bool takes_back(std::string_view text) { return is_one_of(text, {"0", "〇", "零", "取消", "取消留言"}); }

LeaveTimes leave_times(const calendar::Calendar& hours, TimeMs now, TimeMs answer_ms, TimeMs window_ends_at) {
  const auto unbounded = std::numeric_limits<TimeMs>::max();
  const TimeMs last_return = window_ends_at == 0 ? unbounded : std::max(now, window_ends_at - return_margin_ms);
  const TimeMs last_due = window_ends_at == 0 ? unbounded : std::max(now, window_ends_at - due_margin_ms);
  const bool open = calendar::open_at(hours, now);
  const auto back = open ? calendar::add_business(hours, now, answer_ms / 2) : calendar::next_open(hours, now);
  LeaveTimes times{back.value_or(last_return), calendar::add_business(hours, now, answer_ms).value_or(last_due)};
  if (times.returns_at > last_return) {
    // Longer closed than the window is open: halfway through what is left of today, or, with nothing left, at the last.
    const TimeMs left = calendar::business_between(hours, now, last_return);
    times.returns_at = left > 0 ? calendar::add_business(hours, now, left / 2).value_or(last_return) : last_return;
  }
  if (times.returns_at == unbounded) times.returns_at = now + answer_ms;  // a calendar that never opens again
  times.due_at = std::max(times.returns_at, std::min(times.due_at, last_due));
  return times;
}

std::string time_text(const calendar::Calendar& hours, TimeMs at) {
  const std::chrono::sys_time<std::chrono::milliseconds> local{
      std::chrono::milliseconds(at + calendar::wall_clock(hours.time_zone, at).offset_ms)};
  const auto day = std::chrono::floor<std::chrono::days>(local);
  const std::chrono::year_month_day date(day);
  const auto minutes = std::chrono::floor<std::chrono::minutes>(local - day).count();
  return fmt::format("{:02}-{:02} {:02}:{:02}", static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                     minutes / 60, minutes % 60);
}

namespace store {

std::optional<LeftMessage> find_left_message(sql::Transaction& tx, ConversationId id) {
  const auto row = tx.query_one(
      "SELECT state, reason, offered_seq, message_id, left_at FROM desk_left_messages WHERE conversation_id = $1",
      {id});
  if (!row) return std::nullopt;
  return LeftMessage{parse_word<LeaveState>(row->text(0)).value(), parse_word<LeaveReason>(row->text(1)).value(),
                     row->integer(2), row->id<MessageId>(3), row->integer(4)};
}

void put_left_message(sql::Transaction& tx, ConversationId id, const LeftMessage& left) {
  tx.execute(
      "INSERT INTO desk_left_messages (conversation_id, state, reason, offered_seq, message_id, left_at) VALUES "
      "($1, $2, $3, $4, $5, $6) ON CONFLICT (conversation_id) DO UPDATE SET state = excluded.state, reason = "
      "excluded.reason, offered_seq = excluded.offered_seq, message_id = excluded.message_id, left_at = "
      "excluded.left_at",
      {id, word(left.state), word(left.reason), left.offered_seq, left.message, left.left_at});
}

void decline_left_message(sql::Transaction& tx, ConversationId id) {
  tx.execute(
      "UPDATE desk_left_messages SET state = 'declined' WHERE conversation_id = $1 AND state IN ('offered', 'asked')",
      {id});
}

void delete_left_message(sql::Transaction& tx, ConversationId id) {
  tx.execute("DELETE FROM desk_left_messages WHERE conversation_id = $1", {id});
}

void save_leaving(sql::Transaction& tx, const Conversation& conversation) {
  tx.execute("UPDATE desk_conversations SET leave_offered_at = $2, left_due_at = $3 WHERE id = $1",
             {conversation.id, conversation.leave_offered_at, conversation.left_due_at});
}

bool said_after(sql::Transaction& tx, ThreadId thread, std::int64_t seq) {
  return tx
      .query_one("SELECT 1 FROM desk_messages WHERE thread_id = $1 AND seq > $2 AND direction = 'out' LIMIT 1",
                 {thread, seq})
      .has_value();
}

}  // namespace store
}  // namespace miniops::desk
