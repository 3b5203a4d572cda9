// What the sandbox's WeChat remembers: mini programs, their users, what was said, pushed and called. All in memory,
// bounded, behind one mutex.
#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "base/ids.hpp"
#include "base/json.hpp"
#include "base/random.hpp"
#include "sandbox/clock.hpp"
#include "sandbox/faults.hpp"
#include "sandbox/media.hpp"
#include "sandbox/quotas.hpp"
#include "sandbox/ring.hpp"
#include "sandbox/send_window.hpp"
#include "sandbox/tokens.hpp"
#include "wechat/push.hpp"

namespace miniops::sandbox {

// What the owner of a mini program enters on WeChat's pages.
struct AppConfig {
  std::string appid, name, secret, push_url, token, encoding_aes_key;
  wechat::Mode mode = wechat::Mode::safe;
  wechat::Format format = wechat::Format::json;
};

// How pushes are tried, in real time. WeChat: 5 s, three deliveries in total, an unknown pause between them.
struct PushPolicy {
  TimeMs timeout_ms = 5'000;
  TimeMs retry_ms = 5'000;
  int tries = 3;
  bool retry_on_status = true;  // an answer that is not 200 is a failure too
};

// Done to every push of the app with these probabilities.
struct PushFaults {
  double duplicate_rate = 0, reorder_rate = 0, bad_signature_rate = 0, old_key_rate = 0;
};

struct PushTry {
  TimeMs at = 0;
  int status = 0;  // 0: no answer
  std::string body{};
  std::int64_t ms = 0;  // how long it took
  std::string error{};
};

enum class PushState { pending, delivered, failed };

// One message push with all its tries. Its number in the ring is its id.
struct PushRecord {
  std::uint64_t id = 0;
  TimeMs at = 0;
  std::string openid{}, kind{};  // kind: text, image, event:user_enter_tempsession, raw
  wechat::Mode mode = wechat::Mode::safe;
  wechat::Format format = wechat::Format::json;
  std::string url{};                    // with the query, as requested
  std::string message{};                // in clear
  std::string body{};                   // the bytes sent
  std::vector<std::string> switches{};  // duplicate, reorder, bad_signature, old_key
  PushState state = PushState::pending;
  std::string reply{};  // what the answer meant: success, transfer_customer_service, ignored:text, not_understood
  std::vector<PushTry> tries{};
};

// One call to WeChat's API. Tokens and secrets are masked before it is kept.
struct CallRecord {
  std::uint64_t seq = 0;
  TimeMs at = 0;
  std::string appid{}, api{}, method{}, query{}, body{}, answer{}, rid{}, fault{}, remote_address{};
  int status = 200;
  int errcode = 0;
  bool disconnected = false;
  std::int64_t ms = 0;
};

// One bubble on a user's phone. in: said by the user; out: came from the mini program; note: a remark of WeChat's.
enum class Direction { in, out, note };
struct Bubble {
  std::uint64_t seq = 0;
  TimeMs at = 0;
  Direction direction = Direction::in;
  std::string msgtype{};
  json::object content{};
  std::string msg_id{};
  std::uint64_t push_id = 0;  // 0: none
};

struct User {
  User(std::string id, std::string name) : openid(std::move(id)), nickname(std::move(name)) {}
  std::string openid, nickname;
  SendWindow window;
  TimeMs last_exchange_at = 0;
  TimeMs last_active_at = 0;  // when they last did something in the mini program
  TimeMs typing_until = 0;
  bool refuses = false;                                         // wants no messages: 48002
  std::map<std::string, std::int64_t, std::less<>> consents{};  // by template: subscribe messages that may still come
  Ring<Bubble> bubbles{2000};
};

struct App {
  AppConfig config;
  std::string original_id;                 // gh_…
  std::string previous_aes_key;            // EncodingAESKey before the last change
  std::vector<std::string> ip_whitelist;   // empty: all may get tokens
  std::vector<std::string> blocked_words;  // a text with one of them: 87014
  std::vector<std::string> risky_words;    // what msg_sec_check finds; of both, risky wins
  std::vector<std::string> review_words;
  std::vector<std::string> unauthorized_apis;  // 48001
  bool secret_frozen = false;
  int wrong_secret_errcode = 40125;
  WindowRules window;
  PushPolicy push_policy;
  PushFaults push_faults;
  TokenBook tokens;
  Quotas quotas;
  FaultPlan faults;
  MediaShelf media;
  std::map<std::string, User, std::less<>> users;
  Ring<PushRecord> pushes{2000};
  Ring<CallRecord> calls{5000};
  std::uint64_t messages_in = 0, messages_out = 0;
};

inline constexpr std::size_t apps_max = 100;
inline constexpr std::size_t users_max = 20'000;  // of one app

// A number that sets the app's original id, always the same for one appid.
std::string original_id_of(std::string_view appid);
std::string random_openid(Random& random);
std::string random_nickname(Random& random);
std::string random_rid(Random& random, TimeMs now);

// Safe from any thread.
class World {
 public:
  World(const Clock& base, Random& random) : clock(base), random(random), ids_(clock, 1023) {}

  // Runs `job(Apps&)` alone. The job does not wait, and keeps no reference when it returns.
  using Apps = std::map<std::string, App, std::less<>>;
  template <class F>
  auto locked(F job) {
    const std::lock_guard guard(mutex_);
    return job(apps_);
  }
  std::string next_msg_id() { return std::to_string(ids_.next()); }

  MovableClock clock;
  Random& random;

 private:
  std::mutex mutex_;
  Apps apps_;
  IdSource ids_;
};

// sandbox.unknown_app, sandbox.unknown_user
Result<App*> find_app(World::Apps& apps, std::string_view appid);
Result<User*> find_user(App& app, std::string_view openid);

}  // namespace miniops::sandbox
