#include "people/session_keys.hpp"

#include "people/tests/people_fixture.hpp"

namespace miniops::people {
namespace {

class SessionKeysTest : public PeopleTest {
 protected:
  void SetUp() override {
    PeopleTest::SetUp();
    keys_.emplace(SessionKeys::Collaborators{db(), clock_, random_, ids_, sealer_});
  }
  std::string make(const AppId& appid = shop) { return must(sql::run(keys_->make(access(appid, everywhere)))); }
  std::string signed_with(const std::string& key) {
    return must(sign_session_from(key, {{"level", "3"}}, "", clock_.now()));
  }
  SignedParameters read(const std::string& text, const AppId& appid = shop) {
    return within([&](sql::Transaction& tx) { return must(keys_->read(tx, appid, text, {"oShop", clock_.now()})); });
  }

  std::optional<SessionKeys> keys_;
};

TEST_P(SessionKeysTest, WithoutAKeyNothingIsTrusted) {
  EXPECT_FALSE(must(sql::run(keys_->state(access(shop, everywhere)))));
  EXPECT_EQ(read(signed_with("any key")).problem, SignatureProblem::wrong);
  EXPECT_EQ(read("page=pages/a").untrusted, (Parameters{{"page", "pages/a"}}));
}

TEST_P(SessionKeysTest, WhatIsSignedWithTheKeyIsTrustedInItsMiniProgramOnly) {
  const std::string key = make();
  EXPECT_EQ(read(signed_with(key)).trusted, (Parameters{{"level", "3"}}));
  EXPECT_EQ(read(signed_with(key), bank).trusted, Parameters{});
  const auto checked = must(sql::run(keys_->check(access(shop, everywhere), signed_with(key), "oShop")));
  EXPECT_EQ(checked.trusted, (Parameters{{"level", "3"}}));
  EXPECT_EQ(must(sql::run(keys_->state(access(shop, everywhere)))).value().made_by, "wang");
}

TEST_P(SessionKeysTest, TheKeyBeforeHoldsForAnotherDay) {
  const std::string first = make();
  const std::string second = make();
  EXPECT_NE(first, second);
  EXPECT_EQ(read(signed_with(second)).problem, SignatureProblem::none);
  EXPECT_EQ(read(signed_with(first)).problem, SignatureProblem::none);
  clock_.advance(day_ms);
  EXPECT_EQ(read(signed_with(second)).problem, SignatureProblem::none);
  EXPECT_EQ(read(signed_with(first)).problem, SignatureProblem::wrong);
}

TEST_P(SessionKeysTest, TheKeyStandsNowhereInClear) {
  const std::string key = make();
  for (const sql::Row& row : query("SELECT sealed FROM people_session_keys"))
    EXPECT_EQ(row.blob(0).find(key), std::string::npos);
  for (const sql::Row& row : query("SELECT changes FROM audit_entries"))
    EXPECT_EQ(row.text(0).find(key), std::string::npos);
  EXPECT_EQ(rows("audit_entries"), 1);
}

MINIOPS_ON_BOTH_ENGINES(SessionKeysTest);

}  // namespace
}  // namespace miniops::people
