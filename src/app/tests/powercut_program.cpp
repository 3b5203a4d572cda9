#include "powercut_program.hpp"

#include "base/encoding.hpp"
#include "desk/agents.hpp"
#include "desk/service.hpp"
#include "desk/settings_service.hpp"
#include "gateway/service.hpp"
#include "live/live.hpp"
#include "storage/sql/migrations.hpp"
#include "storage/sql/open.hpp"
#include "webhooks/subscribers.hpp"

namespace miniops::storage {
std::span<const sql::Migration> migrations();
}
namespace miniops::gateway {
std::span<const sql::Migration> migrations();
}
namespace miniops::people {
std::span<const sql::Migration> migrations();
}
namespace miniops::quick_replies {
std::span<const sql::Migration> migrations();
}
namespace miniops::teams {
std::span<const sql::Migration> migrations();
}
namespace miniops::service_levels {
std::span<const sql::Migration> migrations();
}
namespace miniops::reports {
std::span<const sql::Migration> migrations();
}
namespace miniops::satisfaction {
std::span<const sql::Migration> migrations();
}
namespace miniops::webhooks {
std::span<const sql::Migration> migrations();
}

namespace miniops::app {

namespace {

identity::Access agent() {
  identity::Caller caller;
  caller.account = desk::AccountId(1);
  caller.username = "agent";
  caller.roles[AppId(appid)] = identity::Role::admin;
  return caller.access(AppId(appid), identity::Permission::desk_reply).value();
}

gateway::Journal::Settings journal_settings() {
  gateway::Journal::Settings settings;
  settings.batch_max = 4;               // small, so that one push's fate differs from the next one's
  settings.pause_after_failure_ms = 2;  // of the real clock; only without power
  return settings;
}

gateway::ConsumerRunner::Settings runner_settings() {
  gateway::ConsumerRunner::Settings settings;
  settings.chunk_first = 2;
  settings.chunk_max = 8;
  settings.chunk_ms = 1000;  // never the reason to cut: how long something takes is not the seed's
  return settings;
}

gateway::Tokens::Settings token_settings(const std::string& owner) {
  gateway::Tokens::Settings settings;
  settings.api_base = platform_url;
  settings.owner = owner;
  return settings;
}

gateway::Sender::Settings sender_settings(const std::string& owner) {
  gateway::Sender::Settings settings;
  settings.owner = owner;
  settings.claim_max = 8;
  settings.record_max = 4;
  return settings;
}

}  // namespace

struct Program::Parts {
  Parts(Program& program, World& world, const std::string& owner)
      : database(*program.database_),
        programs(database, *program.version_, program.sealer_, world.clock),
        stats(database, world.clock),
        journal(database, world.clock, program.context_.get_executor(), journal_settings()),
        push(programs, journal, stats, world.clock, program.random_, 4 * second_ms),
        tokens(database, programs, program.sealer_, world.clock, world, token_settings(owner)),
        wechat(database, tokens, world.clock, world, {platform_url, 10 * second_ms, 1000}),
        uploads(database, program.blobs_, wechat, world.clock, program.random_),
        outbox({}),
        sender(database, outbox, programs, wechat, uploads, world.clock, program.random_,
               program.context_.get_executor(), sender_settings(owner)),
        relay_consumer([] {}),
        relay(database, programs, world.clock, program.ids_, world, {}),
        vault(program.sealer_, std::string(32, 'h')),
        directory({program.ids_, vault, news}),
        session_keys({*program.engine_, world.clock, program.random_, program.ids_, program.sealer_}),
        setups(database, *program.version_, program.workers_),
        presence_log(program.ids_),
        surveys({program.ids_, program.random_}),
        subscribers(database, *program.version_),
        events(subscribers, program.ids_),
        desk(desk::Desk::Collaborators{database, *program.version_, world.clock, program.ids_, program.workers_, outbox,
                                       program.typing_, program.broadcaster_, program.colleagues_, directory,
                                       session_keys, setups, presence_log, surveys, events}),
        desk_runner(database, desk.consumer(), world.clock, program.ids_, runner_settings()),
        relay_runner(database, relay_consumer, world.clock, program.ids_, runner_settings()),
        sequencer(database, world.clock, {owner}) {
    news.set_listener(desk.profile_listener());
    outbox.set_listener(desk.delivery_listener());
    surveys.set_listener(desk.score_listener());
    sender.set_listener(desk.delivery_listener());
  }

