#include "desk/recorder.hpp"

#include "desk/automation.hpp"
#include "desk/escalation.hpp"
#include "desk/queue_help.hpp"
#include "desk/timer_store.hpp"
#include "desk/views.hpp"
#include "live/change_log.hpp"
#include "reports/changes.hpp"
#include "service_levels/views.hpp"

namespace miniops::desk {

namespace {
constexpr Viewer everything{.personal_data = true, .language = "zh"};  // the hub masks for each recipient
constexpr std::string_view no_group = "0";                             // which nobody is in
constexpr Viewer outside{.personal_data = false, .language = "zh"};    // it leaves the house

// What other programs are told of an event of a conversation.
std::optional<webhooks::Kind> told_as(std::string_view event) {
  using enum webhooks::Kind;
  static constexpr auto kinds =
      std::to_array<std::pair<std::string_view, webhooks::Kind>>({{"opened", conversation_opened},
                                                                  {"assigned", conversation_assigned},
                                                                  {"taken", conversation_assigned},
                                                                  {"unparked", conversation_assigned},
                                                                  {"transferred", conversation_transferred},
                                                                  {"escalated", conversation_transferred},
                                                                  {"released", conversation_queued},
                                                                  {"returned", conversation_queued},
                                                                  {"parked", conversation_parked},
                                                                  {"reopened", conversation_reopened},
                                                                  {"closed", conversation_closed},
                                                                  {"transfer_asked", conversation_transfer_asked},
                                                                  {"transfer_accepted", conversation_transfer_asked},
                                                                  {"transfer_declined", conversation_transfer_asked},
                                                                  {"transfer_withdrawn", conversation_transfer_asked},
                                                                  {"transfer_expired", conversation_transfer_asked},
                                                                  {"routed", conversation_routed},
                                                                  {"priority", conversation_changed},
                                                                  {"reason_set", conversation_changed},
                                                                  {"tags_set", conversation_changed},
                                                                  {"field_set", conversation_changed},
                                                                  {"resent", conversation_changed},
                                                                  {"check_confirmed", conversation_changed},
                                                                  {"window_closing", conversation_window_closing},
                                                                  {"silence_warned", conversation_reminded},
                                                                  {"agent_reminded", conversation_reminded},
                                                                  {"supervisor_notified", conversation_reminded},
                                                                  {"reply_refused", conversation_reply_refused},
                                                                  {"survey_asked", satisfaction_asked}});
  const auto known = std::ranges::find(kinds, event, &std::pair<std::string_view, webhooks::Kind>::first);
  return known == kinds.end() ? std::nullopt : std::optional(known->second);
}

// Whom it was shown to by name, and is not any more.
std::vector<AccountId> no_longer_named(const Conversation& conversation) {
  std::vector<AccountId> lost = conversation.shown_to.others;
  const auto named = named_readers(conversation);
  std::erase_if(lost, [&](AccountId account) {
    return account == conversation.assignee || std::ranges::find(named, account) != named.end();
  });
  return lost;
}

live::Audience besides(live::Audience audience, const std::vector<AccountId>& accounts) {
  for (const AccountId account : accounts)
    if (account != audience.account && std::ranges::find(audience.others, account) == audience.others.end())
      audience.others.push_back(account);
  return audience;
}

// Which of them begins automation rules.
std::optional<automation::EventKind> begins_as(std::string_view event) {
  using enum automation::EventKind;
  static constexpr std::array<std::pair<std::string_view, automation::EventKind>, 8> kinds{
      {{"opened", opened},
       {"reopened", reopened},
       {"assigned", assigned},
       {"taken", assigned},
       {"transferred", transferred},
       {"escalated", transferred},
       {"parked", parked},
       {"closed", closed}}};
  const auto known = std::ranges::find(kinds, event, &std::pair<std::string_view, automation::EventKind>::first);
  return known == kinds.end() ? std::nullopt : std::optional(known->second);
}

}  // namespace

Delays delays_of(const Common& common, const Conversation& conversation, const automation::RuleSet& rules) {
  const auto config = common.configs.of(conversation.appid);
  Delays delays = delays_of(config->settings, common.channels.of(conversation.channel).capabilities());
  delays.waits = rules.waits();
  delays.leave_offer = config->queue.offers_after();
  delays.escalates_at = escalates_at(conversation, *common.placer.setups().of(conversation.appid));
  delays.reroutes_at = common.placer.reroutes_at(conversation);
  return delays;
}

void Recorder::event(const Conversation& conversation, const Event& event) {
  const std::int64_t id = common_.ids.next();
  store::insert_event(tx_, id, conversation, now_, event);
  tell_reports(conversation.id);
  const auto kind = told_as(event.kind);
  if (kind && common_.events.wanted(conversation.appid, *kind))
    untold_.push_back({conversation.id, *kind, {id, now_, event}});
  if (const auto begins = begins_as(event.kind)) happened(conversation, {*begins});
}

void Recorder::happened(const Conversation& conversation, automation::Occasion occasion) {
  if (by_ == By::rules || !common_.automation.wants(conversation.appid, occasion.kind)) return;
  const auto same = [&](const auto& one) { return one.first == conversation.id && one.second.kind == occasion.kind; };
  if (std::ranges::none_of(occasions_, same)) occasions_.emplace_back(conversation.id, std::move(occasion));
}

Result<void> Recorder::automate(Conversation& conversation) {
  std::vector<automation::Occasion> mine;
  for (auto& [id, occasion] : occasions_)
    if (id == conversation.id) mine.push_back(std::move(occasion));
  std::erase_if(occasions_, [&](const auto& one) { return one.first == conversation.id; });
  std::ranges::sort(mine, {}, &automation::Occasion::kind);
  return mine.empty() ? Result<void>{} : common_.automation.run(tx_, common_, conversation, mine, now_);
}

void Recorder::changed(const Conversation& conversation) {
  const Channel& channel = common_.channels.of(conversation.channel);
  changed(conversation, channel.budget(tx_, conversation.appid, conversation.openid, now_));
}

void Recorder::changed(const Conversation& conversation, const std::optional<gateway::Budget>& budget) {
  const service_levels::ConversationId id(conversation.id.value());
  auto marks = service_levels::marks(tx_, std::span(&id, 1), now_);
  const Conversation::Readers& before = conversation.shown_to;
  const bool moved = before.group != conversation.placement.group || before.agent != conversation.assignee;
  const auto lost = no_longer_named(conversation);
  if (moved && !before.group.empty())
    append(conversation.appid, "conversation_left", {{"id", conversation.id.str()}},
           {before.group.str(), before.agent, lost, conversation.id.value()});
  else if (!lost.empty())
    append(conversation.appid, "conversation_left", {{"id", conversation.id.str()}},
           {std::string(no_group), {}, lost, conversation.id.value()});
  append(conversation.appid, "conversation", to_json(conversation, budget, marks[id], everything),
         audience_of(conversation));
  publish(conversation, budget, marks[id]);
}

void Recorder::publish(const Conversation& conversation, const std::optional<gateway::Budget>& budget,
                       const std::vector<service_levels::Mark>& marks) {
  for (const Untold& one : untold_) {
    if (one.conversation != conversation.id) continue;
    json::object data{{"conversation", to_json(conversation, budget, marks, outside)},
                      {"event", to_json(one.event, outside)}};
    common_.events.emit(tx_, {one.kind, conversation.appid, conversation.openid, now_, std::move(data)});
  }
  std::erase_if(untold_, [&](const Untold& one) { return one.conversation == conversation.id; });
}

void Recorder::changed(const Message& message, const Conversation& in) {
  // Not all readers are to see it: they are told that it is there, and the API shows it to whom it is for.
  if (!message.whispered_to.empty())
    return append(message.appid, "whisper",
                  {{"conversation_id", message.conversation_id.str()},
                   {"account_id", message.whispered_to.str()},
                   {"from_name", message.sender_name}},
                  audience_of(in));
  append(message.appid, "message", to_json(message, everything), audience_of(in));
  tell_reports(message.conversation_id);
  if (message.direction == Direction::note && message.sender_kind == SenderKind::agent)
    publish(webhooks::Kind::message_noted, message, in.openid);
}

void Recorder::publish(webhooks::Kind kind, const Message& message, const OpenId& openid) {
  // In the lobby: it is told when it is in a conversation.
  if (message.conversation_id.empty() || !common_.events.wanted(message.appid, kind)) return;
  json::object shown = to_json(message, outside);
  shown.erase("raw");  // up to a megabyte, in whatever form
  common_.events.emit(tx_,
                      {kind, message.appid, openid, now_, {{"openid", openid.str()}, {"message", std::move(shown)}}});
}

void Recorder::tell(const Conversation& conversation, const service_levels::Notice& notice) {
  if (notice.kind)
    event(conversation,
          {"service_level", std::string(word(*notice.kind)), std::string(word(notice.level)), Actor::system("timer")});
  live::append_change(tx_, common_.ids.next(), now_,
                      {conversation.appid, "service_level", identity::Permission::desk_supervise,
                       service_levels::to_json(notice), supervisors_of(conversation)});
  const bool breached = notice.level == service_levels::Level::breached;
  using automation::EventKind;
  if (notice.kind)
    happened(conversation, {breached ? EventKind::service_level_breached : EventKind::service_level_warned});
  const auto told = breached ? webhooks::Kind::service_level_breached : webhooks::Kind::service_level_warned;
  if (notice.kind && common_.events.wanted(conversation.appid, told))
    common_.events.emit(tx_, {told, conversation.appid, conversation.openid, now_, service_levels::to_json(notice)});
}

void Recorder::tell(const Conversation& conversation, const Offer& offer, std::string_view outcome,
                    const Conversation::Holder& sender) {
  live::Audience audience = besides(audience_of(conversation), {offer.to, sender.agent});
  append(conversation.appid, "transfer",
         {{"conversation_id", conversation.id.str()},
          {"outcome", outcome},
          {"to_id", offer.to.str()},
          {"to_name", offer.name},
          {"from_id", sender.agent.str()},
          {"from_name", sender.name}},
         std::move(audience));
}

void Recorder::tell_silent(const Conversation& conversation, const Conversation::Holder& agent, Silent what) {
  const json::object data{{"conversation_id", conversation.id.str()},
                          {"outcome", what == Silent::back ? "returned" : "reminded"},
                          {"agent_id", agent.agent.str()},
                          {"agent_name", agent.name},
                          {"waiting_since", conversation.waiting_since}};
  append(conversation.appid, "agent_reminded", data, {std::string(no_group), agent.agent});
  if (what == Silent::back)
    live::append_change(
        tx_, common_.ids.next(), now_,
        {conversation.appid, "agent_silent", identity::Permission::desk_supervise, data, supervisors_of(conversation)});
}

void Recorder::tell_named(const Conversation& conversation, std::string_view kind, std::string_view from_name,
                          const std::vector<AccountId>& accounts) {
  live::Audience audience = besides(audience_of(conversation), accounts);
  json::array ids;
  for (const AccountId account : accounts) ids.emplace_back(account.str());
  append(conversation.appid, "mention",
         {{"conversation_id", conversation.id.str()},
          {"kind", kind},
          {"from_name", from_name},
          {"account_ids", std::move(ids)}},
         std::move(audience));
}

Result<void> Recorder::arm(Conversation& conversation) {
  note_wait(tx_, common_, conversation, now_);
  if (const auto routed = common_.placer.place(tx_, conversation, now_)) event(conversation, *routed);
  if (auto followed = common_.levels.follow(tx_, conversation, now_); !followed) return followed;
  const auto rules = common_.automation.rules(conversation.appid);
  store::arm(tx_, conversation, delays_of(common_, conversation, *rules));
  return {};
}

Result<void> Recorder::save(Conversation& conversation) {
  if (auto armed = arm(conversation); !armed) return armed;
  if (auto saved = store::save_conversation(tx_, conversation); !saved) return saved;
  changed(conversation);
  return automate(conversation);
}

// Once for each, as long as it is the same one.
void Recorder::tell_reports(ConversationId id) {
  if (id == told_) return;
  told_ = id;
  reports::note_change(tx_, common_.ids, reports::ConversationId(id.value()));
}

void Recorder::append(const AppId& appid, std::string topic, boost::json::object data, live::Audience audience) {
  live::append_change(tx_, common_.ids.next(), now_,
                      {appid, std::move(topic), identity::Permission::desk_read, std::move(data), std::move(audience)});
}

}  // namespace miniops::desk
