// WeChat's API on WeChat's paths: who calls, whether something goes wrong on purpose, the answer, the record of it.
#pragma once

#include <optional>
#include <string>

#include "net/router.hpp"
#include "sandbox/api_call.hpp"
#include "sandbox/feed.hpp"

namespace miniops::sandbox {

// `world` and `feed` must outlive it and the router that it is mounted on. Safe from any thread.
class PlatformApi {
 public:
  PlatformApi(World& world, Feed& feed) : world_(world), feed_(feed) {}
  void mount(net::Router& router);

 private:
  // What is known before the call is answered.
  struct Opened {
    std::string appid;  // empty: nobody's
    int errcode = 0;    // refused already
    json::object body;
    std::optional<Fault> fault;
  };
  Task<net::Response> answer(const ApiSpec& spec, net::Request& request);
  Opened open(const ApiSpec& spec, const net::Request& request);
  ApiAnswer perform(const ApiSpec& spec, const net::Request& request, Opened& opened);
  net::Response respond(const ApiAnswer& answer, const std::string& rid) const;
  void record(CallRecord call);

  World& world_;
  Feed& feed_;
};

}  // namespace miniops::sandbox
