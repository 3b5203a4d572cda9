// The module's SQL. Private to the module.
#pragma once

#include "logs/saved.hpp"
#include "logs/templates.hpp"
#include "storage/sql/database.hpp"

namespace miniops::logs::store {

// ---- templates ----

// Also aliases; by number.
std::vector<Template> templates(sql::Transaction& tx, const AppId& appid);
Aliases aliases(sql::Transaction& tx, const AppId& appid);
// New ones, and of known ones the text and what they are an alias of.
void put_templates(sql::Transaction& tx, const AppId& appid, const std::vector<Template>& templates);
std::vector<Release> releases(sql::Transaction& tx, const AppId& appid);  // the latest first
void add_releases(sql::Transaction& tx, const AppId& appid, const std::vector<Release>& releases);

// ---- saved queries ----

std::vector<SavedQuery> queries(sql::Transaction& tx, const AppId& appid);  // by name
std::optional<SavedQuery> find_query(sql::Transaction& tx, const AppId& appid, std::int64_t id);
// False: another one has its name.
bool put_query(sql::Transaction& tx, const AppId& appid, const SavedQuery& query);
void delete_query(sql::Transaction& tx, const AppId& appid, std::int64_t id);

// ---- exports ----

std::vector<Export> exports(sql::Transaction& tx, const AppId& appid);  // the newest first
std::optional<Export> find_export(sql::Transaction& tx, const AppId& appid, std::int64_t id);
void add_export(sql::Transaction& tx, const Export& one);
// Its state, progress, problem and times. False: it is gone, or has ended already.
bool move_export(sql::Transaction& tx, const Export& one);
void delete_export(sql::Transaction& tx, const AppId& appid, std::int64_t id);
// All of a mini program's; which they were.
std::vector<std::int64_t> delete_exports(sql::Transaction& tx, const AppId& appid);
// What waited or ran when the process ended; how many.
std::int64_t interrupt_exports(sql::Transaction& tx, TimeMs now, TimeMs expires_at);
std::vector<Export> expired_exports(sql::Transaction& tx, TimeMs now);
std::vector<std::int64_t> all_export_ids(sql::Transaction& tx);

}  // namespace miniops::logs::store
