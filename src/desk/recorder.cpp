#include "desk/recorder.hpp"

#include "desk/timer_store.hpp"
#include "desk/views.hpp"
#include "live/change_log.hpp"
#include "reports/changes.hpp"
#include "service_levels/views.hpp"

namespace miniops::desk {

namespace {
constexpr Viewer everything{.personal_data = true, .language = "zh"};  // the hub masks for each recipient
constexpr Viewer outside{.personal_data = false, .language = "zh"};    // it leaves the house

// What other programs are told of an event of a conversation.
std::optional<webhooks::Kind> told_as(std::string_view event) {
  using enum webhooks::Kind;
  static constexpr std::array<std::pair<std::string_view, webhooks::Kind>, 10> kinds{
      {{"opened", conversation_opened},
       {"assigned", conversation_assigned},
       {"taken", conversation_assigned},
       {"unparked", conversation_assigned},
       {"transferred", conversation_transferred},
       {"released", conversation_queued},
       {"returned", conversation_queued},
       {"parked", conversation_parked},
       {"reopened", conversation_reopened},
       {"closed", conversation_closed}}};
  const auto known = std::ranges::find(kinds, event, &std::pair<std::string_view, webhooks::Kind>::first);
  return known == kinds.end() ? std::nullopt : std::optional(known->second);
}

}  // namespace

void Recorder::event(const Conversation& conversation, const Event& event) {
  const std::int64_t id = common_.ids.next();
  store::insert_event(tx_, id, conversation, now_, event);
  tell_reports(conversation.id);
  const auto kind = told_as(event.kind);
  if (kind && common_.events.wanted(conversation.appid, *kind))
    untold_.push_back({conversation.id, *kind, {id, now_, event}});
}

void Recorder::changed(const Conversation& conversation) {
  changed(conversation, common_.outbox.budget(tx_, conversation.appid, conversation.openid, now_));
}

void Recorder::changed(const Conversation& conversation, const gateway::Budget& budget) {
  const service_levels::ConversationId id(conversation.id.value());
  auto marks = service_levels::marks(tx_, std::span(&id, 1), now_);
  append(conversation.appid, "conversation", to_json(conversation, budget, marks[id], everything));
  publish(conversation, budget, marks[id]);
}

void Recorder::publish(const Conversation& conversation, const gateway::Budget& budget,
                       const std::vector<service_levels::Mark>& marks) {
  for (const Untold& one : untold_) {
    if (one.conversation != conversation.id) continue;
    json::object data{{"conversation", to_json(conversation, budget, marks, outside)},
                      {"event", to_json(one.event, outside)}};
    common_.events.emit(tx_, {one.kind, conversation.appid, conversation.openid, now_, std::move(data)});
  }
  std::erase_if(untold_, [&](const Untold& one) { return one.conversation == conversation.id; });
}

void Recorder::changed(const Message& message) {
  if (message.conversation_id.empty()) return;  // in the lobby: nobody sees it yet
  append(message.appid, "message", to_json(message, everything));
  tell_reports(message.conversation_id);
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
  live::append_change(
      tx_, common_.ids.next(), now_,
      {conversation.appid, "service_level", identity::Permission::desk_supervise, service_levels::to_json(notice)});
  const auto told = notice.level == service_levels::Level::breached ? webhooks::Kind::service_level_breached
                                                                    : webhooks::Kind::service_level_warned;
  if (notice.kind && common_.events.wanted(conversation.appid, told))
    common_.events.emit(tx_, {told, conversation.appid, conversation.openid, now_, service_levels::to_json(notice)});
}

Result<void> Recorder::arm(Conversation& conversation) {
  if (const auto routed = common_.placer.place(tx_, conversation, now_)) event(conversation, *routed);
  if (auto followed = common_.levels.follow(tx_, conversation, now_); !followed) return followed;
  const auto config = common_.configs.of(conversation.appid);
  store::arm(tx_, conversation, delays_of(config->settings, common_.outbox.settings().message_ms));
  return {};
}

Result<void> Recorder::save(Conversation& conversation) {
  if (auto armed = arm(conversation); !armed) return armed;
  if (auto saved = store::save_conversation(tx_, conversation); !saved) return saved;
  changed(conversation);
  return {};
}

// Once for each, as long as it is the same one.
void Recorder::tell_reports(ConversationId id) {
  if (id == told_) return;
  told_ = id;
  reports::note_change(tx_, common_.ids, reports::ConversationId(id.value()));
}

void Recorder::append(const AppId& appid, std::string topic, boost::json::object data) {
  live::append_change(tx_, common_.ids.next(), now_,
                      {appid, std::move(topic), identity::Permission::desk_read, std::move(data)});
}

}  // namespace miniops::desk
