// What a mini program sets up, and what may be said with it.
#include "wrapup/service.hpp"

#include <gmock/gmock.h>

#include "identity/service.hpp"
#include "storage/testing/engines.hpp"
#include "wrapup/wrap_up.hpp"

namespace miniops::identity {
std::span<const sql::Migration> migrations();
}

namespace miniops::wrapup {
std::span<const sql::Migration> migrations();

namespace {

using testing::ElementsAre;
using testing::IsEmpty;

const AppId shop("wxshop");

class WrapUpTest : public sql::EngineTest {
 protected:
  void SetUp() override {
    open({identity::migrations(), wrapup::migrations()});
    service_.emplace(Service::Collaborators{db(), clock_, ids_});
  }
  void TearDown() override {
    service_.reset();
    sql::EngineTest::TearDown();
  }
  static Access access(const AppId& appid = shop) { return Access::system(appid, "test"); }
  template <class T>
  static T must(Result<T> result) {
    if (!result) throw std::runtime_error(result.error().code + ": " + result.error().message);
    if constexpr (!std::is_void_v<T>) return std::move(*result);
  }
  template <class T>
  static std::string code_of(const Result<T>& result) {
    return result ? "ok" : result.error().code;
  }

  Result<Reasons> try_reason(const std::string& name, ReasonId parent = {}, const AppId& appid = shop) {
    return sql::run(service_->add_reason(access(appid), {.parent = parent, .name = name}));
  }
  ReasonId reason(const std::string& name, ReasonId parent = {}) { return must(try_reason(name, parent)).back().id; }
  std::vector<std::string> names() {
    std::vector<std::string> out;
    const Reasons all = must(sql::run(service_->reasons(access())));
    for (const Reason& one : all) out.push_back(path_of(all, one));
    return out;
  }
  void archive(ReasonId id) { must(sql::run(service_->change_reason(access(), id, {.archived = true}))); }
  Field field(const std::string& definition) {
    const json::value body = json::parse(definition);
    JsonInput in(body);
    Field out;
    read_field(in, out, false);
    must(in.finish());
    return must(sql::run(service_->add_field(access(), out)));
  }
  // The codes or the notes of what became other.
  std::vector<std::string> says(WrapUp& wrap_up, const Patch& patch) {
    std::vector<std::string> out;
    WrapUp after;
    auto write = [&](sql::Transaction& tx) -> Result<std::vector<Change>> {
      after = wrap_up;
      return apply(tx, shop, after, patch, clock_.now());
    };
    const auto changes = db().write_blocking(write);
    if (!changes) return {changes.error().code};
    wrap_up = after;
    for (const Change& one : *changes) out.push_back(std::string(one.kind) + " " + one.note);
    return out;
  }
  bool required() {
    auto read = [](sql::Transaction& tx) -> Result<bool> { return reason_required(tx, shop); };
    return must(db().write_blocking(read));
  }

