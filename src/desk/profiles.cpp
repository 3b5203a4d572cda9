#include "desk/profiles.hpp"

#include "base/json.hpp"
#include "desk/queue_store.hpp"
#include "desk/recorder.hpp"
#include "desk/search.hpp"
#include "desk/views.hpp"
#include "identity/audit.hpp"
#include "people/service.hpp"
#include "reports/changes.hpp"

namespace miniops::desk {

namespace {

std::string json_of(const std::vector<std::string>& tags) {
  return json::serialize(json::array(tags.begin(), tags.end()));
}

bool described(const Thread& thread) { return !thread.nickname.empty() || !thread.note.empty() || thread.tags != "[]"; }

// For other programs.
json::object customer_json(const people::Profile& profile, ThreadId thread) {
  json::value data = json::object{{"openid", profile.openid},
                                  {"profile_id", profile.id.str()},
                                  {"thread_id", thread.str()},
                                  {"nickname", profile.nickname},
                                  {"note", profile.note},
                                  {"level", profile.level},
                                  {"tags", json::array(profile.tags.begin(), profile.tags.end())}};
  mask_texts(data);
  return std::move(data.get_object());
}

void copy(const people::Profile& profile, Thread& thread) {
  thread.nickname = profile.nickname;
  thread.note = profile.note;
  thread.tags = json_of(profile.tags);
}

}  // namespace

std::vector<std::string> tags_of(const Thread& thread) {
  std::vector<std::string> tags;
  const json::value value = json::parse(thread.tags);
  for (const json::value& tag : value.as_array()) tags.emplace_back(tag.as_string());
  return tags;
}

Result<void> Profiles::attach(sql::Transaction& tx, Thread& thread, TimeMs now) const {
  if (!thread.profile.empty()) return {};
  const auto known = with_.directory.identity_of(tx, thread.appid, thread.channel, thread.openid, now);
  thread.profile = known.profile;
  if (described(thread)) {
    const people::Texts texts{thread.nickname, thread.note, tags_of(thread)};
    return with_.directory.describe(tx, thread.profile, texts, now);
  }
  if (known.made) return {};
  const Thread before = thread;
  if (const auto profile = with_.directory.profile(tx, known.profile)) copy(*profile, thread);
  store::save_texts(tx, thread);  // a thread that is new is stored with them by the caller
  if (described(thread)) store::reindex_customer(tx, before, thread);
  return {};
}

Result<void> Profiles::describe(sql::Transaction& tx, const identity::Access& access, Thread thread,
                                const CustomerPatch& patch, TimeMs now) const {
  if (auto attached = attach(tx, thread, now); !attached) return attached;
  store::save_texts(tx, thread);
  json::object changes;  // which fields, not what was written about a person
  if (patch.nickname) changes["nickname"] = {{"changed", true}};
  if (patch.note) changes["note"] = {{"changed", true}};
  if (patch.tags) changes["tags"] = {{"changed", true}};
  if (patch.level) changes["level"] = {{"to", *patch.level}};
  if (patch.nickname || patch.note || patch.tags) {
    const people::Texts texts{patch.nickname, patch.note, patch.tags};
    if (auto written = with_.directory.describe(tx, thread.profile, texts, now); !written) return written;
  }
  if (patch.level) {
    const auto source = people::source_of(access);
    if (auto set = with_.directory.set_level(tx, thread.profile, *patch.level, source, now); !set) return set;
  }
  identity::audit(tx, access,
                  {with_.common.ids.next(), now, "desk.customer.update", "person:" + thread.profile.str(), changes});
  return {};
}

Result<void> Profiles::changed(sql::Transaction& tx, const people::Profile& profile, TimeMs now) {
  auto contact = store::find_contact(tx, profile.id);
  if (!contact) return {};
  const OpenId& openid = contact->thread.openid;
  constexpr auto kind = webhooks::Kind::customer_changed;
  if (with_.common.events.wanted(profile.appid, kind))
    with_.common.events.emit(tx, {kind, profile.appid, openid, now, customer_json(profile, contact->thread.id)});
  const Thread before = contact->thread;
  copy(profile, contact->thread);
  return carry(std::move(*contact), before, tx, now);
}

void Profiles::regrouped(sql::Transaction& tx, const std::vector<people::ProfileId>& profiles) {
  for (const people::ProfileId profile : profiles)
    for (const sql::Row& row : tx.query("SELECT c.id FROM desk_threads t JOIN desk_conversations c ON c.thread_id = "
                                        "t.id WHERE t.profile = $1 AND c.closed_at <> 0",
                                        {profile}))
      reports::note_change(tx, with_.common.ids, row.id<reports::ConversationId>(0));
}

void Profiles::blocked(sql::Transaction& tx, const people::Profile& profile, TimeMs ends_at, TimeMs now) {
  json::object until{{"ends_at", ends_at == 0 ? json::value(nullptr) : json::value(ends_at)}};
  tell_others(tx, webhooks::Kind::customer_blocked, profile, std::move(until), now);
}

void Profiles::unblocked(sql::Transaction& tx, const people::Profile& profile, TimeMs now) {
  tell_others(tx, webhooks::Kind::customer_unblocked, profile, {}, now);
}

// Each end is told of itself alone: the other may be of a mini program that the receiver has nothing to do with.
void Profiles::linked(sql::Transaction& tx, const people::Profile& profile, const people::Link& link, bool undone,
                      TimeMs now) {
  const auto kind = undone ? webhooks::Kind::customer_unlinked : webhooks::Kind::customer_linked;
  tell_others(tx, kind, profile, {{"link_id", link.id.str()}, {"source", word(link.source)}}, now);
}

void Profiles::tell_others(sql::Transaction& tx, webhooks::Kind kind, const people::Profile& profile, json::object more,
                           TimeMs now) const {
  if (!with_.common.events.wanted(profile.appid, kind)) return;
  const auto contact = store::find_contact(tx, profile.id);
  json::object data{{"profile_id", profile.id.str()}, {"openid", nullptr}, {"thread_id", nullptr}};
  if (contact) {
    data["openid"] = contact->thread.openid.str();
    data["thread_id"] = contact->thread.id.str();
  }
  for (auto& [name, value] : more) data[name] = std::move(value);
  with_.common.events.emit(tx,
                           {kind, profile.appid, contact ? contact->thread.openid : OpenId(), now, std::move(data)});
}

Result<void> Profiles::forgotten(sql::Transaction& tx, people::ProfileId profile, TimeMs now) {
  with_.common.ratings.forget(tx, profile);
  auto contact = store::find_contact(tx, profile);
  if (!contact) return {};
  with_.common.events.forget(tx, contact->thread.appid, contact->thread.openid);
  const Thread before = contact->thread;
  copy({}, contact->thread);
  contact->thread.profile = {};
  contact->thread.parameters.clear();
  store::save_parameters(tx, contact->thread);
  return carry(std::move(*contact), before, tx, now);
}

Result<void> Profiles::carry(store::Contact contact, const Thread& before, sql::Transaction& tx, TimeMs now) const {
  const Thread& thread = contact.thread;
  const bool same = thread.nickname == before.nickname && thread.note == before.note && thread.tags == before.tags;
  if (same && thread.profile == before.profile) return {};
  store::save_texts(tx, thread);
  if (same) return {};
  store::reindex_customer(tx, before, thread);
  if (!contact.conversation) return {};
  contact.conversation->nickname = thread.nickname;
  return Recorder(tx, with_.common, now).save(*contact.conversation);
}

}  // namespace miniops::desk
