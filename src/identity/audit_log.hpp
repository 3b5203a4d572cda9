// The audit log as people read it: filtered, newest first, by pages or as CSV.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "identity/accounts.hpp"
#include "identity/audit.hpp"

namespace miniops::identity {

struct AuditFilter {
  std::optional<AppId> appid{};  // nullopt: the whole instance
  std::string action{};          // a prefix: "member." finds member.add
  std::optional<AccountId> account{};
  std::string object{};  // exactly, or a prefix that ends in ':'
  std::string text{};    // found in action, object, user name, address or changes
  std::optional<TimeMs> from{}, to{};
};

struct AuditRow {
  std::int64_t id = 0;
  TimeMs at = 0;
  std::string appid;
  AccountId account;
  std::string username, via, remote_address, action, object, changes;
};

// `before` is (at, id) of the last row of the page before.
std::vector<AuditRow> read_audit(sql::Transaction& tx, const AuditFilter& filter,
                                 std::optional<std::pair<TimeMs, std::int64_t>> before, int limit);

inline constexpr std::string_view audit_csv_header = "time,username,via,remote_address,appid,action,object,changes\r\n";
// Fields that a spreadsheet would take for a formula begin with an apostrophe.
std::string audit_csv_line(const AuditRow& row);
std::string csv_field(std::string_view text);

}  // namespace miniops::identity
