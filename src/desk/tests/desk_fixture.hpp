// The desk on a fresh database of either engine, with the real outbox and fakes for what lies beyond.
#pragma once

#include <gmock/gmock.h>

#include "base/json.hpp"
#include "desk/agents.hpp"
#include "desk/desk.hpp"
#include "desk/service.hpp"
#include "desk/settings_service.hpp"
#include "desk/tests/page_channel.hpp"
#include "desk/views.hpp"
#include "identity/service.hpp"
#include "live/live.hpp"
#include "people/erasure.hpp"
#include "people/service.hpp"
#include "satisfaction/service.hpp"
#include "storage/testing/engines.hpp"
#include "webhooks/subscribers.hpp"

namespace miniops::gateway {
std::span<const sql::Migration> migrations();
}
namespace miniops::people {
std::span<const sql::Migration> migrations();
}
namespace miniops::quick_replies {
std::span<const sql::Migration> migrations();
}
namespace miniops::teams {
std::span<const sql::Migration> migrations();
}
namespace miniops::service_levels {
std::span<const sql::Migration> migrations();
}
namespace miniops::reports {
std::span<const sql::Migration> migrations();
}
namespace miniops::satisfaction {
std::span<const sql::Migration> migrations();
}
namespace miniops::wrapup {
std::span<const sql::Migration> migrations();
}
namespace miniops::webhooks {
std::span<const sql::Migration> migrations();
}

namespace miniops::automation {
std::span<const sql::Migration> migrations();
}

namespace miniops::desk {

class FakeTyping final : public TypingSender {
 public:
  void typing(const AppId&, const OpenId& openid, bool typing) override { calls.emplace_back(openid.str(), typing); }
  std::vector<std::pair<std::string, bool>> calls;
};

class FakeBroadcaster final : public Broadcaster {
 public:
  void broadcast(const AppId&, json::object message, live::Audience audience) override {
    messages.push_back(std::move(message));
    audiences.push_back(std::move(audience));
  }
  void changed(const AppId&) override { ++changes; }
  std::vector<json::object> messages;
  std::vector<live::Audience> audiences;  // of each
  int changes = 0;
};

class FakeColleagues final : public Colleagues {
 public:
  std::optional<Colleague> find(sql::Transaction&, const AppId&, AccountId account) override {
    const auto found = names.find(account);
    return found == names.end() ? std::nullopt : std::optional(Colleague{account, found->second});
  }
  bool may_answer(sql::Transaction&, const AppId&, AccountId account) override { return !gone.contains(account); }
  std::vector<Colleague> members(sql::Transaction&, const AppId&) override {
    std::vector<Colleague> all;
    for (const auto& [account, name] : names) all.push_back({account, name});
    return all;
  }
  std::string name_of(sql::Transaction&, AccountId account) override {
    const auto found = names.find(account);
    return found == names.end() ? std::string() : found->second;
  }
  std::set<AccountId> gone{};  // may not answer any more
  std::map<AccountId, std::string> names{{AccountId(1), "小王"}, {AccountId(2), "小李"}, {AccountId(3), "小张"}};
};

// Says what a test scripts, and keeps what it was asked.
class FakeChecker final : public content_check::Checker {
 public:
  content_check::Rules rules(const AppId&) const override { return {words, outside}; }
  Task<std::vector<content_check::Finding>> ask(content_check::Question question) override {
    asked.push_back(std::move(question));
    co_return findings;
  }
  content_check::Action words = content_check::Action::block;
  bool outside = false;
  std::vector<content_check::Finding> findings;
  std::vector<content_check::Question> asked;
};

class DeskTest : public sql::EngineTest {
 protected:
  void SetUp() override {
    open({identity::migrations(), live::migrations(), webhooks::migrations(), gateway::migrations(),
          people::migrations(), teams::migrations(), service_levels::migrations(), quick_replies::migrations(),
          reports::migrations(), satisfaction::migrations(), wrapup::migrations(), automation::migrations(),
          desk::migrations()});
    version_.emplace(db());
    session_keys_.emplace(people::SessionKeys::Collaborators{db(), clock_, random_, ids_, sealer_});
    people_.emplace(people::Service::Collaborators{db(), clock_, ids_, identities_, directory_, news_});
    setups_.emplace(db(), *version_, workers_);
    subscribers_.emplace(db(), *version_);
    events_.emplace(*subscribers_, ids_);
    rule_sets_.emplace(db(), *version_, workers_);
    desk_.emplace(Desk::Collaborators{db(),
                                      *version_,
                                      clock_,
                                      ids_,
                                      workers_,
                                      outbox_,
                                      typing_,
                                      broadcaster_,
                                      colleagues_,
                                      directory_,
                                      *session_keys_,
                                      *setups_,
                                      presence_log_,
                                      surveys_,
                                      *events_,
                                      *rule_sets_,
                                      vault_,
                                      checker_,
                                      {&page_}});
    news_.set_listener(desk_->profile_listener());
    people_->set_visibility(desk_->visibility());
    outbox_.set_listener(desk_->delivery_listener());
    surveys_.set_listener(desk_->score_listener());
  }
  void TearDown() override {
    desk_.reset();
    rule_sets_.reset();
    events_.reset();
    subscribers_.reset();
    setups_.reset();
    version_.reset();
    sql::EngineTest::TearDown();
  }

