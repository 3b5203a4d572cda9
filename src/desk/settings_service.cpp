#include "desk/settings_service.hpp"

#include "calendar/business_time.hpp"
#include "desk/errors.hpp"

namespace miniops::desk {

namespace {

json::object to_json(const Settings& settings) {
  return {{"reopen_minutes", settings.reopen_minutes},
          {"grace_seconds", settings.grace_seconds},
          {"load_max_default", settings.load_max_default},
          {"auto_assign", settings.auto_assign},
          {"transfer_accept_seconds", settings.transfer_accept_seconds},
          {"seal_numbers", settings.seal_numbers},
          {"privacy_link", settings.privacy_link},
          {"privacy_version", settings.privacy_version}};
}

json::object from_to(json::value from, json::value to) { return {{"from", std::move(from)}, {"to", std::move(to)}}; }

}  // namespace

Task<void> SettingsService::act_at_once() {
  co_await version_.refresh();
  // Should it fail, the loop loads it a moment later.
  const auto loaded = co_await configs_.load(true);
  if (!loaded) co_return;
}

// ---- settings and hours ----

Task<Result<Settings>> SettingsService::settings(Access access) {
  auto read = [=](sql::Transaction& tx) -> Result<Settings> {
    return store::find_settings(tx, access.appid()).value_or(Settings{});
  };
  co_return co_await database_.read(std::move(read));
}

Task<Result<Settings>> SettingsService::set_settings(Access access, Settings settings) {
  auto change = [=](sql::Transaction& tx, json::object& changes) -> Result<Settings> {
    const Settings before = store::find_settings(tx, access.appid()).value_or(Settings{});
    store::put_settings(tx, access.appid(), settings);
    changes["settings"] = from_to(to_json(before), to_json(settings));
    return settings;
  };
  Note note{"desk.settings.update", "desk_settings:" + access.appid().str()};
  co_return co_await configure<Settings>(access, std::move(note), std::move(change));
}

Task<Result<Calendar>> SettingsService::hours(Access access) {
  auto read = [=](sql::Transaction& tx) -> Result<Calendar> {
    return store::find_hours(tx, access.appid()).value_or(Calendar{});
  };
  co_return co_await database_.read(std::move(read));
}

Task<Result<Calendar>> SettingsService::set_hours(Access access, Calendar hours) {
  auto change = [=](sql::Transaction& tx, json::object& changes) -> Result<Calendar> {
    const Calendar before = store::find_hours(tx, access.appid()).value_or(Calendar{});
    store::put_hours(tx, access.appid(), hours);
    // A mini program that is configured has a settings row, which the cache starts from.
    changes["hours"] = from_to(calendar::to_json(before), calendar::to_json(hours));
    return hours;
  };
  Note note{"desk.hours.update", "desk_hours:" + access.appid().str()};
  co_return co_await configure<Calendar>(access, std::move(note), std::move(change));
}

// ---- rules ----

Task<Result<std::vector<Rule>>> SettingsService::rules(Access access) {
  auto read = [=](sql::Transaction& tx) -> Result<std::vector<Rule>> {
    return RuleSet(store::rules_of(tx, access.appid())).rules();
  };
  co_return co_await database_.read(std::move(read));
}

Task<Result<Rule>> SettingsService::add_rule(Access access, Rule rule) {
  rule.id = ids_.next_as<RuleId>();
  rule.updated_at = clock_.now();
  auto change = [=](sql::Transaction& tx, json::object& changes) -> Result<Rule> {
    if (store::rules_of(tx, access.appid()).size() >= store::rules_max) {
      return fail(errors::too_many("rules", store::rules_max));
    }
    store::insert_rule(tx, access.appid(), rule);
    changes["rule"] = from_to(nullptr, desk::to_json(rule));
    return rule;
  };
  Note note{"desk.rule.add", "rule:" + rule.id.str()};
  co_return co_await configure<Rule>(access, std::move(note), std::move(change));
}

Task<Result<Rule>> SettingsService::change_rule(Access access, RuleId id, json::value patch) {
  const TimeMs now = clock_.now();
  auto change = [=](sql::Transaction& tx, json::object& changes) -> Result<Rule> {
    const auto before = store::find_rule(tx, access.appid(), id);
    if (!before) return fail(errors::not_found("rule"));
    auto after = parse_rule(patch, &*before);
    if (!after) return after;
    after->updated_at = now;
    store::update_rule(tx, access.appid(), *after);
    changes["rule"] = from_to(desk::to_json(*before), desk::to_json(*after));
    return after;
  };
  Note note{"desk.rule.update", "rule:" + id.str()};
  co_return co_await configure<Rule>(access, std::move(note), std::move(change));
}

Task<Result<void>> SettingsService::remove_rule(Access access, RuleId id) {
  auto change = [=](sql::Transaction& tx, json::object& changes) -> Result<bool> {
    const auto before = store::find_rule(tx, access.appid(), id);
    if (!before) return fail(errors::not_found("rule"));
    changes["rule"] = from_to(desk::to_json(*before), nullptr);
    return store::remove_rule(tx, access.appid(), id);
  };
  Note note{"desk.rule.remove", "rule:" + id.str()};
  const auto removed = co_await configure<bool>(access, std::move(note), std::move(change));
  if (!removed) co_return std::unexpected(removed.error());
  co_return Result<void>();
}

Task<Result<json::object>> SettingsService::try_rules(Access access, RuleFacts facts, TimeMs at, std::string language) {
  auto read = [=](sql::Transaction& tx) -> Result<json::object> {
    const RuleSet rules(store::rules_of(tx, access.appid()));
    RuleFacts asked = facts;
    asked.open_now = calendar::open_at(store::find_hours(tx, access.appid()).value_or(Calendar{}), at);
    std::vector<Considered> considered;
    const Rule* fired = rules.decide(asked, [](const Rule&) { return false; }, &considered, language);
    json::array explained;
    for (const Considered& one : considered) {
      explained.push_back(json::object{
          {"rule_id", one.rule->id.str()}, {"name", one.rule->name}, {"matched", one.matched}, {"why", one.why}});
    }
    return json::object{{"fired", fired != nullptr ? json::value(desk::to_json(*fired)) : json::value(nullptr)},
                        {"replies", fired != nullptr ? fired->replies : json::array()},
                        {"considered", std::move(explained)}};
  };
  co_return co_await database_.read(std::move(read));
}

}  // namespace miniops::desk
