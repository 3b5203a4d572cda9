// Automation rules (src/automation) at work: asked in the transaction of what happened, about the conversation as it is
// stored then, and done at once, as if by a colleague who may everything. What cannot be done is refused and noted in
// the rules' log; it never stops what happened.
//
// No loops: what rules do is recorded by a Recorder that tells no rules; all of them are asked before any of them acts;
// and each fires once for a message of the customer, so that nothing goes round by way of the assignment either.
// Bounded: 3 messages in answer to one of the customer's, never the last two of the budget, so many firings a minute.
#pragma once

#include "automation/log.hpp"
#include "desk/ports.hpp"
#include "desk/recorder.hpp"
#include "people/directory.hpp"

namespace miniops::desk {

struct Work;

// Safe from any thread: it holds nothing that changes.
class Automation {
 public:
  struct Collaborators {
    IdSource& ids;
    const automation::RuleSets& rule_sets;
    const people::Directory& directory;
    Colleagues& colleagues;
  };
  explicit Automation(const Collaborators& with) : with_(with) {}

  std::shared_ptr<const automation::RuleSet> rules(const AppId& appid) const { return with_.rule_sets.of(appid); }
  bool wants(const AppId& appid, automation::EventKind kind) const { return rules(appid)->wants(kind); }
  // The conversation and its thread are stored; it is as it is stored afterwards. Nobody on the blacklist is its
  // business.
  Result<void> run(sql::Transaction& tx, const Common& common, Conversation& conversation,
                   const std::vector<automation::Occasion>& occasions, TimeMs now) const;

 private:
  struct Running;
  struct Begun;
  std::vector<Begun> ask(const Running& running, const Conversation& conversation,
                         const std::vector<automation::Occasion>& occasions) const;
  bool admitted(const Running& running, const Begun& begun) const;
  Result<bool> act(const Running& running, const Begun& begun) const;
  void tell_others(const Running& running, webhooks::Kind kind, const automation::LogEntry& entry,
                   const OpenId& openid) const;
  std::vector<automation::StepResult> describe(const Running& running, const automation::Rule& rule) const;
  void perform(Work& work, const automation::Rule& rule, std::vector<automation::StepResult>& results) const;
  Result<bool> perform(Work& work, const automation::Rule& rule, const automation::Step& step) const;
  Result<bool> notify(Work& work, const automation::Rule& rule, const std::string& text) const;
  automation::LogEntry entry_of(const Running& running, const automation::PlacedRule& rule, automation::EventKind event,
                                automation::Outcome outcome) const;

  const Collaborators with_;
};

}  // namespace miniops::desk
