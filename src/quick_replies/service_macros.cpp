// Macros: kept, run, undone.
#include "identity/audit.hpp"
#include "quick_replies/errors.hpp"
#include "quick_replies/service.hpp"
#include "quick_replies/uses.hpp"

namespace miniops::quick_replies {

namespace {

constexpr TimeMs runs_kept_ms = day_ms;
constexpr int runs_deleted_max = 100;

std::string object_of(MacroId id) { return "macro:" + id.str(); }

json::object shown(const Macro& macro) {
  return {
      {"name", macro.name}, {"scope", macro.owner.empty() ? "shared" : "personal"}, {"actions", to_json(macro.steps)}};
}

// The quick replies that a macro names and `account` may use.
std::vector<QuickReply> named_by(sql::Transaction& tx, const Macro& macro, AccountId account) {
  std::vector<QuickReply> out;
  for (const Step& step : macro.steps) {
    if (step.kind != StepKind::send_reply) continue;
    const auto found = store::reply(tx, macro.appid, QuickReplyId(step.number));
    if (found && (found->reply.owner.empty() || found->reply.owner == account)) out.push_back(found->reply);
  }
  return out;
}

std::vector<Action> actions_of(const std::vector<Planned>& planned) {
  std::vector<Action> out;
  for (const Planned& one : planned) out.push_back(one.action);
  return out;
}

void apply(Macro& macro, const MacroPatch& patch, AccountId caller) {
  if (patch.shared) macro.owner = *patch.shared ? AccountId() : caller;
  if (patch.name) macro.name = *patch.name;
  if (patch.steps) macro.steps = *patch.steps;
}

Result<void> check_room(sql::Transaction& tx, const Macro& macro) {
  if (store::count_macros(tx, macro.appid, macro.owner) >= static_cast<std::int64_t>(macros_max))
    return fail(errors::too_many("macros", macros_max));
  return {};
}

}  // namespace

// What it names is there, and there for all who may run it: a shared one sends shared texts only.
Result<void> Service::check_macro(sql::Transaction& tx, const Access& access, const Macro& macro) const {
  if (auto ok = check_steps(macro.steps); !ok) return ok;
  const auto named = std::ranges::count(macro.steps, StepKind::send_reply, &Step::kind);
  if (std::ssize(named_by(tx, macro, macro.owner)) != named) return fail(errors::macro_broken());
  for (const Step& step : macro.steps)
    if (auto there = with_.executor.check(tx, access, step); !there) return there;
  return {};
}

Task<Result<std::vector<Macro>>> Service::macros(Access access) {
  auto read = [=](sql::Transaction& tx) -> Result<std::vector<Macro>> {
    auto found = store::macros_for(tx, access.appid(), access.account());
    std::ranges::sort(found, {}, [](const Macro& one) { return std::tie(one.name, one.id); });
    return found;
  };
  co_return co_await with_.database.read(std::move(read));
}

Task<Result<Macro>> Service::add_macro(Access access, MacroPatch given) {
  Macro made{with_.ids.next_as<MacroId>(), access.appid(), access.account()};
  apply(made, given, access.account());
  made.created_at = made.updated_at = with_.clock.now();
  if (auto may = may_change(access, made.owner, "macro"); !may) co_return std::unexpected(may.error());
  const identity::AuditEntry entry{with_.ids.next(),
                                   made.created_at,
                                   "quick_replies.macro.create",
                                   object_of(made.id),
                                   {{"macro", {{"to", shown(made)}}}}};
  auto write = [=, this, macro = std::move(made)](sql::Transaction& tx) -> Result<Macro> {
    if (auto room = check_room(tx, macro); !room) return std::unexpected(room.error());
    if (auto ok = check_macro(tx, access, macro); !ok) return std::unexpected(ok.error());
    store::insert_macro(tx, macro);
    identity::audit(tx, access, entry);
    return macro;
  };
  co_return co_await with_.database.write(std::move(write));
}

Task<Result<Macro>> Service::change_macro(Access access, MacroId id, MacroPatch patch) {
  const identity::AuditEntry entry{with_.ids.next(), with_.clock.now(), "quick_replies.macro.update", object_of(id)};
  auto write = [=, this](sql::Transaction& tx) -> Result<Macro> {
    const auto before = store::macro(tx, access.appid(), id);
    if (!before) return fail(errors::not_found("macro"));
    if (auto may = may_change(access, before->owner, "macro"); !may) return std::unexpected(may.error());
    Macro after = *before;
    apply(after, patch, access.account());
    after.updated_at = entry.at;
    if (auto may = may_change(access, after.owner, "macro"); !may) return std::unexpected(may.error());
    if (after.owner != before->owner)
      if (auto room = check_room(tx, after); !room) return std::unexpected(room.error());
    if (auto ok = check_macro(tx, access, after); !ok) return std::unexpected(ok.error());
    store::update_macro(tx, after);
    identity::AuditEntry audited = entry;
    audited.changes["macro"] = {{"from", shown(*before)}, {"to", shown(after)}};
    identity::audit(tx, access, audited);
    return after;
  };
  co_return co_await with_.database.write(std::move(write));
}

Task<Result<void>> Service::remove_macro(Access access, MacroId id) {
  const identity::AuditEntry entry{with_.ids.next(), with_.clock.now(), "quick_replies.macro.delete", object_of(id)};
  auto write = [=](sql::Transaction& tx) -> Result<void> {
    const auto macro = store::macro(tx, access.appid(), id);
    if (!macro) return fail(errors::not_found("macro"));
    if (auto may = may_change(access, macro->owner, "macro"); !may) return may;
    store::delete_macro(tx, id);
    identity::AuditEntry audited = entry;
    audited.changes["macro"] = {{"from", shown(*macro)}};
    identity::audit(tx, access, audited);
    return {};
  };
  co_return co_await with_.database.write(std::move(write));
}

Result<Service::PlannedRun> Service::plan_run(sql::Transaction& tx, const Access& access, MacroId id,
                                              std::int64_t conversation, TimeMs now) const {
  const auto macro = store::macro(tx, access.appid(), id);
  const bool visible = macro && (macro->owner.empty() || macro->owner == access.account());
  if (!visible) return fail(errors::not_found("macro"));
  const auto facts = with_.executor.facts(tx, access, conversation, Cause::macro, now);
  if (!facts) return std::unexpected(facts.error());
  auto replies = named_by(tx, *macro, access.account());
  auto planned = plan(*macro, *facts, replies, values_of(*facts, access.sees_personal_data()), now);
  if (!planned) return std::unexpected(planned.error());
  return PlannedRun{std::move(*planned), std::move(replies)};
}

// Checkers outside take their time, so they are asked about what would be sent before the transaction that sends it.
Task<Result<Cleared>> Service::clear_texts(Access access, MacroId id, std::int64_t conversation, bool confirmed,
                                           TimeMs now) {
  if (!with_.executor.asks(access.appid())) co_return Cleared{confirmed};
  auto read = [=, this](sql::Transaction& tx) { return plan_run(tx, access, id, conversation, now); };
  const auto planned = co_await with_.database.read(std::move(read));
  if (!planned) co_return std::unexpected(planned.error());
  std::vector<std::string> texts;
  for (const Planned& one : planned->actions)
    if (one.action.kind == ActionKind::send_text) texts.push_back(one.action.text);
  co_return co_await with_.executor.clear(access, conversation, std::move(texts), confirmed);
}

Task<Result<MacroRun>> Service::run_macro(Access access, MacroId id, std::int64_t conversation, bool confirmed,
                                          std::optional<std::int64_t> seen_seq) {
  const RunId run_id = with_.ids.next_as<RunId>();
  const TimeMs now = with_.clock.now();
  const auto cleared = co_await clear_texts(access, id, conversation, confirmed, now);
  if (!cleared) co_return std::unexpected(cleared.error());
  auto write = [=, this, texts = *cleared](sql::Transaction& tx) -> Result<MacroRun> {
    auto planned = plan_run(tx, access, id, conversation, now);
    if (!planned) return std::unexpected(planned.error());
    if (seen_seq && speaks(planned->actions))
      if (auto unmoved = with_.executor.check_unmoved(tx, access, conversation, *seen_seq, now); !unmoved)
        return std::unexpected(unmoved.error());
    const auto actions = actions_of(planned->actions);
    if (auto done = with_.executor.act(tx, access, conversation, actions, Cause::macro, texts, now); !done)
      return std::unexpected(done.error());
    for (const QuickReply& reply : planned->replies) count_use(tx, access.appid(), access.account(), reply.id, now);
    const MacroRun run{run_id, access.appid(), access.account(), id, conversation, std::move(planned->actions), now};
    store::delete_runs(tx, access.account(), now - runs_kept_ms, runs_deleted_max);
    store::insert_run(tx, run);
    return run;
  };
  auto run = co_await with_.database.write(std::move(write));
  if (run) with_.executor.committed(access.appid());
  co_return run;
}

Task<Result<Undo>> Service::undo_run(Access access, RunId id) {
  const TimeMs now = with_.clock.now();
  auto write = [=, this](sql::Transaction& tx) -> Result<Undo> {
    const auto run = store::run(tx, access.appid(), access.account(), id);
    if (!run) return fail(errors::not_found("run of a macro"));
    if (run->undone_at != 0) return fail(errors::undone());
    if (now - run->ran_at > undo_ms_max) return fail(errors::undo_too_late());
    auto facts = with_.executor.facts(tx, access, run->conversation, Cause::undo, now);
    if (!facts) return std::unexpected(facts.error());
    Undo back = undo(run->done, std::move(*facts));
    if (auto done = with_.executor.act(tx, access, run->conversation, back.actions, Cause::undo, {}, now); !done)
      return std::unexpected(done.error());
    if (!store::mark_undone(tx, id, now)) return fail(errors::undone());
    return back;
  };
  auto back = co_await with_.database.write(std::move(write));
  if (back) with_.executor.committed(access.appid());
  co_return back;
}

}  // namespace miniops::quick_replies
