// The module's SQL. Private to the module.
#pragma once

#include "records/erasure.hpp"
#include "records/export.hpp"
#include "records/hold.hpp"
#include "records/retention.hpp"
#include "storage/sql/database.hpp"

namespace miniops::records::store {

// ---- holds ----

void insert_hold(sql::Transaction& tx, const Hold& hold);
std::optional<Hold> hold(sql::Transaction& tx, const AppId& appid, HoldId id);
// The same thing is held already.
bool hold_exists(sql::Transaction& tx, const Hold& wanted);
std::int64_t count_holds(sql::Transaction& tx, const AppId& appid);  // that are not released
void release_hold(sql::Transaction& tx, const Hold& hold);
// The newest first, below `before` (0: from the newest).
std::vector<Hold> list_holds(sql::Transaction& tx, const AppId& appid, bool released_too, HoldId before, int limit);

// What keeps a whole mini program; a conversation; a person, or any conversation of theirs.
bool holds_everything(sql::Transaction& tx, const AppId& appid);
bool holds_conversation(sql::Transaction& tx, const AppId& appid, std::string_view openid, ConversationId conversation);
std::vector<Hold> holds_on_person(sql::Transaction& tx, const Person& person);
// They are deleted: released holds name nobody any more.
void forget_in_holds(sql::Transaction& tx, const AppId& appid, const OpenId& openid);

// ---- retention ----

Retention retention(sql::Transaction& tx, const AppId& appid);  // of version 0 when nothing is set
// Compare-and-set on `version`. False: it was changed meanwhile.
bool put_retention(sql::Transaction& tx, const Retention& retention);
void save_sweeps(sql::Transaction& tx, const Retention& retention);
// Looks at everything anew: something is not held any more.
void sweep_again(sql::Transaction& tx, const AppId& appid, TimeMs now);
// Whose turn it is.
std::optional<AppId> due_retention(sql::Transaction& tx, TimeMs now);

// ---- exports ----

void insert_export(sql::Transaction& tx, const Export& one);
std::optional<Export> export_of(sql::Transaction& tx, const AppId& appid, ExportId id);
std::vector<Export> list_exports(sql::Transaction& tx, const AppId& appid, ExportId before, int limit);
struct ExportCounts {
  std::int64_t open = 0, all = 0;
};
ExportCounts count_exports(sql::Transaction& tx, const AppId& appid);
// The one that waits longest, or is under way.
std::optional<Export> next_export(sql::Transaction& tx);
// State, progress, place and times, by compare-and-set on `version`. False: it has ended, or somebody else is at it.
bool save_export(sql::Transaction& tx, const Export& one);
void delete_export(sql::Transaction& tx, const AppId& appid, ExportId id);
// All that are there but those that failed, were cancelled or withdrawn.
std::vector<ExportId> withdraw_exports(sql::Transaction& tx, const AppId& appid, TimeMs now);
void delete_expired_exports(sql::Transaction& tx, TimeMs now, int limit);
// Of those that have files.
std::vector<ExportId> exports_with_files(sql::Transaction& tx);

// ---- the worker ----

// Whether a mini program or an export waits for it.
bool work_waits(sql::Transaction& tx, TimeMs now);

// ---- deletions of a person ----

void insert_erasure(sql::Transaction& tx, const Erasure& erasure);
std::optional<Erasure> erasure(sql::Transaction& tx, const AppId& appid, ErasureId id);
std::optional<Erasure> open_erasure(sql::Transaction& tx, const Person& person);
std::int64_t count_open_erasures(sql::Transaction& tx, const AppId& appid);
std::vector<Erasure> list_erasures(sql::Transaction& tx, const AppId& appid, ErasureId before, int limit);
void save_erasure(sql::Transaction& tx, const Erasure& erasure);

}  // namespace miniops::records::store
