#include "telemetry/loader.hpp"

#include "base/encoding.hpp"
#include "base/log.hpp"
#include "telemetry/errors.hpp"

namespace miniops::telemetry {

namespace {

constexpr std::size_t bytes_of_step = 24 << 20;
constexpr int pause_after_failure_ms = 1000;
// A transaction costs the event store much more than its rows when they are few: what comes in a moment goes together.
constexpr int gather_ms = 200;
constexpr std::int64_t gather_bytes = 4 << 20;
constexpr int careful_steps_max = 100'000;
constexpr std::int32_t no_app = 0;  // what belongs to nobody: damage in the spool

std::uint64_t number_of(std::string_view bytes) {
  std::uint64_t number = 0;
  for (const char c : bytes) number = number << 8 | static_cast<unsigned char>(c);
  return number;
}

events::Id128 id128_of(const std::array<char, 16>& id) {
  const std::string_view bytes(id.data(), id.size());
  return {number_of(bytes.substr(0, 8)), number_of(bytes.substr(8))};
}

// Records of one block as the event store keeps them; their numbers must be known. What a phone sends together mostly
// has the same session, device, user …: they are looked up again only where they differ from the record before.
class RowMaker {
 public:
  RowMaker(std::int32_t app, const AppNumbers& numbers) : numbers_(numbers) { alike_.app = app; }

  events::Row row_of(const Record& record) {
    renew(record);
    before_ = &record;
    events::Row row = alike_;
    row.kind = static_cast<std::int32_t>(record.kind);
    row.name = numbers_.word(store::names_of(record.kind), record.name);
    row.time = record.time;
    row.received = record.received_at;
    row.late = record.late;
    row.weight = record.weight;
    row.value = record.value;
    row.id = id128_of(record.id);
    row.trace = record.trace;
    row.level = static_cast<std::int32_t>(record.level);
    row.build = static_cast<std::int32_t>(record.build);
    row.scene = record.scene;
    row.text = record.text;
    row.properties = record.properties;
    return row;
  }

 private:
  void renew(const Record& record) {
    using store::Dictionary;
    const auto differs = [&](auto member) { return before_ == nullptr || before_->*member != record.*member; };
    if (differs(&Record::session)) alike_.session = id128(record.session);
    if (differs(&Record::page_view)) alike_.page_view = id128(record.page_view);
    if (differs(&Record::user)) alike_.person = numbers_.person(record.user);
    if (differs(&Record::release)) alike_.release = numbers_.word(Dictionary::release, record.release);
    if (differs(&Record::page)) alike_.page = numbers_.word(Dictionary::page, record.page);
    if (differs(&Record::device)) alike_.device = numbers_.word(Dictionary::device, device_word(record.device));
    if (differs(&Record::network)) alike_.network = numbers_.word(Dictionary::network, record.network);
    if (differs(&Record::region)) alike_.region = numbers_.word(Dictionary::region, record.region);
    if (differs(&Record::protocol) || differs(&Record::sdk))
      alike_.client = numbers_.word(Dictionary::client, client_word(record));
  }

  const AppNumbers& numbers_;
  const Record* before_ = nullptr;
  events::Row alike_;
};

// Equal notes of a load become one row of the ledger.
class LedgerRows {
 public:
  explicit LedgerRows(std::vector<events::LedgerRow>& rows) : rows_(rows) {}
  void add(std::int32_t app, TimeMs at, const std::string& client, const LossNote& note) {
    const auto same = std::ranges::find_if(rows_, [&](const events::LedgerRow& row) {
      return row.app == app && row.fate == to_string(note.fate) && row.reason == note.reason &&
             row.category == note.category && row.client == client;
    });
    if (same == rows_.end()) {
      rows_.push_back(
          {app, at, std::string(to_string(note.fate)), note.reason, note.category, client, note.example, note.count});
    } else {
      same->count += note.count;
    }
  }

