// Automation rules on a fresh database of either engine, with a desk that only remembers.
#pragma once

#include <gmock/gmock.h>

#include "automation/service.hpp"
#include "storage/testing/engines.hpp"

namespace miniops::identity {
std::span<const sql::Migration> migrations();
}

namespace miniops::automation {
std::span<const sql::Migration> migrations();

inline const AppId shop("wxshop");
inline const AppId bank("wxbank");

inline json::object rule_body(json::object when = {{"event", "opened"}},
                              json::array actions = {json::object{{"kind", "add_tag"}, {"tag", "新"}}},
                              json::value condition = nullptr) {
  return {{"name", "规则"},
          {"when", std::move(when)},
          {"condition", std::move(condition)},
          {"actions", std::move(actions)}};
}
inline json::object text_has(const std::string& word) {
  return {{"field", "text"}, {"op", "has"}, {"value", json::array{word}}};
}

// Ids up to 9 are there.
class FakeDesk final : public Desk {
 public:
  Result<void> check(sql::Transaction&, const AppId&, const Step& step) override {
    const bool names = step.kind == StepKind::transfer_agent || step.kind == StepKind::transfer_group ||
                       step.kind == StepKind::send_reply;
    if (names && step.number > known_max) return fail(ErrorKind::rejected, "automation.no_such_target", "gone");
    return {};
  }
  std::vector<PastConversation> past(sql::Transaction&, const Access&, const Rule&, int, TimeMs) override {
    return conversations;
  }
  std::int64_t known_max = 9;
  std::vector<PastConversation> conversations;
};

class AutomationTest : public sql::EngineTest {
 protected:
  void SetUp() override {
    open({identity::migrations(), automation::migrations()});
    version_.emplace(db());
    sets_.emplace(db(), *version_, workers_);
    service_.emplace(Service::Collaborators{db(), *version_, clock_, ids_, *sets_, desk_});
  }
  void TearDown() override {
    service_.reset();
    sets_.reset();
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
  static Access chief(const AppId& appid = shop) {
    identity::Caller caller;
    caller.account = identity::AccountId(9);
    caller.username = "chief";
    caller.roles = {{appid, identity::Role::operator_}};
    caller.via = "session";
    return caller.access(appid, identity::Permission::desk_configure).value();
  }
  Result<RuleShown> add(json::object body, RuleId before = {}) {
    return sql::run(service_->add(chief(), std::move(body), before));
  }
  RuleId added(const std::string& name, json::object body = rule_body()) {
    body["name"] = name;
    return must(add(std::move(body))).placed.rule.id;
  }
  Result<RuleShown> change(RuleId id, std::int64_t version, json::object patch) {
    return sql::run(service_->change(chief(), id, version, std::move(patch)));
  }
  std::vector<std::string> names() {
    std::vector<std::string> out;
    for (const RuleShown& one : must(sql::run(service_->rules(chief())))) out.push_back(one.placed.rule.name);
    return out;
  }
  template <class F>
  auto in_transaction(F act) {
    using Value = std::invoke_result_t<F, sql::Transaction&>;
    return must(db().write_blocking([&](sql::Transaction& tx) -> Result<Value> { return act(tx); }));
  }

  net::Workers workers_{1, 16};
  FakeDesk desk_;
  std::optional<sql::ConfigVersion> version_;
  std::optional<RuleSets> sets_;
  std::optional<Service> service_;
};

}  // namespace miniops::automation
