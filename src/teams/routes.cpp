// Settings, groups and skills; what all routes have in common.
#include "teams/routes.hpp"

namespace miniops::teams {

using identity::Permission;
using net::Method;
using net::Request;
using net::Response;

namespace {

constexpr TextRule name_rule{1, 64};
constexpr std::int64_t waiting_max = 100'000;

// ---- settings ----

Answer get_settings(Service& service, Request&, Access access) {
  const auto found = co_await service.settings(access);
  co_return answer_of(found);
}

Answer change_settings(Service& service, Request& request, Access access) {
  const auto body = net::json_body(request);
  if (!body) co_return std::unexpected(body.error());
  JsonInput in(*body);
  SettingsPatch patch{read_version(in)};
  patch.points_per_minute = in.optional_integer("points_per_minute", 1, routing::points_per_minute_max);
  auto reasons = in.optional_texts("presence_reasons", reasons_max, {1, 32});
  const std::set<std::string> different(reasons.begin(), reasons.end());
  if (different.size() < reasons.size()) in.mistake("presence_reasons", "has one twice");
  if (in.has("presence_reasons")) patch.reasons = std::move(reasons);
  if (auto ok = in.finish(); !ok) co_return std::unexpected(ok.error());
  const auto changed = co_await service.change_settings(access, std::move(patch));
  co_return answer_of(changed);
}

// ---- groups ----

std::optional<routing::BusyMode> read_busy(JsonInput& in) {
  JsonInput busy = in.object("busy", false);
  if (!in.has("busy")) return std::nullopt;
  const auto set = parse_word<routing::BusySwitch>(busy.choice("set", {"off", "on", "automatic"}));
  routing::BusyMode mode;
  mode.set = set.value_or(mode.set);
  const auto from_waiting = busy.optional_integer("from_waiting", 0, waiting_max);
  mode.from_waiting = from_waiting.value_or(0);
  mode.limit_percent = busy.optional_integer("limit_percent", 100, 300).value_or(mode.limit_percent);
  if (mode.set == routing::BusySwitch::automatic && mode.from_waiting == 0)
    busy.mistake("from_waiting", "must say how many wait when it begins by itself");
  return mode;
}

// automatic is before people: no group can belong to it.
std::optional<routing::Tier> read_tier(JsonInput& in) {
  const auto word = in.optional_choice("tier", {"ordinary", "expert"});
  return word ? parse_word<routing::Tier>(*word) : std::nullopt;
}

std::optional<Escalation> read_escalation(JsonInput& in) {
  JsonInput escalation = in.object("escalation", false);
  if (!in.has("escalation")) return std::nullopt;
  const auto waiting = escalation.optional_integer("waiting_minutes", 0, escalation_minutes_max);
  const auto assigned = escalation.optional_integer("assigned_minutes", 0, escalation_minutes_max);
  return Escalation{waiting.value_or(0), assigned.value_or(0)};
}

Answer list_groups(Service& service, Request&, Access access) {
  const auto found = co_await service.groups(access);
  if (!found) co_return std::unexpected(found.error());
  co_return list_answer(*found);
}

Answer one_group(Service& service, Request& request, Access access) {
  const auto id = id_in<GroupId>(request, "group");
  if (!id) co_return std::unexpected(id.error());
  const auto found = co_await service.group(access, *id);
  co_return answer_of(found);
}

Answer add_group(Service& service, Request& request, Access access) {
  const auto body = net::json_body(request);
  if (!body) co_return std::unexpected(body.error());
  JsonInput in(*body);
  Group group;
  group.name = in.text("name", name_rule);
  group.calendar = read_calendar(in, "calendar").value_or(Calendar{});
  group.busy = read_busy(in).value_or(routing::BusyMode{});
  group.tier = read_tier(in).value_or(group.tier);
  group.escalation = read_escalation(in).value_or(group.escalation);
  if (auto ok = in.finish(); !ok) co_return std::unexpected(ok.error());
  const auto made = co_await service.add_group(access, std::move(group));
  co_return answer_of(made, 201);
}

Answer change_group(Service& service, Request& request, Access access) {
  const auto id = id_in<GroupId>(request, "group");
  if (!id) co_return std::unexpected(id.error());
  const auto body = net::json_body(request);
  if (!body) co_return std::unexpected(body.error());
  JsonInput in(*body);
  GroupPatch patch{read_version(in)};
  patch.name = in.optional_text("name", name_rule);
  patch.calendar = read_calendar(in, "calendar");
  patch.busy = read_busy(in);
  patch.tier = read_tier(in);
  patch.escalation = read_escalation(in);
  if (auto ok = in.finish(); !ok) co_return std::unexpected(ok.error());
  const auto changed = co_await service.change_group(access, *id, std::move(patch));
  co_return answer_of(changed);
}

Answer remove_group(Service& service, Request& request, Access access) {
  const auto id = id_in<GroupId>(request, "group");
  if (!id) co_return std::unexpected(id.error());
  const auto done = co_await service.remove_group(access, *id);
  co_return answer_of(done);
}

std::vector<AccountId> read_accounts(JsonInput& in, std::string_view key) {
  std::vector<AccountId> out;
  for (const std::string& text : in.optional_texts(key, assigned_at_once, {1, 20})) {
    const auto id = parse_as<AccountId>(text);
    if (!id) in.mistake(key, "must be ids of accounts: decimal numbers as texts");
    if (id && std::ranges::find(out, *id) == out.end()) out.push_back(*id);
  }
  return out;
}

Answer assign(Service& service, Request& request, Access access) {
  const auto id = id_in<GroupId>(request, "group");
  if (!id) co_return std::unexpected(id.error());
  const auto body = net::json_body(request);
  if (!body) co_return std::unexpected(body.error());
  JsonInput in(*body);
  auto add = read_accounts(in, "add"), remove = read_accounts(in, "remove");
  if (std::ranges::find_first_of(add, remove) != add.end()) in.mistake("remove", "has one that is to be added");
  if (auto ok = in.finish(); !ok) co_return std::unexpected(ok.error());
  const auto changed = co_await service.assign(access, *id, std::move(add), std::move(remove));
  co_return answer_of(changed);
}

// ---- skills ----

Answer list_skills(Service& service, Request&, Access access) {
  const auto found = co_await service.skills(access);
  if (!found) co_return std::unexpected(found.error());
  co_return list_answer(*found);
}

Result<std::string> skill_name_in(const Request& request) {
  const auto body = net::json_body(request);
  if (!body) return std::unexpected(body.error());
  JsonInput in(*body);
  std::string name = in.text("name", name_rule);
  if (auto ok = in.finish(); !ok) return std::unexpected(ok.error());
  return name;
}

Answer add_skill(Service& service, Request& request, Access access) {
  auto name = skill_name_in(request);
  if (!name) co_return std::unexpected(name.error());
  const auto made = co_await service.add_skill(access, std::move(*name));
  co_return answer_of(made, 201);
}

Answer rename_skill(Service& service, Request& request, Access access) {
  const auto id = id_in<SkillId>(request, "skill");
  if (!id) co_return std::unexpected(id.error());
  auto name = skill_name_in(request);
  if (!name) co_return std::unexpected(name.error());
  const auto changed = co_await service.rename_skill(access, *id, std::move(*name));
  co_return answer_of(changed);
}

Answer remove_skill(Service& service, Request& request, Access access) {
  const auto id = id_in<SkillId>(request, "skill");
  if (!id) co_return std::unexpected(id.error());
  const auto done = co_await service.remove_skill(access, *id);
  co_return answer_of(done);
}

}  // namespace

// ---- what requests have in common ----

json::value query_of(const Request& request, std::initializer_list<std::string_view> names) {
  json::object out;
  for (const std::string_view name : names)
    if (const auto text = request.query_value(name); text && !text->empty()) out[name] = *text;
  return out;
}

std::optional<Calendar> read_calendar(JsonInput& in, std::string_view key) {
  const json::value* given = in.optional_value(key);
  if (given == nullptr) return std::nullopt;
  auto calendar = calendar::parse_calendar(*given);
  if (calendar) return std::move(*calendar);
  for (const FieldError& field : calendar.error().fields)
    in.mistake(key, fmt::format("{}: {}", field.pointer, field.message));
  return std::nullopt;
}

std::int64_t read_version(JsonInput& in) { return in.integer("version", 1, std::numeric_limits<std::int64_t>::max()); }

void mount(identity::Guard& guard, Service& service) {
  const auto add = [&](Method method, std::string_view path, Permission permission, auto handler) {
    route(guard, service, method, path, permission, handler);
  };
  add(Method::get, "/settings", Permission::desk_read, get_settings);
  add(Method::patch, "/settings", Permission::desk_configure, change_settings);
  add(Method::get, "/groups", Permission::desk_read, list_groups);
  add(Method::post, "/groups", Permission::desk_configure, add_group);
  add(Method::get, "/groups/{id}", Permission::desk_read, one_group);
  add(Method::patch, "/groups/{id}", Permission::desk_configure, change_group);
  add(Method::del, "/groups/{id}", Permission::desk_configure, remove_group);
  add(Method::post, "/groups/{id}/agents", Permission::desk_configure, assign);
  add(Method::get, "/skills", Permission::desk_read, list_skills);
  add(Method::post, "/skills", Permission::desk_configure, add_skill);
  add(Method::patch, "/skills/{id}", Permission::desk_configure, rename_skill);
  add(Method::del, "/skills/{id}", Permission::desk_configure, remove_skill);
  mount_agents(guard, service);
  mount_rules(guard, service);
}

}  // namespace miniops::teams
