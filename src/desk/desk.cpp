#include "desk/desk.hpp"

#include <atomic>
#include <boost/asio/as_tuple.hpp>

#include "automation/log.hpp"
#include "base/log.hpp"
#include "calendar/business_time.hpp"
#include "desk/agents.hpp"
#include "desk/automation.hpp"
#include "desk/automation_port.hpp"
#include "desk/consumer.hpp"
#include "desk/delivery.hpp"
#include "desk/entrances.hpp"
#include "desk/list_counts.hpp"
#include "desk/macros.hpp"
#include "desk/profiles.hpp"
#include "desk/queue_help_store.hpp"
#include "desk/queues.hpp"
#include "desk/records_archive.hpp"
#include "desk/report_source.hpp"
#include "desk/routes.hpp"
#include "desk/saved_views.hpp"
#include "desk/scores.hpp"
#include "desk/settings_service.hpp"
#include "desk/sight.hpp"
#include "desk/simulator.hpp"
#include "desk/timers.hpp"
#include "desk/wechat_channel.hpp"
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

std::vector<Channel*> with_further(Channel& own, std::vector<Channel*> further) {
  further.insert(further.begin(), &own);
  return further;
}

}  // namespace

struct Desk::Parts {
  explicit Parts(const Collaborators& given)
      : with(given),
        configs(with.database, with.version, with.workers),
        placer({with.setups, with.directory, configs}),
        levels(with.ids, with.setups),
        wechat(with.outbox, with.typing),
        channels(with_further(wechat, with.further_channels)),
        ratings({with.ids, channels, configs, with.surveys, with.directory}),
        automation({with.ids, with.rule_sets, with.directory, with.colleagues}),
        sealing(with.vault),
        common{with.ids, channels, configs, placer, levels, ratings, with.events, automation, sealing},
        queues(common),
        profiles({common, with.directory}),
        consumer({common, news, profiles, with.session_keys, [this] { wake_all(); }}),
        delivery(with.clock, common, news),
        hours(configs),
        service({with.database, with.clock, common, news, profiles, with.colleagues, with.broadcaster, with.checker,
                 [this] { wake(assignment_loop); }}),
        macros({with.database, common, news, profiles, with.colleagues, with.broadcaster, with.checker,
                [this] { wake(assignment_loop); }}),
        settings(with.database, with.version, with.clock, with.ids, configs),
        saved_views(with.database, with.clock, with.ids),
        entrances(with.database),
        agents({with.database, with.clock, common, with.colleagues, with.broadcaster, with.presence_log,
                [this] { wake(assignment_loop); }}),
        simulator({with.database, with.clock, placer, configs}),
        timers({with.database, with.clock, common, news, with.broadcaster, [this] { wake(assignment_loop); }}),
        report_source({configs, with.setups, with.presence_log, with.colleagues, with.surveys}),
        records_archive(with.setups, with.surveys, sealing, with.events, with.ids),
        conversation_keeper(with.database, common),
        scores(common),
        automation_port(common, with.colleagues),
        sight(with.setups) {}

  // One background loop: steps until there is nothing to do, then sleeps until it is woken or the pause is over.
  struct Loop {
    std::unique_ptr<gateway::Wakeup> wakeup{};
  };
  using Step = Task<Result<bool>> (Desk::*)();

