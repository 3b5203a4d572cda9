// Search over messages and customers, and the step that feeds the index.
//
// Messages are indexed a moment after they are stored, in chunks: a full-text insert in each consumer transaction would
// cost more than all its other statements. What a message hides is in no index: a whole number is found by its HMAC
// (sealing.hpp), for those who may see it. Where nothing is hidden (before it could be, or switched off) a message with
// personal data is indexed twice: masked for everyone, and in clear in a table of its own that is asked only for those
// who may see them. So a phone number is not found, counted or guessed at by anyone else, and there are no hits to
// filter away.
#pragma once

#include <string_view>
#include <vector>

#include "base/task.hpp"
#include "desk/conversation.hpp"
#include "storage/sql/database.hpp"

namespace miniops::desk {

namespace store {

// Ids of messages, newest first, below `before` (0: from the newest).
struct Sought {
  std::string words{};
  bool personal_data = false;  // by numbers, too
  std::string number_key{};    // when the words are one whole number (Sealing::search_key)
};
std::vector<MessageId> search_messages(sql::Transaction& tx, const AppId& appid, const Sought& sought, MessageId before,
                                       int limit);
// Threads by words of nickname and note, personal data masked, or by the whole openid.
std::vector<ThreadId> search_customers(sql::Transaction& tx, const AppId& appid, std::string_view words, int limit);
void reindex_customer(sql::Transaction& tx, const Thread& before, const Thread& after);

// Before they are deleted, as they were put.
void unindex_message(sql::Transaction& tx, MessageId id, const AppId& appid, std::string_view msgtype,
                     std::string_view body);
void unindex_customer(sql::Transaction& tx, const Thread& thread);

// Messages that wait for it, of all mini programs; at most 10,000 are counted.
std::int64_t count_not_indexed(sql::Transaction& tx);
// Indexes at most `limit` waiting messages; how many it were.
int index_messages(sql::Transaction& tx, int limit);

}  // namespace store

// One bounded piece; true: there is more.
Task<Result<bool>> index_step(sql::Database& database);

}  // namespace miniops::desk
