#include "desk/placement.hpp"

#include "base/json.hpp"
#include "calendar/business_time.hpp"
#include "desk/content.hpp"
#include "desk/queue_store.hpp"

namespace miniops::desk {

namespace {

constexpr int texts_read = 5;

void add_parameters(const json::object& stored, std::string_view key, bool is_signed, routing::Facts& facts) {
  const json::value* all = stored.if_contains(key);
  if (all == nullptr || !all->is_object()) return;
  for (const auto& [name, value] : all->get_object())
    if (value.is_string()) facts.parameters.push_back({name, std::string(value.get_string()), is_signed});
}

void read_parameters(const std::string& stored, routing::Facts& facts) {
  boost::system::error_code problem;
  const json::value value = json::parse(stored, problem);
  if (problem || !value.is_object()) return;
  add_parameters(value.get_object(), "trusted", true, facts);
  add_parameters(value.get_object(), "untrusted", false, facts);
}

// What the mini program says of itself, signed or not.
std::string language_in(const routing::Facts& facts) {
  const auto found = std::ranges::find(facts.parameters, "language", &routing::Parameter::name);
  return found == facts.parameters.end() || found->value.size() > 16 ? std::string() : found->value;
}

void add_text(const std::string& msgtype, const std::string& body, routing::Facts& facts) {
  boost::system::error_code problem;
  const json::value value = json::parse(body, problem);
  if (!problem && value.is_object()) facts.texts.push_back(search_text_of(msgtype, value.get_object()));
}

void read_messages(sql::Transaction& tx, const Conversation& conversation, routing::Facts& facts) {
  for (const auto& [msgtype, body] : store::first_of_customer(tx, conversation, texts_read)) {
    if (facts.msgtype.empty()) facts.msgtype = msgtype;
    add_text(msgtype, body, facts);
  }
}

void put_into(Conversation& conversation, const routing::Placement& chosen) {
  conversation.placement.group = chosen.target.group;
  conversation.placement.rule = chosen.rule;
  conversation.placement.target = json::serialize(routing::target_json(chosen.target));
  conversation.priority = std::max(conversation.priority, chosen.priority);  // the rule's is added to its own
}

// The points of the rule before are in its own by now: those of this one do not come on top of them.
routing::Placement without_points_of(const Placement& before, const routing::Facts& facts, routing::Placement chosen) {
  if (!before.rule.empty()) chosen.priority -= facts.priority;
  return chosen;
}

// By a rule, or out of one's group again; nothing when it stays where it was.
std::optional<Event> routed(const Placement& before, const Placement& now, const teams::Setup& setup) {
  const bool again = before.routed_at != 0;
  if (again && before.rule == now.rule && before.group == now.group) return std::nullopt;
  const std::string from = again ? before.group.str() : "";
  const auto& rules = setup.rules().rules();
  const auto rule = std::ranges::find(rules, now.rule, &routing::Rule::id);
  if (rule != rules.end())
    return Event{"routed", from, now.group.str(), {SenderKind::rule, rule->id.str(), rule->name}};
  return again ? std::optional(Event{"routed", from, now.group.str(), Actor::system("routing")}) : std::nullopt;
}

bool was_queued(const Conversation& conversation) {
  const Conversation::AsRead& before = conversation.as_read;
  return before.exists && before.stage == Stage::queued && before.state != State::closed;
}

}  // namespace

void only_message(routing::Facts& facts, const std::string& msgtype, const std::string& body) {
  facts.msgtype = msgtype;
  facts.texts.clear();
  add_text(msgtype, body, facts);
}

std::string language_of(const Thread& thread) {
  routing::Facts facts;
  read_parameters(thread.parameters, facts);
  return language_in(facts);
}

routing::Facts Placer::facts_of(sql::Transaction& tx, const Conversation& conversation, TimeMs now) const {
  routing::Facts facts;
  facts.page = conversation.source;
  const auto known = store::known_of(tx, conversation.thread_id);
  read_parameters(known.parameters, facts);
  facts.language = language_in(facts);
  if (auto person = with_.directory.facts(tx, known.profile, now)) {
    facts.level = person->level;
    facts.tags = std::move(person->tags);
  }
  read_messages(tx, conversation, facts);
  facts.open = calendar::open_at(with_.configs.of(conversation.appid)->hours, now);
  facts.priority = conversation.priority;
  facts.waiting_since = conversation.queue_since;
  return facts;
}

std::optional<Event> Placer::place(sql::Transaction& tx, Conversation& conversation, TimeMs now) const {
  if (conversation.stage != Stage::queued || conversation.state == State::closed) return std::nullopt;
  const auto setup = with_.setups.of(conversation.appid);
  Placement& placement = conversation.placement;
  std::optional<Event> event;
  if (placement.target.empty()) {
    routing::Facts facts;
    // Where nobody has made rules, nothing need be known.
    if (!setup->rules().rules().empty()) facts = facts_of(tx, conversation, now);
    const Placement before = placement;
    put_into(conversation, without_points_of(before, facts, routing::route(facts, setup->rules(), now)));
    placement.language = facts.language;
    placement.routed_at = now;
    event = routed(before, placement, *setup);
  } else if (!was_queued(conversation) && setup->roster().find(placement.group) == nullptr) {
    // Back from closing, or from an agent, and their group was deleted meanwhile.
    event = Event{"routed", placement.group.str(), teams::default_group.str(), Actor::system("group_deleted")};
    send_to(conversation, teams::default_group);
  }
  placement.place = routing::place_of({conversation.priority, conversation.queue_since, placement.ahead},
                                      setup->settings().points_per_minute);
  return event;
}

TimeMs Placer::reroutes_at(const Conversation& conversation) const {
  const Placement& placement = conversation.placement;
  if (conversation.stage != Stage::queued || conversation.state == State::closed || placement.routed_at == 0) return 0;
  const auto setup = with_.setups.of(conversation.appid);
  const auto waits = setup->rules().waits();
  const auto next =
      std::ranges::find_if(waits, [&](TimeMs wait) { return conversation.queue_since + wait > placement.routed_at; });
  return next == waits.end() ? 0 : conversation.queue_since + *next;
}

bool Placer::send_to_tier(sql::Transaction& tx, Conversation& conversation, routing::Tier tier, TimeMs now) const {
  const auto setup = with_.setups.of(conversation.appid);
  const routing::TierRules* rules = setup->tier(tier);
  if (rules == nullptr) return false;
  routing::Facts facts = facts_of(tx, conversation, now);
  // With an agent who did not answer, the customer waits all the same.
  if (facts.waiting_since == 0) facts.waiting_since = conversation.waiting_since;
  const Placement before = conversation.placement;
  put_into(conversation, without_points_of(before, facts, routing::route_to_tier(facts, setup->rules(), *rules, now)));
  conversation.placement.language = facts.language;
  conversation.placement.routed_at = 0;
  return true;
}

void Placer::send_to(Conversation& conversation, routing::GroupId group) {
  routing::Target target;
  target.group = group;
  conversation.placement.group = group;
  conversation.placement.rule = {};
  conversation.placement.routed_at = 0;
  conversation.placement.target = json::serialize(routing::target_json(target));
}

}  // namespace miniops::desk
