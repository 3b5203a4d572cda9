#include "desk/desk.hpp"

#include <atomic>
#include <boost/asio/as_tuple.hpp>

#include "base/log.hpp"
#include "calendar/business_time.hpp"
#include "desk/agents.hpp"
#include "desk/consumer.hpp"
#include "desk/delivery.hpp"
#include "desk/macros.hpp"
#include "desk/profiles.hpp"
#include "desk/queues.hpp"
#include "desk/report_source.hpp"
#include "desk/routes.hpp"
#include "desk/scores.hpp"
#include "desk/settings_service.hpp"
#include "desk/simulator.hpp"
#include "desk/timers.hpp"
#include "gateway/wakeup.hpp"

namespace miniops::desk {

namespace {

constexpr TimeMs firings_kept_ms = 8 * day_ms;  // longer than the longest pause of a rule
constexpr int clean_chunk = 500;

class HoursOfApps final : public gateway::WorkingHours {
 public:
  explicit HoursOfApps(const Configs& configs) : configs_(configs) {}
  bool open_at(const AppId& appid, TimeMs at) override { return calendar::open_at(configs_.of(appid)->hours, at); }

 private:
  const Configs& configs_;
};

}  // namespace

struct Desk::Parts {
  explicit Parts(const Collaborators& given)
      : with(given),
        configs(with.database, with.version, with.workers),
        placer({with.setups, with.directory, configs}),
        levels(with.ids, with.setups),
        ratings({with.ids, with.outbox, configs, with.surveys, with.directory}),
        common{with.ids, with.outbox, configs, placer, levels, ratings, with.events},
        queues(common),
        profiles({common, with.directory}),
        consumer({common, news, profiles, with.session_keys, [this] { wake_all(); }}),
        delivery(with.clock, common, news),
        hours(configs),
        service({with.database, with.clock, common, news, profiles, with.colleagues, with.typing, with.broadcaster,
                 [this] { wake(assignment_loop); }}),
        macros({common, news, profiles, with.colleagues, with.broadcaster, [this] { wake(assignment_loop); }}),
        settings(with.database, with.version, with.clock, with.ids, configs),
        agents({with.database, with.clock, common, with.colleagues, with.broadcaster, with.presence_log,
                [this] { wake(assignment_loop); }}),
        simulator({with.database, with.clock, placer, configs}),
        timers({with.database, with.clock, common, news, with.broadcaster, [this] { wake(assignment_loop); }}),
        report_source({configs, with.setups, with.presence_log, with.colleagues, with.surveys}),
        scores(common) {}

  // One background loop: steps until there is nothing to do, then sleeps until it is woken or the pause is over.
  struct Loop {
    std::unique_ptr<gateway::Wakeup> wakeup{};
  };
  using Step = Task<Result<bool>> (Desk::*)();

  void wake(Loop& loop) {
    if (started) loop.wakeup->wake();
  }
  void wake_all() {
    with.outbox.wake();
    with.broadcaster.changed(AppId());
    wake(assignment_loop);
  }
  static Task<void> run(Desk& desk, Loop& loop, Step step, std::string name, TimeMs pause_ms);

