#include "service_levels/conversation_clocks.hpp"

#include "service_levels/errors.hpp"

namespace miniops::service_levels {

ConversationClocks::ConversationClocks(sql::Transaction& tx, IdSource& ids, About about)
    : tx_(tx),
      ids_(ids),
      about_(std::move(about)),
      stored_(store::unsettled(tx, about_.conversation)),
      clocks_(stored_) {
  hours_[about_.hours->key] = about_.hours;
}

ServiceClock* ConversationClocks::find(Kind kind, bool open) {
  const auto found =
      std::ranges::find_if(clocks_, [=](const ServiceClock& one) { return one.kind == kind && one.open() == open; });
  return found == clocks_.end() ? nullptr : &*found;
}

ServiceClock* ConversationClocks::owing() {
  ServiceClock* first = find(Kind::first_answer, true);
  return first != nullptr ? first : find(Kind::next_answer, true);
}

const calendar::Calendar& ConversationClocks::calendar_of(const ServiceClock& clock) {
  SharedHours& hours = hours_[clock.calendar_key];
  if (hours == nullptr) hours = store::hours(tx_, clock.calendar_key);
  return hours->calendar;
}

// Without a target there is no clock.
void ConversationClocks::start(Kind kind, TimeMs at) {
  if (!terms_) terms_.emplace(store::terms(tx_, about_.appid, about_.group, about_.priority));
  if (!*terms_) return;
  const auto& [target, warnings] = **terms_;
  ServiceClock clock;
  clock.target_ms = target_ms(target, kind);
  if (clock.target_ms == 0) return;
  clock.id = ids_.next_as<ClockId>();
  clock.conversation = about_.conversation;
  clock.kind = kind;
  clock.appid = about_.appid;
  clock.group = about_.group;
  clock.priority = about_.priority;
  clock.half_percent = warnings.half_percent;
  clock.most_percent = warnings.most_percent;
  clock.day = day_of(*about_.hours, at);
  clock.started_at = at;
  if (target.business) {
    store::keep(tx_, *about_.hours);
    clock.calendar_key = about_.hours->key;
  }
  service_levels::start(clock, calendar_of(clock));
  clocks_.push_back(std::move(clock));
}

// A target that was passed is of whoever had the conversation then; one that was kept, of who kept it.
void ConversationClocks::attribute(ServiceClock& clock, const ServiceClock& before, AccountId agent) const {
  if (before.breached_at != 0) return;
  if (clock.breached_at != 0) {
    clock.agent = about_.agent;
  } else if (!clock.open()) {
    clock.agent = agent;
  }
}

void ConversationClocks::pause_resolution(Pause why, TimeMs at) {
  ServiceClock* resolution = find(Kind::resolution, true);
  if (resolution == nullptr) return;
  const ServiceClock before = *resolution;
  pause(*resolution, calendar_of(*resolution), why, at);
  attribute(*resolution, before, about_.agent);
}

void ConversationClocks::resume_resolution(Pause why, TimeMs at) {
  ServiceClock* resolution = find(Kind::resolution, true);
  if (resolution != nullptr) resume(*resolution, calendar_of(*resolution), why, at);
}

// ---- what happens ----

void ConversationClocks::opened(TimeMs now) {
  if (find(Kind::resolution, true) == nullptr && find(Kind::resolution, false) == nullptr) start(Kind::resolution, now);
}

void ConversationClocks::queued(TimeMs now) {
  resume_resolution(pause_parked, now);
  if (find(Kind::first_answer, true) != nullptr) return;
  ServiceClock* before = find(Kind::first_answer, false);
  if (before == nullptr) {
    start(Kind::first_answer, now);
  } else if (before->end == End::closed) {  // it was reopened, and is owed that answer still
    take_up(*before, calendar_of(*before), now);
  }
}

void ConversationClocks::asked(TimeMs at) {
  resume_resolution(pause_customer, at);
  if (about_.with_people && owing() == nullptr) start(Kind::next_answer, at);
}

void ConversationClocks::answered(const Answer& answer) {
  for (ServiceClock& clock : clocks_) {
    if (clock.kind == Kind::resolution || clock.started_at > answer.written_at) continue;
    // Whoever answers and closes at once has answered, though WeChat accepts it a moment later.
    const bool on_its_way = clock.end == End::closed && answer.written_at <= clock.stopped_at;
    if (!clock.open() && !on_its_way) continue;
    const ServiceClock before = clock;
    if (on_its_way) undo_stop(clock);
    stop(clock, calendar_of(clock), End::answered, answer.accepted_at);
    attribute(clock, before, answer.agent);
  }
  if (answer.asked_again_at == 0) {
    pause_resolution(pause_customer, answer.accepted_at);
  } else if (about_.with_people && owing() == nullptr) {
    start(Kind::next_answer, answer.asked_again_at);
  }
}

void ConversationClocks::parked(TimeMs now) { pause_resolution(pause_parked, now); }

void ConversationClocks::unparked(TimeMs now) { resume_resolution(pause_parked, now); }

void ConversationClocks::closed(TimeMs now) {
  for (ServiceClock& clock : clocks_) {
    if (!clock.open()) continue;
    const ServiceClock before = clock;
    stop(clock, calendar_of(clock), End::closed, now);
    attribute(clock, before, about_.agent);
  }
}

void ConversationClocks::reopened(TimeMs now) {
  if (ServiceClock* resolution = find(Kind::resolution, false); resolution != nullptr)
    take_up(*resolution, calendar_of(*resolution), now);
}

std::vector<Notice> ConversationClocks::fire(TimeMs now) {
  std::vector<Notice> notices;
  for (ServiceClock& clock : clocks_) {
    const ServiceClock before = clock;
    const Level level = warn(clock, calendar_of(clock), now);
    attribute(clock, before, about_.agent);
    if (level == Level::none) continue;
    notices.push_back({about_.conversation, clock.kind, level, clock.due_at, clock.group, about_.agent});
  }
  return notices;
}

// ---- and what it leaves ----

std::vector<Mark> ConversationClocks::marks(TimeMs now) const { return marks_of(clocks_, now); }

Result<TimeMs> ConversationClocks::save() {
  TimeMs next_at = 0;
  for (std::size_t i = 0; i < clocks_.size(); ++i) {
    ServiceClock& clock = clocks_[i];
    if (clock.next_at != 0 && (next_at == 0 || clock.next_at < next_at)) next_at = clock.next_at;
    if (i < stored_.size() && clock == stored_[i]) continue;
    if (i >= stored_.size()) {
      clock.version = 1;
      store::insert_clock(tx_, clock);
    } else {
      if (!store::update_clock(tx_, clock)) return fail(errors::changed());
      ++clock.version;
    }
  }
  stored_ = clocks_;
  return next_at;
}

Notice window_closing(const About& about, TimeMs closes_at) {
  return {about.conversation, std::nullopt, Level::most, closes_at, about.group, about.agent};
}

}  // namespace miniops::service_levels
