#include "desk/automation_port.hpp"

#include "automation/errors.hpp"
#include "calendar/business_time.hpp"
#include "desk/actions.hpp"
#include "quick_replies/shared.hpp"

namespace miniops::desk {

namespace {

using automation::EventKind;
using automation::PastOccasion;
using automation::StepKind;

constexpr int looked_at_max = 500;  // messages or events of a conversation

struct Moment {
  TimeMs at = 0;
  automation::Occasion occasion{};
  TimeMs waiting_since = 0;
  std::string msgtype{}, body{};  // of the message, when it is one
};

// Event rows that begin the kind, as Recorder and Scores write them.
std::vector<Moment> events_that_begin(sql::Transaction& tx, const Conversation& of, EventKind kind) {
  std::vector<Moment> out;
  for (const sql::Row& row :
       tx.query("SELECT at, kind, to_value FROM desk_events WHERE conversation_id = $1 ORDER BY at, id LIMIT $2",
                {of.id, looked_at_max})) {
    const std::string happened = row.text(1), to = row.text(2);
    automation::Occasion occasion{kind};
    if (kind == EventKind::scored) {
      if (happened != "rated" || to.size() != 1) continue;  // anonymous ones begin nothing
      occasion.score = to[0] - '0';
    } else if (kind == EventKind::service_level_warned || kind == EventKind::service_level_breached) {
      if (happened != "service_level" || (to == "breached") != (kind == EventKind::service_level_breached)) continue;
    } else if (happened != word(kind) && !(kind == EventKind::assigned && happened == "taken")) {
      continue;
    }
    out.push_back({row.integer(0), std::move(occasion)});
  }
  return out;
}

// What was said, as far as it begins or ends waiting.
struct Said {
  bool customer = false;
  TimeMs at = 0;
  std::string msgtype{}, body{};
};
std::vector<Said> said_in(sql::Transaction& tx, const Conversation& of) {
  std::vector<Said> out;
  for (const sql::Row& row : tx.query("SELECT direction, created_at, msgtype, body FROM desk_messages WHERE thread_id "
                                      "= $1 AND conversation_id = $2 "
                                      "AND (direction = 'in' OR sender_kind = 'agent') AND direction <> 'note' AND "
                                      "cause <> $4 ORDER BY seq LIMIT $3",
                                      {of.thread_id, of.id, looked_at_max, rating_cause}))
    out.push_back({row.text(0) == "in", row.integer(1), row.text(2), row.text(3)});
  return out;
}

std::vector<Moment> messages_received(const std::vector<Said>& said) {
  std::vector<Moment> out;
  for (const Said& one : said)
    if (one.customer) out.push_back({one.at, {EventKind::message_received}, 0, one.msgtype, one.body});
  return out;
}

// Spans in which one side had its turn, from its beginning: the customer waits, or is silent.
std::vector<Moment> waits_in(const std::vector<Said>& said, const Conversation& of, const automation::Rule& rule,
                             TimeMs now) {
  std::vector<Moment> out;
  const bool waiting = rule.when.kind == EventKind::waiting;
  TimeMs since = 0;
  const auto end_at = [&](TimeMs at) {
    const TimeMs due = since + rule.when.minutes * minute_ms;
    if (since != 0 && due <= at) out.push_back({due, {rule.when.kind, 0, {rule.id}}, waiting ? since : 0});
    since = 0;
  };
  for (const Said& one : said) {
    if (one.customer != waiting) end_at(one.at);
    if (one.customer == waiting && (since == 0 || !waiting)) since = one.at;
  }
  end_at(of.closed_at != 0 ? of.closed_at : now);
  return out;
}

std::vector<Moment> moments_of(sql::Transaction& tx, const Conversation& of, const automation::Rule& rule, TimeMs now) {
  if (automation::is_timed(rule.when.kind)) return waits_in(said_in(tx, of), of, rule, now);
  if (rule.when.kind == EventKind::message_received) return messages_received(said_in(tx, of));
  return events_that_begin(tx, of, rule.when.kind);
}

}  // namespace

Result<void> AutomationPort::check(sql::Transaction& tx, const AppId& appid, const automation::Step& step) {
  if (step.kind == StepKind::transfer_agent && !find_colleague(tx, appid, AccountId(step.number), colleagues_))
    return fail(automation::errors::no_such_target("colleague"));
  const auto setup = common_.placer.setups().of(appid);
  if (step.kind == StepKind::transfer_group && setup->roster().find(routing::GroupId(step.number)) == nullptr)
    return fail(automation::errors::no_such_target("group"));
  if (step.kind == StepKind::transfer_tier && setup->tier(routing::tier_named(step.text)) == nullptr)
    return fail(automation::errors::no_such_target("group of this tier"));
  const quick_replies::QuickReplyId reply(step.number);
  if (step.kind == StepKind::send_reply && !quick_replies::shared_reply(tx, appid, reply))
    return fail(automation::errors::no_such_target("shared quick reply"));
  return {};
}

std::vector<automation::PastConversation> AutomationPort::past(sql::Transaction& tx, const identity::Access& access,
                                                               const automation::Rule& rule, int limit, TimeMs now) {
  store::ConversationFilter filter;
  filter.scope = read_scope(access, *common_.placer.setups().of(access.appid()));
  std::vector<automation::PastConversation> out;
  for (const Conversation& one : store::list_conversations(tx, access.appid(), filter, std::nullopt, limit)) {
    automation::PastConversation past{one.id.value(), one.openid.str(), one.nickname, one.opened_at};
    const auto moments = moments_of(tx, one, rule, now);
    const auto known = moments.empty() ? routing::Facts{} : common_.placer.facts_of(tx, one, now);
    const auto config = common_.configs.of(one.appid);
    for (const Moment& moment : moments) {
      routing::Facts facts = known;
      facts.open = calendar::open_at(config->hours, moment.at);
      facts.waiting_since = moment.waiting_since;
      if (!moment.msgtype.empty()) only_message(facts, moment.msgtype, moment.body);
      past.occasions.push_back({moment.occasion, std::move(facts), moment.at});
    }
    out.push_back(std::move(past));
  }
  return out;
}

}  // namespace miniops::desk
