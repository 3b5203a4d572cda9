#include "sandbox/sandbox.hpp"

#include "sandbox/app_input.hpp"
#include "sandbox/control.hpp"
#include "sandbox/page_files.hpp"
#include "sandbox/platform_api.hpp"
#include "sandbox/vendors.hpp"

namespace miniops::sandbox {

struct Sandbox::Parts {
  Parts(net::IoThreads& io, net::HttpClient& client, Random& random, const Settings& settings)
      : world(settings.clock != nullptr ? *settings.clock : system_clock, random),
        pusher(world, feed, client, io),
        phones(world, feed, pusher, settings.public_url),
        api(world, feed),
        control(world, feed, pusher, phones),
        vendors(world, feed) {}

  SystemClock system_clock;
  World world;
  Feed feed;
  Pusher pusher;
  Phones phones;
  PlatformApi api;
  Control control;
  Vendors vendors;
};

Sandbox::Sandbox(net::IoThreads& io, net::HttpClient& client, Random& random, Settings settings)
    : parts_(std::make_unique<Parts>(io, client, random, settings)) {}

Sandbox::~Sandbox() = default;

void Sandbox::mount(net::Router& router) {
  parts_->api.mount(router);
  parts_->control.mount(router);
  parts_->vendors.mount(router);
  mount_page(router);
}

Result<void> Sandbox::put_app(const AppConfig& config) {
  if (auto ok = check_config(config); !ok) return ok;
  parts_->world.locked([&](World::Apps& apps) {
    App& app = apps[config.appid];
    if (app.config.encoding_aes_key != config.encoding_aes_key) app.previous_aes_key = app.config.encoding_aes_key;
    app.config = config;
    app.original_id = original_id_of(config.appid);
  });
  return {};
}

void Sandbox::push_later(PreparedPush push) { parts_->pusher.deliver_later(std::move(push)); }
Phones& Sandbox::phones() { return parts_->phones; }
World& Sandbox::world() { return parts_->world; }

}  // namespace miniops::sandbox
