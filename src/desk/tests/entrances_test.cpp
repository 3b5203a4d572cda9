// Entries, persons and conversations by the page that customers come from.
#include "desk/entrances.hpp"

#include "calendar/time_zone.hpp"
#include "desk/tests/desk_fixture.hpp"

namespace miniops::desk {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class EntrancesTest : public DeskTest {
 protected:
  void SetUp() override {
    DeskTest::SetUp();
    today_ = calendar::day_start("Asia/Shanghai", clock_.now());
  }
  EntranceList list(TimeMs from, TimeMs to, const std::string& appid = "wxapp") {
    Entrances entrances(db());
    return must(sql::run(entrances.list(access_of(1, identity::Role::agent, appid), {from, to})));
  }
  people::ProfileId profile_of(const std::string& openid) {
    const auto row = query("SELECT id FROM people_profiles WHERE openid = $1", {openid});
    return row.at(0).id<people::ProfileId>(0);
  }

  TimeMs today_ = 0;
};

TEST_P(EntrancesTest, AreCountedByPageAndDay) {
  enters("o1", "page=pages/item/item");
  enters("o1", "page=pages/item/item&id=7");
  says("o1", "在吗");
  enters("o2", "page=pages/item/item");
  enters("o2", "pages/cart/cart");
  says("o2", "在吗");
  says("o3", "没有来源");
  const auto found = list(today_, today_ + day_ms);
  EXPECT_THAT(found.items, ElementsAre(Entrance{"pages/item/item", 3, 2, 1}, Entrance{"pages/cart/cart", 1, 1, 1},
                                       Entrance{"", 0, 0, 1}));
  EXPECT_EQ(found.total, (Entrance{"", 4, 2, 3}));
  EXPECT_FALSE(found.more);
  EXPECT_THAT(list(today_, today_ + day_ms, "wxother").items, IsEmpty());

  clock_.set(today_ + day_ms + hour_ms);
  enters("o1", "page=pages/item/item");
  EXPECT_THAT(list(today_ + day_ms, today_ + 2 * day_ms).items, ElementsAre(Entrance{"pages/item/item", 1, 1, 0}));
  EXPECT_EQ(list(today_, today_ + 2 * day_ms).total, (Entrance{"", 5, 2, 3}));
}

TEST_P(EntrancesTest, APersonCountsOnceWhateverTheirProfiles) {
  enters("o1", "pages/a");
  enters("o2", "pages/a");
  EXPECT_EQ(list(today_, today_ + day_ms).total.people, 2);
  for (const char* openid : {"o1", "o2"}) {
    const auto id = profile_of(openid);
    auto write = [&](sql::Transaction& tx) -> Result<void> {
      return directory_.learn(tx, id, people::IdentityKind::unionid, "u1", people::Source::api, clock_.now());
    };
    must(db().write_blocking(write));
  }
  EXPECT_THAT(list(today_, today_ + day_ms).items, ElementsAre(Entrance{"pages/a", 2, 1, 0}));
}

TEST_P(EntrancesTest, ThoseBeyondTheListAreInTheTotal) {
  const auto profile = people::ProfileId(1);
  for (int i = 0; i <= Entrances::listed_max; ++i) {
    auto write = [&](sql::Transaction& tx) -> Result<void> {
      people::count_entry(tx, AppId("wxapp"), profile, fmt::format("pages/{:03}", i), today_);
      return {};
    };
    must(db().write_blocking(write));
  }
  const auto found = list(today_, today_ + day_ms);
  EXPECT_EQ(std::ssize(found.items), Entrances::listed_max);
  EXPECT_TRUE(found.more);
  EXPECT_EQ(found.total, (Entrance{"", Entrances::listed_max + 1, 1, 0}));
}

MINIOPS_ON_BOTH_ENGINES(EntrancesTest);

}  // namespace
}  // namespace miniops::desk
