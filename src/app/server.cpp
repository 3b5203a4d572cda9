#include "app/server.hpp"

#include <unistd.h>

#include "app/adapters.hpp"
#include "app/alerts_ports.hpp"
#include "app/backup.hpp"
#include "app/console_files.hpp"
#include "app/customer_signals.hpp"
#include "app/data_folder.hpp"
#include "app/metrics.hpp"
#include "app/operations.hpp"
#include "app/people.hpp"
#include "app/quick_replies.hpp"
#include "app/records.hpp"
#include "app/settings.hpp"
#include "app/store.hpp"
#include "app/told.hpp"
#include "automation/routes.hpp"
#include "base/log.hpp"
#include "content_check/content_check.hpp"
#include "desk/desk.hpp"
#include "gateway/gateway.hpp"
#include "identity/guard.hpp"
#include "identity/routes.hpp"
#include "issues/issues.hpp"
#include "live/live.hpp"
#include "logs/logs.hpp"
#include "net/client.hpp"
#include "net/server.hpp"
#include "notify/notify.hpp"
#include "people/routes.hpp"
#include "performance/routes.hpp"
#include "quick_replies/routes.hpp"
#include "records/records.hpp"
#include "reports/reports.hpp"
#include "satisfaction/routes.hpp"
#include "service_levels/routes.hpp"
#include "storage/blobs/blobs.hpp"
#include "storage/sql/lease.hpp"
#include "teams/routes.hpp"
#include "telemetry/telemetry.hpp"
#include "webhooks/webhooks.hpp"
#include "wrapup/routes.hpp"

namespace miniops::app {

namespace {

constexpr int desk_threads = 1;  // regular expressions, word lists
constexpr int desk_jobs_waiting_max = 256;
constexpr std::chrono::seconds drain_time{5};
constexpr std::chrono::seconds heartbeat_interval{5};
constexpr TimeMs node_lease_ms = 60 * second_ms;
constexpr std::int64_t bytes_behind = 16 << 20;  // of the spool: some seconds of loading

}  // namespace

// In the order in which they are built; destroyed in reverse.
struct Server::Parts {
  explicit Parts(const Config& config)
      : io(static_cast<int>(config.integer("server.threads"))), http(net::make_http_client()) {}

  std::optional<DataFolder> folder;
  std::unique_ptr<Store> store;
  std::optional<identity::FirstAdministrator> first_administrator;
  net::IoThreads io;
  std::unique_ptr<net::HttpClient> http;
  std::unique_ptr<Blobs> blobs;
  net::Workers workers{desk_threads, desk_jobs_waiting_max};
  net::Router router;
  std::optional<identity::Guard> guard;
  std::optional<live::Live> live;
  std::optional<webhooks::Webhooks> webhooks;
  std::optional<gateway::Gateway> gateway;
  std::optional<GatewaySecurity> security;
  std::optional<content_check::ContentCheck> content_check;
  std::optional<People> people;
  std::optional<PeopleKeeper> people_keeper;
  std::optional<GatewayTyping> typing;
  std::optional<LiveBroadcaster> broadcaster;
  std::unique_ptr<desk::Colleagues> colleagues = desk::make_colleagues();
  std::optional<teams::Setups> setups;
  std::optional<teams::PresenceLog> presence_log;
  std::optional<satisfaction::Surveys> surveys;
  std::optional<satisfaction::Service> satisfaction;
  satisfaction::Visitors visitors;
  std::optional<satisfaction::RatingPage> rating_page;
  std::optional<wrapup::Service> wrapup;
  std::optional<automation::RuleSets> rule_sets;
  std::optional<desk::Desk> desk;
  std::optional<automation::Service> automation;
  GatewayPictures pictures;
  std::optional<quick_replies::Service> quick_replies;
  std::optional<GatewayTraces> gateway_traces;
  std::optional<PersonProfiles> person_profiles;
  std::optional<PersonTelemetry> person_telemetry;
  TelemetryErasures person_erasures;
  std::optional<RecordsTold> records_told;
  std::optional<records::Records> records;
  std::optional<RecordsKeeper> records_keeper;
  std::optional<PeopleEvents> people_events;
  std::optional<reports::Reports> reports;
  std::optional<LiveTeams> live_teams;
  std::optional<teams::Service> teams;
  std::optional<service_levels::Service> service_levels;
  std::unique_ptr<telemetry::Telemetry> telemetry;
  std::optional<CustomerTelemetry> signals;
  std::optional<logs::Logs> logs;
  std::optional<GatewaySubscribe> subscribe;
  std::unique_ptr<gateway::TransactionalConsumer> consents = make_consents_consumer();
  std::optional<notify::Notify> notify;
  IssueAlerts issue_alerts;
  std::optional<issues::Issues> issues;
  std::optional<performance::Service> performance;
  std::optional<ServerHealth> own_health;
  std::optional<LogQueries> log_queries;
  std::optional<alerts::Alerts> alerts;
  std::optional<GatewayOperations> operations;
  std::optional<official::Official> official;
  std::optional<OfficialKeeper> official_keeper;
  std::optional<net::HttpServer> server;
  std::string url;
  std::atomic<bool> stopping{false};

