#include "desk/simulator.hpp"

#include "calendar/business_time.hpp"
#include "desk/errors.hpp"
#include "desk/replay.hpp"
#include "desk/replay_store.hpp"

namespace miniops::desk {

namespace {

using identity::Permission;

bool configures(const Access& access) { return access.may(Permission::desk_configure); }

Result<void> may_ask(const Access& access) {
  const auto supervised = access.groups_with(Permission::desk_supervise);
  if (configures(access) || !supervised || !supervised->empty()) return {};
  return fail(errors::not_supervisor());
}

// nullopt: no group belongs to the tier.
std::optional<routing::Placement> place(const routing::Facts& facts, const teams::Setup& setup,
                                        const routing::RuleSet& rules, std::optional<routing::Tier> tier, TimeMs now,
                                        routing::Explanation& why) {
  if (!tier) return routing::route(facts, rules, now, &why);
  std::vector<routing::GroupId> groups;
  for (const teams::Group& group : setup.roster().groups)
    if (group.tier == *tier) groups.push_back(group.id);
  if (groups.empty()) return std::nullopt;
  return routing::route_to_tier(facts, rules, routing::TierRules(rules.rules(), std::move(groups)), now, &why);
}

}  // namespace

routing::RuleSet Simulator::rules_of(const teams::Setup& setup, const Draft& draft) const {
  if (!draft) return setup.rules();
  std::vector<routing::GroupId> groups;
  for (const teams::Group& group : setup.roster().groups) groups.push_back(group.id);
  return routing::RuleSet(*draft, std::move(groups), teams::default_group);
}

Result<boost::json::object> Simulator::answer(sql::Transaction& tx, const AppId& appid, const routing::Facts& facts,
                                              routing::Waiting waiting, const Asked& asked) const {
  const TimeMs now = with_.clock.now();
  const auto setup = with_.placer.setups().of(appid);
  routing::Explanation why;
  const auto placed = place(facts, *setup, rules_of(*setup, asked.draft), asked.tier, now, why);
  if (!placed) return fail(errors::empty_tier());
  waiting.target = setup->standing(placed->target);
  waiting.language = facts.language;
  const std::int64_t load_max = with_.configs.of(appid)->settings.load_max_default;
  const Presences there = presences_of(tx, appid, *setup, load_max, now);
  return boost::json::object{{"queue", routing::to_json(why)},
                             {"agents", routing::to_json(routing::explain(waiting, there.snapshot, now))}};
}

Task<Result<boost::json::object>> Simulator::try_facts(Access access, routing::Facts facts, Asked asked) {
  if (auto may = may_ask(access); !may) co_return std::unexpected(may.error());
  const TimeMs now = with_.clock.now();
  facts.open = calendar::open_at(with_.configs.of(access.appid())->hours, now);
  routing::Waiting waiting;
  waiting.waiting_since = facts.waiting_since == 0 ? now : facts.waiting_since;
  auto read = [=, this](sql::Transaction& tx) -> Result<boost::json::object> {
    return answer(tx, access.appid(), facts, waiting, asked);
  };
  co_return co_await with_.database.read(std::move(read));
}

Task<Result<boost::json::object>> Simulator::try_conversation(Access access, ConversationId id, Asked asked) {
  if (auto may = may_ask(access); !may) co_return std::unexpected(may.error());
  const ReadScope scope = read_scope(access, *with_.placer.setups().of(access.appid()));
  const TimeMs now = with_.clock.now();
  auto read = [=, this](sql::Transaction& tx) -> Result<boost::json::object> {
    const auto conversation = store::find_conversation(tx, id);
    if (!conversation || conversation->appid != access.appid()) return fail(errors::not_found("conversation"));
    if (!configures(access))
      if (auto may = may_read(scope, *conversation); !may) return std::unexpected(may.error());
    routing::Waiting waiting;
    waiting.conversation = id;
    waiting.waiting_since = conversation->queue_since == 0 ? now : conversation->queue_since;
    waiting.last_agent = conversation->last_agent;
    waiting.last_agent_at = conversation->last_agent_at;
    waiting.relieved = conversation->relieved;
    return answer(tx, access.appid(), with_.placer.facts_of(tx, *conversation, now), waiting, asked);
  };
  co_return co_await with_.database.read(std::move(read));
}

Task<Result<Simulator::Replayed>> Simulator::replay(Access access, ReplayPlace at, Draft draft) {
  const auto setup = with_.placer.setups().of(access.appid());
  auto read = [=, this](sql::Transaction& tx) -> Result<Replayed> {
    const routing::RuleSet rules = rules_of(*setup, draft);
    const int limit = static_cast<int>(std::clamp<std::int64_t>(limits_.all - at.seen, 0, limits_.page));
    auto opened = store::opened_before(tx, access.appid(), at.since, {at.opened_at, at.conversation}, limit + 1);
    const bool more = opened.size() > static_cast<std::size_t>(limit);
    if (more) opened.pop_back();
    Replay replay(*setup, rules);
    for (const Conversation& conversation : opened) {
      routing::Facts facts = with_.placer.facts_of(tx, conversation, conversation.opened_at);
      facts.waiting_since = 0;
      if (facts.texts.size() > 1) facts.texts.resize(1);  // it was routed when the first came
      replay.add(conversation, store::first_group(tx, conversation.id), facts);
    }
    Replayed replayed{replay.to_json()};
    const std::int64_t seen = at.seen + static_cast<std::int64_t>(opened.size());
    if (more && seen < limits_.all) replayed.next = {at.since, opened.back().opened_at, opened.back().id, seen};
    replayed.page["cut"] = more && !replayed.next;
    if (at.seen == 0) replayed.page["total"] = store::count_opened(tx, access.appid(), at.since, limits_.all);
    return replayed;
  };
  co_return co_await with_.database.read(std::move(read));
}

}  // namespace miniops::desk
