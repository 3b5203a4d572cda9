// Reports on a fresh database of either engine, over a desk that the test makes up.
#pragma once

#include <gmock/gmock.h>

#include "identity/service.hpp"
#include "reports/changes.hpp"
#include "reports/keeper.hpp"
#include "reports/reports.hpp"
#include "reports/service.hpp"
#include "reports/store.hpp"
#include "reports/tests/history.hpp"
#include "storage/testing/engines.hpp"

namespace miniops::reports {

inline const AppId shop("wxshop");
inline const AppId bank("wxbank");

class FakeDesk final : public Source {
 public:
  std::optional<ConversationRows> rows_of(sql::Transaction&, ConversationId id) override {
    const auto known = rows.find(id);
    return known == rows.end() ? std::nullopt : std::optional(known->second);
  }
  std::vector<ConversationId> after(sql::Transaction&, ConversationId id, int limit) override {
    std::vector<ConversationId> ids;
    for (auto at = rows.upper_bound(id); at != rows.end() && ids.size() < static_cast<std::size_t>(limit); ++at)
      ids.push_back(at->first);
    return ids;
  }
  DeskNow now(sql::Transaction&, const AppId&) override { return desk; }
  std::vector<AgentTime> times(sql::Transaction&, const AppId&, TimeMs, TimeMs, TimeMs) override { return agents; }
  Names names(sql::Transaction&, const AppId&) override { return known_names; }
  std::string time_zone(const AppId&) override { return "Asia/Shanghai"; }

  std::map<ConversationId, ConversationRows> rows;
  DeskNow desk{};
  std::vector<AgentTime> agents{};
  Names known_names{{{AccountId(7), "=小王"}, {AccountId(8), "小李"}}, {{default_group, "默认客服组"}}};
};

class ReportsTest : public sql::EngineTest {
 protected:
  void SetUp() override {
    open({identity::migrations(), reports::migrations()});
    clock_.set(ten_o_clock + 2 * hour_ms);
    keeper_.emplace(Keeper::Collaborators{db(), clock_, desk_});
    service_.emplace(ReportService::Collaborators{db(), clock_, ids_, desk_, programs_});
  }
  void TearDown() override {
    service_.reset();
    keeper_.reset();
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

  // The desk recorded this.
  void record(const ConversationRows& rows) {
    desk_.rows[rows.id] = rows;
    note(rows.id);
  }
  void forget(ConversationId id) {
    desk_.rows.erase(id);
    note(id);
  }
  void note(ConversationId id) {
    auto write = [&](sql::Transaction& tx) -> Result<void> {
      note_change(tx, ids_, id);
      return {};
    };
    must(db().write_blocking(write));
  }
  void derive_all() {
    while (must(sql::run(keeper_->derive_step()))) {
    }
  }
  void rebuild_all() {
    while (must(sql::run(keeper_->rebuild_step()))) {
    }
  }
  void pack_all() {
    clock_.advance(2 * minute_ms);
    while (must(sql::run(keeper_->pack_step()))) {
    }
  }

  std::vector<store::Stored> stored() {
    std::vector<store::Stored> all;
    for (const sql::Row& row : query("SELECT id FROM reports_conversations ORDER BY id")) {
      auto read = [&](sql::Transaction& tx) -> Result<store::Stored> {
        return store::find(tx, row.id<ConversationId>(0)).value();
      };
      all.push_back(must(db().read_blocking(read)));
    }
    return all;
  }
  std::int64_t rows(const std::string& table) { return query("SELECT COUNT(*) FROM " + table)[0].integer(0); }

  // ---- who asks ----
  static Access access(identity::Role role, std::int64_t account = 7, identity::Adjustments adjustments = {}) {
    identity::Caller caller;
    caller.account = AccountId(account);
    caller.username = "wang";
    caller.roles[shop] = role;
    caller.adjustments[shop] = std::move(adjustments);
    caller.via = "session";
    return caller.access(shop, identity::Permission::desk_read).value();
  }
  static Access admin() { return access(identity::Role::admin, 1); }
  static Filter march() { return {.from = ten_o_clock - 10 * day_ms, .to = ten_o_clock + 10 * day_ms}; }
  Figures totals(Filter filter = march()) {
    return must(sql::run(service_->figures(admin(), std::move(filter), Interval::none, By::none))).answer.totals;
  }

  FakeDesk desk_;
  std::function<Task<std::vector<Program>>()> programs_ = []() -> Task<std::vector<Program>> {
    co_return std::vector<Program>{{shop, "茶铺"}, {bank, "银行"}};
  };
  std::optional<Keeper> keeper_;
  std::optional<ReportService> service_;
};

}  // namespace miniops::reports
