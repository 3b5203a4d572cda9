// What is known of a conversation when its queue is chosen. A value, filled by whoever asks: the transaction that
// queues, the simulator, the replay of past weeks.
#pragma once

#include <string>
#include <vector>

#include "base/clock.hpp"

namespace miniops::routing {

// Of session-from. is_signed: by the mini program's server (people::signed_parameters); else the phone says so.
struct Parameter {
  std::string name{}, value{};
  bool is_signed = false;
};

struct Facts {
  std::string page{};                   // that the customer came from
  std::vector<Parameter> parameters{};  // a name may be there twice, signed and not
  std::vector<std::string> tags{};
  int level = 0;                     // the profile's: from the API, an agent, or signed; never what a phone says
  std::vector<std::string> texts{};  // the first messages; the first 5, 2000 characters of each, are looked at
  std::string msgtype{};             // of the first message
  std::string language{};            // "zh_CN"; empty: not known
  bool open = true;                  // whether it is the mini program's working time
  std::int64_t priority = 0;         // the conversation's own, 0 … 1000
  TimeMs waiting_since = 0;          // 0: does not wait yet
};

}  // namespace miniops::routing
