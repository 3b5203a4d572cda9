#include "desk/timers.hpp"

#include "base/log.hpp"
#include "desk/agents_store.hpp"
#include "desk/automatic.hpp"
#include "desk/automation.hpp"
#include "desk/escalation.hpp"
#include "desk/left_message.hpp"
#include "desk/queue_help.hpp"

namespace miniops::desk {

namespace {

constexpr int fired_together = 50;
constexpr TimeMs put_off_ms = minute_ms;
constexpr std::string_view warn_text =
    "您好，一段时间没有收到您的消息，本次会话稍后将自动结束。如还需要帮助，直接回复即可。";

}  // namespace

struct Timers::Firing {
  sql::Transaction& tx;
  Recorder& recorder;
  Thread& thread;
  Conversation& conversation;
  const Settings& settings;
  TimeMs window;  // of Delays
  TimeMs now;
};

Task<Result<bool>> Timers::step() {
  const TimeMs now = with_.clock.now();
  auto read = [=](sql::Transaction& tx) -> Result<std::vector<store::DueTimer>> {
    return store::due_timers(tx, now, fired_together);
  };
  auto due = co_await with_.database.read(std::move(read));
  if (!due) co_return std::unexpected(due.error());
  if (due->empty()) co_return false;
  const bool more = due->size() == fired_together;
  if (auto fired = co_await fire(*due); !fired) {
    // One of them cannot: the others must not wait for it.
    for (store::DueTimer& timer : *due)
      if (auto alone = co_await fire({timer}); !alone) co_await put_off(std::move(timer), alone.error());
  }
  with_.common.channels.wake();
  with_.broadcaster.changed(AppId());
  with_.freed();
  co_return more;
}

Task<Result<void>> Timers::fire(std::vector<store::DueTimer> due) {
  const TimeMs now = with_.clock.now();
  auto write = [=, this](sql::Transaction& tx) -> Result<void> {
    const BudgetNews::Hushed hushed(with_.news, tx);
    for (const store::DueTimer& timer : due)
      if (auto fired = fire_in(tx, timer, now); !fired) return fired;
    return {};
  };
  co_return co_await with_.database.write(std::move(write));
}

Task<void> Timers::put_off(store::DueTimer timer, Error why) {
  log::error("desk.timer_failed",
             {{"conversation", timer.conversation.str()}, {"timer", timer.kind}, {"code", why.code}});
  const TimeMs until = with_.clock.now() + put_off_ms;
  auto write = [=](sql::Transaction& tx) -> Result<void> {
    store::put_off(tx, timer, until);
    return {};
  };
  co_await with_.database.write(std::move(write));
}

Result<void> Timers::fire_in(sql::Transaction& tx, const store::DueTimer& timer, TimeMs now) const {
  if (!store::take_timer(tx, timer)) return {};  // it was set anew or cancelled, or somebody else was faster
  auto contact = store::find_contact(tx, timer.conversation);
  if (!contact) return {};
  Conversation& conversation = *contact->conversation;
  std::erase_if(conversation.timers, [&](const Timer& one) { return to_string(one.kind) == timer.kind; });
  const auto config = with_.common.configs.of(conversation.appid);
  const auto rules = with_.common.automation.rules(conversation.appid);
  const Delays delays = delays_of(with_.common, conversation, *rules);
  const auto wanted = timers_of(conversation, delays);
  const auto same = std::ranges::find(wanted, timer.kind, [](const Timer& one) { return to_string(one.kind); });
  Recorder recorder(tx, with_.common, now);
  if (same == wanted.end() || same->due_at > now) {  // too early: what it waits for happened again since
    if (auto armed = recorder.arm(conversation); !armed) return armed;
    return store::save_conversation(tx, conversation);
  }
  Firing firing{tx, recorder, contact->thread, conversation, config->settings, delays.window, now};
  if (auto done = bring_about(firing, same->kind); !done) return done;
  store::save_thread(tx, contact->thread);
  return recorder.save(conversation);
}

// First two hours before the end, and again at it: those who can be answered come before those who cannot any more.
void Timers::raise(Firing& firing) const {
  Conversation& conversation = firing.conversation;
  const TimeMs closes_at = window_closes_at(conversation, firing.window);
  const bool first = conversation.raised_at == 0;
  if (first) conversation.raised_at = firing.now;
  if (firing.now >= closes_at) {
    conversation.placement.ahead = false;
    return;
  }
  firing.recorder.event(conversation, {"window_closing", "", "", Actor::system("timer")});
  if (conversation.stage == Stage::queued) conversation.placement.ahead = true;
  firing.recorder.tell(conversation, with_.common.levels.window_closing(conversation, closes_at));
}

Result<void> Timers::bring_about(Firing& firing, TimerKind kind) const {
  Conversation& conversation = firing.conversation;
  const auto note = [&](const Event& event) { firing.recorder.event(conversation, event); };
  const Actor actor = Actor::system("timer");
  switch (kind) {
    case TimerKind::silence_warn:
      conversation.warned_at = firing.now;
      note({"silence_warned", "", "", actor});
      say(firing,
          firing.settings.silence_warn_text.empty() ? std::string(warn_text) : firing.settings.silence_warn_text);
      break;
    case TimerKind::silence_close:
      if (!firing.settings.silence_close_text.empty()) say(firing, firing.settings.silence_close_text);
      note(close(conversation, actor, "silence", "", firing.now));
      with_.common.ratings.closed(firing.tx, firing.recorder, firing.thread, conversation, firing.now);
      break;
    case TimerKind::agent_remind:
      conversation.reminded_at = firing.now;
      note({"agent_reminded", "", conversation.assignee.str(), actor});
      firing.recorder.tell_silent(conversation, conversation.holder(), Recorder::Silent::reminded);
      break;
    case TimerKind::agent_return: {
      const Conversation::Holder silent = conversation.holder();
      note(give_up(conversation, "returned", actor, "the agent did not answer", firing.now));
      conversation.placement.ahead = true;
      firing.recorder.tell_silent(conversation, silent, Recorder::Silent::back);
      break;
    }
    case TimerKind::unpark:
      if (is_left_message(conversation)) {
        note(to_queue(conversation, "returned", actor, "a message was left", firing.now));
      } else {
        note(store::is_offline(firing.tx, conversation.appid, conversation.assignee)
                 ? to_queue(conversation, "returned", actor, "the agent is offline", firing.now)
                 : unpark(conversation, actor, firing.now));
      }
      break;
    case TimerKind::leave_offer: {
      const QueueHelp help(firing.tx, with_.common, firing.recorder, firing.now);
      if (const auto said = help.offer(firing.thread, conversation)) firing.recorder.changed(*said, conversation);
      store::save_leaving(firing.tx, conversation);
      break;
    }
    case TimerKind::window_closing:
      raise(firing);
      break;
    case TimerKind::transfer_ends: {
      const Offer over = conversation.offer;
      note(end_offer(conversation, "transfer_expired", actor, ""));
      firing.recorder.tell(conversation, over, "expired", conversation.holder());
      break;
    }
    case TimerKind::service_level: {
      const auto notices = with_.common.levels.fire(firing.tx, conversation, firing.now);
      if (!notices) return std::unexpected(notices.error());
      for (const auto& notice : *notices) firing.recorder.tell(conversation, notice);
      break;
    }
    case TimerKind::automation: {
      const auto rules = with_.common.automation.rules(conversation.appid);
      for (auto& occasion : due_for_rules(conversation, rules->waits(), firing.now))
        firing.recorder.happened(conversation, std::move(occasion));
      conversation.automated_until = firing.now;
      break;
    }
    case TimerKind::escalation:
      escalate(firing.tx, with_.common, firing.recorder, firing.thread, conversation, firing.now);
      break;
    case TimerKind::reroute:
      conversation.placement.target.clear();  // whoever saves it chooses anew
      break;
  }
  return {};
}

// What may not be sent any more is dropped, and noted.
void Timers::say(Firing& firing, std::string text) const {
  Message message;
  message.id = with_.common.ids.next_as<MessageId>();
  message.created_at = firing.now;
  message.sender_kind = SenderKind::system;
  message.cause = "silence";
  const auto content = hand_over_automatic(firing.tx, with_.common.channels, firing.thread,
                                           text_to_send(std::move(text)), message, firing.now);
  if (!content)
    return firing.recorder.event(firing.conversation, {"reply_refused", "", content.error().code,
                                                       Actor::system("timer"), content.error().message});
  add_message(firing.thread, firing.conversation, message, content->summary);
  store::insert_message(firing.tx, message);
  firing.recorder.changed(message, firing.conversation);
}

}  // namespace miniops::desk
