#include "live/hub.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <thread>

#include "identity/service.hpp"
#include "live/change_log.hpp"
#include "live/live.hpp"
#include "storage/testing/engines.hpp"

namespace miniops::live {
namespace {

using identity::Permission;
using identity::Role;

// A browser: what it says is scripted, what it gets is kept.
class FakeSocket final : public net::WebSocket {
 public:
  explicit FakeSocket(boost::asio::io_context& context) : timer_(context) {
    timer_.expires_at(boost::asio::steady_timer::time_point::max());
  }
  // On the io_context's thread.
  void say(std::string message) {
    said_.push_back(std::move(message));
    timer_.cancel();
  }
  void leave() {
    gone_ = true;
    timer_.cancel();
  }
  Task<std::optional<std::string>> receive() override {
    while (said_.empty() && !gone_) {
      boost::system::error_code cancelled;
      auto token = boost::asio::redirect_error(boost::asio::use_awaitable, cancelled);
      co_await timer_.async_wait(token);
    }
    if (said_.empty()) co_return std::nullopt;
    auto next = std::move(said_.front());
    said_.pop_front();
    co_return next;
  }
  bool post(std::shared_ptr<const std::string> message) override {
    const std::scoped_lock lock(mutex_);
    if (slow_ && got_.size() >= 3) return false;
    got_.push_back(*message);
    return true;
  }
  void close(std::uint16_t code, std::string) override {
    const std::scoped_lock lock(mutex_);
    closed_ = code;
  }
  std::size_t queued_bytes() const override { return 0; }

  void be_slow() { slow_ = true; }
  int closed() const {
    const std::scoped_lock lock(mutex_);
    return closed_;
  }
  std::vector<boost::json::object> got(const std::string& type) const {
    std::vector<boost::json::object> found;
    const std::scoped_lock lock(mutex_);
    for (const auto& text : got_) {
      auto message = boost::json::parse(text).as_object();
      if (message.at("type").as_string() == type) found.push_back(std::move(message));
    }
    return found;
  }
  // The numbers of the changes, as "1 2 3 ".
  std::string numbers() const {
    std::string text;
    for (const auto& change : got("change")) text += std::to_string(change.at("seq").as_int64()) + " ";
    return text;
  }

 private:
  boost::asio::steady_timer timer_;
  std::deque<std::string> said_;
  std::atomic<bool> gone_{false}, slow_{false};
  mutable std::mutex mutex_;
  std::vector<std::string> got_;
  int closed_ = 0;
};

class HubTest : public sql::EngineTest {
 protected:
  void SetUp() override {
    open({identity::migrations(), live::migrations()});
    version_.emplace(db());
    identity::Settings settings;
    settings.password_cost = {64, 1};
    service_.emplace(db(), *version_, clock_, random_, ids_, workers_, settings);
    make_hub({.ring_changes_max = 20, .page_rows = 10});
    sequencer_.emplace(db(), clock_, SequencerOptions{.owner = "a"});
    agent_ = make_caller("agent", Role::agent);
    operator_ = make_caller("operator", Role::operator_);
    analyst_ = make_caller("analyst", Role::analyst);
  }
  void TearDown() override {
    for (auto& socket : sockets_) socket->leave();
    until([&] { return hub_->counts().sockets == 0; });
  }
  void make_hub(HubOptions options) {
    hub_.emplace(db(), *version_, service_->authenticator(), clock_, options);
    hub_->set_presence_handler([this](const identity::Caller& caller, bool connected) {
      presence_ += caller.username + (connected ? "+ " : "- ");
    });
    hub_->set_client_message_handler([this](const identity::Caller& caller, const boost::json::object& message) {
      messages_ += caller.username + ":" + std::string(message.at("type").as_string()) + " ";
    });
  }

  identity::Caller make_caller(const std::string& username, Role role) {
    const identity::NewMember wanted{username, role, "correct-horse-7"};
    const auto access = identity::Access::system(AppId("wxa"), "test");
    EXPECT_TRUE(sql::run(service_->add_member(access, wanted)));
    const identity::SignIn attempt{username, "correct-horse-7", "10.0.0.1"};
    const auto token = sql::run(service_->sign_in(attempt)).value().token;
    net::Request request;
    request.headers.add("Cookie", "miniops_session=" + token);
    return sql::run(service_->authenticator().authenticate(request)).value();
  }

