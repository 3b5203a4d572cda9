// The world around MiniOps in the power-cut test: WeChat with its customers' phones, the team's backend behind the
// relay, the agents. It lives through the power cuts and remembers what it was told, so that everything can be counted
// at the end. Everything it does is drawn from the seed.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <deque>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/random.hpp"
#include "desk/conversation.hpp"
#include "net/client.hpp"
#include "storage/testing/powercut_vfs.hpp"

namespace miniops::app {

inline const std::string appid = "wxpowercut";
inline const std::string push_token = "tokenforpushes";
inline const std::string platform_url = "http://wechat.test";
inline const std::string backend_url = "http://backend.test/push";
inline const std::string automatic_reply = "[[auto]]";
inline const std::string silence_warning = "[[silence]]";
inline constexpr int agents =
    3;  // accounts 1, 2, 3; the last one is in a group of its own, the others in the default one

// What one customer did, and how often WeChat has pushed it.
struct Push {
  std::string marker;  // "[[c3-17]]", found again in every store
  std::string openid;
  std::string body;
  int tries = 0;
  bool under_way = false;
  bool in_doubt = false;             // a try ended without an acknowledgement
  std::int64_t first_try_at = 0;     // moments of World::moment()
  std::int64_t acknowledged_at = 0;  // 0: never
};

// What one agent wanted to say. Its client_id makes a repetition by the browser harmless.
struct Answer {
  std::string text;  // "[[a17]]"
  std::string openid;
  desk::ConversationId conversation{};  // once it was tried
  int tries = 0;
  bool under_way = false;
  desk::MessageId promised{};  // the write returned with it
};

class World final : public net::HttpClient {
 public:
  World(std::uint64_t seed, sql::PowerCutDisk& disk);

  ManualClock clock;
  SeededRandom random;
  sql::PowerCutDisk& disk;
  bool calm = false;  // nothing goes wrong any more

  std::int64_t moment() { return ++moments_; }
  bool chance(int percent) { return random.below(100) < static_cast<std::uint64_t>(percent); }
  std::int64_t below(std::int64_t bound) {
    return static_cast<std::int64_t>(random.below(static_cast<std::uint64_t>(bound)));
  }

  // ---- customers ----
  std::vector<std::string> customers;
  std::deque<Push> pushes;  // in the order in which they were written
  void customer_acts(const std::string& openid);
  // One that WeChat would push now: not acknowledged and tries left, or (seldom) once more for nothing. nullptr: none.
  Push* next_push();
  static constexpr int tries_max = 3;
  std::size_t written_once = 0;  // how many of `customers`, from the front, write a single message

  // ---- agents ----
  std::deque<Answer> answers;
  Answer* next_answer();            // a new one, or one whose outcome the browser does not know
  std::map<std::string, int> acts;  // what they were told has happened to conversations, by the kind of its event

  // ---- the network ----
  Task<std::expected<net::ClientResponse, net::ClientFailure>> send(net::ClientRequest request) override;
  // Answers some of the calls that wait, all with `all`.
  void answer_calls(bool all);
  // The program is dead: what it still waits for never comes. Some of it has arrived all the same.
  void hang_up();
  void connect() { connected_ = true; }
  std::size_t calls_waiting() const { return calls_.size(); }

  // ---- what has arrived ----
  struct Delivered {
    std::string openid, text;
  };
  std::vector<Delivered> phone;                             // in order of arrival, with repetitions
  std::map<std::string, int> answers_lost;                  // by text: sends whose answer was not read
  std::map<std::string, std::vector<std::string>> backend;  // by customer: markers in order of first arrival
  int refused_by_budget = 0;

 private:
  struct Call;
  using Answered = std::expected<net::ClientResponse, net::ClientFailure>;
  struct Window {
    int remaining = 0;
    TimeMs expires_at = 0;
  };
  Answered decide(const net::ClientRequest& request);
  Answered token_call();
  Answered message_call(const net::ClientRequest& request);
  Answered backend_call(const net::ClientRequest& request);
  bool accept(const std::string& openid, const std::string& text);  // false: outside its window or budget
  std::string current_token() const { return "token-" + std::to_string(tokens_); }

  std::int64_t moments_ = 0;
  int messages_written_ = 0, tokens_ = 1;
  bool connected_ = false;
  std::map<std::string, Window> windows_;
  std::vector<std::shared_ptr<Call>> calls_;
};

// The first "[[…]]" in a text; empty: none.
std::string marker_in(std::string_view text);

}  // namespace miniops::app
