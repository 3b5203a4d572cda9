#include "desk/recorder.hpp"

#include "desk/timer_store.hpp"
#include "desk/views.hpp"
#include "live/change_log.hpp"
#include "service_levels/views.hpp"

namespace miniops::desk {

namespace {
constexpr Viewer everything{.personal_data = true, .language = "zh"};  // the hub masks for each recipient
}

void Recorder::event(const Conversation& conversation, const Event& event) {
  store::insert_event(tx_, common_.ids.next(), conversation, now_, event);
}

void Recorder::changed(const Conversation& conversation) {
  changed(conversation, common_.outbox.budget(tx_, conversation.appid, conversation.openid, now_));
}

void Recorder::changed(const Conversation& conversation, const gateway::Budget& budget) {
  const service_levels::ConversationId id(conversation.id.value());
  auto marks = service_levels::marks(tx_, std::span(&id, 1), now_);
  append(conversation.appid, "conversation", to_json(conversation, budget, marks[id], everything));
}

void Recorder::changed(const Message& message) {
  if (message.conversation_id.empty()) return;  // in the lobby: nobody sees it yet
  append(message.appid, "message", to_json(message, everything));
}

void Recorder::tell(const Conversation& conversation, const service_levels::Notice& notice) {
  if (notice.kind)
    event(conversation,
          {"service_level", std::string(word(*notice.kind)), std::string(word(notice.level)), Actor::system("timer")});
  live::append_change(
      tx_, common_.ids.next(), now_,
      {conversation.appid, "service_level", identity::Permission::desk_supervise, service_levels::to_json(notice)});
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

void Recorder::append(const AppId& appid, std::string topic, boost::json::object data) {
  live::append_change(tx_, common_.ids.next(), now_,
                      {appid, std::move(topic), identity::Permission::desk_read, std::move(data)});
}

}  // namespace miniops::desk
