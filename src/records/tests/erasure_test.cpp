// One person's deletion: pieces, restarts, holds, the receipt.
#include "records/tests/records_fixture.hpp"

namespace miniops::records {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::Pair;

class ErasureTest : public RecordsTest {
 protected:
  // To its end, with a restart of the program after each piece if wanted.
  void work(ErasureId id, bool restarts = false) {
    for (int pieces = 0; erasure(id).state != ErasureState::done; ++pieces) {
      ASSERT_LT(pieces, 100);
      if (!erase_step()) clock_.advance(5 * second_ms);
      if (restarts) restart();
    }
  }
};

TEST_P(ErasureTest, TakesAllAndSaysSo) {
  const auto mine = conversation("o1", 0, {"a", "b", "c"});
  const auto again = conversation("o1", 0, {"d", "e"});
  const auto others = conversation("o2", 0, {"f"});
  const auto elsewhere = conversation("o1", 0, {"g"}, 1, 1, bank);
  const Erasure asked = must(erase("o1"));
  EXPECT_EQ(asked.state, ErasureState::waiting);
  work(asked.id);
  EXPECT_EQ(messages_of(mine) + messages_of(again), 0);
  EXPECT_EQ(messages_of(others), 1);
  EXPECT_EQ(messages_of(elsewhere), 1) << "another mini program's part is theirs";
  const Erasure done = erasure(asked.id);
  EXPECT_THAT(done.receipt.deleted,
              ElementsAre(Pair("conversations.messages", 5), Pair("exports", 0), Pair("profile.profiles", 1)));
  ASSERT_TRUE(done.receipt.until.contains("change_log"));
  EXPECT_EQ(done.openid, "") << "the receipt does not say who it was";
  EXPECT_EQ(done.hash, hash_of("o1"));
  const auto shown = to_json(done);
  EXPECT_EQ(shown.at("receipt").at("backups").at("rule").as_string(), "expire_with_their_retention");
  EXPECT_EQ(shown.at("receipt").at("backups").at("made_before").as_int64(), done.finished_at);
  EXPECT_EQ(json::serialize(shown).find("o1"), std::string::npos);
  EXPECT_THAT(audited(), ElementsAre("records.person.erase"));
  EXPECT_EQ(query("SELECT changes FROM audit_entries")[0].text(0).find("\"o1\""), std::string::npos);
}

TEST_P(ErasureTest, GoesOnAfterARestartInTheMiddleAndCountsOnce) {
  conversation("o1", 0, {"a", "b", "c", "d", "e"});
  const auto id = must(erase("o1")).id;
  work(id, true);
  EXPECT_EQ(erasure(id).receipt.deleted.at("conversations.messages"), 5);
  EXPECT_EQ(erasure(id).receipt.deleted.at("profile.profiles"), 1);
}

TEST_P(ErasureTest, AskedTwiceIsOneRequest) {
  const auto first = must(erase("o1"));
  EXPECT_EQ(must(erase("o1")).id, first.id);
  must(sql::run(parts_->eraser.step()));
  EXPECT_EQ(must(erase("o1")).id, first.id);
  work(first.id);
  EXPECT_NE(must(erase("o1")).id, first.id) << "who writes again can ask again";
  EXPECT_EQ(must(sql::run(service().erasures(admin(), {}, 50))).items.size(), 2U);
}

TEST_P(ErasureTest, IsRefusedUnderAHoldAndTakesNothing) {
  const auto id = conversation("o1", 0, {"a"});
  const std::vector<std::pair<HoldKind, bool>> cases{
      {HoldKind::mini_program, true}, {HoldKind::person, true}, {HoldKind::conversation, true}};
  for (const auto& [kind, refused] : cases) {
    SCOPED_TRACE(word(kind));
    const auto placed =
        must(hold(kind, kind == HoldKind::person ? "o1" : "", kind == HoldKind::conversation ? id : ConversationId()));
    const auto asked = erase("o1");
    ASSERT_EQ(!asked, refused);
    EXPECT_EQ(asked.error().code, "records.held");
    EXPECT_EQ(asked.error().details.at("holds").as_array().at(0).as_string(), placed.id.str());
    must(sql::run(service().release_hold(admin(), placed.id, "test")));
  }
  must(hold(HoldKind::person, "o2"));
  EXPECT_EQ(messages_of(id), 1);
  EXPECT_THAT(must(sql::run(service().erasures(admin(), {}, 50))).items, IsEmpty());
  EXPECT_EQ(code_of(erase("o1")), "ok") << "another person's hold is not in the way";
}

TEST_P(ErasureTest, AHoldThatComesInTheMiddleStopsItUntilItIsReleased) {
  const auto conversation_id = conversation("o1", 0, {"a", "b", "c", "d", "e"});
  const auto id = must(erase("o1")).id;
  erase_step();
  EXPECT_EQ(messages_of(conversation_id), 3);
  const auto placed = must(hold(HoldKind::person, "o1")).id;
  erase_step();
  EXPECT_EQ(erasure(id).state, ErasureState::held);
  EXPECT_FALSE(erase_step());
  EXPECT_EQ(messages_of(conversation_id), 3);
  EXPECT_EQ(must(erase("o1")).id, id) << "it is the one that waits";
  restart();
  must(sql::run(service().release_hold(admin(), placed, "结案")));
  work(id);
  EXPECT_EQ(erasure(id).receipt.deleted.at("conversations.messages"), 5);
}

TEST_P(ErasureTest, WhatAnEventAskedForWaitsForTheHold) {
  const auto conversation_id = conversation("o1", 0, {"a"});
  const auto placed = must(hold(HoldKind::mini_program)).id;
  auto ask_for = [&](sql::Transaction& tx) -> Result<ErasureId> {
    return ask(tx, new_erasure(ErasureId(77), {shop, OpenId("o1")}, "wechat", "", clock_.now())).id;
  };
  const auto id = must(db().write_blocking(ask_for));
  erase_step();
  EXPECT_EQ(erasure(id).state, ErasureState::held);
  EXPECT_EQ(messages_of(conversation_id), 1);
  must(sql::run(service().release_hold(admin(), placed, "结案")));
  work(id);
  EXPECT_EQ(messages_of(conversation_id), 0);
}

TEST_P(ErasureTest, OneThatFailsIsTriedAgainAndKeepsNobodyWaiting) {
  profiles_.fails = true;
  const auto id = must(erase("o1")).id;
  erase_step();
  erase_step();
  EXPECT_EQ(erasure(id).problem, "storage.unavailable");
  EXPECT_FALSE(erase_step());
  profiles_.fails = false;
  clock_.advance(minute_ms);
  work(id);
  EXPECT_EQ(erasure(id).problem, "");
}

TEST_P(ErasureTest, ExportsOfTheMiniProgramGoWithTheirFiles) {
  conversation("o1", 0, {"a"});
  clock_.advance(1);
  const auto done = must(sql::run(service().add_export(admin(), {}, Format::csv))).id;
  export_all();
  const auto waits = must(sql::run(service().add_export(admin(), {}, Format::csv))).id;
  ASSERT_EQ(files(), 1U);
  const auto id = must(erase("o1")).id;
  work(id);
  EXPECT_EQ(files(), 0U);
  EXPECT_EQ(erasure(id).receipt.deleted.at("exports"), 2);
  EXPECT_EQ(export_of(done).state, ExportState::withdrawn);
  EXPECT_EQ(export_of(waits).state, ExportState::withdrawn);
  EXPECT_EQ(code_of(sql::run(service().download(admin(), done, 1))), "records.export_gone");
}

TEST_P(ErasureTest, NeedsMoreThanToSeePersonalData) {
  const std::set<identity::Grant> grants{{identity::Permission::personal_data_read}};
  EXPECT_EQ(code_of(sql::run(service().erase(agent(1, grants), OpenId("o1"), "x"))), "records.needs_configure");
}

MINIOPS_ON_BOTH_ENGINES(ErasureTest);

}  // namespace
}  // namespace miniops::records
