// The desk's rows as records ask for them (src/records/ports.hpp): search with all its conditions, and deletion. Called
// inside closures; stateless.
//
// A search looks at a bounded number of rows and says from where on it has not looked, so that a question that few rows
// answer costs no more than one that many do.
#pragma once

#include <functional>

#include "desk/conversation.hpp"
#include "records/ports.hpp"
#include "storage/sql/database.hpp"

namespace miniops::desk::store {

// Scores of conversations that have one. For a question by score, and for what is shown.
using ScoresOf = std::function<std::map<ConversationId, int>(const std::vector<ConversationId>&)>;

// `number_key`: what finds the number that is asked for, when the text is one (Sealing::search_key).
records::PageOf<records::Hit> find_records(sql::Transaction& tx, const AppId& appid, const records::Reader& reader,
                                           const records::Question& question, const records::Before& before, int limit,
                                           const ScoresOf& scores_of, const std::string& number_key);
// What a text says, as records show it.
std::string record_text(const std::string& msgtype, const boost::json::object& body);
std::optional<records::ConversationRecord> find_record(sql::Transaction& tx, const AppId& appid,
                                                       const records::Reader& reader, ConversationId id);
// Without whispers: whom they are for hears them in the conversation.
std::vector<records::MessageRecord> record_messages(sql::Transaction& tx, ConversationId id, std::int64_t after_seq,
                                                    int limit);
std::vector<records::EventRecord> record_events(sql::Transaction& tx, ConversationId id, int limit);

// Where a conversation's messages begin in its thread.
struct Stretch {
  ThreadId thread;
  std::int64_t first_seq = 0;
};
std::optional<Stretch> stretch_of(sql::Transaction& tx, ConversationId id);

// ---- deletion ----

std::vector<records::Closed> closed_before(sql::Transaction& tx, const AppId& appid, records::Place after,
                                           TimeMs before, int limit);

// What is taken away of messages, with their places in the search, their deliveries and media. A row of the kind
// erased_type stays for each: figures are worked out from them.
struct Removed {
  std::int64_t messages = 0, media = 0;
  bool in_flight = false;  // the next one is being sent in this moment: try again later
};
// In order, at most `limit`: of a conversation; of everything in a thread.
Removed remove_messages(sql::Transaction& tx, ThreadId thread, std::optional<ConversationId> of, int limit);
// The eldest note or greeting that is in no conversation, as if it had never come. False: there is none, or it is being
// sent.
bool drop_from_lobby(sql::Transaction& tx, ThreadId thread);
// Messages that are in no conversation, the oldest first.
std::vector<records::Aged> lobby_before(sql::Transaction& tx, const AppId& appid, records::Place after, TimeMs before,
                                        int limit);
// One of these, as if it had never come, if it waits there still. False: it is being sent.
bool drop_from_lobby(sql::Transaction& tx, MessageId id);
// Of a conversation; the messages stay.
records::Archive::MediaRemoved remove_media(sql::Transaction& tx, ConversationId id, std::int64_t after_seq, int limit);
// What else says what was said: the summary, custom fields, notes of events, and what the source says besides the page.
// Contact reason, tags and the page stay, as figures count by them.
void empty_conversation(sql::Transaction& tx, IdSource& ids, ConversationId id);
// Takes out of at most `limit` conversations who it was: how many. Figures keep what happened, and when.
std::int64_t make_anonymous(sql::Transaction& tx, IdSource& ids, ThreadId thread, int limit);
// The rest, when the conversations are anonymous.
void delete_thread(sql::Transaction& tx, const Thread& thread);

// What customers sent in a message, by WeChat's ids.
std::vector<std::string> media_of(const boost::json::object& body);

}  // namespace miniops::desk::store
