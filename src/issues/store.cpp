#include "issues/store.hpp"

namespace miniops::issues::store {

namespace {

constexpr std::string_view columns =
    "id, appid, number, kind, title, culprit, page, level, handled, refused, key_job, state, fixed_in, resolved_at, "
    "regressed_at, assignee_id, assignee_name, severity_set, ignored, ignored_until_at, ignored_until_count, "
    "ignored_seen, ignored_until_release, ignored_after_release, tracker_url, severity_computed, severity_reasons, "
    "severity_at, first_seen_at, first_release, last_seen_at, last_release, merged_into";

std::string select(std::string_view rest) { return fmt::format("SELECT {} FROM issues_issues {}", columns, rest); }

// Reads the columns of a row one after the other.
class Cells {
 public:
  explicit Cells(const sql::Row& row) : row_(row) {}
  std::int64_t integer() { return row_.integer(next_++); }
  bool flag() { return integer() != 0; }
  double number() { return row_.number(next_++); }
  const std::string& text() { return row_.text(next_++); }

 private:
  const sql::Row& row_;
  std::size_t next_ = 0;
};

std::vector<SeverityReason> reasons_of(const std::string& stored) {
  std::vector<SeverityReason> reasons;
  boost::system::error_code problem;
  const json::value value = json::parse(stored, problem);
  if (problem || !value.is_array()) return reasons;
  for (const json::value& one : value.as_array())
    reasons.push_back({std::string(one.at("code").as_string()), std::string(one.at("text").as_string())});
  return reasons;
}

Handling read_handling(Cells& cells) {
  Handling handling;
  handling.state = parse_workflow(cells.text()).value_or(Workflow::found);
  handling.fixed_in = cells.text();
  handling.resolved_at = cells.integer();
  handling.regressed_at = cells.integer();
  const identity::AccountId assignee(cells.integer());
  const std::string& assignee_name = cells.text();
  if (!assignee.empty()) handling.assignee = Assignee{assignee, assignee_name};
  handling.severity = parse_severity(cells.text());
  const bool is_ignored = cells.flag();
  Ignoring ignored;
  ignored.until_at = cells.integer();
  ignored.until_count = cells.integer();
  ignored.seen = cells.number();
  ignored.until_release = cells.flag();
  ignored.after_release = cells.text();
  if (is_ignored) handling.ignored = std::move(ignored);
  handling.tracker_url = cells.text();
  return handling;
}

Issue read(const sql::Row& row) {
  Cells cells(row);
  Issue issue;
  issue.id = cells.integer();
  issue.appid = AppId(cells.text());
  issue.number = cells.integer();
  issue.nature.kind = parse_kind(cells.text()).value_or(Kind::js);
  issue.headline.title = cells.text();
  issue.headline.culprit = cells.text();
  issue.page = cells.text();
  issue.nature.level = static_cast<telemetry::Level>(cells.integer());
  issue.nature.handled = cells.flag();
  issue.nature.refused = cells.flag();
  issue.nature.key_job = cells.flag();
  issue.handling = read_handling(cells);
  issue.computed.severity = parse_severity(cells.text()).value_or(Severity::p3);
  issue.computed.reasons = reasons_of(cells.text());
  issue.severity_at = cells.integer();
  issue.first_seen_at = cells.integer();
  issue.first_release = cells.text();
  issue.last_seen_at = cells.integer();
  issue.last_release = cells.text();
  issue.merged_into = cells.integer();
  return issue;
}

std::vector<Issue> read_all(const sql::Rows& rows) {
  std::vector<Issue> out;
  for (const sql::Row& row : rows) out.push_back(read(row));
  return out;
}

}  // namespace

std::optional<Issue> find(sql::Transaction& tx, const AppId& appid, std::int64_t id) {
  static const std::string statement = select("WHERE id = $1 AND appid = $2");
  const auto row = tx.query_one(statement, {id, appid});
  return row ? std::optional(read(*row)) : std::nullopt;
}

// A merge always names what stands by itself.
std::optional<Issue> find_standing(sql::Transaction& tx, const AppId& appid, std::int64_t id) {
  auto issue = find(tx, appid, id);
  return issue && issue->merged_into != 0 ? find(tx, appid, issue->merged_into) : issue;
}

std::int64_t next_number(sql::Transaction& tx, const AppId& appid) {
  return tx.query_one("SELECT coalesce(max(number), 0) FROM issues_issues WHERE appid = $1", {appid})->integer(0) + 1;
}

void insert(sql::Transaction& tx, const Issue& issue) {
  tx.execute(
      "INSERT INTO issues_issues (id, appid, number, kind, title, culprit, page, level, handled, refused, key_job, "
      "state, severity, severity_computed, severity_reasons, severity_at, first_seen_at, first_release, last_seen_at, "
      "last_release) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $13, $14, $15, $16, $17, $18, "
      "$19)",
      {issue.id, issue.appid, issue.number, to_string(issue.nature.kind), issue.headline.title, issue.headline.culprit,
       issue.page, static_cast<std::int64_t>(issue.nature.level), issue.nature.handled, issue.nature.refused,
       issue.nature.key_job, to_string(issue.handling.state), to_string(issue.computed.severity),
       json::serialize(to_json(issue.computed.reasons)), issue.severity_at, issue.first_seen_at, issue.first_release,
       issue.last_seen_at, issue.last_release});
}

void save_handling(sql::Transaction& tx, const Issue& issue) {
  const Handling& handling = issue.handling;
  const Assignee assignee = handling.assignee.value_or(Assignee{});
  const Ignoring ignored = handling.ignored.value_or(Ignoring{});
  tx.execute(
      "UPDATE issues_issues SET state = $2, fixed_in = $3, resolved_at = $4, regressed_at = $5, assignee_id = $6, "
      "assignee_name = $7, severity_set = $8, ignored = $9, ignored_until_at = $10, ignored_until_count = $11, "
      "ignored_seen = $12, ignored_until_release = $13, ignored_after_release = $14, tracker_url = $15, severity = $16 "
      "WHERE id = $1",
      {issue.id, to_string(handling.state), handling.fixed_in, handling.resolved_at, handling.regressed_at, assignee.id,
       assignee.name, handling.severity ? to_string(*handling.severity) : std::string_view(),
       handling.ignored.has_value(), ignored.until_at, ignored.until_count, ignored.seen, ignored.until_release,
       ignored.after_release, handling.tracker_url, to_string(issue.severity())});
}

void save_severity(sql::Transaction& tx, const Issue& issue) {
  tx.execute(
      "UPDATE issues_issues SET severity = $2, severity_computed = $3, severity_reasons = $4, severity_at = $5 "
      "WHERE id = $1",
      {issue.id, to_string(issue.severity()), to_string(issue.computed.severity),
       json::serialize(to_json(issue.computed.reasons)), issue.severity_at});
}

void save_merge(sql::Transaction& tx, const Issue& issue) {
  tx.execute(
      "UPDATE issues_issues SET merged_into = $2, first_seen_at = $3, first_release = $4, last_seen_at = $5, "
      "last_release = $6 WHERE id = $1",
      {issue.id, issue.merged_into, issue.first_seen_at, issue.first_release, issue.last_seen_at, issue.last_release});
}

void touch(sql::Transaction& tx, std::int64_t id, TimeMs last_seen_at, const std::string& last_release) {
  tx.execute("UPDATE issues_issues SET last_seen_at = $2, last_release = $3 WHERE id = $1 AND last_seen_at < $2",
             {id, last_seen_at, last_release});
}

std::vector<Issue> merged_into(sql::Transaction& tx, std::int64_t id) {
  static const std::string statement = select("WHERE merged_into = $1 ORDER BY number");
  return read_all(tx.query(statement, {id}));
}

std::vector<Issue> fixed_in(sql::Transaction& tx, const AppId& appid, const std::string& release) {
  static const std::string statement = select("WHERE appid = $1 AND fixed_in = $2 AND fixed_in <> '' ORDER BY number");
  return read_all(tx.query(statement, {appid, release}));
}

std::int64_t forget(sql::Transaction& tx, const AppId& appid, TimeMs before, int limit) {
  const auto old = tx.query(
      "SELECT id FROM issues_issues i WHERE appid = $1 AND merged_into = 0 AND last_seen_at < $2 AND state = 'found' "
      "AND assignee_id = 0 AND ignored = 0 AND severity_set = '' AND tracker_url = '' "
      "AND NOT EXISTS (SELECT 1 FROM issues_activity a WHERE a.issue = i.id AND a.account_id <> 0) "
      "AND NOT EXISTS (SELECT 1 FROM issues_issues m WHERE m.merged_into = i.id AND m.merged_into <> 0) "
      "AND NOT EXISTS (SELECT 1 FROM issues_keys k WHERE k.issue = i.id AND k.split = 1) "
      "ORDER BY last_seen_at, id LIMIT $3",
      {appid, before, limit});
  for (const sql::Row& row : old) {
    tx.execute("DELETE FROM issues_keys WHERE issue = $1", {row.integer(0)});
    tx.execute("DELETE FROM issues_activity WHERE issue = $1", {row.integer(0)});
    tx.execute("DELETE FROM issues_issues WHERE id = $1", {row.integer(0)});
  }
  return static_cast<std::int64_t>(old.size());
}

// ---- lists ----

namespace {

// "state IN ('found', 'fixed')" of our own words; "" when all are meant.
template <class Word>
std::string among(std::string_view column, const std::set<Word>& words) {
  std::string list;
  for (const Word word : words) list += fmt::format("{}'{}'", list.empty() ? "" : ", ", to_string(word));
  return list.empty() ? std::string() : fmt::format(" AND {} IN ({})", column, list);
}

std::string pattern_of(const std::string& text) {
  std::string out = "%";
  for (const char c : text) {
    if (c == '%' || c == '_' || c == '\\') out += '\\';
    out += c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  }
  return out + "%";
}

constexpr std::string_view silent =
    "(ignored = 1 AND (ignored_until_at = 0 OR ignored_until_at > {}) AND (ignored_until_count = 0 OR ignored_seen < "
    "ignored_until_count))";

}  // namespace

std::int64_t sort_key(const Issue& issue, Sort sort) {
  return sort == Sort::last_seen ? issue.last_seen_at : issue.first_seen_at;
}

std::vector<Issue> list(sql::Transaction& tx, const AppId& appid, const IssueFilter& filter, Sort sort,
                        std::optional<std::pair<std::int64_t, std::int64_t>> after, int limit) {
  const std::string_view column = sort == Sort::last_seen ? "last_seen_at" : "first_seen_at";
  std::string where = "WHERE appid = $1 AND merged_into = 0 AND last_seen_at >= $2 AND first_seen_at < $3";
  const std::string pattern = pattern_of(filter.text);
  sql::Params params{appid, filter.from, filter.to};
  const auto add = [&](std::string_view condition, sql::Param value) {
    params.push_back(value);
    where += fmt::format(fmt::runtime(condition), fmt::format("${}", params.size()));
  };
  where += among("state", filter.states) + among("kind", filter.kinds) + among("severity", filter.severities);
  if (filter.ignored != Ignored::yes)
    add(fmt::format(" AND {}{}", filter.ignored == Ignored::no ? "NOT " : "", silent), filter.now);
  if (filter.first_release) add(" AND first_release = {}", *filter.first_release);
  if (filter.assignee) add(" AND assignee_id = {}", *filter.assignee);
  if (!filter.text.empty())
    add(" AND (lower(title) LIKE {0} ESCAPE '\\' OR lower(culprit) LIKE {0} ESCAPE '\\' OR CAST(number AS TEXT) LIKE "
        "{0} "
        "ESCAPE '\\')",
        pattern);
  if (after) {
    params.push_back(after->first);
    params.push_back(after->second);
    where += fmt::format(" AND ({0} < ${1} OR ({0} = ${1} AND id < ${2}))", column, params.size() - 1, params.size());
  }
  params.push_back(limit);
  where += fmt::format(" ORDER BY {} DESC, id DESC LIMIT ${}", column, params.size());
  return read_all(tx.query(select(where), params));
}

std::vector<std::pair<std::int64_t, std::int64_t>> merges(sql::Transaction& tx, const AppId& appid) {
  std::vector<std::pair<std::int64_t, std::int64_t>> out;
  for (const sql::Row& row :
       tx.query("SELECT id, merged_into FROM issues_issues WHERE appid = $1 AND merged_into <> 0", {appid}))
    out.emplace_back(row.integer(0), row.integer(1));
  return out;
}

}  // namespace miniops::issues::store
