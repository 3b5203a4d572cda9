// Routing in transactions: the desk with 500 agents in 10 groups and 50 rules. First customers write, each a new
// conversation that the rules give its queue; then all who wait are given to agents, as the server's loop does it.
//
//   assigning --database sqlite:/tmp/assigning.db --conversations 20000
#include <CLI/CLI.hpp>
#include <chrono>

#include "base/wait.hpp"
#include "desk/agents_store.hpp"
#include "desk_schema.hpp"
#include "storage/sql/open.hpp"
#include "team.hpp"
#include "teams/store.hpp"
#include "webhooks/subscribers.hpp"

namespace {

using namespace miniops;
using bench::must;

const AppId shop("wxshop");
constexpr std::size_t arrivals_at_once = 50;  // in one transaction

double seconds_since(std::chrono::steady_clock::time_point from) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - from).count();
}

class NoTyping final : public desk::TypingSender {
  void typing(const AppId&, const OpenId&, bool) override {}
};
class NoBrowsers final : public desk::Broadcaster {
  void broadcast(const AppId&, json::object, live::Audience) override {}
  void changed(const AppId&) override {}
};
class Everybody final : public desk::Colleagues {
  std::optional<desk::Colleague> find(sql::Transaction&, const AppId&, desk::AccountId account) override {
    return desk::Colleague{account, "客服"};
  }
  bool may_answer(sql::Transaction&, const AppId&, desk::AccountId) override { return true; }
  std::vector<desk::Colleague> members(sql::Transaction&, const AppId&) override { return {}; }
  std::string name_of(sql::Transaction&, desk::AccountId) override { return "客服"; }
};

// The desk without the rest of the program; no loops but those that are called.
struct Desk {
  explicit Desk(sql::Database& with)
      : database(with),
        version(database),
        vault(sealer, std::string(32, 'h')),
        identities(vault),
        directory({ids, identities, news}),
        session_keys({database, clock, random, ids, sealer}),
        setups(database, version, workers),
        presence_log(ids),
        surveys({ids, random, vault}),
        subscribers(database, version),
        events(subscribers, ids),
        rule_sets(database, version, workers),
        desk(desk::Desk::Collaborators{database, version, clock, ids, workers, outbox, typing, browsers, colleagues,
                                       directory, session_keys, setups, presence_log, surveys, events, rule_sets, vault,
                                       checker}) {
    news.set_listener(desk.profile_listener());
    outbox.set_listener(desk.delivery_listener());
    surveys.set_listener(desk.score_listener());
  }

  sql::Database& database;
  ManualClock clock{bench::now};
  SeededRandom random{3};
  IdSource ids{clock, 1};
  net::Workers workers{1, 16};
  gateway::Outbox outbox{gateway::Outbox::Settings{}};
  NoTyping typing;
  NoBrowsers browsers;
  Everybody colleagues;
  Sealer sealer{std::string(Sealer::key_bytes, 'k'), random};
  sql::ConfigVersion version;
  Vault vault;
  people::IdentityVault identities;
  people::News news;
  people::Directory directory;
  people::SessionKeys session_keys;
  teams::Setups setups;
  teams::PresenceLog presence_log;
  satisfaction::Surveys surveys;
  webhooks::Subscribers subscribers;
  webhooks::Events events;
  automation::RuleSets rule_sets;
  content_check::NoChecker checker;
  desk::Desk desk;
};

