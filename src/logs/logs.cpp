#include "logs/logs.hpp"

#include "logs/errors.hpp"
#include "logs/routes.hpp"
#include "logs/store.hpp"
#include "logs/template_observer.hpp"

namespace miniops::logs {

struct Logs::Parts {
  Parts(const Collaborators& with, std::filesystem::path folder)
      : database(with.database),
        clock(with.clock),
        templates(with.database),
        service({with.database, with.records, with.clock, with.ids}),
        exports({with.database, with.records, service, with.clock, with.ids}, std::move(folder)),
        keeper(exports) {}

  sql::Database& database;
  const Clock& clock;
  TemplateObserver templates;
  Service service;
  Exports exports;
  ExportKeeper keeper;
};

Logs::Logs(const Collaborators& with, std::filesystem::path folder)
    : parts_(std::make_unique<Parts>(with, std::move(folder))) {}
Logs::~Logs() = default;

telemetry::LoadObserver& Logs::observer() { return parts_->templates; }
telemetry::PersonKeeper& Logs::keeper() { return parts_->keeper; }
Result<void> Logs::prepare_blocking() { return parts_->exports.prepare_blocking(); }

Task<Result<std::string>> Logs::saved_query(AppId appid, std::int64_t id) {
  auto read = [=](sql::Transaction& tx) -> Result<std::string> {
    const auto found = store::find_query(tx, appid, id);
    if (!found) return fail(errors::not_found("saved query"));
    return found->query;
  };
  co_return co_await parts_->database.read(std::move(read));
}

void Logs::mount(identity::Guard& guard) {
  logs::mount(guard, parts_->service, parts_->clock);
  mount_saved(guard, parts_->service);
  mount_exports(guard, parts_->exports);
}

void Logs::start(net::IoThreads& io) { parts_->exports.start(io); }
void Logs::stop() { parts_->exports.stop(); }

}  // namespace miniops::logs
