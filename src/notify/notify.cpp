#include "notify/notify.hpp"

#include "notify/routes.hpp"
#include "notify/worker.hpp"

namespace miniops::notify {

namespace {

constexpr std::size_t worker_thread = 1;

Worker::Settings worker_settings(const sql::Database& database, Random& random, std::string owner) {
  Worker::Settings settings;
  settings.owner = owner.empty() ? random.alphanumeric(16) : std::move(owner);
  settings.alone = database.engine() == sql::Engine::sqlite;
  return settings;
}

}  // namespace

struct Notify::Parts {
  Parts(const Collaborators& with, NotifySettings settings)
      : io(with.io),
        sender(with.http, with.wechat, with.sealer, with.clock, std::move(settings.sender)),
        worker(with.database, sender, with.clock, with.random, with.io.context(worker_thread).get_executor(),
               worker_settings(with.database, with.random, std::move(settings.owner))),
        service({with.database, with.sealer, with.clock, with.ids, sender}, [this] { worker.wake(); }) {
    notifier.on_wake([this] { worker.wake(); });
  }

  net::IoThreads& io;
  Notifier notifier;
  Sender sender;
  Worker worker;
  Service service;
};

Notify::Notify(const Collaborators& with, NotifySettings settings)
    : parts_(std::make_unique<Parts>(with, std::move(settings))) {}
Notify::~Notify() = default;

Notifier& Notify::notifier() { return parts_->notifier; }
void Notify::mount(identity::Guard& guard) { notify::mount(guard, parts_->service); }
void Notify::start() { parts_->io.spawn("notify", parts_->worker.run(), worker_thread); }
void Notify::stop() { parts_->worker.stop(); }

}  // namespace miniops::notify
