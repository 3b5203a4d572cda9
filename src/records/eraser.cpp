#include "records/eraser.hpp"

#include "base/log.hpp"
#include "records/errors.hpp"
#include "records/store.hpp"

namespace miniops::records {

namespace {

// One that this version does not know: from the beginning, where nothing is found a second time.
Keepers::const_iterator named(const Keepers& keepers, const std::string& name) {
  const auto found = std::ranges::find(keepers, name, [](const Keeper* one) { return std::string(one->name()); });
  return found == keepers.end() ? keepers.begin() : found;
}

std::int64_t sum(const std::map<std::string, std::int64_t>& counts) {
  std::int64_t rows = 0;
  for (const auto& [what, count] : counts) rows += count;
  return rows;
}

}  // namespace

Erasure ask(sql::Transaction& tx, PersonErasures& erasures, Erasure wanted) {
  const Person person{wanted.appid, OpenId(wanted.openid)};
  if (auto open = store::open_erasure(tx, person)) return std::move(*open);
  store::insert_erasure(tx, wanted);
  erasures.ask(tx, wanted.id.value(), person, wanted.asked_by, wanted.asked_at);
  return wanted;
}

bool held(sql::Transaction& tx, const Person& person) { return !store::holds_on_person(tx, person).empty(); }

Result<std::int64_t> Eraser::forget(const Person& person) {
  Progress progress;
  while (!progress.ended) {
    const TimeMs now = with_.clock.now();
    auto work = [&](sql::Transaction& tx) -> Result<Progress> { return piece(tx, person, progress, now); };
    auto done = with_.database.write_blocking(work, {.background = true});
    if (!done) return std::unexpected(done.error());
    progress = std::move(*done);
    if (progress.waits) return fail(errors::message_in_flight());
  }
  for (const ExportId id : progress.withdrawn)
    if (auto removed = with_.files.remove(id); !removed) return std::unexpected(removed.error());
  if (progress.rows > 0) log::info("records.person_erased", {{"rows", progress.rows}});
  return progress.rows;
}

Result<Eraser::Progress> Eraser::piece(sql::Transaction& tx, const Person& person, Progress progress,
                                       TimeMs now) const {
  if (const auto holds = store::holds_on_person(tx, person); !holds.empty()) return fail(errors::held(holds));
  Erasure& erasure = progress.erasure;
  auto request = store::open_erasure(tx, person);
  progress.asked = request.has_value();
  if (request) erasure = std::move(*request);
  const auto keeper = named(with_.keepers, erasure.keeper);
  if (keeper != with_.keepers.end()) {
    auto piece = (*keeper)->erase(tx, person, erasure.place, now);
    if (!piece) return std::unexpected(piece.error());
    note(erasure.receipt, (*keeper)->name(), *piece);
    progress.rows += sum(piece->counts);
    using enum Keeper::ErasePiece::Progress;
    progress.waits = piece->progress == waiting;
    const auto at = piece->progress == done ? std::next(keeper) : keeper;
    erasure.place = piece->progress == done ? "" : std::move(piece->place);
    erasure.keeper = at == with_.keepers.end() ? "" : std::string((*at)->name());
    progress.ended = at == with_.keepers.end();
  } else {
    progress.ended = true;
  }
  if (progress.ended) {
    progress.withdrawn = store::withdraw_exports(tx, person.appid, now);
    erasure.receipt.deleted["exports"] += std::ssize(progress.withdrawn);
    store::forget_in_holds(tx, person.appid, person.openid);
    erasure.openid.clear();
  }
  if (progress.asked) store::save_erasure(tx, erasure);
  if (progress.asked && progress.ended && with_.listener != nullptr) with_.listener->erased(tx, erasure, now);
  return progress;
}

}  // namespace miniops::records
