// Quick replies on a fresh database of either engine, with a desk that only remembers.
#pragma once

#include <gmock/gmock.h>

#include "quick_replies/service.hpp"
#include "quick_replies/uses.hpp"
#include "storage/testing/engines.hpp"

namespace miniops::identity {
std::span<const sql::Migration> migrations();
}

namespace miniops::quick_replies {
std::span<const sql::Migration> migrations();

inline const AppId shop("wxshop");
inline const AppId bank("wxbank");

// Conversations 1 and 2 of the shop; agents 1 to 9 and groups 1 to 9 are there.
class FakeDesk final : public Executor, public Pictures {
 public:
  FakeDesk() {
    conversations[1].assignee = AccountId(1);
    conversations[1].nickname = "小红";
    conversations[1].agent_name = "小王";
    conversations[2] = conversations[1];
  }

  bool exists(sql::Transaction&, const AppId& appid, std::string_view picture_id) override {
    return appid == shop && picture_id == "p1";
  }
  Result<Facts> facts(sql::Transaction&, const Access& access, std::int64_t conversation, Cause, TimeMs) override {
    const auto found = conversations.find(conversation);
    if (access.appid() != shop || found == conversations.end()) return not_found();
    return found->second;
  }
  Result<void> check(sql::Transaction&, const Access&, const Step& step) override {
    const bool names = step.kind == StepKind::transfer_agent || step.kind == StepKind::transfer_group;
    return names && step.number > 9 ? Result<void>(not_found()) : Result<void>{};
  }
  Result<void> check_unmoved(sql::Transaction&, const Access&, std::int64_t, std::int64_t seen_seq, TimeMs) override {
    if (answered_seq > seen_seq) return fail(ErrorKind::conflict, "desk.conversation_moved", "a colleague answered");
    return {};
  }
  Result<void> act(sql::Transaction&, const Access&, std::int64_t conversation, const std::vector<Action>& actions,
                   Cause cause, const Cleared& cleared, TimeMs) override {
    sent_with = cleared;
    for (const Action& action : actions)
      if (action.text == refused) return fail(ErrorKind::rejected, "desk.blocked_word", "no");
    for (const Action& action : actions) {
      Facts& facts = conversations[conversation];
      if (action.kind == ActionKind::add_tag) facts.tags.push_back(action.text);
      if (action.kind == ActionKind::remove_tag) std::erase(facts.tags, action.text);
      if (action.kind == ActionKind::close || action.kind == ActionKind::reopen)
        facts.closed = action.kind == ActionKind::close;
      did.push_back(fmt::format("{}{}:{}", cause == Cause::undo ? "undo " : "", word(action.kind), action.text));
    }
    return {};
  }
  bool asks(const AppId&) const override { return asking; }
  Task<Result<Cleared>> clear(Access, std::int64_t, std::vector<std::string> texts, bool confirmed) override {
    for (const std::string& text : texts)
      if (text == disliked && !confirmed)
        co_return fail(ErrorKind::rejected, "content_check.refused", "a checker does not like it");
    co_return Cleared{confirmed, std::move(texts), confirmed ? "wechat" : ""};
  }
  void committed(const AppId& appid) override { told.push_back(appid); }

  std::map<std::int64_t, Facts> conversations;
  std::string refused = "不许说", disliked = "不该说";
  bool asking = false;
  std::int64_t answered_seq = 0;  // of a colleague's last answer
  Cleared sent_with;
  std::vector<std::string> did;
  std::vector<AppId> told;

 private:
  static std::unexpected<Error> not_found() {
    return fail(ErrorKind::not_found, "desk.not_found", "there is no such conversation");
  }
};

class QuickRepliesTest : public sql::EngineTest {
 protected:
  void SetUp() override {
    open({identity::migrations(), quick_replies::migrations()});
    service_.emplace(Service::Collaborators{db(), clock_, ids_, desk_, desk_});
  }
  void TearDown() override {
    service_.reset();
    sql::EngineTest::TearDown();
  }

  template <class T>
  static T must(Result<T> result) {
    if (!result) throw std::runtime_error(result.error().code + ": " + result.error().message);
    if constexpr (!std::is_void_v<T>) return std::move(*result);
  }
  template <class T>
  static std::string code_of(const Result<T>& result) {
    return result ? "ok" : result.error().code;
  }

  // ---- who asks: agents 1, 2, …, and the operator 9, who may configure ----
  static Access agent(std::int64_t account = 1, const AppId& appid = shop) {
    return access(account, identity::Role::agent, appid);
  }
  static Access chief() { return access(9, identity::Role::operator_, shop); }
  static Access access(std::int64_t account, identity::Role role, const AppId& appid) {
    identity::Caller caller;
    caller.account = AccountId(account);
    caller.username = fmt::format("user{}", account);
    caller.roles = {{appid, role}};
    caller.via = "session";
    return caller.access(appid, identity::Permission::desk_reply).value();
  }

  static QuickReplyPatch text(const std::string& content, bool shared = false, const std::string& folder = "") {
    QuickReplyPatch given;
    given.content = content;
    given.shared = shared;
    given.folder = folder;
    return given;
  }
  Result<Listed> add(const Access& who, QuickReplyPatch given) {
    return sql::run(service_->add(who, std::move(given)));
  }
  QuickReplyId added(const Access& who, QuickReplyPatch given) { return must(add(who, std::move(given))).reply.id; }
  std::vector<std::string> seen_by(const Access& who, const std::string& words = "",
                                   const std::optional<std::string>& folder = std::nullopt) {
    std::vector<std::string> out;
    for (const Listed& one : must(sql::run(service_->find(who, {words, folder})))) out.push_back(one.reply.content);
    return out;
  }
  void use(const Access& who, QuickReplyId id) {
    auto write = [&](sql::Transaction& tx) -> Result<void> {
      count_use(tx, who.appid(), who.account(), id, clock_.now());
      return {};
    };
    must(db().write_blocking(write));
  }
  std::int64_t rows(const std::string& table) { return query("SELECT COUNT(*) FROM " + table)[0].integer(0); }

  FakeDesk desk_;
  std::optional<Service> service_;
};

}  // namespace miniops::quick_replies
