#include "reports/facts.hpp"

#include <algorithm>
#include <limits>
#include <optional>
#include <span>

namespace miniops::reports {

namespace {

constexpr std::string_view group_prefix = "group:";

bool is_one_of(std::string_view kind, std::initializer_list<std::string_view> kinds) {
  return std::ranges::find(kinds, kind) != kinds.end();
}

bool to_group(const EventRow& event) {
  return is_one_of(event.kind, {"transferred", "escalated"}) && event.to.starts_with(group_prefix);
}
bool to_queue(const EventRow& event) {
  return event.to == "queued" || is_one_of(event.kind, {"released", "returned"}) || to_group(event);
}
bool to_agent(const EventRow& event) {
  return is_one_of(event.kind, {"assigned", "taken", "unparked"}) || (event.kind == "transferred" && !to_group(event));
}

template <class Id>
Id id_in(std::string_view text) {
  return parse_as<Id>(text).value_or(Id());
}

// Goes through the events, and remembers who had the conversation when.
class Walk {
 public:
  explicit Walk(Facts& facts) : facts_(facts) { facts_.group = default_group; }

  void event(const EventRow& event) {
    if (event.kind == "transferred") facts_.transfers.push_back({event.at, id_in<AccountId>(event.from), facts_.group});
    if (event.kind == "routed") {
      in_group(id_in<GroupId>(event.to));
    } else if (event.kind == "closed") {
      close(event);
    } else if (to_queue(event)) {
      queue(event);
    } else if (to_agent(event)) {
      give(event);
    } else if (event.kind == "parked") {
      end_hold(event.at);
      end_wait(event.at, false);  // by the customer, who left a message
    } else {
      return;  // of no consequence here
    }
    moments_.push_back({event.at, holder_, facts_.group});
  }

  struct Moment {
    TimeMs at = 0;
    AccountId agent{};
    GroupId group = default_group;
  };
  Moment at(TimeMs time) const {
    const auto after = std::ranges::upper_bound(moments_, time, {}, &Moment::at);
    return after == moments_.begin() ? Moment{} : *std::prev(after);
  }

 private:
  void in_group(GroupId group) {
    if (group.empty()) return;
    facts_.group = group;
    if (waits_) facts_.waits.back().group = group;
  }

  void queue(const EventRow& event) {
    end_hold(event.at);
    if (event.kind == "reopened") reopen();
    holder_ = {};
    if (to_group(event)) in_group(id_in<GroupId>(event.to.substr(group_prefix.size())));
    const TimeMs since = event.kind == "opened" ? facts_.opened_at : event.at;
    if (facts_.queued_at == 0) facts_.queued_at = since;
    // Who reopens it has it at once.
    if (waits_ || (event.kind == "reopened" && event.by_agent)) return;
    waits_ = true;
    facts_.waits.push_back({.started_at = since, .group = facts_.group});
  }

  void give(const EventRow& event) {
    end_hold(event.at);
    holder_ = id_in<AccountId>(event.to);
    end_wait(event.at, false);
    if (holder_.empty()) return;
    facts_.agent = holder_;
    Hold& hold = hold_of(holder_);
    hold.group = facts_.group;
    hold.running = true;
    held_since_ = event.at;
  }

  void close(const EventRow& event) {
    end_hold(event.at);
    end_wait(event.at, true);
    facts_.closed_at = event.at;
    facts_.resolved = event.to == "resolved";
  }

  void reopen() {
    ++facts_.reopened;
    facts_.closed_at = 0;
    facts_.resolved = false;
  }

  void end_wait(TimeMs at, bool abandoned) {
    if (!waits_) return;
    waits_ = false;
    Wait& wait = facts_.waits.back();
    wait.ended_at = std::max(at, wait.started_at);
    wait.abandoned = abandoned;
    if (!abandoned) wait.agent = holder_;
  }

  void end_hold(TimeMs at) {
    for (Hold& hold : facts_.holds) {
      if (!hold.running) continue;
      hold.running = false;
      hold.ms += std::max<TimeMs>(at - held_since_, 0);
    }
  }

  Hold& hold_of(AccountId agent) {
    const auto known = std::ranges::find(facts_.holds, agent, &Hold::agent);
    return known != facts_.holds.end() ? *known : facts_.holds.emplace_back(Hold{.agent = agent});
  }

  Facts& facts_;
  std::vector<Moment> moments_;
  AccountId holder_{};  // keeps it while parked and when closed
  bool waits_ = false;
  TimeMs held_since_ = 0;
};

// An answer that the channel accepted.
struct AnswerGiven {
  std::int64_t seq = 0;
  TimeMs queued_at = 0, accepted_at = 0;
  AccountId agent{};
};

// The answers that were sent until a closing, and of them the first to be accepted after any moment.
class Answers {
 public:
  Answers(std::span<const AnswerGiven> all, std::int64_t last_seq) {
    for (const AnswerGiven& one : all)
      if (one.seq <= last_seq) sorted_.push_back(one);
    std::ranges::sort(sorted_, {}, [](const AnswerGiven& one) { return std::pair(one.queued_at, one.seq); });
    earliest_.resize(sorted_.size());
    for (std::size_t i = sorted_.size(); i-- > 0;) {
      const bool last = i + 1 == sorted_.size();
      earliest_[i] = last || sorted_[i].accepted_at <= sorted_[earliest_[i + 1]].accepted_at ? i : earliest_[i + 1];
    }
  }
  // Of those sent at that time or later; nullptr: none.
  const AnswerGiven* to(TimeMs asked_at) const {
    const auto from = std::ranges::lower_bound(sorted_, asked_at, {}, &AnswerGiven::queued_at);
    if (from == sorted_.end()) return nullptr;
    return &sorted_[earliest_[static_cast<std::size_t>(from - sorted_.begin())]];
  }

