// The control calls under /sandbox/: by them a person's page and tests move the world (design, section 4).
#pragma once

#include <string>

#include "net/router.hpp"
#include "sandbox/feed.hpp"
#include "sandbox/phones.hpp"
#include "sandbox/pusher.hpp"
#include "sandbox/world.hpp"

namespace miniops::sandbox {

// Everything given must outlive it and the router it is mounted on. Safe from any thread.
class Control {
 public:
  Control(World& world, Feed& feed, Pusher& pusher, Phones& phones)
      : world_(world), feed_(feed), pusher_(pusher), phones_(phones) {}
  void mount(net::Router& router);

 private:
  using Answer = Task<net::Response>;
  void mount_apps(net::Router& router);
  void mount_users(net::Router& router);
  void mount_records(net::Router& router);

  Answer list_apps(net::Request& request);
  Answer put_app(net::Request& request);
  Answer get_app(net::Request& request);
  Answer patch_app(net::Request& request);
  Answer delete_app(net::Request& request);
  Answer verify(net::Request& request);

  Answer list_users(net::Request& request);
  Answer add_user(net::Request& request);
  Answer get_user(net::Request& request);
  Answer patch_user(net::Request& request);
  Answer read_phone(net::Request& request);
  Answer say(net::Request& request);
  Answer add_media(net::Request& request);
  Answer get_media(net::Request& request);

  Answer list_pushes(net::Request& request);
  Answer push_raw(net::Request& request);
  Answer list_calls(net::Request& request);
  Answer list_faults(net::Request& request);
  Answer add_fault(net::Request& request);
  Answer clear_faults(net::Request& request);
  Answer get_clock(net::Request& request);
  Answer move_clock(net::Request& request);

  World& world_;
  Feed& feed_;
  Pusher& pusher_;
  Phones& phones_;
};

}  // namespace miniops::sandbox