 private:
  std::vector<events::LedgerRow>& rows_;
};

std::map<AppId, std::vector<const Record*>> by_app(const std::vector<std::optional<Block>>& blocks) {
  std::map<AppId, std::vector<const Record*>> found;
  for (const auto& block : blocks)
    if (block)
      for (const Record& record : block->decoded.records) found[block->appid].push_back(&record);
  return found;
}

}  // namespace

events::Id128 id128(std::string_view text) {
  if (text.empty()) return {};
  const std::string hash = sha256(text);
  return {number_of(std::string_view(hash).substr(0, 8)), number_of(std::string_view(hash).substr(8, 8))};
}

struct Loader::Month {
  Remembered remembered;
  spool::Position position;  // all before it is in this month's file, or does not belong to it
};

Loader::Loader(const Collaborators& with)
    : with_(with),
      numbers_(with.database, with.ids, with.clock),
      erasures_({with.database, with.events, with.spool, numbers_, with.clock}) {}

Loader::~Loader() { stop(); }

void Loader::start() {
  thread_ = std::thread([this] { loop(); });
}

void Loader::stop() {
  stopping_ = true;
  if (thread_.joinable()) thread_.join();
}

LoaderFigures Loader::figures() const {
  const std::lock_guard lock(figures_mutex_);
  LoaderFigures figures = figures_;
  figures.waiting_bytes = with_.spool.figures().unread_bytes;
  return figures;
}

void Loader::loop() {
  while (!stopping_) {
    const auto stored = step();
    {
      const std::lock_guard lock(figures_mutex_);
      figures_.problem = stored ? "" : stored.error().message;
    }
    if (!stored) log::error("telemetry.load_failed", {{"code", stored.error().code}});
    const auto tended = tend();
    if (!tended) log::error("telemetry.upkeep_failed", {{"code", tended.error().code}});
    busy_ = tended.value_or(false);
    if (!stored || !tended) {
      pause(pause_after_failure_ms);
    } else if (*stored && !busy_ && !behind()) {
      pause(gather_ms);
    }
  }
}

bool Loader::behind() const { return with_.spool.figures().unread_bytes >= gather_bytes; }

void Loader::pause(int for_ms) const {
  for (int waited = 0; waited < for_ms && !stopping_; waited += 50)
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
}

// ---- one step ----

Result<bool> Loader::step() {
  if (!next_) {
    // Nothing was ever spooled: the store stays closed.
    if (!with_.events.exists() && !with_.spool.wait({}, stopping_ ? 0 : with_.wait_ms)) return false;
    if (auto ok = begin(); !ok) return std::unexpected(ok.error());
  }
  if (!with_.spool.wait(*next_, busy_ ? 0 : with_.wait_ms)) return false;
  // After a refusal one block at a time, until the one is found that no store will take.
  const bool careful = careful_steps_ > 0;
  const spool::Reading reading = with_.spool.read(*next_, careful ? 1 : bytes_of_step);
  if (!reading.problem.empty() && reading.blocks.empty() && reading.damage.empty())
    return fail(ErrorKind::unavailable, "storage.spool_unavailable", reading.problem);
  auto loads = prepare(reading);
  Result<void> stored = loads ? store(reading, *loads) : std::unexpected(loads.error());
  const bool refused = !stored && stored.error().kind != ErrorKind::unavailable;
  if (refused && careful && reading.blocks.size() <= 1) {
    auto without = set_aside(reading, stored.error());
    stored = without ? store(reading, *without) : std::unexpected(without.error());
    careful_steps_ = 1;
  } else if (refused && !careful) {
    careful_steps_ = careful_steps_max;
  }
  if (stored) {
    if (careful_steps_ > 0) --careful_steps_;
    return true;
  }
  start_over();
  return std::unexpected(stored.error());
}

// What was remembered of this stretch may not be stored: the event store is asked again. Where it failed in a commit it
// was dropped, since the engine refuses all that follows.
void Loader::start_over() {
  months_.clear();
  next_.reset();
}

// A mistake of ours: no decoder hands out what cannot be stored. The spool must not stand still for it.
Result<std::map<std::string, events::Load>> Loader::set_aside(const spool::Reading& reading, const Error& why) {
  log::error("telemetry.block_refused", {{"code", why.code}, {"segment", reading.next.segment}});
  months_.clear();
  const std::string name = events::month_of(with_.clock.now());
  if (auto ok = month(name); !ok) return std::unexpected(ok.error());
  std::map<std::string, events::Load> loads;
  const auto block = reading.blocks.empty() ? std::nullopt : decode_block(reading.blocks.front().bytes);
  const auto app = block ? app_number(block->appid) : Result<std::int32_t>(no_app);
  const auto records = block ? static_cast<std::int64_t>(block->decoded.records.size()) : 1;
  LedgerRows(loads[name].ledger)
      .add(app.value_or(no_app), with_.clock.now(), block ? block->protocol : "spool",
           {Fate::quarantined, "store_refused", "", records,
            fmt::format("{}: before segment {}, byte {}", why.code, reading.next.segment, reading.next.offset)});
  return loads;
}

// The newest month's position is the oldest that counts: months are stored in their order.
Result<void> Loader::begin() {
  const auto now = month(events::month_of(with_.clock.now()));
  if (!now) return std::unexpected(now.error());
  next_ = std::max((*now)->position, with_.spool.oldest());
  with_.spool.release(*next_);
  return {};
}

Result<Loader::Month*> Loader::month(const std::string& name) {
  auto& known = months_[name];
  if (known) return known.get();
  const auto events = with_.events.get();
  if (!events) return std::unexpected(events.error());
  auto state = (*events)->state(name);
  if (!state) {
    with_.events.drop();
    return std::unexpected(state.error());
  }
  known = std::make_unique<Month>();
  known->remembered.load(*state);
  known->position = {state->segment, state->offset};
  return known.get();
}

Result<std::int32_t> Loader::app_number(const AppId& appid) {
  if (const auto known = apps_.find(appid); known != apps_.end()) return known->second;
  auto apps = with_.database.read_blocking(
      [](sql::Transaction& tx) -> Result<std::map<AppId, std::int32_t>> { return store::apps(tx); });
  if (!apps) return std::unexpected(apps.error());
  apps_ = std::move(*apps);
  const auto found = apps_.find(appid);
  return found == apps_.end() ? no_app : found->second;
}

// Words and people of the whole stretch are learnt together: each mini program costs a few transactions, however many
// requests there are.
Result<void> Loader::learn(const std::vector<std::optional<Block>>& blocks) {
  std::vector<store::Merge> merges;
  for (const auto& [appid, records] : by_app(blocks))
    if (auto known = numbers_.learn(appid, records, merges); !known) return std::unexpected(known.error());
  if (merges.empty()) return {};
  const auto events = with_.events.get();
  if (!events) return std::unexpected(events.error());
  for (const store::Merge& merge : merges)
    if (auto ok = (*events)->count_as(merge.person, merge.canonical); !ok) return ok;
  return {};
}

Result<Loader::Added> Loader::observe(const std::vector<std::optional<Block>>& blocks) {
  Added added;
  if (observers_.empty()) return added;
  for (const auto& [appid, records] : by_app(blocks)) {
    std::vector<Additions> out(records.size());
    for (LoadObserver* observer : observers_)
      if (auto ok = observer->look(appid, records, out); !ok) return std::unexpected(ok.error());
    for (std::size_t i = 0; i < records.size(); ++i) added.emplace(records[i], out[i]);
  }
  return added;
}

Result<std::map<std::string, events::Load>> Loader::prepare(const spool::Reading& reading) {
  std::vector<std::optional<Block>> blocks;
  for (const spool::Block& block : reading.blocks) blocks.push_back(decode_block(block.bytes));
  if (auto ok = learn(blocks); !ok) return std::unexpected(ok.error());
  const auto added = observe(blocks);
  if (!added) return std::unexpected(added.error());
  std::map<std::string, events::Load> loads;
  for (std::size_t i = 0; i < blocks.size(); ++i)
    if (auto ok = add_block(reading.blocks[i], blocks[i], *added, loads); !ok) return std::unexpected(ok.error());
  const std::string this_month = events::month_of(with_.clock.now());
  for (const spool::Damage& damage : reading.damage) {
    if (damage.what == "torn") continue;  // a kill's last group: nobody was told that it is stored
    log::error("telemetry.spool_damaged",
               {{"segment", damage.segment}, {"from", damage.from}, {"to", damage.to}, {"what", damage.what}});
    LedgerRows(loads[this_month].ledger)
        .add(no_app, with_.clock.now(), "spool",
             {Fate::quarantined, "spool_damage", damage.what, 1,
              fmt::format("segment {}, bytes {} to {}", damage.segment, damage.from, damage.to)});
  }
  if (loads.empty()) loads[this_month];  // nothing but a position
  return loads;
}

Result<void> Loader::add_block(const spool::Block& from, const std::optional<Block>& block, const Added& added,
                               std::map<std::string, events::Load>& loads) {
  const std::string name = events::month_of(block ? block->received_at : from.appended_at);
  const auto month_found = month(name);
  if (!month_found) return std::unexpected(month_found.error());
  Month& month = **month_found;
  if (from.at < month.position) return {};
  events::Load& load = loads[name];
  if (!block) {
    LedgerRows(load.ledger)
        .add(no_app, from.appended_at, "spool",
             {Fate::quarantined, "unknown_block", "", 1,
              fmt::format("segment {}, byte {}", from.at.segment, from.at.offset)});
    return {};
  }
  const auto app = app_number(block->appid);
  if (!app) return std::unexpected(app.error());
  add_records(month, *block, *app, added, load);
  return {};
}

void Loader::add_records(Month& month, const Block& block, std::int32_t app, const Added& added, events::Load& load) {
  RowMaker maker(app, numbers_.of(block.appid));
  LedgerRows ledger(load.ledger);
  const auto note = [&](const LossNote& what) { ledger.add(app, block.received_at, block.protocol, what); };
  if (const auto& batch = block.decoded.batch) {
    const events::Id128 install = id128(batch->install);
    if (!month.remembered.first_batch(app, install, batch->number)) {
      note({Fate::deduplicated, "batch_sent_again", "", static_cast<std::int64_t>(block.decoded.records.size()), ""});
      return;
    }
    load.batches.push_back({app, install, batch->number, batch->number, block.received_at});
  }
  for (const LossNote& loss : block.decoded.losses) note(loss);
  for (const Record& record : block.decoded.records) {
    events::Row row = maker.row_of(record);
    if (!block.decoded.batch) {
      if (!month.remembered.first_time(app, row.id, block.received_at)) {
        note({Fate::deduplicated, "sent_again", std::string(to_string(record.kind)), 1, ""});
        continue;
      }
      load.seen.push_back({app, row.id, block.received_at});
    }
    if (row.name == store::other_words || row.page == store::other_words)
      note({Fate::folded, row.name == store::other_words ? "too_many_names" : "too_many_pages",
            std::string(to_string(record.kind)), 1, row.name == store::other_words ? record.name : record.page});
    if (const auto found = added.find(&record); found != added.end()) {
      row.issue = found->second.issue;
      row.log_template = found->second.log_template;
    }
    load.rows.push_back(std::move(row));
  }
  const std::lock_guard lock(figures_mutex_);
  if (!block.decoded.records.empty()) figures_.last_received[block.appid] = block.received_at;
}

void Loader::count(const events::Load& load) {
  const std::lock_guard lock(figures_mutex_);
  figures_.loaded_records += static_cast<std::int64_t>(load.rows.size());
  for (const events::LedgerRow& row : load.ledger)
    if (row.fate == to_string(Fate::deduplicated)) figures_.duplicate_records += row.count;
}

Result<void> Loader::store(const spool::Reading& reading, std::map<std::string, events::Load>& loads) {
  const auto events = with_.events.get();
  if (!events) return std::unexpected(events.error());
  for (auto& [name, load] : loads) {
    const auto into = month(name);
    if (!into) return std::unexpected(into.error());
    load.segment = reading.next.segment;
    load.offset = reading.next.offset;
    if (auto ok = (*events)->load(name, load); !ok) {
      with_.events.drop();
      return ok;
    }
    (*into)->position = reading.next;
    count(load);
    const std::int64_t early = (*into)->remembered.forget_old(with_.clock.now());
    if (early > 0) log::warn("telemetry.ids_forgotten_early", {{"ids", early}});
  }
  next_ = reading.next;
  with_.spool.release(*next_);
  const std::lock_guard lock(figures_mutex_);
  figures_.damaged += static_cast<std::int64_t>(reading.damage.size());
  return {};
}

}  // namespace miniops::telemetry
