// Contact reason, tags and fields of conversations: at closing, before and afterwards.
#include "desk/wrap_up.hpp"

#include "desk/tests/reports_fixture.hpp"
#include "quick_replies/service.hpp"
#include "wrapup/service.hpp"

namespace miniops::desk {
namespace {

using quick_replies::Step;
using quick_replies::StepKind;
using reports::By;
using testing::Contains;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::Not;

class NoPictures final : public quick_replies::Pictures {
 public:
  bool exists(sql::Transaction&, const AppId&, std::string_view) override { return false; }
};

class WrapUpTest : public ReportedDeskTest {
 protected:
  void SetUp() override {
    ReportedDeskTest::SetUp();
    setup_.emplace(wrapup::Service::Collaborators{db(), clock_, ids_});
    after_sales_ = reason("售后");
    refund_ = reason("退款", after_sales_);
    exchange_ = reason("换货", after_sales_);
  }
  wrapup::ReasonId reason(const std::string& name, wrapup::ReasonId parent = {}) {
    return must(sql::run(setup_->add_reason(admin(), {.parent = parent, .name = name}))).back().id;
  }
  void require_reason() { must(sql::run(setup_->require_reason(admin(), true))); }
  ConversationId asked(const std::string& openid = "o1") {
    says(openid, "在吗");
    return conversation_of(openid).id;
  }
  Result<ConversationView> closes(ConversationId id, wrapup::Patch patch = {}) {
    return sql::run(service().close(access_of(1), id, "", "resolved", std::nullopt, std::move(patch)));
  }
  Result<ConversationView> says_of(ConversationId id, wrapup::Patch patch, SeenVersion seen = std::nullopt) {
    return sql::run(service().wrap_up(access_of(1), id, std::move(patch), seen));
  }
  const wrapup::WrapUp& said(const std::string& openid = "o1") { return said_ = conversation_of(openid).wrap_up; }
  std::int64_t audited() {
    return query("SELECT COUNT(*) FROM audit_entries WHERE action = 'desk.wrap_up.update'").at(0).integer(0);
  }
  std::vector<std::string> listed(store::ConversationFilter filter) {
    std::vector<std::string> out;
    for (const Conversation& one : conversations(filter)) out.push_back(one.openid.str());
    return out;
  }
  static std::vector<std::string> tags(std::initializer_list<std::string> list) { return list; }

