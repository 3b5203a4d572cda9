// WeChat's message push: GET and POST /wechat/push/{appid} (design 3.3).
//
// `success` goes out only when the push is durable in the journal. A refusal says nothing to the sender; it is counted
// by reason. A push that cannot be stored in time gets no answer: the connection is closed and WeChat tries again.
// (What WeChat does with an error status is not documented; gateway.refuse_with_status sends one all the same.)
#pragma once

#include <atomic>

#include "base/random.hpp"
#include "gateway/journal.hpp"
#include "gateway/miniprograms.hpp"
#include "gateway/push_stats.hpp"
#include "net/router.hpp"

namespace miniops::gateway {

// Is someone of the team there? Implemented by the desk; called on io threads, must not block.
class WorkingHours {
 public:
  virtual ~WorkingHours() = default;
  virtual bool open_at(const AppId& appid, TimeMs at) = 0;
};

class PushEndpoint {
 public:
  PushEndpoint(MiniPrograms& programs, Journal& journal, PushStats& stats, const Clock& clock, Random& random,
               TimeMs store_deadline_ms, int refuse_with_status = 0);

  void set_working_hours(WorkingHours& hours) { hours_ = &hours; }
  void mount(net::Router& router);

  Task<net::Response> verify(net::Request& request);   // GET
  Task<net::Response> receive(net::Request& request);  // POST

 private:
  bool transfers(const MiniProgram& program, const wechat::Message& message, TimeMs now) const;

  MiniPrograms& programs_;
  Journal& journal_;
  PushStats& stats_;
  const Clock& clock_;
  Random& random_;
  const TimeMs store_deadline_ms_;
  const int refuse_with_status_;  // 0: no answer
  std::atomic<WorkingHours*> hours_{nullptr};
};

}  // namespace miniops::gateway
