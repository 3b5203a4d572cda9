// Surveys and settings.
#include "satisfaction/store.hpp"

namespace miniops::satisfaction::store {

namespace {

constexpr std::string_view columns =
    "s.id, s.appid, s.conversation, s.thread, s.profile, s.agent, s.group_id, s.day, s.closed_at, s.state, "
    "s.not_asked, s.form, s.words, s.asked_at, s.delivered_at, s.answered_at, s.score, s.comment, "
    "s.token_hash, s.comment_sealed, s.replied";

std::string select_where(std::string_view condition) {
  return fmt::format("SELECT {} FROM satisfaction_surveys s WHERE {}", columns, condition);
}

}  // namespace

std::string_view survey_columns() { return columns; }

Survey survey_at(const sql::Row& row, std::size_t at) {
  Survey survey;
  survey.id = row.id<SurveyId>(at);
  survey.appid = row.id<AppId>(at + 1);
  survey.conversation = row.id<ConversationId>(at + 2);
  survey.thread = row.id<ThreadId>(at + 3);
  survey.profile = row.id<ProfileId>(at + 4);
  survey.agent = row.id<AccountId>(at + 5);
  survey.group = row.id<GroupId>(at + 6);
  survey.day = row.integer(at + 7);
  survey.closed_at = row.integer(at + 8);
  survey.state = parse_word<State>(row.text(at + 9)).value_or(State::closed);
  survey.not_asked = parse_word<NotAsked>(row.text(at + 10)).value_or(NotAsked::nothing);
  survey.form = parse_word<Form>(row.text(at + 11)).value_or(Form::text);
  survey.offer = offer_of(json::parse(row.text(at + 12)).as_array());
  survey.asked_at = row.integer(at + 13);
  survey.delivered_at = row.integer(at + 14);
  survey.answered_at = row.integer(at + 15);
  survey.score = static_cast<int>(row.integer(at + 16));
  survey.comment = row.text(at + 17);
  survey.token_hash = row.text(at + 18);
  survey.comment_sealed = row.blob(at + 19);
  survey.replied = row.integer(at + 20) != 0;
  return survey;
}

namespace {

std::optional<Survey> first_of(const std::optional<sql::Row>& row) {
  return row ? std::optional(survey_at(*row, 0)) : std::nullopt;
}

}  // namespace

std::optional<Survey> find_survey(sql::Transaction& tx, const AppId& appid, SurveyId id) {
  static const std::string select = select_where("s.id = $1 AND s.appid = $2");
  return first_of(tx.query_one(select, {id, appid}));
}

std::optional<Survey> survey_of(sql::Transaction& tx, ConversationId conversation) {
  static const std::string select = select_where("s.conversation = $1 AND s.conversation <> 0");
  return first_of(tx.query_one(select, {conversation}));
}

std::optional<Survey> asked_last(sql::Transaction& tx, ThreadId thread) {
  static const std::string select =
      select_where("s.thread = $1 AND s.asked_at <> 0 ORDER BY s.asked_at DESC, s.id DESC LIMIT 1");
  return first_of(tx.query_one(select, {thread}));
}

std::optional<Survey> survey_with_token(sql::Transaction& tx, const std::string& token_hash) {
  static const std::string select = select_where("s.token_hash = $1 AND s.token_hash <> ''");
  return first_of(tx.query_one(select, {token_hash}));
}

TimeMs last_asked_at(sql::Transaction& tx, ProfileId profile, ThreadId thread) {
  if (profile.empty()) {
    const auto survey = asked_last(tx, thread);
    return survey ? survey->asked_at : 0;
  }
  return tx.query_one("SELECT COALESCE(MAX(asked_at), 0) FROM satisfaction_surveys WHERE profile = $1", {profile})
      ->integer(0);
}

void insert_survey(sql::Transaction& tx, const Survey& survey) {
  const std::string words = json::serialize(to_json(survey.offer));
  tx.execute(
      "INSERT INTO satisfaction_surveys (id, appid, conversation, thread, profile, agent, group_id, day, closed_at, "
      "state, not_asked, form, words, asked_at, token_hash) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, "
      "$12, $13, $14, $15)",
      {survey.id, survey.appid, survey.conversation, survey.thread, survey.profile, survey.agent, survey.group,
       survey.day, survey.closed_at, word(survey.state), word(survey.not_asked), word(survey.form), words,
       survey.asked_at, survey.token_hash});
}

void update_closing(sql::Transaction& tx, const Survey& survey) {
  const std::string words = json::serialize(to_json(survey.offer));
  tx.execute(
      "UPDATE satisfaction_surveys SET agent = $2, group_id = $3, closed_at = $4, state = $5, not_asked = $6, form = "
      "$7, words = $8, asked_at = $9, token_hash = $10 WHERE id = $1",
      {survey.id, survey.agent, survey.group, survey.closed_at, word(survey.state), word(survey.not_asked),
       word(survey.form), words, survey.asked_at, survey.token_hash});
}

void mark_delivered(sql::Transaction& tx, ConversationId conversation, TimeMs at) {
  tx.execute(
      "UPDATE satisfaction_surveys SET state = 'delivered', delivered_at = $2 WHERE conversation = $1 AND conversation "
      "<> 0 AND state = 'asked'",
      {conversation, at});
}

void mark_refused(sql::Transaction& tx, ConversationId conversation) {
  tx.execute(
      "UPDATE satisfaction_surveys SET state = 'askable', not_asked = 'refused', asked_at = 0, token_hash = '' WHERE "
      "conversation = $1 AND conversation <> 0 AND state = 'asked'",
      {conversation});
}

bool put_score(sql::Transaction& tx, const Survey& survey, TimeMs at) {
  return tx.execute(
             "UPDATE satisfaction_surveys SET state = 'answered', score = $2, replied = $3, answered_at = $4, "
             "delivered_at = CASE WHEN delivered_at = 0 THEN $4 ELSE delivered_at END WHERE id = $1 AND state IN "
             "('asked', 'delivered')",
             {survey.id, survey.score, survey.replied ? 1 : 0, at}) > 0;
}

void put_comment(sql::Transaction& tx, const Survey& survey) {
  tx.execute(
      "UPDATE satisfaction_surveys SET comment = $2, comment_sealed = $3 WHERE id = $1 AND state = 'answered' AND "
      "comment = ''",
      {survey.id, survey.comment, sql::BlobView{survey.comment_sealed}});
}

std::int64_t forget(sql::Transaction& tx, ProfileId profile) {
  if (profile.empty()) return 0;
  tx.execute(
      "DELETE FROM satisfaction_follow_ups WHERE survey IN (SELECT id FROM satisfaction_surveys WHERE profile = $1)",
      {profile});
  return tx.execute(
      "UPDATE satisfaction_surveys SET thread = 0, profile = 0, comment = '', comment_sealed = '', token_hash = '' "
      "WHERE profile = $1",
      {profile});
}

void forget_said(sql::Transaction& tx, ConversationId conversation) {
  tx.execute(
      "UPDATE satisfaction_surveys SET comment = '', comment_sealed = '' WHERE conversation = $1 AND "
      "conversation <> 0",
      {conversation});
  tx.execute(
      "UPDATE satisfaction_follow_ups SET note = '', version = version + 1 WHERE note <> '' AND survey IN (SELECT id "
      "FROM satisfaction_surveys WHERE conversation = $1 AND conversation <> 0)",
      {conversation});
}

bool shows(const std::optional<Reader>& reader, const Survey& survey) {
  return !reader || (!reader->account.empty() && survey.agent == reader->account) ||
         std::ranges::find(reader->groups, survey.group) != reader->groups.end();
}

std::string shown_to(const std::optional<Reader>& reader, sql::Params& params) {
  if (!reader) return "";
  params.emplace_back(reader->account.empty() ? std::int64_t{-1} : reader->account.value());
  std::string list = fmt::format(" AND (s.agent = ${} OR s.group_id IN (-1", params.size());
  for (const GroupId group : reader->groups) {
    params.emplace_back(group);
    list += fmt::format(", ${}", params.size());
  }
  return list + "))";
}

std::vector<Survey> list_answered(sql::Transaction& tx, const AppId& appid, const ResultFilter& filter,
                                  const Before& before, int limit) {
  const auto [before_at, before_id] = before.value_or(std::pair(0, 0));
  sql::Params params{
      appid,     filter.score, filter.agent, filter.group, filter.from, filter.to, filter.with_comment ? 1 : 0,
      before_at, before_id,    limit};
  std::string condition =
      "s.appid = $1 AND s.answered_at <> 0 AND ($2 = 0 OR s.score = $2) AND ($3 = 0 OR s.agent = $3) AND ($4 = 0 OR "
      "s.group_id = $4) AND s.day >= $5 AND s.day <= $6 AND ($7 = 0 OR s.comment <> '') AND ($8 = 0 OR s.answered_at < "
      "$8 OR (s.answered_at = $8 AND s.id < $9))" +
      shown_to(filter.reader, params);
  if (!filter.profile.empty()) {
    params.emplace_back(filter.profile);
    condition += fmt::format(" AND s.profile = ${}", params.size());
  }
  std::vector<Survey> out;
  for (const sql::Row& row :
       tx.query(select_where(condition + " ORDER BY s.answered_at DESC, s.id DESC LIMIT $10"), params))
    out.push_back(survey_at(row, 0));
  return out;
}

// ---- settings ----

Settings settings(sql::Transaction& tx, const AppId& appid) {
  Settings out;
  const auto row = tx.query_one("SELECT settings FROM satisfaction_settings WHERE appid = $1", {appid});
  if (!row) return out;
  const json::value stored = json::parse(row->text(0));
  JsonInput in(stored);
  read_settings(in, out);
  return out;
}

void put_settings(sql::Transaction& tx, const AppId& appid, const Settings& settings) {
  const std::string text = json::serialize(to_json(settings));
  tx.execute(
      "INSERT INTO satisfaction_settings (appid, settings) VALUES ($1, $2) ON CONFLICT (appid) DO UPDATE SET settings "
      "= excluded.settings",
      {appid, text});
}

}  // namespace miniops::satisfaction::store
