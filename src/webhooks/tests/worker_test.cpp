// Deliveries to their end, against a real HTTP server: signatures, retries, crashes, limits, what is switched off.
#include <set>
#include <thread>

#include "base/encoding.hpp"
#include "webhooks/signature.hpp"
#include "webhooks/tests/fixture.hpp"

namespace miniops::webhooks {
namespace {

class WorkerTest : public WebhooksTest {
 protected:
  static std::vector<std::string> signatures(const net::Request& request) {
    std::vector<std::string> found;
    const std::string header(request.headers.get(signature_header).value_or(""));
    for (std::size_t at = header.find("v1="); at != std::string::npos; at = header.find("v1=", at + 1))
      found.push_back(header.substr(at + 3, 64));
    return found;
  }
  std::string expected(const std::string& secret, const net::Request& request) const {
    return hex(hmac_sha256(secret, fmt::format("{}.{}", clock_.now() / second_ms, request.body)));
  }
};

TEST_P(WorkerTest, WhatHappenedArrivesSigned) {
  const WithSecret made = add(address("/hook?token=a"));
  const SubscriptionId id = made.view.subscription.id;
  emit();
  drain();
  ASSERT_EQ(peer_.count(), 1U);
  const net::Request request = peer_.requests().front();
  const Delivery delivery = log(id).front();
  EXPECT_EQ(request.query, "token=a");
  EXPECT_EQ(request.headers.get("content-type"), "application/json");
  EXPECT_EQ(request.headers.get(id_header), delivery.event.str());
  EXPECT_EQ(request.headers.get(kind_header), "message.received");
  EXPECT_THAT(signatures(request), testing::ElementsAre(expected(made.secret, request)));
  const json::value body = json::parse(request.body);
  EXPECT_EQ(body.at("id").as_string(), delivery.event.str());
  EXPECT_EQ(body.at("kind").as_string(), "message.received");
  EXPECT_EQ(body.at("data").at("text").as_string(), "你好");

  EXPECT_EQ(delivery.state, State::delivered);
  EXPECT_EQ(delivery.status, 200);
  EXPECT_EQ(delivery.answer, "thanks");
  EXPECT_EQ(delivery.attempts, 1);
  EXPECT_EQ(seen(id).health.last_success_at, clock_.now());
  EXPECT_EQ(must(sql::run(service_->delivery(access(), id, delivery.event))).body, request.body);
}

TEST_P(WorkerTest, WhileASecretIsReplacedBothSign) {
  const WithSecret made = add(address());
  const SubscriptionId id = made.view.subscription.id;
  const std::string second = must(sql::run(service_->rotate(access(), id, day_ms))).secret;
  EXPECT_NE(made.secret, second);
  emit();
  drain();
  clock_.advance(day_ms);
  emit();
  drain();
  const std::string third = must(sql::run(service_->rotate(access(), id, 0))).secret;
  emit();
  drain();
  const auto requests = peer_.requests();
  ASSERT_EQ(requests.size(), 3U);
  EXPECT_EQ(signatures(requests[0]).size(), 2U);
  EXPECT_EQ(signatures(requests[0])[1].size(), 64U);
  EXPECT_THAT(signatures(requests[1]), testing::ElementsAre(expected(second, requests[1])));
  EXPECT_THAT(signatures(requests[2]), testing::ElementsAre(expected(third, requests[2])));
}

// ---- retries ----

TEST_P(WorkerTest, WhatFailsIsTriedAgainWithTheSameBytes) {
  const SubscriptionId id = add_hook();
  std::vector<net::Response> answers;
  answers.push_back(net::Response::text("down", 503));
  answers.push_back(net::Response::dropped());
  answers.push_back(net::Response::text("", 204));
  peer_.will_answer(std::move(answers));
  emit();
  drain();
  EXPECT_EQ(state(id), "pending/server_error");
  EXPECT_EQ(log(id).front().answer, "down");
  drain();
  EXPECT_EQ(peer_.count(), 1U) << "not before its time";
  drain_next(id);
  EXPECT_EQ(state(id), "pending/network");
  drain_next(id);
  EXPECT_EQ(state(id), "delivered");
  const auto requests = peer_.requests();
  ASSERT_EQ(requests.size(), 3U);
  for (const net::Request& one : requests) {
    EXPECT_EQ(one.body, requests[0].body);
    EXPECT_EQ(one.headers.get(id_header), requests[0].headers.get(id_header));
  }
  EXPECT_NE(requests[0].headers.get(signature_header), requests[2].headers.get(signature_header)) << "signed anew";
  EXPECT_EQ(seen(id).health.failing_since, 0);
}

TEST_P(WorkerTest, AfterADayItHasFailed) {
  const SubscriptionId id = add_hook();
  peer_.will_always_answer(500);
  emit();
  const TimeMs began = clock_.now();
  drain();
  drain_to_the_end(id);
  EXPECT_EQ(state(id), "failed/server_error");
  EXPECT_LT(clock_.now() - began, day_ms);
  EXPECT_GT(clock_.now() - began, 20 * hour_ms);
  EXPECT_GE(peer_.count(), 15U);
  EXPECT_TRUE(seen(id).subscription.enabled) << "one bad day is not enough";
}

TEST_P(WorkerTest, TheReceiverIsGivenTheTimeItAsksFor) {
  const SubscriptionId id = add_hook();
  net::Response busy = net::Response::text("", 429);
  busy.headers.set("Retry-After", "600");
  std::vector<net::Response> answers;
  answers.push_back(std::move(busy));
  peer_.will_answer(std::move(answers));
  emit();
  drain();
  EXPECT_EQ(log(id).front().next_at, clock_.now() + 600 * second_ms);
}

// ---- crashes ----

TEST_P(WorkerTest, KilledBetweenSendAndCommitItIsSentAgainAndWrittenDownOnce) {
  const SubscriptionId id = add_hook();
  emit();
  // What the worker does up to the answer; then the process is gone.
  Job job;
  within([&](sql::Transaction& tx) { job = claim(tx, id, 1, clock_.now()).jobs.at(0); });
  EXPECT_EQ(job.delivery.last_at, clock_.now()) << "what comes of it is written down for as long as the claim holds";
  const Call call{job.delivery.event, job.delivery.kind, job.body};
  EXPECT_TRUE(sql::run(sender_->send(job.subscription, call)).delivered);
  worker_ = make_worker();
  drain();
  EXPECT_EQ(peer_.count(), 1U) << "while the claim holds nobody else sends it";
  EXPECT_EQ(state(id), "pending");

  clock_.advance(lease_ms);
  drain();
  const auto requests = peer_.requests();
  ASSERT_EQ(requests.size(), 2U);
  EXPECT_EQ(requests[0].body, requests[1].body);
  EXPECT_EQ(requests[0].headers.get(id_header), requests[1].headers.get(id_header));
  EXPECT_EQ(state(id), "delivered");
  EXPECT_EQ(log(id).front().attempts, 2);
  EXPECT_EQ(rows("webhooks_deliveries"), 1);

  // It was not dead after all, only slow: what it writes down now comes too late.
  Outcome late;
  late.reason = "server_error";
  within([&](sql::Transaction& tx) { settle(tx, job, late, clock_.now(), 0); });
  EXPECT_EQ(state(id), "delivered");
}

TEST_P(WorkerTest, TwoWorkersShareWhatIsDue) {
  add_hook();
  for (int i = 0; i < 20; ++i) emit();
  auto other = make_worker();
  auto work = [](Worker& worker) { must(sql::run(worker.drain())); };
  std::thread thread(work, std::ref(*other));
  drain();
  thread.join();
  drain();
  other.reset();
  std::set<std::string> ids;
  for (const net::Request& one : peer_.requests()) ids.insert(std::string(one.headers.get(id_header).value_or("")));
  EXPECT_EQ(ids.size(), 20U);
  EXPECT_EQ(peer_.count(), 20U);
}

TEST_P(WorkerTest, WhatIsPendingSurvivesARestart) {
  const SubscriptionId id = add_hook();
  emit();
  worker_.reset();
  worker_ = make_worker();
  drain();
  EXPECT_EQ(state(id), "delivered");
}

// ---- limits ----

TEST_P(WorkerTest, AHostGetsSoManyAtATime) {
  auto settings = generous();
  settings.limits.together_per_host = 3;
  worker_ = make_worker(settings);
  add_hook(), add_hook();
  for (int i = 0; i < 8; ++i) emit();
  peer_.hold(true);
  for (int i = 0; i < 5; ++i) must(sql::run(worker_->claim_step()));
  EXPECT_EQ(worker_->under_way(), 3) << "of both webhooks together";
  peer_.hold(false);
  drain();
  EXPECT_EQ(peer_.count(), 16U);
  EXPECT_LE(peer_.most_at_once(), 3);
}

TEST_P(WorkerTest, AHostGetsSoManyInASecond) {
  auto settings = generous();
  settings.limits.per_second = 4;
  worker_ = make_worker(settings);
  const SubscriptionId id = add_hook();
  for (int i = 0; i < 6; ++i) emit();
  drain();
  EXPECT_EQ(peer_.count(), 4U);
  EXPECT_EQ(seen(id).waiting, 2);
  clock_.advance(second_ms);
  drain();
  EXPECT_EQ(peer_.count(), 6U);
}

TEST_P(WorkerTest, AReceiverThatIsDownDoesNotHoldUpAnother) {
  const SubscriptionId down = add("http://127.0.0.1:1/").view.subscription.id;
  const SubscriptionId up = add_hook();
  for (int i = 0; i < 10; ++i) emit();
  drain();
  EXPECT_EQ(state(down), "pending/network");
  EXPECT_EQ(state(up), "delivered");
  EXPECT_EQ(peer_.count(), 10U);
}

// ---- hostile receivers and addresses ----

TEST_P(WorkerTest, ARedirectIsNotFollowed) {
  const SubscriptionId id = add_hook();
  net::Response moved = net::Response::text("", 302);
  moved.headers.set("Location", address("/elsewhere"));
  std::vector<net::Response> answers;
  answers.push_back(std::move(moved));
  peer_.will_answer(std::move(answers));
  emit();
  drain();
  EXPECT_EQ(state(id), "pending/redirected");
  EXPECT_EQ(peer_.count(), 1U);
}

TEST_P(WorkerTest, TheOwnNetworkIsNotCalled) {
  // The name leads to loopback, which is seen when it is looked up; the other was allowed when it was entered.
  const SubscriptionId by_name = add(fmt::format("http://localhost:{}/hook", server_.port())).view.subscription.id;
  const SubscriptionId by_number = add_hook();
  allow({});
  emit();
  drain();
  EXPECT_EQ(state(by_name), "pending/address_not_allowed");
  EXPECT_EQ(state(by_number), "pending/address_not_allowed");
  EXPECT_EQ(peer_.count(), 0U);
  Given given;
  given.kinds = kinds_of({Kind::message_received});
  for (const char* refused : {"http://127.0.0.1/", "http://10.0.0.8/", "http://169.254.169.254/latest", "http://[::1]/",
                              "http://[fe80::1]/", "http://[::ffff:127.0.0.1]/"}) {
    given.address = refused;
    EXPECT_EQ(code_of(sql::run(service_->add(access(), given))), "webhooks.address_not_allowed") << refused;
  }
}

TEST_P(WorkerTest, AnEndlessAnswerIsCutOff) {
  const SubscriptionId id = add_hook();
  std::vector<net::Response> answers;
  answers.push_back(net::Response::text(std::string(1 << 20, 'x')));
  peer_.will_answer(std::move(answers));
  emit();
  drain();
  EXPECT_EQ(state(id), "pending/answer_too_large");
}

// ---- switched off ----

TEST_P(WorkerTest, WhatFailsForDaysIsSwitchedOff) {
  const SubscriptionId id = add_hook();
  peer_.will_always_answer(500);
  for (int day = 0; day < 4 && seen(id).subscription.enabled; ++day) {
    emit();
    drain();
    drain_to_the_end(id);
    if (day < 2) EXPECT_TRUE(seen(id).subscription.enabled) << day;
    clock_.advance(hour_ms);
  }
  const View view = seen(id);
  EXPECT_FALSE(view.subscription.enabled);
  EXPECT_EQ(view.health.off_reason, "failing");
  const auto notices = must(sql::run(service_->notices(access(), std::nullopt, 10))).items;
  ASSERT_EQ(notices.size(), 1U);
  EXPECT_EQ(notices[0].subscription, id);
  EXPECT_EQ(notices[0].reason, "failing");
  EXPECT_EQ(notices[0].detail, "HTTP 500");
  EXPECT_EQ(query("SELECT 1 FROM audit_entries WHERE action = 'webhooks.subscription.switch_off'").size(), 1U);

  sql::run(version_->refresh());
  must(sql::run(subscribers_->load()));
  EXPECT_FALSE(events_->wanted(shop, Kind::message_received));
  enable(id, true);
  EXPECT_EQ(seen(id).health.off_reason, "");
  EXPECT_EQ(seen(id).health.failing_since, 0);
}

TEST_P(WorkerTest, OneThatArrivesStartsTheDaysAnew) {
  const SubscriptionId id = add_hook();
  for (int day = 0; day < 6; ++day) {
    peer_.will_always_answer(500);
    emit();
    drain();
    drain_to_the_end(id);
    peer_.will_always_answer(200);
    emit();
    drain();
    clock_.advance(hour_ms);
  }
  EXPECT_TRUE(seen(id).subscription.enabled);
}

TEST_P(WorkerTest, WhoIsGoneIsToldNothingMore) {
  const SubscriptionId id = add_hook();
  peer_.will_always_answer(410);
  emit();
  drain();
  EXPECT_EQ(state(id), "failed/gone");
  EXPECT_FALSE(seen(id).subscription.enabled);
  EXPECT_EQ(seen(id).health.off_reason, "gone");
}

TEST_P(WorkerTest, WhatIsPendingOfWhatIsOffOrRemovedIsDropped) {
  const SubscriptionId off = add_hook(), gone = add_hook();
  emit();
  enable(off, false);
  must(sql::run(service_->remove(access(), gone)));
  drain();
  EXPECT_EQ(peer_.count(), 0U);
  EXPECT_EQ(state(off), "dropped/switched_off");
  EXPECT_EQ(query("SELECT 1 FROM webhooks_deliveries WHERE state = 'dropped' AND reason = 'removed'").size(), 1U);
}

// ---- sending again ----

TEST_P(WorkerTest, OneDeliveryIsSentAgainWithTheSameId) {
  const SubscriptionId id = add_hook();
  emit();
  const EventId event = log(id).front().event;
  EXPECT_EQ(code_of(sql::run(service_->redeliver(access(), id, event))), "webhooks.not_redeliverable") << "pending";
  drain();
  must(sql::run(service_->redeliver(access(), id, event)));
  EXPECT_EQ(state(id), "pending");
  drain();
  const auto requests = peer_.requests();
  ASSERT_EQ(requests.size(), 2U);
  EXPECT_EQ(requests[0].body, requests[1].body);
  EXPECT_EQ(log(id).front().attempts, 2);
  EXPECT_EQ(code_of(sql::run(service_->redeliver(access(), id, EventId(5)))), "webhooks.not_found");
  EXPECT_EQ(code_of(sql::run(service_->redeliver(access(bank), id, event))), "webhooks.not_found");
  enable(id, false);
  EXPECT_EQ(code_of(sql::run(service_->redeliver(access(), id, event))), "webhooks.switched_off");
}

TEST_P(WorkerTest, AllThatFailedInATimeIsSentAgain) {
  const SubscriptionId id = add_hook();
  std::vector<TimeMs> times;
  peer_.will_always_answer(500);
  for (int i = 0; i < 3; ++i) {
    times.push_back(clock_.now());
    emit();
    drain();
    drain_to_the_end(id);
  }
  peer_.will_always_answer(200);
  emit();
  drain();
  const std::size_t before = peer_.count();
  const auto queued = must(sql::run(service_->redeliver_all(access(), id, times[0], times[2])));
  EXPECT_EQ(queued.count, 2);
  EXPECT_FALSE(queued.more);
  drain();
  EXPECT_EQ(peer_.count(), before + 2);
  EXPECT_EQ(log(id, {State::failed}).size(), 1U) << "what happened outside of that time";
  EXPECT_EQ(log(id, {State::delivered}).size(), 3U);
}

TEST_P(WorkerTest, ManyAreQueuedAgainPieceByPiece) {
  const SubscriptionId id = add_hook();
  within([&](sql::Transaction& tx) {
    for (int i = 0; i < 1200; ++i) events_->emit(tx, {Kind::message_received, shop, {}, clock_.now(), {}});
  });
  execute("UPDATE webhooks_deliveries SET state = 'failed'");
  const auto queued = must(sql::run(service_->redeliver_all(access(), id, 0, clock_.now() + 1)));
  EXPECT_EQ(queued.count, 1200);
  EXPECT_EQ(seen(id).waiting, waiting_counted) << "counted so far";
  EXPECT_EQ(query("SELECT 1 FROM audit_entries WHERE action = 'webhooks.delivery.redeliver_all'").size(), 1U);
}

MINIOPS_ON_BOTH_ENGINES(WorkerTest);

}  // namespace
}  // namespace miniops::webhooks
