// What the desk asks and tells inside its own transactions, and what the rating page does. Owned by the program. Safe
// from any thread once the listener is set: nothing else of it changes.
//
// The desk sends what closed() hands out; this module sends nothing. Scores come from the customer alone, once.
#pragma once

#include <span>

#include "base/random.hpp"
#include "base/vault.hpp"
#include "identity/access.hpp"
#include "satisfaction/asking.hpp"
#include "satisfaction/settings.hpp"
#include "storage/sql/database.hpp"

namespace miniops::satisfaction {

// A conversation that closes now.
struct ClosedConversation {
  AppId appid{};
  ConversationId conversation{};
  ThreadId thread{};
  ProfileId profile{};
  std::vector<ProfileId> same_person{};  // all profiles of the customer; empty: only this is known
  AccountId agent{};
  GroupId group{};
  std::int64_t day = 0;         // on which it was opened, in the mini program's time zone: day_at()
  bool human_answered = false;  // WeChat accepted an agent's message in it
  bool blocked = false;         // the customer is on the blacklist
  TimeMs window_ends_at = 0;    // as gateway::Budget
  int remaining = 0;
  bool cards = true;       // the customer's channel carries cards
  std::string language{};  // the customer's; empty: not known
};

struct Card {
  std::string title{}, page_path{}, picture_id{};
};
// One message, by an automatic sender: `card` when there is one, else `text`.
struct Question {
  std::string text{};
  std::optional<Card> card{};
  std::string token{};  // that stands in it, when there is a link: the customer's alone
};

struct Heard {
  Reply reply = Reply::not_ours;
  ConversationId conversation{};  // that was rated; empty for not_ours
  bool anonymous = false;         // who sees conversations must not see what was said here
  int score = 0;                  // that was given, for score
};

// A score that was just given, by a reply or on the rating page.
struct Scored {
  AppId appid{};
  ConversationId conversation{};
  AccountId agent{};
  GroupId group{};
  int score = 0;
  std::string comment{};   // of the page, masked; a reply's comes later
  bool anonymous = false;  // as Heard
  bool replied = false;    // as a message, which heard() was asked about
};
// Told in the transaction that keeps it.
class ScoreListener {
 public:
  virtual ~ScoreListener() = default;
  virtual void on_score(sql::Transaction& tx, const Scored& scored, TimeMs now) = 0;
};

// What a customer said of a conversation.
struct Statement {
  int score = 0;
  std::string comment{};  // whole
  TimeMs at = 0;
};

// How far a conversation came.
struct Outcome {
  bool delivered = false;
  int score = 0;  // 0: not answered
};

class Surveys {
 public:
  struct Collaborators {
    IdSource& ids;
    Random& random;
    const Vault& vault;
    std::string public_url{};  // where customers reach us; empty: no links
  };
  explicit Surveys(Collaborators with) : with_(std::move(with)) {}
  // Before anything else. It outlives this.
  void set_listener(ScoreListener& listener) { listener_ = &listener; }

  // ---- the desk ----
  // Notes that it closed; what is to be asked, if anything.
  std::optional<Question> closed(sql::Transaction& tx, const ClosedConversation& facts, TimeMs now) const;
  // The channel accepted the question; it, or the outbox, did not. Both may come twice.
  void accepted(sql::Transaction& tx, ConversationId conversation, TimeMs now) const;
  void refused(sql::Transaction& tx, ConversationId conversation) const;
  // A customer's text while no conversation of the thread is open. For all but not_ours and new_conversation the
  // message belongs to the closed conversation, which stays as it is.
  Heard heard(sql::Transaction& tx, ThreadId thread, const Text& said) const;

  Outcome outcome(sql::Transaction& tx, ConversationId conversation) const;
  // Whether somebody may see who gave which score: with anonymous scores only whoever supervises all groups.
  bool shows_scores(sql::Transaction& tx, const identity::Access& access) const;

  // ---- the rating page ----
  // Whether this link may still be used. satisfaction.link_unknown, satisfaction.link_used, satisfaction.link_expired
  Result<void> check(sql::Transaction& tx, std::string_view token, TimeMs now) const;
  // Uses it. Fails as check() does.
  Result<void> rate(sql::Transaction& tx, std::string_view token, int score, const std::string& comment,
                    TimeMs now) const;

  // ---- comments ----
  // A comment as it was written; what is stored and shown is masked. base.seal_broken
  Result<std::string> whole_comment(const Survey& survey) const;
  // For the person's own export; nullopt: nothing. base.seal_broken
  Result<std::optional<Statement>> said(sql::Transaction& tx, ConversationId conversation) const;

  // ---- erasure ----
  // Scores stay in the figures, without anything that says whose they were. How many surveys there were.
  std::int64_t forget(sql::Transaction& tx, std::span<const ProfileId> profiles) const;
  // Of a conversation whose time to be kept is over: what was said with the score, and of it afterwards. The score
  // stays.
  void forget_said(sql::Transaction& tx, ConversationId conversation) const;

  bool has_links() const { return !with_.public_url.empty(); }

 private:
  Form form_for(const ClosedConversation& facts, Form wanted) const;
  Question question(const Settings& settings, Survey& survey, std::string_view language) const;
  void add_comment(sql::Transaction& tx, Survey& survey, std::string_view text) const;
  bool answer(sql::Transaction& tx, Survey& survey, const Settings& settings, std::string_view comment,
              TimeMs now) const;

  const Collaborators with_;
  ScoreListener* listener_ = nullptr;
};

}  // namespace miniops::satisfaction
