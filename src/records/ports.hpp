// What records ask of the modules that keep them. The desk implements Archive and the Keeper of conversations, app the
// other keepers.
#pragma once

#include <map>
#include <memory>
#include <set>
#include <string_view>

#include "base/error.hpp"
#include "base/task.hpp"
#include "records/record.hpp"
#include "storage/sql/database.hpp"

namespace miniops::records {

// Nothing that waits for deletion is looked at in another order than this: by closing, then by id.
struct Closed {
  ConversationId id{};
  std::string openid{};
  TimeMs closed_at = 0;
  Place place() const { return {closed_at, id.value()}; }
};

// What is in no conversation, and goes for its own age: in its order, then by id.
struct Aged {
  std::int64_t id = 0;
  std::string openid{};
  TimeMs at = 0;
  Place place() const { return {at, id}; }
};

// The conversations, inside the caller's transaction. Safe from any thread.
class Archive {
 public:
  virtual ~Archive() = default;

  // ---- reading ----
  // The newest first, before `before`. One call looks at a bounded number of rows: with `next` there may be more, also
  // when it found nothing.
  virtual PageOf<Hit> find(sql::Transaction& tx, const AppId& appid, const Reader& reader, const Question& question,
                           const Before& before, int limit) = 0;
  // Messages that find() does not know yet.
  virtual std::int64_t not_indexed(sql::Transaction& tx) = 0;
  // nullopt: there is none that this reader may read.
  virtual std::optional<ConversationRecord> conversation(sql::Transaction& tx, const AppId& appid, const Reader& reader,
                                                         ConversationId id) = 0;
  // Of a conversation that was found by one of these two. In order, after `after_seq`.
  virtual std::vector<MessageRecord> messages(sql::Transaction& tx, ConversationId id, std::int64_t after_seq,
                                              int limit) = 0;
  // The first `limit`, in order.
  virtual std::vector<EventRecord> events(sql::Transaction& tx, ConversationId id, int limit) = 0;
  // With what its text hides put back, for the file of somebody who may see it. base.seal_broken
  virtual Result<MessageRecord> revealed(sql::Transaction& tx, MessageRecord record) = 0;
  // The groups whose conversations the caller reads besides their own (nullopt: all there are); whether they may see
  // who gave which score.
  virtual std::optional<std::set<GroupId>> groups_read(const Access& access) = 0;
  virtual bool shows_scores(sql::Transaction& tx, const Access& access) = 0;

  // ---- retention ----
  // Closed conversations after a place and closed before a time, the longest closed first.
  virtual std::vector<Closed> closed_before(sql::Transaction& tx, const AppId& appid, Place after, TimeMs before,
                                            int limit) = 0;
  // Takes away what was said, of at most `limit` messages, from the search too; that something was said, when and by
  // which side stays, for the figures.
  struct MessagesRemoved {
    std::int64_t messages = 0;
    bool more = false;
  };
  virtual MessagesRemoved remove_messages(sql::Transaction& tx, ConversationId id, int limit) = 0;
  // The pictures, voices … that customers sent, of at most `limit` messages after `after_seq`.
  struct MediaRemoved {
    std::int64_t files = 0;
    std::int64_t last_seq = 0;  // go on after it; 0: that was all
  };
  virtual MediaRemoved remove_media(sql::Transaction& tx, ConversationId id, std::int64_t after_seq, int limit) = 0;
  // Messages that wait for a conversation to open, after a place and older than a time.
  virtual std::vector<Aged> waiting_before(sql::Transaction& tx, const AppId& appid, Place after, TimeMs before,
                                           int limit) = 0;
  // False: it is being sent; try again later.
  virtual bool remove_waiting(sql::Transaction& tx, std::int64_t id) = 0;
  // What other programs were told of somebody, after a place and before a time; and taking away what that said.
  virtual std::vector<Aged> told_before(sql::Transaction& tx, const AppId& appid, Place after, TimeMs before,
                                        int limit) = 0;
  virtual void empty_told(sql::Transaction& tx, std::int64_t id) = 0;
};

// Whose data: one person in one mini program. What other mini programs know of the same person is theirs.
struct Person {
  AppId appid{};
  OpenId openid{};
};

// A module that keeps something of people.
class Keeper {
 public:
  virtual ~Keeper() = default;
  virtual std::string_view name() const = 0;  // in receipts and exports: "conversations", "profile" …

  // A bounded piece of the person's data, as lines of JSON. `place` is "" at first, then what the piece before said.
  // May be asked for the same piece again.
  struct ExportPiece {
    std::string lines{};
    std::int64_t rows = 0;
    std::optional<std::string> next{};  // nullopt: that was all
  };
  virtual Task<Result<ExportPiece>> exported(Person person, std::string place) = 0;

  // Deletes a bounded piece within the transaction that notes it. `place` as above. Nothing, for what goes in another
  // way.
  struct ErasePiece {
    std::map<std::string, std::int64_t> counts{};  // deleted, by what it is: "messages" …
    std::map<std::string, TimeMs> until{};         // what stays, and goes by itself at a time: "push_journal" …
    enum class Progress { done, more, waiting } progress = Progress::done;  // waiting: ask again in a while
    std::string place{};
  };
  virtual Result<ErasePiece> erase(sql::Transaction& /*tx*/, const Person& /*person*/, const std::string& /*place*/,
                                   TimeMs /*now*/) {
    return ErasePiece{};
  }
};

using Keepers = std::vector<Keeper*>;

// What of this module's work other programs are told, within the transaction in which it ends.
struct Export;
struct Erasure;
class Listener {
 public:
  virtual ~Listener() = default;
  virtual void exported(sql::Transaction& tx, const Export& one, TimeMs now) = 0;     // done or failed
  virtual void erased(sql::Transaction& tx, const Erasure& erasure, TimeMs now) = 0;  // somebody's data, here
};

// The program's one way to delete a person, which asks every module that keeps something of people; this one, too
// (Records::forget). All within the caller's transaction.
class PersonErasures {
 public:
  virtual ~PersonErasures() = default;
  virtual void ask(sql::Transaction& tx, std::int64_t id, const Person& person, const std::string& asked_by,
                   TimeMs now) = 0;
  // What else was deleted, by what it is; nullopt: it is not done yet.
  struct Outcome {
    TimeMs finished_at = 0;
    std::map<std::string, std::int64_t> deleted{};
  };
  virtual std::optional<Outcome> outcome(sql::Transaction& tx, const AppId& appid, std::int64_t id) = 0;
  // Those that were held may go on.
  virtual void look_again(sql::Transaction& tx) = 0;
};

}  // namespace miniops::records