  std::optional<Service> service_;
};

TEST_P(WrapUpTest, ReasonsHaveTwoLevelsAndAnOrder) {
  const ReasonId after_sales = reason("售后"), question = reason("咨询");
  const ReasonId refund = reason("退款", after_sales), exchange = reason("换货", after_sales);
  EXPECT_THAT(names(), ElementsAre("售后", "咨询", "售后 / 退款", "售后 / 换货"));
  EXPECT_EQ(code_of(try_reason("未到账", refund)), "wrapup.too_deep");
  EXPECT_EQ(code_of(try_reason("退款", after_sales)), "wrapup.exists");
  EXPECT_EQ(code_of(try_reason("退款", question)), "ok");
  EXPECT_EQ(code_of(try_reason("x", ReasonId(1))), "wrapup.not_found");
  EXPECT_EQ(code_of(try_reason("x", after_sales, AppId("wxbank"))), "wrapup.not_found");
  must(sql::run(service_->order_reasons(access(), after_sales, {exchange, refund})));
  must(sql::run(service_->order_reasons(access(), {}, {question, after_sales})));
  std::vector<std::string> below;
  for (const std::string& name : names())
    if (name.starts_with("售后 / ")) below.push_back(name);
  EXPECT_THAT(below, ElementsAre("售后 / 换货", "售后 / 退款"));
  EXPECT_EQ(code_of(sql::run(service_->order_reasons(access(), after_sales, {refund}))), "wrapup.changed");
}

TEST_P(WrapUpTest, TwoHundredReasonsAreEnough) {
  for (std::size_t i = 0; i < reasons_max; ++i) reason(std::to_string(i));
  EXPECT_EQ(code_of(try_reason("one more")), "wrapup.too_many");
}

TEST_P(WrapUpTest, WhatWasChosenIsArchivedAndNeverDeleted) {
  const ReasonId above = reason("售后"), chosen = reason("退款", above), other = reason("换货", above);
  WrapUp said;
  EXPECT_THAT(says(said, {.reason = above}), ElementsAre("wrapup.not_choosable"));
  EXPECT_THAT(says(said, {.reason = ReasonId(1)}), ElementsAre("wrapup.not_choosable"));
  EXPECT_THAT(says(said, {.reason = chosen}), ElementsAre("reason_set 售后 / 退款"));
  EXPECT_THAT(says(said, {.reason = chosen}), IsEmpty());
  EXPECT_EQ(code_of(sql::run(service_->remove_reason(access(), chosen))), "wrapup.used");
  EXPECT_EQ(code_of(sql::run(service_->remove_reason(access(), above))), "wrapup.has_children");
  EXPECT_EQ(code_of(sql::run(service_->remove_reason(access(), other))), "ok");
  archive(chosen);
  EXPECT_THAT(says(said, {.reason = ReasonId()}), ElementsAre("reason_set "));
  EXPECT_THAT(says(said, {.reason = chosen}), ElementsAre("wrapup.not_choosable"));
  EXPECT_THAT(says(said, {.reason = chosen, .restoring = true}), ElementsAre("reason_set 售后 / 退款"));
}

TEST_P(WrapUpTest, AReasonIsRequiredWhileThereIsOne) {
  EXPECT_FALSE(required());
  must(sql::run(service_->require_reason(access(), true)));
  EXPECT_FALSE(required());
  const ReasonId only = reason("咨询");
  EXPECT_TRUE(required());
  archive(only);
  EXPECT_FALSE(required());
}

TEST_P(WrapUpTest, TagsAreRememberedForSuggestion) {
  WrapUp said;
  EXPECT_THAT(says(said, {.tags = std::vector<std::string>{"退款", "催办", "退款"}}),
              ElementsAre("tags_set +退款, +催办"));
  EXPECT_THAT(said.tags, ElementsAre("退款", "催办"));
  clock_.advance(2 * hour_ms);
  EXPECT_THAT(says(said, {.tags = std::vector<std::string>{"催办", "投诉"}}), ElementsAre("tags_set +投诉, -退款"));
  std::vector<std::string> lately;
  for (const store::LatelyUsed& one : must(sql::run(service_->tags(access())))) lately.push_back(one.tag);
  EXPECT_EQ(lately.size(), 3U);
  EXPECT_EQ(lately.front(), "投诉");
  EXPECT_THAT(must(sql::run(service_->tags(access(AppId("wxbank"))))), IsEmpty());
}

TEST_P(WrapUpTest, FieldsTakeWhatFitsThem) {
  const Field order = field(R"({"key":"order_no","name":"订单号","type":"text","chars_max":6})");
  field(R"({"key":"amount","name":"金额","type":"number","number_min":0})");
  WrapUp said;
  EXPECT_THAT(says(said, {.fields = {{"order_no", "A1"}, {"amount", 12.5}}}),
              ElementsAre("field_set 订单号: A1", "field_set 金额: 12.5"));
  EXPECT_THAT(says(said, {.fields = {{"amount", 12.5}}}), IsEmpty());
  EXPECT_THAT(says(said, {.fields = {{"amount", -1}}}), ElementsAre("wrapup.invalid_field"));
  EXPECT_THAT(says(said, {.fields = {{"order_no", "too long"}}}), ElementsAre("wrapup.invalid_field"));
  EXPECT_THAT(says(said, {.fields = {{"colour", "red"}}}), ElementsAre("wrapup.invalid_field"));
  EXPECT_EQ(code_of(sql::run(service_->remove_field(access(), order.id))), "wrapup.used");
  must(sql::run(service_->change_field(access(), order.id, json::object{{"archived", true}})));
  EXPECT_THAT(says(said, {.fields = {{"order_no", "A2"}}}), ElementsAre("wrapup.invalid_field"));
  EXPECT_THAT(says(said, {.fields = {{"order_no", nullptr}}}), ElementsAre("field_set 订单号: –"));
  EXPECT_EQ(json::serialize(said.fields), R"({"amount":1.25E1})");
}

TEST_P(WrapUpTest, ThereAreTwentyFields) {
  for (std::size_t i = 0; i < fields_max; ++i) field(fmt::format(R"({{"key":"k{}","name":"n","type":"date"}})", i));
  EXPECT_THROW(field(R"({"key":"k99","name":"n","type":"date"})"), std::runtime_error);
  std::vector<FieldId> ids;
  for (const Field& one : must(sql::run(service_->fields(access())))) ids.push_back(one.id);
  std::ranges::reverse(ids);
  EXPECT_EQ(must(sql::run(service_->order_fields(access(), ids))).front().key, "k19");
}

MINIOPS_ON_BOTH_ENGINES(WrapUpTest);

}  // namespace
}  // namespace miniops::wrapup
