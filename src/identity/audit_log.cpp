#include "identity/audit_log.hpp"

#include <date/date.h>
#include <fmt/format.h>

#include "base/text.hpp"

namespace miniops::identity {

namespace {

// A pattern for LIKE … ESCAPE '!'.
std::string escaped(std::string_view text) {
  std::string pattern;
  for (const char c : text) {
    if (c == '%' || c == '_' || c == '!') pattern += '!';
    pattern += c;
  }
  return pattern;
}

// "member." is a prefix, "member.add" is exact.
std::string prefix_pattern(const std::string& text, char separator) {
  if (text.empty()) return "%";
  return text.back() == separator ? escaped(text) + "%" : escaped(text);
}

std::string iso_time(TimeMs at) {
  const auto moment = date::sys_time<std::chrono::milliseconds>(std::chrono::milliseconds(at));
  return date::format("%FT%TZ", moment);
}

}  // namespace

std::vector<AuditRow> read_audit(sql::Transaction& tx, const AuditFilter& filter,
                                 std::optional<std::pair<TimeMs, std::int64_t>> before, int limit) {
  const auto [before_at, before_id] = before.value_or(std::pair(INT64_MAX, INT64_MAX));
  const std::string appid = filter.appid ? filter.appid->str() : std::string();
  const std::string action = prefix_pattern(filter.action, '.');
  const std::string object = prefix_pattern(filter.object, ':');
  const std::string text = "%" + escaped(fold(filter.text)) + "%";
  // Two texts: an index on appid serves only a condition that is always there.
  const std::string_view one_miniprogram =
      "SELECT id, at, appid, account_id, username, via, remote_address, action, object, changes FROM audit_entries "
      "WHERE appid = $1 AND (at < $2 OR (at = $2 AND id < $3)) AND at >= $4 AND at < $5 AND action LIKE $6 ESCAPE '!' "
      "AND object LIKE $7 ESCAPE '!' AND ($8 = 0 OR account_id = $8) AND ($9 = '%%' OR lower(action) LIKE $9 ESCAPE "
      "'!' "
      "OR lower(object) LIKE $9 ESCAPE '!' OR lower(username) LIKE $9 ESCAPE '!' OR remote_address LIKE $9 ESCAPE '!' "
      "OR lower(changes) LIKE $9 ESCAPE '!') ORDER BY at DESC, id DESC LIMIT $10";
  const std::string_view whole_instance =
      "SELECT id, at, appid, account_id, username, via, remote_address, action, object, changes FROM audit_entries "
      "WHERE $1 = '' AND (at < $2 OR (at = $2 AND id < $3)) AND at >= $4 AND at < $5 AND action LIKE $6 ESCAPE '!' "
      "AND object LIKE $7 ESCAPE '!' AND ($8 = 0 OR account_id = $8) AND ($9 = '%%' OR lower(action) LIKE $9 ESCAPE "
      "'!' "
      "OR lower(object) LIKE $9 ESCAPE '!' OR lower(username) LIKE $9 ESCAPE '!' OR remote_address LIKE $9 ESCAPE '!' "
      "OR lower(changes) LIKE $9 ESCAPE '!') ORDER BY at DESC, id DESC LIMIT $10";
  std::vector<AuditRow> rows;
  const auto found = tx.query(filter.appid ? one_miniprogram : whole_instance,
                              {appid, before_at, before_id, filter.from.value_or(0), filter.to.value_or(INT64_MAX),
                               action, object, filter.account.value_or(AccountId()).value(), text, limit});
  for (const auto& row : found) {
    rows.push_back({row.integer(0), row.integer(1), row.text(2), row.id<AccountId>(3), row.text(4), row.text(5),
                    row.text(6), row.text(7), row.text(8), row.text(9)});
  }
  return rows;
}

std::string csv_field(std::string_view text) {
  std::string field = "\"";
  if (!text.empty() && std::string_view("=+-@\t\r").find(text.front()) != std::string_view::npos) field += '\'';
  for (const char c : text) {
    if (c == '"') field += '"';
    field += c;
  }
  return field + "\"";
}

std::string audit_csv_line(const AuditRow& row) {
  return fmt::format("{},{},{},{},{},{},{},{}\r\n", iso_time(row.at), csv_field(row.username), csv_field(row.via),
                     csv_field(row.remote_address), csv_field(row.appid), csv_field(row.action), csv_field(row.object),
                     csv_field(row.changes));
}

}  // namespace miniops::identity