  void wake(Loop& loop) {
    if (started) loop.wakeup->wake();
  }
  void wake_all() {
    channels.wake();
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
  WechatChannel wechat;
  const Channels channels;
  const Ratings ratings;
  const Automation automation;
  const Sealing sealing;
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
  SavedViews saved_views;
  Entrances entrances;
  Agents agents;
  Simulator simulator;
  Timers timers;
  ReportSource report_source;
  RecordsArchive records_archive;
  ConversationKeeper conversation_keeper;
  Scores scores;
  AutomationPort automation_port;
  const Sight sight;
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
  mount_supervision(guard, parts_->service, parts_->agents);
  mount_signals(guard, parts_->service, signals, parts_->with.clock);
  mount_settings(guard, parts_->settings, parts_->with.clock);
  mount_routing(guard, parts_->simulator, parts_->with.clock);
  mount_saved_views(guard, parts_->saved_views);
  mount_queue_help(guard, parts_->settings, parts_->service);
  mount_entrances(guard, parts_->entrances);
}

gateway::TransactionalConsumer& Desk::consumer() { return parts_->consumer; }
gateway::DeliveryListener& Desk::delivery_listener() { return parts_->delivery; }
Result<void> Desk::hear(sql::Transaction& tx, Channel& channel, const gateway::JournalEntry& entry,
                        const wechat::Message& message, TimeMs now) {
  return parts_->consumer.hear(tx, channel, entry, message, now);
}

satisfaction::ScoreListener& Desk::score_listener() { return parts_->scores; }
gateway::WorkingHours& Desk::working_hours() { return parts_->hours; }
people::ProfileListener& Desk::profile_listener() { return parts_->profiles; }
teams::QueueMover& Desk::queue_mover() { return parts_->queues; }
reports::Source& Desk::report_source() { return parts_->report_source; }
records::Archive& Desk::records_archive() { return parts_->records_archive; }
records::Keeper& Desk::conversation_keeper() { return parts_->conversation_keeper; }
quick_replies::Executor& Desk::macro_executor() { return parts_->macros; }
automation::Desk& Desk::automation_port() { return parts_->automation_port; }

const people::Visibility& Desk::visibility() const { return parts_->sight; }
const gateway::MediaReaders& Desk::media_readers() const { return parts_->sight; }
Result<void> Desk::may_see_conversation(sql::Transaction& tx, const identity::Access& access, ConversationId id) const {
  return parts_->sight.may_see_conversation(tx, access, id);
}
Task<Result<std::shared_ptr<const live::Lists>>> Desk::lists(AppId appid) {
  auto read = [=](sql::Transaction& tx) -> Result<std::shared_ptr<const live::Lists>> {
    return std::shared_ptr<const live::Lists>(ListCounts::read(tx, appid));
  };
  co_return co_await parts_->with.database.read(std::move(read));
}
std::optional<std::set<std::string>> Desk::groups_read(const identity::Access& access) const {
  return desk::groups_read(access, *parts_->with.setups.of(access.appid()));
}
std::optional<std::set<std::string>> Desk::groups_read(const identity::Caller& caller, const AppId& appid) const {
  const auto access = caller.access(appid, identity::Permission::desk_read);
  if (!access) return std::set<std::string>();
  return desk::groups_read(*access, *parts_->with.setups.of(appid));
}
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
    if (out) out = co_await parts.with.rule_sets.load(true);
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
  const auto rules = co_await parts_->with.rule_sets.load();
  if (!rules) co_return std::unexpected(rules.error());
  co_return co_await parts_->configs.load();
}
Task<Result<bool>> Desk::presence_step() { return parts_->agents.presence_step(); }
Task<Result<bool>> Desk::assignment_step() { return parts_->agents.assignment_step(); }
Task<Result<bool>> Desk::timer_step() { return parts_->timers.step(); }
Task<Result<bool>> Desk::index_step() { return desk::index_step(parts_->with.database); }

Task<Result<bool>> Desk::clean_step() {
  const TimeMs now = parts_->with.clock.now();
  auto clean = [=](sql::Transaction& tx) -> Result<std::int64_t> {
    const std::int64_t logged = automation::clean(tx, now, clean_chunk);
    const std::int64_t told = store::clean_queue_help(tx, now, clean_chunk);
    return std::max({logged, told, store::remove_firings_before(tx, now - firings_kept_ms, clean_chunk)});
  };
  const auto removed = co_await parts_->with.database.write(std::move(clean));
  if (!removed) co_return std::unexpected(removed.error());
  co_return *removed == clean_chunk;
}

}  // namespace miniops::desk
