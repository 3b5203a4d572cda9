// What is read is in the audit log once in a quarter of an hour for each account.
#include "identity/reading_log.hpp"

#include "identity/tests/fixture.hpp"

namespace miniops::identity {
namespace {

class ReadingLogTest : public IdentityTest {
 protected:
  void SetUp() override {
    IdentityTest::SetUp();
    log_.emplace(db(), ids_);
  }

  static Access reader(std::int64_t account, const std::string& appid = "wx1") {
    Caller caller;
    caller.account = AccountId(account);
    caller.roles[AppId(appid)] = Role::admin;
    return caller.access(AppId(appid), Permission::desk_read).value();
  }
  ReadingLog::Reading reading(const std::string& object, const std::string& asked = "") const {
    return {{0, clock_.now(), "desk.conversation.read", object}, asked};
  }
  // How many entries there are when that was read.
  std::size_t after(const Access& access, const std::string& object, const std::string& asked = "") {
    EXPECT_TRUE(sql::run(log_->note(access, reading(object, asked))));
    return entries();
  }
  std::size_t entries() { return query("SELECT 1 FROM audit_entries").size(); }

  std::optional<ReadingLog> log_;
};

TEST_P(ReadingLogTest, OfEachThingThereIsOneEntry) {
  const std::size_t before = entries();
  const Access one = reader(1);
  EXPECT_EQ(after(one, "conversation:5"), before + 1);
  EXPECT_EQ(after(one, "conversation:5"), before + 1) << "a further page";
  EXPECT_EQ(after(one, "conversation:6"), before + 2);
  EXPECT_EQ(after(reader(2), "conversation:5"), before + 3) << "another account";
  EXPECT_EQ(after(reader(1, "wx2"), "conversation:5"), before + 4) << "in another mini program";
  EXPECT_EQ(after(one, "conversation:5", "13812345678"), before + 5) << "something else was asked";
  EXPECT_EQ(after(one, "conversation:5", "13812345678"), before + 5);
}

TEST_P(ReadingLogTest, AfterAQuarterOfAnHourItIsWrittenAgain) {
  const std::size_t before = entries();
  const Access one = reader(1);
  EXPECT_EQ(after(one, "conversation:5"), before + 1);
  clock_.advance(ReadingLog::again_after_ms - 1);
  EXPECT_EQ(after(one, "conversation:5"), before + 1);
  clock_.advance(1);
  EXPECT_EQ(after(one, "conversation:5"), before + 2);
}

TEST_P(ReadingLogTest, OfSeveralThingsThoseAreWrittenThatWereNotReadLately) {
  const std::size_t before = entries();
  EXPECT_EQ(after(reader(1), "conversation:5"), before + 1);
  std::vector<ReadingLog::Reading> several{reading("conversation:5"), reading("conversation:6")};
  EXPECT_TRUE(sql::run(log_->note(reader(1), several)));
  EXPECT_EQ(entries(), before + 2);
}

MINIOPS_ON_BOTH_ENGINES(ReadingLogTest);

}  // namespace
}  // namespace miniops::identity