  Collaborators with;
  std::atomic<bool> started{false}, stopping{false};
  std::atomic<int> running{0};
  Loop config_loop, presence_loop, assignment_loop, timer_loop, index_loop, clean_loop;
  Configs configs;
  const Placer placer;
  const Levels levels;
  const Ratings ratings;
  const Common common;
  Queues queues;
  BudgetNews news;
  Profiles profiles;
  Consumer consumer;
  Delivery delivery;
  HoursOfApps hours;
  Service service;
  MacroExecutor macros;
  SettingsService settings;
  Agents agents;
  Simulator simulator;
  Timers timers;
  ReportSource report_source;
  Scores scores;
};

Task<void> Desk::Parts::run(Desk& desk, Loop& loop, Step step, std::string name, TimeMs pause_ms) {
  Parts& parts = *desk.parts_;
  while (!parts.stopping) {
    bool more = false;
    try {
      const auto done = co_await (desk.*step)();
      if (done) {
        more = *done;
      } else {
        log::warn("desk.step_failed", {{"step", name}, {"code", done.error().code}});
      }
    } catch (const std::exception& problem) {
      log::error("desk.step_failed", {{"step", name}, {"what", problem.what()}});
    }
    if (!more && !parts.stopping) co_await loop.wakeup->wait(pause_ms);
  }
  --parts.running;
}

Desk::Desk(const Collaborators& with) : parts_(std::make_unique<Parts>(with)) {}
Desk::~Desk() { stop(); }

void Desk::mount(identity::Guard& guard, CustomerSignals& signals) {
  mount_conversations(guard, parts_->service, parts_->agents);
  mount_people(guard, parts_->service, parts_->agents);
  mount_signals(guard, signals, parts_->with.clock);
  mount_settings(guard, parts_->settings, parts_->with.clock);
  mount_routing(guard, parts_->simulator, parts_->with.clock);
}

gateway::TransactionalConsumer& Desk::consumer() { return parts_->consumer; }
gateway::DeliveryListener& Desk::delivery_listener() { return parts_->delivery; }

satisfaction::ScoreListener& Desk::score_listener() { return parts_->scores; }
gateway::WorkingHours& Desk::working_hours() { return parts_->hours; }
people::ProfileListener& Desk::profile_listener() { return parts_->profiles; }
teams::QueueMover& Desk::queue_mover() { return parts_->queues; }
reports::Source& Desk::report_source() { return parts_->report_source; }
quick_replies::Executor& Desk::macro_executor() { return parts_->macros; }
void Desk::heartbeat(AccountId account) { parts_->agents.heartbeat(account); }
Service& Desk::service() { return parts_->service; }
SettingsService& Desk::settings() { return parts_->settings; }
Agents& Desk::agents() { return parts_->agents; }
Configs& Desk::configs() { return parts_->configs; }

Result<void> Desk::prepare_blocking() {
  boost::asio::io_context context;
  Result<bool> loaded = false;
  auto load = [](Parts& parts, Result<bool>& out) -> Task<void> {
    out = co_await parts.with.setups.load(true);
    if (out) out = co_await parts.configs.load(true);
  };
  boost::asio::co_spawn(context, load(*parts_, loaded), [](std::exception_ptr thrown) {
    if (thrown) std::rethrow_exception(thrown);
  });
  context.run();
  if (!loaded) return std::unexpected(loaded.error());
  return {};
}

void Desk::start(net::IoThreads& io) {
  auto spawn = [&](Parts::Loop& loop, Parts::Step step, std::string name, TimeMs pause_ms, std::size_t thread) {
    loop.wakeup = std::make_unique<gateway::Wakeup>(io.context(thread).get_executor());
    ++parts_->running;
    io.spawn("desk." + name, Parts::run(*this, loop, step, name, pause_ms), thread);
  };
  spawn(parts_->config_loop, &Desk::config_step, "config", 100, 0);
  spawn(parts_->presence_loop, &Desk::presence_step, "presence", second_ms, 0);
  spawn(parts_->assignment_loop, &Desk::assignment_step, "assignment", second_ms, 1);
  spawn(parts_->timer_loop, &Desk::timer_step, "timer", second_ms, 1);
  spawn(parts_->index_loop, &Desk::index_step, "index", 300, 1);  // not woken: larger chunks cost less
  spawn(parts_->clean_loop, &Desk::clean_step, "clean", minute_ms, 1);
  parts_->started = true;
}

void Desk::stop() {
  if (!parts_->started.exchange(false)) return;
  parts_->stopping = true;
  for (Parts::Loop* loop : {&parts_->config_loop, &parts_->presence_loop, &parts_->assignment_loop, &parts_->timer_loop,
                            &parts_->index_loop, &parts_->clean_loop}) {
    loop->wakeup->wake();
  }
  // The io threads still run; a step takes milliseconds.
  for (int waited = 0; parts_->running > 0 && waited < 5000; ++waited) {
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
}

Task<Result<bool>> Desk::config_step() {
  const auto teams = co_await parts_->with.setups.load();
  if (!teams) co_return std::unexpected(teams.error());
  co_return co_await parts_->configs.load();
}
Task<Result<bool>> Desk::presence_step() { return parts_->agents.presence_step(); }
Task<Result<bool>> Desk::assignment_step() { return parts_->agents.assignment_step(); }
Task<Result<bool>> Desk::timer_step() { return parts_->timers.step(); }
Task<Result<bool>> Desk::index_step() { return desk::index_step(parts_->with.database); }

Task<Result<bool>> Desk::clean_step() {
  const TimeMs before = parts_->with.clock.now() - firings_kept_ms;
  auto clean = [=](sql::Transaction& tx) -> Result<std::int64_t> {
    return store::remove_firings_before(tx, before, clean_chunk);
  };
  const auto removed = co_await parts_->with.database.write(std::move(clean));
  if (!removed) co_return std::unexpected(removed.error());
  co_return *removed == clean_chunk;
}

}  // namespace miniops::desk
