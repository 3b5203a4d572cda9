#include "telemetry/erasure.hpp"

#include "base/encoding.hpp"
#include "base/log.hpp"
#include "telemetry/block.hpp"

namespace miniops::telemetry {

namespace {

constexpr std::array<std::string_view, 3> states{"waiting", "erasing", "done"};
constexpr std::int64_t taken_up_max = 100;
constexpr std::size_t hash_digits = 6;

Erasure::State parse_state(std::string_view text) {
  return Erasure::State{static_cast<int>(std::ranges::find(states, text) - states.begin())};
}

std::vector<std::int64_t> numbers_of(const std::string& text) {
  std::vector<std::int64_t> numbers;
  for (const json::value& number : json::parse(text).as_array()) numbers.push_back(number.as_int64());
  return numbers;
}

std::string select(std::string_view rest) {
  return fmt::format(
      "SELECT id, appid, state, kind, named, hash, asked_by, asked_at, persons, report, finished_at FROM "
      "telemetry_erasures WHERE {}",
      rest);
}

Erasure read_erasure(const sql::Row& row) {
  Erasure erasure;
  erasure.id = row.integer(0);
  erasure.appid = row.id<AppId>(1);
  erasure.state = parse_state(row.text(2));
  erasure.named = {row.text(3), row.text(4)};
  erasure.hash = row.text(5);
  erasure.asked_by = row.text(6);
  erasure.asked_at = row.integer(7);
  erasure.persons = numbers_of(row.text(8));
  if (!row.text(9).empty()) erasure.report = json::parse(row.text(9)).as_object();
  erasure.finished_at = row.integer(10);
  return erasure;
}

void put_progress(sql::Transaction& tx, const Erasure& erasure) {
  tx.execute(
      "UPDATE telemetry_erasures SET state = $2, named = '', persons = $3, report = $4, finished_at = $5 WHERE id = $1",
      {erasure.id, to_string(erasure.state), json::serialize(json::value_from(erasure.persons)),
       json::serialize(erasure.report), erasure.finished_at});
}

std::vector<std::int64_t> all_numbers(const store::KnownPerson& known) {
  std::vector<std::int64_t> numbers = known.merged;
  numbers.push_back(known.person);
  return numbers;
}

json::object rows_by_kind(const events::PersonRows& held) {
  json::object rows;
  for (const auto& [kind, count] : held.of_kind) rows[to_string(Kind{static_cast<std::uint8_t>(kind)})] = count;
  return rows;
}

std::vector<events::Person> people_of(std::int32_t app, const std::vector<std::int64_t>& numbers) {
  std::vector<events::Person> people;
  for (const std::int64_t number : numbers) people.push_back({app, number});
  return people;
}

}  // namespace

std::string_view to_string(Erasure::State state) { return states[static_cast<std::size_t>(state)]; }

std::string hash_of(std::string_view id) { return hex(sha256(id)).substr(0, hash_digits); }

// ---- SQL ----

namespace store {

void insert_erasure(sql::Transaction& tx, const Erasure& erasure) {
  tx.execute(
      "INSERT INTO telemetry_erasures (id, appid, state, kind, named, hash, asked_by, asked_at) VALUES ($1, $2, $3, "
      "$4, $5, $6, $7, $8)",
      {erasure.id, erasure.appid, to_string(erasure.state), erasure.named.kind, erasure.named.id, erasure.hash,
       erasure.asked_by, erasure.asked_at});
}

std::int64_t open_erasures_of(sql::Transaction& tx, const AppId& appid) {
  return tx.query_one("SELECT count(*) FROM telemetry_erasures WHERE appid = $1 AND state <> 'done'", {appid})
      ->integer(0);
}

std::vector<Erasure> erasures_of(sql::Transaction& tx, const AppId& appid, std::int64_t before, int limit) {
  std::vector<Erasure> found;
  for (const auto& row : tx.query(select("appid = $1 AND id < $2 ORDER BY id DESC LIMIT $3"), {appid, before, limit}))
    found.push_back(read_erasure(row));
  return found;
}

std::optional<Erasure> erasure(sql::Transaction& tx, const AppId& appid, std::int64_t id) {
  const auto row = tx.query_one(select("appid = $1 AND id = $2"), {appid, id});
  return row ? std::optional(read_erasure(*row)) : std::nullopt;
}

}  // namespace store

// ---- the work ----

Result<bool> Erasures::work(spool::Position loaded) {
  if (batch_.empty()) return take_up();
  if (loaded <= marker_) return false;
  const auto next = std::ranges::find(batch_, Erasure::State::waiting, &Erasure::state);
  if (next != batch_.end()) {
    // Asked again: a hold may have come while the spool was loaded.
    const auto kept = held(*next);
    if (!kept) return kept;
    if (*kept) {
      batch_.erase(next);
      return true;
    }
    if (auto begun = begin(*next); !begun) return std::unexpected(begun.error());
    return true;
  }
  // All of the batch lies in segments before the marker's, and they are read.
  if (!dropped_) dropped_ = with_.spool.drop_read();
  const auto more = erase();
  if (!more || *more) return more;
  if (auto finished = finish(); !finished) return std::unexpected(finished.error());
  return true;
}

// What was acknowledged before this may still lie in the spool. A block that holds nothing is put behind it, into a
// segment of its own: when that is loaded, all before it is, and the segments before can go.
Result<bool> Erasures::take_up() {
  auto open = open_ones();
  if (!open) return std::unexpected(open.error());
  if (open->empty()) return false;
  with_.spool.drop_read();
  const auto marker = with_.spool.append_blocking(encode(Block{open->front().appid, "miniops", with_.clock.now(), {}}));
  if (!marker) return std::unexpected(marker.error());
  marker_ = *marker;
  dropped_.reset();
  batch_ = std::move(*open);
  return true;
}

// Past those that are held, of which there may be many.
Result<std::vector<Erasure>> Erasures::open_ones() const {
  std::vector<Erasure> open;
  for (std::int64_t after = 0;;) {
    auto read = [after](sql::Transaction& tx) -> Result<std::vector<Erasure>> {
      std::vector<Erasure> found;
      for (const auto& row :
           tx.query(select("state <> 'done' AND id > $1 ORDER BY id LIMIT $2"), {after, taken_up_max}))
        found.push_back(read_erasure(row));
      return found;
    };
    auto found = with_.database.read_blocking(read);
    if (!found) return found;
    for (Erasure& erasure : *found) {
      after = erasure.id;
      const auto kept = held(erasure);
      if (!kept) return std::unexpected(kept.error());
      if (!*kept) open.push_back(std::move(erasure));
      if (std::ssize(open) == taken_up_max) return open;
    }
    if (std::ssize(*found) < taken_up_max) return open;
  }
}

// By any of the person's ids. What has begun is not held any more: the ids are gone.
Result<bool> Erasures::held(const Erasure& erasure) const {
  if (keepers_.empty() || erasure.state != Erasure::State::waiting) return false;
  auto look = [&](sql::Transaction& tx) -> Result<std::vector<store::PersonId>> {
    const auto known = store::known_person(tx, erasure.appid, erasure.named);
    auto ids = known ? known->ids : std::vector<store::PersonId>{};
    ids.push_back(erasure.named);
    return ids;
  };
  const auto ids = with_.database.read_blocking(look);
  if (!ids) return std::unexpected(ids.error());
  for (PersonKeeper* keeper : keepers_) {
    for (const store::PersonId& id : *ids) {
      const auto kept = keeper->held(erasure.appid, id.kind, id.id);
      if (!kept || *kept) return kept;
    }
  }
  return false;
}

// Rows by the name of the module. Its deletions stand even if ours must be begun again, and then find nothing.
Result<json::object> Erasures::forgotten_elsewhere(const AppId& appid, std::vector<store::PersonId> ids) const {
  json::object rows;
  for (PersonKeeper* keeper : keepers_) {
    std::int64_t count = 0;
    for (const store::PersonId& id : ids) {
      const auto gone = keeper->forget(appid, id.kind, id.id);
      if (!gone) return std::unexpected(gone.error());
      count += *gone;
    }
    rows[keeper->name()] = count;
  }
  return rows;
}

// All records are in the event store and no more come under these numbers: this thread gives them. One transaction
// takes the ids away and keeps what is left to do.
Result<void> Erasures::begin(Erasure& erasure) {
  using Found = std::pair<std::int32_t, std::optional<store::KnownPerson>>;
  auto look = [&](sql::Transaction& tx) -> Result<Found> {
    return Found{store::apps(tx)[erasure.appid], store::known_person(tx, erasure.appid, erasure.named)};
  };
  const auto found = with_.database.read_blocking(look);
  if (!found) return std::unexpected(found.error());
  const auto& [app, known] = *found;
  const auto events = with_.events.get();
  if (!events) return std::unexpected(events.error());
  Erasure begun = erasure;
  begun.state = Erasure::State::erasing;
  if (known) begun.persons = all_numbers(*known);
  const auto held = (*events)->held_of(people_of(app, begun.persons));
  if (!held) return std::unexpected(held.error());
  auto ids = known ? known->ids : std::vector<store::PersonId>{};
  ids.push_back(erasure.named);
  auto elsewhere = forgotten_elsewhere(erasure.appid, std::move(ids));
  if (!elsewhere) return std::unexpected(elsewhere.error());
  begun.report = {{"people", begun.persons.size()},
                  {"ids", known ? known->ids.size() : 0},
                  {"rows", rows_by_kind(*held)},
                  {"days", held->tables},
                  {"elsewhere", std::move(*elsewhere)}};
  auto write = [&](sql::Transaction& tx) -> Result<void> {
    if (known) store::forget_person(tx, begun.appid, *known);
    put_progress(tx, begun);
    return {};
  };
  if (auto written = with_.database.write_blocking(write); !written) return written;
  erasure = std::move(begun);
  with_.numbers.forget_people(erasure.appid);
  for (const std::int64_t person : erasure.persons)
    if (auto ok = (*events)->count_as(person, 0); !ok) return ok;
  return {};
}

Result<bool> Erasures::erase() {
  const auto apps = with_.database.read_blocking(
      [](sql::Transaction& tx) -> Result<std::map<AppId, std::int32_t>> { return store::apps(tx); });
  if (!apps) return std::unexpected(apps.error());
  const auto events = with_.events.get();
  if (!events) return std::unexpected(events.error());
  std::vector<events::Person> people;
  for (const Erasure& erasure : batch_)
    if (const auto app = apps->find(erasure.appid); app != apps->end())
      std::ranges::move(people_of(app->second, erasure.persons), std::back_inserter(people));
  return (*events)->forget_people(people);
}

Result<void> Erasures::finish() {
  for (Erasure& erasure : batch_) {
    erasure.state = Erasure::State::done;
    erasure.persons.clear();
    erasure.finished_at = with_.clock.now();
    erasure.report["spool_segments"] = *dropped_;
    erasure.report["backups_before"] = erasure.finished_at;
  }
  auto write = [&](sql::Transaction& tx) -> Result<void> {
    for (const Erasure& erasure : batch_) put_progress(tx, erasure);
    return {};
  };
  if (auto written = with_.database.write_blocking(write); !written) return written;
  for (const Erasure& erasure : batch_) log::info("telemetry.person_erased", {{"erasure", erasure.id}});
  batch_.clear();
  return {};
}

}  // namespace miniops::telemetry
