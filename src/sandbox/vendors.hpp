// The other services that a server sends notifications through, beside WeChat: WeCom and Tencent Cloud's SMS, on their
// own paths, and the control calls that set them up and show what arrived.
#pragma once

#include <mutex>

#include "net/router.hpp"
#include "sandbox/faults.hpp"
#include "sandbox/feed.hpp"
#include "sandbox/sms.hpp"
#include "sandbox/wecom.hpp"
#include "sandbox/world.hpp"

namespace miniops::sandbox {

// `world` (its clock and randomness) and `feed` must outlive it and the router. Safe from any thread.
class Vendors {
 public:
  Vendors(World& world, Feed& feed) : world_(world), feed_(feed) {}
  void mount(net::Router& router);

 private:
  using Answer = Task<net::Response>;
  // What an API does, without its faults.
  using Act = json::object (Vendors::*)(const net::Request&);
  void mount_control(net::Router& router);

  Answer answer(std::string_view api, Act act, net::Request& request);
  json::object robot_send(const net::Request& request);
  json::object give_token(const net::Request& request);
  json::object app_send(const net::Request& request);
  json::object send_sms(const net::Request& request);

  Answer list_robots(net::Request& request);
  Answer put_robot(net::Request& request);
  Answer remove_robot(net::Request& request);
  Answer robot_messages(net::Request& request);
  Answer list_wecom_apps(net::Request& request);
  Answer put_wecom_app(net::Request& request);
  Answer end_tokens(net::Request& request);
  Answer put_sms_account(net::Request& request);
  Answer list_sms(net::Request& request);
  Answer list_faults(net::Request& request);
  Answer add_fault(net::Request& request);
  Answer clear_faults(net::Request& request);

  World& world_;
  Feed& feed_;
  std::mutex mutex_;
  Wecom wecom_;
  Sms sms_;
  FaultPlan faults_;
};

}  // namespace miniops::sandbox
