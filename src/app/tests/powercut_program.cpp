#include "powercut_program.hpp"

#include "app/tests/powercut_parts.hpp"
#include "desk/store.hpp"
#include "service_levels/store.hpp"
#include "storage/sql/open.hpp"
#include "teams/store.hpp"

namespace miniops::app {

namespace {

constexpr routing::GroupId experts(7);

identity::Access agent(desk::AccountId account = desk::AccountId(1)) {
  identity::Caller caller;
  caller.account = account;
  caller.username = "agent";
  caller.roles[AppId(appid)] = identity::Role::admin;
  return caller.access(AppId(appid), identity::Permission::desk_reply).value();
}

}  // namespace

Program::Program(World& world, std::uint64_t seed)
    : world_(world), random_(seed), ids_(world.clock, 1), sealer_(std::string(Sealer::key_bytes, 'k'), random_) {
  auto opened = sql::open("sqlite:miniops.db", world.clock,
                          {.readers = 1, .sqlite_vfs = world.disk.vfs(), .batch_max = 8, .checkpoint_pages = 60});
  if (!opened) throw std::runtime_error(opened.error().message);
  engine_ = std::move(*opened);
  auto migrated = sql::migrate(
      *engine_, {storage::migrations(), identity::migrations(), live::migrations(), webhooks::migrations(),
                 gateway::migrations(), people::migrations(), teams::migrations(), service_levels::migrations(),
                 quick_replies::migrations(), automation::migrations(), reports::migrations(),
                 satisfaction::migrations(), wrapup::migrations(), desk::migrations()});
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
  configure_desk();
}

// Everything that happens by itself happens within minutes.
void Program::configure_desk() {
  desk::Settings settings;
  settings.silence_warn_minutes = settings.silence_close_minutes = settings.agent_remind_minutes = 1;
  settings.agent_return_minutes = 2;
  settings.silence_warn_text = silence_warning;
  auto set = run(parts_->desk.settings().set_settings(agent(), settings));
  if (!set) throw std::runtime_error(set.error().message);
  auto rule = routing::parse_rule(json::parse(R"({"name":"r","condition":{"field":"text","op":"has","value":["3","7"]},
                                                  "target":{"group":"7","priority":20}})"));
  if (!rule) throw std::runtime_error(rule.error().message);
  rule->id = routing::RuleId(1);
  service_levels::Targets promised{.version = 1};
  promised.items.push_back({.first_answer_ms = 20 * second_ms,
                            .next_answer_ms = 20 * second_ms,
                            .resolution_ms = 5 * minute_ms,
                            .business = false});
  auto write = [&](sql::Transaction& tx) -> Result<void> {
    teams::Group group = teams::default_group_at_first();
    group.id = experts;
    group.name = "专家";
    teams::store::put_group(tx, AppId(appid), group);
    teams::store::join(tx, AppId(appid), experts, {desk::AccountId(agents)});
    teams::store::insert_rule(tx, AppId(appid), {*rule, 1, "test", world_.clock.now()}, 0);
    service_levels::store::put_targets(tx, AppId(appid), promised);
    sql::raise_config_version(tx);
    return {};
  };
  if (auto done = engine_->write_blocking(write); !done) throw std::runtime_error(done.error().message);
}

bool Program::prepare() {
  auto look = [](sql::ConfigVersion& version) -> Task<Result<bool>> {
    co_await version.refresh();
    co_return true;
  };
  (void)run(look(*version_));
  const auto loaded = run(parts_->desk.config_step());
  if (!loaded || !run(parts_->subscribers.load()) || !come_online(3)) return false;
  add_loops();
  return true;
}

bool Program::come_online(std::int64_t load_max) {
  for (int account = 1; account <= agents; ++account) {
    const auto access = agent(desk::AccountId(account));
    if (!run(parts_->desk.agents().set_own(access, desk::Presence::online, "", load_max))) return false;
  }
  return true;
}

void Program::give_away_all_who_wait() {
  come_online(teams::load_max_max);
  for (auto more = run(parts_->desk.assignment_step()); more && *more; more = run(parts_->desk.assignment_step())) {
  }
}

std::vector<desk::Conversation> Program::conversations() {
  auto read = [](sql::Transaction& tx) -> Result<std::vector<desk::Conversation>> {
    std::vector<desk::Conversation> all;
    for (const sql::Row& row : tx.query("SELECT id FROM desk_conversations ORDER BY id"))
      all.push_back(*desk::store::find_conversation(tx, row.id<desk::ConversationId>(0)));
    return all;
  };
  auto found = engine_->read_blocking(read);
  if (!found) throw std::runtime_error(found.error().message);
  return std::move(*found);
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
  add_loop([&p] { return p.desk.timer_step(); });
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
    for (int account = 1; account <= agents; ++account)
      if (world_.chance(50)) parts_->desk.heartbeat(desk::AccountId(account));
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
      "AND g.partition_number = p.partition_number), 0)) "
      "+ (SELECT COUNT(*) FROM desk_timers WHERE due_at <= $1)",
      {world_.clock.now()});
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
  auto sent = co_await parts_->desk.service().send(agent(), conversation, {sending, answer.text});
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
  if (!world.calm && world.chance(35)) agent_acts();
  if (world.chance(45)) agent_answers();
  if (world.chance(10)) agent_resends();
}

