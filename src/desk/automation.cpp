#include "desk/automation.hpp"

#include "automation/errors.hpp"
#include "base/text.hpp"
#include "calendar/time_zone.hpp"
#include "desk/actions.hpp"
#include "desk/automatic.hpp"
#include "desk/profiles.hpp"
#include "desk/queue_store.hpp"
#include "gateway/miniprograms.hpp"
#include "live/change_log.hpp"
#include "quick_replies/plan.hpp"
#include "quick_replies/shared.hpp"

namespace miniops::desk {

namespace {

using automation::EventKind;
using automation::Outcome;
using automation::Step;
using automation::StepKind;
using automation::StepResult;

Actor actor_of(const automation::Rule& rule) {
  return {SenderKind::rule, std::string(automation_sender) + rule.id.str(), rule.name};
}

bool is_of_customer(StepKind kind) {
  return kind == StepKind::add_tag || kind == StepKind::remove_tag || kind == StepKind::set_level;
}

automation::Facts facts_of(const Work& work) {
  const Conversation& c = work.conversation;
  automation::Facts facts;
  facts.closed = c.state == State::closed;
  facts.queued = !facts.closed && c.stage == Stage::queued;
  facts.parked = !facts.closed && c.stage == Stage::parked;
  facts.assignee = c.assignee;
  facts.group = c.placement.group.value();
  facts.tier = word(work.common.placer.setups().of(c.appid)->tier_of(c.placement.group));
  facts.priority = c.priority;
  return facts;
}

// ---- what is said ----

quick_replies::Values values_of(const Work& work) {
  quick_replies::Facts facts;
  facts.nickname = work.thread.nickname;
  facts.agent_name = work.conversation.assignee_name;
  facts.miniprogram_name = gateway::mini_program_name(work.tx, work.thread.appid);
  facts.source = work.conversation.source;
  const auto config = work.common.configs.of(work.thread.appid);
  facts.local_time = work.now + calendar::wall_clock(config->hours.time_zone, work.now).offset_ms;
  return quick_replies::values_of(facts, true);  // it goes to the customer
}

Result<bool> send(Work& work, ToSend sending) {
  if (work.conversation.state == State::closed) return fail(errors::conversation_closed());
  if (store::automated_since_asked(work.tx, work.thread.id) >= automation::messages_max)
    return fail(automation::errors::too_many_messages());
  const auto config = work.common.configs.of(work.thread.appid);
  // Theirs is the mini program's own text: no checker is asked, and nobody is there to confirm.
  const auto clearance = check_words(*config->words, content_check::Action::block, sending, false);
  if (!clearance) return std::unexpected(clearance.error());
  Message message;
  message.id = work.common.ids.next_as<MessageId>();
  message.created_at = work.now;
  message.sender_kind = work.actor.kind;
  message.sender_id = work.actor.id;
  message.sender_name = message.cause = work.actor.name;
  message.flagged = clearance->flagged;
  const auto content = hand_over_automatic(work.tx, work.common.channels, work.thread, sending, message, work.now);
  if (!content) return std::unexpected(content.error());
  add_message(work.thread, work.conversation, message, content->summary);
  store::insert_message(work.tx, message);
  store::save_thread(work.tx, work.thread);
  work.recorder.changed(message, work.conversation);
  return true;
}

Result<bool> send_text(Work& work, const std::string& text) {
  const std::string filled = quick_replies::fill(text, values_of(work));
  auto sending = parse_to_send({{"msgtype", "text"}, {"text", {{"content", filled}}}}, false);
  if (!sending) return std::unexpected(sending.error());
  return send(work, std::move(*sending));
}

// Text and picture, as far as they are there.
Result<bool> send_reply(Work& work, quick_replies::QuickReplyId id) {
  const auto reply = quick_replies::shared_reply(work.tx, work.thread.appid, id);
  if (!reply) return fail(automation::errors::no_such_target("quick reply"));
  if (!reply->content.empty())
    if (auto sent = send_text(work, reply->content); !sent) return sent;
  if (reply->picture_id.empty()) return true;
  ToSend picture;
  picture.message = wechat::SendImage{};
  picture.picture_id = reply->picture_id;
  return send(work, std::move(picture));
}

bool set_priority(Work& work, std::int64_t priority) {
  const std::string before = std::to_string(work.conversation.priority);
  work.conversation.priority = priority;
  work.recorder.event(work.conversation, {"priority", before, std::to_string(priority), work.actor});
  return true;
}

}  // namespace

// What happened to one conversation, on its way through the rules.
struct Automation::Running {
  sql::Transaction& tx;
  const Common& common;
  const identity::Access access;
  const std::shared_ptr<const automation::RuleSet> rules;  // what is begun points into it
  const ConversationId id;
  const std::int64_t turn;  // the customer's last message
  const TimeMs now;
};

struct Automation::Begun {
  EventKind event{};
  automation::Decision decision{};
};

Result<void> Automation::run(sql::Transaction& tx, const Common& common, Conversation& conversation,
                             const std::vector<automation::Occasion>& occasions, TimeMs now) const {
  const auto known = store::known_of(tx, conversation.thread_id);
  if (with_.directory.blocked(tx, known.profile, now)) return {};
  const Running running{tx,
                        common,
                        identity::Access::system(conversation.appid, "automation"),
                        rules(conversation.appid),
                        conversation.id,
                        store::last_asked(tx, conversation.thread_id),
                        now};
  bool changed = false;
  for (const Begun& begun : ask(running, conversation, occasions)) {
    if (!admitted(running, begun)) continue;
    const auto acted = act(running, begun);
    if (!acted) return std::unexpected(acted.error());
    changed = changed || *acted;
  }
  if (!changed) return {};
  auto after = store::find_conversation(tx, conversation.id);
  if (after) conversation = std::move(*after);
  return {};
}

automation::LogEntry Automation::entry_of(const Running& running, const automation::PlacedRule& rule, EventKind event,
                                          Outcome outcome) const {
  automation::LogEntry entry{with_.ids.next_as<automation::LogId>(),
                             running.access.appid(),
                             running.now,
                             rule.rule.id,
                             rule.rule.name,
                             running.id.value()};
  entry.event = event;
  entry.outcome = outcome;
  return entry;
}

// Before any of them acts: what one does is nothing that another has seen. Those that do not fire are noted.
std::vector<Automation::Begun> Automation::ask(const Running& running, const Conversation& conversation,
                                               const std::vector<automation::Occasion>& occasions) const {
  routing::Facts facts = running.common.placer.facts_of(running.tx, conversation, running.now);
  facts.waiting_since = conversation.waiting_since;
  std::vector<Begun> begun;
  for (const automation::Occasion& occasion : occasions) {
    routing::Facts asked = facts;
    if (occasion.kind == EventKind::message_received)
      if (const auto last = store::last_of_customer(running.tx, conversation))
        only_message(asked, last->first, last->second);
    for (automation::Decision& decision : automation::decide(*running.rules, occasion, asked, running.now)) {
      if (decision.fires) {
        begun.push_back({occasion.kind, std::move(decision)});
      } else {
        auto entry = entry_of(running, *decision.rule, occasion.kind, Outcome::not_matched);
        entry.compared = std::move(decision.compared);
        automation::note(running.tx, entry);
      }
    }
  }
  return begun;
}

bool Automation::admitted(const Running& running, const Begun& begun) const {
  const AppId& appid = running.access.appid();
  const automation::PlacedRule& rule = *begun.decision.rule;
  const auto admitted =
      automation::admit(running.tx, {appid, rule.rule.id, running.id.value(), running.turn}, running.now);
  if (admitted.admission == automation::Admission::fires) return true;
  const bool repeated = admitted.admission == automation::Admission::repeated;
  automation::note(running.tx, entry_of(running, rule, begun.event, repeated ? Outcome::repeated : Outcome::too_often));
  if (admitted.admission != automation::Admission::pauses) return false;
  automation::PlacedRule paused;
  paused.rule.id = admitted.paused.id;
  paused.rule.name = admitted.paused.name;
  const auto entry = entry_of(running, paused, begun.event, Outcome::paused);
  automation::note(running.tx, entry);
  tell_others(running, webhooks::Kind::automation_paused, entry, {});
  live::append_change(running.tx, with_.ids.next(), running.now,
                      {appid,
                       "automation",
                       identity::Permission::desk_supervise,
                       {{"kind", "paused"}, {"rule_id", paused.rule.id.str()}, {"rule_name", paused.rule.name}}});
  return false;
}

// Which rule, and of what; what it did is told as what it is.
void Automation::tell_others(const Running& running, webhooks::Kind kind, const automation::LogEntry& entry,
                             const OpenId& openid) const {
  const webhooks::Events& events = running.common.events;
  if (!events.wanted(running.access.appid(), kind)) return;
  events.emit(running.tx, {kind,
                           running.access.appid(),
                           openid,
                           running.now,
                           {{"rule_id", entry.rule.str()},
                            {"rule_name", entry.rule_name},
                            {"event", word(entry.event)},
                            {"conversation_id", running.id.str()}}});
}

// True: it changed something.
Result<bool> Automation::act(const Running& running, const Begun& begun) const {
  const automation::Rule& rule = begun.decision.rule->rule;
  auto entry = entry_of(running, *begun.decision.rule, begun.event, Outcome::fired);
  // First what is the customer's: it saves the conversation by itself.
  entry.steps = describe(running, rule);
  auto contact = store::find_contact(running.tx, running.id);
  if (!contact) return false;
  Work work{running.tx,
            running.access,
            running.common,
            with_.colleagues,
            running.now,
            actor_of(rule),
            Recorder(running.tx, running.common, running.now, Recorder::By::rules),
            std::move(contact->thread),
            std::move(*contact->conversation)};
  perform(work, rule, entry.steps);
  const auto done = [](const StepResult& one) { return one.effect && one.refused.empty(); };
  const bool changed = std::ranges::any_of(entry.steps, done);
  automation::note(running.tx, entry);
  tell_others(running, webhooks::Kind::automation_fired, entry, work.conversation.openid);
  if (!changed) return false;
  if (auto saved = work.recorder.save(work.conversation); !saved) return std::unexpected(saved.error());
  return true;
}

// Tags and level, all at once. The result of each step; of those that are not the customer's, none yet.
std::vector<StepResult> Automation::describe(const Running& running, const automation::Rule& rule) const {
  std::vector<StepResult> results;
  for (const Step& step : rule.steps) results.push_back({step.kind});
  if (std::ranges::none_of(rule.steps, is_of_customer, &Step::kind)) return results;
  auto contact = store::find_contact(running.tx, running.id);
  if (!contact) return results;
  automation::Facts facts;
  facts.tags = tags_of(contact->thread);
  if (const auto person = with_.directory.facts(running.tx, contact->thread.profile, running.now))
    facts.level = person->level;
  CustomerPatch patch;
  for (std::size_t i = 0; i < rule.steps.size(); ++i) {
    const Step& step = rule.steps[i];
    if (!is_of_customer(step.kind)) continue;
    results[i].effect = automation::has_effect(step, facts);
    if (!results[i].effect) continue;
    if (step.kind == StepKind::add_tag && facts.tags.size() == tags_max) {
      results[i].refused = errors::too_many("tags", static_cast<int>(tags_max)).code;
      continue;
    }
    if (step.kind == StepKind::add_tag) facts.tags.push_back(step.text);
    if (step.kind == StepKind::remove_tag) std::erase(facts.tags, step.text);
    if (step.kind == StepKind::set_level) patch.level = facts.level = static_cast<int>(step.number);
    if (step.kind != StepKind::set_level) patch.tags = facts.tags;
  }
  if (!patch.tags && !patch.level) return results;
  const Profiles profiles({running.common, with_.directory});
  const auto described = profiles.describe(running.tx, running.access, std::move(contact->thread), patch, running.now);
  if (described) return results;
  for (std::size_t i = 0; i < rule.steps.size(); ++i)
    if (is_of_customer(rule.steps[i].kind) && results[i].effect) results[i].refused = described.error().code;
  return results;
}

void Automation::perform(Work& work, const automation::Rule& rule, std::vector<StepResult>& results) const {
  for (std::size_t i = 0; i < rule.steps.size(); ++i) {
    const Step& step = rule.steps[i];
    if (is_of_customer(step.kind)) continue;
    results[i].effect = automation::has_effect(step, facts_of(work));
    if (!results[i].effect) continue;
    const auto did = perform(work, rule, step);
    if (did) results[i].effect = *did;
    if (!did) results[i].refused = did.error().code;
  }
}

Result<bool> Automation::perform(Work& work, const automation::Rule& rule, const Step& step) const {
  switch (step.kind) {
    case StepKind::send_text:
      return send_text(work, step.text);
    case StepKind::send_reply:
      return send_reply(work, quick_replies::QuickReplyId(step.number));
    case StepKind::note:
      add_note(work, step.text);
      return true;
    case StepKind::set_priority:
      return set_priority(work, step.number);
    case StepKind::notify_supervisor:
      return notify(work, rule, step.text);
    case StepKind::transfer_agent:
      return transfer(work, AccountId(step.number), "");
    case StepKind::transfer_group:
      return transfer_to_group(work, routing::GroupId(step.number), "");
    case StepKind::transfer_tier:
      return transfer_to_tier(work, routing::tier_named(step.text), "");
    case StepKind::park:
      return park(work, step.number == 0 ? 0 : work.now + step.number * minute_ms, "");
    case StepKind::close:
      return close(work, "automation", "",
                   step.number == 0 ? wrapup::Patch{} : wrapup::Patch{.reason = wrapup::ReasonId(step.number)});
    case StepKind::add_tag:
    case StepKind::remove_tag:
    case StepKind::set_level:
      return false;  // of the customer
  }
  std::unreachable();
}

Result<bool> Automation::notify(Work& work, const automation::Rule& rule, const std::string& text) const {
  const Conversation& of = work.conversation;
  work.recorder.event(of, {"supervisor_notified", "", "", work.actor, text});
  live::append_change(work.tx, with_.ids.next(), work.now,
                      {of.appid,
                       "automation",
                       identity::Permission::desk_supervise,
                       {{"kind", "notice"},
                        {"conversation_id", of.id.str()},
                        {"rule_id", rule.id.str()},
                        {"rule_name", rule.name},
                        {"text", text}},
                       supervisors_of(of)});
  return true;
}

}  // namespace miniops::desk
