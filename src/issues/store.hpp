// The module's SQL. Called inside closures; stateless. Private to the module.
#pragma once

#include <optional>
#include <set>
#include <vector>

#include "issues/issue.hpp"
#include "storage/sql/database.hpp"

namespace miniops::issues::store {

// ---- issues ----

std::optional<Issue> find(sql::Transaction& tx, const AppId& appid, std::int64_t id);
// What a merged one was merged into.
std::optional<Issue> find_standing(sql::Transaction& tx, const AppId& appid, std::int64_t id);
std::int64_t next_number(sql::Transaction& tx, const AppId& appid);
void insert(sql::Transaction& tx, const Issue& issue);
void save_handling(sql::Transaction& tx, const Issue& issue);
void save_severity(sql::Transaction& tx, const Issue& issue);
void save_merge(sql::Transaction& tx, const Issue& issue);  // merged_into, first and last seen
// It was seen until then; what is older changes nothing.
void touch(sql::Transaction& tx, std::int64_t id, TimeMs last_seen_at, const std::string& last_release);
std::vector<Issue> merged_into(sql::Transaction& tx, std::int64_t id);
std::vector<Issue> fixed_in(sql::Transaction& tx, const AppId& appid, const std::string& release);
// Room for new ones: issues that nobody touched and that were last seen before then, the oldest first.
std::int64_t forget(sql::Transaction& tx, const AppId& appid, TimeMs before, int limit);

enum class Ignored { no, yes, only };
enum class Sort { last_seen, first_seen };
// Empty members ask for nothing.
struct IssueFilter {
  std::set<Workflow> states{};
  std::set<Kind> kinds{};
  std::set<Severity> severities{};
  std::optional<std::string> first_release{};
  std::optional<identity::AccountId> assignee{};  // 0: nobody
  std::string text{};                             // in title, culprit or number
  Ignored ignored = Ignored::no;
  TimeMs from = 0, to = 0;  // seen in between, as far as first and last say
  TimeMs now = 0;           // for what is ignored until a time
};
std::int64_t sort_key(const Issue& issue, Sort sort);
// After (sort key, id).
std::vector<Issue> list(sql::Transaction& tx, const AppId& appid, const IssueFilter& filter, Sort sort,
                        std::optional<std::pair<std::int64_t, std::int64_t>> after, int limit);
// The numbers of those that stand by themselves, and of what was merged into them: (merged, standing).
std::vector<std::pair<std::int64_t, std::int64_t>> merges(sql::Transaction& tx, const AppId& appid);

// ---- keys ----

std::optional<StoredKey> find_key(sql::Transaction& tx, std::int64_t id);
std::vector<StoredKey> keys_of(sql::Transaction& tx, std::int64_t issue, int limit);  // the newest first
std::int64_t count_keys(sql::Transaction& tx, const AppId& appid);
// Each with its issue.
std::map<std::int64_t, std::int64_t> split_keys(sql::Transaction& tx, const AppId& appid);
void insert_key(sql::Transaction& tx, const AppId& appid, const StoredKey& key);
void move_key(sql::Transaction& tx, std::int64_t id, std::int64_t to, bool split);

// ---- history ----

void add_activity(sql::Transaction& tx, const AppId& appid, const Activity& activity);
std::optional<Activity> find_activity(sql::Transaction& tx, const AppId& appid, std::int64_t id);
std::vector<Activity> activity_of(sql::Transaction& tx, std::int64_t issue,
                                  std::optional<std::pair<std::int64_t, std::int64_t>> after, int limit);

// ---- releases ----

inline constexpr std::size_t releases_max = 2000;
std::vector<Release> releases(sql::Transaction& tx, const AppId& appid);  // the oldest first
ReleaseOrder release_order(sql::Transaction& tx, const AppId& appid);
// False: it is there.
bool insert_release(sql::Transaction& tx, const AppId& appid, const Release& release);
void place_release(sql::Transaction& tx, const AppId& appid, const std::string& release, std::int64_t place);
std::vector<std::pair<std::string, std::int64_t>> issues_by_first_release(sql::Transaction& tx, const AppId& appid);

}  // namespace miniops::issues::store
