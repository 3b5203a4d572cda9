#include "alerts/teller.hpp"

#include "alerts/errors.hpp"
#include "alerts/json_words.hpp"
#include "base/log.hpp"

namespace miniops::alerts {

namespace {

constexpr int mailboxes_at_once = 20;
constexpr int news_at_once = 200;  // in one message
constexpr int reminded_at_once = 50;
constexpr TimeMs look_again_ms = 30 * second_ms;  // at what is hidden
constexpr std::string_view resolved_word = "resolved";

std::vector<std::string> receivers_named_by(const std::optional<Rule>& rule) {
  return rule ? rule->receivers : std::vector<std::string>{};
}

}  // namespace

std::string hidden_by(sql::Transaction& tx, const Alert& alert, TimeMs now) {
  for (const Silence& silence : store::silences_of(tx, alert.appid, now))
    if (silences(silence, alert, now)) return fmt::format("silence:{}", silence.id);
  if (alert.severity == Severity::critical) return "";
  for (const Alert& other : store::open_alerts(tx, alert.appid)) {
    if (other.severity != Severity::critical || other.state == State::pending) continue;
    const auto rule = store::rule(tx, alert.appid, other.rule);
    if (rule && std::ranges::find(rule->inhibits, alert.kind) != rule->inhibits.end())
      return fmt::format("alert:{}", other.id.value());
  }
  return "";
}

// Whether an alert's news are to be told. If not they are dropped, or wait while it is hidden.
bool Teller::tells(sql::Transaction& tx, const Wanted& wanted, TimeMs now) {
  const Alert& alert = wanted.alert;
  const auto drop = [&] {
    for (const std::int64_t id : wanted.news) store::remove_news(tx, id);
    return false;
  };
  // That something is over concerns whoever heard of it.
  if (wanted.what == resolved_word) return (alert.told_at > 0 && !is_open(alert.state)) || drop();
  if (alert.state == State::acknowledged || alert.state == State::closed) return drop();
  const std::string hidden = hidden_by(tx, alert, now);
  // What was over before anybody could be told is nobody's concern any more.
  if (!is_open(alert.state) && !(hidden.empty() && alert.hidden_by.empty())) return drop();
  if (hidden.empty()) return true;
  for (const std::int64_t id : wanted.news) store::postpone_news(tx, id, now + look_again_ms);
  if (alert.hidden_by != hidden) {
    store::mark_hidden(tx, alert.id, hidden);
    Recorder(tx, with_.ids, now).note(alert, now, "hidden", "", {{"hidden_by", hidden}});
  }
  return false;
}

std::vector<Teller::Wanted> Teller::choose(sql::Transaction& tx, const store::Mailbox& mailbox, TimeMs now) {
  std::vector<Wanted> all;
  for (const store::News& news : store::news_of(tx, mailbox, news_at_once)) {
    auto one = std::ranges::find_if(all, [&](const Wanted& known) { return known.alert.id == news.alert; });
    if (one == all.end()) {
      auto alert = store::alert(tx, mailbox.appid, news.alert);
      if (!alert) {
        store::remove_news(tx, news.id);
        continue;
      }
      one = all.insert(all.end(), Wanted{std::move(*alert), news.what, {}});
    }
    one->news.push_back(news.id);
    if (news.what != resolved_word) one->what = news.what;
  }
  std::erase_if(all, [&](const Wanted& wanted) { return !tells(tx, wanted, now); });
  return all;
}

notify::Notification Teller::letter(sql::Transaction& tx, const store::Mailbox& mailbox,
                                    const std::vector<Wanted>& wanted, const Receivers& receivers) const {
  std::vector<Told> told;
  for (const Wanted& one : wanted) {
    const auto rule = store::rule(tx, mailbox.appid, one.alert.rule);
    told.push_back({&one.alert, one.what, rule ? rule->advice : ""});
  }
  Letter letter;
  const auto name = names_.find(mailbox.appid);
  letter.program = name == names_.end() ? mailbox.appid.str() : name->second;
  letter.language = receivers.language;
  letter.digest = mailbox.digest;
  if (!with_.public_url.empty())
    letter.link_base = fmt::format("{}/m/{}/alerts/", with_.public_url, mailbox.appid.str());
  return compose(letter, told);
}

Result<bool> Teller::tell_mailbox(sql::Transaction& tx, const store::Mailbox& mailbox, notify::NotificationId id,
                                  TimeMs now) {
  const Receivers receivers = store::receivers(tx, mailbox.appid).value_or(Receivers{});
  const Receiver* receiver = receivers.find(mailbox.receiver);
  if (receiver == nullptr) {
    for (const store::News& news : store::news_of(tx, mailbox, news_at_once)) store::remove_news(tx, news.id);
    return false;
  }
  // Ten at once, then one in each interval.
  const TimeMs interval = receivers.group_interval_ms;
  const TimeMs free_at = store::budget_free_at(tx, mailbox.appid, mailbox.receiver);
  if (const TimeMs room_at = free_at - (messages_at_once - 1) * interval; now < room_at) {
    store::postpone_mailbox(tx, mailbox, room_at);
    return false;
  }
  const auto wanted = choose(tx, mailbox, now);
  if (wanted.empty()) return false;
  notify::Notification message = letter(tx, mailbox, wanted, receivers);
  message.id = id;
  message.appid = mailbox.appid;
  message.channels = receiver->channels;
  message.dedupe_key = fmt::format("alerts:{}:{}", wanted.front().news.front(), mailbox.receiver);
  if (auto queued = with_.sender.queue(tx, message, now); !queued) return std::unexpected(queued.error());
  Recorder record(tx, with_.ids, now);
  for (const Wanted& one : wanted) {
    for (const std::int64_t news : one.news) store::remove_news(tx, news);
    store::mark_told(tx, one.alert.id, now);
    record.note(one.alert, now, "told", "", {{"receivers", json::array{mailbox.receiver}}, {"what", one.what}});
  }
  store::put_budget(tx, mailbox.appid, mailbox.receiver, std::max(now, free_at) + interval);
  return true;
}

Task<Result<bool>> Teller::tell() {
  const TimeMs now = with_.clock.now();
  auto find = [=](sql::Transaction& tx) -> Result<std::vector<store::Mailbox>> {
    return store::due_mailboxes(tx, now, mailboxes_at_once);
  };
  const auto due = co_await with_.database.read(std::move(find));
  if (!due) co_return std::unexpected(due.error());
  bool told = false;
  for (const store::Mailbox& mailbox : *due) {
    const auto id = with_.ids.next_as<notify::NotificationId>();
    auto tell = [this, mailbox, id, now](sql::Transaction& tx) { return tell_mailbox(tx, mailbox, id, now); };
    const auto done = co_await with_.database.write(std::move(tell));
    // One mailbox that cannot be emptied does not stop the others.
    if (!done) log::warn("alerts.not_told", {{"appid", mailbox.appid.str()}, {"code", done.error().code}});
    told = told || (done && *done);
  }
  if (told) with_.sender.wake();
  co_return told;
}

Result<void> Teller::remind_of(sql::Transaction& tx, const AppId& appid, AlertId id, TimeMs now) {
  const auto found = store::alert(tx, appid, id);
  if (!found || found->state != State::firing) return {};
  Alert alert = *found;
  const bool escalates = alert.escalate_at > 0 && alert.escalate_at <= now;
  const bool repeats = alert.repeat_at > 0 && alert.repeat_at <= now;
  Recorder record(tx, with_.ids, now);
  if (!hidden_by(tx, alert, now).empty()) {
    // Its times run on when it is seen again.
    if (escalates) alert.escalate_at = now + look_again_ms;
    if (repeats) alert.repeat_at = now + look_again_ms;
  } else {
    const Receivers receivers = store::receivers(tx, appid).value_or(Receivers{});
    if (escalates) {
      const auto& people = ++alert.escalated == 1 ? receivers.first : receivers.second;
      alert.escalate_at = alert.escalated == 1 ? now + receivers.response_of(alert.priority) : 0;
      record.note(alert, now, "escalated", "", {{"step", alert.escalated}, {"receivers", texts(people)}});
      record.tell(alert, people, "escalated");
    }
    if (repeats) {
      const auto rule = store::rule(tx, appid, alert.rule);
      alert.repeat_at = now + receivers.repeat_of(alert.severity);
      record.note(alert, now, "repeated");
      record.tell(alert, receivers.of(receivers_named_by(rule), alert), "repeated");
    }
  }
  if (!store::update_alert(tx, alert)) return fail(errors::changed());
  return {};
}

Task<Result<bool>> Teller::remind() {
  const TimeMs now = with_.clock.now();
  auto find = [=](sql::Transaction& tx) -> Result<std::vector<Alert>> {
    return store::due_alerts(tx, now, reminded_at_once);
  };
  const auto due = co_await with_.database.read(std::move(find));
  if (!due) co_return std::unexpected(due.error());
  for (const Alert& alert : *due) {
    auto act = [this, appid = alert.appid, id = alert.id, now](sql::Transaction& tx) {
      return remind_of(tx, appid, id, now);
    };
    const auto done = co_await with_.database.write(std::move(act));
    if (!done) log::warn("alerts.not_reminded", {{"alert", alert.id.str()}, {"code", done.error().code}});
  }
  co_return !due->empty();
}

}  // namespace miniops::alerts
