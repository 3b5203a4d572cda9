// What happens in one conversation, step by step, as the desk would record it.
#pragma once

#include "reports/rows.hpp"

namespace miniops::reports {

inline constexpr TimeMs ten_o_clock = 1773453600000;  // 2026-03-14 10:00:00 in Shanghai

class History {
 public:
  explicit History(std::int64_t id, TimeMs opened_at = ten_o_clock) : at_(opened_at) {
    rows_.id = ConversationId(id);
    rows_.appid = AppId("wxshop");
    rows_.opened_at = opened_at;
    says();
    event("opened", "queued");
  }

  // Seconds since the opening.
  History& at(double seconds) {
    at_ = rows_.opened_at + static_cast<TimeMs>(seconds * 1000);
    return *this;
  }
  History& later(TimeMs ms) {
    at_ += ms;
    return *this;
  }
  TimeMs now() const { return at_; }

  History& event(std::string kind, std::string to = "", std::string from = "", bool by_agent = false) {
    rows_.events.push_back({at_, std::move(kind), std::move(from), std::move(to), by_agent, seq_});
    return *this;
  }
  History& says() {
    rows_.messages.push_back({++seq_, Sender::customer, {}, at_, 0, 0});
    return *this;
  }
  // accepted_ms: how long the channel took; less than 0: it did not accept.
  History& answers(std::int64_t agent, TimeMs accepted_ms = 1000) {
    return sends(Sender::agent, AccountId(agent), accepted_ms);
  }
  History& greets(TimeMs accepted_ms = 1000) { return sends(Sender::machine, {}, accepted_ms); }
  History& assigned(std::int64_t agent) { return event("assigned", std::to_string(agent)); }
  History& routed(std::int64_t group) { return event("routed", std::to_string(group)); }
  History& transferred(std::int64_t from, std::int64_t to) {
    return event("transferred", std::to_string(to), std::to_string(from), true);
  }
  History& to_group(std::int64_t from, std::int64_t group) {
    return event("transferred", "group:" + std::to_string(group), from == 0 ? "" : std::to_string(from), true);
  }
  History& returned(std::int64_t from) { return event("returned", "", std::to_string(from)); }
  History& parked() { return event("parked"); }
  History& unparked(std::int64_t agent) { return event("unparked", std::to_string(agent)); }
  History& closed(std::string outcome = "resolved") { return event("closed", std::move(outcome), "assigned", true); }
  // By a message of the customer.
  History& comes_back() { return says().event("reopened", "queued", "assigned"); }
  // By an agent, who has it then.
  History& taken_up(std::int64_t agent) {
    return event("reopened", "queued", "assigned", true).event("taken", std::to_string(agent), "", true);
  }
  History& from(std::string source) {
    rows_.source = std::move(source);
    return *this;
  }
  History& about(std::int64_t reason, std::vector<std::string> tags) {
    rows_.reason = ReasonId(reason);
    rows_.tags = std::move(tags);
    return *this;
  }
  History& followed_by(TimeMs opened_at) {
    rows_.next_opened_at = opened_at;
    return *this;
  }
  History& surveyed(int score) {
    rows_.survey = {true, score};
    return *this;
  }

  ConversationRows& rows() { return rows_; }

 private:
  History& sends(Sender sender, AccountId agent, TimeMs accepted_ms) {
    rows_.messages.push_back({++seq_, sender, agent, at_, at_, accepted_ms < 0 ? 0 : at_ + accepted_ms});
    return *this;
  }

  ConversationRows rows_;
  TimeMs at_;
  std::int64_t seq_ = 0;
};

// The conversation that docs/metrics.md tells.
inline History example(std::int64_t id = 1) {
  History history(id);
  history.at(1).greets(1000);
  history.at(20).says();
  history.at(60).assigned(7);
  history.at(90).answers(7, 1000);
  history.at(180).says();
  history.at(240).transferred(7, 8);
  history.at(300).answers(8, 2000);
  history.at(360).says();
  history.at(600).closed();
  return history;
}

}  // namespace miniops::reports