  // ---- people ----
  static Access access_of(std::int64_t account, identity::Role role = identity::Role::agent,
                          const std::string& appid = "wxapp") {
    identity::Caller caller;
    caller.account = AccountId(account);
    caller.username = "user" + std::to_string(account);
    caller.roles[AppId(appid)] = role;
    return caller.access(AppId(appid), identity::Permission::desk_read).value();
  }
  static Access admin() { return access_of(9, identity::Role::admin); }

  // ---- what WeChat pushes ----
  gateway::JournalEntry entry(const std::string& openid, json::object fields) {
    fields["ToUserName"] = "gh_1";
    fields["FromUserName"] = openid;
    fields["CreateTime"] = clock_.now() / 1000;
    if (!fields.contains("Event")) fields["MsgId"] = ++last_msg_id_;
    gateway::JournalEntry made;
    made.appid = AppId("wxapp");
    made.openid = OpenId(openid);
    made.received_at = clock_.now();
    made.raw_body = json::serialize(fields);
    made.format = wechat::Format::json;
    return made;
  }
  void push(const gateway::JournalEntry& pushed) {
    const TimeMs now = clock_.now();
    auto apply = [&](sql::Transaction& tx) -> Result<void> { return desk_->consumer().apply(tx, pushed, now); };
    const auto applied = db().write_blocking(apply);
    ASSERT_TRUE(applied) << applied.error().code << ": " << applied.error().message;
    clock_.advance(10);
  }
  void says(const std::string& openid, const std::string& text) {
    push(entry(openid, {{"MsgType", "text"}, {"Content", text}}));
  }
  // The same on the page (page_channel.hpp).
  void writes_on_page(const std::string& openid, const std::string& text) {
    const auto pushed = entry(openid, {{"MsgType", "text"}, {"Content", text}});
    const auto message = must(wechat::parse_message(pushed.format, pushed.clear()));
    auto hear = [&](sql::Transaction& tx) { return desk_->hear(tx, page_, pushed, message, clock_.now()); };
    must(db().write_blocking(hear));
    clock_.advance(10);
  }
  // How many: a table, and perhaps WHERE.
  std::int64_t rows(const std::string& what) { return query("SELECT COUNT(*) FROM " + what)[0].integer(0); }
  void enters(const std::string& openid, const std::string& session_from) {
    push(entry(openid, {{"MsgType", "event"}, {"Event", "user_enter_tempsession"}, {"SessionFrom", session_from}}));
  }

  // ---- what agents see and do ----
  template <class T>
  static T must(Result<T> result) {
    if (!result) throw std::runtime_error(result.error().code + ": " + result.error().message);
    if constexpr (!std::is_void_v<T>) return std::move(*result);
  }
  template <class T>
  static std::string code_of(const Result<T>& result) {
    return result ? "ok" : result.error().code;
  }
  Service& service() { return desk_->service(); }

