// What agents say goes past the word list and whom the mini program asks, before it is sent.
#include "desk/tests/desk_fixture.hpp"
#include "gateway/media.hpp"
#include "quick_replies/service.hpp"

namespace miniops::desk {
namespace {

using content_check::Action;
using content_check::Finding;
using content_check::Verdict;
using testing::Contains;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::Not;

class NoPictures final : public quick_replies::Pictures {
 public:
  bool exists(sql::Transaction&, const AppId&, std::string_view) override { return false; }
};

class ClearanceTest : public DeskTest {
 protected:
  void SetUp() override {
    DeskTest::SetUp();
    macros_.emplace(quick_replies::Service::Collaborators{db(), clock_, ids_, pictures_, desk_->macro_executor()});
    says("o1", "在吗");
    id_ = only().id;
  }
  void word(const std::string& text, WordAction action) {
    must(sql::run(desk_->settings().add_word(admin(), {text, action})));
  }
  void somebody_asks(std::vector<Finding> findings = {}) {
    checker_.outside = true;
    checker_.findings = std::move(findings);
  }
  static Finding risky(bool may_confirm) { return {"wechat", "", {Verdict::risky, "20006", {"返现"}}, may_confirm}; }
  Result<Message> say(const std::string& content, bool confirmed = false,
                      std::optional<std::string> client_id = std::nullopt) {
    return sql::run(service().send(access_of(1), id_, {text(content), std::move(client_id), {}, {}, confirmed}));
  }
  Result<quick_replies::MacroRun> run_macro(bool confirmed = false) {
    const std::vector<quick_replies::Step> greets{{quick_replies::StepKind::send_text, "{{customer.nickname|您}}好"}};
    const auto macro = must(sql::run(macros_->add_macro(access_of(1), {false, "宏", greets})));
    return sql::run(macros_->run_macro(access_of(1), macro.id, id_.value(), confirmed));
  }
  // What agents said, oldest first.
  std::vector<std::string> said() {
    std::vector<std::string> all;
    for (const Message& message : messages(id_))
      if (message.direction != Direction::in) all.push_back(content(message));
    return all;
  }

