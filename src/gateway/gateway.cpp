#include "gateway/gateway.hpp"

#include <chrono>
#include <thread>

#include "gateway/callback_ips.hpp"
#include "gateway/consumer_runner.hpp"
#include "gateway/loops.hpp"
#include "gateway/relay.hpp"
#include "gateway/routes.hpp"
#include "gateway/sender.hpp"
#include "gateway/traces.hpp"
#include "storage/sql/lease.hpp"

namespace miniops::gateway {

namespace {

constexpr TimeMs poll_ms = second_ms;                // whoever waits to be woken looks this often all the same
constexpr TimeMs consumer_lease_ms = 3 * second_ms;  // when its node is gone, nobody consumes for so long
constexpr std::chrono::seconds sending_grace{3};
constexpr TimeMs consumer_lease_renew_ms = second_ms;

Journal::Settings journal_settings(const sql::Database& database) {
  Journal::Settings settings;
  settings.in_flight_max = database.engine() == sql::Engine::sqlite ? 3 : 4;
  return settings;
}

// On PostgreSQL pushes do not wait for a consumer, but each of its transactions waits for a sync of its own: larger
// ones. And two lanes side by side are in each other's way at serializable isolation: measured, they are slower than
// one.
ConsumerRunner::Settings consumer_settings(const sql::Database& database) {
  ConsumerRunner::Settings settings;
  if (database.engine() == sql::Engine::postgres) {
    settings.chunk_ms = 50;
    settings.lanes = 1;
  }
  return settings;
}

Tokens::Settings token_settings(const GatewaySettings& settings, const std::string& owner) {
  Tokens::Settings tokens;
  tokens.api_base = settings.api_base;
  tokens.http_timeout_ms = settings.http_timeout_ms;
  tokens.owner = owner;
  return tokens;
}

// `step` that counts, as a loop wants it.
template <class Count>
Task<Result<bool>> any(Task<Result<Count>> step) {
  auto done = co_await std::move(step);
  if (!done) co_return std::unexpected(done.error());
  co_return *done > 0;
}

Task<Result<bool>> once(Task<Result<void>> step) {
  auto done = co_await std::move(step);
  if (!done) co_return std::unexpected(done.error());
  co_return false;
}

}  // namespace

struct Gateway::Parts {
  // A consumer's lanes work while this node has its lease; a lease gives progress, never correctness.
  struct Running {
    std::unique_ptr<ConsumerRunner> runner;
    std::atomic<bool> leased{false};
    std::vector<std::shared_ptr<Wakeup>> wakeups;
  };

  Parts(const Collaborators& collaborators, GatewaySettings given)
      : with(collaborators),
        settings(std::move(given)),
        owner(settings.owner.empty() ? collaborators.random.alphanumeric(16) : settings.owner),
        programs(with.database, with.version, with.sealer, with.clock),
        service(with.database, with.version, with.sealer, with.clock, with.ids, settings.relay_guard),
        stats(with.database, with.clock),
        journal(with.database, with.clock, with.io.context(0).get_executor(), journal_settings(with.database)),
        push(programs, journal, stats, with.clock, with.random, settings.store_deadline_ms,
             settings.refuse_with_status),
        tokens(with.database, programs, with.sealer, with.clock, with.http, token_settings(settings, owner)),
        wechat(with.database, tokens, with.clock, with.http,
               {settings.api_base, settings.http_timeout_ms, settings.calls_per_second}),
        uploads(with.database, with.blobs, wechat, with.clock, with.random),
        outbox(settings.window),
        sender(with.database, outbox, programs, wechat, uploads, with.clock, with.random,
               with.io.context(1).get_executor(), sender_settings()),
        media(with.database, with.blobs, wechat, with.http, with.clock, with.ids, settings.api_base),
        callback_ips(with.database, with.version, programs, wechat, with.clock),
        relay_consumer([this] { wake(relay_wakeup); }),
        relay(with.database, programs, with.clock, with.ids, with.http,
              {16, settings.http_timeout_ms, settings.relay_guard}),
        dead_letters(with.database, with.clock, with.ids),
        orphans(with.database, with.blobs),
        self_check(with.database, programs, tokens, stats),
        health(with.database, programs, stats, token_settings(settings, owner), wechat, with.sealer, with.clock),
        loops(with.io) {}

  Sender::Settings sender_settings() const {
    Sender::Settings sender_with;
    sender_with.owner = owner;
    sender_with.at_once_per_app = settings.sends_at_once;
    return sender_with;
  }

  static void wake(const std::shared_ptr<Wakeup>& wakeup) {
    if (wakeup) wakeup->wake();
  }
  void wake_consumers() {
    for (const auto& consumer : consumers) {
      for (const auto& wakeup : consumer->wakeups) wakeup->wake();
    }
  }

