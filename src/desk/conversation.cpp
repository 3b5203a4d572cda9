#include "desk/conversation.hpp"

#include <boost/json/serialize.hpp>

namespace miniops::desk {

namespace {

template <class Enum, std::size_t N>
std::optional<Enum> parse(const std::array<std::string_view, N>& words, std::string_view text) {
  for (std::size_t i = 0; i < N; ++i) {
    if (words[i] == text) return static_cast<Enum>(i);
  }
  return std::nullopt;
}

// In the order of the enumerators.
constexpr std::array<std::string_view, 3> states = {"waiting", "active", "closed"};
constexpr std::array<std::string_view, 5> stages = {"assistant", "queued", "assigned", "parked", "outside"};
constexpr std::array<std::string_view, 3> directions = {"in", "out", "note"};
constexpr std::array<std::string_view, 5> sender_kinds = {"customer", "agent", "assistant", "rule", "system"};

}  // namespace

std::string_view to_string(State state) { return states[static_cast<std::size_t>(state)]; }
std::string_view to_string(Stage stage) { return stages[static_cast<std::size_t>(stage)]; }
std::string_view to_string(Direction direction) { return directions[static_cast<std::size_t>(direction)]; }
std::string_view to_string(SenderKind kind) { return sender_kinds[static_cast<std::size_t>(kind)]; }
std::optional<State> parse_state(std::string_view text) { return parse<State>(states, text); }
std::optional<Stage> parse_stage(std::string_view text) { return parse<Stage>(stages, text); }
std::optional<Direction> parse_direction(std::string_view text) { return parse<Direction>(directions, text); }
std::optional<SenderKind> parse_sender_kind(std::string_view text) { return parse<SenderKind>(sender_kinds, text); }

bool continues(const Conversation& conversation, TimeMs now, TimeMs reopen_ms) {
  return conversation.state != State::closed || now - conversation.closed_at < reopen_ms;
}

namespace {

std::string name_of(AccountId agent) { return agent.empty() ? std::string() : agent.str(); }

void forget_agent_times(Conversation& conversation) {
  conversation.assigned_at = 0;
  conversation.parked_until = 0;
  conversation.warned_at = 0;
  conversation.reminded_at = 0;
}

void into_queue(Conversation& conversation, TimeMs now) {
  conversation.state = State::waiting;
  conversation.stage = Stage::queued;
  conversation.assignee = {};
  conversation.assignee_name.clear();
  // Who is in a queue already keeps their place when it is another one, and who comes back to it what they waited.
  if (conversation.queue_since == 0) {
    const TimeMs asked = conversation.waiting_since != 0 ? conversation.waiting_since : now;
    conversation.queue_since = std::min(asked, now - conversation.waited);
  }
  if (conversation.raised_at != 0) conversation.placement.ahead = true;
  conversation.offer = {};
  forget_agent_times(conversation);
}

}  // namespace

Event open(Conversation& conversation, TimeMs now) {
  conversation.opened_at = now;
  into_queue(conversation, now);
  return {"opened", "", std::string(to_string(Stage::queued)), {SenderKind::customer, conversation.openid.str(), {}}};
}

Event reopen(Conversation& conversation, const Actor& actor, TimeMs now) {
  Event event{"reopened", std::string(to_string(conversation.stage)), std::string(to_string(Stage::queued)), actor};
  // Whoever had it is asked first when it is assigned again.
  if (!conversation.assignee.empty()) {
    conversation.last_agent = conversation.assignee;
    conversation.last_agent_at = conversation.closed_at;
  }
  conversation.closed_at = 0;
  conversation.closed_by.clear();
  ++conversation.reopened;
  conversation.escalated_at = 0;
  conversation.waited = 0;
  conversation.relieved = {};
  into_queue(conversation, now);
  return event;
}

Event assign(Conversation& conversation, AccountId agent, std::string_view name, std::string_view kind,
             const Actor& actor, std::string_view note, TimeMs now) {
  Event event{std::string(kind), name_of(conversation.assignee), agent.str(), actor, std::string(note)};
  forget_agent_times(conversation);
  conversation.assigned_at = now;
  conversation.state = State::active;
  conversation.stage = Stage::assigned;
  conversation.assignee = agent;
  conversation.assignee_name = name;
  if (conversation.queue_since != 0) conversation.waited = now - conversation.queue_since;
  conversation.queue_since = 0;
  conversation.relieved = {};
  conversation.placement.ahead = false;
  conversation.offer = {};
  return event;
}

Event give_up(Conversation& conversation, std::string_view kind, const Actor& actor, std::string_view note,
              TimeMs now) {
  const AccountId agent = conversation.assignee;
  Event event = to_queue(conversation, kind, actor, note, now);
  if (!agent.empty()) conversation.relieved = agent;
  return event;
}

Event to_queue(Conversation& conversation, std::string_view kind, const Actor& actor, std::string_view note,
               TimeMs now) {
  Event event{std::string(kind), name_of(conversation.assignee), "", actor, std::string(note)};
  into_queue(conversation, now);
  return event;
}

Event park(Conversation& conversation, const Actor& actor, std::string_view note, TimeMs until) {
  Event event{"parked", "", until == 0 ? "" : std::to_string(until), actor, std::string(note)};
  conversation.stage = Stage::parked;
  conversation.parked_until = until;
  return event;
}

Event leave_message(Conversation& conversation, const Actor& customer, TimeMs returns_at, TimeMs due_at) {
  Event event = park(conversation, customer, "left_message", returns_at);
  conversation.queue_since = 0;
  conversation.left_due_at = due_at;
  return event;
}

bool is_left_message(const Conversation& conversation) {
  return conversation.stage == Stage::parked && conversation.assignee.empty();
}

Event offer(Conversation& conversation, AccountId to, std::string_view name, TimeMs until, const Actor& actor,
            std::string_view note) {
  conversation.offer = {to, std::string(name), until};
  return {"transfer_asked", name_of(conversation.assignee), to.str(), actor, std::string(note)};
}

Event end_offer(Conversation& conversation, std::string_view kind, const Actor& actor, std::string_view note) {
  const Offer over = std::exchange(conversation.offer, {});
  return {std::string(kind), over.to.str(), name_of(conversation.assignee), actor, std::string(note)};
}

Event unpark(Conversation& conversation, const Actor& actor, TimeMs now) {
  forget_agent_times(conversation);
  conversation.stage = Stage::assigned;
  conversation.assigned_at = now;
  return {"unparked", "", conversation.assignee.str(), actor};
}

Event close(Conversation& conversation, const Actor& actor, std::string_view reason, std::string_view outcome,
            TimeMs now) {
  Event event{"closed", std::string(to_string(conversation.stage)), std::string(outcome), actor, std::string(reason)};
  conversation.state = State::closed;
  conversation.closed_at = now;
  conversation.closed_by = actor.kind == SenderKind::agent ? actor.id : std::string(to_string(actor.kind));
  conversation.waiting_since = 0;
  conversation.queue_since = 0;
  conversation.placement.ahead = false;
  conversation.raised_at = 0;
  conversation.answered_at = 0;
  conversation.offer = {};
  forget_agent_times(conversation);
  return event;
}

void add_message(Thread& thread, Conversation& conversation, Message& message, std::string_view summary) {
  message.conversation_id = conversation.id;
  message.thread_id = thread.id;
  message.appid = thread.appid;
  message.seq = ++thread.last_seq;
  conversation.last_seq = message.seq;
  if (conversation.first_seq == 0) conversation.first_seq = message.seq;
  if (message.direction == Direction::note) return;  // a note is no contact with the customer

  const boost::json::object last{{"direction", to_string(message.direction)},
                                 {"msgtype", message.msgtype},
                                 {"summary", summary},
                                 {"created_at", message.created_at}};
  conversation.last_message = boost::json::serialize(last);
  conversation.last_message_at = std::max(conversation.last_message_at, message.created_at);
  if (message.direction == Direction::in && !message.cause.empty()) return;  // there is nothing to answer
  if (message.direction == Direction::in) {
    ++conversation.unread;
    conversation.customer_at = message.created_at;
    conversation.answered_at = conversation.warned_at = conversation.raised_at = 0;
    if (conversation.waiting_since == 0) conversation.waiting_since = message.created_at;
  } else if (message.sender_kind == SenderKind::agent) {
    conversation.read_seq = message.seq;  // who answers has read
    conversation.unread = 0;
    if (message.state != gateway::to_string(gateway::DeliveryState::held)) {
      message.answered_since = conversation.waiting_since;
      conversation.waiting_since = 0;
      conversation.answered_at = message.created_at;
      conversation.warned_at = conversation.reminded_at = conversation.raised_at = 0;
    }
  }
}

bool moves_forward(std::string_view from, int from_attempts, gateway::DeliveryState to, int to_attempts) {
  using enum gateway::DeliveryState;
  if (to_attempts < from_attempts || from == "sent" || from == "failed") return false;
  if (from == "sending") return to == sent || to == failed || to == held;
  if (from == "queued") return to != queued;
  return from == "held" && to != held;
}

}  // namespace miniops::desk
