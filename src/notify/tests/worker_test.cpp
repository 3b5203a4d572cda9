// Deliveries from the queue to their end, on both engines: chains, retries, pace and digests, what a crash leaves.
#include "notify/tests/fixture.hpp"
#include "storage/sql/lease.hpp"

namespace miniops::notify {
namespace {

class WorkerTest : public NotifyTest {
 protected:
  std::string title_of(const net::ClientRequest& request) {
    return std::string(parse_json(request.body)->at("data").at("title").as_string());
  }
  std::size_t items_of(const net::ClientRequest& request) {
    return parse_json(request.body)->at("data").at("items").as_array().size();
  }
  // As if the process had died between the first byte and the note: claimed, and nobody works on it.
  void die_while_sending(NotificationId id, const std::string& owner) {
    write([&](sql::Transaction& tx) {
      auto delivery = load_delivery(tx, id, 0).value();
      delivery.state = State::sending;
      delivery.message = id.value();
      delivery.in_message = 1;
      delivery.claim_owner = owner;
      ++delivery.attempts;
      begin_attempt(tx, delivery, true, clock_.now());
      update_delivery(tx, delivery);
    });
  }
  // WeChat tells what the person of the subscribe channel did.
  void hear(const std::string& event, const std::string& status) {
    write([&](sql::Transaction& tx) {
      note_consents(tx, appid_, OpenId("o1"), subscribe_event(event, "TPL_A", status), clock_.now());
    });
  }
  int recover(Worker& worker) { return sql::run(worker.recover_step()).value(); }
};

TEST_P(WorkerTest, ANotificationIsQueuedOnceForItsKey) {
  Notification first = notification({add_robot()});
  EXPECT_EQ(queue(first), Queued::yes);
  Notification again = notification(first.channels);
  again.dedupe_key = first.dedupe_key;
  EXPECT_EQ(queue(again), Queued::already);
  drain();
  EXPECT_EQ(queue(again), Queued::already) << "also when it was sent";
  EXPECT_EQ(http_.seen().size(), 1U);
  Notification elsewhere = again;
  elsewhere.appid = AppId("wxother");
  EXPECT_EQ(queue(elsewhere), Queued::nowhere) << "a key is of one mini program, and so is a channel";
}

TEST_P(WorkerTest, WhatNoCallerMayQueueIsRefused) {
  const auto problem = [&](auto change) {
    Notification given = notification({add_robot()});
    change(given);
    const auto queued = db().write_blocking(
        [&](sql::Transaction& tx) -> Result<Queued> { return notifier_.queue(tx, given, clock_.now()); });
    return queued ? std::string() : queued.error().code;
  };
  const std::string code = "notify.invalid_notification";
  EXPECT_EQ(problem([](Notification&) {}), "");
  EXPECT_EQ(problem([](Notification& one) { one.title.clear(); }), code);
  EXPECT_EQ(problem([](Notification& one) { one.dedupe_key.clear(); }), code);
  EXPECT_EQ(problem([](Notification& one) { one.channels.clear(); }), code);
  EXPECT_EQ(problem([](Notification& one) { one.channels.assign(11, ChannelId(1)); }), code);
  EXPECT_EQ(problem([](Notification& one) { one.id = NotificationId(); }), code);
}

TEST_P(WorkerTest, TextsThatAreTooLongOrNoTextAreCutAndStored) {
  Notification given = notification({add_robot()});
  given.title = std::string(5000, 'x');
  given.text = "bad \xff";
  given.link = "https://a.example/" + std::string(5000, 'x');
  for (int i = 0; i < 100; ++i) given.variables[std::to_string(i)] = std::string(5000, 'v');
  EXPECT_EQ(queue(given), Queued::yes);
  const auto stored = read([&](sql::Transaction& tx) { return load_notification(tx, appid_, given.id).value(); });
  EXPECT_LE(stored.title.size(), 600U);
  EXPECT_EQ(stored.text, "?");
  EXPECT_EQ(stored.link, "");
  EXPECT_EQ(stored.variables.size(), 30U);
  drain();
  EXPECT_EQ(told(given.id), "sent");
}

TEST_P(WorkerTest, SendsAndWritesDownWhatHappened) {
  const ChannelId robot = add_robot();
  const NotificationId id = tell({robot});
  drain();
  EXPECT_EQ(told(id), "sent");
  const auto history = attempts(id);
  ASSERT_EQ(history.size(), 1U);
  EXPECT_EQ(history[0].state, "sent");
  EXPECT_TRUE(history[0].steps.contains(R"("step":"answer")")) << history[0].steps;
  EXPECT_EQ(health(robot).last_success_at, clock_.now());
  EXPECT_EQ(health(robot).waiting, 0);
  EXPECT_TRUE(http_.seen().front().url.ends_with("/cgi-bin/webhook/send?key=robot-key"));
}

TEST_P(WorkerTest, AnAttemptIsCommittedBeforeAByteLeaves) {
  const NotificationId id = tell({add_robot()});
  std::string state;
  http_.on_request([&] { state = query("SELECT state FROM notify_attempts").front().text(0); });
  drain();
  EXPECT_EQ(state, "sending");
  EXPECT_EQ(told(id), "sent");
}

TEST_P(WorkerTest, WhatIsRefusedForGoodFallsThroughAtOnce) {
  const ChannelId robot = add_robot(), hook = add_webhook();
  http_.script("qyapi", {FakeHttp::errcode(93000)});
  const NotificationId id = tell({robot, hook});
  drain();
  EXPECT_EQ(told(id), "failed/wrong_credentials sent");
  EXPECT_TRUE(health(robot).broken);
  EXPECT_EQ(health(robot).reason, "wrong_credentials");
  EXPECT_FALSE(health(hook).broken);
  http_.script("qyapi", {FakeHttp::ok()});
  EXPECT_EQ(told(tell({robot})), "queued");
  drain();
  EXPECT_FALSE(health(robot).broken) << "it works again";
}

TEST_P(WorkerTest, WhatAsksForPatienceIsTriedAgain) {
  http_.script("qyapi", {FakeHttp::errcode(-1), FakeHttp::broken(false), FakeHttp::ok()});
  const NotificationId id = tell({add_robot()});
  drain();
  EXPECT_EQ(told(id), "queued/busy");
  drain();
  EXPECT_EQ(http_.seen().size(), 1U) << "not yet";
  drain_after(3 * second_ms);
  EXPECT_EQ(told(id), "queued/network");
  drain_after(5 * second_ms);
  EXPECT_EQ(told(id), "sent");
  EXPECT_FALSE(chain(id)[0].possibly_repeated) << "nothing had left";
  EXPECT_EQ(attempts(id).size(), 3U);
}

TEST_P(WorkerTest, TheNextChannelIsTriedWhenPatienceIsOver) {
  http_.script("first.example", {FakeHttp::broken(false)});
  const NotificationId id = tell({add_webhook("first.example"), add_webhook("second.example")});
  for (TimeMs passed = 0; passed <= patience_ms + minute_ms; passed += 5 * second_ms) {
    drain_after(5 * second_ms);
    ASSERT_TRUE(sql::run(worker_->overdue_step()));
  }
  drain();
  EXPECT_EQ(told(id), "failed/network sent");
  EXPECT_LE(chain(id)[1].finished_at, chain(id)[0].queued_at + patience_ms + 10 * second_ms);
}

TEST_P(WorkerTest, TheLastChannelIsTriedForHours) {
  http_.script("hook", {FakeHttp::status(503)});
  const NotificationId id = tell({add_webhook()});
  const TimeMs begun = clock_.now();
  for (int i = 0; i < 200 && chain(id)[0].unfinished(); ++i) {
    drain_after(5 * minute_ms);
    ASSERT_TRUE(sql::run(worker_->overdue_step()));
  }
  EXPECT_EQ(told(id), "failed/server_error");
  EXPECT_GE(clock_.now() - begun, 5 * hour_ms);
  EXPECT_LE(clock_.now() - begun, 7 * hour_ms);
}

TEST_P(WorkerTest, WhatWaitsForNobodyBehindItGetsTheLastOnesPatience) {
  http_.script("first.example", {FakeHttp::broken(false)});
  const ChannelId first = add_webhook("first.example"), second = add_webhook("second.example");
  const NotificationId id = tell({first, second});
  drain();
  enable(second, false);
  for (int i = 0; i < 5; ++i) {
    drain_after(minute_ms);
    ASSERT_TRUE(sql::run(worker_->overdue_step()));
  }
  EXPECT_EQ(told(id), "queued/network");
  http_.script("first.example", {FakeHttp::ok()});
  drain_after(10 * minute_ms);
  EXPECT_EQ(told(id), "sent");
}

TEST_P(WorkerTest, AfterALongRestTheFirstChannelIsTriedFirst) {
  const NotificationId id = tell({add_webhook("first.example"), add_webhook("second.example")});
  clock_.advance(7 * hour_ms);
  EXPECT_EQ(sql::run(worker_->overdue_step()).value(), 1);
  EXPECT_EQ(told(id), "queued");
  drain();
  EXPECT_EQ(told(id), "sent");
}

TEST_P(WorkerTest, WhatWaitsBehindAFailingChannelIsNotHeldUp) {
  http_.script("first.example", {FakeHttp::broken(false)});
  const ChannelId first = add_webhook("first.example", 1), second = add_webhook("second.example");
  tell({first, second});
  drain();
  const NotificationId behind = tell({first, second});  // the channel's minute is used up
  clock_.advance(patience_ms);
  while (sql::run(worker_->overdue_step()).value() > 0) continue;
  EXPECT_EQ(told(behind), "failed/expired queued");
  drain();
  EXPECT_EQ(told(behind), "failed/expired sent");
}

TEST_P(WorkerTest, ChannelsThatAreGoneOrDisabledAreSkipped) {
  const ChannelId gone(999), off = add_robot(), on = add_webhook();
  enable(off, false);
  const NotificationId id = tell({gone, off, on});
  drain();
  EXPECT_EQ(told(id), "failed/channel_gone failed/channel_disabled sent");
  EXPECT_EQ(queue(notification({gone, off})), Queued::nowhere);
}

TEST_P(WorkerTest, AChannelThatGoesWhileSomethingWaitsFallsThrough) {
  const ChannelId first = add_robot(), second = add_robot(), third = add_webhook();
  const NotificationId one = tell({first, third}), two = tell({second, third});
  enable(first, false);
  write([&](sql::Transaction& tx) { delete_channel(tx, appid_, second); });
  drain();
  EXPECT_EQ(told(one), "failed/channel_disabled sent");
  EXPECT_EQ(told(two), "failed/channel_gone sent");
}

TEST_P(WorkerTest, TheLastMessageOfAMinuteCarriesAllThatWait) {
  const ChannelId hook = add_webhook("hook.example", 3);
  std::vector<NotificationId> all;
  for (int i = 0; i < 10; ++i) all.push_back(tell({hook}, fmt::format("告警 {}", i)));
  drain();
  auto sent = http_.seen();
  ASSERT_EQ(sent.size(), 3U);
  EXPECT_EQ(title_of(sent[0]), "告警 0");
  EXPECT_EQ(title_of(sent[1]), "告警 1");
  EXPECT_EQ(title_of(sent[2]), "8 条通知");
  EXPECT_EQ(items_of(sent[2]), 8U);
  for (const NotificationId id : all) EXPECT_EQ(told(id), "sent");
  EXPECT_EQ(chain(all[5])[0].in_message, 8);

  const NotificationId late = tell({hook}, "告警 10"), later = tell({hook}, "告警 11");
  drain_after(30 * second_ms);
  EXPECT_EQ(told(late), "queued/paced");
  EXPECT_EQ(http_.seen().size(), 3U);
  drain_after(31 * second_ms);
  EXPECT_EQ(told(late) + told(later), "sentsent");
  EXPECT_EQ(http_.seen().size(), 5U) << "all three places were free again";
}

TEST_P(WorkerTest, ADigestIsRepeatedAsItWas) {
  const ChannelId hook = add_webhook("hook.example", 1);
  http_.script("hook", {FakeHttp::broken(true), FakeHttp::ok()});
  const NotificationId one = tell({hook}, "a"), two = tell({hook}, "b");
  drain();
  EXPECT_EQ(told(one), "queued/uncertain");
  const NotificationId three = tell({hook}, "c");
  drain_after(61 * second_ms);
  drain_after(61 * second_ms);
  EXPECT_EQ(told(one) + told(two) + told(three), "sentsentsent");
  const auto sent = http_.seen();
  ASSERT_EQ(sent.size(), 3U);
  EXPECT_EQ(sent[0].body, sent[1].body);
  EXPECT_EQ(sent[0].headers.get("webhook-id"), sent[1].headers.get("webhook-id"));
  EXPECT_NE(sent[1].headers.get("webhook-id"), sent[2].headers.get("webhook-id"));
}

TEST_P(WorkerTest, ADigestThatCarriesLessIsAnotherMessage) {
  const ChannelId hook = add_webhook("hook.example", 1);
  http_.script("hook", {FakeHttp::broken(true), FakeHttp::ok()});
  const NotificationId one = tell({hook}, "a");
  tell({hook}, "b");
  tell({hook}, "c");
  drain();
  write([&](sql::Transaction& tx) { give_up(tx, load_delivery(tx, one, 0).value(), "expired", clock_.now()); });
  drain_after(61 * second_ms);
  const auto sent = http_.seen();
  ASSERT_EQ(sent.size(), 2U);
  EXPECT_EQ(items_of(sent[0]) * 10 + items_of(sent[1]), 32U);
  EXPECT_NE(sent[0].headers.get("webhook-id"), sent[1].headers.get("webhook-id"));
}

TEST_P(WorkerTest, AnOutcomeThatNobodyKnowsIsRepeatedWhereThatIsHarmless) {
  http_.script("hook", {FakeHttp::broken(true), FakeHttp::ok()});
  const NotificationId id = tell({add_webhook(), add_robot()});
  drain();
  EXPECT_EQ(told(id), "queued/uncertain");
  EXPECT_FALSE(chain(id)[0].possibly_repeated) << "not repeated yet";
  drain_after(10 * second_ms);
  EXPECT_EQ(told(id), "sent");
  EXPECT_TRUE(chain(id)[0].possibly_repeated);
  const auto history = attempts(id);
  EXPECT_EQ(history[0].state, "uncertain");
  EXPECT_EQ(history[1].state, "sent");
}

TEST_P(WorkerTest, AnSmsOfUnknownOutcomeFallsThroughAndTheLastIsRepeatedOnce) {
  http_.script("tencent", {FakeHttp::broken(true)});
  const ChannelId sms = add_sms();
  const NotificationId id = tell({sms, add_robot()});
  drain();
  EXPECT_EQ(told(id), "failed/uncertain sent");
  const NotificationId last = tell({sms});
  for (int i = 0; i < 5; ++i) drain_after(10 * second_ms);
  EXPECT_EQ(told(last), "failed/uncertain");
  EXPECT_EQ(attempts(last).size(), 2U);
  EXPECT_TRUE(chain(last)[0].possibly_repeated);
}

TEST_P(WorkerTest, WhatADeadProcessWasSendingIsSentAgainAndMarked) {
  const NotificationId id = tell({add_webhook()});
  die_while_sending(id, "dead");
  drain();
  EXPECT_EQ(told(id), "sending") << "it may live still";
  EXPECT_EQ(recover(*worker_), 1);
  EXPECT_EQ(told(id), "queued/uncertain");
  drain_after(10 * second_ms);
  EXPECT_EQ(told(id), "sent");
  EXPECT_TRUE(chain(id)[0].possibly_repeated);
  EXPECT_EQ(attempts(id)[0].state, "uncertain");
  EXPECT_EQ(recover(*worker_), 0);
}

TEST_P(WorkerTest, ALivingNodeKeepsItsClaims) {
  const auto other = make_worker("node-2", false);
  const NotificationId id = tell({add_webhook()});
  die_while_sending(id, "node-3");
  write([&](sql::Transaction& tx) { EXPECT_TRUE(sql::take_lease(tx, "notify:node-3", "node-3", hour_ms)); });
  EXPECT_EQ(recover(*other), 0);
  write([&](sql::Transaction& tx) { sql::give_back_lease(tx, "notify:node-3", "node-3"); });
  EXPECT_EQ(recover(*other), 1);
}

TEST_P(WorkerTest, AClaimWhoseCommitWasNotAnsweredIsTriedAgainUnmarked) {
  const NotificationId id = tell({add_webhook()});
  die_while_sending(id, "node-1");
  EXPECT_EQ(recover(*worker_), 1);
  drain_after(10 * second_ms);
  EXPECT_EQ(told(id), "sent");
  EXPECT_FALSE(chain(id)[0].possibly_repeated) << "not a byte of it had left";
}

TEST_P(WorkerTest, NodesShareTheWorkAndDoubleNothing) {
  IoThread second_thread;
  Worker::Settings settings;
  settings.owner = "node-2";
  settings.alone = false;
  Worker second(db(), sender_, clock_, random_, second_thread.executor(), settings);
  std::vector<ChannelId> channels;
  for (int i = 0; i < 5; ++i) channels.push_back(add_webhook(fmt::format("hook{}.example", i), 600));
  std::vector<NotificationId> all;
  for (int i = 0; i < 60; ++i) all.push_back(tell({channels[static_cast<std::size_t>(i) % 5]}));
  std::thread other([&] { EXPECT_TRUE(sql::run(second.drain())); });
  drain();
  other.join();
  drain();
  for (const NotificationId id : all) EXPECT_EQ(told(id), "sent");
  std::set<std::string> ids;
  for (const auto& request : http_.seen()) ids.emplace(*request.headers.get("webhook-id"));
  EXPECT_EQ(ids.size(), 60U);
  EXPECT_EQ(http_.seen().size(), 60U);
}

TEST_P(WorkerTest, OneMessageOfAChannelIsUnderWayAtATime) {
  const ChannelId hook = add_webhook("hook.example", 600);
  for (int i = 0; i < 5; ++i) tell({hook});
  std::int64_t most = 0;
  http_.on_request([&] {
    const auto claimed = query("SELECT COUNT(*) FROM notify_deliveries WHERE claim_owner <> ''").front().integer(0);
    most = std::max(most, claimed);
  });
  drain();
  EXPECT_EQ(most, 1);
  EXPECT_EQ(http_.seen().size(), 5U);
}

TEST_P(WorkerTest, EachConsentIsSpentOnceAndAnExhaustedOneFallsThrough) {
  const ChannelId subscribe = add_subscribe(), hook = add_webhook();
  const OpenId openid("o1");
  hear("subscribe_msg_popup_event", "accept");
  hear("subscribe_msg_popup_event", "accept");
  hear("subscribe_msg_popup_event", "reject");
  const auto remaining = [&] {
    return read([&](sql::Transaction& tx) { return remaining_consents(tx, appid_, openid, "TPL_A"); });
  };
  EXPECT_EQ(remaining(), 2);
  for (const std::int64_t left : {1, 0}) {
    EXPECT_EQ(told(tell({subscribe, hook})), "queued");
    drain();
    EXPECT_EQ(remaining(), left);
  }
  EXPECT_EQ(wechat_.calls.size(), 2U);
  const NotificationId third = tell({subscribe, hook});
  drain();
  EXPECT_EQ(told(third), "failed/no_consent sent");
  EXPECT_EQ(wechat_.calls.size(), 2U) << "WeChat was not asked";
  EXPECT_TRUE(attempts(third).empty());
}

TEST_P(WorkerTest, ARefusalOfWechatsEndsTheConsents) {
  const ChannelId subscribe = add_subscribe(), hook = add_webhook();
  const NotificationId unknown = tell({subscribe, hook});
  drain();
  EXPECT_EQ(told(unknown), "sent") << "a consent may be from before our time";
  hear("subscribe_msg_popup_event", "accept");
  wechat_.answer = {SubscribeSender::Answer::Kind::answered, 43101, "user refuse to accept the msg"};
  const NotificationId refused = tell({subscribe, hook});
  drain();
  EXPECT_EQ(told(refused), "failed/no_consent sent");
  EXPECT_EQ(read([&](sql::Transaction& tx) { return remaining_consents(tx, appid_, OpenId("o1"), "TPL_A"); }), 0);
  EXPECT_FALSE(health(subscribe).broken);
  hear("subscribe_msg_popup_event", "accept");
  hear("subscribe_msg_change_event", "reject");
  EXPECT_EQ(read([&](sql::Transaction& tx) { return remaining_consents(tx, appid_, OpenId("o1"), "TPL_A"); }), 0)
      << "the person switched it off";
}

TEST_P(WorkerTest, AnAppsTokenIsKeptAndRenewedWhenWecomRefusesIt) {
  WecomApp app;
  app.corpid = "ww1";
  app.agentid = 1;
  app.touser = {"zhangsan"};
  const ChannelId channel = add(app, {{"secret", "s"}});
  const auto token = [](const std::string& text) {
    return FakeHttp::ok(R"({"errcode":0,"errmsg":"ok","access_token":")" + text + R"(","expires_in":7200})");
  };
  http_.script("gettoken", {token("t1"), token("t2"), token("t3")});
  http_.script("message/send", {FakeHttp::ok(), FakeHttp::ok(), FakeHttp::errcode(42001), FakeHttp::ok()});
  for (int i = 0; i < 3; ++i) {
    const NotificationId id = tell({channel});
    drain();
    EXPECT_EQ(told(id), "sent");
  }
  EXPECT_EQ(http_.seen("gettoken").size(), 2U);
  EXPECT_TRUE(http_.seen("message/send").back().url.ends_with("access_token=t2"));
  const auto sent = http_.seen("message/send");
  EXPECT_EQ(sent[2].body, sent[3].body);
  clock_.advance(2 * hour_ms);
  tell({channel});
  drain();
  EXPECT_EQ(http_.seen("gettoken").size(), 3U) << "it had expired";
}

TEST_P(WorkerTest, ATokenThatStaysRefusedIsNotAskedForInACircle) {
  WecomApp app;
  app.corpid = "ww1";
  app.agentid = 1;
  app.touser = {"zhangsan"};
  http_.script("gettoken", {FakeHttp::ok(R"({"errcode":0,"errmsg":"ok","access_token":"t","expires_in":7200})")});
  http_.script("message/send", {FakeHttp::errcode(40014)});
  const NotificationId id = tell({add(app, {{"secret", "s"}})});
  drain();
  EXPECT_EQ(told(id), "queued/token_refused");
  EXPECT_EQ(http_.seen("gettoken").size(), 2U);
}

TEST_P(WorkerTest, SecretsThatDoNotOpenBreakTheChannelOnly) {
  const ChannelId robot = add_robot();
  const NotificationId id = tell({robot, add_webhook()});
  Channel other;
  other.id = ChannelId(1);
  const std::string sealed = seal_secrets(sealer_, other.id, {{"key", "moved here"}});
  execute("UPDATE notify_channels SET secrets = $1 WHERE id = $2", {sql::BlobView{sealed}, robot});
  drain();
  EXPECT_EQ(told(id), "failed/secrets_unreadable sent");
  EXPECT_TRUE(health(robot).broken);
}

TEST_P(WorkerTest, OldNotificationsGoAndUnfinishedOnesStay) {
  http_.script("slow", {FakeHttp::broken(false)});
  const ChannelId hook = add_webhook(), slow = add_webhook("slow.example");
  const NotificationId done = tell({hook}), waiting = tell({slow});
  drain();
  clock_.advance(91 * day_ms);
  EXPECT_EQ(sql::run(worker_->prune_step()).value(), 1);
  EXPECT_TRUE(chain(done).empty());
  EXPECT_EQ(chain(waiting).size(), 1U);
  EXPECT_EQ(query("SELECT COUNT(*) FROM notify_attempts WHERE notification_id = $1", {done}).front().integer(0), 0);
  EXPECT_EQ(sql::run(worker_->prune_step()).value(), 0);
}

TEST_P(WorkerTest, RunsUntilItIsStopped) {
  auto ended = std::make_shared<std::promise<void>>();
  auto future = ended->get_future();
  const NotificationId id = tell({add_webhook()});
  boost::asio::co_spawn(thread_.executor(), worker_->run(), [ended](std::exception_ptr) { ended->set_value(); });
  const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(20);
  while (told(id) != "sent" && std::chrono::steady_clock::now() < until) std::this_thread::yield();
  EXPECT_EQ(told(id), "sent");
  worker_->stop();
  EXPECT_EQ(future.wait_for(std::chrono::seconds(20)), std::future_status::ready);
  tell({add_webhook()});
  drain();
  EXPECT_EQ(http_.seen().size(), 1U) << "nothing is begun any more";
}

MINIOPS_ON_BOTH_ENGINES(WorkerTest);

}  // namespace
}  // namespace miniops::notify
