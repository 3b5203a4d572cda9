// Who is who: the order of ids, merges, and that two login ids are never one person.
#include "storage/testing/engines.hpp"
#include "telemetry/store.hpp"

namespace miniops::telemetry {
std::span<const sql::Migration> migrations();
namespace {

const AppId app{"wx1"};

class PeopleTest : public sql::EngineTest {
 protected:
  void SetUp() override { open({migrations()}); }
  store::Resolved resolve(const UserIds& user, const AppId& appid = app) {
    const std::int64_t fresh = ids_.next();
    return *db().write_blocking([&](sql::Transaction& tx) -> Result<store::Resolved> {
      return store::resolve_person(tx, appid, user, fresh, clock_.now());
    });
  }
  std::int64_t canonical(std::int64_t person) {
    for (const auto& row : query("SELECT canonical FROM telemetry_person_merges WHERE person = $1", {person}))
      return row.integer(0);
    return person;
  }
  static UserIds device(std::string id) { return {"", "", "", std::move(id)}; }
  static UserIds login(std::string id, std::string device = "") { return {std::move(id), "", "", std::move(device)}; }
};

TEST_P(PeopleTest, NobodyIsNobody) { EXPECT_EQ(resolve({}).person, 0); }

TEST_P(PeopleTest, TheSameIdIsTheSamePerson) {
  const auto first = resolve(device("d1"));
  EXPECT_EQ(resolve(device("d1")).person, first.person);
  EXPECT_NE(resolve(device("d2")).person, first.person);
  EXPECT_NE(resolve(device("d1"), AppId("wx2")).person, first.person);
}

TEST_P(PeopleTest, ADeviceThatLogsInStaysThePerson) {
  const auto before = resolve(device("d1"));
  const auto after = resolve(login("u7", "d1"));
  EXPECT_EQ(after.person, before.person);
  EXPECT_TRUE(after.merges.empty());
  EXPECT_EQ(resolve(login("u7")).person, before.person);
}

TEST_P(PeopleTest, ASecondDeviceIsMerged) {
  const auto account = resolve(login("u7", "d1"));
  const auto other = resolve(device("d2"));
  ASSERT_NE(other.person, account.person);
  const auto together = resolve(login("u7", "d2"));
  EXPECT_EQ(together.person, account.person);
  ASSERT_EQ(together.merges.size(), 1u);
  EXPECT_EQ(together.merges[0].person, other.person);
  EXPECT_EQ(canonical(other.person), account.person);
  EXPECT_EQ(resolve(device("d2")).person, account.person);
}

TEST_P(PeopleTest, TwoLoginsOnOnePhoneAreTwoPeople) {
  const auto first = resolve(login("u1", "d1"));
  const auto second = resolve(login("u2", "d1"));
  EXPECT_NE(second.person, first.person);
  EXPECT_TRUE(second.merges.empty());
  EXPECT_EQ(resolve(device("d1")).person, first.person);
  EXPECT_EQ(resolve(login("u2")).person, second.person);
}

TEST_P(PeopleTest, AChainOfMergesIsOneStepLong) {
  const auto a = resolve(device("a"));
  const auto b = resolve({"", "", "openid-b", ""});
  const auto ab = resolve({"", "", "openid-b", "a"});
  EXPECT_EQ(ab.person, b.person);
  const auto c = resolve({"", "union-c", "", ""});
  const auto all = resolve({"", "union-c", "openid-b", ""});
  EXPECT_EQ(all.person, c.person);
  EXPECT_EQ(canonical(a.person), c.person);
  EXPECT_EQ(canonical(b.person), c.person);
  EXPECT_EQ(all.merges.size(), 2u);
}

TEST_P(PeopleTest, WordsHaveNumbersAndALimit) {
  using store::Dictionary;
  const auto number = [&](const std::vector<store::Word>& words) {
    return *db().write_blocking([&](sql::Transaction& tx) -> Result<std::map<store::Word, std::int32_t>> {
      return store::number_words(tx, app, words);
    });
  };
  const auto first = number({{Dictionary::page, "pages/a"}, {Dictionary::release, "1.0"}});
  EXPECT_EQ(first.at({Dictionary::page, "pages/a"}), 2);
  EXPECT_EQ(first.at({Dictionary::release, "1.0"}), 2);
  EXPECT_EQ(number({{Dictionary::page, "pages/a"}, {Dictionary::page, "pages/b"}}).at({Dictionary::page, "pages/b"}),
            3);
  std::vector<store::Word> networks;
  for (int i = 0; i < 60; ++i) networks.push_back({Dictionary::network, "n" + std::to_string(i)});
  const auto numbers = number(networks);
  EXPECT_EQ(std::ranges::count_if(numbers, [](const auto& one) { return one.second == store::other_words; }), 10);
}

MINIOPS_ON_BOTH_ENGINES(PeopleTest);

}  // namespace
}  // namespace miniops::telemetry
