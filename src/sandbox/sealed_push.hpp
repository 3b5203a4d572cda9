// A message push as WeChat sends it: signed, and encrypted where the mode says so. And what its answer means. Pure.
#pragma once

#include <string>
#include <string_view>

#include "base/random.hpp"
#include "sandbox/world.hpp"

namespace miniops::sandbox {

// What is wrong with one push on purpose.
struct PushSwitches {
  int duplicate = 0;     // sent so many times more, at the same time
  bool reorder = false;  // held back for a moment, so that later ones overtake it
  bool bad_signature = false;
  bool old_key = false;  // encrypted with the EncodingAESKey before the current one
  bool as_is = false;    // the body goes out as given: neither built nor encrypted, but signed
  TimeMs delay_ms = 0;
};
// The app's own rates applied.
PushSwitches with_rates(PushSwitches switches, const PushFaults& rates, Random& random);

struct SealedPush {
  std::string query;
  std::string body;
};
// The app must have an EncodingAESKey when its mode is not plain.
SealedPush seal_push(const App& app, std::string_view openid, std::string_view message, const PushSwitches& switches,
                     TimeMs now, Random& random);

// The push address with the query added.
std::string with_query(std::string_view url, std::string_view query);

// What an answer of status 200 asks WeChat to do: "success" (nothing), "transfer_customer_service", "ignored:<MsgType>"
// (a passive reply that mini programs do not have), "bad_signature", "not_understood".
std::string meaning_of_reply(const AppConfig& config, std::string_view body);

}  // namespace miniops::sandbox
