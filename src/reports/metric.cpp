#include "reports/metric.hpp"

#include <algorithm>

namespace miniops::reports {

namespace {

constexpr std::array<Form, metrics> forms{Form::count,    Form::count,    Form::duration, Form::duration,
                                          Form::duration, Form::duration, Form::duration, Form::count,
                                          Form::share,    Form::share,    Form::share};

// The times of one conversation, and shares of it.
class Teller {
 public:
  Teller(const Facts& facts, TimeMs now, std::vector<Sample>& into) : facts_(facts), now_(now), into_(into) {}

  void conversation() {
    const Sample whole{.at = facts_.opened_at, .agent = facts_.agent, .group = facts_.group};
    add(Metric::conversations, whole, 1);
    if (facts_.reopened > 0) add(Metric::reopened, whole, 1);
  }

  void first_messages() {
    const bool closed = facts_.closed_at != 0;
    const Sample reaction{.at = facts_.opened_at, .agent = facts_.agent, .group = facts_.group};
    until(Metric::first_reaction, reaction, facts_.reacted_at, closed);
    if (facts_.queued_at == 0) return;  // people had nothing to do with it
    const bool answered = facts_.answered_at != 0;
    const Sample answer{.at = facts_.queued_at,
                        .agent = answered ? facts_.answered_by : facts_.agent,
                        .group = answered ? facts_.answered_group : facts_.group};
    until(Metric::first_answer, answer, facts_.answered_at, closed);
  }

  void spells() {
    for (const Turn& turn : facts_.turns)
      until(Metric::response, {.at = turn.started_at, .agent = turn.agent, .group = turn.group}, turn.answered_at,
            turn.over);
    for (const Wait& wait : facts_.waits)
      until(Metric::wait, {.at = wait.started_at, .until = wait.ended_at, .agent = wait.agent, .group = wait.group},
            wait.abandoned ? 0 : wait.ended_at, wait.abandoned);
    for (const Hold& hold : facts_.holds) {
      Sample sample{.at = facts_.opened_at, .agent = hold.agent, .group = hold.group};
      if (hold.running) sample.state = State::open;
      add(Metric::handling, sample, hold.ms);
    }
    for (const Transfer& transfer : facts_.transfers)
      add(Metric::transfers, {.at = transfer.at, .agent = transfer.from, .group = transfer.group}, 1);
  }

  void outcome() {
    const TimeMs closed_at = facts_.closed_at != 0 ? facts_.closed_at : facts_.opened_at;
    const Sample end{.at = closed_at, .agent = facts_.agent, .group = facts_.group};
    if (facts_.closed_at != 0 && facts_.human) {
      add(Metric::resolution, end, facts_.resolved ? 1 : 0);
      const TimeMs over_at = facts_.closed_at + first_contact_ms;
      const bool came_back = facts_.next_opened_at != 0 && facts_.next_opened_at < over_at;
      Sample contact = end;
      if (facts_.resolved && !came_back && now_ < over_at) contact.state = State::open;
      add(Metric::first_contact, contact, facts_.resolved && !came_back ? 1 : 0);
    }
    if (!facts_.surveyed && facts_.score == 0) return;
    Sample score = end;
    if (facts_.score == 0) score.state = State::missed;
    add(Metric::satisfaction, score, facts_.score);
  }

 private:
  void add(Metric metric, Sample sample, std::int64_t value) {
    sample.metric = metric;
    sample.value = value;
    into_.push_back(sample);
  }
  void until(Metric metric, Sample sample, TimeMs end, bool over) {
    sample.state = end != 0 ? State::counted : over ? State::missed : State::open;
    if (end != 0) sample.until = end;
    add(metric, sample, end != 0 ? std::max<TimeMs>(end - sample.at, 0) : 0);
  }

  const Facts& facts_;
  const TimeMs now_;
  std::vector<Sample>& into_;
};

}  // namespace

Form form_of(Metric metric) { return forms[static_cast<std::size_t>(metric)]; }

bool is_hit(const Sample& sample) {
  if (sample.state != State::counted) return false;
  return sample.value >= (sample.metric == Metric::satisfaction ? satisfied_from : 1);
}

void samples_of(const Facts& facts, TimeMs now, std::vector<Sample>& into) {
  into.clear();
  Teller teller(facts, now, into);
  teller.conversation();
  teller.first_messages();
  teller.spells();
  teller.outcome();
}

}  // namespace miniops::reports
