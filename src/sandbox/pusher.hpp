// Delivers message pushes: 5 s for an answer, three deliveries in total, as WeChat does; every try is recorded.
#pragma once

#include <atomic>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "net/client.hpp"
#include "net/server.hpp"
#include "sandbox/feed.hpp"
#include "sandbox/sealed_push.hpp"
#include "sandbox/world.hpp"

namespace miniops::sandbox {

// A push that is on record and waits for deliver().
struct PreparedPush {
  std::string appid{};
  std::uint64_t id = 0;  // 0: the app has no push address, nothing will be sent
  std::vector<std::uint64_t> duplicates{};
  TimeMs hold_ms = 0;
};

// Everything given must outlive it, and `io` must have stopped before it goes. Safe from any thread.
class Pusher {
 public:
  Pusher(World& world, Feed& feed, net::HttpClient& client, net::IoThreads& io)
      : world_(world), feed_(feed), client_(client), io_(io) {}

  // Called inside World::locked: builds and records the push.
  PreparedPush prepare(App& app, std::string_view openid, std::string_view kind, std::string_view message,
                       const PushSwitches& switches);
  // All tries; duplicates go on their own.
  Task<void> deliver(PreparedPush push);
  void deliver_later(PreparedPush push);

  // The GET check of the push address with an echostr: {ok, status, body, ms, error}. sandbox.unknown_app
  Task<Result<json::object>> verify(std::string appid);

 private:
  struct Attempt {
    net::ClientRequest request;
    AppConfig config;
    PushPolicy policy;
  };
  Task<void> deliver_one(std::string appid, std::uint64_t id, TimeMs hold_ms);
  Task<PushTry> attempt(net::ClientRequest request);
  // False: nothing is left to do.
  bool load(const std::string& appid, std::uint64_t id, Attempt& attempt);
  void note(const std::string& appid, std::uint64_t id, const PushTry& result, PushState state, std::string reply);

  World& world_;
  Feed& feed_;
  net::HttpClient& client_;
  net::IoThreads& io_;
  std::atomic<std::size_t> next_thread_{0};
};

}  // namespace miniops::sandbox