  // `further`: what else the hello says, as ,"full":true
  FakeSocket& connect(const identity::Caller& caller, const std::string& last = "null", const char* appid = "wxa",
                      const std::string& further = "") {
    auto& socket = *sockets_.emplace_back(std::make_unique<FakeSocket>(context_));
    boost::asio::co_spawn(context_, hub_->serve(caller, socket), boost::asio::detached);
    socket.say(fmt::format(R"({{"type":"hello","appids":{{"{}":{}}}{}}})", appid, last, further));
    until([&] { return !socket.got("ready").empty() || !socket.got("error").empty() || socket.closed() != 0; });
    return socket;
  }
  void change(const std::string& content = "hello", Permission permission = Permission::desk_read,
              Audience audience = {}) {
    const auto id = ids_.next();
    const Change made{AppId("wxa"), "message", permission, {{"id", "1"}, {"text", {{"content", content}}}}, audience};
    ASSERT_TRUE(db().write_blocking([&](sql::Transaction& tx) -> Result<void> {
      append_change(tx, id, clock_.now(), made);
      return {};
    }));
  }
  void number_and_deliver() {
    while (sql::run(sequencer_->step()).value()) {
    }
    while (sql::run(hub_->step()).value()) {
    }
  }
  void changes(int count) {
    for (int i = 0; i < count; ++i) change();
    number_and_deliver();
  }
  void turn() {
    context_.restart();
    context_.run_for(std::chrono::milliseconds(1));
  }
  template <class Condition>
  void until(Condition condition) {
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(20);
    while (!condition() && std::chrono::steady_clock::now() < deadline) turn();
    EXPECT_TRUE(condition());
  }
  void watch() { sql::run(hub_->watch_step()); }

