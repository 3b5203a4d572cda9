// The worker with the real client against a real HTTP server: what a peer's answers, silence and redirects lead to.
#include "net/server.hpp"
#include "notify/tests/fixture.hpp"

namespace miniops::notify {
namespace {

// What a webhook's or WeCom's server would be: keeps what it gets, answers what the test wants.
class Peer {
 public:
  explicit Peer(net::Router& router) {
    for (const char* path : {"/hook", "/cgi-bin/webhook/send"})
      router.add({net::Method::post, path, "none", ""}, [this](net::Request& request) { return answer(request); });
  }
  void will_answer(std::vector<net::Response> answers) {
    const std::scoped_lock lock(mutex_);
    answers_ = {std::make_move_iterator(answers.begin()), std::make_move_iterator(answers.end())};
  }
  std::vector<net::Request> requests() const {
    const std::scoped_lock lock(mutex_);
    return requests_;
  }

 private:
  Task<net::Response> answer(net::Request& request) {
    const std::scoped_lock lock(mutex_);
    requests_.push_back(request);
    net::Response next = net::Response::text(R"({"errcode":0,"errmsg":"ok"})");
    if (!answers_.empty()) next = std::move(answers_.front());
    if (!answers_.empty()) answers_.pop_front();
    co_return next;
  }
  mutable std::mutex mutex_;
  std::vector<net::Request> requests_;
  std::deque<net::Response> answers_;
};

class RealHttpTest : public NotifyTest {
 protected:
  void SetUp() override {
    NotifyTest::SetUp();
    ASSERT_TRUE(server_.listen());
    io_.start();
    use({"127.0.0.1"});
  }
  void TearDown() override {
    worker_.reset();
    io_.stop();
    NotifyTest::TearDown();
  }
  // Webhooks may go there.
  void use(const std::vector<std::string>& allowed) {
    worker_.reset();
    SenderSettings settings;
    settings.wecom_base = base();
    settings.guard = net::AddressGuard::parse(allowed).value();
    real_.emplace(*client_, wechat_, sealer_, clock_, std::move(settings));
    Worker::Settings with;
    with.owner = "node-1";
    worker_ = std::make_unique<Worker>(db(), *real_, clock_, random_, io_.context(1).get_executor(), with);
  }
  std::string base() const { return fmt::format("http://127.0.0.1:{}", server_.port()); }
  ChannelId add_hook() { return add(Webhook(), {{"url", base() + "/hook"}, {"signing_secret", signing_secret}}); }

  net::IoThreads io_{2};
  net::Router router_;
  Peer peer_{router_};
  SystemClock system_clock_;
  net::HttpServer server_{{.port = 0}, router_, io_, system_clock_, random_};
  std::unique_ptr<net::HttpClient> client_ = net::make_http_client();
  std::optional<Sender> real_;
};

TEST_P(RealHttpTest, RobotAndWebhookArrive) {
  const NotificationId robot = tell({add_robot()}), hook = tell({add_hook()});
  drain();
  EXPECT_EQ(told(robot) + " " + told(hook), "sent sent");
  const auto requests = peer_.requests();
  ASSERT_EQ(requests.size(), 2U);
  for (const net::Request& request : requests) {
    const bool is_hook = request.path == "/hook";
    EXPECT_EQ(request.headers.get("webhook-id").has_value(), is_hook);
    if (!is_hook) EXPECT_EQ(request.query, "key=robot-key");
    EXPECT_TRUE(parse_json(request.body));
  }
}

// The peer took the message and went away without a word: it may have arrived, so it comes once more, marked.
TEST_P(RealHttpTest, AMessageWhoseAnswerIsLostIsRepeatedAndMarked) {
  std::vector<net::Response> answers;
  answers.push_back(net::Response::dropped());
  peer_.will_answer(std::move(answers));
  const NotificationId id = tell({add_hook()});
  drain();
  EXPECT_EQ(told(id), "queued/uncertain");
  drain_after(minute_ms);
  EXPECT_EQ(told(id), "sent");
  EXPECT_TRUE(chain(id)[0].possibly_repeated);
  const auto requests = peer_.requests();
  ASSERT_EQ(requests.size(), 2U);
  EXPECT_EQ(requests[0].body, requests[1].body);
  EXPECT_EQ(requests[0].headers.get("webhook-id"), requests[1].headers.get("webhook-id"));
  EXPECT_NE(requests[0].headers.get("webhook-signature"), requests[1].headers.get("webhook-signature"));
}

TEST_P(RealHttpTest, ARedirectIsNotFollowed) {
  net::Response moved = net::Response::text("", 302);
  moved.headers.set("Location", base() + "/cgi-bin/webhook/send");
  std::vector<net::Response> answers;
  answers.push_back(std::move(moved));
  peer_.will_answer(std::move(answers));
  const NotificationId id = tell({add_hook()});
  drain();
  EXPECT_EQ(told(id), "failed/redirected");
  EXPECT_EQ(peer_.requests().size(), 1U);
}

TEST_P(RealHttpTest, ABusyPeerIsGivenTheTimeItAsksFor) {
  net::Response busy = net::Response::text("", 503);
  busy.headers.set("Retry-After", "600");
  std::vector<net::Response> answers;
  answers.push_back(std::move(busy));
  peer_.will_answer(std::move(answers));
  const NotificationId id = tell({add_hook()});
  drain();
  EXPECT_EQ(told(id), "queued/server_error");
  EXPECT_EQ(chain(id)[0].due_at, clock_.now() + 600 * second_ms);
  drain_after(601 * second_ms);
  EXPECT_EQ(told(id), "sent");
}

TEST_P(RealHttpTest, AWebhookIntoTheOwnNetworkIsHeldBackAndTheNextChannelTold) {
  use({});
  const NotificationId id = tell({add_hook(), add_robot()});
  drain();
  EXPECT_EQ(told(id), "failed/address_not_allowed sent") << "WeCom's address is the administrator's, not a person's";
  EXPECT_EQ(peer_.requests().size(), 1U);
}

TEST_P(RealHttpTest, NobodyThereIsTriedAgain) {
  const NotificationId id =
      tell({add(Webhook(), {{"url", "http://127.0.0.1:1/"}, {"signing_secret", signing_secret}})});
  drain();
  EXPECT_EQ(told(id), "queued/network");
  EXPECT_EQ(attempts(id)[0].state, "later");
}

MINIOPS_ON_BOTH_ENGINES(RealHttpTest);

}  // namespace
}  // namespace miniops::notify
