// Numbers of people in what is said: sealed apart, found whole, revealed by an audited act, gone with their message.
#include "desk/sealing.hpp"

#include <random>

#include "base/mask.hpp"
#include "desk/records_archive.hpp"
#include "desk/tests/desk_fixture.hpp"

namespace miniops::desk {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

constexpr std::string_view phone = "13812345678";

class SealingTest : public DeskTest {
 protected:
  template <class F>
  auto within(F act) {
    auto write = [&](sql::Transaction& tx) -> Result<std::invoke_result_t<F&, sql::Transaction&>> { return act(tx); };
    return must(db().write_blocking(write));
  }
  Result<std::string> reveal(const Access& as, const Message& message, std::int64_t position = 0) {
    return sql::run(service().reveal(as, message.conversation_id, message.id, position));
  }
  std::vector<std::string> find(const Access& as, const std::string& words) {
    std::vector<std::string> all;
    for (const auto& one : must(sql::run(service().search(as, words, {}, 50))).page.items)
      all.push_back(content(one.message));
    return all;
  }
  static Access without_personal_data() {
    identity::Caller caller;
    caller.account = AccountId(8);
    caller.roles[AppId("wxapp")] = identity::Role::admin;
    caller.scopes = std::set{identity::Permission::desk_read};
    return caller.access(AppId("wxapp"), identity::Permission::desk_read).value();
  }
  // Everything that the desk, the change log and webhooks have written, but what waits to be sent.
  std::string all_that_is_stored() {
    std::string all;
    for (const char* columns :
         {"body || original || raw || hidden FROM desk_messages", "last_message FROM desk_conversations",
          "note FROM desk_events", "search_key || kind FROM desk_sealed_numbers", "data FROM live_pending"})
      for (const sql::Row& row : query(std::string("SELECT ") + columns)) all += row.text(0) + "\n";
    for (const sql::Row& row : query("SELECT sealed FROM desk_sealed_numbers")) all += row.blob(0) + "\n";
    return all;
  }
  void seal(bool on) {
    Settings settings;
    settings.seal_numbers = on;
    must(sql::run(desk_->settings().set_settings(admin(), settings)));
  }

