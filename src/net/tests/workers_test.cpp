#include "net/workers.hpp"

#include "net/tests/server_fixture.hpp"

namespace miniops::net::testing {
namespace {

class WorkersTest : public ServerTest {
 protected:
  void SetUp() override { io.start(); }
};

Task<Result<int>> run_on(Workers& workers, std::function<int()> job) { return workers.run(std::move(job)); }

TEST_F(WorkersTest, ResumesTheCallerOnItsOwnThread) {
  Workers workers(2, 10);
  const auto check = [](Workers& of) -> Task<bool> {
    const auto mine = std::this_thread::get_id();
    std::function<std::thread::id()> job = [] { return std::this_thread::get_id(); };
    const auto theirs = co_await of.run(std::move(job));
    co_return theirs && *theirs != mine&& std::this_thread::get_id() == mine;
  };
  EXPECT_TRUE(run(check(workers)));
}

TEST_F(WorkersTest, RefusesWhenTooMuchWaitsAndRecovers) {
  Workers workers(1, 1);
  std::promise<void> leave;
  auto left = leave.get_future().share();
  std::promise<void> entered;
  auto first = std::make_shared<std::promise<int>>();
  auto first_result = first->get_future();
  const auto hold = [](Workers& of, std::function<int()> job, std::shared_ptr<std::promise<int>> done) -> Task<void> {
    done->set_value((co_await of.run(std::move(job))).value_or(-1));
  };
  io.spawn("hold", hold(
                       workers,
                       [&entered, left] {
                         entered.set_value();
                         left.wait();
                         return 1;
                       },
                       first));
  entered.get_future().wait();
  const auto refused = run(run_on(workers, [] { return 2; }));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, "net.overloaded");
  leave.set_value();
  EXPECT_EQ(first_result.get(), 1);
  EXPECT_TRUE(eventually([&] { return run(run_on(workers, [] { return 3; })).value_or(0) == 3; }));
}

TEST_F(WorkersTest, AJobThatThrowsIsRethrownAndCountedOut) {
  Workers workers(1, 1);
  for (int i = 0; i < 3; ++i) {
    EXPECT_THROW(run(run_on(workers, []() -> int { throw std::runtime_error("job"); })), std::runtime_error);
  }
}

TEST_F(WorkersTest, BackgroundFailuresAreCounted) {
  const auto failing = []() -> Task<void> {
    throw std::runtime_error("background");
    co_return;
  };
  io.spawn("failing", failing(), 1);
  EXPECT_TRUE(eventually([&] { return io.background_failures() == 1; }));
}

// A server that stops: its pools end before the io_context does, and with it those who waited for an answer.
TEST_F(WorkersTest, WhoWaitsMayEndAfterThePool) {
  boost::asio::io_context context;
  std::promise<void> ran;
  {
    Workers workers(1, 10);
    auto job = [&ran] {
      ran.set_value();
      return 1;
    };
    boost::asio::co_spawn(context, run_on(workers, job), boost::asio::detached);
    context.poll();
    ran.get_future().wait();
  }
}

}  // namespace
}  // namespace miniops::net::testing
