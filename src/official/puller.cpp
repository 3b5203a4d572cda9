#include "official/puller.hpp"

#include "base/log.hpp"
#include "official/errors.hpp"
#include "storage/sql/lease.hpp"
#include "telemetry/decode/text.hpp"

namespace miniops::official {

namespace {

constexpr TimeMs lease_ms = minute_ms;
constexpr int due_max = 100;
constexpr int prune_rows = 200;  // of each table in one transaction
constexpr std::size_t error_bytes_max = 500;

// A run that was interrupted goes on, but not for ever: what it asks for may lie too far back by now.
void begin_run(SourceState& state, TimeMs now) {
  if (state.running && now - state.last_run_at < day_ms) return;
  state.running = true;
  state.last_run_at = now;
  state.position = begin(state.source, state.position, now);
}

void end_run(SourceState& state, const AppId& appid, TimeMs now) {
  state.running = false;
  state.last_success_at = now;
  state.failures = 0;
  state.failure.reset();
  state.next_at = next_run(state.source, appid, now);
}

std::string told(const std::string& text) {
  return std::string(telemetry::cut_text(telemetry::valid_text(text), error_bytes_max));
}

void note_failure(SourceState& state, const AppId& appid, const Platform::Answer& answer, TimeMs now) {
  ++state.failures;
  Failure failure{std::nullopt, told(answer.text), now};
  if (answer.kind == Platform::Answer::Kind::answered && answer.errcode != wechat::errcode_not_understood)
    failure.errcode = answer.errcode;
  const Pause pause = after_failure(state.source, appid, answer, state.failures, now);
  state.failure = std::move(failure);
  state.next_at = pause.until;
  if (pause.ends_run) state.running = false;
  log::warn("official.call_failed", {{"appid", appid.str()},
                                     {"source", std::string(to_string(state.source))},
                                     {"errcode", state.failure->errcode.value_or(0)}});
}

}  // namespace

Task<Result<void>> Puller::welcome(AppId appid) {
  if (welcomed_.contains(appid)) co_return Result<void>{};
  const TimeMs now = with_.clock.now();
  auto work = [appid, now](sql::Transaction& tx) -> Result<void> {
    store::insert_missing(tx, appid, now);
    return {};
  };
  auto done = co_await with_.database.write(std::move(work), {.background = true});
  if (done) welcomed_.insert(appid);
  co_return done;
}

Task<Result<bool>> Puller::step(std::set<AppId> programs) {
  const TimeMs now = with_.clock.now();
  using Due = std::vector<std::pair<AppId, Source>>;
  auto look = [now](sql::Transaction& tx) -> Result<Due> { return store::due(tx, now, due_max); };
  const auto due = co_await with_.database.read(std::move(look));
  if (!due) co_return std::unexpected(due.error());
  bool more = false;
  for (const auto& [appid, source] : *due) {
    if (!programs.contains(appid)) continue;
    // What fails for one source does not stop the others.
    const auto done = co_await advance(appid, source);
    if (!done)
      log::warn("official.not_stored",
                {{"appid", appid.str()}, {"source", std::string(to_string(source))}, {"code", done.error().code}});
    more = more || (done && *done);
  }
  co_return more;
}

Task<Result<bool>> Puller::advance(AppId appid, Source source) {
  auto claimed = co_await claim(appid, source);
  if (!claimed) co_return std::unexpected(claimed.error());
  if (!*claimed) co_return false;
  auto answer = co_await with_.platform.call(appid, std::move((*claimed)->call));
  co_return co_await settle(appid, std::move((*claimed)->state), std::move(answer));
}

// The call that comes next, counted; nullopt: not now, or not here.
Task<Result<std::optional<Puller::Claimed>>> Puller::claim(AppId appid, Source source) {
  const TimeMs now = with_.clock.now();
  auto work = [this, appid, source, now](sql::Transaction& tx) -> Result<std::optional<Claimed>> {
    if (!sql::take_lease(tx, "official", with_.owner, lease_ms)) return std::nullopt;
    auto state = store::find(tx, appid, source);
    if (!state || !state->enabled || state->next_at > now) return std::nullopt;
    if (state->minute != now / minute_ms) {
      state->minute = now / minute_ms;
      state->calls = 0;
    }
    if (state->calls >= calls_a_minute) {
      state->next_at = (state->minute + 1) * minute_ms;
      store::save(tx, appid, *state);
      return std::nullopt;
    }
    begin_run(*state, now);
    auto call = call_at(source, state->position);
    if (call) {
      ++state->calls;
    } else {
      end_run(*state, appid, now);
    }
    store::save(tx, appid, *state);
    if (!call) return std::nullopt;
    ++state->version;
    return Claimed{std::move(*state), std::move(*call)};
  };
  co_return co_await with_.database.write(std::move(work), {.background = true});
}

Task<Result<bool>> Puller::settle(AppId appid, SourceState state, Platform::Answer answer) {
  const TimeMs now = with_.clock.now();
  Result<Taken> taken = Taken{};
  bool answered = answer.kind == Platform::Answer::Kind::answered && answer.errcode == 0;
  if (answered) {
    taken = take(state.source, state.position, answer.body, now);
    if (!taken) {
      answered = false;
      answer.errcode = wechat::errcode_not_understood;
      answer.text = taken.error().message;
    }
  }
  auto work = [this, appid, now, answered, before = std::move(state), taken = std::move(taken),
               answer = std::move(answer)](sql::Transaction& tx) -> Result<bool> {
    SourceState next = before;
    if (!answered) {
      note_failure(next, appid, answer, now);
    } else {
      const std::int64_t stored = store::put(tx, appid, next.source, taken->harvest, with_.keep, now);
      next.stored += stored;
      next.failures = 0;
      next.position = taken->next;
      next.next_at = now;
      if (taken->finished || (taken->finished_if_known && stored == 0)) end_run(next, appid, now);
    }
    // Somebody switched it off, or another node works on it: what was read is read again.
    if (!store::save(tx, appid, next)) return fail(errors::changed());
    return answered && next.running;
  };
  auto done = co_await with_.database.write(std::move(work), {.background = true});
  if (!done && done.error().code == errors::changed().code) co_return false;
  co_return done;
}

Task<Result<void>> Puller::prune() {
  const TimeMs now = with_.clock.now();
  if (now - pruned_at_ < hour_ms) co_return Result<void>{};
  auto work = [this, now](sql::Transaction& tx) -> Result<std::int64_t> {
    return store::prune(tx, with_.keep, now, prune_rows);
  };
  for (;;) {
    const auto gone = co_await with_.database.write(work, {.background = true});
    if (!gone) co_return std::unexpected(gone.error());
    if (*gone == 0) break;
  }
  pruned_at_ = now;
  co_return Result<void>{};
}

}  // namespace miniops::official
