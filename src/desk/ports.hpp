// What the desk needs of others and names itself, so that it can be tested alone. app/ plugs them in.
#pragma once

#include <boost/json/object.hpp>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/ids.hpp"
#include "desk/conversation.hpp"
#include "identity/access.hpp"
#include "live/change_log.hpp"
#include "storage/sql/database.hpp"

namespace miniops::desk {

// 'The agent is typing' on the customer's phone. Best effort: returns at once, failures are the gateway's to note.
class TypingSender {
 public:
  virtual ~TypingSender() = default;
  virtual void typing(const AppId& appid, const OpenId& openid, bool typing) = 0;
};

// Messages to the browsers of one mini program that are not in the change log: typing, presence. Safe from any thread.
class Broadcaster {
 public:
  virtual ~Broadcaster() = default;
  // To those whom the audience names, as with changes; none: to all of the mini program.
  virtual void broadcast(const AppId& appid, boost::json::object message, live::Audience audience) = 0;
  // After the commit of a closure that wrote changes (appid empty: of several): wakes the sequencer.
  virtual void changed(const AppId& appid) = 0;
};

struct Colleague {
  AccountId account;
  std::string display_name;
};

// Who may answer customers in a mini program: its members with desk.reply. (Instance administrators may too; they get
// customers when they come online.)
class Colleagues {
 public:
  virtual ~Colleagues() = default;
  // nullopt: no such account, disabled, or without desk.reply there.
  virtual std::optional<Colleague> find(sql::Transaction& tx, const AppId& appid, AccountId account) = 0;
  // Also an instance administrator, who need not be a member; not who is disabled.
  virtual bool may_answer(sql::Transaction& tx, const AppId& appid, AccountId account) = 0;
  virtual std::vector<Colleague> members(sql::Transaction& tx, const AppId& appid) = 0;
  virtual std::string name_of(sql::Transaction& tx, AccountId account) = 0;
};

// What a customer's phone reported: what an agent wants to have seen before answering.
struct Signal {
  enum class Kind { page, error, slow_request, event };
  Kind kind{};
  TimeMs at = 0;
  std::string page;    // "pages/pay/pay"
  std::string text{};  // of an error: what it said; of a request: "GET https://…" as a pattern; of an event: its name
  double ms = 0;       // of a request
  std::int64_t issue = 0;  // of an error
};
struct SignalsAsked {
  TimeMs before = 0, since = 0;  // since: included
  bool events = false;           // those that the mini program's authors report, too
};
// Safe from any thread.
class CustomerSignals {
 public:
  virtual ~CustomerSignals() = default;
  // The newest first. Nobody known: none. Fails with storage.*, telemetry.*
  virtual Task<Result<std::vector<Signal>>> of(identity::Access access, OpenId openid, SignalsAsked asked,
                                               int limit) = 0;
};

// Over identity's tables.
std::unique_ptr<Colleagues> make_colleagues();

}  // namespace miniops::desk
