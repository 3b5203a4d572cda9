// The module's SQL. Private to the module. `account` sees the shared ones and its own; `owner` none: the shared ones.
#pragma once

#include "quick_replies/plan.hpp"
#include "storage/sql/database.hpp"

namespace miniops::quick_replies {

using RunId = NumberId<struct RunIdTag>;

// What a macro did.
struct MacroRun {
  RunId id{};
  AppId appid{};
  AccountId account{};  // who ran it
  MacroId macro{};
  std::int64_t conversation = 0;
  std::vector<Planned> done{};
  TimeMs ran_at = 0;
  TimeMs undone_at = 0;  // 0: not
};

namespace store {

// ---- quick replies ----

std::vector<Listed> replies_for(sql::Transaction& tx, const AppId& appid, AccountId account);
std::vector<Listed> replies_of(sql::Transaction& tx, const AppId& appid, AccountId owner);
std::optional<Listed> reply(sql::Transaction& tx, const AppId& appid, QuickReplyId id);
std::int64_t count_replies(sql::Transaction& tx, const AppId& appid, AccountId owner);
void insert_replies(sql::Transaction& tx, const std::vector<QuickReply>& replies);
void update_reply(sql::Transaction& tx, const QuickReply& reply);
void delete_reply(sql::Transaction& tx, QuickReplyId id);

// ---- folders ----

struct Folder {
  std::string path{};
  bool shared = false;
  std::int64_t replies = 0;  // in itself
};
std::vector<Folder> folders_for(sql::Transaction& tx, const AppId& appid, AccountId account);
void move_replies(sql::Transaction& tx, const std::vector<std::pair<QuickReplyId, std::string>>& to_folders, TimeMs at);

// ---- macros and what they did ----

std::vector<Macro> macros_for(sql::Transaction& tx, const AppId& appid, AccountId account);
std::optional<Macro> macro(sql::Transaction& tx, const AppId& appid, MacroId id);
std::int64_t count_macros(sql::Transaction& tx, const AppId& appid, AccountId owner);
void insert_macro(sql::Transaction& tx, const Macro& macro);
void update_macro(sql::Transaction& tx, const Macro& macro);
void delete_macro(sql::Transaction& tx, MacroId id);

std::optional<MacroRun> run(sql::Transaction& tx, const AppId& appid, AccountId account, RunId id);
void insert_run(sql::Transaction& tx, const MacroRun& run);
// False: it was marked already.
bool mark_undone(sql::Transaction& tx, RunId id, TimeMs at);
// At most `limit` of them.
void delete_runs(sql::Transaction& tx, AccountId account, TimeMs before, int limit);

}  // namespace store
}  // namespace miniops::quick_replies
