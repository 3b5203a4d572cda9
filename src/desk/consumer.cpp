#include "desk/consumer.hpp"

#include "base/log.hpp"
#include "base/mask.hpp"
#include "calendar/business_time.hpp"
#include "calendar/time_zone.hpp"
#include "desk/agents_store.hpp"
#include "desk/automatic.hpp"
#include "desk/content.hpp"
#include "desk/placement.hpp"
#include "desk/privacy_notice.hpp"
#include "desk/queue_store.hpp"
#include "desk/report_source.hpp"
#include "people/entries.hpp"

namespace miniops::desk {

namespace {

constexpr TimeMs seen_every_ms = 5 * minute_ms;

// For routing rules: names and values as they came, which at most a thousand bytes are.
std::string parameters_json(const people::SignedParameters& read) {
  const auto object = [](const people::Parameters& parameters) {
    json::object out;
    for (const auto& [name, value] : parameters) out[name] = value;
    return out;
  };
  return json::serialize(json::object{{"trusted", object(read.trusted)}, {"untrusted", object(read.untrusted)}});
}

std::pair<TimeMs, TimeMs> leaving_of(const Conversation& conversation) {
  return {conversation.leave_offered_at, conversation.left_due_at};
}

}  // namespace

struct Consumer::Arrival {
  sql::Transaction& tx;
  Channel& channel;
  const gateway::JournalEntry& entry;
  const wechat::Message& message;
  const AppConfig& config;
  Recorder& recorder;
  TimeMs now;  // of the transaction
  TimeMs at;   // when the push arrived
  Thread thread{};
  bool new_thread = false;
  bool first_in_a_while = false;
  std::optional<Conversation> conversation{};  // the thread's latest, then the one that the message belongs to
  bool new_conversation = false;
  bool blocked = false;  // on the blacklist
  bool moved = false;    // reopened, or back to the queue: more of its row changed than a message changes
  std::optional<Channel::Opened> opened{};  // while no reply has spent of its budget
  std::vector<Message> shown{};             // to tell the browsers, in order
  std::vector<Event> events{};
  bool placed = false;                         // place() was here
  std::int64_t stored_seq = 0;                 // the thread's last_seq, as it is stored
  std::pair<TimeMs, TimeMs> stored_leaving{};  // the same of what leaving a message changes of the conversation
};

Result<void> Consumer::apply(sql::Transaction& tx, const gateway::JournalEntry& entry, TimeMs now) {
  const auto message = wechat::parse_message(entry.format, entry.clear());
  if (!message) return std::unexpected(message.error());
  return hear(tx, with_.common.channels.of(wechat_channel), entry, *message, now);
}

Result<void> Consumer::hear(sql::Transaction& tx, Channel& channel, const gateway::JournalEntry& entry,
                            const wechat::Message& message, TimeMs now) {
  const bool entering = std::holds_alternative<wechat::EnterTempSession>(message.content);
  if (!entering && !wechat::is_customer_message(message)) return {};  // another module's

  const BudgetNews::Hushed hushed(with_.news, tx);  // finish() tells the conversation with its budget
  const auto config = with_.common.configs.of(entry.appid);
  Recorder recorder(tx, with_.common, now);
  const TimeMs at = entry.received_at > 0 ? std::min(entry.received_at, now) : now;
  Arrival arrival{tx, channel, entry, message, *config, recorder, now, at};
  if (auto contact = store::find_contact(tx, entry.appid, entry.openid, channel.name())) {
    arrival.thread = std::move(contact->thread);
    arrival.conversation = std::move(contact->conversation);
    if (arrival.conversation) arrival.stored_leaving = leaving_of(*arrival.conversation);
  } else {
    arrival.new_thread = true;
    arrival.thread.id = with_.common.ids.next_as<ThreadId>();
    arrival.thread.appid = entry.appid;
    arrival.thread.channel = channel.name();
    arrival.thread.openid = entry.openid;
    arrival.thread.first_seen_at = at;
  }
  arrival.first_in_a_while = at - arrival.thread.last_seen_at >= seen_every_ms;
  arrival.thread.last_seen_at = std::max(arrival.thread.last_seen_at, at);
  if (auto met = meet(arrival); !met) return met;
  return entering ? entered(arrival) : customer_message(arrival);
}

// Who it is, and whether they are welcome.
Result<void> Consumer::meet(Arrival& arrival) {
  Thread& thread = arrival.thread;
  if (auto attached = with_.profiles.attach(arrival.tx, thread, arrival.now); !attached) return attached;
  if (arrival.conversation) arrival.conversation->nickname = thread.nickname;
  arrival.blocked = with_.profiles.directory().blocked(arrival.tx, thread.profile, arrival.now);
  return {};
}

// ---- a customer's message ----

Result<void> Consumer::customer_message(Arrival& arrival) {
  if (arrival.first_in_a_while)
    with_.profiles.directory().seen(arrival.tx, arrival.thread.profile, arrival.thread.source, arrival.at);
  std::string summary;
  Message message = written(arrival, summary);
  arrival.channel.want_media(arrival.tx, arrival.entry.appid, arrival.message, arrival.now);
  const bool open = arrival.conversation && arrival.conversation->state != State::closed;
  if (arrival.blocked && !open) return set_aside(arrival, std::move(message));
  const auto* text = std::get_if<wechat::Text>(&arrival.message.content);
  satisfaction::Heard heard;
  if (text != nullptr && arrival.conversation && !open)
    heard = with_.common.ratings.heard(arrival.tx, arrival.thread, text->content, arrival.at);
  if (is_filed(heard)) return file_rating(arrival, heard, std::move(message), std::move(summary));
  if (open && text != nullptr && ends_conversation(arrival.config.settings, text->content))
    return end_conversation(arrival, std::move(message), summary);

  join_conversation(arrival, heard.reply == satisfaction::Reply::new_conversation);
  open_window(arrival, true);
  add_message(arrival.thread, *arrival.conversation, message, summary);
  store::insert_message(arrival.tx, message);
  arrival.shown.push_back(std::move(message));
  arrival.recorder.happened(*arrival.conversation, {automation::EventKind::message_received});
  const QueueHelp help(arrival.tx, with_.common, arrival.recorder, arrival.now);
  const LeaveReply reply =
      text != nullptr && !arrival.blocked ? help.heard(*arrival.conversation, text->content) : LeaveReply::none;
  if (reply != LeaveReply::none) return go_on_leaving(arrival, help, reply, arrival.shown.back().id);
  return answer_message(arrival, text != nullptr ? std::optional(text->content) : std::nullopt);
}

// What belongs to the offer of leaving a message is nothing that rules answer.
Result<void> Consumer::go_on_leaving(Arrival& arrival, const QueueHelp& help, LeaveReply reply, MessageId message) {
  if (auto said = help.go_on(reply, arrival.thread, *arrival.conversation, message)) {
    arrival.opened.reset();
    arrival.shown.push_back(std::move(*said));
  }
  arrival.moved = true;
  return finish(arrival);
}

// Who waits is told their place as well: in busy mode first, while there is something left to say it with.
Result<void> Consumer::answer_message(Arrival& arrival, std::optional<std::string> text) {
  if (auto placed = place(arrival); !placed) return placed;
  Conversation& conversation = *arrival.conversation;
  const QueueHelp help(arrival.tx, with_.common, arrival.recorder, arrival.now);
  std::optional<QueueView> queue;
  if (arrival.config.queue.speaks() && conversation.stage == Stage::queued && !arrival.blocked)
    queue = help.look(conversation);
  const bool queue_first = queue && queue->busy;
  if (!queue_first) answer(arrival, false, text);
  if (queue)
    if (auto said = help.answer(arrival.thread, conversation, *queue)) {
      arrival.opened.reset();
      arrival.shown.push_back(std::move(*said));
    }
  if (queue_first) answer(arrival, false, std::move(text));
  return finish(arrival);
}

// Who is on the blacklist opens no conversation: the message waits in the lobby, for when they are not any more.
Result<void> Consumer::set_aside(Arrival& arrival, Message message) {
  open_window(arrival, true);
  arrival.conversation.reset();
  arrival.shown.push_back(store::insert_lobby(arrival.tx, arrival.thread, std::move(message)));
  return finish(arrival);
}

// Said of a conversation that is over, perhaps not the latest: it stays closed, and nobody need read or answer it.
Result<void> Consumer::file_rating(Arrival& arrival, const satisfaction::Heard& heard, Message message,
                                   std::string summary) {
  const ConversationId rated(heard.conversation.value());
  if (arrival.conversation->id != rated) arrival.conversation = store::find_conversation(arrival.tx, rated).value();
  open_window(arrival, true);
  summary = mark_as_reply(message, heard, std::move(summary));
  add_message(arrival.thread, *arrival.conversation, message, summary);
  store::insert_message(arrival.tx, message);
  arrival.shown.push_back(std::move(message));
  const Actor customer{SenderKind::customer, arrival.entry.openid.str(), {}};
  if (auto event = event_of(heard, customer)) arrival.events.push_back(std::move(*event));
  if (heard.reply == satisfaction::Reply::score && !heard.anonymous)
    arrival.recorder.happened(*arrival.conversation, {automation::EventKind::scored, heard.score});
  return finish(arrival);
}

// They need nothing any more: there is nothing to read or to answer, also not for rules.
Result<void> Consumer::end_conversation(Arrival& arrival, Message message, std::string_view summary) {
  open_window(arrival, true);
  Conversation& conversation = *arrival.conversation;
  message.cause = end_cause;
  add_message(arrival.thread, conversation, message, summary);
  store::insert_message(arrival.tx, message);
  arrival.shown.push_back(std::move(message));
  const Actor customer{SenderKind::customer, arrival.entry.openid.str(), {}};
  arrival.events.push_back(close(conversation, customer, "", "", arrival.now));
  arrival.moved = true;
  if (auto placed = place(arrival); !placed) return placed;
  arrival.opened.reset();  // the question how it was may spend of its budget
  with_.common.ratings.closed(arrival.tx, arrival.recorder, arrival.thread, conversation, arrival.now);
  return finish(arrival);
}

// The message as agents see it.
Message Consumer::written(const Arrival& arrival, std::string& summary) const {
  Message message = stored_message(arrival);
  const Content content = content_of(arrival.message);
  message.msgtype = content.msgtype;
  message.body = json::serialize(content.body);
  summary = content.summary;
  if (content.msgtype == "text") {
    const Checked checked = check(*arrival.config.words, content.text);
    message.flagged = fmt::format("{}", fmt::join(checked.found, ", "));
    if (checked.changed) {
      json::object masked = content.body;
      masked["content"] = checked.masked;
      message.original = std::move(message.body);
      message.body = json::serialize(masked);
      summary = summary_of("text", masked);
    }
  }
  if (std::holds_alternative<wechat::Unsupported>(arrival.message.content)) message.raw = arrival.entry.clear();
  if (arrival.config.settings.seal_numbers) {
    with_.common.sealing.hide(message);
    if (!message.hidden.empty()) summary = summary_of(message);
  }
  return message;
}

// An agent who was there and is offline: whoever writes now must not wait for them.
bool Consumer::agent_is_gone(const Arrival& arrival) {
  const Conversation& conversation = *arrival.conversation;
  if (conversation.stage != Stage::assigned && conversation.stage != Stage::parked) return false;
  return store::is_offline(arrival.tx, conversation.appid, conversation.assignee);
}

// Goes on with the latest conversation, reopens it, or opens a new one: always with `anew`.
void Consumer::join_conversation(Arrival& arrival, bool anew) {
  const TimeMs reopen_ms = arrival.config.settings.reopen_minutes * minute_ms;
  if (anew || !arrival.conversation || !continues(*arrival.conversation, arrival.at, reopen_ms)) {
    open_conversation(arrival);
  } else if (arrival.conversation->state == State::closed) {
    const Actor customer{SenderKind::customer, arrival.entry.openid.str(), {}};
    arrival.moved = true;
    arrival.events.push_back(reopen(*arrival.conversation, customer, arrival.at));
    arrival.conversation->leave_offered_at = arrival.conversation->left_due_at = 0;  // another wait
    store::delete_left_message(arrival.tx, arrival.conversation->id);
  } else if (agent_is_gone(arrival)) {
    arrival.moved = true;
    arrival.events.push_back(
        to_queue(*arrival.conversation, "returned", Actor::system("presence"), "the agent is offline", arrival.at));
  } else if (arrival.conversation->stage == Stage::parked && !is_left_message(*arrival.conversation)) {
    const Actor customer{SenderKind::customer, arrival.entry.openid.str(), {}};
    arrival.moved = true;
    arrival.events.push_back(unpark(*arrival.conversation, customer, arrival.at));
  }
  // What happened on the thread in between becomes the start of this contact.
  for (Message& message : store::take_lobby(arrival.tx, arrival.thread)) {
    Conversation& conversation = *arrival.conversation;
    message.conversation_id = conversation.id;
    if (conversation.first_seq == 0) conversation.first_seq = message.seq;
    conversation.last_seq = std::max(conversation.last_seq, message.seq);
    conversation.source = arrival.thread.source;
    store::save_place(arrival.tx, message);
    arrival.shown.push_back(std::move(message));
  }
}

void Consumer::open_conversation(Arrival& arrival) {
  Conversation fresh;
  fresh.id = with_.common.ids.next_as<ConversationId>();
  fresh.appid = arrival.thread.appid;
  fresh.thread_id = arrival.thread.id;
  fresh.openid = arrival.thread.openid;
  fresh.nickname = arrival.thread.nickname;
  fresh.channel = arrival.thread.channel;
  fresh.number = ++arrival.thread.conversations;
  if (const auto& before = arrival.conversation) {
    const bool had_agent = !before->assignee.empty();
    fresh.last_agent = had_agent ? before->assignee : before->last_agent;
    fresh.last_agent_at = had_agent ? before->closed_at : before->last_agent_at;
  }
  arrival.thread.conversation_id = fresh.id;
  arrival.new_conversation = true;
  arrival.stored_leaving = {};
  arrival.events.push_back(open(fresh, arrival.at));
  arrival.conversation = std::move(fresh);
}

// Messages that were held until now are on their way again.
void Consumer::open_window(Arrival& arrival, bool by_message) {
  arrival.opened = arrival.channel.open_window(arrival.tx, arrival.thread, by_message, arrival.at);
  auto& budget = arrival.opened->budget;
  if (budget && budget->expires_at <= arrival.now) budget = gateway::Budget{};
  for (const MessageId id : arrival.opened->released) {
    auto held = store::find_message(arrival.tx, id);
    if (!held) continue;
    note_answer(arrival, *held);
    const bool told = held->state != gateway::to_string(gateway::DeliveryState::held);  // by who keeps the outbox
    if (!told) {
      held->state = gateway::to_string(gateway::DeliveryState::queued);
      held->reason.clear();
      held->errcode = 0;
      held->queued_at = arrival.now;
    }
    store::save_delivery(arrival.tx, *held);
    if (!told) arrival.shown.push_back(std::move(*held));
  }
}

// The agent had answered, and it could not be sent: what the customer waited until now is over with it.
void Consumer::note_answer(Arrival& arrival, Message& released) {
  if (released.sender_kind != SenderKind::agent || !arrival.conversation) return;
  Conversation& conversation = *arrival.conversation;
  if (conversation.state == State::closed || conversation.id != released.conversation_id) return;
  if (conversation.waiting_since == 0) return;
  released.answered_since = conversation.waiting_since;
  conversation.waiting_since = 0;
  conversation.answered_at = arrival.now;
  conversation.warned_at = conversation.reminded_at = conversation.raised_at = 0;
  arrival.moved = true;
}

Message Consumer::stored_message(const Arrival& arrival) const {
  Message message;
  message.id = with_.common.ids.next_as<MessageId>();
  message.sender_id = arrival.entry.openid.str();
  message.create_time = arrival.message.create_time * second_ms;
  message.created_at = arrival.at;
  return message;
}

// ---- an entry: noted and greeted, opens no conversation ----

Result<void> Consumer::entered(Arrival& arrival) {
  const auto& enter = std::get<wechat::EnterTempSession>(arrival.message.content);
  arrival.thread.source = mask_personal_data(source_of(enter.session_from));
  with_.profiles.directory().seen(arrival.tx, arrival.thread.profile, arrival.thread.source, arrival.at);
  people::count_entry(arrival.tx, arrival.thread.appid, arrival.thread.profile, arrival.thread.source,
                      calendar::day_start(arrival.config.hours.time_zone, arrival.at));
  trust(arrival, enter.session_from);
  open_window(arrival, false);
  const bool in_conversation = arrival.conversation && arrival.conversation->state != State::closed;
  if (!in_conversation) arrival.conversation.reset();

  Message note = stored_message(arrival);
  const Content content = entered_content(enter.session_from);
  note.direction = Direction::note;
  note.sender_kind = SenderKind::system;
  note.msgtype = content.msgtype;
  note.body = json::serialize(content.body);
  if (in_conversation) {
    arrival.conversation->source = arrival.thread.source;
    add_message(arrival.thread, *arrival.conversation, note, content.summary);
    store::insert_message(arrival.tx, note);
  } else {
    note = store::insert_lobby(arrival.tx, arrival.thread, std::move(note));
  }
  arrival.shown.push_back(std::move(note));
  answer(arrival, true, std::nullopt);
  return finish(arrival);
}

// What the mini program's server signed is believed; the rest is the phone's word.
void Consumer::trust(Arrival& arrival, const std::string& session_from) {
  const auto read =
      with_.session_keys.read(arrival.tx, arrival.entry.appid, session_from, {arrival.entry.openid.str(), arrival.at});
  if (!read) {
    log::warn("desk.session_key_broken", {{"appid", arrival.entry.appid.str()}, {"code", read.error().code}});
    return;
  }
  arrival.thread.parameters = parameters_json(*read);
  if (!arrival.new_thread) store::save_parameters(arrival.tx, arrival.thread);
  if (!read->trusted.empty())
    with_.profiles.directory().trust(arrival.tx, arrival.thread.profile, read->trusted, arrival.now);
}

// ---- automatic replies ----

void Consumer::answer(Arrival& arrival, bool entered, std::optional<std::string> text) {
  if (arrival.blocked || arrival.config.rules.rules().empty()) return;
  RuleFacts facts;
  facts.entered = entered;
  facts.text = std::move(text);
  facts.open_now = calendar::open_at(arrival.config.hours, arrival.at);
  facts.with_agent = arrival.conversation && arrival.conversation->state == State::active;
  auto paused = [&](const Rule& rule) {
    return !arrival.new_thread &&
           store::fired_after(arrival.tx, arrival.thread.id, rule.id, arrival.at - rule.pause_s * second_ms);
  };
  const Rule* rule = arrival.config.rules.decide(facts, paused);
  if (rule == nullptr) return;
  if (rule->pause_s > 0) store::note_firing(arrival.tx, arrival.thread.id, rule->id, arrival.at);
  std::vector<ToSend> replies = arrival.config.rules.replies_of(*rule);
  const Settings& settings = arrival.config.settings;
  const bool noticed = rule->kind == RuleKind::greeting && has_notice(settings) &&
                       !store::notice_given(arrival.tx, arrival.thread.id, settings.privacy_version) &&
                       carry_notice(replies, settings, language_of(arrival.thread));
  for (const ToSend& reply : replies) {
    const MessageId sent = send_reply(arrival, *rule, reply);
    if (noticed && !sent.empty() && carries_notice(reply, settings))
      store::put_notice(arrival.tx, {arrival.thread.id, arrival.thread.appid, settings.privacy_version,
                                     settings.privacy_link, sent, "sending", arrival.now});
  }
}

// Empty: it may not go out.
MessageId Consumer::send_reply(Arrival& arrival, const Rule& rule, const ToSend& reply) {
  Message message = stored_message(arrival);
  message.create_time = 0;
  message.created_at = arrival.now;
  message.sender_kind = SenderKind::rule;
  message.sender_id = rule.id.str();
  message.sender_name = rule.name;
  message.cause = rule.name;
  arrival.opened.reset();
  const auto content =
      hand_over_automatic(arrival.tx, with_.common.channels, arrival.thread, reply, message, arrival.now);
  if (!content) {
    refused(arrival, rule, content.error());
    return {};
  }
  const MessageId id = message.id;
  if (arrival.conversation) {
    add_message(arrival.thread, *arrival.conversation, message, content->summary);
    store::insert_message(arrival.tx, message);
  } else {
    message = store::insert_lobby(arrival.tx, arrival.thread, std::move(message));
  }
  arrival.shown.push_back(std::move(message));
  return id;
}

// An automatic reply that may not go out is no error: it is noted where somebody looks for it.
void Consumer::refused(Arrival& arrival, const Rule& rule, const Error& why) {
  if (arrival.conversation) {
    arrival.events.push_back(
        {"reply_refused", "", why.code, {SenderKind::rule, rule.id.str(), rule.name}, why.message});
  } else {
    log::info("desk.reply_refused",
              {{"appid", arrival.entry.appid.str()}, {"rule", rule.id.str()}, {"code", why.code}});
  }
}

// The thread is stored and the conversation has its place in the queue: only then can it be said which.
Result<void> Consumer::place(Arrival& arrival) {
  arrival.placed = true;
  arrival.stored_seq = arrival.thread.last_seq;
  if (arrival.new_thread) {
    store::insert_thread(arrival.tx, arrival.thread);
  } else {
    store::save_thread(arrival.tx, arrival.thread);
  }
  if (!arrival.conversation) return {};
  for (const Event& event : std::exchange(arrival.events, {})) arrival.recorder.event(*arrival.conversation, event);
  return arrival.recorder.arm(*arrival.conversation);
}

Result<void> Consumer::finish(Arrival& arrival) {
  if (!arrival.placed)
    if (auto placed = place(arrival); !placed) return placed;
  if (arrival.thread.last_seq != arrival.stored_seq) store::save_thread(arrival.tx, arrival.thread);
  if (arrival.conversation) {
    for (const Event& event : arrival.events) arrival.recorder.event(*arrival.conversation, event);
    if (arrival.new_conversation) {
      store::insert_conversation(arrival.tx, *arrival.conversation);
      note_kin(arrival.tx, with_.common.ids, *arrival.conversation);
    } else {
      const auto saved = arrival.moved ? store::save_conversation(arrival.tx, *arrival.conversation)
                                       : store::save_arrival(arrival.tx, *arrival.conversation);
      if (!saved) return saved;
    }
    if (leaving_of(*arrival.conversation) != arrival.stored_leaving)
      store::save_leaving(arrival.tx, *arrival.conversation);
  }
  if (!arrival.conversation) return {};  // in the lobby: nobody sees it yet
  for (const Message& message : arrival.shown) {
    arrival.recorder.changed(message, *arrival.conversation);
    if (message.direction == Direction::in)
      arrival.recorder.publish(webhooks::Kind::message_received, message, arrival.entry.openid);
  }
  if (arrival.opened) {
    arrival.recorder.changed(*arrival.conversation, arrival.opened->budget);
  } else {
    arrival.recorder.changed(*arrival.conversation);
  }
  return arrival.recorder.automate(*arrival.conversation);
}

}  // namespace miniops::desk
