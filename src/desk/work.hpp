// Inside the service's closures: one write on its way. Private to the desk.
#pragma once

#include "desk/content.hpp"
#include "desk/errors.hpp"
#include "desk/ports.hpp"
#include "desk/recorder.hpp"
#include "identity/access.hpp"

namespace miniops::desk {

inline Actor actor_of(const identity::Access& access, std::string name) {
  if (name.empty()) name = access.username();
  return {SenderKind::agent, access.account().str(), std::move(name)};
}

struct Work {
  sql::Transaction& tx;
  const identity::Access& access;
  const Common& common;
  Colleagues& colleagues;
  TimeMs now;
  Actor actor;
  Recorder recorder;
  Thread thread;
  Conversation conversation;
  bool works_on = true;  // false: named in a note, or offered it: to read it and to write notes
  bool undoing = false;  // takes back what the caller did a moment ago: it may be somebody else's by now

  // Rules and timers have no account, and nothing is theirs.
  bool mine() const { return !access.account().empty() && conversation.assignee == access.account(); }
  bool supervises() const {
    return access.may(identity::Permission::desk_supervise, conversation.placement.group.str());
  }
  // Somebody else's conversation is changed only by who runs the desk or supervises its group.
  bool may_interfere() const {
    if (!works_on) return false;
    return undoing || conversation.assignee.empty() || mine() || access.may(identity::Permission::desk_configure) ||
           supervises();
  }
  // A message of this agent, not yet numbered.
  Message message_of(const Content& content) const {
    Message message;
    message.id = common.ids.next_as<MessageId>();
    message.direction = Direction::out;
    message.sender_kind = actor.kind;
    message.sender_id = actor.id;
    message.sender_name = actor.name;
    message.msgtype = content.msgtype;
    message.body = boost::json::serialize(content.body);
    message.created_at = now;
    return message;
  }
};

// How far a caller must reach for what they do: reading, or working on it (read_scope.hpp). take_back: what they did
// themselves a moment ago, by which it may have gone where they do not reach.
enum class Reach { read, work, take_back };

// desk.not_found when there is none, or when it is another mini program's; desk.other_group.
inline Result<Work> load_work(sql::Transaction& tx, const identity::Access& access, ConversationId id,
                              const Common& common, Colleagues& colleagues, TimeMs now, Reach reach = Reach::work) {
  auto contact = store::find_contact(tx, id);
  if (!contact || contact->thread.appid != access.appid()) return fail(errors::not_found("conversation"));
  const ReadScope scope = read_scope(access, *common.placer.setups().of(access.appid()));
  const bool works_on = reach == Reach::take_back || scope.works_on(*contact->conversation);
  if (!works_on) {
    const auto may =
        reach == Reach::read ? may_read(scope, *contact->conversation) : may_work_on(scope, *contact->conversation);
    if (!may) return std::unexpected(may.error());
  }
  return Work{tx,
              access,
              common,
              colleagues,
              now,
              actor_of(access, colleagues.name_of(tx, access.account())),
              Recorder(tx, common, now),
              std::move(contact->thread),
              std::move(*contact->conversation),
              works_on};
}

}  // namespace miniops::desk
