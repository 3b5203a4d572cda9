// Use cases of quick replies and macros. One's own need desk.reply, which their routes ask for; shared ones are changed
// with desk.configure. Somebody else's own is not_found. Safe from any thread; results reach the caller after commit.
#pragma once

#include "base/task.hpp"
#include "quick_replies/exchange.hpp"
#include "quick_replies/ports.hpp"
#include "quick_replies/store.hpp"

namespace miniops::quick_replies {

inline constexpr std::size_t replies_max = 500;  // of one owner; the shared ones of a mini program together
inline constexpr std::size_t macros_max = 100;
inline constexpr TimeMs undo_ms_max = 5 * minute_ms;

struct Sought {
  std::string words{};
  std::optional<std::string> folder{};  // with what is below it
  std::size_t limit = 2 * replies_max;
};

// Ready to be sent.
struct Filled {
  std::string text, picture_id;
};

struct ImportResult {
  std::int64_t added = 0, duplicates = 0;
  std::vector<Rejected> rejected{};
};

class Service {
 public:
  struct Collaborators {
    sql::Database& database;
    const Clock& clock;
    IdSource& ids;
    Pictures& pictures;
    Executor& executor;
  };
  explicit Service(const Collaborators& with) : with_(with) {}

  // ---- quick replies ----
  Task<Result<std::vector<Listed>>> find(Access access, Sought sought);
  // What checked() refuses; quick_replies.unknown_picture, quick_replies.too_many
  Task<Result<Listed>> add(Access access, QuickReplyPatch given);
  Task<Result<Listed>> change(Access access, QuickReplyId id, QuickReplyPatch patch);
  Task<Result<void>> remove(Access access, QuickReplyId id);
  // With what its variables stand for in a conversation. desk.not_found
  Task<Result<Filled>> fill_in(Access access, QuickReplyId id, std::int64_t conversation);

  // ---- folders ----
  Task<Result<std::vector<store::Folder>>> folders(Access access);
  // With what is below it; to "" takes the names away. How many quick replies went. quick_replies.invalid_folder
  Task<Result<std::int64_t>> rename_folder(Access access, bool shared, std::string from, std::string to);

  // ---- CSV ----
  // Adds the good rows; one that is there already is a duplicate. quick_replies.invalid_csv
  Task<Result<ImportResult>> import(Access access, bool shared, std::string text);
  Task<Result<std::string>> export_all(Access access);

  // ---- macros ----
  Task<Result<std::vector<Macro>>> macros(Access access);
  // What check_steps() and Executor::check() refuse; quick_replies.macro_broken, quick_replies.too_many
  Task<Result<Macro>> add_macro(Access access, MacroPatch given);
  Task<Result<Macro>> change_macro(Access access, MacroId id, MacroPatch patch);
  Task<Result<void>> remove_macro(Access access, MacroId id);
  // All of it or nothing. What plan() and the executor refuse. `confirmed`: the caller was warned of what it sends.
  // `seen_seq`: the last message that the caller saw; one that says something is refused when somebody else answered
  // after it (desk.conversation_moved).
  Task<Result<MacroRun>> run_macro(Access access, MacroId id, std::int64_t conversation, bool confirmed = false,
                                   std::optional<std::int64_t> seen_seq = {});
  // By who ran it, once, within 5 minutes. quick_replies.undone, quick_replies.undo_too_late
  Task<Result<Undo>> undo_run(Access access, RunId id);

 private:
  Result<void> check_picture(sql::Transaction& tx, const QuickReply& reply) const;
  Result<void> check_macro(sql::Transaction& tx, const Access& access, const Macro& macro) const;
  struct PlannedRun {
    std::vector<Planned> actions;
    std::vector<QuickReply> replies;
  };
  Result<PlannedRun> plan_run(sql::Transaction& tx, const Access& access, MacroId id, std::int64_t conversation,
                              TimeMs now) const;
  Task<Result<Cleared>> clear_texts(Access access, MacroId id, std::int64_t conversation, bool confirmed, TimeMs now);

  const Collaborators with_;
};

// Whether the caller may change what this owner has: their own, or, with desk.configure, what is shared.
Result<void> may_change(const Access& access, AccountId owner, std::string_view what);

}  // namespace miniops::quick_replies
