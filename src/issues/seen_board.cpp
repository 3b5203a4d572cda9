#include "issues/seen_board.hpp"

#include "issues/store.hpp"

namespace miniops::issues {

namespace {

constexpr std::size_t notes_of_transaction = 100;

// The ignoring of an issue that has come as often as was allowed is over.
bool count_seen(sql::Transaction& tx, const IssuePlace& place, const Seen& seen, std::int64_t activity_id, TimeMs now) {
  auto issue = store::find(tx, place.first, place.second);
  if (!issue || !issue->handling.ignored || issue->handling.ignored->until_count == 0) return false;
  const Handling before = issue->handling;
  issue->handling.ignored->seen += seen.events;
  const bool over = issue->handling.ignored->seen >= static_cast<double>(issue->handling.ignored->until_count);
  if (over) issue->handling.ignored.reset();
  store::save_handling(tx, *issue);
  if (!over) return false;
  Activity step;
  step.id = activity_id;
  step.issue = issue->id;
  step.at = now;
  step.what = "unignored";
  step.before = difference(before, issue->handling);
  step.after = difference(issue->handling, before);
  store::add_activity(tx, place.first, step);
  return true;
}

}  // namespace

void Seen::add(TimeMs at, const std::string& release, double weight) {
  events += weight;
  if (at < last_at) return;
  last_at = at;
  last_release = release;
}

void SeenBoard::add(const SeenNotes& notes) {
  const std::lock_guard lock(mutex_);
  for (const auto& [place, seen] : notes) notes_[place].add(seen.last_at, seen.last_release, seen.events);
}

SeenNotes SeenBoard::take() {
  const std::lock_guard lock(mutex_);
  return std::exchange(notes_, {});
}

Task<Result<Written>> write_seen(sql::Database& database, IdSource& ids, TimeMs now, SeenBoard& board) {
  SeenNotes notes = board.take();
  Written written;
  while (!notes.empty()) {
    struct Note {
      IssuePlace place;
      Seen seen;
      std::int64_t activity_id;
    };
    std::vector<Note> part;
    for (auto at = notes.begin(); at != notes.end() && part.size() < notes_of_transaction; ++at)
      part.push_back({at->first, at->second, ids.next()});
    auto write = [&part, now](sql::Transaction& tx) -> Result<bool> {
      bool woken = false;
      for (const auto& [place, seen, activity_id] : part) {
        store::touch(tx, place.second, seen.last_at, seen.last_release);
        woken = count_seen(tx, place, seen, activity_id, now) || woken;
      }
      return woken;
    };
    const auto woken = co_await database.write(std::move(write), {.background = true});
    if (!woken) {
      board.add(notes);
      co_return std::unexpected(woken.error());
    }
    written.woken = written.woken || *woken;
    for (const Note& note : part) {
      written.seen.push_back(note.place);
      notes.erase(note.place);
    }
  }
  co_return written;
}

}  // namespace miniops::issues
