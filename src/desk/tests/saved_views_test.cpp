// Saved views: whose they are, what they may ask for, in which order they stand.
#include "desk/saved_views.hpp"

#include "desk/tests/desk_fixture.hpp"

namespace miniops::desk {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class SavedViewsTest : public DeskTest {
 protected:
  void SetUp() override {
    DeskTest::SetUp();
    views_.emplace(db(), clock_, ids_);
  }
  static json::object filter(const json::value& given) {
    JsonInput in(given);
    json::object read = read_view_filter(in);
    must(in.finish());
    return read;
  }
  SavedView add(const Access& access, const std::string& name, bool shared = false, json::object filter = {}) {
    return must(sql::run(views_->add(access, {shared, name, std::move(filter)})));
  }
  std::vector<std::string> names(const Access& access) {
    std::vector<std::string> out;
    for (const SavedView& one : must(sql::run(views_->list(access))))
      out.push_back((one.owner.empty() ? "shared " : "own ") + one.name);
    return out;
  }
  std::vector<std::string> audited() {
    std::vector<std::string> out;
    for (const sql::Row& row : query("SELECT action FROM audit_entries WHERE action LIKE 'desk.view.%' ORDER BY id"))
      out.push_back(row.text(0));
    return out;
  }

  const Access wang_ = access_of(1), li_ = access_of(2), chief_ = access_of(9, identity::Role::operator_);
  std::optional<SavedViews> views_;
};

TEST_P(SavedViewsTest, EachSeesTheSharedOnesAndTheirOwn) {
  add(wang_, "急件", false, filter({{"waiting_minutes", 5}}));
  add(li_, "小李的");
  add(chief_, "退款", true, filter({{"tag", "退款"}}));
  EXPECT_THAT(names(wang_), ElementsAre("shared 退款", "own 急件"));
  EXPECT_THAT(names(li_), ElementsAre("shared 退款", "own 小李的"));
  EXPECT_THAT(names(access_of(1, identity::Role::agent, "wxother")), IsEmpty()) << "another mini program's";
  EXPECT_EQ(must(sql::run(views_->list(wang_)))[1].filter, (json::object{{"waiting_minutes", 5}}));
}

TEST_P(SavedViewsTest, SharedOnesNeedTheConfigurationAndOthersOwnOnesAreNotThere) {
  const auto own = add(wang_, "急件");
  const auto shared = add(chief_, "退款", true);
  const std::string name = "别的";
  EXPECT_EQ(code_of(sql::run(views_->add(wang_, {true, name, json::object()}))), "identity.forbidden");
  EXPECT_EQ(code_of(sql::run(views_->change(wang_, own.id, {.shared = true}))), "identity.forbidden");
  EXPECT_EQ(code_of(sql::run(views_->change(wang_, shared.id, {.name = name}))), "identity.forbidden");
  EXPECT_EQ(code_of(sql::run(views_->change(wang_, shared.id, {.shared = false}))), "identity.forbidden");
  EXPECT_EQ(code_of(sql::run(views_->remove(wang_, shared.id))), "identity.forbidden");
  EXPECT_EQ(code_of(sql::run(views_->order(wang_, true, {shared.id}))), "identity.forbidden");
  EXPECT_EQ(code_of(sql::run(views_->change(li_, own.id, {.name = name}))), "desk.not_found");
  EXPECT_EQ(code_of(sql::run(views_->change(chief_, own.id, {.shared = true}))), "desk.not_found");
  EXPECT_EQ(code_of(sql::run(views_->remove(li_, own.id))), "desk.not_found");
  EXPECT_THAT(names(wang_), ElementsAre("shared 退款", "own 急件"));
}

TEST_P(SavedViewsTest, ChangesAreKeptAndThoseOfSharedOnesAudited) {
  const auto own = add(chief_, "急件");
  EXPECT_THAT(audited(), IsEmpty());
  clock_.advance(1000);
  const auto changed = must(sql::run(views_->change(
      chief_, own.id,
      {.name = "特急", .filter = filter({{"priority", 5}, {"unread", false}, {"left_message", false}})})));
  EXPECT_EQ(changed.filter, (json::object{{"priority", 5}})) << "what asks for nothing is left out";
  EXPECT_EQ(changed.updated_at, clock_.now());
  EXPECT_THAT(audited(), IsEmpty());
  must(sql::run(views_->change(chief_, own.id, {.shared = true})));
  EXPECT_THAT(names(wang_), ElementsAre("shared 特急"));
  must(sql::run(views_->change(chief_, own.id, {.name = "特急件"})));
  must(sql::run(views_->remove(chief_, own.id)));
  EXPECT_THAT(names(wang_), IsEmpty());
  EXPECT_THAT(audited(), ElementsAre("desk.view.update", "desk.view.update", "desk.view.delete"));
}

TEST_P(SavedViewsTest, AreOrderedByTheirOwner) {
  const auto a = add(wang_, "a"), b = add(wang_, "b"), c = add(wang_, "c");
  const auto others = add(li_, "d");
  must(sql::run(views_->order(wang_, false, {c.id, others.id, a.id})));
  EXPECT_THAT(names(wang_), ElementsAre("own c", "own a", "own b")) << "who is not named stays behind";
  must(sql::run(views_->order(wang_, false, {b.id})));
  EXPECT_THAT(names(wang_), ElementsAre("own b", "own c", "own a"));
  add(wang_, "e");
  EXPECT_THAT(names(wang_), ElementsAre("own b", "own c", "own a", "own e"));
  EXPECT_THAT(names(li_), ElementsAre("own d"));
}

TEST_P(SavedViewsTest, ThereAreFiftyOfEachKind) {
  SavedView last;
  for (int i = 0; i < saved_views_max; ++i) last = add(chief_, "v", true);
  const std::string name = "one more";
  EXPECT_EQ(code_of(sql::run(views_->add(chief_, {true, name, json::object()}))), "desk.too_many");
  const auto own = add(chief_, name);
  EXPECT_EQ(code_of(sql::run(views_->change(chief_, own.id, {.shared = true}))), "desk.too_many");
  must(sql::run(views_->remove(chief_, last.id)));
  must(sql::run(views_->change(chief_, own.id, {.shared = true})));
}

MINIOPS_ON_BOTH_ENGINES(SavedViewsTest);

TEST(SavedViewFilter, SaysWhatIsWrong) {
  const auto accepted = [](const json::object& given) {
    const json::value value = given;
    JsonInput in(value);
    read_view_filter(in);
    return in.finish().has_value();
  };
  EXPECT_TRUE(accepted({}));
  EXPECT_TRUE(accepted({{"state", "closed"}, {"group_id", "7"}, {"agent", "me"}, {"tag", "退款"}, {"reason_id", "9"}}));
  EXPECT_TRUE(accepted({{"state", "waiting"}, {"agent", "none"}, {"window_minutes", 120}, {"unread", true}}));
  EXPECT_TRUE(accepted({{"left_message", true}}));
  EXPECT_TRUE(accepted({{"agent", "12"}, {"waiting_minutes", 1}, {"priority", 1000}}));
  for (const json::object& wrong : std::vector<json::object>{{{"state", "parked"}},
                                                             {{"agent", "nobody"}},
                                                             {{"agent", ""}},
                                                             {{"group_id", "x"}},
                                                             {{"tag", ""}},
                                                             {{"waiting_minutes", 0}},
                                                             {{"window_minutes", 2881}},
                                                             {{"priority", 1001}},
                                                             {{"unread", "yes"}},
                                                             {{"left_message", 1}},
                                                             {{"colour", "red"}},
                                                             {{"state", "closed"}, {"left_message", true}},
                                                             {{"state", "closed"}, {"priority", 5}}})
    EXPECT_FALSE(accepted(wrong)) << json::serialize(wrong);
}

}  // namespace
}  // namespace miniops::desk
