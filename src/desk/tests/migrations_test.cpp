// What a database of an earlier version brings along.
#include "desk/tests/desk_fixture.hpp"

namespace miniops::desk {
namespace {

using testing::ElementsAre;

constexpr int before_quick_replies = 6;

// Opens as a program of that version would.
class MigrationsTest : public sql::EngineTest {
 protected:
  void SetUp() override {
    for (const sql::Migration& one : desk::migrations())
      if (one.number <= before_quick_replies) old_.push_back(one);
    open({identity::migrations(), live::migrations(), gateway::migrations(), people::migrations(), teams::migrations(),
          service_levels::migrations(), old_});
  }
  void become_new() {
    const auto migrated = sql::migrate(
        db(), {identity::migrations(), live::migrations(), gateway::migrations(), people::migrations(),
               teams::migrations(), service_levels::migrations(), quick_replies::migrations(), desk::migrations()});
    ASSERT_TRUE(migrated) << migrated.error().message;
  }

  std::vector<sql::Migration> old_;
};

TEST_P(MigrationsTest, QuickRepliesMoveToTheirOwnModule) {
  const std::string insert =
      "INSERT INTO desk_quick_replies (id, appid, account_id, shortcut, title, content, created_at) VALUES ($1, $2, "
      "$3, "
      "$4, $5, $6, $7)";
  execute(insert, {11, "wxapp", 0, "hi", "问候", "您好", 100});
  execute(insert, {12, "wxother", 5, "", "", "{{旧}}", 200});
  become_new();
  std::vector<std::string> moved;
  for (const sql::Row& row :
       query("SELECT id, appid, account_id, folder, shortcut, title, content, picture_id, initials, "
             "created_at, updated_at FROM quick_replies_entries ORDER BY id"))
    moved.push_back(fmt::format("{} {} {} [{}] [{}] [{}] [{}] [{}] [{}] {} {}", row.integer(0), row.text(1),
                                row.integer(2), row.text(3), row.text(4), row.text(5), row.text(6), row.text(7),
                                row.text(8), row.integer(9), row.integer(10)));
  EXPECT_THAT(moved, ElementsAre("11 wxapp 0 [] [hi] [问候] [您好] [] [] 100 100",
                                 "12 wxother 5 [] [] [] [{{旧}}] [] [] 200 200"));
  EXPECT_ANY_THROW(query("SELECT 1 FROM desk_quick_replies"));
  become_new();
  EXPECT_EQ(query("SELECT 1 FROM quick_replies_entries").size(), 2U) << "once";
}

TEST_P(MigrationsTest, PicturesOfBeforeBelongToTheirMessages) {
  const std::string insert =
      "INSERT INTO desk_messages (id, appid, thread_id, conversation_id, seq, direction, sender_kind, sender_id, "
      "sender_name, cause, msgtype, body, state, created_at) VALUES ($1, 'wxapp', 1, 1, $1, $2, 'customer', '', '', "
      "'', $3, $4, 'received', 1)";
  execute(insert, {1, "in", "image", R"({"media_id":"PIC","pic_url":""})"});
  execute(insert, {2, "in", "image", R"({"media_id":"PIC","pic_url":""})"});
  execute(insert, {3, "in", "miniprogrampage", R"({"title":"x","thumb_media_id":"THUMB"})"});
  execute(insert, {4, "in", "voice", R"({"media_ids":["V1","V2"]})"});
  execute(insert, {5, "in", "text", R"({"content":"hello"})"});
  execute(insert, {6, "out", "image", R"({"media_id":"OURS"})"});
  execute(insert, {7, "in", "erased", "{}"});
  become_new();
  std::vector<std::string> kept;
  for (const sql::Row& row : query("SELECT appid, media_id, message_id FROM desk_media ORDER BY message_id, media_id"))
    kept.push_back(fmt::format("{} {} {}", row.text(0), row.text(1), row.integer(2)));
  EXPECT_THAT(kept, ElementsAre("wxapp PIC 1", "wxapp THUMB 3", "wxapp V1 4", "wxapp V2 4"));
}

MINIOPS_ON_BOTH_ENGINES(MigrationsTest);

}  // namespace
}  // namespace miniops::desk