 private:
  std::vector<AnswerGiven> sorted_;
  std::vector<std::size_t> earliest_;  // from here on, the one that was accepted first
};

struct Closing {
  std::int64_t seq = std::numeric_limits<std::int64_t>::max();
  TimeMs at = 0;  // none: not closed
};

// Messages with the same answer are one turn; those without one before the same closing, too.
class Turns {
 public:
  Turns(Facts& facts, const Walk& walk, const std::vector<AnswerGiven>& answers, std::vector<Closing> closings)
      : facts_(facts), walk_(walk), answers_(answers), closings_(std::move(closings)) {}

  void asked(const MessageRow& message) {
    while (!within_ || closings_[closing_].seq < message.seq) next_period();
    const AnswerGiven* answer = within_->to(message.created_at);
    const std::int64_t by = answer == nullptr ? 0 : answer->seq;
    if (in_turn_ && by == answered_by_) return;
    in_turn_ = true;
    answered_by_ = by;
    facts_.turns.push_back(answer == nullptr ? unanswered(message) : answered(message, *answer));
  }

 private:
  // The last of them never ends.
  void next_period() {
    if (within_) ++closing_;
    within_.emplace(answers_, closings_[closing_].seq);
    if (answered_by_ == 0) in_turn_ = false;
  }
  Turn unanswered(const MessageRow& message) const {
    const TimeMs closed_at = closings_[closing_].at;
    const auto then = walk_.at(closed_at != 0 ? closed_at : std::numeric_limits<TimeMs>::max());
    return {message.created_at, 0, then.agent, then.group, closed_at != 0};
  }
  Turn answered(const MessageRow& message, const AnswerGiven& answer) const {
    const auto then = walk_.at(answer.queued_at);
    return {message.created_at, answer.accepted_at, then.agent.empty() ? answer.agent : then.agent, then.group, false};
  }

  Facts& facts_;
  const Walk& walk_;
  const std::vector<AnswerGiven>& answers_;
  const std::vector<Closing> closings_;
  std::size_t closing_ = 0;
  std::optional<Answers> within_;
  bool in_turn_ = false;
  std::int64_t answered_by_ = 0;
};

std::vector<AnswerGiven> answers_in(const std::vector<MessageRow>& messages) {
  std::vector<AnswerGiven> answers;
  for (const MessageRow& one : messages)
    if (one.sender == Sender::agent && one.accepted_at != 0)
      answers.push_back({one.seq, one.queued_at, one.accepted_at, one.agent});
  return answers;
}

std::vector<Closing> closings_in(const std::vector<EventRow>& events) {
  std::vector<Closing> closings;
  for (const EventRow& event : events)
    if (event.kind == "closed") closings.push_back({event.seq, event.at});
  closings.push_back({});
  return closings;
}

void note_first_messages(const ConversationRows& rows, const std::vector<AnswerGiven>& answers, const Walk& walk,
                         Facts& facts) {
  for (const MessageRow& one : rows.messages) {
    if (one.sender == Sender::customer || one.accepted_at == 0 || one.queued_at < rows.opened_at) continue;
    if (facts.reacted_at == 0 || one.accepted_at < facts.reacted_at) facts.reacted_at = one.accepted_at;
  }
  facts.human = !answers.empty();
  if (facts.queued_at == 0) return;
  const Answers all(answers, std::numeric_limits<std::int64_t>::max());
  const AnswerGiven* first = all.to(facts.queued_at);
  if (first == nullptr) return;
  const auto then = walk.at(first->queued_at);
  facts.answered_at = first->accepted_at;
  facts.answered_by = then.agent.empty() ? first->agent : then.agent;
  facts.answered_group = then.group;
}

}  // namespace

Facts facts_of(const ConversationRows& rows) {
  Facts facts;
  facts.id = rows.id;
  facts.opened_at = rows.opened_at;
  facts.next_opened_at = rows.next_opened_at;
  facts.source = rows.source;
  facts.reason = rows.reason;
  facts.tags = rows.tags;
  facts.surveyed = rows.survey.delivered;
  facts.score = rows.survey.score;
  Walk walk(facts);
  for (const EventRow& event : rows.events) walk.event(event);
  const std::vector<AnswerGiven> answers = answers_in(rows.messages);
  note_first_messages(rows, answers, walk, facts);
  Turns turns(facts, walk, answers, closings_in(rows.events));
  for (const MessageRow& message : rows.messages)
    if (message.sender == Sender::customer) turns.asked(message);
  return facts;
}

TimeMs last_moment(const ConversationRows& rows) {
  TimeMs last = rows.opened_at;
  for (const EventRow& event : rows.events) last = std::max(last, event.at);
  for (const MessageRow& message : rows.messages) last = std::max({last, message.created_at, message.accepted_at});
  return last;
}

}  // namespace miniops::reports
