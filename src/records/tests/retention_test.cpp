// What goes for its age, and what a hold keeps.
#include "records/tests/records_fixture.hpp"

namespace miniops::records {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

class RetentionTest : public RecordsTest {};

struct Kept {
  std::int64_t messages = 0, media = 0;
  bool operator==(const Kept&) const = default;
};
void PrintTo(const Kept& kept, std::ostream* out) { *out << kept.messages << " messages, " << kept.media << " media"; }

// One mini program: messages for 30 days, media for 10. Closed so many days ago (0: open), under that hold.
struct RetentionCase {
  const char* name;
  std::int64_t closed_days_ago;
  std::optional<HoldKind> held;
  Kept left;
};
constexpr Kept everything{3, 1};

const std::vector<RetentionCase>& retention_cases() {
  static const std::vector<RetentionCase> cases{
      {"open", 0, std::nullopt, everything},
      {"young", 9, std::nullopt, everything},
      {"on the day", 10, std::nullopt, everything},
      {"media are old", 11, std::nullopt, {3, 0}},
      {"messages on the day", 30, std::nullopt, {3, 0}},
      {"messages are old", 31, std::nullopt, {0, 0}},
      {"very old", 400, std::nullopt, {0, 0}},
      {"media are old, the mini program held", 11, HoldKind::mini_program, everything},
      {"media are old, the person held", 11, HoldKind::person, everything},
      {"media are old, the conversation held", 11, HoldKind::conversation, everything},
      {"very old, the mini program held", 400, HoldKind::mini_program, everything},
      {"very old, the person held", 400, HoldKind::person, everything},
      {"very old, the conversation held", 400, HoldKind::conversation, everything},
  };
  return cases;
}

TEST_P(RetentionTest, GoesByAgeAndTheHoldWins) {
  for (const RetentionCase& one : retention_cases()) {
    SCOPED_TRACE(one.name);
    execute("DELETE FROM records_holds");
    execute("DELETE FROM records_retention");
    execute("DELETE FROM kept_messages");
    execute("DELETE FROM kept_conversations");
    const TimeMs closed_at = one.closed_days_ago == 0 ? 0 : days_ago(one.closed_days_ago);
    const auto id = conversation("o1", closed_at, {"你好", "[图片]", "再见"});
    if (one.held) {
      const std::string openid = *one.held == HoldKind::person ? "o1" : "";
      must(hold(*one.held, openid, *one.held == HoldKind::conversation ? id : ConversationId()));
    }
    keep_days(30, 10);
    sweep_all();
    EXPECT_EQ((Kept{messages_of(id), media_of(id)}), one.left);
  }
}

TEST_P(RetentionTest, NothingIsSetAtFirstAndNothingGoes) {
  const auto id = conversation("o1", days_ago(4000), {"你好"});
  EXPECT_EQ(must(sql::run(service().retention(admin()))).messages_days, 0);
  sweep_all();
  keep_days(0, 0);
  sweep_all();
  EXPECT_EQ(messages_of(id), 1);
}

TEST_P(RetentionTest, AHoldOnOneKeepsNobodyElse) {
  const auto held = conversation("o1", days_ago(40), {"a"});
  const auto other = conversation("o2", days_ago(39), {"b"});
  const auto same_person = conversation("o1", days_ago(38), {"c"});
  must(hold(HoldKind::conversation, "", held));
  keep_days(30, 30);
  sweep_all();
  EXPECT_EQ(messages_of(held), 1);
  EXPECT_EQ(messages_of(other), 0);
  EXPECT_EQ(messages_of(same_person), 0);
}

TEST_P(RetentionTest, WhatAHoldKeptGoesWhenItIsReleased) {
  const auto first = conversation("o1", days_ago(40), {"a", "[图片]"});
  const auto later = conversation("o2", days_ago(35), {"b"});
  const auto hold_id = must(hold(HoldKind::person, "o1")).id;
  keep_days(30, 30);
  sweep_all();
  EXPECT_EQ(messages_of(first), 2);
  EXPECT_EQ(messages_of(later), 0) << "it is not kept up behind what is held";
  must(sql::run(service().release_hold(admin(), hold_id, "结案")));
  sweep_all();
  EXPECT_EQ(messages_of(first), 0);
  EXPECT_EQ(code_of(sql::run(service().release_hold(admin(), hold_id, "again"))), "records.hold_released");
}

TEST_P(RetentionTest, WhatIsInNoConversationGoesForItsOwnAge) {
  for (const char* kind : {"waiting", "told"}) {
    loose(kind, "old", days_ago(31));
    loose(kind, "held", days_ago(31));
    loose(kind, "behind the held", days_ago(31));
    loose(kind, "on the day", days_ago(30));
    loose(kind, "elsewhere", days_ago(31), bank);
  }
  const auto held = must(hold(HoldKind::person, "held")).id;
  keep_days(30, 30);
  sweep_all();
  for (const char* kind : {"waiting", "told"})
    EXPECT_THAT(loose_left(kind), ElementsAre("held", "on the day", "elsewhere")) << kind;
  EXPECT_EQ(must(sql::run(service().retention(admin()))).messages.deleted, 2) << "messages that waited are messages";

  clock_.advance(2 * hour_ms);
  sweep_all();
  for (const char* kind : {"waiting", "told"}) EXPECT_THAT(loose_left(kind), ElementsAre("held", "elsewhere")) << kind;
  must(sql::run(service().release_hold(admin(), held, "结案")));
  sweep_all();
  for (const char* kind : {"waiting", "told"}) EXPECT_THAT(loose_left(kind), ElementsAre("elsewhere")) << kind;
}

TEST_P(RetentionTest, WhatIsInNoConversationGoesPieceByPiece) {
  for (int i = 0; i < 250; ++i) {
    loose("waiting", "o1", days_ago(40) + i);
    loose("told", "o1", days_ago(40));
  }
  must(hold(HoldKind::conversation, "", conversation("o2", days_ago(1), {"a"})));
  keep_days(30, 30);
  ASSERT_TRUE(must(sql::run(parts_->sweeper.step())));
  EXPECT_EQ(loose_left("waiting").size(), 150U) << "a piece is bounded";
  EXPECT_EQ(loose_left("told").size(), 250U);
  restart();
  sweep_all();
  EXPECT_EQ(loose_left("waiting").size() + loose_left("told").size(), 0U);
  EXPECT_EQ(must(sql::run(service().retention(admin()))).messages.deleted, 250);
}

TEST_P(RetentionTest, GoesOnInTheMiddleOfAConversationAfterARestart) {
  const std::vector<std::string> many(250, "[图片]");
  const auto long_one = conversation("o1", days_ago(40), many);
  const auto next = conversation("o2", days_ago(39), {"[图片]", "b"});
  keep_days(0, 30);
  ASSERT_TRUE(must(sql::run(parts_->sweeper.step())));
  EXPECT_EQ(media_of(long_one), 150) << "a piece is bounded";
  restart();
  sweep_all();
  EXPECT_EQ(media_of(long_one), 0);
  EXPECT_EQ(media_of(next), 0);
  EXPECT_EQ(must(sql::run(service().retention(admin()))).media.deleted, 251) << "each once";
  EXPECT_EQ(messages_of(next), 2) << "messages stay for ever";

  keep_days(30, 30);
  ASSERT_TRUE(must(sql::run(parts_->sweeper.step())));
  restart();
  sweep_all();
  EXPECT_EQ(messages_of(long_one), 0);
  EXPECT_EQ(must(sql::run(service().retention(admin()))).messages.deleted, 252);
}

TEST_P(RetentionTest, AHoldThatComesInTheMiddleKeepsTheRest) {
  const auto id = conversation("o1", days_ago(40), std::vector<std::string>(250, "a"));
  keep_days(30, 30);
  while (messages_of(id) == 250) ASSERT_TRUE(must(sql::run(parts_->sweeper.step())));
  const auto left = messages_of(id);
  EXPECT_GT(left, 0);
  must(hold(HoldKind::mini_program));
  sweep_all();
  clock_.advance(2 * hour_ms);
  sweep_all();
  EXPECT_EQ(messages_of(id), left);
}

TEST_P(RetentionTest, RunsOnceAnHourForWhatBecomesOld) {
  keep_days(30, 30);
  sweep_all();
  const auto id = conversation("o1", days_ago(30) - 1, {"a"});
  sweep_all();
  EXPECT_EQ(messages_of(id), 1);
  clock_.advance(hour_ms);
  sweep_all();
  EXPECT_EQ(messages_of(id), 0);
}

TEST_P(RetentionTest, OfOneMiniProgramIsNotOfAnother) {
  const auto other = conversation("o1", days_ago(400), {"a"}, 1, 1, bank);
  keep_days(30, 30);
  sweep_all();
  EXPECT_EQ(messages_of(other), 1);
}

TEST_P(RetentionTest, SettingsAreCheckedComparedAndAudited) {
  const auto change = [&](std::int64_t version, std::int64_t messages, std::int64_t media) {
    return code_of(sql::run(service().change_retention(admin(), {version, messages, media})));
  };
  EXPECT_EQ(change(0, 30, 31), "records.media_longer_than_messages");
  EXPECT_EQ(change(0, 30, 0), "records.media_longer_than_messages") << "0 is for ever";
  EXPECT_EQ(change(0, 30, 30), "ok");
  EXPECT_EQ(change(0, 60, 30), "records.changed");
  EXPECT_EQ(change(1, 60, 30), "ok");
  EXPECT_THAT(audited(), ElementsAre("records.retention.update", "records.retention.update"));
  EXPECT_THAT(query("SELECT changes FROM audit_entries ORDER BY id DESC LIMIT 1")[0].text(0),
              HasSubstr(R"("messages_days":{"from":30,"to":60})"));
}

TEST_P(RetentionTest, HoldsSayWhoWhenAndWhyAndAreThereOnce) {
  const auto id = conversation("o1", 0);
  const Hold placed = must(hold(HoldKind::conversation, "", id));
  EXPECT_EQ(placed.openid, "o1") << "so that the person cannot be deleted around it";
  EXPECT_EQ(placed.placed_by, "user7");
  EXPECT_EQ(placed.placed_at, clock_.now());
  EXPECT_EQ(code_of(hold(HoldKind::conversation, "", id)), "records.hold_exists");
  EXPECT_EQ(code_of(hold(HoldKind::conversation, "", ConversationId(5))), "records.not_found");
  EXPECT_EQ(code_of(hold(HoldKind::person, "o1")), "ok");
  must(sql::run(service().release_hold(admin(), placed.id, "结案")));
  EXPECT_EQ(code_of(hold(HoldKind::conversation, "", id)), "ok");
  const auto open = must(sql::run(service().holds(admin(), false, {}, 50))).items;
  const auto all = must(sql::run(service().holds(admin(), true, {}, 50))).items;
  EXPECT_EQ(open.size(), 2U);
  ASSERT_EQ(all.size(), 3U);
  EXPECT_EQ(all.back().released_by, "user7");
  EXPECT_EQ(all.back().release_reason, "结案");
  const auto page = must(sql::run(service().holds(admin(), true, {}, 2)));
  ASSERT_TRUE(page.next);
  EXPECT_EQ(must(sql::run(service().holds(admin(), true, HoldId(page.next->second), 2))).items.size(), 1U);
}

MINIOPS_ON_BOTH_ENGINES(RetentionTest);

}  // namespace
}  // namespace miniops::records
