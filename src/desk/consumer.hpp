// The journal's desk consumer: customers' messages and entries become threads, conversations and messages, and rules
// answer. All effects are rows of the transaction that moves the cursor; configuration comes from the cached snapshot.
#pragma once

#include <functional>

#include "desk/config.hpp"
#include "desk/delivery.hpp"
#include "desk/profiles.hpp"
#include "desk/queue_help.hpp"
#include "desk/recorder.hpp"
#include "gateway/journal.hpp"
#include "people/session_keys.hpp"
#include "wechat/message.hpp"

namespace miniops::desk {

class Consumer final : public gateway::TransactionalConsumer {
 public:
  // `woken` is called after each commit: there may be somebody to assign, something to send and to show.
  struct Collaborators {
    const Common& common;
    BudgetNews& news;
    const Profiles& profiles;
    const people::SessionKeys& session_keys;
    std::function<void()> woken;
  };
  explicit Consumer(Collaborators with) : with_(std::move(with)) {}

  std::string_view name() const override { return "desk"; }
  // What a channel received, in the form of WeChat's pushes; apply() does it for the mini program's.
  Result<void> hear(sql::Transaction& tx, Channel& channel, const gateway::JournalEntry& entry,
                    const wechat::Message& message, TimeMs now);
  Result<void> apply(sql::Transaction& tx, const gateway::JournalEntry& entry, TimeMs now) override;
  void committed() override { with_.woken(); }

 private:
  struct Arrival;  // one push on its way through
  Result<void> meet(Arrival& arrival);
  Result<void> customer_message(Arrival& arrival);
  Result<void> set_aside(Arrival& arrival, Message message);
  Result<void> file_rating(Arrival& arrival, const satisfaction::Heard& heard, Message message, std::string summary);
  Result<void> end_conversation(Arrival& arrival, Message message, std::string_view summary);
  Message written(const Arrival& arrival, std::string& summary) const;
  Result<void> entered(Arrival& arrival);
  void join_conversation(Arrival& arrival, bool anew);
  static bool agent_is_gone(const Arrival& arrival);
  void open_conversation(Arrival& arrival);
  void trust(Arrival& arrival, const std::string& session_from);
  void open_window(Arrival& arrival, bool by_message);
  static void note_answer(Arrival& arrival, Message& released);
  Message stored_message(const Arrival& arrival) const;
  Result<void> place(Arrival& arrival);
  Result<void> go_on_leaving(Arrival& arrival, const QueueHelp& help, LeaveReply reply, MessageId message);
  Result<void> answer_message(Arrival& arrival, std::optional<std::string> text);
  void answer(Arrival& arrival, bool entered, std::optional<std::string> text);
  MessageId send_reply(Arrival& arrival, const Rule& rule, const ToSend& reply);
  void refused(Arrival& arrival, const Rule& rule, const Error& why);
  Result<void> finish(Arrival& arrival);

  const Collaborators with_;
};

}  // namespace miniops::desk
