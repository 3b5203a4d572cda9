#include "alerts/evaluator.hpp"

#include "alerts/default_rules.hpp"
#include "alerts/errors.hpp"
#include "base/log.hpp"

namespace miniops::alerts {

namespace {

const Alert* find(const std::vector<Alert>& alerts, const Rule& rule, std::string_view group) {
  // From the back: of those that resolved, the last one.
  for (auto one = alerts.rbegin(); one != alerts.rend(); ++one)
    if (one->rule == rule.id && one->group == group) return &*one;
  return nullptr;
}

// What a rule with groups sees as a whole, beside its groups: that it sees nothing.
Seen whole(const Rule& rule, Sight sight) {
  return sight == Sight::normal ? Seen{} : seen_of(rule, Verdict{sight}, 0, 0);
}

// A group that cannot be judged is no trouble of its own, whatever the policy: many have few records.
Seen of_group(const Rule& rule, const GroupView& view) {
  Seen seen = seen_of(rule, view.verdict, view.now.value, view.now.sample);
  seen.held = view.held;
  if (rule.group_by && seen.what == Seen::What::breach && view.verdict.sight != Sight::normal)
    seen.what = Seen::What::unknown;
  return seen;
}

}  // namespace

Task<Result<void>> Evaluator::welcome(AppId appid) {
  if (programs_[appid].welcomed) co_return Result<void>{};
  const TimeMs now = with_.clock.now();
  auto rules = default_rules(appid, now);
  for (Rule& rule : rules) rule.id = with_.ids.next_as<RuleId>();
  auto give = [=](sql::Transaction& tx) -> Result<void> {
    if (store::receivers(tx, appid)) return {};
    store::put_receivers(tx, appid, Receivers{});
    for (const Rule& rule : rules) store::insert_rule(tx, rule);
    sql::raise_config_version(tx);
    return {};
  };
  auto done = co_await with_.database.write(std::move(give));
  if (done) programs_[appid].welcomed = true;
  co_return done;
}

Task<Result<void>> Evaluator::refresh(AppId appid) {
  Program& program = programs_[appid];
  const std::int64_t version = with_.version.current();
  if (program.version == version) co_return Result<void>{};
  auto read = [=](sql::Transaction& tx) -> Result<Program> {
    Program fresh;
    fresh.rules = store::rules(tx, appid);
    for (const store::SightOf& one : store::sights(tx, appid)) fresh.sights[one.rule] = one.sight;
    return fresh;
  };
  auto fresh = co_await with_.database.read(std::move(read));
  if (!fresh) co_return std::unexpected(fresh.error());
  program.rules = std::move(fresh->rules);
  program.sights = std::move(fresh->sights);
  program.version = version;
  std::set<RuleId> all;
  for (const auto& [id, one] : programs_)
    for (const Rule& rule : one.rules) all.insert(rule.id);
  with_.watcher.keep_only(all);
  co_return Result<void>{};
}

Task<Result<bool>> Evaluator::evaluate(AppId appid) {
  const TimeMs settled = with_.clock.now() - settle_ms;
  const TimeMs to = settled - settled % tick_ms;
  auto read = [=](sql::Transaction& tx) -> Result<TimeMs> { return store::evaluated_to(tx, appid); };
  const auto before = co_await with_.database.read(std::move(read));
  if (!before) co_return std::unexpected(before.error());
  if (*before >= to) co_return false;
  if (auto done = co_await refresh(appid); !done) co_return std::unexpected(done.error());
  if (*before > 0 && to - *before > catch_up_step_ms) {
    TimeMs at = std::max(*before, to - catch_up_max_ms);
    log::info("alerts.catching_up", {{"appid", appid.str()}, {"from", at}, {"missed_ms", to - *before}});
    for (at += catch_up_step_ms; at < to; at += catch_up_step_ms)
      if (auto done = co_await evaluate_to(appid, at); !done) co_return std::unexpected(done.error());
  }
  if (auto done = co_await evaluate_to(appid, to); !done) co_return std::unexpected(done.error());
  co_return true;
}

Task<Sight> Evaluator::evaluate_rule(const Rule& rule, const Board& board, TimeMs to, std::vector<Decided>& out) {
  const auto decide = [&](std::string_view group, const Seen& seen) {
    auto step = next_step(rule, group, find(board.open, rule, group), find(board.lately, rule, group), seen, to);
    if (step) out.push_back({&rule, std::move(*step)});
  };
  if (is_event(rule.kind)) {
    for (const Alert& alert : board.open)
      if (alert.rule == rule.id)
        if (auto step = next_step_of_issue(rule, alert, to)) out.push_back({&rule, std::move(*step)});
    co_return Sight::normal;
  }
  Begins begins;
  for (const Alert& alert : board.open)
    if (alert.rule == rule.id) begins.emplace(alert.group, alert.began_at);
  const RuleView view = co_await with_.watcher.look(rule, to, begins);
  for (const auto& [group, one] : view.groups) decide(group, of_group(rule, one));
  // A rule that saw no group, or whose question failed, is judged as a whole; so is what that left open.
  const bool blind = view.groups.empty();
  if (blind || (rule.group_by && begins.contains(""))) decide("", whole(rule, blind ? view.sight : Sight::normal));
  co_return view.sight;
}

Task<Result<void>> Evaluator::evaluate_to(AppId appid, TimeMs to) {
  const Program& program = programs_[appid];
  auto read = [=](sql::Transaction& tx) -> Result<Board> {
    return Board{store::evaluated_to(tx, appid), store::open_alerts(tx, appid),
                 store::lately_resolved(tx, appid, to - reopens_within_ms)};
  };
  const auto board = co_await with_.database.read(std::move(read));
  if (!board) co_return std::unexpected(board.error());
  std::vector<Decided> decided;
  std::vector<store::SightOf> sights;
  for (const Rule& rule : program.rules) {
    if (!rule.enabled) continue;
    const Sight sight = co_await evaluate_rule(rule, *board, to, decided);
    const auto known = program.sights.find(rule.id);
    if (known == program.sights.end() || known->second != sight) sights.push_back({rule.id, sight, to});
  }
  co_return co_await commit(appid, *board, decided, sights, to);
}

Task<Result<void>> Evaluator::commit(AppId appid, const Board& board, const std::vector<Decided>& decided,
                                     const std::vector<store::SightOf>& sights, TimeMs to) {
  const TimeMs now = with_.clock.now();
  auto write = [&, now](sql::Transaction& tx) -> Result<void> {
    if (!store::advance(tx, appid, board.evaluated_to, to)) return fail(errors::changed());
    Recorder recorder(tx, with_.ids, now);
    // A step that somebody was faster than is taken anew at the next look.
    for (const Decided& one : decided) recorder.apply(*one.rule, one.step, to);
    for (const store::SightOf& one : sights) store::put_sight(tx, appid, one);
    return {};
  };
  auto done = co_await with_.database.write(std::move(write));
  if (done)
    for (const store::SightOf& one : sights) programs_[appid].sights[one.rule] = one.sight;
  co_return done;
}

}  // namespace miniops::alerts
