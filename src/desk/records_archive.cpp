#include "desk/records_archive.hpp"

#include "base/json.hpp"
#include "desk/privacy_notice.hpp"
#include "desk/report_source.hpp"
#include "desk/store.hpp"
#include "desk/views.hpp"
#include "net/http.hpp"

namespace miniops::desk {

namespace {

constexpr int messages_at_once = 100;
constexpr int conversations_at_once = 50;
constexpr TimeMs changes_kept_ms = day_ms;                           // live's, and identity's kept answers
constexpr Viewer own_data{.personal_data = true, .language = "zh"};  // of one's own data

ConversationId own(records::ConversationId id) { return ConversationId(id.value()); }

}  // namespace

records::PageOf<records::Hit> RecordsArchive::find(sql::Transaction& tx, const AppId& appid,
                                                   const records::Reader& reader, const records::Question& question,
                                                   const records::Before& before, int limit) {
  const auto scores = [&](const std::vector<ConversationId>& ids) { return scores_of(tx, ids); };
  const std::string number_key = reader.personal_data ? sealing_.search_key(question.text) : "";
  return store::find_records(tx, appid, reader, question, before, limit, scores, number_key);
}

std::optional<records::ConversationRecord> RecordsArchive::conversation(sql::Transaction& tx, const AppId& appid,
                                                                        const records::Reader& reader,
                                                                        records::ConversationId id) {
  auto record = store::find_record(tx, appid, reader, own(id));
  if (!record || !reader.scores) return record;
  const auto scores = scores_of(tx, {own(id)});
  if (!scores.empty()) record->score = scores.begin()->second;
  return record;
}

std::vector<records::MessageRecord> RecordsArchive::messages(sql::Transaction& tx, records::ConversationId id,
                                                             std::int64_t after_seq, int limit) {
  return store::record_messages(tx, own(id), after_seq, limit);
}

std::vector<records::EventRecord> RecordsArchive::events(sql::Transaction& tx, records::ConversationId id, int limit) {
  return store::record_events(tx, own(id), limit);
}

Result<records::MessageRecord> RecordsArchive::revealed(sql::Transaction& tx, records::MessageRecord record) {
  auto message = store::find_message(tx, MessageId(record.id));
  if (!message) return record;
  if (auto restored = sealing_.restore(tx, *message); !restored) return std::unexpected(restored.error());
  const json::value body = json::parse(message->body);
  if (body.is_object()) record.text = store::record_text(message->msgtype, body.get_object());
  record.hidden = false;
  return record;
}

std::optional<std::set<records::GroupId>> RecordsArchive::groups_read(const identity::Access& access) {
  const auto scope = read_scope(access, *setups_.of(access.appid()));
  if (!scope.groups) return std::nullopt;
  std::set<records::GroupId> groups;
  for (const routing::GroupId group : *scope.groups) groups.insert(records::GroupId(group.value()));
  return groups;
}

bool RecordsArchive::shows_scores(sql::Transaction& tx, const identity::Access& access) {
  return surveys_.shows_scores(tx, access);
}

// One look-up each: a survey is found by its conversation.
std::map<ConversationId, int> RecordsArchive::scores_of(sql::Transaction& tx,
                                                        const std::vector<ConversationId>& ids) const {
  std::map<ConversationId, int> scores;
  for (const ConversationId id : ids)
    if (const int score = surveys_.outcome(tx, satisfaction::ConversationId(id.value())).score; score != 0)
      scores[id] = score;
  return scores;
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
  if (!more) {
    store::empty_conversation(tx, ids_, conversation->id);
    surveys_.forget_said(tx, satisfaction::ConversationId(conversation->id.value()));
  }
  return {gone.messages, more};
}

records::Archive::MediaRemoved RecordsArchive::remove_media(sql::Transaction& tx, records::ConversationId id,
                                                            std::int64_t after_seq, int limit) {
  return store::remove_media(tx, own(id), after_seq, limit);
}

std::vector<records::Aged> RecordsArchive::waiting_before(sql::Transaction& tx, const AppId& appid,
                                                          records::Place after, TimeMs before, int limit) {
  return store::lobby_before(tx, appid, after, before, limit);
}

bool RecordsArchive::remove_waiting(sql::Transaction& tx, std::int64_t id) {
  return store::drop_from_lobby(tx, MessageId(id));
}

std::vector<records::Aged> RecordsArchive::told_before(sql::Transaction& tx, const AppId& appid, records::Place after,
                                                       TimeMs before, int limit) {
  std::vector<records::Aged> out;
  for (const webhooks::Told& one : told_.told_before(tx, appid, after, before, limit))
    out.push_back({one.id.value(), one.openid.str(), one.at});
  return out;
}

void RecordsArchive::empty_told(sql::Transaction& tx, std::int64_t id) { told_.empty(tx, webhooks::EventId(id)); }

// ---- a person ----

namespace {

void add(records::Keeper::ExportPiece& piece, std::string_view kind, json::object object) {
  piece.lines += json::serialize(json::object{{"kind", kind}, {"record", std::move(object)}}) + "\n";
  ++piece.rows;
}

void add_thread(sql::Transaction& tx, const Thread& thread, records::Keeper::ExportPiece& piece) {
  add(piece, "thread", to_json(thread, store::sources_of(tx, thread, 50), own_data));
  for (const PrivacyNotice& one : store::notices_of(tx, thread.id)) add(piece, "privacy_notice", to_json(one));
}

// What the customer said of a conversation: on the rating page it is in no message.
Result<void> add_score(sql::Transaction& tx, const Ratings& ratings, ConversationId id,
                       records::Keeper::ExportPiece& piece) {
  const auto said = ratings.said(tx, id);
  if (!said) return std::unexpected(said.error());
  if (*said)
    add(piece, "satisfaction",
        {{"conversation_id", id.str()},
         {"score", (*said)->score},
         {"comment", (*said)->comment},
         {"answered_at", (*said)->at}});
  return {};
}

// With reason, tags, fields and score. Behind the last one that was written; nullopt: that was all. base.seal_broken
Result<records::Before> add_conversations(sql::Transaction& tx, const Ratings& ratings, const Thread& thread,
                                          const records::Before& after, records::Keeper::ExportPiece& piece) {
  const store::ConversationFilter all{.thread = thread.id};
  const auto found = store::list_conversations(tx, thread.appid, all, after, conversations_at_once);
  for (const Conversation& one : found) {
    json::object shown = to_json(one, {}, {}, own_data);
    for (const char* not_kept_here : {"budget", "service_levels"}) shown.erase(not_kept_here);
    add(piece, "conversation", std::move(shown));
    if (auto scored = add_score(tx, ratings, one.id, piece); !scored) return std::unexpected(scored.error());
  }
  if (std::ssize(found) < conversations_at_once) return records::Before();
  return records::Place(store::sort_key(found.back(), all), found.back().id.value());
}

// Whole, in order, after a `seq`; 0: that was all. base.seal_broken
Result<std::int64_t> add_messages(sql::Transaction& tx, const Sealing& sealing, const Thread& thread,
                                  std::int64_t after, records::Keeper::ExportPiece& piece) {
  auto messages = store::thread_messages_after(tx, thread.id, after, messages_at_once);
  for (Message& message : messages) {
    if (!message.whispered_to.empty()) continue;  // between two colleagues
    if (auto whole = sealing.restore(tx, message); !whole) return std::unexpected(whole.error());
    add(piece, "message", to_json(message, own_data));
  }
  return std::ssize(messages) == messages_at_once ? messages.back().seq : 0;
}

}  // namespace

// The thread with the privacy notices that it was shown, its conversations, their messages. The place is "c" and the
// last conversation's, or "m" and a message's.
Task<Result<records::Keeper::ExportPiece>> ConversationKeeper::exported(records::Person person, std::string place) {
  auto read = [=, this](sql::Transaction& tx) -> Result<ExportPiece> {
    ExportPiece piece;
    const auto thread = store::find_thread(tx, person.appid, person.openid);
    if (!thread) return piece;
    const std::string reached = place.empty() ? "" : place.substr(1);
    const bool among_messages = place.starts_with('m');
    if (place.empty()) add_thread(tx, *thread, piece);
    if (!among_messages) {
      const auto last = net::read_cursor(reached);
      const auto next =
          add_conversations(tx, common_.ratings, *thread, last ? records::Before(*last) : std::nullopt, piece);
      if (!next) return std::unexpected(next.error());
      if (*next) {
        piece.next = "c" + net::make_cursor((*next)->first, (*next)->second);
        return piece;
      }
    }
    const std::int64_t after = among_messages ? parse_id(reached).value_or(0) : 0;
    const auto next = add_messages(tx, common_.sealing, *thread, after, piece);
    if (!next) return std::unexpected(next.error());
    if (*next != 0) piece.next = fmt::format("m{}", *next);
    return piece;
  };
  co_return co_await database_.read(std::move(read));
}

// An open one is closed first, as people close it: its agent is free, its timers and clocks end.
Result<void> ConversationKeeper::close_open(sql::Transaction& tx, const records::Person& person, TimeMs now) const {
  auto contact = store::find_contact(tx, person.appid, person.openid);
  if (!contact || !contact->conversation || contact->conversation->state == State::closed) return {};
  Recorder recorder(tx, common_, now);
  recorder.event(*contact->conversation, close(*contact->conversation, Actor::system("records"), "erased", "", now));
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
  piece.counts["conversations"] = store::make_anonymous(tx, common_.ids, thread->id, conversations_at_once);
  if (piece.counts["conversations"] == conversations_at_once) return piece;
  note_parting(tx, common_.ids, thread->id);
  store::delete_thread(tx, *thread);
  common_.events.forget(tx, person.appid, person.openid);
  if (!thread->profile.empty()) common_.ratings.forget(tx, thread->profile);
  piece.counts["threads"] = 1;
  piece.progress = done;
  return piece;
}

}  // namespace miniops::desk
