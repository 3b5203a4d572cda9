// Segments: what is accepted, that no word of a person's becomes SQL, and who belongs to one, held against a plain
// evaluation of the same condition.
#include "people/tests/people_fixture.hpp"

namespace miniops::people {
namespace {

using testing::HasSubstr;
using testing::Not;

std::vector<Attribute> definitions() {
  Attribute city{{"city", "城市", AttributeType::choice, {"杭州", "北京"}}, AttributeId(11), shop};
  Attribute age{{"age", "年龄", AttributeType::number}, AttributeId(12), shop};
  Attribute born{{"born", "生日", AttributeType::date}, AttributeId(13), shop};
  Attribute note{{"remark", "备注", AttributeType::text}, AttributeId(14), shop};
  return {city, age, born, note};
}

std::string leaf(const std::string& field, const std::string& op, const std::string& value,
                 const std::string& key = "") {
  return fmt::format(R"({{"field":"{}","op":"{}"{}{}}})", field, op, key.empty() ? "" : R"(,"key":")" + key + '"',
                     value.empty() ? "" : R"(,"value":)" + value);
}

std::string nested(int levels) {
  return levels == 0 ? leaf("level", "is", "1") : R"({"all":[)" + nested(levels - 1) + "]}";
}

std::string wide(int leaves) {
  std::string out = R"({"any":[)";
  for (int i = 0; i < leaves; ++i) out += (i > 0 ? "," : "") + leaf("level", "is", "1");
  return out + "]}";
}

TEST(Condition, OnlyWhatIsKnownAndFits) {
  struct Case {
    std::string text;
    bool good;
  };
  const std::string long_tag = '"' + std::string(33, 'x') + '"';
  const std::vector<Case> cases{
      {leaf("level", "is", "0"), true},
      {leaf("level", "at_least", "9"), true},
      {leaf("level", "at_most", "10"), false},
      {leaf("level", "is", "-1"), false},
      {leaf("level", "is", "1.5"), false},
      {leaf("level", "is", R"("1")"), false},
      {leaf("level", "is", ""), false},
      {leaf("level", "has", "1"), false},
      {leaf("tag", "has", R"("vip")"), true},
      {leaf("tag", "has_not", R"("vip")"), true},
      {leaf("tag", "has", R"("")"), false},
      {leaf("tag", "has", long_tag), false},
      {leaf("tag", "is", R"("vip")"), false},
      {leaf("blocked", "is", "true"), true},
      {leaf("blocked", "is", "1"), false},
      {leaf("blocked", "is_not", "true"), false},
      {leaf("source", "is", R"("pages/a")"), true},
      {leaf("source", "starts_with", R"("pages/")"), true},
      {leaf("source", "has", R"("pages/")"), false},
      {leaf("first_seen", "before", "1763701200000"), true},
      {leaf("last_seen", "since", "0"), true},
      {leaf("last_seen", "since", "-1"), false},
      {leaf("last_seen", "within_days", "30"), true},
      {leaf("last_seen", "not_within_days", "3650"), true},
      {leaf("last_seen", "within_days", "0"), false},
      {leaf("last_seen", "within_days", "3651"), false},
      {leaf("attribute", "set", "", "city"), true},
      {leaf("attribute", "not_set", "null", "city"), true},
      {leaf("attribute", "set", "1", "city"), false},
      {leaf("attribute", "is", R"("杭州")", "city"), true},
      {leaf("attribute", "is", R"("上海")", "city"), true},  // may have been a choice once
      {leaf("attribute", "is", "7", "city"), false},
      {leaf("attribute", "at_least", R"("杭州")", "city"), false},
      {leaf("attribute", "at_least", "18", "age"), true},
      {leaf("attribute", "at_least", R"("18")", "age"), false},
      {leaf("attribute", "at_most", R"("2000-01-01")", "born"), true},
      {leaf("attribute", "at_most", R"("2000-02-30")", "born"), false},
      {leaf("attribute", "is", R"("x")", "unknown"), false},
      {leaf("attribute", "is", R"("x")"), false},
      {leaf("attribute", "is", R"("13812345678")", "city"), false},  // stored masked
      {leaf("tag", "has", R"("138-1234-5678")"), false},
      {leaf("level", "is", "1", "city"), false},
      {leaf("colour", "is", "1"), false},
      {leaf("level", "like", "1"), false},
      {R"({"field":"level","op":"is","value":1,"more":2})", false},
      {R"({"all":[]})", false},
      {R"({"all":{}})", false},
      {R"({"any":[)" + leaf("level", "is", "1") + "]}", true},
      {R"({"any":[7]})", false},
      {R"({"all":[)" + leaf("level", "is", "1") + R"(],"any":[]})", false},
      {R"({"field":7,"op":[],"value":1})", false},
      {"{}", false},
      {"[]", false},
      {"null", false},
      {nested(3), true},
      {nested(4), false},
      {wide(30), true},
      {wide(31), false},
  };
  for (const Case& one : cases) {
    const auto parsed = parse_condition(json::parse(one.text), definitions());
    EXPECT_EQ(parsed.has_value(), one.good) << one.text;
    if (!parsed) EXPECT_EQ(parsed.error().code, "people.invalid_segment");
  }
}

TEST(Condition, NoWordOfAPersonsIsSql) {
  const std::string evil = R"("' OR 1=1; DROP TABLE people_profiles --")";
  const std::string all = R"({"any":[)" + leaf("tag", "has", R"("' OR 1=1 --")") + "," + leaf("source", "is", evil) +
                          "," + leaf("source", "starts_with", evil) + "," + leaf("attribute", "is", evil, "remark") +
                          "]}";
  const CompiledCondition compiled = compile(parse_condition(json::parse(all), definitions()).value(), 0, 3);
  EXPECT_THAT(compiled.sql, Not(HasSubstr("'")));
  EXPECT_THAT(compiled.sql, Not(HasSubstr("DROP")));
  EXPECT_THAT(compiled.sql, HasSubstr("$4"));
  EXPECT_EQ(compiled.parameters.size(), 6U);
  EXPECT_EQ(std::get<std::string>(compiled.parameters[0]), "' OR 1=1 --");
}

// A profile as the test knows it.
struct Model {
  ProfileId id{};
  std::int64_t level = 0;
  std::set<std::string> tags{};
  std::map<std::string, json::value> attributes{};
  TimeMs first_seen_at = 0, last_seen_at = 0;
  bool blocked = false;
  std::string source{};
};

bool ordered(std::string_view op, double left, double right) {
  if (op == "at_least" || op == "since") return left >= right;
  if (op == "at_most") return left <= right;
  if (op == "before") return left < right;
  return left == right;
}

bool same(const json::value& one, const json::value& other) {
  return one.is_number() && other.is_number() ? one.to_number<double>() == other.to_number<double>() : one == other;
}

bool attribute_fits(const Model& model, const json::object& one, std::string_view op) {
  const auto found = model.attributes.find(std::string(one.at("key").as_string()));
  const bool there = found != model.attributes.end();
  if (op == "set" || op == "not_set") return there == (op == "set");
  if (op == "is_not") return !there || !same(found->second, one.at("value"));
  if (!there) return false;
  if (op == "is") return same(found->second, one.at("value"));
  if (found->second.is_string())  // dates compare as their texts do
    return op == "at_least" ? found->second.as_string() >= one.at("value").as_string()
                            : found->second.as_string() <= one.at("value").as_string();
  return ordered(op, found->second.to_number<double>(), one.at("value").to_number<double>());
}

bool fits(const Model& model, const json::object& one, TimeMs now) {
  for (const char* kind : {"all", "any"})
    if (const json::value* parts = one.if_contains(kind)) {
      const bool all = std::string_view(kind) == "all";
      for (const json::value& part : parts->as_array())
        if (fits(model, part.as_object(), now) != all) return !all;
      return all;
    }
  const std::string_view field = one.at("field").as_string();
  const std::string_view op = one.at("op").as_string();
  if (field == "attribute") return attribute_fits(model, one, op);
  const json::value& value = one.at("value");
  if (field == "level") return ordered(op, static_cast<double>(model.level), value.to_number<double>());
  if (field == "tag") return model.tags.contains(std::string(value.as_string())) == (op == "has");
  if (field == "blocked") return model.blocked == value.as_bool();
  if (field == "source")
    return op == "is" ? model.source == std::string_view(value.as_string())
                      : model.source.starts_with(value.as_string());
  const TimeMs at = field == "first_seen" ? model.first_seen_at : model.last_seen_at;
  if (op == "within_days") return at >= now - value.as_int64() * day_ms;
  if (op == "not_within_days") return at < now - value.as_int64() * day_ms;
  return op == "before" ? at < value.as_int64() : at >= value.as_int64();
}

class SegmentTest : public PeopleTest {
 protected:
  SeededRandom chance_{7};
  std::vector<Model> models_;

  std::string one_of(std::initializer_list<const char*> words) {
    return *(words.begin() + static_cast<std::ptrdiff_t>(chance_.below(words.size())));
  }
  bool coin() { return chance_.below(2) == 0; }

  void SetUp() override {
    PeopleTest::SetUp();
    for (const char* definition :
         {R"({"key":"city","name":"城市","type":"choice","choices":["杭州","北京"]})",
          R"({"key":"age","name":"年龄","type":"number"})", R"({"key":"born","name":"生日","type":"date"})"}) {
      const json::value parsed = json::parse(definition);
      JsonInput in(parsed);
      must(sql::run(service_->add_attribute(access(shop, everywhere), read_attribute(in))));
    }
  }

  void populate(int count) {
    for (int i = 0; i < count; ++i) {
      clock_.advance(day_ms / 2);
      Model model;
      model.first_seen_at = clock_.now();
      model.id = add(shop, fmt::format("o{}", i));
      fill(model);
      models_.push_back(std::move(model));
    }
    const ProfileId elsewhere = add(bank, "o");  // never a member
    must(change(elsewhere, {0, {}, {}, {}, 5, std::vector<std::string>{"vip"}}));
  }
  void fill(Model& model) {
    model.level = static_cast<std::int64_t>(chance_.below(5));
    if (coin()) model.tags.insert("vip");
    if (coin()) model.tags.insert("VIP");
    if (coin()) model.attributes["city"] = json::string(one_of({"杭州", "北京"}));
    if (coin()) model.attributes["age"] = static_cast<double>(chance_.below(4));
    if (coin()) model.attributes["born"] = json::string(one_of({"1999-12-31", "2000-01-01", "2000-10-01"}));
    model.last_seen_at = model.first_seen_at + static_cast<TimeMs>(chance_.below(4)) * day_ms;
    model.source = one_of({"", "pages/a", "pages/A", "pages/中文%_"});
    ProfilePatch patch;
    patch.level = static_cast<int>(model.level);
    patch.tags = std::vector<std::string>(model.tags.begin(), model.tags.end());
    for (const auto& [key, value] : model.attributes) patch.attributes[key] = value;
    must(change(model.id, patch));
    within([&](sql::Transaction& tx) { directory_.seen(tx, model.id, model.source, model.last_seen_at); });
    if (chance_.below(4) > 0) return;
    model.blocked = true;
    must(sql::run(service_->block(access(shop, everywhere), Reach(everywhere), model.id.value(), "骚扰", 0)));
  }

  std::string comparison() {
    const std::string time = std::to_string(models_[chance_.below(models_.size())].last_seen_at);
    switch (chance_.below(8)) {
      case 0:
        return leaf("level", one_of({"is", "at_least", "at_most"}), one_of({"0", "2", "3"}));
      case 1:
        return leaf("tag", one_of({"has", "has_not"}), one_of({R"("vip")", R"("VIP")", R"("Vip")"}));
      case 2:
        return leaf("blocked", "is", one_of({"true", "false"}));
      case 3:
        return leaf("source", one_of({"is", "starts_with"}),
                    one_of({R"("pages/a")", R"("pages/")", R"("pages/中")", R"("pages/%")", R"("x")"}));
      case 4:
        return leaf(one_of({"first_seen", "last_seen"}), one_of({"before", "since"}), time);
      case 5:
        return leaf(one_of({"first_seen", "last_seen"}), one_of({"within_days", "not_within_days"}),
                    one_of({"1", "5", "10"}));
      case 6:
        return leaf("attribute", one_of({"is", "is_not", "at_least", "at_most"}), one_of({"0", "1.5", "2"}), "age");
      default:
        break;
    }
    if (coin())
      return leaf("attribute", one_of({"is", "is_not", "at_least", "at_most"}),
                  one_of({R"("1999-12-31")", R"("2000-01-01")"}), "born");
    if (coin()) return leaf("attribute", one_of({"set", "not_set"}), "", one_of({"city", "age", "born"}));
    return leaf("attribute", one_of({"is", "is_not"}), one_of({R"("杭州")", R"("上海")"}), "city");
  }
  std::string condition(int depth) {
    if (depth == 0 || chance_.below(3) == 0) return comparison();
    std::string out = fmt::format(R"({{"{}":[)", one_of({"all", "any"}));
    const std::uint64_t parts = 1 + chance_.below(3);
    for (std::uint64_t i = 0; i < parts; ++i) out += (i > 0 ? "," : "") + condition(depth - 1);
    return out + "]}";
  }

  SegmentId save(const std::string& text) {
    return must(sql::run(service_->add_segment(access(shop, everywhere), "分群", json::parse(text)))).id;
  }
  std::vector<ProfileId> members(SegmentId id, int limit = 7) {
    std::vector<ProfileId> out;
    ProfileId before;
    for (;;) {
      const auto page = must(sql::run(service_->members(access(shop, everywhere), id, before, limit)));
      for (const store::Row& row : page.items) out.push_back(row.profile.id);
      if (!page.next) return out;
      before = ProfileId(page.next->second);
    }
  }
  std::int64_t count(SegmentId id) { return must(sql::run(service_->count(access(shop, everywhere), id))); }
};

TEST_P(SegmentTest, HoldsThoseThatAPlainEvaluationFinds) {
  populate(24);
  int some = 0;
  for (int round = 0; round < 90; ++round) {
    const std::string text = condition(3);
    const SegmentId id = save(text);
    std::vector<ProfileId> expected;
    for (const Model& model : models_)
      if (fits(model, json::parse(text).as_object(), clock_.now())) expected.insert(expected.begin(), model.id);
    ASSERT_EQ(members(id), expected) << text;
    ASSERT_EQ(count(id), std::ssize(expected)) << text;
    some += !expected.empty() && expected.size() < models_.size() ? 1 : 0;
    must(sql::run(service_->remove_segment(access(shop, everywhere), id)));
  }
  EXPECT_GT(some, 40);
}

TEST_P(SegmentTest, IsSavedChangedAndRemoved) {
  const SegmentId id = save(leaf("level", "at_least", "3"));
  const Access mine = access(shop, everywhere);
  EXPECT_EQ(code_of(sql::run(service_->add_segment(mine, "坏", json::parse("{}")))), "people.invalid_segment");
  EXPECT_EQ(code_of(sql::run(service_->change_segment(mine, id, "好", json::parse("{}")))), "people.invalid_segment");
  const auto changed = must(sql::run(service_->change_segment(mine, id, "高等级", std::nullopt)));
  EXPECT_EQ(changed.name, "高等级");
  EXPECT_EQ(json::serialize(changed.condition), leaf("level", "at_least", "3"));
  const Access other = access(bank, everywhere);
  EXPECT_EQ(code_of(sql::run(service_->segment(other, id))), "people.not_found");
  EXPECT_EQ(code_of(sql::run(service_->count(other, id))), "people.not_found");
  EXPECT_EQ(code_of(sql::run(service_->remove_segment(other, id))), "people.not_found");
  must(sql::run(service_->remove_segment(mine, id)));
  EXPECT_EQ(code_of(sql::run(service_->remove_segment(mine, id))), "people.not_found");
}

TEST_P(SegmentTest, SaysWhenItsAttributeIsGone) {
  const SegmentId id = save(leaf("attribute", "set", "", "city"));
  EXPECT_EQ(count(id), 0);
  const Access mine = access(shop, everywhere);
  const auto city = must(sql::run(service_->attributes(mine))).front();
  must(sql::run(service_->remove_attribute(mine, city.id)));
  EXPECT_EQ(code_of(sql::run(service_->count(mine, id))), "people.invalid_segment");
  EXPECT_EQ(must(sql::run(service_->segments(mine))).size(), 1U);  // it can be looked at, and mended
}

TEST_P(SegmentTest, AMiniProgramHasAHundred) {
  for (int i = 0; i < 100; ++i) save(leaf("level", "is", "1"));
  EXPECT_EQ(
      code_of(sql::run(service_->add_segment(access(shop, everywhere), "n", json::parse(leaf("level", "is", "1"))))),
      "people.too_many_segments");
}

MINIOPS_ON_BOTH_ENGINES(SegmentTest);

}  // namespace
}  // namespace miniops::people
