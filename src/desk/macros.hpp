// What macros (src/quick_replies) do to conversations: the same as agents do by hand, several things in one
// transaction.
#pragma once

#include "content_check/check.hpp"
#include "desk/delivery.hpp"
#include "desk/ports.hpp"
#include "desk/profiles.hpp"
#include "desk/work.hpp"
#include "quick_replies/ports.hpp"

namespace miniops::desk {

// Safe from any thread: it holds nothing that changes. Collaborators must outlive it.
class MacroExecutor final : public quick_replies::Executor {
 public:
  struct Collaborators {
    sql::Database& database;
    const Common& common;
    BudgetNews& news;
    const Profiles& profiles;
    Colleagues& colleagues;
    Broadcaster& broadcaster;
    content_check::Checker& checker;
    std::function<void()> freed;  // somebody may be free now: look at the queue
  };
  explicit MacroExecutor(Collaborators with) : with_(std::move(with)) {}

  Result<quick_replies::Facts> facts(sql::Transaction& tx, const identity::Access& access, std::int64_t conversation,
                                     quick_replies::Cause cause, TimeMs now) override;
  // desk.not_an_agent, desk.not_found
  Result<void> check(sql::Transaction& tx, const identity::Access& access, const quick_replies::Step& step) override;
  bool asks(const AppId& appid) const override { return with_.checker.rules(appid).outside; }
  // desk.blocked_word, content_check.refused, content_check.unchecked
  Task<Result<quick_replies::Cleared>> clear(identity::Access access, std::int64_t conversation,
                                             std::vector<std::string> texts, bool confirmed) override;
  Result<void> check_unmoved(sql::Transaction& tx, const identity::Access& access, std::int64_t conversation,
                             std::int64_t seen_seq, TimeMs now) override;
  // What Service's verbs fail with; desk.too_many tags.
  Result<void> act(sql::Transaction& tx, const identity::Access& access, std::int64_t conversation,
                   const std::vector<quick_replies::Action>& actions, quick_replies::Cause cause,
                   const quick_replies::Cleared& cleared, TimeMs now) override;
  void committed(const AppId& appid) override;

 private:
  Result<bool> send_text(Work& work, const std::string& text, const quick_replies::Cleared& cleared) const;
  Result<bool> perform(Work& work, const quick_replies::Action& action, const quick_replies::Cleared& cleared) const;
  Result<void> describe_customer(sql::Transaction& tx, const identity::Access& access, ConversationId id,
                                 const std::vector<quick_replies::Action>& actions, TimeMs now) const;

  const Collaborators with_;
};

}  // namespace miniops::desk
