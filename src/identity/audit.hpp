// The audit log 审计日志: who did what, when, from where, what changed. Written in the transaction that does it.
#pragma once

#include <boost/json/object.hpp>
#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "identity/access.hpp"
#include "storage/sql/database.hpp"

namespace miniops::identity {

struct AuditEntry {
  std::int64_t id;  // drawn before the closure
  TimeMs at;
  std::string action;             // "miniprogram.update", "member.add", "desk.word_list.import" …
  std::string object;             // "miniprogram:wx…", "account:123"
  boost::json::object changes{};  // {field: {from, to}}; secrets as {"changed": true}, never their value
};

// `access.appid()` empty: instance-wide.
void audit(sql::Transaction& tx, const Access& access, const AuditEntry& entry);

}  // namespace miniops::identity