  void add(TransactionalConsumer& consumer) {
    auto running = std::make_unique<Running>();
    running->leased = alone();
    running->runner = std::make_unique<ConsumerRunner>(with.database, consumer, with.clock, with.ids,
                                                       consumer_settings(with.database));
    consumers.push_back(std::move(running));
    dead_letters.add_consumer(consumer);
    health.add_consumer(std::string(consumer.name()));
  }

  // SQLite's file belongs to one process: there is nobody to share the work with.
  bool alone() const { return with.database.engine() == sql::Engine::sqlite; }

  Task<Result<bool>> lane_step(Running& running, int lane) {
    if (!running.leased) co_return false;
    co_return co_await running.runner->step_lane(lane);
  }
  Task<Result<bool>> lease_step(Running& running) {
    auto work = [this, &running](sql::Transaction& tx) -> Result<bool> {
      const std::string name = "consumer:" + std::string(running.runner->consumer().name());
      return sql::take_lease(tx, name, owner, consumer_lease_ms);
    };
    auto held = co_await with.database.write(std::move(work));
    if (!held) co_return held;
    const bool had = running.leased.exchange(*held);
    if (*held && !had) {
      for (const auto& wakeup : running.wakeups) wakeup->wake();
    }
    co_return false;
  }
  Task<Result<bool>> expire_step() {
    journal.expire_waiting();
    co_return false;
  }
  Task<Result<bool>> recover_step() {
    auto alive = co_await sender.alive_step();
    if (!alive) co_return std::unexpected(alive.error());
    auto recovered = co_await sender.recover_step(alone());
    if (!recovered) co_return std::unexpected(recovered.error());
    auto reclaimed = co_await sender.reclaim_step();
    if (!reclaimed) co_return std::unexpected(reclaimed.error());
    if (*recovered + *reclaimed > 0) wake(claim_wakeup);
    co_return *recovered > 0;
  }
  Task<Result<bool>> claim_step() {
    if (stopping) co_return false;
    co_return co_await any(sender.claim_step());
  }
  Task<Result<bool>> record_step() {
    auto recorded = co_await sender.record_step();
    if (!recorded) co_return std::unexpected(recorded.error());
    if (*recorded > 0) {
      wake(claim_wakeup);  // the next message of these users
      if (changes_listener) changes_listener();
    }
    co_return *recorded > 0;
  }
  Task<Result<bool>> clean_step() {
    auto more = co_await journal.clean_step(health.consumers(), clean_partition);
    if (!more) co_return more;
    if (!*more) clean_partition = (clean_partition + 1) % journal.partition_count();
    co_return *more || clean_partition != 0;  // one round over all partitions, then the pause
  }
  Task<Result<bool>> token_step() { co_return co_await tokens.refresh_ahead_step(); }

  void add_consumer_loops() {
    std::size_t thread = 0;
    for (const auto& consumer : consumers) {
      Running& running = *consumer;
      const std::string name(running.runner->consumer().name());
      for (int lane = 0; lane < running.runner->lanes(); ++lane) {
        auto step = [this, &running, lane] { return lane_step(running, lane); };
        running.wakeups.push_back(loops.add("consumer." + name, poll_ms, std::move(step), ++thread));
      }
    }
    if (alone()) return;
    for (const auto& consumer : consumers) {
      Running& running = *consumer;
      loops.add("lease", consumer_lease_renew_ms, [this, &running] { return lease_step(running); }, ++thread);
    }
  }

  void add_loops() {
    loops.add("expire", 100, [this] { return expire_step(); }, 0);
    loops.add("counts", second_ms, [this] { return once(stats.flush_step()); }, 1);
    loops.add("recover", 3 * second_ms, [this] { return recover_step(); }, 1);
    claim_wakeup = loops.add("claim", 250, [this] { return claim_step(); }, 1);
    record_wakeup = loops.add("record", poll_ms, [this] { return record_step(); }, 1);
    loops.add("expire_outbox", 2 * second_ms, [this] { return any(sender.expire_step()); }, 1);
    relay_wakeup = loops.add("relay", poll_ms, [this] { return relay.step(); }, 1);
    loops.add("media", second_ms, [this] { return media.step(); }, 1);
    loops.add("tokens", 2 * second_ms, [this] { return token_step(); }, 1);
    loops.add("pauses", minute_ms, [this] { return once(wechat.load_pauses()); }, 1);
    loops.add("callback_ips", 10 * second_ms, [this] { return callback_ips.step(); }, 1);
    loops.add("beat", 10 * second_ms, [this] { return once(health.beat_step()); }, 1);
    loops.add("orphans", minute_ms, [this] { return orphans.step(); }, 1);
    loops.add("clean", 10 * minute_ms, [this] { return clean_step(); }, 1);
    outbox.on_wake([this] { wake(claim_wakeup); });
    sender.on_outcome([this] { wake(record_wakeup); });
  }