  NoPictures pictures_;
  std::optional<quick_replies::Service> macros_;
  ConversationId id_;
};

TEST_P(ClearanceTest, WhatIsLikedIsSentAndAskedWithTheCustomer) {
  somebody_asks();
  EXPECT_EQ(code_of(say("您好")), "ok");
  ASSERT_EQ(checker_.asked.size(), 1U);
  EXPECT_EQ(checker_.asked[0].openid, OpenId("o1"));
  EXPECT_EQ(checker_.asked[0].text, "您好");
  EXPECT_THAT(said(), ElementsAre("您好"));
}

TEST_P(ClearanceTest, WhatIsDislikedIsNotSentUnlessItMayBeConfirmed) {
  somebody_asks({risky(false)});
  EXPECT_EQ(code_of(say("有返现")), "content_check.refused");
  EXPECT_EQ(code_of(say("有返现", true)), "content_check.refused") << "it is blocked";
  EXPECT_THAT(said(), IsEmpty());
  somebody_asks({risky(true)});
  const auto warned = say("有返现");
  ASSERT_FALSE(warned);
  EXPECT_EQ(warned.error().details.at("may_confirm"), true);
  EXPECT_EQ(code_of(say("有返现", true)), "ok");
  EXPECT_THAT(said(), ElementsAre("有返现"));
  const auto events = must(sql::run(service().events(admin(), id_, std::nullopt, 10))).items;
  const auto confirmed = std::ranges::find(events, "check_confirmed", [](const auto& one) { return one.event.kind; });
  ASSERT_NE(confirmed, events.end());
  EXPECT_EQ(confirmed->event.from, "wechat");
  EXPECT_EQ(confirmed->event.actor.id, "1");
}

TEST_P(ClearanceTest, TheWordListComesFirstAndMayOnlyWarn) {
  word("返现", WordAction::block);
  word("加微信", WordAction::mask);
  somebody_asks();
  EXPECT_EQ(code_of(say("有返现", true)), "desk.blocked_word");
  EXPECT_THAT(checker_.asked, IsEmpty()) << "nobody is shown what is not sent";
  EXPECT_EQ(code_of(say("请加微信")), "ok");
  EXPECT_EQ(checker_.asked.at(0).text, "请***") << "they are shown what the customer would read";
  checker_.words = Action::warn;
  const auto warned = say("有返现，加微信");
  ASSERT_FALSE(warned);
  EXPECT_EQ(warned.error().code, "desk.blocked_word");
  EXPECT_EQ(warned.error().details.at("may_confirm"), true);
  EXPECT_EQ(code_of(say("有返现，加微信", true)), "ok");
  EXPECT_EQ(said().back(), "有返现，***");
  EXPECT_THAT(event_kinds(id_), Contains("check_confirmed"));
}

TEST_P(ClearanceTest, WhatWasSentIsNotAskedAboutAgain) {
  somebody_asks();
  const auto first = must(say("您好", false, "c1"));
  checker_.findings = {risky(false)};
  const auto again = say("您好", false, "c1");
  ASSERT_TRUE(again) << "the answer to the first request was lost";
  EXPECT_EQ(again->id, first.id);
  EXPECT_EQ(checker_.asked.size(), 1U);
}

TEST_P(ClearanceTest, NotesAreNobodysBusinessAndStrangersLearnNothing) {
  somebody_asks({risky(false)});
  ToSend note;
  note.note = true;
  note.text = "有返现";
  EXPECT_TRUE(sql::run(service().send(access_of(1), id_, {note})));
  EXPECT_EQ(code_of(sql::run(service().send(access_of(1, identity::Role::agent, "wxother"), id_, {text("您好")}))),
            "desk.not_found");
  EXPECT_THAT(checker_.asked, IsEmpty());
}

TEST_P(ClearanceTest, TitlesOfLinksAndCardsAreTextsToo) {
  somebody_asks();
  const auto link = must(parse_to_send(
      {{"msgtype", "link"},
       {"link", {{"title", "标题"}, {"description", "说明"}, {"url", "https://a.example"}, {"thumb_url", ""}}}},
      true));
  EXPECT_TRUE(sql::run(service().send(access_of(1), id_, {link})));
  EXPECT_EQ(checker_.asked.at(0).text, "标题\n说明");
}

TEST_P(ClearanceTest, MacrosAreClearedBeforeTheyDoAnything) {
  EXPECT_EQ(code_of(run_macro()), "ok");
  somebody_asks({risky(true)});
  EXPECT_EQ(code_of(run_macro()), "content_check.refused");
  EXPECT_EQ(checker_.asked.at(0).text, "您好") << "with its variables filled in";
  EXPECT_EQ(said().size(), 1U);
  EXPECT_THAT(event_kinds(id_), Not(Contains("check_confirmed")));
  EXPECT_EQ(code_of(run_macro(true)), "ok");
  EXPECT_EQ(said().size(), 2U);
  EXPECT_THAT(event_kinds(id_), Contains("check_confirmed"));
}

TEST_P(ClearanceTest, AutomaticMessagesAreNotAskedAbout) {
  add_rule({{"name", "问候"},
            {"kind", "keyword"},
            {"patterns", json::array{"价格"}},
            {"replies", json::array{json::object{{"msgtype", "text"}, {"text", {{"content", "有返现"}}}}}}});
  somebody_asks({risky(false)});
  says("o1", "价格多少");
  EXPECT_EQ(said(), std::vector<std::string>{"有返现"}) << "who set it up has read it";
  EXPECT_THAT(checker_.asked, IsEmpty());
}

MINIOPS_ON_BOTH_ENGINES(ClearanceTest);

}  // namespace
}  // namespace miniops::desk
