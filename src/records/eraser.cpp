#include "records/eraser.hpp"

#include "base/log.hpp"
#include "records/store.hpp"

namespace miniops::records {

namespace {

constexpr TimeMs look_again_ms = 5 * second_ms;
constexpr TimeMs after_failure_ms = minute_ms;

Person person_of(const Erasure& erasure) { return {erasure.appid, OpenId(erasure.openid)}; }

// One that this version does not know: from the beginning, where nothing is found a second time.
Keepers::const_iterator named(const Keepers& keepers, const std::string& name) {
  const auto found = std::ranges::find(keepers, name, [](const Keeper* one) { return std::string(one->name()); });
  return found == keepers.end() ? keepers.begin() : found;
}

}  // namespace

Erasure ask(sql::Transaction& tx, Erasure wanted) {
  if (auto open = store::open_erasure(tx, person_of(wanted))) return std::move(*open);
  store::insert_erasure(tx, wanted);
  return wanted;
}

bool held(sql::Transaction& tx, const Person& person) { return !store::holds_on_person(tx, person).empty(); }

Task<Result<bool>> Eraser::step() {
  const TimeMs now = with_.clock.now();
  auto look = [now](sql::Transaction& tx) -> Result<std::optional<Erasure>> { return store::due_erasure(tx, now); };
  const auto due = co_await with_.database.read(std::move(look));
  if (!due) co_return std::unexpected(due.error());
  if (!*due) co_return false;
  const Erasure erasure = **due;
  Result<void> done;
  if (erasure.state == ErasureState::cleaning) {
    done = co_await finish(erasure);
  } else {
    auto work = [this, erasure, now](sql::Transaction& tx) -> Result<void> { return erase(tx, erasure, now); };
    done = co_await with_.database.write(std::move(work), {.background = true});
  }
  if (done) co_return true;
  // One that fails does not stop the others.
  log::warn("records.erasure_failed", {{"id", erasure.id.value()}, {"code", done.error().code}});
  auto put_off = [id = erasure.id, code = done.error().code, now](sql::Transaction& tx) -> Result<bool> {
    store::put_off_erasure(tx, id, code, now + after_failure_ms);
    return true;
  };
  co_return co_await with_.database.write(std::move(put_off));
}

// `erasure` as it was read; in the transaction it is read anew.
Result<void> Eraser::erase(sql::Transaction& tx, Erasure erasure, TimeMs now) const {
  auto current = store::erasure(tx, erasure.appid, erasure.id);
  if (!current || current->state != erasure.state || current->due_at > now) return {};
  erasure = std::move(*current);
  const Person person = person_of(erasure);
  erasure.problem.clear();
  if (held(tx, person)) {
    erasure.state = ErasureState::held;
    store::save_erasure(tx, erasure);
    return {};
  }
  erasure.state = ErasureState::erasing;
  const auto keeper = named(with_.keepers, erasure.keeper);
  if (keeper != with_.keepers.end()) {
    auto piece = (*keeper)->erase(tx, person, erasure.place, now);
    if (!piece) return std::unexpected(piece.error());
    note(erasure.receipt, (*keeper)->name(), *piece);
    using enum Keeper::ErasePiece::Progress;
    const auto at = piece->progress == done ? std::next(keeper) : keeper;
    erasure.place = piece->progress == done ? "" : std::move(piece->place);
    erasure.due_at = piece->progress == waiting ? now + look_again_ms : now;
    if (at != with_.keepers.end()) {
      erasure.keeper = (*at)->name();
      store::save_erasure(tx, erasure);
      return {};
    }
  }
  // Files of others may hold the person's data as well.
  erasure.state = ErasureState::cleaning;
  erasure.receipt.deleted["exports"] += store::withdraw_exports(tx, erasure.appid, now);
  store::save_erasure(tx, erasure);
  return {};
}

Task<Result<void>> Eraser::finish(Erasure erasure) {
  if (auto tidied = co_await with_.exporter.tidy(); !tidied) co_return tidied;
  erasure.state = ErasureState::done;
  erasure.openid.clear();
  erasure.keeper.clear();
  erasure.place.clear();
  erasure.problem.clear();
  erasure.finished_at = with_.clock.now();
  auto save = [erasure](sql::Transaction& tx) -> Result<void> {
    store::save_erasure(tx, erasure);
    return {};
  };
  auto saved = co_await with_.database.write(std::move(save));
  if (saved) log::info("records.person_erased", {{"erasure", erasure.id.value()}});
  co_return saved;
}

}  // namespace miniops::records
