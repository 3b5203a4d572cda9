// Agents and the history of their presence.
#include "teams/routes.hpp"

namespace miniops::teams {

using identity::Permission;
using net::Method;
using net::Request;
using net::Response;

namespace {

// "zh", "zh_CN", "en-US".
bool is_language(std::string_view text) {
  const auto letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); };
  const auto part = [&](char c) { return letter(c) || (c >= '0' && c <= '9') || c == '_' || c == '-'; };
  return text.size() >= 2 && text.size() <= 16 && letter(text[0]) && letter(text[1]) && std::ranges::all_of(text, part);
}

struct AgentsAsked {
  AgentFilter filter{};
  AccountId after{};
  int limit = 50;
};

Result<AgentsAsked> agents_asked(const Request& request) {
  const auto page = net::page_of(request);
  if (!page) return std::unexpected(page.error());
  AgentsAsked asked;
  asked.limit = page->limit;
  if (page->cursor) {
    const auto cursor = net::read_cursor(*page->cursor);
    if (!cursor) return std::unexpected(cursor.error());
    asked.after = AccountId(cursor->second);
  }
  const json::value query = query_of(request, {"group_id", "skill_id", "presence", "language", "q"});
  JsonInput in(query);
  if (const auto id = in.optional_id("group_id")) asked.filter.group = GroupId(*id);
  if (const auto id = in.optional_id("skill_id")) asked.filter.skill = SkillId(*id);
  if (const auto presence = in.optional_choice("presence", {"online", "busy", "away", "offline"}))
    asked.filter.presence = parse_word<Presence>(*presence);
  asked.filter.language = in.optional_text("language", {0, 16}).value_or("");
  asked.filter.text = in.optional_text("q", {0, 64}).value_or("");
  if (auto ok = in.finish(); !ok) return std::unexpected(ok.error());
  return asked;
}

Answer list_agents(Service& service, Request& request, Access access) {
  auto asked = agents_asked(request);
  if (!asked) co_return std::unexpected(asked.error());
  const auto page = co_await service.agents(access, std::move(asked->filter), asked->after, asked->limit);
  if (!page) co_return std::unexpected(page.error());
  json::value cursor = nullptr;
  if (page->next) cursor = net::make_cursor(page->next->value(), page->next->value());
  co_return list_answer(page->items, std::move(cursor));
}

Answer one(Service& service, Request& request, Access access) {
  const auto account = id_in<AccountId>(request, "agent");
  if (!account) co_return std::unexpected(account.error());
  const auto found = co_await service.agent(access, *account);
  co_return answer_of(found);
}

template <class Id>
Id read_id(JsonInput& in, std::string_view key) {
  const auto id = in.optional_id(key);
  if (!in.has(key)) in.mistake(key, "Is required.");
  return Id(id.value_or(0));
}

std::vector<AgentSkill> read_skills(JsonInput& in) {
  std::vector<AgentSkill> out;
  for (JsonInput& item : in.optional_objects("skills", agent_skills_max)) {
    const AgentSkill skill{read_id<SkillId>(item, "skill_id"), static_cast<int>(item.integer("level", 1, 5))};
    if (std::ranges::find(out, skill.skill, &AgentSkill::skill) != out.end()) item.mistake("skill_id", "is here twice");
    out.push_back(skill);
  }
  return out;
}

std::vector<Membership> read_groups(JsonInput& in) {
  std::vector<Membership> out;
  for (JsonInput& item : in.optional_objects("groups", agent_groups_max)) {
    Membership one{read_id<GroupId>(item, "group_id"), read_calendar(item, "shift")};
    if (std::ranges::find(out, one.group, &Membership::group) != out.end()) item.mistake("group_id", "is here twice");
    out.push_back(std::move(one));
  }
  return out;
}

std::vector<std::string> read_languages(JsonInput& in) {
  auto out = in.optional_texts("languages", languages_max, {2, 16});
  if (!std::ranges::all_of(out, is_language)) in.mistake("languages", "must be such as zh or en_US");
  return out;
}

Answer change_agent(Service& service, Request& request, Access access) {
  const auto account = id_in<AccountId>(request, "agent");
  if (!account) co_return std::unexpected(account.error());
  const auto body = net::json_body(request);
  if (!body) co_return std::unexpected(body.error());
  JsonInput in(*body);
  AgentPatch patch{read_version(in)};
  patch.load_max = in.optional_integer("load_max", 0, load_max_max);
  auto skills = read_skills(in);
  auto languages = read_languages(in);
  auto groups = read_groups(in);
  if (in.has("skills")) patch.skills = std::move(skills);
  if (in.has("languages")) patch.languages = std::move(languages);
  if (in.has("groups")) patch.groups = std::move(groups);
  if (auto ok = in.finish(); !ok) co_return std::unexpected(ok.error());
  const auto changed = co_await service.change_agent(access, *account, std::move(patch));
  co_return answer_of(changed);
}

Answer presence(Service& service, Request& request, Access access) {
  const auto account = id_in<AccountId>(request, "agent");
  if (!account) co_return std::unexpected(account.error());
  const auto page = net::page_of(request);
  if (!page) co_return std::unexpected(page.error());
  store::Before before;
  if (page->cursor) {
    const auto cursor = net::read_cursor(*page->cursor);
    if (!cursor) co_return std::unexpected(cursor.error());
    before = *cursor;
  }
  const json::value query = query_of(request, {"from", "to"});
  JsonInput in(query);
  store::StayFilter filter{*account, in.optional_id("from").value_or(0),
                           in.optional_id("to").value_or(std::numeric_limits<std::int64_t>::max())};
  if (auto ok = in.finish(); !ok) co_return std::unexpected(ok.error());
  const auto found = co_await service.stays(access, filter, before, page->limit);
  if (!found) co_return std::unexpected(found.error());
  json::value cursor = nullptr;
  if (found->next) cursor = net::make_cursor(found->next->first, found->next->second);
  co_return list_answer(found->items, std::move(cursor));
}

}  // namespace

void mount_agents(identity::Guard& guard, Service& service) {
  const auto add = [&](Method method, std::string_view path, Permission permission, auto handler) {
    route(guard, service, method, path, permission, handler);
  };
  add(Method::get, "/agents", Permission::desk_read, list_agents);
  add(Method::get, "/agents/{id}", Permission::desk_read, one);
  add(Method::patch, "/agents/{id}", Permission::desk_configure, change_agent);
  add(Method::get, "/agents/{id}/presence", Permission::desk_read, presence);
}

}  // namespace miniops::teams