  const Sealing sealing_{vault_};
};

// ---- values ----

TEST(Sealing, WhatIsHiddenIsPutBackWhereItStood) {
  SeededRandom random(1);
  const Sealer sealer(std::string(Sealer::key_bytes, 'k'), random);
  const Vault vault(sealer, std::string(32, 'h'));
  const Sealing sealing(vault);
  Message message;
  message.id = MessageId(7);
  message.msgtype = "link";
  message.body = json::serialize(json::object{{"title", "😀 １３８ 1234 ５６７８ 和 13912345678"},
                                              {"description", "身份证 11010519491231002X"},
                                              {"url", "https://a.example/?m=13812345678"},
                                              {"thumb_url", "https://a.example/13812345678.png"}});
  message.original = R"({"title":"坏词 13812345678"})";
  sealing.hide(message);
  const json::object said = body_of(message);
  EXPECT_EQ(said.at("title").as_string(), "😀 １３８ **** ５６７８ 和 139****5678");
  EXPECT_EQ(said.at("description").as_string(), "身份证 110105********002X");
  EXPECT_EQ(said.at("url").as_string(), "https://a.example/?m=138****5678");
  EXPECT_EQ(said.at("thumb_url").as_string(), "https://a.example/13812345678.png") << "a picture";
  EXPECT_THAT(message.original, Not(HasSubstr(phone)));
  ASSERT_EQ(message.hidden.size(), 4U);
  ASSERT_EQ(message.sealed.size(), 4U);
  EXPECT_EQ(message.hidden[0].field, "title");
  EXPECT_EQ(message.hidden[0].at, 2) << "characters, not bytes";
  EXPECT_EQ(message.hidden[0].length, 13);
  EXPECT_EQ(message.hidden[1].at, 18);
  EXPECT_EQ(message.hidden[2].kind, "id_card");
  EXPECT_EQ(message.sealed[0].search_key, message.sealed[3].search_key) << "one number, however it is written";
  EXPECT_NE(message.sealed[0].search_key, message.sealed[1].search_key);
  EXPECT_EQ(sealing.search_key("+86 138-1234-5678"), message.sealed[0].search_key);
  EXPECT_EQ(sealing.search_key("1381234567"), "");
}

TEST(Sealing, AFloodOfNumbersIsMaskedForGood) {
  SeededRandom random(1);
  const Sealer sealer(std::string(Sealer::key_bytes, 'k'), random);
  const Vault vault(sealer, std::string(32, 'h'));
  Message message;
  message.id = MessageId(7);
  message.body = "{}";
  for (int i = 0; i < 300; ++i) message.raw += "13812345678,";
  Sealing(vault).hide(message);
  EXPECT_EQ(message.sealed.size(), 200U);
  EXPECT_THAT(message.raw, Not(HasSubstr(phone)));
}

// ---- what is stored ----

TEST_P(SealingTest, ACustomersNumberIsNowhereInClear) {
  says("o1", "我的手机 138-1234-5678，卡 4111111111111111 请回电");
  const Message message = messages(only().id).at(0);
  EXPECT_EQ(content(message), "我的手机 138-****-5678，卡 4111********1111 请回电");
  ASSERT_EQ(message.hidden.size(), 2U);
  EXPECT_EQ(message.hidden[1].kind, "bank_card");
  EXPECT_EQ(rows("desk_sealed_numbers"), 2);
  const std::string all = all_that_is_stored();
  EXPECT_THAT(all, HasSubstr("请回电"));
  for (const char* number : {"138-1234-5678", "13812345678", "4111111111111111"})
    EXPECT_THAT(all, Not(HasSubstr(number)));
}

TEST_P(SealingTest, AnAgentsNumberGoesToTheCustomerAndIsKeptSealed) {
  says("o1", "怎么联系你们");
  const Message sent = must(sends(1, only().id, "请打 13812345678"));
  EXPECT_EQ(content(sent), "请打 138****5678");
  EXPECT_THAT(query("SELECT message FROM gateway_outbox")[0].text(0), HasSubstr(phone)) << "it is still to be sent";
  EXPECT_THAT(all_that_is_stored(), Not(HasSubstr(phone)));

  // As the outbox leaves it when it has failed; sent again, it says all of it.
  execute("UPDATE gateway_outbox SET state = 'failed', message = '{}'");
  execute("UPDATE desk_messages SET state = 'failed' WHERE id = $1", {sent.id});
  must(sql::run(service().resend(access_of(1), only().id, sent.id)));
  EXPECT_THAT(query("SELECT message FROM gateway_outbox")[0].text(0), HasSubstr("请打 13812345678"));
  EXPECT_THAT(all_that_is_stored(), Not(HasSubstr(phone)));
}

TEST_P(SealingTest, NotesOfColleaguesAreSealedToo) {
  says("o1", "你好");
  const ConversationId id = only().id;
  online(2);
  must(sql::run(
      service().send(access_of(1), id,
                     {must(parse_to_send({{"msgtype", "note"}, {"note", {{"content", "回电 13812345678"}}}}, true))})));
  must(sql::run(service().transfer(access_of(1), id, AccountId(2), "客户电话 13812345678", std::nullopt)));
  EXPECT_EQ(rows("desk_sealed_numbers"), 2);
  EXPECT_THAT(all_that_is_stored(), Not(HasSubstr(phone)));
}

TEST_P(SealingTest, ARepetitionIsTheSameNumberOrNone) {
  says("o1", "你好");
  const ConversationId id = only().id;
  const Message first = must(sends(1, id, "打 13812345678", "c1"));
  EXPECT_EQ(must(sends(1, id, "打 13812345678", "c1")).id, first.id);
  EXPECT_EQ(code_of(sends(1, id, "打 13887655678", "c1")), "desk.client_id_reused") << "it looks the same, masked";
}

TEST_P(SealingTest, SwitchedOffMessagesStayAsTheyAreWritten) {
  seal(false);
  says("o1", "手机 13812345678");
  seal(true);
  says("o1", "新的 13812345678");
  const auto all = messages(only().id);
  EXPECT_EQ(content(all.at(0)), "手机 13812345678");
  EXPECT_EQ(content(all.at(1)), "新的 138****5678");
  index_all();
  EXPECT_THAT(find(admin(), std::string(phone)), ElementsAre("新的 138****5678", "手机 13812345678"));
  EXPECT_THAT(find(without_personal_data(), std::string(phone)), IsEmpty());
}

// Whatever is written, the masked text with its numbers put back is it.
TEST_P(SealingTest, WhatWasHiddenComesBackForAnyText) {
  const std::vector<std::string> parts{"13812345678",
                                       "138-1234-5678",
                                       "１３８１２３４５６７８",
                                       "11010519491231002X",
                                       "4111 1111 1111 1111",
                                       "😀",
                                       "订单20261122135012345678",
                                       " ",
                                       "-",
                                       "+86 ",
                                       "X",
                                       "你"};
  std::mt19937_64 random(7);
  for (int i = 0; i < 200; ++i) {
    std::string text;
    for (std::uint64_t part = random() % 9; part > 0; --part) text += parts[random() % parts.size()];
    Message message;
    message.id = ids_.next_as<MessageId>();
    message.appid = AppId("wxapp");
    message.msgtype = "link";
    message.body = json::serialize(json::object{{"title", text}, {"description", text + text}});
    const std::string written = message.body;
    sealing_.hide(message);
    EXPECT_EQ(message.hidden.empty(), find_personal_data(text + "\n" + text + text).empty()) << text;
    const std::string back = within([&](sql::Transaction& tx) {
      store::insert_sealed(tx, message);
      EXPECT_TRUE(sealing_.restore(tx, message));
      return message.body;
    });
    EXPECT_EQ(back, written);
  }
}

// ---- finding and revealing ----

TEST_P(SealingTest, AWholeNumberIsFoundHoweverItIsWritten) {
  says("o1", "手机 138 1234 5678");
  says("o2", "别的 13912345678");
  index_all();
  for (const char* typed : {"13812345678", "+86 138-1234-5678", "１３８１２３４５６７８"}) {
    EXPECT_THAT(find(admin(), typed), ElementsAre("手机 138 **** 5678")) << typed;
    EXPECT_THAT(find(without_personal_data(), typed), IsEmpty()) << typed;
  }
  EXPECT_THAT(find(admin(), "12345678"), IsEmpty()) << "a part is nobody's";
  EXPECT_EQ(conversations({}, std::string(phone)).size(), 1U);
  RecordsArchive archive(*setups_, surveys_, sealing_, *events_, ids_);
  const auto found = [&](const records::Reader& reader) {
    return within([&](sql::Transaction& tx) {
             return archive.find(tx, AppId("wxapp"), reader, {.text = std::string(phone)}, {}, 10);
           })
        .items.size();
  };
  EXPECT_EQ(found({.everything = true, .personal_data = true}), 1U);
  EXPECT_EQ(found({.everything = true}), 0U);
}

TEST_P(SealingTest, RevealingIsAnAuditedAct) {
  says("o1", "手机 138-1234-5678，证 11010519491231002X");
  const Message message = messages(only().id).at(0);
  EXPECT_EQ(must(reveal(admin(), message)), "138-1234-5678") << "as it was written";
  EXPECT_EQ(must(reveal(admin(), message, 1)), "11010519491231002X");
  EXPECT_EQ(code_of(reveal(admin(), message, 2)), "desk.not_found");
  EXPECT_EQ(code_of(reveal(access_of(1, identity::Role::admin, "wxother"), message)), "desk.not_found");
  execute("UPDATE desk_conversations SET group_id = 5");
  EXPECT_EQ(code_of(reveal(access_of(1), message)), "desk.other_group");
  const auto audited =
      query("SELECT object, changes FROM audit_entries WHERE action = 'desk.message.reveal' ORDER BY id");
  ASSERT_EQ(audited.size(), 2U);
  EXPECT_EQ(audited[0].text(0), "message:" + message.id.str());
  EXPECT_THAT(audited[0].text(1), HasSubstr("phone"));
  EXPECT_THAT(audited[0].text(1), Not(HasSubstr("1234")));
}

TEST_P(SealingTest, ASealedNumberOpensInItsPlaceOnly) {
  says("o1", "手机 13812345678");
  says("o1", "手机 13912345678");
  const auto all = messages(only().id);
  execute("UPDATE desk_sealed_numbers SET sealed = (SELECT sealed FROM desk_sealed_numbers WHERE message_id = $1)",
          {all.at(0).id});
  EXPECT_EQ(must(reveal(admin(), all.at(0))), phone);
  EXPECT_EQ(code_of(reveal(admin(), all.at(1))), "base.seal_broken");
}

TEST_P(SealingTest, AWhispersNumberIsForThoseWhoHearIt) {
  says("o1", "你好");
  const ConversationId id = only().id;
  must(sql::run(service().take(access_of(1), id, std::nullopt)));
  const auto whispers = [&](const std::string& words) { return sql::run(service().whisper(admin(), id, words, "w1")); };
  const Message whisper = must(whispers("打 13812345678"));
  EXPECT_EQ(content(whisper), "打 138****5678");
  EXPECT_EQ(must(whispers("打 13812345678")).id, whisper.id);
  EXPECT_EQ(code_of(whispers("打 13887655678")), "desk.client_id_reused") << "it looks the same, masked";
  EXPECT_THAT(all_that_is_stored(), Not(HasSubstr(phone)));
  EXPECT_EQ(must(reveal(access_of(1), whisper)), phone);
  EXPECT_EQ(must(reveal(admin(), whisper)), phone);
  EXPECT_EQ(code_of(reveal(access_of(3), whisper)), "desk.not_found") << "of the same group";
  index_all();
  EXPECT_THAT(find(admin(), std::string(phone)), IsEmpty());
  EXPECT_THAT(conversations({}, std::string(phone)), IsEmpty());
  RecordsArchive archive(*setups_, surveys_, sealing_, *events_, ids_);
  within([&](sql::Transaction& tx) {
    return archive.remove_messages(tx, records::ConversationId(id.value()), 10).messages;
  });
  EXPECT_EQ(rows("desk_sealed_numbers"), 0);
}

// ---- files ----

TEST_P(SealingTest, FilesOfThoseWhoMaySeeThemHoldWholeNumbers) {
  says("o1", "😀 手机 138-1234-5678 和 13912345678。");
  RecordsArchive archive(*setups_, surveys_, sealing_, *events_, ids_);
  const records::ConversationId id(only().id.value());
  const auto text = [&](bool whole) {
    auto read = [&](sql::Transaction& tx) -> Result<std::string> {
      auto record = archive.messages(tx, id, 0, 10).at(0);
      EXPECT_TRUE(record.hidden);
      if (!whole) return record.text;
      return archive.revealed(tx, std::move(record)).value().text;
    };
    return must(db().read_blocking(read));
  };
  EXPECT_EQ(text(false), "😀 手机 138-****-5678 和 139****5678。");
  EXPECT_EQ(text(true), "😀 手机 138-1234-5678 和 13912345678。");
  const auto piece = must(sql::run(desk_->conversation_keeper().exported({AppId("wxapp"), OpenId("o1")}, "")));
  EXPECT_THAT(piece.lines, HasSubstr("138-1234-5678"));
}

// ---- deletion ----

TEST_P(SealingTest, NumbersGoWithTheirMessage) {
  says("o1", "手机 13812345678");
  says("o2", "手机 13812345678");
  index_all();
  const ConversationId id = conversation_of("o1").id;
  RecordsArchive archive(*setups_, surveys_, sealing_, *events_, ids_);
  within([&](sql::Transaction& tx) {
    return archive.remove_messages(tx, records::ConversationId(id.value()), 10).messages;
  });
  EXPECT_EQ(rows("desk_sealed_numbers"), 1);
  EXPECT_TRUE(messages(id).at(0).hidden.empty());
  EXPECT_EQ(find(admin(), std::string(phone)).size(), 1U);
}

TEST_P(SealingTest, WhatDropsOutOfTheLobbyIsGone) {
  const Thread thread = [&] {
    says("o1", "你好");
    return within([&](sql::Transaction& tx) { return store::find_thread(tx, AppId("wxapp"), OpenId("o1")).value(); });
  }();
  within([&](sql::Transaction& tx) {
    Thread now = thread;
    for (int i = 0; i <= store::lobby_max; ++i) {
      Message message;
      message.id = ids_.next_as<MessageId>();
      message.direction = Direction::note;
      message.msgtype = "text";
      message.body = R"({"content":"手机 13812345678"})";
      sealing_.hide(message);
      store::insert_lobby(tx, now, std::move(message));
    }
    return 0;
  });
  EXPECT_EQ(rows("desk_sealed_numbers"), store::lobby_max);
  EXPECT_EQ(rows("desk_search_pending WHERE message_id NOT IN (SELECT id FROM desk_messages)"), 0);
}

MINIOPS_ON_BOTH_ENGINES(SealingTest);

}  // namespace
}  // namespace miniops::desk
