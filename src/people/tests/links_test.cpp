// Any sequence of linking and undoing ends in the partition that the links which remain give.
#include "people/tests/people_fixture.hpp"

namespace miniops::people {
namespace {

TEST(Groups, AreWhatLinksHoldTogether) {
  const auto group = [](std::vector<std::pair<int, int>> pairs) {
    std::vector<ProfileId> ids;
    for (int i = 1; i <= 6; ++i) ids.emplace_back(i);
    std::vector<Link> links;
    for (const auto& [a, b] : pairs) links.push_back({LinkId(1), ProfileId(a), ProfileId(b)});
    std::string out;
    for (const auto& [id, leader] : groups_of(ids, links)) out += leader.str();
    return out;
  };
  EXPECT_EQ(group({}), "123456");
  EXPECT_EQ(group({{5, 6}}), "123455");
  EXPECT_EQ(group({{2, 3}, {5, 6}, {3, 6}}), "122422");
  EXPECT_EQ(group({{1, 2}, {2, 3}, {1, 3}}), "111456");
  EXPECT_EQ(group({{4, 5}, {1, 5}, {1, 99}}), "123116");
}

class LinksTest : public PeopleTest {
 protected:
  static constexpr int people = 8;

  void SetUp() override {
    PeopleTest::SetUp();
    for (int i = 0; i < people; ++i) ids.push_back(add(i % 2 == 0 ? shop : bank, fmt::format("o{}", i)));
  }

  // The partition by brute force: who reaches whom over the links that are left, as a matrix.
  std::vector<std::int64_t> expected() {
    std::map<ProfileId, std::set<ProfileId>> reach;
    for (const ProfileId id : ids) reach[id] = {id};
    for (int round = 0; round < people; ++round)
      for (const sql::Row& row : query("SELECT a, b FROM people_links WHERE undone_at = 0"))
        for (auto& [id, all] : reach) {
          if (all.contains(ProfileId(row.integer(0)))) all.insert(ProfileId(row.integer(1)));
          if (all.contains(ProfileId(row.integer(1)))) all.insert(ProfileId(row.integer(0)));
        }
    std::vector<std::int64_t> out;
    for (const ProfileId id : ids) out.push_back(reach[id].begin()->value());
    return out;
  }
  std::vector<std::int64_t> actual() {
    std::vector<std::int64_t> out;
    for (const sql::Row& row : query("SELECT person FROM people_profiles ORDER BY id")) out.push_back(row.integer(0));
    return out;
  }
  ProfileId any(SeededRandom& random) { return ids[random.below(ids.size())]; }

  std::vector<ProfileId> ids;
};

TEST_P(LinksTest, AnySequenceEndsInWhatTheRemainingLinksGive) {
  int linked = 0;
  int undone = 0;
  for (std::uint64_t seed = 1; seed <= 4; ++seed) {
    SeededRandom random(seed);
    for (int step = 0; step < 30; ++step) {
      clock_.advance(1);
      if (random.below(3) < 2) {
        const ProfileId one = any(random);
        const ProfileId other = any(random);
        const bool same = person_of(one) == person_of(other);
        const auto made = link(one, other);
        ASSERT_EQ(code_of(made), same ? "people.already_linked" : "ok");
        linked += made ? 1 : 0;
      } else if (const auto live = query("SELECT id, a FROM people_links WHERE undone_at = 0 ORDER BY id");
                 !live.empty()) {
        const auto& row = live[random.below(live.size())];
        ASSERT_EQ(undo(ProfileId(row.integer(1)), LinkId(row.integer(0))), "ok");
        ++undone;
      }
      ASSERT_EQ(actual(), expected()) << "seed " << seed << ", step " << step;
    }
  }
  EXPECT_GT(linked, 20);
  EXPECT_GT(undone, 20);
}

TEST_P(LinksTest, UnionidsComingAndGoingKeepThePartitionToo) {
  int forgotten = 0;
  for (std::uint64_t seed = 1; seed <= 3; ++seed) {
    SeededRandom random(seed + 100);
    for (int step = 0; step < 25; ++step) {
      const ProfileId one = any(random);
      const auto unionids = query("SELECT id FROM people_identities WHERE profile = " + one.str());
      switch (random.below(4)) {
        case 0:
          std::ignore = link(one, any(random));
          break;
        case 1:
          if (!unionids.empty())
            must(sql::run(service_->remove_identity(access(stored(one).appid, script), one.value(),
                                                    IdentityId(unionids[0].integer(0)))));
          break;
        default:
          learn(one, IdentityKind::unionid, random.below(2) == 0 ? "u" : "v");
      }
      ASSERT_EQ(actual(), expected()) << "seed " << seed << ", step " << step;
      // Nobody parted anybody: equal unionids are one person, always.
      ASSERT_EQ(query("SELECT 1 FROM people_identities x JOIN people_identities y ON y.search_key = x.search_key JOIN "
                      "people_profiles p ON p.id = x.profile JOIN people_profiles q ON q.id = y.profile WHERE p.person "
                      "<> q.person")
                    .size(),
                0U);
    }
    // One goes for good; a new one comes.
    const ProfileId gone = ids.front();
    const OpenId name(stored(gone).openid);
    const AppId appid = stored(gone).appid;
    EXPECT_EQ(within([&](sql::Transaction& tx) { return must(erasure_.forget(tx, appid, name, clock_.now())); }), 1);
    ids.erase(ids.begin());
    ++forgotten;
    ASSERT_EQ(actual(), expected());
    ids.push_back(add(cafe, fmt::format("new{}", forgotten)));
  }
}

TEST_P(LinksTest, UndoingGivesBackWhatWasBefore) {
  must(change(ids[0], {0, "小红", {}, "老客户", 5}));
  must(change(ids[1], {0, "张三", {}, "银行", 2}));
  const auto before = seen(ids[1], bank).profiles;
  const auto made = must(link(ids[0], ids[1]));
  EXPECT_EQ(seen(ids[1], bank).profiles.size(), 2U);
  EXPECT_EQ(seen(ids[1], bank).id.value(), ids[0].value());
  const auto more = must(link(ids[1], ids[2]));
  EXPECT_EQ(undo(ids[1], made.link.id), "ok");
  EXPECT_EQ(person_of(ids[2]).value(), ids[1].value());
  EXPECT_EQ(undo(ids[1], made.link.id), "people.not_found");
  EXPECT_EQ(undo(ids[1], more.link.id), "ok");
  const auto after = seen(ids[1], bank).profiles;
  ASSERT_EQ(after.size(), 1U);
  EXPECT_EQ(after[0].profile.nickname, before[0].profile.nickname);
  EXPECT_EQ(after[0].profile.level, 2);
  EXPECT_EQ(after[0].profile.version, before[0].profile.version);
}

TEST_P(LinksTest, ALinkIsOneOfThePersonThatIsNamed) {
  const auto made = must(link(ids[0], ids[1]));
  EXPECT_EQ(undo(ids[2], made.link.id), "people.not_found");
  EXPECT_EQ(code_of(link(ids[0], ProfileId(12345))), "people.not_found");
  EXPECT_EQ(code_of(link(ids[0], ids[0])), "people.already_linked");
}

MINIOPS_ON_BOTH_ENGINES(LinksTest);

}  // namespace
}  // namespace miniops::people
