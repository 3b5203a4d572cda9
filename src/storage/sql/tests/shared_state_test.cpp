// Leases, node numbers, config_version, migrations and full text, on both engines.
#include "storage/sql/config_version.hpp"
#include "storage/sql/fulltext.hpp"
#include "storage/sql/lease.hpp"
#include "storage/testing/engines.hpp"

namespace miniops::sql {

namespace {

constexpr Migration search_table[] = {
    {"search", 1, "0001_search.sql", Migration::For::any,
     "CREATE VIRTUAL TABLE message_search USING fts5(tokens, content='', columnsize=0); -- sqlite only\n"
     "CREATE TABLE message_search (row_id BIGINT PRIMARY KEY, tokens TSVECTOR NOT NULL); -- postgres only\n"
     "CREATE INDEX message_search_tokens ON message_search USING gin (tokens) WITH (fastupdate = off); -- postgres "
     "only\n"}};

class SharedState : public EngineTest {
 protected:
  void SetUp() override { open({search_table}); }

  template <class F>
  auto write(F closure) {
    using Value = std::invoke_result_t<F&, Transaction&>;
    return db().write_blocking([&](Transaction& tx) -> Result<Value> { return closure(tx); }).value();
  }
  bool take(std::string_view owner, std::int64_t for_ms = 1000) {
    return write([&](Transaction& tx) { return take_lease(tx, "token:wx1", owner, for_ms); });
  }
};

TEST_P(SharedState, ALeaseHasOneHolder) {
  EXPECT_TRUE(take("a"));
  EXPECT_FALSE(take("b"));
  EXPECT_TRUE(take("a"));  // renewed
  clock_.advance(999);
  EXPECT_FALSE(take("b"));
  clock_.advance(1);
  EXPECT_TRUE(take("b"));
  EXPECT_FALSE(take("a"));
}

TEST_P(SharedState, ALeaseGivenBackIsFree) {
  EXPECT_TRUE(take("a"));
  write([](Transaction& tx) { return give_back_lease(tx, "token:wx1", "b"), true; });
  EXPECT_FALSE(take("b"));
  write([](Transaction& tx) { return give_back_lease(tx, "token:wx1", "a"), true; });
  EXPECT_TRUE(take("b"));
}

TEST_P(SharedState, NodesGetTheSmallestFreeNumber) {
  const auto number = [&](std::string_view owner) {
    return db().write_blocking([&](Transaction& tx) { return take_node_number(tx, owner, 1000); }).value();
  };
  EXPECT_EQ(number("a"), 0);
  EXPECT_EQ(number("b"), 1);
  EXPECT_EQ(number("a"), 0);
  clock_.advance(600);
  EXPECT_EQ(number("b"), 1);
  clock_.advance(600);
  EXPECT_EQ(number("c"), 0);  // a's has run out
  EXPECT_EQ(number("d"), 2);
  EXPECT_EQ(number("a"), 3);
}

TEST_P(SharedState, ConfigVersionTellsOfChanges) {
  ConfigVersion version(db());
  run(version.refresh());
  const auto before = version.current();
  run(version.refresh());
  EXPECT_EQ(version.current(), before);
  write([](Transaction& tx) { return raise_config_version(tx), true; });
  run(version.refresh());
  EXPECT_EQ(version.current(), before + 1);
}

constexpr Migration first[] = {{"shop", 1, "0001_a.sql", Migration::For::any, "CREATE TABLE a (id BIGINT);\n"}};
constexpr Migration both[] = {
    first[0],
    {"shop", 2, "0002_b.sqlite.sql", Migration::For::sqlite, "CREATE TABLE b (id BIGINT, engine_is_sqlite BIGINT);\n"},
    {"shop", 2, "0002_b.postgres.sql", Migration::For::postgres,
     "CREATE TABLE b (id BIGINT, engine_is_postgres BIGINT);\n"},
    {"shop", 3, "0003_c.sql", Migration::For::any,
     "-- oldest_program_schema: 2\n"
     "-- a comment; with a semicolon;\n"
     "CREATE TABLE c (\n"
     "  id BIGINT, -- postgres only\n"
     "  id INTEGER, -- sqlite only\n"
     "  note TEXT\n"
     ");\n"
     "INSERT INTO c VALUES (1, 'a;b');\n"
     "INSERT INTO c VALUES (2, 'sqlite'); -- sqlite only\n"
     "INSERT INTO c VALUES (2, 'postgres'); -- postgres only"}};

TEST_P(SharedState, MigrationsAreAppliedOnceAndInOrder) {
  EXPECT_TRUE(migrate(db(), {first}));
  EXPECT_TRUE(migrate(db(), {both}));
  EXPECT_TRUE(migrate(db(), {both}));
  const Rows rows = query("SELECT note FROM c ORDER BY id");
  ASSERT_EQ(rows.size(), 2U);
  EXPECT_EQ(rows[0].text(0), "a;b");
  EXPECT_EQ(rows[1].text(0), engine_name(GetParam()));
  EXPECT_EQ(execute("INSERT INTO b (id, engine_is_" + engine_name(GetParam()) + ") VALUES (1, 1)"), 1);
}

TEST_P(SharedState, AProgramThatIsTooOldIsRefused) {
  EXPECT_TRUE(migrate(db(), {both}));
  EXPECT_EQ(migrate(db(), {first}).error().code, "storage.program_too_old");
  // Behind, and still new enough.
  EXPECT_TRUE(migrate(db(), {std::span(both).first(3)}));
}

TEST_P(SharedState, AMigrationThatFailsLeavesNothing) {
  constexpr Migration broken[] = {{"shop", 1, "0001_a.sql", Migration::For::any,
                                   "CREATE TABLE half (id BIGINT);\nINSERT INTO nowhere VALUES (1);\n"}};
  EXPECT_FALSE(migrate(db(), {broken}));
  EXPECT_TRUE(migrate(db(), {first}));
  EXPECT_ANY_THROW(query("SELECT * FROM half"));
}

TEST_P(SharedState, TwoProgramsMayMigrateAtOnce) {
  const auto other = GetParam() == Engine::postgres ? open_another() : nullptr;
  Database& second = other ? *other : db();
  Result<void> one;
  std::thread thread([&] { one = migrate(second, {both}); });
  const auto two = migrate(db(), {both});
  thread.join();
  EXPECT_TRUE(one);
  EXPECT_TRUE(two);
  EXPECT_EQ(query("SELECT COUNT(*) FROM c")[0].integer(0), 2);
}

class Search : public SharedState {
 protected:
  using Ids = std::vector<std::int64_t>;
  void put(std::int64_t id, std::string_view scope, std::string_view text) {
    write([&](Transaction& tx) { return table_.put(tx, id, scope, text), true; });
  }
  Ids find(std::string_view query, std::string_view scope = "wx1", std::int64_t before = 0, int limit = 50) {
    const auto closure = [&](Transaction& tx) -> Result<Ids> { return table_.find(tx, scope, query, before, limit); };
    return db().read_blocking(closure).value();
  }
  const FullText table_{"message_search"};
};

TEST_P(Search, FindsWhatWasSaid) {
  put(1, "wx1", "微信支付失败了怎么办");
  put(2, "wx1", "退款什么时候到账？Order 20240601");
  put(3, "wx1", "我想退货，不是退款");
  put(4, "wx2", "微信支付");
  put(5, "wx1", "Hello WeChat pay, it's DONE_ok");
  struct Case {
    std::string query;
    Ids found;
  };
  const Case cases[] = {
      {"支付", {1}},       {"退款", {3, 2}},         {"微信支付", {1}},       {"支付微信", {}},
      {"退款 到账", {2}},  {"order", {2}},           {"ORDER 20240601", {2}}, {"wechat pay", {5}},
      {"怎么办", {1}},     {"退", {3, 2}},           {"不存在", {}},          {"", {}},
      {"' OR 1=1 --", {}}, {"\" AND NEAR(a) *", {}}, {"!&|():*<->", {}},      {"信失", {}},
  };
  for (const auto& expected : cases) EXPECT_EQ(find(expected.query), expected.found) << expected.query;
  EXPECT_EQ(find("支付", "wx2"), Ids{4});
  EXPECT_EQ(find("支付", "wx3"), Ids{});
}

TEST_P(Search, PagesAreNewestFirst) {
  for (int i = 1; i <= 7; ++i) put(i, "wx1", "发货了吗");
  EXPECT_EQ(find("发货", "wx1", 0, 3), (Ids{7, 6, 5}));
  EXPECT_EQ(find("发货", "wx1", 5, 3), (Ids{4, 3, 2}));
  EXPECT_EQ(find("发货", "wx1", 2, 3), (Ids{1}));
}

TEST_P(Search, WhatIsRemovedIsNotFound) {
  put(1, "wx1", "我的手机号是一三八");
  put(2, "wx1", "手机没电了");
  write([&](Transaction& tx) { return table_.remove(tx, 1, "wx1", "我的手机号是一三八"), true; });
  EXPECT_EQ(find("手机"), Ids{2});
  put(1, "wx1", "我的手机号是***");
  EXPECT_EQ(find("手机"), (Ids{2, 1}));
  EXPECT_EQ(find("三八"), Ids{});
}

TEST_P(Search, LongAndOddTextsAreTaken) {
  put(1, "wx1", std::string(50'000, 'a') + " end");
  std::string chinese;
  for (int i = 0; i < 12'000; ++i) chinese += i % 2 == 0 ? "客" : "服";
  put(2, "wx1", chinese);
  put(3, "wx1", "");
  put(4, "wx1", "…… 😀");
  EXPECT_EQ(find("客服"), Ids{2});
  EXPECT_EQ(find("end"), Ids{1});
}

MINIOPS_ON_BOTH_ENGINES(SharedState);
MINIOPS_ON_BOTH_ENGINES(Search);

}  // namespace

}  // namespace miniops::sql