  Result<void> build(const Config& config);
  Result<void> open_telemetry(telemetry::TelemetrySettings settings);
  Result<void> build_quality(const Config& config);
  void mount(const Config& config);
  Task<Readiness> readiness();
  Task<std::string> metrics();
  void start();
  Task<void> housekeeping();
  Task<void> heartbeats();
  Task<std::vector<alerts::Program>> programs();
  Task<std::vector<AppId>> appids();
  Task<bool> knows(AppId appid) { co_return co_await gateway->mini_programs().find(appid) != nullptr; }
};

Result<void> Server::Parts::build(const Config& config) {
  Store& s = *store;
  auto addresses = allowed_addresses(config);
  if (!addresses) return std::unexpected(addresses.error());
  blobs = open_file_blobs(blobs_folder(config.text("data")));
  guard.emplace(router, *s.identity);
  live.emplace(*s.database, *s.version, *s.identity, s.clock, live::LiveOptions{s.node_owner});
  webhooks.emplace(
      webhooks::Webhooks::Collaborators{*s.database, *s.version, *s.sealer, s.clock, s.random, *s.ids, *http, io},
      *addresses);
  const gateway::Gateway::Collaborators with{*s.database, *s.version, *s.sealer, s.clock, s.random,
                                             *s.ids,      *http,      *blobs,    io};
  auto settings = gateway_settings(config);
  settings.owner = s.node_owner;
  settings.relay_guard = *addresses;
  gateway.emplace(with, std::move(settings));
  security.emplace(*gateway);
  content_check.emplace(content_check::ContentCheck::Collaborators{*s.database, *s.version, *s.sealer, s.clock,
                                                                   s.random, *s.ids, *http, *security, io},
                        std::move(*addresses));
  people.emplace(s);
  people_keeper.emplace(*s.database, people->erasure, s.clock);
  typing.emplace(*gateway, io);
  broadcaster.emplace(*live);
  setups.emplace(*s.database, *s.version, workers);
  presence_log.emplace(*s.ids);
  surveys.emplace(
      satisfaction::Surveys::Collaborators{*s.ids, s.random, people->vault, config.text("server.public_url")});
  satisfaction.emplace(satisfaction::Service::Collaborators{
      *s.database, s.clock, *s.ids, *surveys,
      [this](const identity::Access& access) { return desk->groups_read(access); }});
  rating_page.emplace(satisfaction::RatingPage{*s.database, *surveys, s.clock, visitors});
  wrapup.emplace(wrapup::Service::Collaborators{*s.database, s.clock, *s.ids});
  rule_sets.emplace(*s.database, *s.version, workers);
  content_check::Checker& checker = content_check->checker();
  const desk::Desk::Collaborators desk_with{
      *s.database,          *s.version,    s.clock,       *s.ids,      workers,
      gateway->outbox(),    *typing,       *broadcaster,  *colleagues, people->directory,
      people->session_keys, *setups,       *presence_log, *surveys,    webhooks->events(),
      *rule_sets,           people->vault, checker};
  desk.emplace(desk_with);
  quick_replies.emplace(
      quick_replies::Service::Collaborators{*s.database, s.clock, *s.ids, pictures, desk->macro_executor()});
  records_told.emplace(webhooks->events());
  records.emplace(records::Records::Collaborators{*s.database, desk->records_archive(), person_erasures, s.clock,
                                                  *s.ids, s.node_owner, &*records_told},
                  std::filesystem::path(config.text("data")) / "records" / "exports");
  gateway_traces.emplace(*s.database, *blobs);
  person_profiles.emplace(*s.database, people->erasure);
  records->add_keeper(desk->conversation_keeper());  // first: messages go with their deliveries and media
  records->add_keeper(*gateway_traces);
  records->add_keeper(*person_profiles);
  records_keeper.emplace(*s.database, people->erasure, *records);
  people_events.emplace(people->erasure, *records);
  automation.emplace(automation::Service::Collaborators{*s.database, *s.version, s.clock, *s.ids, *rule_sets,
                                                        desk->automation_port()});
  reports.emplace(reports::Reports::Collaborators{*s.database, s.clock, *s.ids, desk->report_source(),
                                                  [this] { return reported_programs(*gateway); }, s.node_owner});
  live_teams.emplace(*s.ids);
  teams.emplace(teams::Service::Collaborators{*s.database, *s.version, s.clock, *s.ids, *setups, desk->queue_mover(),
                                              *live_teams});
  service_levels.emplace(service_levels::Service::Collaborators{
      *s.database, s.clock, *s.ids,
      [this](sql::Transaction& tx, const identity::Access& access, service_levels::ConversationId id) {
        return desk->may_see_conversation(tx, access, desk::ConversationId(id.value()));
      }});
  people->news.set_listener(desk->profile_listener());
  people->service.set_visibility(desk->visibility());
  gateway->set_media_readers(desk->media_readers());
  gateway->add_consumer(desk->consumer());
  gateway->add_consumer(*people_events);
  gateway->set_delivery_listener(desk->delivery_listener());
  live->hub().set_groups(
      [this](const identity::Caller& caller, const AppId& appid) { return desk->groups_read(caller, appid); });
  live->hub().set_lists([this](AppId appid) { return desk->lists(std::move(appid)); });
  surveys->set_listener(desk->score_listener());
  gateway->set_working_hours(desk->working_hours());
  s.identity->set_knows_miniprogram([this](AppId appid) { return knows(std::move(appid)); });
  gateway->on_changes([this] { live->wake(); });
  return {};
}

Result<void> Server::Parts::open_telemetry(telemetry::TelemetrySettings settings) {
  Store& s = *store;
  auto opened =
      telemetry::Telemetry::open({*s.database, *s.version, s.clock, s.random, *s.ids, io}, std::move(settings));
  if (!opened) return std::unexpected(opened.error());
  telemetry = std::move(*opened);
  signals.emplace(*telemetry);
  person_telemetry.emplace(*s.database, telemetry->service(), s.clock);
  records->add_keeper(*person_telemetry);
  telemetry->add_keeper(*records_keeper);
  telemetry->add_keeper(*people_keeper);
  return {};
}

// What stands on telemetry: issues, alerts, and how people are told.
Result<void> Server::Parts::build_quality(const Config& config) {
  Store& s = *store;
  auto settings = notify_settings(config, s.node_owner);
  if (!settings) return std::unexpected(settings.error());
  logs.emplace(logs::Logs::Collaborators{*s.database, telemetry->service(), s.clock, *s.ids},
               telemetry_settings(config).folder / "exports");
  subscribe.emplace(*gateway);
  notify.emplace(
      notify::Notify::Collaborators{*s.database, *s.sealer, s.clock, s.random, *s.ids, *http, *subscribe, io},
      std::move(*settings));
  gateway->add_consumer(*consents);
  issues.emplace(issues::Issues::Collaborators{*s.database, *s.version, s.clock, *s.ids, *blobs, *s.identity,
                                               telemetry->service(), &issue_alerts});
  performance.emplace(telemetry->service());
  own_health.emplace(*gateway, *telemetry, *s.database, s.clock, config.text("data"));
  log_queries.emplace(*logs);
  alerts.emplace(alerts::Alerts::Collaborators{
      *s.database, *s.version, s.clock, *s.ids, telemetry->service(), *own_health, *log_queries, notify->notifier(),
      [this] { return programs(); }, [this] { return telemetry->figures().loaded > 0; },
      [this] { return telemetry->figures().waiting_bytes > bytes_behind; },
      [this](AppId appid) { return issues->releases(std::move(appid)); }, s.node_owner,
      config.text("server.public_url")});
  issue_alerts.tell(*alerts);
  telemetry->add_observer(logs->observer());
  telemetry->add_keeper(logs->keeper());
  telemetry->add_observer(issues->observer());
  operations.emplace(*gateway);
  official.emplace(official::Official::Collaborators{*s.database, s.clock, *s.ids, *operations, telemetry->service(),
                                                     *s.identity, [this] { return appids(); }},
                   official_settings(config, s.node_owner));
  official_keeper.emplace(*official);
  telemetry->add_keeper(*official_keeper);
  return {};
}

void Server::Parts::mount(const Config&) {
  identity::mount(*guard, *store->identity);
  live->mount(*guard);
  webhooks->mount(*guard);
  content_check->mount(*guard);
  gateway->mount(*guard, router);
  people::mount(*guard, people->service, people->session_keys, store->clock);
  teams::mount(*guard, *teams);
  service_levels::mount(*guard, *service_levels, store->clock);
  satisfaction::mount(*guard, *satisfaction);
  satisfaction::mount_rating(router, *rating_page);
  wrapup::mount(*guard, *wrapup);
  desk->mount(*guard, *signals);
  quick_replies::mount(*guard, *quick_replies);
  records->mount(*guard);
  automation::mount(*guard, *automation);
  reports->mount(*guard);
  telemetry->mount(*guard, router);
  logs->mount(*guard);
  issues->mount(*guard);
  performance::mount(*guard, *performance, store->clock);
  alerts->mount(*guard);
  notify->mount(*guard);
  official->mount(*guard);
  mount_operations(router, [this] { return readiness(); }, [this] { return metrics(); });
  mount_console(router);
}

Task<Readiness> Server::Parts::readiness() {
  const auto health = store->database->health();
  co_return Readiness{health.writable && !stopping, health.problem};
}

Task<std::string> Server::Parts::metrics() {
  const auto figures = co_await gateway->figures();
  co_return metrics_text(server->counts(), store->database->health(), figures, telemetry->figures(),
                         content_check->figures());
}

void Server::Parts::start() {
  io.start();
  io.spawn("config_version", store->version->run());
  io.spawn("housekeeping", housekeeping());
  io.spawn("heartbeats", heartbeats());
  live->start(io);
  webhooks->start();
  content_check->start();
  gateway->start();
  desk->start(io);
  records->start(io);
  reports->start(io);
  logs->start(io);
  issues->start(io);
  notify->start();
  alerts->start(io);
  official->start(io);
  telemetry->start();
}

// Expired sessions and the like, and this node's number, once a while.
Task<void> Server::Parts::housekeeping() {
  boost::asio::steady_timer timer(co_await boost::asio::this_coro::executor);
  for (;;) {
    const auto more = co_await store->identity->prune_step();
    auto renew = [this](sql::Transaction& tx) { return sql::take_node_number(tx, store->node_owner, node_lease_ms); };
    const auto renewed = co_await store->database->write(std::move(renew));
    if (!renewed) log::warn("node.lease_not_renewed", {{"code", renewed.error().code}});
    timer.expires_after(more && *more ? std::chrono::seconds(1) : std::chrono::seconds(20));
    co_await timer.async_wait(boost::asio::use_awaitable);
  }
}

Task<std::vector<alerts::Program>> Server::Parts::programs() {
  std::vector<alerts::Program> out;
  for (const auto& program : co_await gateway->mini_programs().all()) out.push_back({program->appid, program->name});
  co_return out;
}

Task<std::vector<AppId>> Server::Parts::appids() {
  std::vector<AppId> out;
  for (const auto& program : co_await gateway->mini_programs().all()) out.push_back(program->appid);
  co_return out;
}

// An agent whose socket is open is there.
Task<void> Server::Parts::heartbeats() {
  boost::asio::steady_timer timer(co_await boost::asio::this_coro::executor);
  for (;;) {
    for (const auto& program : co_await gateway->mini_programs().all())
      for (const identity::AccountId account : live->hub().connected(program->appid)) desk->heartbeat(account);
    timer.expires_after(heartbeat_interval);
    co_await timer.async_wait(boost::asio::use_awaitable);
  }
}

Result<std::unique_ptr<Server>> Server::open(const Config& config) {
  const auto listen = parse_listen(config.text("listen"));
  if (!listen) return std::unexpected(listen.error());
  auto parts = std::make_unique<Parts>(config);
  auto folder = DataFolder::open(config.text("data"));
  if (!folder) return std::unexpected(folder.error());
  parts->folder.emplace(std::move(*folder));
  auto store = Store::open(config);
  if (!store) return std::unexpected(store.error());
  parts->store = std::move(*store);
  if (parts->store->clock.is_moved()) log::warn("app.time_is_moved", {{"file", config.text("tests.clock_file")}});
  if (auto ok = parts->store->succeed_previous(config.text("data")); !ok) return std::unexpected(ok.error());
  auto first = parts->store->identity->ensure_first_administrator();
  if (!first) return std::unexpected(first.error());
  parts->first_administrator = std::move(*first);

  if (auto ok = parts->build(config); !ok) return std::unexpected(ok.error());
  if (auto ok = parts->open_telemetry(telemetry_settings(config)); !ok) return std::unexpected(ok.error());
  if (auto ok = parts->build_quality(config); !ok) return std::unexpected(ok.error());
  if (auto ok = parts->logs->prepare_blocking(); !ok) return std::unexpected(ok.error());
  if (auto ok = parts->webhooks->prepare_blocking(); !ok) return std::unexpected(ok.error());
  if (auto ok = parts->content_check->prepare_blocking(); !ok) return std::unexpected(ok.error());
  if (auto ok = parts->desk->prepare_blocking(); !ok) return std::unexpected(ok.error());
  parts->server.emplace(server_options(config, *listen), parts->router, parts->io, parts->store->clock,
                        parts->store->random);
  parts->mount(config);
  if (auto ok = parts->server->listen(); !ok) return std::unexpected(ok.error());
  const bool tls = !config.text("server.tls_certificate").empty();
  const std::string host = listen->host == "0.0.0.0" ? "127.0.0.1" : listen->host;
  parts->url = fmt::format("{}://{}:{}", tls ? "https" : "http", host, parts->server->port());
  parts->start();
  return std::unique_ptr<Server>(new Server(std::move(parts)));
}

Server::Server(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
Server::~Server() { stop(); }

std::string Server::url() const { return parts_->url; }
Store& Server::store() { return *parts_->store; }
const std::optional<identity::FirstAdministrator>& Server::first_administrator() const {
  return parts_->first_administrator;
}

void Server::stop() {
  if (parts_->stopping.exchange(true)) return;
  parts_->server->drain(drain_time);
  parts_->logs->stop();
  parts_->telemetry->stop();
  parts_->issues->stop();
  parts_->notify->stop();
  parts_->records->stop();
  parts_->desk->stop();
  parts_->gateway->stop();
  parts_->content_check->stop();
  parts_->webhooks->stop();
  parts_->live->stop();
  parts_->store->version->stop();
  parts_->io.stop();
  // What was begun for them still runs, and refers to parts that end before these do.
  parts_->workers.stop();
  parts_->store->database->stop();
}

Result<std::string> Server::routes_as_json(const Config& config) {
  auto parts = std::make_unique<Parts>(config);
  auto store = Store::open(config);
  if (!store) return std::unexpected(store.error());
  parts->store = std::move(*store);
  if (auto ok = parts->build(config); !ok) return std::unexpected(ok.error());
  // A server may be using the data folder, and its spool has one owner.
  auto settings = telemetry_settings(config);
  settings.folder = std::filesystem::temp_directory_path() / fmt::format("miniops-routes-{}", ::getpid());
  if (auto ok = parts->open_telemetry(settings); !ok) return std::unexpected(ok.error());
  if (auto ok = parts->build_quality(config); !ok) return std::unexpected(ok.error());
  parts->mount(config);
  std::filesystem::remove_all(settings.folder);
  boost::json::array routes;
  for (const net::RouteInfo& route : parts->router.routes())
    routes.push_back({{"method", net::to_string(route.method)},
                      {"pattern", route.pattern},
                      {"auth", route.auth},
                      {"permission", route.permission}});
  return boost::json::serialize(routes);
}

}  // namespace miniops::app
