// The module's SQL. Private to the module.
#pragma once

#include "satisfaction/settings.hpp"
#include "storage/sql/database.hpp"

namespace miniops::satisfaction::store {

// ---- surveys ----

// For whoever joins them, as `s`: how to select one, and to read it from that column on.
std::string_view survey_columns();
Survey survey_at(const sql::Row& row, std::size_t at);

std::optional<Survey> find_survey(sql::Transaction& tx, const AppId& appid, SurveyId id);
std::optional<Survey> survey_of(sql::Transaction& tx, ConversationId conversation);
// The one that the customer was asked last in this thread.
std::optional<Survey> asked_last(sql::Transaction& tx, ThreadId thread);
std::optional<Survey> survey_with_token(sql::Transaction& tx, const std::string& token_hash);
// When the customer was asked last, in whatever conversation; 0: never. Without a profile: in this thread.
TimeMs last_asked_at(sql::Transaction& tx, ProfileId profile, ThreadId thread);

void insert_survey(sql::Transaction& tx, const Survey& survey);
// Of a conversation that was reopened and closed anew, without having been asked.
void update_closing(sql::Transaction& tx, const Survey& survey);
void mark_delivered(sql::Transaction& tx, ConversationId conversation, TimeMs at);
// As if it had not been asked. Nothing when it was delivered meanwhile.
void mark_refused(sql::Transaction& tx, ConversationId conversation);
// Compare-and-set. False: somebody answered before.
bool put_score(sql::Transaction& tx, const Survey& survey, TimeMs at);  // score, replied
// Only of one that was answered without: comment and comment_sealed.
void put_comment(sql::Transaction& tx, const Survey& survey);
// Leaves the score to the figures and nothing that tells whose it was; with its follow-ups. How many there were.
std::int64_t forget(sql::Transaction& tx, ProfileId profile);
// The comment, and the note of the follow-up.
void forget_said(sql::Transaction& tx, ConversationId conversation);

// Whose surveys are shown: the account's own, and those of the groups.
struct Reader {
  AccountId account{};
  std::vector<GroupId> groups{};
};
bool shows(const std::optional<Reader>& reader, const Survey& survey);

struct ResultFilter {
  int score = 0;  // 0, empty: any
  AccountId agent{};
  GroupId group{};
  std::int64_t from = 0, to = 99991231;  // days, both included
  bool with_comment = false;
  std::optional<Reader> reader{};  // nullopt: all
  ProfileId profile{};             // of list_answered only
};
// " AND …" over surveys s, with its values added to `params`; "" when all are shown.
std::string shown_to(const std::optional<Reader>& reader, sql::Params& params);
using Before = std::optional<std::pair<std::int64_t, std::int64_t>>;
// Lastly answered first.
std::vector<Survey> list_answered(sql::Transaction& tx, const AppId& appid, const ResultFilter& filter,
                                  const Before& before, int limit);

// ---- figures: counted from the surveys whenever they are asked for; nothing is kept that could differ ----

struct Funnel {
  std::int64_t closed = 0, askable = 0, asked = 0, delivered = 0, answered = 0;
  std::array<std::int64_t, score_max> scores{};  // how often 1 … 5
  bool operator==(const Funnel&) const = default;
};
Funnel& operator+=(Funnel& sum, const Funnel& more);

// question: by its form.
enum class By { day, agent, group, question };
struct Bucket {
  std::string key{};  // "20260314", an id, a form
  Funnel funnel{};
};
// Of the surveys that `filter` lets through: its days, agent and group.
std::vector<Bucket> count_by(sql::Transaction& tx, const AppId& appid, By by, const ResultFilter& filter, int limit);

// By all of these at once. An answer of `answered_before` or later is none.
struct Cell {
  AccountId agent{};
  GroupId group{};
  std::string form{};
  Funnel funnel{};
};
std::vector<Cell> count_cells(sql::Transaction& tx, const AppId& appid, const ResultFilter& filter,
                              TimeMs answered_before);

inline constexpr std::array<std::string_view, 4> by_words{"day", "agent", "group", "question"};
inline std::span<const std::string_view> words_of(By) { return by_words; }

// ---- follow-ups ----

struct FollowUpView {
  FollowUp follow_up;
  Survey survey;
};
struct FollowUpFilter {
  std::optional<FollowUpState> state{};
  std::optional<AccountId> owner{};  // an empty one: nobody's
  TimeMs due_before = 0;             // 0: any
  std::optional<Reader> reader{};    // nullopt: all
  AccountId mine{};                  // whose follow-ups are among them, whatever `reader` says
};
void insert_follow_up(sql::Transaction& tx, const FollowUp& follow_up);
bool owns_follow_up(sql::Transaction& tx, AccountId account, SurveyId survey);
// Compare-and-set on `version`. False: it was changed meanwhile.
bool update_follow_up(sql::Transaction& tx, const FollowUp& follow_up);
std::optional<FollowUpView> follow_up(sql::Transaction& tx, const AppId& appid, FollowUpId id);
// The newest first.
std::vector<FollowUpView> list_follow_ups(sql::Transaction& tx, const AppId& appid, const FollowUpFilter& filter,
                                          FollowUpId before, int limit);

// ---- settings ----

Settings settings(sql::Transaction& tx, const AppId& appid);  // the defaults when there are none
void put_settings(sql::Transaction& tx, const AppId& appid, const Settings& settings);

}  // namespace miniops::satisfaction::store
