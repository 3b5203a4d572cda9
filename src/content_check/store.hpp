// The module's SQL. Private to the module.
#pragma once

#include "content_check/settings.hpp"
#include "storage/sql/database.hpp"

namespace miniops::content_check::store {

Settings settings(sql::Transaction& tx, const AppId& appid);  // the defaults when nobody has set anything
std::vector<std::pair<AppId, Settings>> all_settings(sql::Transaction& tx);
void put_settings(sql::Transaction& tx, const AppId& appid, const Settings& settings);

std::vector<Outside> checkers(sql::Transaction& tx, const AppId& appid);  // the oldest first
std::vector<Outside> enabled_checkers(sql::Transaction& tx);              // of all mini programs
std::optional<Outside> checker(sql::Transaction& tx, const AppId& appid, CheckerId id);
void insert(sql::Transaction& tx, const Outside& checker);
void update(sql::Transaction& tx, const Outside& checker);
void remove(sql::Transaction& tx, CheckerId id);

}  // namespace miniops::content_check::store
