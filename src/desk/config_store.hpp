// What a mini program's desk is configured with: settings, working hours, rules, words. Whoever writes here raises
// config_version in the same transaction.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "calendar/calendar.hpp"
#include "desk/rules.hpp"
#include "desk/words.hpp"
#include "storage/sql/database.hpp"

namespace miniops::desk {

struct Capabilities;

using calendar::Calendar;

struct Settings {
  std::int64_t reopen_minutes = 30;    // a customer's message within it goes on with the closed conversation
  std::int64_t grace_seconds = 60;     // a lost connection counts as offline after it
  std::int64_t load_max_default = 10;  // conversations at once, for agents who set no limit
  bool auto_assign = true;
  // Minutes; 0 switches it off.
  std::int64_t silence_warn_minutes = 30;   // after our last answer the customer is asked whether there is more
  std::int64_t silence_close_minutes = 10;  // after which the conversation ends
  bool silence_of_priority = false;         // also with customers of priority
  std::string silence_warn_text{}, silence_close_text{};  // "": ours; of the second one: nothing is said
  std::int64_t agent_remind_minutes = 5;                  // after the customer's first unanswered message
  std::int64_t agent_return_minutes = 20;                 // and then somebody else gets the customer
  std::int64_t transfer_accept_seconds = 0;       // for which an agent is asked before a transfer; 0: nobody is asked
  bool seal_numbers = true;                       // phones, ID and card numbers of messages are kept apart from them
  std::string privacy_link{}, privacy_version{};  // the privacy notice that greetings carry; "": none
  std::vector<std::string> end_words{};           // a customer who writes nothing but one of them ends the conversation
  std::int64_t words_version = 0;                 // counts the changes of the word list
};

// Whether the text is nothing but one of the end words.
bool ends_conversation(const Settings& settings, std::string_view text);

Delays delays_of(const Settings& settings, const Capabilities& channel);

using WordId = NumberId<struct WordIdTag>;

struct StoredWord {
  WordId id;
  Word word;
  TimeMs created_at = 0;
};

namespace store {

inline constexpr int rules_max = 500;
inline constexpr int words_max = 100'000;

std::vector<std::pair<AppId, Settings>> all_settings(sql::Transaction& tx);
std::optional<Settings> find_settings(sql::Transaction& tx, const AppId& appid);
void put_settings(sql::Transaction& tx, const AppId& appid, const Settings& settings);  // but words_version
void touch_words(sql::Transaction& tx, const AppId& appid);                             // raises words_version

std::vector<std::pair<AppId, Calendar>> all_hours(sql::Transaction& tx);
std::optional<Calendar> find_hours(sql::Transaction& tx, const AppId& appid);
void put_hours(sql::Transaction& tx, const AppId& appid, const Calendar& hours);

std::vector<std::pair<AppId, Rule>> all_rules(sql::Transaction& tx);
std::vector<Rule> rules_of(sql::Transaction& tx, const AppId& appid);
std::optional<Rule> find_rule(sql::Transaction& tx, const AppId& appid, RuleId id);
void insert_rule(sql::Transaction& tx, const AppId& appid, const Rule& rule);
void update_rule(sql::Transaction& tx, const AppId& appid, const Rule& rule);
bool remove_rule(sql::Transaction& tx, const AppId& appid, RuleId id);

// Whether the rule answered this customer after `since`; and that it does now.
bool fired_after(sql::Transaction& tx, ThreadId thread, RuleId rule, TimeMs since);
void note_firing(sql::Transaction& tx, ThreadId thread, RuleId rule, TimeMs at);
std::int64_t remove_firings_before(sql::Transaction& tx, TimeMs before, int limit);

std::int64_t count_words(sql::Transaction& tx, const AppId& appid);
// By id, after `after`; newest first it is `before`.
std::vector<StoredWord> words_after(sql::Transaction& tx, const AppId& appid, WordId after, int limit);
std::vector<StoredWord> words_before(sql::Transaction& tx, const AppId& appid, WordId before,
                                     std::optional<WordAction> action, std::string_view contains, int limit);
// Those of them, folded, that are in the list.
std::set<std::string> listed_words(sql::Transaction& tx, const AppId& appid, const std::vector<std::string>& folded);
// How many were not in the list yet.
std::int64_t insert_words(sql::Transaction& tx, const AppId& appid, const std::vector<StoredWord>& words);
std::optional<StoredWord> remove_word(sql::Transaction& tx, const AppId& appid, WordId id);
std::int64_t remove_words(sql::Transaction& tx, const AppId& appid, int limit);

}  // namespace store
}  // namespace miniops::desk
