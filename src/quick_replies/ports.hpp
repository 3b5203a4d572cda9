// What quick replies and macros need of others. The desk has conversations, the gateway has pictures; app/ plugs them
// in. All but clear() are called within a transaction, which may run again, and all are safe from any thread.
#pragma once

#include "base/task.hpp"
#include "quick_replies/plan.hpp"
#include "storage/sql/database.hpp"

namespace miniops::quick_replies {

using identity::Access;

class Pictures {
 public:
  virtual ~Pictures() = default;
  // Whether it was uploaded to this mini program.
  virtual bool exists(sql::Transaction& tx, const AppId& appid, std::string_view picture_id) = 0;
};

enum class Cause { macro, undo };

// How the texts that are sent were cleared, before the transaction that sends them.
struct Cleared {
  bool confirmed = false;            // the caller was warned, and wants them sent all the same
  std::vector<std::string> texts{};  // that checkers were asked about
  std::string names{};               // of the checkers that warned
};

// Does to conversations what macros say. `conversation` is its id; one of another mini program than the access, or
// none, is desk.not_found.
class Executor {
 public:
  virtual ~Executor() = default;
  // Only reads. With the caller's name as agent_name.
  virtual Result<Facts> facts(sql::Transaction& tx, const Access& access, std::int64_t conversation, Cause cause,
                              TimeMs now) = 0;
  // Whether what a step names is there: an agent, a group. Called when a macro is saved.
  virtual Result<void> check(sql::Transaction& tx, const Access& access, const Step& step) = 0;
  // Whether texts have to be cleared first, since somebody outside is asked about them.
  virtual bool asks(const AppId& appid) const = 0;
  // Outside any transaction; takes up to a second for each text. Fails with what the content check says.
  virtual Task<Result<Cleared>> clear(Access access, std::int64_t conversation, std::vector<std::string> texts,
                                      bool confirmed) = 0;
  // desk.conversation_moved, with what was said: somebody else answered the customer after the message `seen_seq`.
  virtual Result<void> check_unmoved(sql::Transaction& tx, const Access& access, std::int64_t conversation,
                                     std::int64_t seen_seq, TimeMs now) = 0;
  // Does them in this order, each as if the caller had done it by hand: with the word list, the reply window, event
  // rows and live changes, and the rules about who may. The first one that fails fails all. An undo is of what the
  // caller did a moment ago: it may take the conversation back from who has it now. A text that was to be cleared and
  // was not (somebody changed what is asked meanwhile) is content_check.changed.
  virtual Result<void> act(sql::Transaction& tx, const Access& access, std::int64_t conversation,
                           const std::vector<Action>& actions, Cause cause, const Cleared& cleared, TimeMs now) = 0;
  // After the commit of a closure that called act(): who waits is woken.
  virtual void committed(const AppId& appid) = 0;
};

}  // namespace miniops::quick_replies
