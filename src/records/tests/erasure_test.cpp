// One person's deletion: pieces, restarts, holds, the receipt.
#include "records/tests/records_fixture.hpp"

namespace miniops::records {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::Pair;

class ErasureTest : public RecordsTest {
 protected:
  ErasureState state(ErasureId id) { return erasure(id).state; }
};

TEST_P(ErasureTest, TakesAllAndSaysSo) {
  const auto mine = conversation("o1", 0, {"a", "b", "c"});
  const auto again = conversation("o1", 0, {"d", "e"});
  const auto others = conversation("o2", 0, {"f"});
  const auto elsewhere = conversation("o1", 0, {"g"}, 1, 1, bank);
  const Erasure asked = must(erase("o1"));
  EXPECT_EQ(asked.state, ErasureState::waiting);
  ASSERT_TRUE(erasures_.asked.contains(asked.id.value())) << "whoever deletes people is told, under the same number";
  EXPECT_EQ(erasures_.asked.at(asked.id.value()).openid, OpenId("o1"));
  EXPECT_EQ(must(forget("o1")), 6);
  EXPECT_EQ(messages_of(mine) + messages_of(again), 0);
  EXPECT_EQ(messages_of(others), 1);
  EXPECT_EQ(messages_of(elsewhere), 1) << "another mini program's part is theirs";
  EXPECT_EQ(state(asked.id), ErasureState::erasing) << "the others are not done";
  clock_.advance(second_ms);
  others_are_done(asked.id);
  const Erasure done = erasure(asked.id);
  EXPECT_EQ(done.state, ErasureState::done);
  EXPECT_EQ(done.finished_at, clock_.now());
  EXPECT_THAT(done.receipt.deleted, ElementsAre(Pair("conversations.messages", 5), Pair("exports", 0),
                                                Pair("outbox.windows", 1), Pair("people", 1)));
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
  outbox_.fails = true;
  EXPECT_EQ(code_of(forget("o1")), "storage.unavailable");
  EXPECT_EQ(state(id), ErasureState::erasing);
  restart();
  outbox_.fails = false;
  outbox_.in_flight = true;
  EXPECT_EQ(code_of(forget("o1")), "records.message_in_flight");
  restart();
  outbox_.in_flight = false;
  must(forget("o1"));
  EXPECT_EQ(erasure(id).receipt.deleted.at("conversations.messages"), 5);
  EXPECT_EQ(erasure(id).receipt.deleted.at("outbox.windows"), 1);
}

TEST_P(ErasureTest, AskedTwiceIsOneRequest) {
  const auto first = must(erase("o1"));
  EXPECT_EQ(must(erase("o1")).id, first.id);
  must(forget("o1"));
  EXPECT_NE(must(erase("o1")).id, first.id) << "who writes again can ask again";
  EXPECT_EQ(must(sql::run(service().erasures(admin(), {}, 50))).items.size(), 2U);
}

TEST_P(ErasureTest, IsRefusedUnderAHoldAndTakesNothing) {
  const auto id = conversation("o1", 0, {"a"});
  for (const HoldKind kind : {HoldKind::mini_program, HoldKind::person, HoldKind::conversation}) {
    SCOPED_TRACE(word(kind));
    const auto placed =
        must(hold(kind, kind == HoldKind::person ? "o1" : "", kind == HoldKind::conversation ? id : ConversationId()));
    const auto asked = erase("o1");
    ASSERT_FALSE(asked);
    EXPECT_EQ(asked.error().code, "records.held");
    EXPECT_EQ(asked.error().details.at("holds").as_array().at(0).as_string(), placed.id.str());
    EXPECT_EQ(code_of(forget("o1")), "records.held") << "whoever asked for it";
    must(sql::run(service().release_hold(admin(), placed.id, "test")));
  }
  must(hold(HoldKind::person, "o2"));
  EXPECT_EQ(messages_of(id), 1);
  EXPECT_TRUE(erasures_.asked.empty());
  EXPECT_THAT(must(sql::run(service().erasures(admin(), {}, 50))).items, IsEmpty());
  EXPECT_EQ(code_of(erase("o1")), "ok") << "another person's hold is not in the way";
}

TEST_P(ErasureTest, AHoldThatComesInTheMiddleStopsItUntilItIsReleased) {
  const auto conversation_id = conversation("o1", 0, {"a", "b", "c"});
  const auto id = must(erase("o1")).id;
  const auto placed = must(hold(HoldKind::person, "o1")).id;
  EXPECT_EQ(code_of(forget("o1")), "records.held");
  EXPECT_EQ(state(id), ErasureState::held);
  EXPECT_EQ(messages_of(conversation_id), 3);
  EXPECT_EQ(must(erase("o1")).id, id) << "it is the one that waits";
  restart();
  const int looks = erasures_.looks;
  must(sql::run(service().release_hold(admin(), placed, "结案")));
  EXPECT_EQ(erasures_.looks, looks + 1);
  EXPECT_EQ(state(id), ErasureState::waiting);
  must(forget("o1"));
  EXPECT_EQ(erasure(id).receipt.deleted.at("conversations.messages"), 3);
}

TEST_P(ErasureTest, WhoeverAskedElsewhereTheRecordsGo) {
  const auto id = conversation("o1", 0, {"a", "b", "c"});
  EXPECT_EQ(must(forget("o1")), 4);
  EXPECT_EQ(messages_of(id), 0);
  EXPECT_THAT(must(sql::run(service().erasures(admin(), {}, 50))).items, IsEmpty()) << "nobody asked here";
}

TEST_P(ErasureTest, ExportsOfTheMiniProgramGoWithTheirFiles) {
  conversation("o1", 0, {"a"});
  clock_.advance(1);
  const auto done = must(sql::run(service().add_export(admin(), {}, Format::csv))).id;
  export_all();
  const auto waits = must(sql::run(service().add_export(admin(), {}, Format::csv))).id;
  ASSERT_EQ(files(), 1U);
  const auto id = must(erase("o1")).id;
  must(forget("o1"));
  EXPECT_EQ(files(), 0U);
  EXPECT_EQ(erasure(id).receipt.deleted.at("exports"), 2);
  EXPECT_EQ(export_of(done).state, ExportState::withdrawn);
  EXPECT_EQ(export_of(waits).state, ExportState::withdrawn);
  EXPECT_EQ(code_of(sql::run(service().download(admin(), done, 1))), "records.export_gone");
}

TEST_P(ErasureTest, NeedsToSeePersonalData) {
  const std::set<identity::Grant> grants{{identity::Permission::desk_configure}};
  EXPECT_EQ(code_of(sql::run(service().erase(agent(1, grants), OpenId("o1"), "x"))), "records.needs_personal_data");
  EXPECT_EQ(code_of(sql::run(service().erasures(agent(1, grants), {}, 10))), "records.needs_personal_data");
}

MINIOPS_ON_BOTH_ENGINES(ErasureTest);

}  // namespace
}  // namespace miniops::records
