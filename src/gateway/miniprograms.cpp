#include "gateway/miniprograms.hpp"

#include <limits>

#include "base/log.hpp"
#include "gateway/miniprogram_store.hpp"

namespace miniops::gateway {

namespace {

// What was read at one moment.
struct Snapshot {
  std::int64_t version = 0;
  TimeMs valid_until = 0;
  std::unordered_map<AppId, std::shared_ptr<const MiniProgram>> by_appid;
};

// After a read that failed the old state serves on; the next try comes a little later.
constexpr TimeMs pause_after_failure_ms = 200;

std::vector<std::string> words_of(std::string_view text) {
  std::vector<std::string> words;
  while (!text.empty()) {
    const auto end = std::min(text.find(' '), text.size());
    if (end > 0) words.emplace_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return words;
}

Result<Snapshot> read_snapshot(sql::Transaction& tx, const Sealer& sealer, TimeMs now) {
  auto rows = load_mini_programs(tx, sealer);
  if (!rows) return std::unexpected(rows.error());
  std::unordered_map<AppId, std::shared_ptr<const std::vector<std::string>>> sources;
  for (const sql::Row& row : tx.query("SELECT appid, addresses FROM gateway_callback_ips")) {
    sources[row.id<AppId>(0)] = std::make_shared<const std::vector<std::string>>(words_of(row.text(1)));
  }
  Snapshot snapshot;
  snapshot.valid_until = std::numeric_limits<TimeMs>::max();
  for (const MiniProgramRow& row : *rows) {
    auto program = std::make_shared<MiniProgram>(mini_program_of(row, now));
    if (const auto list = sources.find(row.appid); list != sources.end()) program->push_sources = list->second;
    if (const auto next = next_change_of(row, now)) snapshot.valid_until = std::min(snapshot.valid_until, *next);
    snapshot.by_appid.emplace(row.appid, std::move(program));
  }
  return snapshot;
}

}  // namespace

struct MiniPrograms::Impl {
  sql::Database& database;
  const sql::ConfigVersion& version;
  const Sealer& sealer;
  const Clock& clock;
  mutable std::mutex mutex;
  std::shared_ptr<const Snapshot> snapshot;
  bool reading = false;  // one reader at a time; the others are served from what is there
  TimeMs not_before = 0;

  bool current(const Snapshot& seen) const {
    return seen.version == version.current() && clock.now() < seen.valid_until;
  }

  // Whether the caller is the one who reads anew, and what there is until then.
  std::pair<bool, std::shared_ptr<const Snapshot>> look() {
    const std::scoped_lock lock(mutex);
    if (snapshot && (current(*snapshot) || reading || clock.now() < not_before)) return {false, snapshot};
    if (snapshot) reading = true;
    return {true, snapshot};
  }

  Task<std::shared_ptr<const Snapshot>> get() {
    auto [mine, seen] = look();
    if (!mine) co_return seen;
    const std::int64_t at_version = version.current();
    const TimeMs now = clock.now();
    auto work = [this, now](sql::Transaction& tx) -> Result<Snapshot> { return read_snapshot(tx, sealer, now); };
    auto read = co_await database.read(std::move(work));
    const std::scoped_lock lock(mutex);
    reading = false;
    if (read) {
      read->version = at_version;
      snapshot = std::make_shared<const Snapshot>(std::move(*read));
    } else {
      not_before = now + pause_after_failure_ms;
      log::warn("mini_programs.read_failed", {{"code", read.error().code}});
    }
    co_return snapshot;
  }
};

MiniPrograms::MiniPrograms(sql::Database& database, const sql::ConfigVersion& version, const Sealer& sealer,
                           const Clock& clock)
    : impl_(new Impl{database, version, sealer, clock, {}, {}}) {}

MiniPrograms::~MiniPrograms() = default;

Task<std::shared_ptr<const MiniProgram>> MiniPrograms::find(const AppId& appid) {
  const AppId wanted = appid;  // what the caller refers to may be gone when we are resumed. NOLINT(performance-*)
  const auto snapshot = co_await impl_->get();
  if (!snapshot) co_return nullptr;
  const auto found = snapshot->by_appid.find(wanted);
  co_return found == snapshot->by_appid.end() ? nullptr : found->second;
}

bool MiniPrograms::known() const {
  const std::scoped_lock lock(impl_->mutex);
  return impl_->snapshot != nullptr;
}

Task<std::vector<std::shared_ptr<const MiniProgram>>> MiniPrograms::all() {
  const auto snapshot = co_await impl_->get();
  std::vector<std::shared_ptr<const MiniProgram>> programs;
  if (snapshot) {
    for (const auto& [appid, program] : snapshot->by_appid) programs.push_back(program);
  }
  std::sort(programs.begin(), programs.end(), [](const auto& a, const auto& b) { return a->appid < b->appid; });
  co_return programs;
}

}  // namespace miniops::gateway
