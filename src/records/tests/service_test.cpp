// Who finds and reads what, and that it is audited.
#include "records/tests/records_fixture.hpp"

namespace miniops::records {
namespace {

using identity::Grant;
using identity::Permission;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::UnorderedElementsAreArray;

class ServiceTest : public RecordsTest {
 protected:
  std::vector<std::string> found(const Access& as, const Question& question = {}) {
    std::vector<std::string> out;
    for (const Hit& hit : must(sql::run(service().search(as, question, {}, 50))).items)
      out.push_back(hit.conversation.openid);
    return out;
  }
};

TEST_P(ServiceTest, WhoReadsWhat) {
  archive_.groups[AccountId(1)] = {GroupId(1)};
  conversation("own, elsewhere", 0, {}, 1, 5);
  conversation("of the group", 0, {}, 2, 1);
  conversation("of another group", 0, {}, 2, 2);
  conversation("of a third group", 0, {}, 3, 3);
  conversation("of another mini program", 0, {}, 1, 1, bank);
  struct Case {
    const char* name;
    std::set<Grant> grants;
    std::vector<std::string> read;
  };
  const std::vector<Case> cases{
      {"an agent", {}, {"own, elsewhere", "of the group"}},
      {"with a group's records",
       {{Permission::desk_records_all, "2"}},
       {"own, elsewhere", "of the group", "of another group"}},
      {"with what is no group", {{Permission::desk_records_all, "x"}}, {"own, elsewhere", "of the group"}},
      {"with all records",
       {{Permission::desk_records_all}},
       {"own, elsewhere", "of the group", "of another group", "of a third group"}},
  };
  for (const Case& one : cases) {
    SCOPED_TRACE(one.name);
    EXPECT_THAT(found(agent(1, one.grants)), UnorderedElementsAreArray(one.read));
  }
  EXPECT_EQ(found(admin()).size(), 4U);
}

TEST_P(ServiceTest, WhatMayNotBeReadIsNotThere) {
  const auto others = conversation("o2", 0, {"a"}, 2, 2);
  const auto own = conversation("o1", 0, {"a", "b", "c"}, 1, 2);
  EXPECT_EQ(code_of(sql::run(service().read(agent(1), others, 0, 50))), "records.not_found");
  EXPECT_EQ(code_of(sql::run(service().read(access(identity::Role::admin, 7, {}, bank), own, 0, 50))),
            "records.not_found");
  const auto first = must(sql::run(service().read(agent(1), own, 0, 2)));
  EXPECT_EQ(first.messages.size(), 2U);
  EXPECT_EQ(first.next_seq, 2);
  const auto rest = must(sql::run(service().read(agent(1), own, first.next_seq, 2)));
  EXPECT_EQ(rest.messages.size(), 1U);
  EXPECT_EQ(rest.next_seq, 0);
  EXPECT_THAT(audited(), ElementsAre("records.conversation.read"))
      << "once for a conversation, and not for what was refused";
}

TEST_P(ServiceTest, SearchIsAuditedWithoutSayingWhoSomebodyIs) {
  conversation("o1", 0);
  const Question question{.text = "13812345678", .customer = "o1", .tag = "13812345678"};
  EXPECT_THAT(found(admin(), question), IsEmpty());
  const auto rows = query("SELECT action, changes FROM audit_entries");
  ASSERT_EQ(rows.size(), 1U);
  EXPECT_EQ(rows[0].text(0), "records.conversation.search");
  const json::value asked = json::parse(rows[0].text(1)).at("question").at("to");
  EXPECT_EQ(asked.at("text").as_string(), "138****5678");
  EXPECT_EQ(asked.at("tag").as_string(), "138****5678");
  EXPECT_EQ(asked.at("customer").as_string(), hash_of("o1"));
  must(sql::run(service().search(admin(), question, Place(1, 1), 50)));
  EXPECT_EQ(audited().size(), 1U) << "a further page is the same search";
  Question masked_alike = question;
  masked_alike.text = "13800005678";
  must(sql::run(service().search(admin(), masked_alike, {}, 50)));
  EXPECT_EQ(audited().size(), 2U) << "another number is another search";
}

// Whoever makes up a cursor reads no less.
TEST_P(ServiceTest, WhateverPageIsAskedForIsAudited) {
  const auto id = conversation("o1", 0, {"a", "b"});
  must(sql::run(service().read(agent(1), id, 1, 50)));
  must(sql::run(service().read(agent(1), id, 0, 50)));
  EXPECT_THAT(audited(), ElementsAre("records.conversation.read"));
  must(sql::run(service().read(agent(1), conversation("o2", 0, {"c"}), 1, 50)));
  must(sql::run(service().read(admin(), id, 1, 50)));
  EXPECT_EQ(audited().size(), 3U) << "of another conversation, and by another account";
  const Place later(clock_.now() + 1, 1);
  must(sql::run(service().search(admin(), {.text = "a"}, later, 50)));
  must(sql::run(service().search(admin(), {.text = "b"}, later, 50)));
  EXPECT_EQ(audited().size(), 5U) << "each search";
  clock_.advance(identity::ReadingLog::again_after_ms);
  must(sql::run(service().read(agent(1), id, 1, 50)));
  EXPECT_EQ(audited().size(), 6U) << "and again after a quarter of an hour";
}

TEST_P(ServiceTest, NobodyIsFoundByAScoreThatTheyMayNotSee) {
  archive_.scores = false;
  EXPECT_EQ(code_of(sql::run(service().search(admin(), {.score = 1}, {}, 50))), "records.scores_hidden");
  EXPECT_EQ(code_of(sql::run(service().add_export(admin(), {.score = 1}, Format::csv))), "records.scores_hidden");
  archive_.scores = true;
  EXPECT_EQ(code_of(sql::run(service().search(admin(), {.score = 1}, {}, 50))), "ok");
}

TEST_P(ServiceTest, PersonalDataAreMasked) {
  const auto id = conversation("o1", 0, {"手机 13812345678"}, 1, 1);
  const auto text = [&](const Access& as) { return must(sql::run(service().read(as, id, 0, 50))).messages.at(0).text; };
  EXPECT_EQ(text(agent(1)), "手机 138****5678");
  EXPECT_EQ(text(admin()), "手机 13812345678");
}

TEST_P(ServiceTest, APageThatFoundNothingMayHaveANext) {
  archive_.look_at_most = 2;
  for (int i = 0; i < 5; ++i) {
    conversation(i == 0 ? "wanted" : "other", 0);
    clock_.advance(1);
  }
  std::vector<std::string> all;
  Before before;
  int pages = 0;
  do {
    const auto page = must(sql::run(service().search(admin(), {.customer = "wanted"}, before, 50)));
    for (const Hit& hit : page.items) all.push_back(hit.conversation.openid);
    before = page.next;
    ASSERT_LT(++pages, 10);
  } while (before);
  EXPECT_THAT(all, ElementsAre("wanted"));
}

MINIOPS_ON_BOTH_ENGINES(ServiceTest);

}  // namespace
}  // namespace miniops::records