void set_up(Desk& desk, bench::Team& team) {
  const routing::Snapshot snapshot = team.snapshot();
  const auto rules = team.list();
  auto write = [&](sql::Transaction& tx) -> Result<void> {
    for (const routing::Group& group : snapshot.groups) {
      teams::Group made = teams::default_group_at_first();
      made.id = group.id;
      made.name = fmt::format("组{}", group.id.str());
      teams::store::put_group(tx, shop, made);
    }
    for (int i = 1; i <= bench::skills; ++i)
      teams::store::put_skill(tx, shop, {routing::SkillId(i), fmt::format("技能{}", i)});
    for (const routing::Agent& agent : snapshot.agents) {
      teams::AgentSettings settings;
      settings.load_max = teams::load_max_max;
      for (const routing::AgentSkill& skill : agent.skills)
        if (std::ranges::find(settings.skills, skill.skill, &routing::AgentSkill::skill) == settings.skills.end())
          settings.skills.push_back(skill);
      for (const routing::Membership& in : agent.groups)
        if (std::ranges::find(settings.groups, in.group, &teams::Membership::group) == settings.groups.end())
          settings.groups.push_back({in.group, std::nullopt});
      teams::store::put_agent(tx, shop, agent.account, settings);
      desk::store::put_agent(tx, {shop, agent.account, fmt::format("客服{}", agent.account.str()),
                                  desk::Presence::online, desk::Presence::online, 0, bench::now, bench::now});
    }
    for (std::size_t i = 0; i < rules.size(); ++i)
      teams::store::insert_rule(tx, shop, {rules[i], 1, "bench", bench::now}, i);
    sql::raise_config_version(tx);
    return {};
  };
  must(desk.database.write_blocking(write));
  must(wait(desk.setups.load(true)));
  must(desk.desk.prepare_blocking());
}

void arrive(Desk& desk, bench::Team& team, std::size_t conversations) {
  for (std::size_t done = 0; done < conversations;) {
    std::vector<gateway::JournalEntry> entries;
    for (; entries.size() < arrivals_at_once && done < conversations; ++done) {
      gateway::JournalEntry& one = entries.emplace_back();
      one.appid = shop;
      one.openid = OpenId(fmt::format("oBENCH{:022}", done));
      one.received_at = desk.clock.now();
      one.format = wechat::Format::json;
      one.raw_body = json::serialize(json::object{{"ToUserName", "gh_1"},
                                                  {"FromUserName", one.openid.str()},
                                                  {"CreateTime", desk.clock.now() / second_ms},
                                                  {"MsgType", "text"},
                                                  {"Content", team.question()},
                                                  {"MsgId", 1000 + done}});
    }
    auto write = [&](sql::Transaction& tx) -> Result<void> {
      for (const gateway::JournalEntry& entry : entries)
        if (auto applied = desk.desk.consumer().apply(tx, entry, desk.clock.now()); !applied) return applied;
      return {};
    };
    must(desk.database.write_blocking(write));
    desk.clock.advance(10);
  }
}

std::int64_t count(Desk& desk, const char* where) {
  const std::string statement = fmt::format("SELECT COUNT(*) FROM desk_conversations WHERE {}", where);
  auto read = [&](sql::Transaction& tx) -> Result<std::int64_t> { return tx.query_one(statement)->integer(0); };
  return must(desk.database.read_blocking(read));
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app{"routing in transactions"};
  std::string address;
  std::size_t conversations = 20'000;
  app.add_option("--database", address)->required();
  app.add_option("--conversations", conversations)->check(CLI::Range(1, 90'000));
  CLI11_PARSE(app, argc, argv);

  SystemClock clock;
  const auto database = must(sql::open(address, clock));
  bench::make_tables(*database);
  Desk desk(*database);
  bench::Team team;
  set_up(desk, team);

  const auto came = std::chrono::steady_clock::now();
  arrive(desk, team, conversations);
  const double arriving = seconds_since(came);
  const auto by_rule = count(desk, "rule_id <> 0");
  desk.clock.advance(5 * minute_ms);  // whoever asks for skills that nobody has is content with less by now

  const auto began = std::chrono::steady_clock::now();
  while (must(wait(desk.desk.assignment_step()))) {
  }
  const double assigning = seconds_since(began);
  const auto assigned = count(desk, "stage = 'assigned'");
  fmt::print(
      "{{\"conversations\":{},\"by_rule\":{},\"arrived_per_second\":{:.0f},\"assigned\":{},\"waiting\":{},"
      "\"assigned_per_second\":{:.0f}}}\n",
      conversations, by_rule, static_cast<double>(conversations) / arriving, assigned, count(desk, "stage = 'queued'"),
      static_cast<double>(assigned) / assigning);
  return 0;
}