  boost::asio::io_context context_;
  net::Workers workers_{1, 16};
  std::optional<sql::ConfigVersion> version_;
  std::optional<identity::Service> service_;
  std::vector<std::unique_ptr<FakeSocket>> sockets_;
  std::optional<Hub> hub_;
  std::optional<Sequencer> sequencer_;
  identity::Caller agent_, operator_, analyst_;
  std::string presence_, messages_;
};
MINIOPS_ON_BOTH_ENGINES(HubTest);

TEST_P(HubTest, ChangesComeInOrder) {
  changes(3);
  auto& socket = connect(agent_);
  const auto ready = socket.got("ready").at(0);
  EXPECT_EQ(ready.at("seq").as_int64(), 3);
  EXPECT_FALSE(ready.at("resumed").as_bool());
  changes(4);
  EXPECT_EQ(socket.numbers(), "4 5 6 7 ");
  const auto first = socket.got("change").at(0);
  EXPECT_EQ(first.at("topic").as_string(), "message");
  EXPECT_EQ(first.at("data").at("text").at("content").as_string(), "hello");
}

struct ResumeCase {
  std::string name, last, numbers;
  bool resumed;
};

TEST_P(HubTest, ResumesExactly) {
  changes(12);
  connect(agent_);  // its ring begins with the newest page: 3 … 12
  execute("DELETE FROM live_changes WHERE seq <= 1");
  const ResumeCase cases[] = {
      {"up to date", "12", "", true},
      {"from the ring", "9", "10 11 12 ", true},
      {"all of the ring", "2", "3 4 5 6 7 8 9 10 11 12 ", true},
      {"before the ring, still in the table", "1", "2 3 4 5 6 7 8 9 10 11 12 ", true},
      {"pruned", "0", "", false},
      {"from the future of an older backup", "99", "", false},
  };
  for (const auto& one : cases) {
    auto& socket = connect(agent_, one.last);
    EXPECT_EQ(socket.got("ready").at(0).at("resumed").as_bool(), one.resumed) << one.name;
    EXPECT_EQ(socket.got("ready").size(), 1u) << one.name;
    until([&] { return socket.numbers() == one.numbers; });
    EXPECT_EQ(socket.numbers(), one.numbers) << one.name;
    if (one.resumed) {
      EXPECT_EQ(socket.got("ready").at(0).at("missed").as_int64(), 12 - std::stoi(one.last)) << one.name;
    }
  }
}

TEST_P(HubTest, ALongAbsenceIsReadFromTheTable) {
  connect(agent_);
  changes(95);  // the ring keeps 20
  auto& socket = connect(agent_, "5");
  EXPECT_TRUE(socket.got("ready").at(0).at("resumed").as_bool());
  std::string expected;
  for (int i = 6; i <= 95; ++i) expected += std::to_string(i) + " ";
  until([&] { return socket.got("change").size() == 90; });
  EXPECT_EQ(socket.numbers(), expected);
}

TEST_P(HubTest, TooManyLongAbsencesAtOnceTakeSnapshots) {
  make_hub({.ring_changes_max = 20, .page_rows = 10, .long_resumes_max = 0});
  changes(95);
  EXPECT_FALSE(connect(agent_, "5").got("ready").at(0).at("resumed").as_bool());
}

TEST_P(HubTest, AHoleInTheLogMakesASnapshot) {
  changes(2);
  auto& socket = connect(agent_);
  for (int i = 0; i < 5; ++i) change();
  while (sql::run(sequencer_->step()).value()) {
  }
  execute("DELETE FROM live_changes WHERE seq <= 5");  // this node slept longer than the log is kept
  number_and_deliver();
  ASSERT_EQ(socket.got("ready").size(), 2u);
  EXPECT_EQ(socket.got("ready").at(1).at("seq").as_int64(), 5);
  EXPECT_EQ(socket.numbers(), "6 7 ");
}

TEST_P(HubTest, EachSeesWhatItMay) {
  auto& agent = connect(agent_);
  auto& boss = connect(operator_);
  auto& analyst = connect(analyst_);
  change("call 13812345678");
  change("gateway", Permission::gateway_read);
  number_and_deliver();
  EXPECT_EQ(agent.numbers(), "1 ");
  EXPECT_EQ(boss.numbers(), "1 2 ");
  EXPECT_EQ(analyst.numbers(), "");
  const auto content = [](FakeSocket& socket) {
    return std::string(socket.got("change").at(0).at("data").at("text").at("content").as_string());
  };
  EXPECT_EQ(content(agent), "call 138****5678");
  EXPECT_EQ(content(boss), "call 13812345678");
  EXPECT_EQ(connect(agent_, "null", "wxother").got("error").at(0).at("code").as_string(), "identity.not_found");
}

TEST_P(HubTest, AGroupsChangesAreSeenByItAndByWhomTheyConcern) {
  std::map<std::string, Hub::Groups> groups{{"agent", {{"7"}}}, {"operator", std::nullopt}};
  hub_->set_groups([&](const identity::Caller& caller, const AppId&) { return groups.at(caller.username); });
  auto& agent = connect(agent_);
  auto& boss = connect(operator_);
  change();                                                     // 1: of no group
  change("", Permission::desk_read, {"7", {}});                 // 2: of the agent's
  change("", Permission::desk_read, {"8", {}});                 // 3: of another
  change("", Permission::desk_read, {"8", agent_.account});     // 4: of another, but with the agent
  change("", Permission::gateway_read, {"7", agent_.account});  // 5: without the permission nothing helps
  change("", Permission::desk_read, {"8", {}, {operator_.account, agent_.account}});  // 6: the agent is named besides
  number_and_deliver();
  EXPECT_EQ(agent.numbers(), "1 2 4 6 ");
  EXPECT_EQ(boss.numbers(), "1 2 3 4 5 6 ");
  EXPECT_EQ(connect(agent_, "0").numbers(), "1 2 4 6 ") << "what was missed, from the ring";
  groups.at("agent") = {{"8"}};
  change("", Permission::desk_read, {"8", {}});
  number_and_deliver();
  EXPECT_EQ(agent.numbers(), "1 2 4 6 ") << "before the next look";
  watch();
  change("", Permission::desk_read, {"8", {}});
  number_and_deliver();
  EXPECT_EQ(agent.numbers(), "1 2 4 6 8 ");
}

TEST_P(HubTest, WhatIsGrantedForAGroupIsHeardOfIt) {
  hub_->set_groups([](const identity::Caller&, const AppId&) -> Hub::Groups { return {{"7", "8"}}; });
  const auto access = identity::Access::system(AppId("wxa"), "test");
  const identity::AdjustmentsPatch granted{.group_grants = std::set{identity::Grant{Permission::desk_supervise, "7"}}};
  ASSERT_TRUE(sql::run(service_->adjust(access, agent_.account, granted)));
  auto& supervisor = connect(agent_);
  auto& boss = connect(operator_);
  change("", Permission::desk_supervise, {"7", {}});  // 1: of the group
  change("", Permission::desk_supervise, {"8", {}});  // 2: of another, which the supervisor reads
  change("", Permission::desk_supervise);             // 3: of no group
  number_and_deliver();
  EXPECT_EQ(supervisor.numbers(), "1 ");
  EXPECT_EQ(boss.numbers(), "1 2 3 ");
  EXPECT_EQ(connect(agent_, "0").numbers(), "1 ");
  const identity::AdjustmentsPatch taken{.group_grants = std::set<identity::Grant>()};
  ASSERT_TRUE(sql::run(service_->adjust(access, agent_.account, taken)));
  watch();
  change("", Permission::desk_supervise, {"7", {}});
  number_and_deliver();
  EXPECT_EQ(supervisor.numbers(), "1 ") << "taken away";
}

// What a change is about, a conversation, is the last of its audience.
TEST_P(HubTest, WhomAConversationDoesNotConcernIsToldCounts) {
  hub_->set_groups([](const identity::Caller& caller, const AppId&) -> Hub::Groups {
    return caller.username == "operator" ? std::nullopt : Hub::Groups({"7"});
  });
  std::int64_t waiting = 3;
  hub_->set_lists([&](AppId) -> Task<Result<std::shared_ptr<const Lists>>> {
    struct Fixed final : Lists {
      explicit Fixed(std::int64_t its_count) : count(its_count) {}
      boost::json::object of(identity::AccountId, const Groups& groups) const override {
        return {{"waiting", groups ? count : 10 * count}};
      }
      std::int64_t count;
    };
    co_return std::make_shared<Fixed>(waiting);
  });
  const auto other = make_caller("other", Role::agent);
  auto& agent = connect(agent_);
  auto& colleague = connect(other);
  auto& boss = connect(operator_);
  auto& keeps_a_copy = connect(operator_, "null", "wxa", R"(,"full":true)");
  auto& analyst = connect(analyst_);
  const auto told = [&](FakeSocket& socket) {
    std::string all;
    for (const auto& one : socket.got("counts"))
      all += fmt::format("{}:{} ", one.at("seq").as_int64(), one.at("counts").at("waiting").as_int64());
    return all;
  };
  change("", Permission::desk_read, {"7", agent_.account, {}, 50});   // 1: with the agent
  change("", Permission::desk_read, {"7", {}, {other.account}, 51});  // 2: the colleague is named
  change("", Permission::desk_read, {"8", {}, {}, 52});               // 3: of another group
  change("", Permission::desk_read, {"7", agent_.account});           // 4: about nothing: for all
  number_and_deliver();
  EXPECT_EQ(agent.numbers(), "1 4 ");
  EXPECT_EQ(colleague.numbers(), "2 4 ");
  EXPECT_EQ(boss.numbers(), "4 ");
  EXPECT_EQ(keeps_a_copy.numbers(), "1 2 3 4 ");
  EXPECT_EQ(told(agent), "") << "not before the turn";
  sql::run(hub_->lists_step());
  EXPECT_EQ(told(agent), "4:3 ");
  EXPECT_EQ(told(colleague), "4:3 ");
  EXPECT_EQ(told(boss), "4:30 ");
  EXPECT_EQ(told(keeps_a_copy) + told(analyst), "");
  sql::run(hub_->lists_step());
  EXPECT_EQ(told(agent), "4:3 ") << "nothing happened since";
  for (int i = 0; i < 30; ++i) change("", Permission::desk_read, {"7", agent_.account, {}, 50});
  number_and_deliver();
  sql::run(hub_->lists_step());
  EXPECT_EQ(told(agent), "4:3 ") << "it was told all of it, and counts are as they were";
  EXPECT_EQ(told(colleague), "4:3 34:3 ") << "once, whatever happened";
  waiting = 4;
  change("", Permission::desk_read, {"7", agent_.account, {}, 50});
  number_and_deliver();
  sql::run(hub_->lists_step());
  EXPECT_EQ(told(agent), "4:3 35:4 ");
}

TEST_P(HubTest, WhatIsOpenIsToldAsItIs) {
  hub_->set_groups([](const identity::Caller&, const AppId&) -> Hub::Groups { return {{"7"}}; });
  auto& agent = connect(agent_, "null", "wxa", R"(,"watch":{"wxa":["50"]})");
  const auto about = [&](std::int64_t id, const char* group = "7") {
    change("", Permission::desk_read, {group, {}, {}, id});
    number_and_deliver();
  };
  const auto watch = [&](const std::string& ids, std::int64_t since) {
    const auto before = agent.got("watching").size();
    agent.say(fmt::format(R"({{"type":"watch","appid":"wxa","ids":[{}],"since":{}}})", ids, since));
    until([&] { return agent.got("watching").size() > before; });
    return boost::json::serialize(agent.got("watching").back().at("missed"));
  };
  about(50);       // 1
  about(51);       // 2
  about(50, "8");  // 3: it went where the agent reads nothing
  EXPECT_EQ(agent.numbers(), "1 ");
  EXPECT_EQ(watch(R"("51")", 1), R"(["51"])") << "2 was about it, and was not told";
  EXPECT_EQ(watch(R"("51")", 1), "[]") << "it is told since";
  about(50);  // 4
  about(51);  // 5
  EXPECT_EQ(agent.numbers(), "1 5 ");
  EXPECT_EQ(watch(R"("50","51")", 4), "[]") << "nothing was about it after 4";
  for (int i = 0; i < 25; ++i) about(60);  // the ring keeps 20
  EXPECT_EQ(watch(R"("61")", 4), R"(["61"])") << "nobody knows";
  agent.say(R"({"type":"watch","appid":"wxother","ids":[]})");
  agent.say(R"({"type":"watch","appid":"wxa","ids":["x"]})");
  until([&] { return agent.got("error").size() == 2; });
  EXPECT_EQ(agent.got("error").at(0).at("code").as_string(), "live.malformed");
}

TEST_P(HubTest, WhatWasMissedIsCountsForWhomItDidNotConcern) {
  hub_->set_groups([](const identity::Caller&, const AppId&) -> Hub::Groups { return {{"7"}}; });
  changes(1);
  connect(operator_);
  for (int i = 0; i < 12; ++i)
    change("", Permission::desk_read, {"7", i % 4 == 0 ? agent_.account : identity::AccountId(), {}, 50 + i % 4});
  number_and_deliver();
  auto& agent = connect(agent_, "5", "wxa", R"(,"watch":{"wxa":["51"]})");
  EXPECT_EQ(agent.numbers(), "6 7 10 11 ") << "its own, and what it has open";
  sql::run(hub_->lists_step());
  EXPECT_EQ(agent.got("counts").size(), 1u);
  EXPECT_EQ(agent.got("counts").at(0).at("seq").as_int64(), 13);
  changes(30);  // now the ring does not reach back
  auto& later = connect(agent_, "5", "wxa", R"(,"watch":{"wxa":["51"]})");
  until([&] { return later.got("change").size() == 34; });
  EXPECT_TRUE(later.numbers().starts_with("6 7 10 11 14 15 "));
  auto& up_to_date = connect(agent_, "43");
  sql::run(hub_->lists_step());
  EXPECT_EQ(later.got("counts").size(), 1u);
  EXPECT_EQ(up_to_date.got("counts").size(), 0u) << "nothing was kept from it";
}

TEST_P(HubTest, ABroadcastOfAGroupGoesToThoseWhoSeeIt) {
  hub_->set_groups([](const identity::Caller& caller, const AppId&) -> Hub::Groups {
    return caller.username == "agent" ? Hub::Groups{{"7"}} : std::nullopt;
  });
  auto& agent = connect(agent_);
  for (const char* group : {"7", "8"})
    hub_->broadcast(AppId("wxa"), Permission::desk_read, {{"type", "typing"}, {"conversation_id", group}}, {group, {}});
  EXPECT_EQ(agent.got("typing").size(), 1u);
  hub_->broadcast(AppId("wxa"), Permission::desk_read, {{"type", "typing"}, {"conversation_id", "9"}});
  EXPECT_EQ(agent.got("typing").size(), 2u) << "of no group: to all";
}

TEST_P(HubTest, BroadcastsGoToFollowersWithThePermission) {
  auto& agent = connect(agent_);
  auto& analyst = connect(analyst_);
  hub_->broadcast(AppId("wxa"), Permission::desk_read, {{"type", "typing"}, {"conversation_id", "5"}});
  EXPECT_EQ(agent.got("typing").size(), 1u);
  EXPECT_EQ(analyst.got("typing").size(), 0u);
  EXPECT_EQ(hub_->connected(AppId("wxa")).size(), 2u);
  agent.say(R"({"type":"typing","conversation_id":"5"})");
  agent.say(R"({"type":"ping"})");
  agent.say("not json");
  until([&] { return agent.got("error").size() == 1; });
  EXPECT_EQ(messages_, "agent:typing ");
  EXPECT_EQ(agent.got("pong").size(), 1u);
  agent.leave();
  until([&] { return presence_ == "agent+ analyst+ agent- "; });
}

TEST_P(HubTest, RevokedOnesAreOut) {
  auto& agent = connect(agent_);
  auto& boss = connect(operator_);
  auto& analyst = connect(analyst_);
  watch();
  ASSERT_TRUE(sql::run(service_->sign_out(agent_)));
  const auto access = identity::Access::system(AppId("wxa"), "test");
  ASSERT_TRUE(sql::run(service_->remove_member(access, analyst_.account)));
  ASSERT_TRUE(sql::run(service_->set_role(access, operator_.account, Role::agent)));
  watch();
  EXPECT_EQ(agent.closed(), 4401);
  EXPECT_EQ(analyst.closed(), 4403);
  EXPECT_EQ(boss.closed(), 0);
  change("13812345678");
  number_and_deliver();
  EXPECT_EQ(agent.numbers(), "");
  EXPECT_EQ(boss.got("change").at(0).at("data").at("text").at("content").as_string(), "138****5678");
  EXPECT_EQ(connect(agent_).closed(), 4401) << "revoked between the upgrade and the first message";
}

TEST_P(HubTest, SilentAndSlowOnesAreDropped) {
  auto& silent = connect(agent_);
  auto& slow = connect(agent_);
  slow.be_slow();
  changes(10);
  EXPECT_EQ(slow.numbers(), "1 2 ");
  EXPECT_EQ(silent.numbers(), "1 2 3 4 5 6 7 8 9 10 ");
  EXPECT_EQ(hub_->counts().dropped_slow, 1);
  clock_.advance(21 * second_ms);
  watch();
  EXPECT_EQ(silent.got("ping").size(), 1u);
  clock_.advance(60 * second_ms);
  watch();
  EXPECT_EQ(silent.closed(), 4408);
}

TEST_P(HubTest, AFloodIsRefused) {
  auto& socket = connect(agent_);
  for (int i = 0; i < 60; ++i) socket.say(R"({"type":"pong"})");
  until([&] { return socket.closed() == 1008; });
}

// Changes are made, numbered and handed out while sockets come and go: none misses one or gets one twice.
TEST_P(HubTest, NoGapUnderConcurrency) {
  make_hub({.ring_changes_max = 50, .page_rows = 10});
  constexpr int total = 400;
  std::atomic<bool> done{false};
  std::thread writer([&] {
    for (int i = 0; i < total; ++i) change();
    done = true;
  });
  std::thread deliverer([&] {
    const auto finished = [&] { return query("SELECT seq FROM live_heads")[0].integer(0) >= total; };
    while (!done) number_and_deliver();
    while (!finished()) number_and_deliver();
    number_and_deliver();
  });
  for (int i = 0; i < 40; ++i) {
    connect(i % 2 == 0 ? agent_ : operator_, i % 3 == 0 ? "0" : "null");
    turn();
  }
  writer.join();
  deliverer.join();
  const auto complete = [](const auto& socket) {
    const auto changes_got = socket->got("change");
    const auto ready = socket->got("ready");
    return (!changes_got.empty() && changes_got.back().at("seq").as_int64() == total) ||
           (!ready.empty() && ready[0].at("seq").as_int64() == total && !ready[0].at("resumed").as_bool());
  };
  for (auto& socket : sockets_) {
    until([&] { return complete(socket); });
    const auto ready = socket->got("ready");
    ASSERT_EQ(ready.size(), 1u);
    std::int64_t expected = ready[0].at("resumed").as_bool() ? 1 : ready[0].at("seq").as_int64() + 1;
    for (const auto& one : socket->got("change")) {
      ASSERT_EQ(one.at("seq").as_int64(), expected);
      ++expected;
    }
    EXPECT_EQ(expected, total + 1);
  }
}

}  // namespace
}  // namespace miniops::live
