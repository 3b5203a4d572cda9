// Contact reasons 联系原因: why customers write, as a mini program lists it in two levels. Pure.
#pragma once

#include <map>
#include <optional>

#include "base/ids.hpp"
#include "base/json.hpp"

namespace miniops::wrapup {

using ReasonId = NumberId<struct ReasonIdTag>;

inline constexpr std::size_t reasons_max = 200;

struct Reason {
  ReasonId id{};
  AppId appid{};
  ReasonId parent{};  // none: of the first level
  std::string name{};
  std::int64_t position = 0;
  // What suggests it: routing rules by which a conversation came, tags of the conversation or of the customer.
  std::vector<std::int64_t> rules{};
  std::vector<std::string> tags{};
  bool archived = false;
  bool used = false;  // was chosen once
};
// All of a mini program, by position and id.
using Reasons = std::vector<Reason>;

struct ReasonPatch {
  std::optional<ReasonId> parent{};  // of a new one
  std::optional<std::string> name{};
  std::optional<std::vector<std::int64_t>> rules{};
  std::optional<std::vector<std::string>> tags{};
  std::optional<bool> archived{};
};
// {parent_id, name, rule_ids, tags, archived}; mistakes go to `in`.
ReasonPatch read_reason(JsonInput& in, bool is_new);

const Reason* find(const Reasons& reasons, ReasonId id);
// What can be chosen is the last there is: neither it nor the one above is archived, and none below it that is not.
bool choosable(const Reasons& reasons, const Reason& reason);
// "售后 / 退款"
std::string path_of(const Reasons& reasons, const Reason& reason);
// The first that can be chosen and the rule points to, else the first that one of the tags does. None: none.
ReasonId suggested(const Reasons& reasons, std::int64_t rule, const std::vector<std::string>& tags);

json::object to_json(const Reasons& reasons, const Reason& reason);

}  // namespace miniops::wrapup
