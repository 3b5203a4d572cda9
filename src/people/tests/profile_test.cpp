// What people write about a person in their mini program.
#include "people/tests/people_fixture.hpp"

namespace miniops::people {
namespace {

using testing::ElementsAre;

TEST(AttributeValue, FitsItsTypeAndLimits) {
  const auto read = [](const std::string& definition, const std::string& value) {
    const json::value parsed = json::parse(definition);
    JsonInput in(parsed);
    const Attribute attribute = read_attribute(in);
    if (auto ok = in.finish(); !ok) return ok.error().code;
    const auto got = read_value(attribute, json::parse(value));
    return got ? json::serialize(to_json(attribute, *got)) : got.error().code;
  };
  const std::string text = R"({"key":"k","name":"n","type":"text","chars_max":3})";
  const std::string number = R"({"key":"k","name":"n","type":"number","number_min":-1,"number_max":2.5})";
  const std::string date = R"({"key":"k","name":"n","type":"date"})";
  const std::string choice = R"({"key":"k","name":"n","type":"choice","choices":["金","银"]})";
  struct Case {
    std::string definition, value, expected;
  };
  const std::string wrong = "people.invalid_attribute";
  const std::vector<Case> cases{
      {text, R"("三个字")", R"("三个字")"},
      {text, R"("四个字了")", wrong},
      {text, R"("")", wrong},
      {text, "7", wrong},
      {number, "2.5", "2.5E0"},
      {number, "-1", "-1E0"},
      {number, "2.6", wrong},
      {number, "-2", wrong},
      {number, R"("2")", wrong},
      {number, "1e300", wrong},
      {date, R"("2024-02-29")", R"("2024-02-29")"},
      {date, R"("2023-02-29")", wrong},
      {date, R"("2024-2-9")", wrong},
      {date, R"("2024-13-01")", wrong},
      {date, R"("+024-01-01")", wrong},
      {date, R"("0000-01-01")", wrong},
      {date, "20240229", wrong},
      {choice, R"("银")", R"("银")"},
      {choice, R"("铜")", wrong},
      {choice, "[]", wrong},
      {R"({"key":"K","name":"n","type":"text"})", "1", "request.invalid"},
      {R"({"key":"1a","name":"n","type":"text"})", "1", "request.invalid"},
      {R"({"key":"k","name":"n","type":"text","choices":["a"]})", "1", "request.invalid"},
      {R"({"key":"k","name":"n","type":"choice"})", "1", "request.invalid"},
      {R"({"key":"k","name":"n","type":"date","chars_max":3})", "1", "request.invalid"},
      {R"({"key":"k","name":"n","type":"number","number_min":2,"number_max":1})", "1", "request.invalid"},
      {R"({"key":"k","name":"n","type":"text","revoke_code":21})", "1", "request.invalid"},
      {R"({"key":"k","name":"n","type":"colour"})", "1", "request.invalid"},
  };
  for (const Case& one : cases) EXPECT_EQ(read(one.definition, one.value), one.expected) << one.definition << one.value;
}

class ProfileTest : public PeopleTest {
 protected:
  Attribute attribute(const std::string& definition, const AppId& appid = shop) {
    const json::value parsed = json::parse(definition);
    JsonInput in(parsed);
    return must(sql::run(service_->add_attribute(access(appid, everywhere), read_attribute(in))));
  }
  std::string put(ProfileId id, const std::string& attributes) {
    ProfilePatch patch;
    patch.attributes = json::parse(attributes).as_object();
    return code_of(change(id, std::move(patch)));
  }
  std::string shown(ProfileId id) { return json::serialize(seen(id).profiles.front().attributes); }
};

TEST_P(ProfileTest, AChangeIsOfTheVersionThatWasSeen) {
  const ProfileId a = add(shop, "a");
  ProfilePatch patch{1, "小红", "https://wx.qlogo.cn/1", "常客", 4, std::vector<std::string>{"vip", "老客户", "vip"}};
  const auto view = must(change(a, patch)).profiles.front();
  EXPECT_EQ(view.profile.version, 2);
  EXPECT_EQ(view.profile.nickname, "小红");
  EXPECT_EQ(view.profile.level, 4);
  EXPECT_EQ(view.profile.level_source, Source::agent);
  EXPECT_THAT(view.profile.tags, ElementsAre("vip", "老客户"));
  EXPECT_EQ(code_of(change(a, patch)), "people.changed");
  patch = {};
  patch.tags = std::vector<std::string>{"新"};
  const auto later = must(change(a, patch)).profiles.front();
  EXPECT_THAT(later.profile.tags, ElementsAre("新"));
  EXPECT_EQ(later.profile.nickname, "小红");
  EXPECT_EQ(rows("people_tags"), 1);
}

TEST_P(ProfileTest, AKeyOfTheApiIsAnotherSourceOfTheLevel) {
  const ProfileId a = add(shop, "a");
  ProfilePatch patch{1};
  patch.level = 7;
  const auto view = must(sql::run(service_->change(access(shop, script), Reach(script), a.value(), patch)));
  EXPECT_EQ(view.profiles.front().profile.level_source, Source::api);
  const auto unionid = [&](const identity::Caller& who) {
    return code_of(
        sql::run(service_->add_identity(access(shop, who), Reach(who), a.value(), IdentityKind::unionid, "u1")));
  };
  EXPECT_EQ(unionid(everywhere), "people.unionid_by_hand");
  EXPECT_EQ(unionid(script), "ok");
  const ProfileId b = add(bank, "b");
  const auto made = must(sql::run(service_->link(access(shop, script), Reach(script), a.value(), b.value())));
  EXPECT_EQ(made.link.source, LinkSource::api);
}

TEST_P(ProfileTest, TheAuditLogSaysWhatChangedAndNotWhatWasWritten) {
  const ProfileId a = add(shop, "a");
  attribute(R"({"key":"city","name":"城市","type":"text"})");
  ProfilePatch patch{1, "小红", {}, "住在杭州", 4};
  patch.attributes["city"] = "杭州";
  must(change(a, patch));
  must(sql::run(service_->add_identity(access(shop, everywhere), Reach(everywhere), a.value(), IdentityKind::phone,
                                       "13812345678")));
  const auto audited =
      query("SELECT action, object, changes FROM audit_entries WHERE object = 'person:" + a.str() + "' ORDER BY id");
  ASSERT_EQ(audited.size(), 2U);
  EXPECT_EQ(audited[0].text(0), "people.person.update");
  EXPECT_EQ(
      audited[0].text(2),
      R"({"nickname":{"changed":true},"note":{"changed":true},"level":{"from":0,"to":4},"attributes.city":{"changed":true}})");
  EXPECT_EQ(audited[1].text(2), R"({"kind":{"to":"phone"}})");
}

TEST_P(ProfileTest, ValuesAreOfTheMiniProgramsAttributes) {
  const ProfileId a = add(shop, "a");
  attribute(R"({"key":"city","name":"城市","type":"text"})");
  attribute(R"({"key":"age","name":"年龄","type":"number","number_min":0,"number_max":150})");
  attribute(R"({"key":"birthday","name":"生日","type":"date"})");
  attribute(R"({"key":"secret","name":"别处","type":"text"})", bank);
  EXPECT_EQ(put(a, R"({"city":"杭州","age":33,"birthday":"1990-05-01"})"), "ok");
  EXPECT_EQ(shown(a), R"({"city":"杭州","age":3.3E1,"birthday":"1990-05-01"})");
  EXPECT_EQ(put(a, R"({"city":null,"age":34})"), "ok");
  EXPECT_EQ(shown(a), R"({"age":3.4E1,"birthday":"1990-05-01"})");
  EXPECT_EQ(put(a, R"({"secret":"x"})"), "people.invalid_attribute");
  const auto version = stored(a).version;
  EXPECT_EQ(put(a, R"({"birthday":"1991-01-01","age":200})"), "people.invalid_attribute");
  EXPECT_EQ(shown(a), R"({"age":3.4E1,"birthday":"1990-05-01"})");  // nothing of it
  EXPECT_EQ(stored(a).version, version);
}

TEST_P(ProfileTest, AnAttributeIsChangedWithinLimitsAndGoesWithItsValues) {
  const Attribute city = attribute(R"({"key":"city","name":"城市","type":"choice","choices":["杭州","北京"]})");
  const auto alter = [&](const std::string& patch, const AppId& appid = shop) {
    return code_of(sql::run(service_->change_attribute(access(appid, everywhere), city.id, json::parse(patch))));
  };
  EXPECT_EQ(alter(R"({"name":"所在城市","choices":["杭州"]})"), "ok");
  EXPECT_EQ(alter(R"({"key":"town"})"), "request.invalid");
  EXPECT_EQ(alter(R"({"choices":[]})"), "request.invalid");
  EXPECT_EQ(alter("7"), "request.invalid");
  EXPECT_EQ(alter("{}", bank), "people.not_found");
  std::vector<ProfileId> all;
  for (int i = 0; i < 3; ++i) EXPECT_EQ(put(add(shop, fmt::format("o{}", i)), R"({"city":"杭州"})"), "ok");
  EXPECT_EQ(code_of(sql::run(service_->remove_attribute(access(bank, everywhere), city.id))), "people.not_found");
  EXPECT_EQ(rows("people_values"), 3);
  must(sql::run(service_->remove_attribute(access(shop, everywhere), city.id)));
  EXPECT_EQ(rows("people_values"), 0);
  EXPECT_EQ(rows("people_attributes"), 0);
}

TEST_P(ProfileTest, AMiniProgramHasFiftyAttributes) {
  for (int i = 0; i < 50; ++i) attribute(fmt::format(R"({{"key":"k{}","name":"n","type":"text"}})", i));
  const auto one_more = [&](const std::string& key, const AppId& appid) {
    Attribute wanted;
    wanted.key = key;
    wanted.name = "n";
    return code_of(sql::run(service_->add_attribute(access(appid, everywhere), wanted)));
  };
  EXPECT_EQ(one_more("k7", shop), "people.attribute_exists");
  EXPECT_EQ(one_more("k50", shop), "people.too_many_attributes");
  EXPECT_EQ(one_more("k50", bank), "ok");
}

TEST_P(ProfileTest, TheListIsPagedByLastSeen) {
  std::vector<ProfileId> all;
  for (int i = 0; i < 5; ++i) {
    all.push_back(add(shop, fmt::format("o{}", i)));
    if (i != 2) clock_.advance(hour_ms);  // two at the same time
  }
  add(bank, "elsewhere");
  std::vector<ProfileId> got;
  store::Before before;
  int pages = 0;
  do {
    const auto page = must(sql::run(service_->list(access(shop, everywhere), before, 2)));
    for (const store::Row& row : page.items) got.push_back(row.profile.id);
    before = page.next;
    ++pages;
  } while (before);
  std::ranges::reverse(all);
  EXPECT_EQ(got, all);
  EXPECT_EQ(pages, 3);
}

TEST_P(ProfileTest, IsFoundByEachOfItsIds) {
  const ProfileId a = add(shop, "oShop");
  const ProfileId elsewhere = add(bank, "oBank");
  for (const ProfileId id : {a, elsewhere}) {
    learn(id, IdentityKind::phone, "13812345678");
    learn(id, IdentityKind::unionid, "u1");
    learn(id, IdentityKind::login_id, "13987654321");
    learn(id, IdentityKind::outside_id, "crm-9");
  }
  const auto find = [&](IdentityKind kind, const std::string& value, identity::Role role = identity::Role::admin) {
    const auto found = sql::run(service_->search(access(shop, caller({{shop, role}})), kind, value));
    if (!found) return found.error().code;
    std::string out;
    for (const store::Row& row : *found) out += row.profile.openid + " ";
    return out;
  };
  EXPECT_EQ(find(IdentityKind::openid, "oShop"), "oShop ");
  EXPECT_EQ(find(IdentityKind::openid, "oBank"), "");
  EXPECT_EQ(find(IdentityKind::unionid, "u1"), "oShop ");
  EXPECT_EQ(find(IdentityKind::outside_id, "crm-9"), "oShop ");
  EXPECT_EQ(find(IdentityKind::outside_id, "crm"), "");
  EXPECT_EQ(find(IdentityKind::phone, "+86 138-1234-5678"), "oShop ");
  EXPECT_EQ(find(IdentityKind::phone, "13812345679"), "");
  EXPECT_EQ(find(IdentityKind::phone, "138****5678"), "people.invalid_identity");
  EXPECT_EQ(find(IdentityKind::login_id, "13987654321"), "oShop ");
  // Who does not see whole numbers cannot try them either.
  EXPECT_EQ(find(IdentityKind::phone, "13812345678", identity::Role::agent), "people.needs_personal_data");
  EXPECT_EQ(find(IdentityKind::login_id, "13987654321", identity::Role::agent), "people.needs_personal_data");
  EXPECT_EQ(find(IdentityKind::openid, "oShop", identity::Role::agent), "oShop ");
}

MINIOPS_ON_BOTH_ENGINES(ProfileTest);

}  // namespace
}  // namespace miniops::people
