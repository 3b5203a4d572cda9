#include "official/official.hpp"

#include <boost/asio/steady_timer.hpp>

#include "base/log.hpp"
#include "official/puller.hpp"
#include "official/routes.hpp"

namespace miniops::official {

namespace {

constexpr std::chrono::seconds round_every{5};

}  // namespace

struct Official::Parts {
  Parts(Collaborators given, OfficialSettings wanted)
      : with(std::move(given)),
        settings(std::move(wanted)),
        own(with.records, with.clock),
        puller({with.database, with.platform, with.clock, settings.owner, settings.keep}),
        service({with.database, with.clock, with.ids, own, settings.enabled, settings.keep}) {}

  const Collaborators with;
  const OfficialSettings settings;
  OwnRecords own;
  Puller puller;
  Service service;

  Task<void> loop(Official& official);
};

Official::Official(Collaborators with, OfficialSettings settings)
    : parts_(std::make_unique<Parts>(std::move(with), std::move(settings))) {}
Official::~Official() = default;

void Official::mount(identity::Guard& guard) {
  official::mount(guard, parts_->service, parts_->with.clock);
  official::mount(guard.router(), WxApi{parts_->own, parts_->with.identity, parts_->with.clock});
}

void Official::start(net::IoThreads& io) {
  if (parts_->settings.enabled) io.spawn("official.loop", parts_->loop(*this));
}

Task<Result<std::int64_t>> Official::forget(AppId appid, std::string openid) {
  return parts_->service.forget(std::move(appid), std::move(openid));
}

Task<Result<bool>> Official::step() {
  std::set<AppId> programs;
  for (AppId& appid : co_await parts_->with.programs()) {
    if (auto ok = co_await parts_->puller.welcome(appid); !ok) co_return std::unexpected(ok.error());
    programs.insert(std::move(appid));
  }
  const auto more = co_await parts_->puller.step(std::move(programs));
  if (!more) co_return std::unexpected(more.error());
  if (auto ok = co_await parts_->puller.prune(); !ok) co_return std::unexpected(ok.error());
  co_return *more;
}

Task<void> Official::Parts::loop(Official& official) {
  boost::asio::steady_timer timer(co_await boost::asio::this_coro::executor);
  for (;;) {
    const auto more = co_await official.step();
    if (!more) log::warn("official.step_failed", {{"code", more.error().code}});
    if (more && *more) continue;
    timer.expires_after(round_every);
    co_await timer.async_wait(boost::asio::use_awaitable);
  }
}

}  // namespace miniops::official
