// What is said of a conversation when it is wrapped up 小结: its contact reason, its tags, its custom fields. The desk
// keeps it with the conversation; here is what may be said. Called inside closures; stateless.
#pragma once

#include "storage/sql/database.hpp"
#include "wrapup/reason.hpp"

namespace miniops::wrapup {

inline constexpr std::size_t tags_max = 20;
inline constexpr TextRule tag_rule{1, 32};

struct WrapUp {
  ReasonId reason{};
  std::string reason_name{};  // as it was called when it was chosen, with the one above it
  std::vector<std::string> tags{};
  json::object fields{};  // {key: value}
  bool operator==(const WrapUp&) const = default;
};

struct Patch {
  std::optional<ReasonId> reason{};                // none: takes it away
  std::optional<std::vector<std::string>> tags{};  // all there are to be
  json::object fields{};                           // those named; null takes one away
  bool restoring = false;                          // back to what was there: whatever is archived by now
  bool empty() const { return !reason && !tags && fields.empty(); }
};
// {reason_id, tags, fields} of `body`, which `in` reads; mistakes go to `in`.
Patch read_patch(JsonInput& in, const json::value& body);

// For the conversation's events.
struct Change {
  std::string_view kind{};  // reason_set, tags_set, field_set
  std::string from{}, to{};
  std::string note{};  // as people read it
};
// What became other. wrapup.not_choosable, wrapup.invalid_field
Result<std::vector<Change>> apply(sql::Transaction& tx, const AppId& appid, WrapUp& wrap_up, const Patch& patch,
                                  TimeMs now);

// Whether people must give a reason when they close: the mini program's setting, while there is one to choose.
bool reason_required(sql::Transaction& tx, const AppId& appid);
ReasonId suggested(sql::Transaction& tx, const AppId& appid, std::int64_t rule, const std::vector<std::string>& tags);
// The reason and those below it.
std::vector<ReasonId> with_children(sql::Transaction& tx, const AppId& appid, ReasonId id);
// As they are called now, with the one above.
std::map<ReasonId, std::string> names(sql::Transaction& tx, const AppId& appid);
// Whether it is there, archived or not.
bool exists(sql::Transaction& tx, const AppId& appid, ReasonId id);

json::object to_json(const WrapUp& wrap_up);

}  // namespace miniops::wrapup
