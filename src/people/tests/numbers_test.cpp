// Phones, ID and card numbers in what is written about a customer.
#include "people/numbers.hpp"

#include "people/tests/people_fixture.hpp"

namespace miniops::people {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::UnorderedElementsAre;

const std::string id_card = "11010519491231002X";

class NumbersTest : public PeopleTest {
 protected:
  void SetUp() override {
    PeopleTest::SetUp();
    a = add(shop, "a");
    Attribute address{{"address", "地址"}, AttributeId(), shop};
    address.revoke_code = 2;
    must(sql::run(service_->add_attribute(access(shop, everywhere), address)));
  }
  ProfileView write_note(const std::string& note) {
    ProfilePatch patch;
    patch.note = note;
    return must(change(a, patch)).profiles.front();
  }
  ProfileView write_address(const json::value& address) {
    ProfilePatch patch;
    patch.attributes = {{"address", address}};
    return must(change(a, patch)).profiles.front();
  }
  Result<std::string> reveal(const NumberView& one, const AppId& appid = shop) {
    return sql::run(service_->reveal(access(appid, everywhere), a.value(), one.number.id));
  }
  std::vector<std::string> revealed() {
    std::vector<std::string> out;
    for (const NumberView& one : seen(a).profiles.front().numbers) out.push_back(one.field + " " + must(reveal(one)));
    return out;
  }
  std::vector<std::string> found(const std::string& number) {
    std::vector<std::string> out;
    const Access asked = access(shop, everywhere);
    for (const store::Row& row : must(sql::run(service_->search(asked, IdentityKind::phone, number))))
      out.push_back(row.profile.openid);
    return out;
  }
  // All that is stored in clear of the module's texts.
  std::string clear() {
    std::string out;
    for (const char* select :
         {"SELECT nickname || note || tags || source FROM people_profiles", "SELECT text FROM people_values",
          "SELECT reason FROM people_blocks", "SELECT field || kind || search_key FROM people_numbers",
          "SELECT changes FROM audit_entries"})
      for (const sql::Row& row : query(select)) out += row.text(0) + "\n";
    return out;
  }