  HeldDatabase& database;
  gateway::MiniPrograms programs;
  gateway::PushStats stats;
  gateway::Journal journal;
  gateway::PushEndpoint push;
  gateway::Tokens tokens;
  gateway::WeChatClient wechat;
  gateway::Uploads uploads;
  gateway::Outbox outbox;
  gateway::Sender sender;
  gateway::RelayConsumer relay_consumer;
  gateway::Relay relay;
  people::Vault vault;
  people::News news;
  people::Directory directory;
  people::SessionKeys session_keys;
  teams::Setups setups;
  teams::PresenceLog presence_log;
  satisfaction::Surveys surveys;
  webhooks::Subscribers subscribers;
  webhooks::Events events;
  desk::Desk desk;
  gateway::ConsumerRunner desk_runner, relay_runner;
  live::Sequencer sequencer;
};

Program::Program(World& world, std::uint64_t seed)
    : world_(world), random_(seed), ids_(world.clock, 1), sealer_(std::string(Sealer::key_bytes, 'k'), random_) {
  auto opened = sql::open("sqlite:miniops.db", world.clock,
                          {.readers = 1, .sqlite_vfs = world.disk.vfs(), .batch_max = 8, .checkpoint_pages = 60});
  if (!opened) throw std::runtime_error(opened.error().message);
  engine_ = std::move(*opened);
  auto migrated = sql::migrate(
      *engine_, {storage::migrations(), identity::migrations(), live::migrations(), webhooks::migrations(),
                 gateway::migrations(), people::migrations(), teams::migrations(), service_levels::migrations(),
                 quick_replies::migrations(), reports::migrations(), satisfaction::migrations(), desk::migrations()});
  if (!migrated) throw std::runtime_error(migrated.error().message);
  database_.emplace(*engine_);
  version_.emplace(*database_);
  parts_ = std::make_unique<Parts>(*this, world, random_.alphanumeric(8));
  world_.connect();
}

Program::~Program() = default;

// ---- running ----

void Program::settle() {
  for (;;) {
    context_.restart();
    if (context_.poll() > 0) continue;
    if (!database_->release()) return;
  }
}

void Program::spawn(Task<void> task) {
  ++under_way_;
  boost::asio::co_spawn(context_, std::move(task), [this](std::exception_ptr thrown) {
    --under_way_;
    if (thrown) std::rethrow_exception(thrown);  // out of settle(), and the test fails
  });
}

template <class T>
T Program::run(Task<T> task) {
  std::optional<T> kept;
  auto keep = [](Task<T> work, std::optional<T>& into) -> Task<void> { into.emplace(co_await std::move(work)); };
  spawn(keep(std::move(task), kept));
  while (!kept) {
    settle();
    std::this_thread::yield();  // a worker's thread may have it
  }
  return std::move(*kept);
}

sql::Rows Program::query(const std::string& statement, const sql::Params& params) {
  auto read = [&](sql::Transaction& tx) -> Result<sql::Rows> { return tx.query(statement, params); };
  auto rows = engine_->read_blocking(read);
  if (!rows) throw std::runtime_error(statement + ": " + rows.error().message);
  return std::move(*rows);
}

sql::Rows Program::look(const std::string& statement, const sql::Params& params) {
  auto read = [&](sql::Transaction& tx) -> Result<sql::Rows> { return tx.query(statement, params); };
  return engine_->read_blocking(read).value_or(sql::Rows{});
}

void Program::configure() {
  gateway::MiniProgramInput input;
  input.name = "断电";
  input.secret = "secret";
  input.token = push_token;
  input.mode = "plain";
  input.format = "json";
  input.relay_url = backend_url;
  gateway::MiniProgramService service(*database_, *version_, sealer_, world_.clock, ids_);
  const auto access = identity::Access::system(AppId(appid), "test");
  auto created = run(service.create(access, AppId(appid), input));
  if (!created) throw std::runtime_error(created.error().message);
  const json::array replies{{{"msgtype", "text"}, {"text", {{"content", automatic_reply}}}}};
  auto rule = desk::parse_rule({{"name", "d"}, {"kind", "default"}, {"pause_s", 0}, {"replies", replies}}, nullptr);
  if (!rule) throw std::runtime_error(rule.error().message);
  auto added = run(parts_->desk.settings().add_rule(agent(), *rule));
  if (!added) throw std::runtime_error(added.error().message);
  webhooks::Subscription all{.id = webhooks::SubscriptionId(1), .appid = AppId(appid)};
  all.kinds.set();
  auto subscribe = [&](sql::Transaction& tx) -> Result<void> {
    webhooks::store::insert(tx, all);
    return {};
  };
  if (auto done = engine_->write_blocking(subscribe); !done) throw std::runtime_error(done.error().message);
}

bool Program::prepare() {
  auto look = [](sql::ConfigVersion& version) -> Task<Result<bool>> {
    co_await version.refresh();
    co_return true;
  };
  (void)run(look(*version_));
  const auto loaded = run(parts_->desk.config_step());
  if (!loaded || !run(parts_->subscribers.load()) ||
      !run(parts_->desk.agents().set_own(agent(), desk::Presence::online, "", 3)))
    return false;
  add_loops();
  return true;
}

// ---- loops ----

template <class Step>
void Program::add_loop(Step step) {
  auto loop = std::make_unique<Loop>();
  loop->step = [step](bool& running) -> Task<void> {
    auto once = [](Step again, bool& flag) -> Task<void> {
      const auto done = co_await again();
      static_cast<void>(done);
      flag = false;
    };
    return once(step, running);
  };
  loops_.push_back(std::move(loop));
}

void Program::add_loops() {
  Parts& p = *parts_;
  for (int lane = 0; lane < p.desk_runner.lanes(); ++lane)
    add_loop([&p, lane] { return p.desk_runner.step_lane(lane); });
  for (int lane = 0; lane < p.relay_runner.lanes(); ++lane)
    add_loop([&p, lane] { return p.relay_runner.step_lane(lane); });
  add_loop([&p] { return p.relay.step(); });
  add_loop([&p] { return p.sender.claim_step(); });
  add_loop([&p] { return p.sender.record_step(); });
  add_loop([&p] { return p.sender.expire_step(); });
  add_loop([&p] { return p.sender.recover_step(true); });
  add_loop([&p] { return p.sender.alive_step(); });
  add_loop([&p] { return p.tokens.refresh_ahead_step(); });
  add_loop([&p] { return p.stats.flush_step(); });
  add_loop([&p] { return p.desk.assignment_step(); });
  add_loop([&p] { return p.desk.presence_step(); });
  add_loop([&p] { return p.desk.index_step(); });
  add_loop([&p] { return p.sequencer.step(); });
}

void Program::start(Loop& loop) {
  if (loop.running) return;
  loop.running = true;
  spawn(loop.step(loop.running));
}

void Program::turn() {
  if (!world_.calm) {
    world_.clock.advance(static_cast<TimeMs>(world_.random.below(world_.chance(3) ? 90'000 : 800)));
    if (world_.chance(50)) parts_->desk.heartbeat(desk::AccountId(1));
  }
  customers_and_agents();
  for (auto& loop : loops_) {
    if (world_.chance(45)) start(*loop);
  }
  parts_->journal.expire_waiting();
  world_.answer_calls(false);
  settle();
}

void Program::turn_everything() {
  customers_and_agents();
  for (auto& loop : loops_) start(*loop);
  settle();
  world_.answer_calls(true);
  settle();
}

bool Program::idle() {
  if (world_.calls_waiting() > 0) return false;
  for (const Push& push : world_.pushes) {
    if (push.under_way || (push.acknowledged_at == 0 && push.tries < World::tries_max)) return false;
  }
  const auto left = query(
      "SELECT (SELECT COUNT(*) FROM gateway_outbox WHERE unfinished = 1 AND state <> 'held') "
      "+ (SELECT COUNT(*) FROM gateway_relay_queue) + (SELECT COUNT(*) FROM live_pending) "
      "+ (SELECT COUNT(*) FROM gateway_partitions p, (SELECT 'desk' AS name UNION SELECT 'relay') c "
      "WHERE p.last_position > COALESCE((SELECT position FROM gateway_cursors g WHERE g.consumer = c.name "
      "AND g.partition_number = p.partition_number), 0))");
  return left.at(0).integer(0) == 0;
}

void Program::end() {
  while (under_way_ > 0) {
    world_.hang_up();
    world_.clock.advance(10 * second_ms);
    parts_->journal.expire_waiting();
    settle();
  }
  world_.hang_up();  // of deliveries, which nobody waits for
  settle();
}

// ---- customers and agents ----

Task<void> Program::deliver(Push& push) {
  push.under_way = true;
  ++push.tries;
  if (push.first_try_at == 0) push.first_try_at = world_.moment();
  const std::string timestamp = std::to_string(world_.clock.now() / second_ms);
  const std::string nonce = random_.alphanumeric(8);
  net::Request request;
  request.method = net::Method::post;
  request.query = "signature=" + wechat::signature(push_token, timestamp, nonce) + "&timestamp=" + timestamp +
                  "&nonce=" + nonce + "&openid=" + push.openid;
  request.path_params = {{"appid", appid}};
  request.headers.add("Content-Type", "application/json");
  request.body = push.body;
  request.received_at = world_.clock.now();
  const net::Response response = co_await parts_->push.receive(request);
  push.under_way = false;
  if (!response.drop && response.status == 200 && response.body == "success") {
    if (push.acknowledged_at == 0) push.acknowledged_at = world_.moment();
  } else if (push.acknowledged_at == 0) {
    push.in_doubt = true;
  }
}

Task<void> Program::say(Answer& answer, desk::ConversationId conversation) {
  answer.under_way = true;
  ++answer.tries;
  desk::ToSend sending;
  sending.text = answer.text;
  sending.message = wechat::SendText{answer.text};
  auto sent = co_await parts_->desk.service().send(agent(), conversation, sending, answer.text);
  answer.under_way = false;
  if (sent) answer.promised = sent->id;
}

Task<void> Program::say_again(desk::ConversationId conversation, desk::MessageId message) {
  const auto sent = co_await parts_->desk.service().resend(agent(), conversation, message);
  static_cast<void>(sent);  // what becomes of it is the outbox's story
}

void Program::customers_and_agents() {
  World& world = world_;
  for (std::size_t i = 0; i < world.customers.size() && !world.calm; ++i) {
    const bool once = i < world.written_once;
    const bool wrote = std::ranges::any_of(world.pushes, [&](const Push& p) { return p.openid == world.customers[i]; });
    if (once ? !wrote : world.chance(20)) world.customer_acts(world.customers[i]);
  }
  for (int i = 0; i < 6; ++i) {
    if (Push* push = world.next_push()) {
      push->under_way = true;
      spawn(deliver(*push));
    }
  }
  if (world.chance(45)) agent_answers();
  if (world.chance(10)) agent_resends();
}

void Program::agent_answers() {
  Answer* answer = world_.next_answer();
  if (answer == nullptr) return;
  const auto found =
      look("SELECT id FROM desk_conversations WHERE openid = $1 AND state <> 'closed'", {answer->openid});
  if (found.empty()) return;
  answer->under_way = true;
  spawn(say(*answer, found[0].id<desk::ConversationId>(0)));
}

void Program::agent_resends() {
  const auto failed = look(
      "SELECT conversation_id, id FROM desk_messages WHERE direction = 'out' AND sender_kind = 'agent' "
      "AND state = 'failed' ORDER BY id");
  if (failed.empty()) return;
  const auto& row = failed[world_.random.below(failed.size())];
  spawn(say_again(row.id<desk::ConversationId>(0), row.id<desk::MessageId>(1)));
}

}  // namespace miniops::app