  const Collaborators with;
  const GatewaySettings settings;
  const std::string owner;  // of this process, for leases and claims
  MiniPrograms programs;
  MiniProgramService service;
  PushStats stats;
  Journal journal;
  PushEndpoint push;
  Tokens tokens;
  WeChatClient wechat;
  Uploads uploads;
  Outbox outbox;
  Sender sender;
  Media media;
  CallbackIps callback_ips;
  std::function<void()> changes_listener;
  std::shared_ptr<Wakeup> claim_wakeup, record_wakeup, relay_wakeup;
  RelayConsumer relay_consumer;
  Relay relay;
  DeadLetters dead_letters;
  Orphans orphans;
  SelfCheck self_check;
  Health health;
  std::vector<std::unique_ptr<Running>> consumers;
  int clean_partition = 0;
  std::atomic<bool> stopping{false};
  Loops loops;
};

Gateway::Gateway(const Collaborators& with, GatewaySettings settings)
    : parts_(std::make_unique<Parts>(with, std::move(settings))) {
  parts_->add(parts_->relay_consumer);
}

Gateway::~Gateway() = default;

void Gateway::mount(identity::Guard& guard, net::Router& router) {
  parts_->push.mount(router);
  auto targets = std::make_shared<const RouteTargets>(
      RouteTargets{parts_->service, parts_->self_check, parts_->health, parts_->dead_letters, parts_->tokens,
                   token_settings(parts_->settings, parts_->owner), parts_->stats, parts_->media, parts_->with.clock,
                   parts_->settings.public_url});
  mount_mini_programs(guard, targets);
  mount_operations(guard, targets);
  mount_pictures(guard, targets);
}

void Gateway::add_consumer(TransactionalConsumer& consumer) { parts_->add(consumer); }

void Gateway::set_delivery_listener(DeliveryListener& listener) {
  parts_->outbox.set_listener(listener);
  parts_->sender.set_listener(listener);
}

void Gateway::set_working_hours(WorkingHours& hours) { parts_->push.set_working_hours(hours); }

void Gateway::set_media_readers(const MediaReaders& readers) { parts_->media.set_readers(readers); }

void Gateway::on_changes(std::function<void()> listener) { parts_->changes_listener = std::move(listener); }

void Gateway::start() {
  parts_->add_loops();
  parts_->add_consumer_loops();
  parts_->journal.on_appended([parts = parts_.get()] { parts->wake_consumers(); });
  parts_->loops.go();
}

// What is being sent is waited for: its answer, once written down, is certain.
void Gateway::stop() {
  parts_->stopping = true;
  const auto until = std::chrono::steady_clock::now() + sending_grace;
  while (parts_->sender.under_way() > 0 && std::chrono::steady_clock::now() < until) {
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  parts_->loops.stop();
}

Outbox& Gateway::outbox() { return parts_->outbox; }
MiniPrograms& Gateway::mini_programs() { return parts_->programs; }
MiniProgramService& Gateway::mini_program_service() { return parts_->service; }

Task<Result<void>> Gateway::typing(AppId appid, OpenId openid, wechat::Typing typing) {
  wechat::ApiCall call = wechat::typing_call(openid, typing);
  const CallOutcome outcome = co_await parts_->wechat.call(std::move(appid), std::move(call));
  if (outcome.kind != CallOutcome::Kind::answered) co_return std::unexpected(outcome.error);
  co_return Result<void>{};  // 45080, 45081: nothing to show, nothing lost
}

Task<CallOutcome> Gateway::call(AppId appid, wechat::ApiCall call) {
  co_return co_await parts_->wechat.call(std::move(appid), std::move(call));
}

Task<Result<boost::json::object>> Gateway::health(AppId appid) { return parts_->health.of(std::move(appid)); }

Task<GatewayFigures> Gateway::figures() {
  GatewayFigures figures;
  const PushStats::Figures total = parts_->stats.total();
  for (std::size_t i = 0; i < push_outcomes; ++i) {
    const auto outcome = static_cast<PushOutcome>(i);
    if (outcome == PushOutcome::accepted) figures.pushes_accepted = total.counts.at(i);
    if (outcome == PushOutcome::duplicate) figures.pushes_duplicate = total.counts.at(i);
    if (outcome == PushOutcome::dropped) figures.pushes_dropped = total.counts.at(i);
    if (is_refusal(outcome)) figures.pushes_refused += total.counts.at(i);
  }
  figures.ack_p50_ms = total.ack_p50_ms;
  figures.ack_p99_ms = total.ack_p99_ms;
  auto backlog = co_await parts_->health.backlog();
  if (backlog) {
    figures.journal_lag = backlog->journal_lag;
    figures.outbox_open = backlog->outbox_open;
    figures.dead_letters = backlog->dead_letters;
  }
  co_return figures;
}

}  // namespace miniops::gateway
