// Teams on a fresh database of either engine, with accounts of identity's.
#pragma once

#include <gmock/gmock.h>

#include "calendar/tests/moments.hpp"
#include "identity/service.hpp"
#include "net/workers.hpp"
#include "storage/testing/engines.hpp"
#include "teams/service.hpp"

namespace miniops::identity {
std::span<const sql::Migration> migrations();
}

namespace miniops::teams {
std::span<const sql::Migration> migrations();

inline const AppId shop("wxshop");
inline const AppId bank("wxbank");

// Notes in tables what it is asked, so that what is rolled back is forgotten here, too.
class NotedQueues final : public QueueMover {
 public:
  Result<void> move_queue(sql::Transaction& tx, const AppId& appid, GroupId from, GroupId to, TimeMs) override {
    tx.execute("INSERT INTO test_moves (appid, from_group, to_group) VALUES ($1, $2, $3)", {appid, from, to});
    if (fails) return fail(ErrorKind::unavailable, "test.queue", "the queue cannot be moved");
    return {};
  }
  Result<void> reorder(sql::Transaction& tx, const AppId& appid, std::int64_t points, TimeMs) override {
    tx.execute("INSERT INTO test_reorders (appid, points) VALUES ($1, $2)", {appid, points});
    return {};
  }
  bool fails = false;
};

class NotedChanges final : public ChangeListener {
 public:
  void changed(sql::Transaction& tx, const AppId& appid, Part part, TimeMs) override {
    tx.execute("INSERT INTO test_told (appid, part) VALUES ($1, $2)", {appid, word(part)});
  }
};

class TeamsTest : public sql::EngineTest {
 protected:
  void SetUp() override {
    open({identity::migrations(), teams::migrations()});
    execute("CREATE TABLE test_moves (appid TEXT, from_group BIGINT, to_group BIGINT)");
    execute("CREATE TABLE test_reorders (appid TEXT, points BIGINT)");
    execute("CREATE TABLE test_told (appid TEXT, part TEXT)");
    version_.emplace(db());
    identity::Settings settings;
    settings.password_cost = {64, 1};
    identity_.emplace(db(), *version_, clock_, random_, ids_, workers_, settings);
    setups_.emplace(db(), *version_, workers_);
    service_.emplace(Service::Collaborators{db(), *version_, clock_, ids_, *setups_, queues_, changes_});
  }
  void TearDown() override {
    service_.reset();
    setups_.reset();
    identity_.reset();
    version_.reset();
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

  // One transaction of another module.
  template <class F>
  auto within(F act) {
    using Out = std::invoke_result_t<F&, sql::Transaction&>;
    auto write = [&](sql::Transaction& tx) -> Result<Out> {
      if constexpr (std::is_void_v<Out>) {
        act(tx);
        return {};
      } else {
        return act(tx);
      }
    };
    return must(db().write_blocking(write));
  }

  // ---- who is there ----
  AccountId account(const std::string& name, identity::Role role = identity::Role::agent, const AppId& appid = shop) {
    const Access system = Access::system(appid, "test");
    const identity::NewAccount wanted{name, "correct-horse-7", name};
    const auto made = must(sql::run(identity_->create_account(system, wanted)));
    const identity::NewMember member{name, role};
    must(sql::run(identity_->add_member(system, member)));
    return made.id;
  }
  static Access access(const AppId& appid = shop) {
    identity::Caller caller;
    caller.account = AccountId(7);
    caller.username = "wang";
    caller.roles = {{shop, identity::Role::admin}, {bank, identity::Role::admin}};
    caller.via = "session";
    return caller.access(appid, identity::Permission::desk_configure).value();
  }

  // ---- what is set up ----
  Group add_group(const std::string& name, const AppId& appid = shop) {
    Group group;
    group.name = name;
    return must(sql::run(service_->add_group(access(appid), group))).group;
  }
  SkillId add_skill(const std::string& name) { return must(sql::run(service_->add_skill(access(), name))).id; }
  Group group(GroupId id, const AppId& appid = shop) {
    return must(sql::run(service_->group(access(appid), id))).group;
  }
  std::string remove_group(GroupId id) { return code_of(sql::run(service_->remove_group(access(), id))); }
  AgentSettings agent(AccountId id) { return must(sql::run(service_->agent(access(), id))).settings; }
  std::string put_in(GroupId id, std::vector<AccountId> add, std::vector<AccountId> remove = {}) {
    return code_of(sql::run(service_->assign(access(), id, std::move(add), std::move(remove))));
  }
  Result<AgentShown> change_agent(AccountId id, AgentPatch patch) {
    if (patch.version == 0) patch.version = agent(id).version;
    return sql::run(service_->change_agent(access(), id, std::move(patch)));
  }

  // {name, condition, target}; `more` are further fields of the target.
  static json::value rule_body(const std::string& name, GroupId group, const std::string& more = "") {
    return json::parse(fmt::format(
        R"({{"name":"{}","condition":{{"field":"tag","op":"has","value":["{}"]}},"target":{{"group":"{}"{}}}}})", name,
        name, group.str(), more));
  }
  Result<RuleShown> try_add_rule(const json::value& body, RuleId before = {}, const AppId& appid = shop) {
    return sql::run(service_->add_rule(access(appid), body, before));
  }
  RuleId add_rule(const std::string& name, RuleId before = {}) {
    return must(try_add_rule(rule_body(name, default_group), before)).placed.rule.id;
  }
  std::string order() {
    std::string out;
    for (const RuleShown& one : must(sql::run(service_->rules(access())))) out += one.placed.rule.name;
    return out;
  }

  std::int64_t rows(const std::string& table) { return query("SELECT COUNT(*) FROM " + table)[0].integer(0); }
  std::shared_ptr<const teams::Setup> setup(const AppId& appid = shop) { return setups_->of(appid); }

  net::Workers workers_{2, 64};
  NotedQueues queues_;
  NotedChanges changes_;
  std::optional<sql::ConfigVersion> version_;
  std::optional<identity::Service> identity_;
  std::optional<Setups> setups_;
  std::optional<Service> service_;
};

}  // namespace miniops::teams
