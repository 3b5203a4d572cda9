#include "telemetry/telemetry.hpp"

#include <boost/asio/steady_timer.hpp>

#include "telemetry/routes.hpp"

namespace miniops::telemetry {

namespace {

constexpr int intake_threads = 2;  // for large and compressed bodies
constexpr int intake_waiting_max = 256;
constexpr int question_threads = 2;
constexpr int questions_waiting_max = 64;

spool::Options spool_options(const TelemetrySettings& settings) {
  spool::Options options;
  options.unread_bytes_max = settings.spool_bytes_max;
  options.kept_bytes_max = 2 * settings.spool_bytes_max;
  return options;
}

events::Options events_options(const TelemetrySettings& settings) {
  events::Options options{settings.folder / "events"};
  options.askers = question_threads;
  options.memory_mb = settings.memory_mb;
  return options;
}

}  // namespace

struct Telemetry::Parts {
  Parts(const Collaborators& with, const TelemetrySettings& settings, std::unique_ptr<spool::Disk> disk_given,
        std::unique_ptr<spool::Spool> spool_given)
      : io(with.io),
        public_url(settings.public_url),
        clock(with.clock),
        disk(std::move(disk_given)),
        spool(std::move(spool_given)),
        keys(with.database, with.version),
        events(events_options(settings), with.database),
        loader({with.database, events, *spool, with.ids, with.clock, with.version}),
        intake({keys, *spool, with.clock, intake_workers, regions}),
        service({with.database, with.version, with.clock, with.random, with.ids, question_workers, events, loader}) {}

  net::IoThreads& io;
  const std::string public_url;
  const Clock& clock;
  std::unique_ptr<spool::Disk> disk;
  std::unique_ptr<spool::Spool> spool;
  net::Workers intake_workers{intake_threads, intake_waiting_max};
  net::Workers question_workers{question_threads, questions_waiting_max};
  ProjectKeys keys;
  const Regions regions = Regions::open(region_places());
  LazyEvents events;
  Loader loader;
  Intake intake;
  Service service;
  bool started = false;

  Task<void> notes() {
    boost::asio::steady_timer timer(co_await boost::asio::this_coro::executor);
    for (;;) {
      timer.expires_after(std::chrono::seconds(1));
      co_await timer.async_wait(boost::asio::use_awaitable);
      co_await intake.write_notes();
    }
  }
};

Result<std::unique_ptr<Telemetry>> Telemetry::open(const Collaborators& with, TelemetrySettings settings) {
  auto disk = spool::real_disk();
  auto spool = spool::Spool::open(*disk, settings.folder / "spool", with.clock, spool_options(settings));
  if (!spool) return std::unexpected(spool.error());
  auto parts = std::make_unique<Parts>(with, settings, std::move(disk), std::move(*spool));
  // Only an emptied spool: otherwise the loader's thread asks, and the start does not wait for the event store.
  if (parts->spool->oldest() == spool::Position{} && parts->events.exists())
    if (auto ok = parts->loader.begin(); !ok) return std::unexpected(ok.error());
  return std::unique_ptr<Telemetry>(new Telemetry(std::move(parts)));
}

Telemetry::Telemetry(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
Telemetry::~Telemetry() { stop(); }

void Telemetry::add_keeper(PersonKeeper& keeper) { parts_->loader.add_keeper(keeper); }
void Telemetry::add_observer(LoadObserver& observer) { parts_->loader.add_observer(observer); }
Service& Telemetry::service() { return parts_->service; }

void Telemetry::mount(identity::Guard& guard, net::Router& router) {
  parts_->intake.mount(router);
  telemetry::mount(guard, parts_->service, parts_->clock, parts_->public_url);
}

void Telemetry::start() {
  parts_->started = true;
  parts_->loader.start();
  parts_->io.spawn("telemetry.notes", parts_->notes());
}

void Telemetry::stop() {
  parts_->spool->stop();
  parts_->loader.stop();
}

TelemetryFigures Telemetry::figures() const {
  const IntakeFigures intake = parts_->intake.figures();
  const LoaderFigures loader = parts_->loader.figures();
  return {intake.requests,       intake.records,           intake.refused,
          loader.loaded_records, loader.duplicate_records, loader.waiting_bytes};
}

}  // namespace miniops::telemetry