  ProfileId a;
};

TEST_P(NumbersTest, LieApartFromTheTextAndAreShownOneByOne) {
  const auto view = write_note("😀 家里 138-1234-5678，证 " + id_card);
  EXPECT_EQ(view.profile.note, "😀 家里 138-****-5678，证 110105********002X");
  ASSERT_EQ(view.numbers.size(), 2U);
  EXPECT_EQ(view.numbers[0].field, "note");
  EXPECT_EQ(view.numbers[0].number.at, 5);
  EXPECT_EQ(view.numbers[0].number.length, 13);
  EXPECT_EQ(view.numbers[1].number.kind, PersonalData::id_card);
  EXPECT_EQ(write_address("转 13987654321").attributes.at("address").as_string(), "转 139****4321");
  EXPECT_THAT(revealed(),
              UnorderedElementsAre("note 138-1234-5678", "note " + id_card, "attributes.address 13987654321"));
  EXPECT_THAT(clear(), Not(HasSubstr("1234-5678")));
  EXPECT_THAT(clear(), Not(HasSubstr("13987654321")));
  EXPECT_THAT(clear(), Not(HasSubstr(id_card)));
  EXPECT_EQ(query("SELECT COUNT(*) FROM audit_entries WHERE action = 'people.number.reveal'")[0].integer(0), 3);
}

TEST_P(NumbersTest, AMaskedFormThatStaysKeepsItsNumber) {
  write_note("甲 13812345678 乙 13800005678");
  // Somebody who sees neither writes around them.
  EXPECT_EQ(write_note("常客：甲 138****5678，乙 138****5678，丙 13987654321").profile.note,
            "常客：甲 138****5678，乙 138****5678，丙 139****4321");
  EXPECT_THAT(revealed(), ElementsAre("note 13812345678", "note 13800005678", "note 13987654321"));
  EXPECT_EQ(seen(a).profiles.front().numbers[0].number.at, 5);
  write_note("甲 138****5678");
  EXPECT_THAT(revealed(), ElementsAre("note 13812345678"));
  // A new number that looks the same is the new one.
  write_note("甲 13855555678");
  EXPECT_THAT(revealed(), ElementsAre("note 13855555678"));
  write_note("没有号码");
  EXPECT_EQ(rows("people_numbers"), 0);
}

TEST_P(NumbersTest, NobodyGetsANumberInClearByWritingAroundIt) {
  write_note("13812345678");
  EXPECT_EQ(write_note("138****56789").profile.note, "138****56789");  // as a whole it would be no phone any more
  EXPECT_THAT(revealed(), ElementsAre("note 13812345678"));
  write_note("138****5678 138****5678");
  EXPECT_EQ(rows("people_numbers"), 1);
  EXPECT_EQ(write_address("138****5678").attributes.at("address").as_string(), "138****5678");  // another text's
  EXPECT_THAT(revealed(), ElementsAre("note 13812345678"));
}

TEST_P(NumbersTest, WhatIsForEverybodyIsMaskedForGood) {
  ProfilePatch patch;
  patch.tags = std::vector<std::string>{"13812345678", "13800005678", "老客户"};
  EXPECT_THAT(must(change(a, patch)).profiles.front().profile.tags, ElementsAre("138****5678", "老客户"));
  must(sql::run(service_->block(access(shop, everywhere), Reach(everywhere), a.value(), "用 13812345678 骚扰", 0)));
  within([&](sql::Transaction& tx) { directory_.seen(tx, a, "pages/call?tel=13812345678", clock_.now()); });
  EXPECT_EQ(seen(a).profiles.front().profile.source, "pages/call?tel=138****5678");
  EXPECT_THAT(clear(), Not(HasSubstr("13812345678")));
}

TEST_P(NumbersTest, AreFoundByTheWholeNumberOnly) {
  write_note("138-1234-5678");
  learn(add(shop, "b"), IdentityKind::phone, "+86 13812345678");
  const ProfileId c = add(shop, "c");
  within([&](sql::Transaction& tx) { must(directory_.describe(tx, c, {"王 13812345678", id_card}, clock_.now())); });
  const ProfileId d = add(bank, "d");
  within([&](sql::Transaction& tx) { must(directory_.describe(tx, d, {"13812345678"}, clock_.now())); });
  EXPECT_THAT(found("13812345678"), ElementsAre("a", "b", "c"));
  EXPECT_THAT(found("+86 138 1234 5678"), ElementsAre("a", "b", "c"));
  EXPECT_THAT(found("11010519491231002x"), ElementsAre("c"));
  EXPECT_THAT(found("13812345679"), IsEmpty());
  EXPECT_EQ(stored(c).nickname, "王 138****5678");
  const Access agent = access(shop, caller({{shop, identity::Role::agent}}));
  EXPECT_EQ(code_of(sql::run(service_->search(agent, IdentityKind::phone, id_card))), "people.needs_personal_data");
}

TEST_P(NumbersTest, ANumberIsShownOnlyWhereItIs) {
  const auto view = write_note("13812345678");
  const ProfileId b = add(shop, "b");
  const Access asked = access(shop, everywhere);
  EXPECT_EQ(code_of(sql::run(service_->reveal(asked, b.value(), view.numbers[0].number.id))), "people.not_found");
  EXPECT_EQ(code_of(reveal(view.numbers[0], bank)), "people.not_found");
  execute("UPDATE people_numbers SET id = id + 1");
  EXPECT_EQ(code_of(reveal(seen(a).profiles.front().numbers[0])), "base.seal_broken");
}

TEST_P(NumbersTest, GoWithWhatTheyStoodIn) {
  write_note("13812345678 " + id_card);
  write_address("13987654321");
  const Named named{shop, IdentityKind::openid, "a"};
  const auto whole = within([&](sql::Transaction& tx) { return json::serialize(must(erasure_.exported(tx, named))); });
  EXPECT_THAT(whole, HasSubstr("13812345678 " + id_card));
  EXPECT_THAT(whole, HasSubstr("13987654321"));
  const auto clear_codes = [&](const std::set<int>& codes) {
    return within(
        [&](sql::Transaction& tx) { return must(erasure_.clear_named(tx, shop, OpenId("a"), codes, clock_.now())); });
  };
  EXPECT_TRUE(clear_codes({2}));  // the address
  EXPECT_EQ(rows("people_numbers"), 2);
  EXPECT_TRUE(clear_codes({8}));  // phones
  EXPECT_FALSE(clear_codes({8}));
  EXPECT_THAT(revealed(), ElementsAre("note " + id_card));
  within([&](sql::Transaction& tx) { must(erasure_.forget(tx, named, clock_.now())); });
  EXPECT_EQ(rows("people_numbers"), 0);
}

TEST_P(NumbersTest, GoWithTheAttributeOrItsValue) {
  write_address("13812345678");
  write_address(nullptr);
  EXPECT_EQ(rows("people_numbers"), 0);
  write_address("13812345678");
  const auto attributes = must(sql::run(service_->attributes(access(shop, everywhere))));
  must(sql::run(service_->remove_attribute(access(shop, everywhere), attributes[0].id)));
  EXPECT_EQ(rows("people_numbers"), 0);
}

MINIOPS_ON_BOTH_ENGINES(NumbersTest);

}  // namespace
}  // namespace miniops::people
