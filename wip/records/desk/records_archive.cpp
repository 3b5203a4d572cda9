#include "desk/records_archive.hpp"

#include "base/json.hpp"
#include "desk/store.hpp"
#include "desk/views.hpp"

namespace miniops::desk {

namespace {

constexpr int messages_at_once = 100;
constexpr int conversations_at_once = 50;
constexpr TimeMs changes_kept_ms = day_ms;  // live's, and identity's kept answers

ConversationId own(records::ConversationId id) { return ConversationId(id.value()); }

}  // namespace

records::PageOf<records::Hit> RecordsArchive::find(sql::Transaction& tx, const AppId& appid,
                                                   const records::Reader& reader, const records::Question& question,
                                                   const records::Before& before, int limit) {
  const auto scores_of = [&](const std::vector<ConversationId>& ids) { return scores_.of(tx, ids); };
  return store::find_records(tx, appid, reader, question, before, limit, scores_of);
}

std::optional<records::ConversationRecord> RecordsArchive::conversation(sql::Transaction& tx, const AppId& appid,
                                                                        const records::Reader& reader,
                                                                        records::ConversationId id) {
  auto record = store::find_record(tx, appid, reader, own(id));
  if (!record || !reader.scores) return record;
  const auto scores = scores_.of(tx, {own(id)});
  if (!scores.empty()) record->score = scores.begin()->second;
  return record;
}

std::vector<records::MessageRecord> RecordsArchive::messages(sql::Transaction& tx, records::ConversationId id,
                                                             std::int64_t after_seq, int limit) {
  return store::record_messages(tx, own(id), after_seq, limit);
}

std::set<records::GroupId> RecordsArchive::groups_of(const AppId& appid, AccountId agent) {
  std::set<records::GroupId> groups;
  for (const routing::GroupId group : teams::groups_of(setups_.of(appid)->roster().of(agent)))
    groups.insert(records::GroupId(group.value()));
  return groups;
}

bool RecordsArchive::shows_scores(sql::Transaction& tx, const identity::Access& access) {
  return scores_.visible(tx, access);
}

std::vector<records::Closed> RecordsArchive::closed_before(sql::Transaction& tx, const AppId& appid,
                                                           records::Place after, TimeMs before, int limit) {
  return store::closed_before(tx, appid, after, before, limit);
}

records::Archive::MessagesRemoved RecordsArchive::remove_messages(sql::Transaction& tx, records::ConversationId id,
                                                                  int limit) {
  const auto conversation = store::find_conversation(tx, own(id));
  if (!conversation) return {};
  const store::Removed gone = store::remove_messages(tx, conversation->thread_id, conversation->id, limit);
  const bool more = gone.in_flight || gone.messages == limit;
  if (!more) store::empty_conversation(tx, conversation->id);
  return {gone.messages, more};
}

records::Archive::MediaRemoved RecordsArchive::remove_media(sql::Transaction& tx, records::ConversationId id,
                                                            std::int64_t after_seq, int limit) {
  return store::remove_media(tx, own(id), after_seq, limit);
}

// ---- a person ----

// Threads, then messages in order: the place is the `seq` of the last one.
Task<Result<records::Keeper::ExportPiece>> ConversationKeeper::exported(records::Person person, std::string place) {
  const std::int64_t after = parse_id(place).value_or(0);
  auto read = [=](sql::Transaction& tx) -> Result<ExportPiece> {
    ExportPiece piece;
    const auto thread = store::find_thread(tx, person.appid, person.openid);
    if (!thread) return piece;
    constexpr Viewer everything{.personal_data = true, .language = "zh"};
    const auto add = [&piece](std::string_view kind, json::object object) {
      piece.lines += json::serialize(json::object{{"kind", kind}, {"record", std::move(object)}}) + "\n";
      ++piece.rows;
    };
    if (after == 0) add("thread", to_json(*thread, store::sources_of(tx, *thread, 50), everything));
    const auto messages = store::thread_messages_after(tx, thread->id, after, messages_at_once);
    for (const Message& message : messages) add("message", to_json(message, everything));
    if (std::ssize(messages) == messages_at_once) piece.next = std::to_string(messages.back().seq);
    return piece;
  };
  co_return co_await database_.read(std::move(read));
}

// An open one is closed first, as people close it: its agent is free, its timers and clocks end.
Result<void> ConversationKeeper::close_open(sql::Transaction& tx, const records::Person& person, TimeMs now) const {
  auto contact = store::find_contact(tx, person.appid, person.openid);
  if (!contact || !contact->conversation || contact->conversation->state == State::closed) return {};
  Recorder recorder(tx, common_, now);
  recorder.event(*contact->conversation, close(*contact->conversation, Actor::system("records"), "erased", now));
  return recorder.save(*contact->conversation);
}

Result<records::Keeper::ErasePiece> ConversationKeeper::erase(sql::Transaction& tx, const records::Person& person,
                                                              const std::string& place, TimeMs now) {
  using enum ErasePiece::Progress;
  ErasePiece piece;
  piece.place = "begun";
  piece.progress = more;
  const auto thread = store::find_thread(tx, person.appid, person.openid);
  if (!thread) {
    piece.progress = done;
    return piece;
  }
  piece.until["change_log"] = now + changes_kept_ms;
  piece.until["kept_answers"] = now + changes_kept_ms;
  // Again in each piece: the customer may write in the meantime.
  if (auto closed = close_open(tx, person, now); !closed) return std::unexpected(closed.error());
  if (place.empty()) return piece;
  const store::Removed gone = store::remove_messages(tx, thread->id, std::nullopt, messages_at_once);
  piece.counts = {{"messages", gone.messages}, {"media", gone.media}};
  if (gone.in_flight) piece.progress = waiting;
  if (gone.in_flight || gone.messages == messages_at_once) return piece;
  piece.counts["conversations"] = store::make_anonymous(tx, thread->id, conversations_at_once);
  if (piece.counts["conversations"] == conversations_at_once) return piece;
  store::delete_thread(tx, *thread);
  piece.counts["threads"] = 1;
  piece.progress = done;
  return piece;
}

}  // namespace miniops::desk