  std::optional<wrapup::Service> setup_;
  wrapup::ReasonId after_sales_, refund_, exchange_;
  wrapup::WrapUp said_;
};

TEST_P(WrapUpTest, ClosingSaysItAll) {
  const ConversationId id = asked();
  must(closes(id, {.reason = refund_, .tags = tags({"催办"})}));
  EXPECT_EQ(only().state, State::closed);
  EXPECT_EQ(said().reason, refund_);
  EXPECT_EQ(said().reason_name, "售后 / 退款");
  EXPECT_THAT(said().tags, ElementsAre("催办"));
  EXPECT_THAT(event_kinds(id), testing::IsSupersetOf({"reason_set", "tags_set", "closed"}));
  EXPECT_EQ(audited(), 0) << "it was open";
}

TEST_P(WrapUpTest, ARequiredReasonIsAskedOfPeopleOnly) {
  require_reason();
  const ConversationId id = asked();
  EXPECT_EQ(code_of(closes(id)), "desk.reason_required");
  EXPECT_EQ(only().state, State::waiting);
  EXPECT_THAT(event_kinds(id), Not(Contains("closed")));
  must(says_of(id, {.reason = refund_}));
  EXPECT_EQ(code_of(closes(id)), "ok") << "it was said before";
}

TEST_P(WrapUpTest, TimersCloseWithoutAReason) {
  require_reason();
  Settings settings = must(sql::run(desk_->settings().settings(admin())));
  settings.silence_warn_minutes = 30;
  settings.silence_close_minutes = 10;
  must(sql::run(desk_->settings().set_settings(admin(), settings)));
  online(1);
  const ConversationId id = asked();
  assign_all();
  must(sends(1, id, "请问订单号是多少？"));
  for (const TimeMs after : {30 * minute_ms, 10 * minute_ms}) {
    clock_.advance(after);
    while (must(sql::run(desk_->timer_step()))) {
    }
  }
  EXPECT_EQ(only().state, State::closed);
  EXPECT_TRUE(said().reason.empty());
}

TEST_P(WrapUpTest, ItIsChangedAfterwardsAndAudited) {
  const ConversationId id = asked();
  must(closes(id, {.reason = refund_}));
  const std::int64_t seen = only().version;
  must(says_of(id, {.reason = exchange_}, seen));
  EXPECT_EQ(said().reason, exchange_);
  EXPECT_EQ(audited(), 1);
  EXPECT_EQ(code_of(says_of(id, {.reason = refund_}, seen)), "desk.conversation_changed");
  must(says_of(id, {.reason = exchange_}));
  EXPECT_EQ(audited(), 1) << "nothing became other";
  must(closes(id, {.tags = tags({"补充"})}));
  EXPECT_THAT(said().tags, ElementsAre("补充")) << "somebody closed it a moment before";
}

TEST_P(WrapUpTest, OneIsSuggestedByTags) {
  must(sql::run(setup_->change_reason(admin(), exchange_, {.tags = tags({"尺码"})})));
  const ConversationId id = asked();
  auto closing = [&] { return must(sql::run(service().closing(access_of(1), id))); };
  EXPECT_TRUE(closing().suggested.empty());
  CustomerPatch patch;
  patch.tags = tags({"尺码"});
  must(sql::run(service().change_customer(admin(), OpenId("o1"), patch)));
  EXPECT_EQ(closing().suggested, exchange_);
  must(says_of(id, {.reason = refund_}));
  EXPECT_TRUE(closing().suggested.empty()) << "it was said already";
}

TEST_P(WrapUpTest, ListsAreFilteredByReasonAndTag) {
  must(says_of(asked("o1"), {.reason = refund_, .tags = tags({"催办", "投诉"})}));
  must(says_of(asked("o2"), {.reason = exchange_, .tags = tags({"催办"})}));
  asked("o3");
  store::ConversationFilter filter;
  filter.reasons = {refund_};
  EXPECT_THAT(listed(filter), ElementsAre("o1"));
  filter.reasons = {after_sales_};
  EXPECT_THAT(listed(filter), testing::UnorderedElementsAre("o1", "o2"));
  filter.tag = "投诉";
  EXPECT_THAT(listed(filter), ElementsAre("o1"));
  must(says_of(conversation_of("o1").id, {.tags = tags({})}));
  EXPECT_THAT(listed(filter), IsEmpty());
}

// Fields may hold a phone number: who may not see those is shown it masked.
TEST_P(WrapUpTest, FieldsAreMasked) {
  wrapup::Field phone;
  phone.key = "phone";
  phone.name = "回电";
  must(sql::run(setup_->add_field(admin(), phone)));
  const ConversationId id = asked();
  must(says_of(id, {.fields = {{"phone", "13812345678"}}}));
  const Conversation now = only();
  const auto shown = [&](bool personal) { return json::serialize(to_json(now, {}, {}, Viewer{personal, "zh"})); };
  EXPECT_THAT(shown(true), testing::HasSubstr("13812345678"));
  EXPECT_THAT(shown(false), Not(testing::HasSubstr("13812345678")));
}

TEST_P(WrapUpTest, MacrosCloseWithItAndTakeItBack) {
  require_reason();
  NoPictures pictures;
  quick_replies::Service macros({db(), clock_, ids_, pictures, desk_->macro_executor()});
  const auto macro_of = [&](Step step) {
    return sql::run(macros.add_macro(access_of(1), {false, "结束", std::vector<Step>{std::move(step)}}));
  };
  EXPECT_EQ(code_of(macro_of({StepKind::close, "", 12345})), "desk.not_found");
  const ConversationId id = asked();
  must(says_of(id, {.reason = exchange_, .tags = tags({"催办"})}));
  const auto macro = must(macro_of({StepKind::close, "", refund_.value(), {"已退款"}}));
  const auto done = must(sql::run(macros.run_macro(access_of(1), macro.id, id.value())));
  EXPECT_EQ(only().state, State::closed);
  EXPECT_EQ(said().reason, refund_);
  EXPECT_THAT(said().tags, ElementsAre("催办", "已退款"));
  must(sql::run(macros.undo_run(access_of(1), done.id)));
  EXPECT_NE(only().state, State::closed);
  EXPECT_EQ(said().reason, exchange_);
  EXPECT_THAT(said().tags, ElementsAre("催办"));

  const auto bare = must(macro_of({StepKind::close}));
  EXPECT_EQ(code_of(sql::run(macros.run_macro(access_of(1), bare.id, asked("o2").value()))), "desk.reason_required");
}

TEST_P(WrapUpTest, ReportsCountByItAndFollowChanges) {
  const TimeMs from = clock_.now();
  must(closes(asked("o1"), {.reason = refund_, .tags = tags({"催办", "投诉"})}));
  must(closes(asked("o2"), {.reason = refund_, .tags = tags({"催办"})}));
  const ConversationId third = asked("o3");
  must(closes(third));
  const auto rows = [&](By by) {
    derive_pending();
    const reports::Filter filter{.from = from, .to = clock_.now() + 1};
    const auto report = must(sql::run(reports_->figures(admin(), filter, reports::Interval::none, by)));
    std::vector<std::pair<std::string, std::int64_t>> out;
    for (const reports::Row& row : report.answer.rows) {
      const auto name = report.names.reasons.find(reports::ReasonId(row.number));
      out.emplace_back(by == By::tag                        ? row.text
                       : name == report.names.reasons.end() ? ""
                                                            : name->second,
                       of(row.figures, reports::Metric::conversations).count);
    }
    return out;
  };
  using testing::Pair;
  EXPECT_THAT(rows(By::reason), ElementsAre(Pair("", 1), Pair("售后 / 退款", 2)));
  EXPECT_THAT(rows(By::tag), testing::UnorderedElementsAre(Pair("催办", 2), Pair("投诉", 1), Pair("", 1)));
  must(says_of(third, {.reason = exchange_}));
  EXPECT_THAT(rows(By::reason), ElementsAre(Pair("售后 / 退款", 2), Pair("售后 / 换货", 1)));
}

MINIOPS_ON_BOTH_ENGINES(WrapUpTest);

}  // namespace
}  // namespace miniops::desk