// Named by the event that it leaves. It counts when the agent was told, and the conversation is another one now.
Task<void> Program::act(std::string what, desk::ConversationId id, std::int64_t seen, desk::AccountId as) {
  desk::Service& service = parts_->desk.service();
  const auto access = agent(as);
  const TimeMs until = world_.chance(50) ? world_.clock.now() + 1 + world_.below(2 * minute_ms) : 0;
  const desk::AccountId colleague(1 + world_.below(agents));
  const bool to_group = world_.chance(40);
  const routing::GroupId group = world_.chance(50) ? experts : teams::default_group;
  Result<desk::ConversationView> done = fail(ErrorKind::rejected, "test.no_act", "");
  if (what == "taken") done = co_await service.take(access, id, seen);
  if (what == "released") done = co_await service.release(access, id, seen);
  if (what == "parked") done = co_await service.park(access, id, until, "", seen);
  if (what == "unparked") done = co_await service.unpark(access, id, seen);
  if (what == "closed") done = co_await service.close(access, id, "", "resolved", seen);
  if (what == "transferred" && to_group) done = co_await service.transfer_to_group(access, id, group, "", seen);
  if (what == "transferred" && !to_group) done = co_await service.transfer(access, id, colleague, "", seen);
  if (done && done->conversation.version != seen) ++world_.acts[what];
}

void Program::agent_acts() {
  static const std::array<std::string, 6> with_agent{"transferred", "parked",   "parked",
                                                     "closed",      "released", "unparked"};
  const auto open = look("SELECT id, version, assignee_id FROM desk_conversations WHERE state <> 'closed' ORDER BY id");
  if (open.empty()) return;
  const sql::Row& row = open[world_.random.below(open.size())];
  const bool waits = row.integer(2) == 0;
  const desk::AccountId as(waits ? 1 + world_.below(agents) : row.integer(2));
  spawn(act(waits ? "taken" : with_agent[world_.random.below(with_agent.size())], row.id<desk::ConversationId>(0),
            row.integer(1), as));
}

void Program::agent_answers() {
  Answer* answer = world_.next_answer();
  if (answer == nullptr) return;
  if (answer->conversation.empty()) {
    const auto found =
        look("SELECT id FROM desk_conversations WHERE openid = $1 AND state <> 'closed'", {answer->openid});
    if (found.empty()) return;
    answer->conversation = found[0].id<desk::ConversationId>(0);
  }
  answer->under_way = true;
  spawn(say(*answer, answer->conversation));
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
