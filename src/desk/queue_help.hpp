// What customers who wait are told by themselves, in answer to what they write (queue_settings.hpp). Lives inside one
// closure, as the recorder does.
#pragma once

#include <optional>
#include <vector>

#include "desk/left_message.hpp"
#include "desk/queue_help_store.hpp"
#include "desk/recorder.hpp"

namespace miniops::desk {

// How it is with the queue that a conversation waits in.
struct QueueView {
  bool open = true;   // its group works now
  bool busy = false;  // in busy mode
  std::int64_t position = 1;
  std::optional<WaitRange> wait{};
};

// What a customer's text means to the offer of leaving a message.
enum class LeaveReply { none, accepts, says, takes_back };

class QueueHelp {
 public:
  QueueHelp(sql::Transaction& tx, const Common& common, Recorder& recorder, TimeMs now)
      : tx_(tx), common_(common), recorder_(recorder), now_(now) {}

  // Of one that waits, whose place is worked out.
  QueueView look(const Conversation& conversation) const;
  // Tells the customer, who has just written, their place: when it is new to them, when nobody is free to take them at
  // once, and while a message for people remains besides. The message is stored and returned; thread and conversation
  // are the caller's to store. nullopt: nothing is to be said.
  // With it, or alone, the offer to leave a message, once: when nobody works, in busy mode, or after waiting too long.
  std::optional<Message> answer(Thread& thread, Conversation& conversation, const QueueView& view) const;
  // The offer alone, because the time has come.
  std::optional<Message> offer(Thread& thread, Conversation& conversation) const;

  // A text of the customer who waits, before anything is said to it.
  LeaveReply heard(const Conversation& conversation, std::string_view text) const;
  // Asks what it is about, or parks the conversation with `message` as what was left. What is said is as above.
  std::optional<Message> go_on(LeaveReply reply, Thread& thread, Conversation& conversation, MessageId message) const;

 private:
  bool may_speak(const Thread& thread) const;
  std::optional<LeaveReason> to_offer(const Conversation& conversation, const QueueView& view) const;
  void offered(Conversation& conversation, LeaveReason reason, std::int64_t seq) const;
  std::optional<Message> park(Thread& thread, Conversation& conversation, LeftMessage left, MessageId message) const;
  bool is_taken_at_once(const Conversation& conversation) const;
  std::optional<store::QueueNotice> to_tell(const Conversation& conversation, const QueueView& view) const;
  std::optional<Message> say(Thread& thread, Conversation& conversation, std::string text) const;

  sql::Transaction& tx_;
  const Common& common_;
  Recorder& recorder_;
  const TimeMs now_;
};

// One that waited and has an agent now is a sample for those who wait, where they are told. Before it is stored.
void note_wait(sql::Transaction& tx, const Common& common, const Conversation& conversation, TimeMs now);

}  // namespace miniops::desk