  std::vector<Conversation> conversations(store::ConversationFilter filter = {}, const std::string& words = "",
                                          const std::optional<Access>& as = std::nullopt) {
    auto page = must(sql::run(service().list(as.value_or(admin()), filter, words, std::nullopt, 100)));
    std::vector<Conversation> found;
    for (ConversationView& view : page.items) found.push_back(std::move(view.conversation));
    return found;
  }
  Conversation only() {
    auto all = conversations();
    if (all.size() != 1) throw std::runtime_error("expected one conversation, got " + std::to_string(all.size()));
    return all.front();
  }
  Conversation conversation_of(const std::string& openid) {
    for (const Conversation& one : conversations()) {
      if (one.openid.str() == openid) return one;
    }
    throw std::runtime_error("no conversation of " + openid);
  }
  // Oldest first.
  std::vector<Message> messages(ConversationId id, bool whole_thread = false) {
    auto page = must(sql::run(service().messages(admin(), id, whole_thread, 0, 100)));
    std::ranges::reverse(page.items);
    return page.items;
  }
  std::vector<std::string> event_kinds(ConversationId id) {
    auto page = must(sql::run(service().events(admin(), id, std::nullopt, 100)));
    std::vector<std::string> kinds;
    for (const auto& one : page.items) kinds.insert(kinds.begin(), one.event.kind);
    return kinds;
  }
  static ToSend text(const std::string& content) {
    return must(parse_to_send({{"msgtype", "text"}, {"text", {{"content", content}}}}, true));
  }
  Result<Message> sends(std::int64_t account, ConversationId id, const std::string& content,
                        std::optional<std::string> client_id = std::nullopt) {
    return sql::run(service().send(access_of(account), id, {text(content), std::move(client_id)}));
  }
  void configure(const std::function<void(Settings&)>& change) {
    Settings settings = must(sql::run(desk_->settings().settings(admin())));
    change(settings);
    must(sql::run(desk_->settings().set_settings(admin(), settings)));
  }
  void online(std::int64_t account, std::optional<std::int64_t> load_max = std::nullopt) {
    must(sql::run(desk_->agents().set_own(access_of(account), Presence::online, "", load_max)));
    clock_.advance(10);
  }
  void assign_all() {
    while (must(sql::run(desk_->assignment_step()))) {
    }
  }
  void index_all() {
    while (must(sql::run(desk_->index_step()))) {
    }
  }
  satisfaction::Service scores() {
    return satisfaction::Service(
        {db(), clock_, ids_, surveys_, [this](const Access& access) { return desk_->groups_read(access); }});
  }
  // Customers are asked whether they were content.
  void ask_customers(json::object settings = {}) {
    settings["enabled"] = true;
    must(sql::run(scores().change_settings(admin(), std::move(settings))));
  }
  void add_rule(json::object rule) {
    must(sql::run(desk_->settings().add_rule(admin(), must(parse_rule(rule, nullptr)))));
  }
  void deliver(MessageId id, gateway::DeliveryState state, int attempts, int errcode = 0, std::string reason = {}) {
    gateway::DeliveryUpdate update;
    update.id = gateway::OutboxId(id.value());
    update.appid = AppId("wxapp");
    update.openid = OpenId("o1");
    update.reference = id.value();
    update.state = state;
    update.attempts = attempts;
    update.errcode = errcode;
    update.reason = std::move(reason);
    update.at = clock_.now();
    auto told = [&](sql::Transaction& tx) -> Result<void> {
      desk_->delivery_listener().on_delivery(tx, update);
      return {};
    };
    must(db().write_blocking(told));
  }

  net::Workers workers_{1, 16};
  gateway::Outbox outbox_{gateway::Outbox::Settings{}};
  FakeTyping typing_;
  PageChannel page_;
  FakeBroadcaster broadcaster_;
  FakeColleagues colleagues_;
  Sealer sealer_{std::string(Sealer::key_bytes, 'k'), random_};
  Vault vault_{sealer_, std::string(32, 'h')};
  people::IdentityVault identities_{vault_};
  people::News news_;
  people::Directory directory_{{ids_, identities_, news_}};
  people::Erasure erasure_{{ids_, identities_, news_}};
  std::optional<people::SessionKeys> session_keys_;
  std::optional<people::Service> people_;
  std::optional<sql::ConfigVersion> version_;
  std::optional<teams::Setups> setups_;
  teams::PresenceLog presence_log_{ids_};
  satisfaction::Surveys surveys_{{ids_, random_, vault_, "https://ops.example.cn"}};
  std::optional<webhooks::Subscribers> subscribers_;
  std::optional<webhooks::Events> events_;
  std::optional<automation::RuleSets> rule_sets_;
  FakeChecker checker_;
  std::optional<Desk> desk_;
  std::int64_t last_msg_id_ = 1000;
};

inline json::object body_of(const Message& message) { return json::parse(message.body).get_object(); }
inline std::string content(const Message& message) {
  const json::object body = body_of(message);
  const json::value* found = body.if_contains("content");
  return found != nullptr ? std::string(found->get_string()) : std::string();
}

}  // namespace miniops::desk
