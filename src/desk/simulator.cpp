#include "desk/simulator.hpp"

#include "calendar/business_time.hpp"
#include "desk/errors.hpp"

namespace miniops::desk {

namespace {

constexpr std::size_t changes_shown = 100;

struct Moves {
  std::map<routing::GroupId, std::pair<std::int64_t, std::int64_t>> groups;  // before, after
  boost::json::array changes;
  std::int64_t moved = 0;

  void count(const Conversation& conversation, const routing::Placement& placed) {
    const routing::GroupId before = conversation.placement.group;
    const routing::GroupId after = placed.target.group;
    ++groups[before].first;
    ++groups[after].second;
    if (before == after) return;
    ++moved;
    if (changes.size() == changes_shown) return;
    changes.push_back(boost::json::object{{"conversation_id", conversation.id.str()},
                                          {"from_group", before.str()},
                                          {"to_group", after.str()},
                                          {"rule_id", placed.rule.empty() ? "" : placed.rule.str()}});
  }
};

}  // namespace

routing::RuleSet Simulator::rules_of(const teams::Setup& setup, const Draft& draft) const {
  if (!draft) return setup.rules();
  std::vector<routing::GroupId> groups;
  for (const teams::Group& group : setup.roster().groups) groups.push_back(group.id);
  return routing::RuleSet(*draft, std::move(groups), teams::default_group);
}

boost::json::object Simulator::answer(sql::Transaction& tx, const AppId& appid, const routing::Facts& facts,
                                      routing::Waiting waiting, const Draft& draft) const {
  const TimeMs now = with_.clock.now();
  const auto setup = with_.placer.setups().of(appid);
  routing::Explanation why;
  const routing::Placement placed = routing::route(facts, rules_of(*setup, draft), now, &why);
  waiting.target = setup->standing(placed.target);
  waiting.language = facts.language;
  const std::int64_t load_max = with_.configs.of(appid)->settings.load_max_default;
  const Presences there = presences_of(tx, appid, *setup, load_max, now);
  return {{"queue", routing::to_json(why)},
          {"agents", routing::to_json(routing::explain(waiting, there.snapshot, now))}};
}

Task<Result<boost::json::object>> Simulator::try_facts(Access access, routing::Facts facts, Draft draft) {
  const TimeMs now = with_.clock.now();
  facts.open = calendar::open_at(with_.configs.of(access.appid())->hours, now);
  routing::Waiting waiting;
  waiting.waiting_since = facts.waiting_since == 0 ? now : facts.waiting_since;
  auto read = [=, this](sql::Transaction& tx) -> Result<boost::json::object> {
    return answer(tx, access.appid(), facts, waiting, draft);
  };
  co_return co_await with_.database.read(std::move(read));
}

Task<Result<boost::json::object>> Simulator::try_conversation(Access access, ConversationId id, Draft draft) {
  const TimeMs now = with_.clock.now();
  auto read = [=, this](sql::Transaction& tx) -> Result<boost::json::object> {
    const auto conversation = store::find_conversation(tx, id);
    if (!conversation || conversation->appid != access.appid()) return fail(errors::not_found("conversation"));
    routing::Waiting waiting;
    waiting.conversation = id;
    waiting.waiting_since = conversation->queue_since == 0 ? now : conversation->queue_since;
    waiting.last_agent = conversation->last_agent;
    waiting.last_agent_at = conversation->last_agent_at;
    return answer(tx, access.appid(), with_.placer.facts_of(tx, *conversation, now), waiting, draft);
  };
  co_return co_await with_.database.read(std::move(read));
}

Task<Result<boost::json::object>> Simulator::replay(Access access, TimeMs since, Draft draft) {
  const auto setup = with_.placer.setups().of(access.appid());
  auto read = [=, this](sql::Transaction& tx) -> Result<boost::json::object> {
    const routing::RuleSet rules = rules_of(*setup, draft);
    auto opened = store::opened_since(tx, access.appid(), since, replayed_max + 1);
    const bool cut = opened.size() > replayed_max;
    if (cut) opened.pop_back();
    Moves moves;
    for (const Conversation& conversation : opened) {
      routing::Facts facts = with_.placer.facts_of(tx, conversation, conversation.opened_at);
      facts.waiting_since = 0;
      moves.count(conversation, routing::route(facts, rules, conversation.opened_at));
    }
    boost::json::array groups;
    for (const auto& [id, counts] : moves.groups)
      groups.push_back(boost::json::object{{"group_id", id.str()}, {"before", counts.first}, {"after", counts.second}});
    return boost::json::object{{"conversations", static_cast<std::int64_t>(opened.size())},
                               {"cut", cut},
                               {"moved", moves.moved},
                               {"groups", std::move(groups)},
                               {"changes", std::move(moves.changes)}};
  };
  co_return co_await with_.database.read(std::move(read));
}

}  // namespace miniops::desk
