// What the desk records is what reports count: conversations as they happen, and nothing that changes them untold.
#include <random>

#include "desk/tests/reports_fixture.hpp"
#include "teams/store.hpp"

namespace miniops::desk {
namespace {

using reports::Metric;

class ReportedTest : public ReportedDeskTest {
 protected:
  std::vector<std::string> stored() {
    std::vector<std::string> all;
    for (const sql::Row& row : query("SELECT id, day, previous_id, facts FROM reports_conversations ORDER BY id"))
      all.push_back(fmt::format("{} {} {} ", row.integer(0), row.integer(1), row.integer(2)) + row.blob(3));
    return all;
  }
  std::vector<std::string> stored_after_rebuild() {
    for (const std::string table : {"reports_conversations", "reports_days", "reports_pending", "reports_rebuild"})
      execute("DELETE FROM " + table);
    derive_all();
    return stored();
  }
  void close(ConversationId id, const std::string& outcome) {
    must(sql::run(service().close(admin(), id, "", outcome, std::nullopt)));
  }
  void move_queue(routing::GroupId from, routing::GroupId to) {
    auto write = [&](sql::Transaction& tx) -> Result<void> {
      return desk_->queue_mover().move_queue(tx, AppId("wxapp"), from, to, clock_.now());
    };
    must(db().write_blocking(write));
  }
};

TEST_P(ReportedTest, AScoreIsCountedALittleLater) {
  const TimeMs begin = clock_.now();
  ask_customers();
  online(1);
  says("o1", "在吗");
  assign_all();
  deliver(must(sends(1, only().id, "您好")).id, gateway::DeliveryState::sent, 1);
  close(only().id, "resolved");
  for (const Message& message : messages(only().id))
    if (message.cause == rating_cause) deliver(message.id, gateway::DeliveryState::sent, 1);
  derive_all();
  EXPECT_EQ(of(totals(begin, clock_.now() + 1), Metric::satisfaction).count, 0);
  clock_.advance(minute_ms);
  says("o1", "4");
  derive_pending();
  EXPECT_EQ(of(totals(begin, clock_.now() + 1), Metric::satisfaction).count, 1);
}

// From the first push to the closing.
TEST_P(ReportedTest, OneConversation) {
  const TimeMs begin = clock_.now();
  online(1);
  says("a", "在吗");
  const Conversation opened = only();
  clock_.advance(minute_ms);
  assign_all();
  clock_.advance(minute_ms);
  const Message answer = must(sends(1, opened.id, "您好"));
  clock_.advance(second_ms);
  deliver(answer.id, gateway::DeliveryState::sent, 1);
  derive_all();
  const reports::Wallboard board = must(sql::run(reports_->wallboard(admin())));
  EXPECT_EQ(board.service.answered_today, 1);
  EXPECT_EQ(board.desk.online, 1);
  ASSERT_EQ(board.desk.groups.size(), 1U);
  EXPECT_EQ(board.desk.groups[0].open, 1);
  says("a", "谢谢");
  close(opened.id, "resolved");
  derive_pending();
  const reports::Figures figures = totals(begin, clock_.now() + 1);
  EXPECT_EQ(of(figures, Metric::conversations).count, 1);
  EXPECT_EQ(of(figures, Metric::wait).count, 1);
  EXPECT_EQ(of(figures, Metric::first_answer).sum, 2 * minute_ms + second_ms + 10);
  EXPECT_EQ(of(figures, Metric::response).count, 1);
  EXPECT_EQ(of(figures, Metric::response).missed, 1);
  EXPECT_EQ(of(figures, Metric::handling).sum, minute_ms + second_ms + 10);
  EXPECT_EQ(of(figures, Metric::resolution).hits, 1);
  EXPECT_EQ(of(figures, Metric::satisfaction).count + of(figures, Metric::satisfaction).missed, 0);
  EXPECT_EQ(query("SELECT COUNT(*) FROM reports_pending")[0].integer(0), 0);
}

// Who closes it says whether it is resolved.
TEST_P(ReportedTest, AClosingHasItsOutcome) {
  const TimeMs begin = clock_.now();
  online(1);
  for (const std::string who : {"a", "b", "c"}) {
    says(who, "在吗");
    deliver(must(sends(1, conversation_of(who).id, "您好")).id, gateway::DeliveryState::sent, 1);
  }
  close(conversation_of("a").id, "resolved");
  close(conversation_of("b").id, "unresolved");
  derive_all();
  const reports::Figure resolution = of(totals(begin, clock_.now()), Metric::resolution);
  EXPECT_EQ(resolution.count, 2);
  EXPECT_EQ(resolution.hits, 1);
}

// A person with two accounts: whichever they come back by, and whenever it turns out that it is one person.
TEST_P(ReportedTest, WhoComesBackByAnotherAccountCameBack) {
  const TimeMs begin = clock_.now();
  online(1);
  const auto serve = [&](const std::string& who) {
    says(who, "在吗");
    deliver(must(sends(1, conversation_of(who).id, "您好")).id, gateway::DeliveryState::sent, 1);
    close(conversation_of(who).id, "resolved");
    clock_.advance(hour_ms);
  };
  const auto in_people = [&](auto act) {
    auto write = [&](sql::Transaction& tx) -> Result<void> { return act(tx); };
    must(db().write_blocking(write));
  };
  const auto hits = [&] {
    derive_pending();
    return of(totals(begin, begin + 10 * day_ms), Metric::first_contact).hits;
  };
  serve("a");
  serve("b");
  derive_all();
  const auto profile = [&](const std::string& who) {
    return query("SELECT id FROM people_profiles WHERE openid = $1", {who})[0].id<people::ProfileId>(0);
  };
  const auto learn_unionid = [&](const std::string& who) {
    const auto id = profile(who);
    in_people([&](sql::Transaction& tx) {
      return directory_.learn(tx, id, people::IdentityKind::unionid, "u1", people::Source::api, clock_.now());
    });
  };
  learn_unionid("a");
  learn_unionid("b");
  clock_.advance(5 * day_ms);
  EXPECT_EQ(hits(), 1) << "b came an hour after a";
  EXPECT_EQ(stored(), stored_after_rebuild());
  serve("c");
  learn_unionid("c");
  says("a", "又来了");
  clock_.advance(5 * day_ms);
  EXPECT_EQ(hits(), 1) << "only b's: a came back by b, c by a";
  EXPECT_EQ(stored(), stored_after_rebuild());
  // Who is deleted is nobody's other account any more.
  in_people([&](sql::Transaction& tx) -> Result<void> {
    const auto gone = erasure_.forget(tx, AppId("wxapp"), OpenId("b"), clock_.now());
    return gone ? Result<void>{} : std::unexpected(gone.error());
  });
  EXPECT_EQ(hits(), 2) << "a's first; b's own stays a figure";
  EXPECT_EQ(stored(), stored_after_rebuild());
}

// What is not followed any more is not found by a rebuild either.
TEST_P(ReportedTest, AnotherAccountThatComesMuchLaterChangesNothing) {
  online(1);
  for (const std::string who : {"a", "b"}) {
    says(who, "在吗");
    deliver(must(sends(1, conversation_of(who).id, "您好")).id, gateway::DeliveryState::sent, 1);
    close(conversation_of(who).id, "resolved");
    const auto profile = query("SELECT id FROM people_profiles WHERE openid = $1", {who})[0].id<people::ProfileId>(0);
    auto learn = [&](sql::Transaction& tx) -> Result<void> {
      return directory_.learn(tx, profile, people::IdentityKind::unionid, "u1", people::Source::api, clock_.now());
    };
    must(db().write_blocking(learn));
    clock_.advance(hour_ms);
  }
  derive_all();
  const std::vector<std::string> before = stored();
  clock_.advance(5 * day_ms);
  says("a", "又来了");
  derive_pending();
  const std::vector<std::string> followed = stored();
  ASSERT_EQ(followed.size(), 3U);
  EXPECT_EQ(followed[1], before[1]) << "b's";
  EXPECT_EQ(stored_after_rebuild(), followed);
}

// A question that was stored after the closing, though it had been asked before, is the next period's.
TEST_P(ReportedTest, WhatWasUnderWayWhileItWasClosedIsAnsweredAfterIt) {
  const TimeMs begin = clock_.now();
  online(1);
  says("a", "在吗");
  const ConversationId id = only().id;
  deliver(must(sends(1, id, "您好")).id, gateway::DeliveryState::sent, 1);
  clock_.advance(second_ms);
  const gateway::JournalEntry under_way = entry("a", {{"MsgType", "text"}, {"Content", "还有"}});
  clock_.advance(second_ms);
  close(id, "resolved");
  push(under_way);
  deliver(must(sends(1, id, "在")).id, gateway::DeliveryState::sent, 1);
  derive_all();
  const reports::Figure response = of(totals(begin, clock_.now()), Metric::response);
  EXPECT_EQ(response.count, 2);
  EXPECT_EQ(response.missed, 0);
}

TEST_P(ReportedTest, WhoseGroupIsDeletedIsTheDefaultGroupsFromThenOn) {
  const TimeMs begin = clock_.now();
  const routing::GroupId refunds(7);
  auto write = [&](sql::Transaction& tx) -> Result<void> {
    teams::Group group{refunds};
    group.name = "退款组";
    teams::store::put_group(tx, AppId("wxapp"), group);
    return {};
  };
  must(db().write_blocking(write));
  must(sql::run(setups_->load(true)));
  online(1);
  for (const std::string who : {"a", "b"}) says(who, "退款");
  for (const Conversation& one : conversations())
    must(sql::run(service().transfer_to_group(admin(), one.id, refunds, "", std::nullopt)));
  close(conversation_of("b").id, "unresolved");
  derive_all();
  const auto in_group = [&](reports::GroupId group) {
    const reports::Filter filter{.from = begin, .to = clock_.now(), .group = group};
    const auto report = must(sql::run(reports_->figures(admin(), filter, reports::Interval::none, reports::By::none)));
    return of(report.answer.totals, Metric::conversations).count;
  };
  EXPECT_EQ(in_group(reports::GroupId(7)), 2);
  move_queue(refunds, teams::default_group);
  derive_pending();
  EXPECT_EQ(in_group(reports::GroupId(7)), 1) << "what is over stays where it was";
  EXPECT_EQ(in_group(reports::default_group), 1);
  EXPECT_EQ(event_kinds(conversation_of("a").id).back(), "routed");
  EXPECT_EQ(event_kinds(conversation_of("b").id).back(), "closed");
}

// Whatever is done with conversations: what reports followed is what the rows say when they are read anew.
TEST_P(ReportedTest, ARebuildGivesWhatWasFollowed) {
  std::mt19937_64 random(11);
  const auto one_of = [&](std::int64_t count) {
    return static_cast<std::int64_t>(random() % static_cast<std::uint64_t>(count));
  };
  derive_all();
  for (std::int64_t agent = 1; agent <= 3; ++agent) online(agent);
  const std::vector<std::string> people{"a", "b", "c", "d"};
  for (const std::string& who : people) says(who, "在吗");
  std::vector<MessageId> under_way;
  for (int i = 0; i < 250; ++i) {
    const std::string& who = people[static_cast<std::size_t>(one_of(4))];
    const ConversationId id = conversation_of(who).id;
    const Access agent = access_of(1 + one_of(3), identity::Role::admin);
    clock_.advance(one_of(5) * minute_ms);
    switch (one_of(11)) {
      case 0:
        says(who, "问题");
        break;
      case 1:
        enters(who, "page=pages/order");
        break;
      case 2:
        if (const auto sent = sql::run(service().send(agent, id, {text("回答")}))) under_way.push_back(sent->id);
        break;
      case 3:
        if (under_way.empty()) break;
        deliver(under_way.back(), one_of(4) == 0 ? gateway::DeliveryState::failed : gateway::DeliveryState::sent, 1);
        under_way.pop_back();
        break;
      case 4:
        (void)sql::run(service().transfer(agent, id, AccountId(1 + one_of(3)), "", std::nullopt));
        break;
      case 5:
        (void)sql::run(service().transfer_to_group(agent, id, teams::default_group, "", std::nullopt));
        break;
      case 6:
        (void)sql::run(service().park(agent, id, one_of(2) == 0 ? 0 : clock_.now() + hour_ms, "", std::nullopt));
        break;
      case 7:
        (void)sql::run(service().close(agent, id, "", one_of(2) == 0 ? "resolved" : "unresolved", std::nullopt));
        if (one_of(2) == 0) clock_.advance(hour_ms);  // the next message opens another one
        break;
      case 8:
        (void)sql::run(service().reopen(agent, id, std::nullopt));
        break;
      case 9:
        (void)sql::run(desk_->timer_step());
        break;
      default:
        assign_all();
    }
    if (one_of(3) == 0) derive_pending();
  }
  derive_pending();
  const std::vector<std::string> followed = stored();
  EXPECT_GT(followed.size(), people.size());
  EXPECT_EQ(stored_after_rebuild(), followed);
}

MINIOPS_ON_BOTH_ENGINES(ReportedTest);

}  // namespace
}  // namespace miniops::desk
