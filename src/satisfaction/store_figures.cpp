// The funnel's figures, and follow-ups.
#include "satisfaction/store.hpp"

namespace miniops::satisfaction::store {

namespace {

constexpr std::string_view key_columns[] = {"day", "agent", "group_id", "form"};

// The columns of a funnel; `answered` says which surveys were.
std::string sums_sql(std::string_view answered) {
  const auto count = [](const std::string& condition) {
    return fmt::format("SUM(CASE WHEN {} THEN 1 ELSE 0 END)", condition);
  };
  const auto reached = [&](std::string_view states) { return count(fmt::format("state IN ({})", states)); };
  std::string sums = fmt::format("COUNT(*), {}, {}, {}, {}", reached("'askable', 'asked', 'delivered', 'answered'"),
                                 reached("'asked', 'delivered', 'answered'"), reached("'delivered', 'answered'"),
                                 count(std::string(answered)));
  for (int score = 1; score <= score_max; ++score)
    sums += ", " + count(fmt::format("score = {} AND {}", score, answered));
  return sums;
}

std::string count_sql(std::string_view keys, std::string_view answered, std::string_view shown) {
  return fmt::format(
      "SELECT {0}, {1} FROM satisfaction_surveys s WHERE appid = $1 AND day >= $2 AND day <= $3 AND ($4 = 0 OR agent = "
      "$4) AND ($5 = 0 OR group_id = $5){2} GROUP BY {0} ORDER BY {0}",
      keys, sums_sql(answered), shown);
}

Funnel funnel_of(const sql::Row& row, std::size_t at) {
  Funnel funnel{row.integer(at), row.integer(at + 1), row.integer(at + 2), row.integer(at + 3), row.integer(at + 4)};
  for (std::size_t i = 0; i < funnel.scores.size(); ++i) funnel.scores[i] = row.integer(at + 5 + i);
  return funnel;
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
  const std::string select =
      count_sql(key_columns[static_cast<std::size_t>(by)], "state = 'answered'", shown_to(filter.reader, params)) +
      " LIMIT $6";
  std::vector<Bucket> out;
  for (const sql::Row& row : tx.query(select, params))
    out.push_back({by == By::question ? row.text(0) : std::to_string(row.integer(0)), funnel_of(row, 1)});
  return out;
}

std::vector<Cell> count_cells(sql::Transaction& tx, const AppId& appid, const ResultFilter& filter,
                              TimeMs answered_before) {
  sql::Params params{appid, filter.from, filter.to, filter.agent, filter.group, answered_before};
  const std::string select =
      count_sql("agent, group_id, form", "state = 'answered' AND answered_at < $6", shown_to(filter.reader, params));
  std::vector<Cell> out;
  for (const sql::Row& row : tx.query(select, params))
    out.push_back({row.id<AccountId>(0), row.id<GroupId>(1), row.text(2), funnel_of(row, 3)});
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
