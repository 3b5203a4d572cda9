// The funnel's figures, and follow-ups.
#include "satisfaction/store.hpp"

namespace miniops::satisfaction::store {

namespace {

constexpr std::string_view key_columns[] = {"day", "agent", "group_id", "form"};

std::string count_sql(By by, const std::string& shown) {
  const auto reached = [](std::string_view states) {
    return fmt::format("SUM(CASE WHEN state IN ({}) THEN 1 ELSE 0 END)", states);
  };
  std::string sums = fmt::format("COUNT(*), {}, {}, {}, {}", reached("'askable', 'asked', 'delivered', 'answered'"),
                                 reached("'asked', 'delivered', 'answered'"), reached("'delivered', 'answered'"),
                                 reached("'answered'"));
  for (int score = 1; score <= score_max; ++score)
    sums += fmt::format(", SUM(CASE WHEN score = {} THEN 1 ELSE 0 END)", score);
  return fmt::format(
      "SELECT {0}, {1} FROM satisfaction_surveys s WHERE appid = $1 AND day >= $2 AND day <= $3 AND ($4 = 0 OR agent = "
      "$4) AND ($5 = 0 OR group_id = $5){2} GROUP BY {0} ORDER BY {0} LIMIT $6",
      key_columns[static_cast<std::size_t>(by)], sums, shown);
}

Bucket bucket_of(const sql::Row& row, By by) {
  Bucket bucket{by == By::question ? row.text(0) : std::to_string(row.integer(0))};
  Funnel& funnel = bucket.funnel;
  funnel.closed = row.integer(1);
  funnel.askable = row.integer(2);
  funnel.asked = row.integer(3);
  funnel.delivered = row.integer(4);
  funnel.answered = row.integer(5);
  for (std::size_t i = 0; i < funnel.scores.size(); ++i) funnel.scores[i] = row.integer(6 + i);
  return bucket;
}

constexpr std::string_view follow_up_columns =
    "f.id, f.appid, f.survey, f.version, f.owner, f.due_at, f.state, f.note, f.opened_at, f.done_at, f.done_by";
constexpr std::size_t follow_up_column_count = 11;

std::string select_follow_ups(std::string_view condition) {
  return fmt::format(
      "SELECT {}, {} FROM satisfaction_follow_ups f JOIN satisfaction_surveys s ON s.id = f.survey WHERE f.appid = $1 "
      "AND {}",
      follow_up_columns, survey_columns(), condition);
}

FollowUpView view_of(const sql::Row& row) {
  FollowUp follow_up{row.id<FollowUpId>(0),
                     row.id<AppId>(1),
                     row.id<SurveyId>(2),
                     row.integer(3),
                     row.id<AccountId>(4),
                     row.integer(5),
                     parse_word<FollowUpState>(row.text(6)).value_or(FollowUpState::open),
                     row.text(7),
                     row.integer(8),
                     row.integer(9),
                     row.text(10)};
  return {std::move(follow_up), survey_at(row, follow_up_column_count)};
}

}  // namespace

Funnel& operator+=(Funnel& sum, const Funnel& more) {
  sum.closed += more.closed;
  sum.askable += more.askable;
  sum.asked += more.asked;
  sum.delivered += more.delivered;
  sum.answered += more.answered;
  for (std::size_t i = 0; i < sum.scores.size(); ++i) sum.scores[i] += more.scores[i];
  return sum;
}

std::vector<Bucket> count_by(sql::Transaction& tx, const AppId& appid, By by, const ResultFilter& filter, int limit) {
  sql::Params params{appid, filter.from, filter.to, filter.agent, filter.group, limit};
  const std::string select = count_sql(by, shown_to(filter.reader, params));
  std::vector<Bucket> out;
  for (const sql::Row& row : tx.query(select, params)) out.push_back(bucket_of(row, by));
  return out;
}

// ---- follow-ups ----

void insert_follow_up(sql::Transaction& tx, const FollowUp& follow_up) {
  tx.execute(
      "INSERT INTO satisfaction_follow_ups (id, appid, survey, version, owner, due_at, state, opened_at) VALUES ($1, "
      "$2, $3, $4, $5, $6, $7, $8)",
      {follow_up.id, follow_up.appid, follow_up.survey, follow_up.version, follow_up.owner, follow_up.due_at,
       word(follow_up.state), follow_up.opened_at});
}

bool owns_follow_up(sql::Transaction& tx, AccountId account, SurveyId survey) {
  return !account.empty() &&
         tx.query_one("SELECT 1 FROM satisfaction_follow_ups WHERE survey = $1 AND owner = $2", {survey, account});
}

bool update_follow_up(sql::Transaction& tx, const FollowUp& follow_up) {
  return tx.execute(
             "UPDATE satisfaction_follow_ups SET version = version + 1, owner = $3, due_at = $4, state = $5, note = "
             "$6, done_at = $7, done_by = $8 WHERE id = $1 AND version = $2",
             {follow_up.id, follow_up.version, follow_up.owner, follow_up.due_at, word(follow_up.state), follow_up.note,
              follow_up.done_at, follow_up.done_by}) > 0;
}

std::optional<FollowUpView> follow_up(sql::Transaction& tx, const AppId& appid, FollowUpId id) {
  static const std::string select = select_follow_ups("f.id = $2");
  const auto row = tx.query_one(select, {appid, id});
  return row ? std::optional(view_of(*row)) : std::nullopt;
}

std::vector<FollowUpView> list_follow_ups(sql::Transaction& tx, const AppId& appid, const FollowUpFilter& filter,
                                          FollowUpId before, int limit) {
  const std::string_view state = filter.state ? word(*filter.state) : std::string_view();
  const std::int64_t owner = filter.owner ? filter.owner->value() : -1;
  sql::Params params{appid, state, owner, filter.due_before, before, limit};
  std::string shown = shown_to(filter.reader, params);
  if (!shown.empty()) {
    params.emplace_back(filter.mine);
    shown = fmt::format(" AND (f.owner = ${} OR (1 = 1{}))", params.size(), shown);
  }
  const std::string select = select_follow_ups(
      "($2 = '' OR f.state = $2) AND ($3 < 0 OR f.owner = $3) AND ($4 = 0 OR f.due_at < $4) AND ($5 = 0 OR f.id < $5)" +
      shown + " ORDER BY f.id DESC LIMIT $6");
  std::vector<FollowUpView> out;
  for (const sql::Row& row : tx.query(select, params)) out.push_back(view_of(row));
  return out;
}

}  // namespace miniops::satisfaction::store
