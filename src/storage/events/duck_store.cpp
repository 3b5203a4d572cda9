#include "storage/events/duck_store.hpp"

#include <charconv>

#include "base/log.hpp"

namespace miniops::events {

namespace fs = std::filesystem;

namespace {

constexpr std::int64_t seen_for_ms = day_ms;
constexpr std::int64_t installs_for_ms = 90 * day_ms;
// Rows are numbered within their month: 24 bits of months and 2^39 rows.
constexpr int rows_of_month_bits = 39;
constexpr std::int64_t rows_version = 2;
// What is true of a month's tables: 'tidy' (kind and day), 'deleted' (somewhere in the file are bytes of erased
// people).
constexpr std::string_view marks_table = "marks (what VARCHAR, kind INTEGER, day VARCHAR)";

std::string sql_text(std::string_view text) {
  std::string out = "'";
  for (const char c : text) {
    out += c;
    if (c == '\'') out += c;
  }
  return out + "'";
}

// The version is pinned, so that a later program's files can be read by this one for as long as it is not raised.
std::string attach_text(const fs::path& file, const std::string& catalog) {
  return fmt::format("ATTACH {} AS {} (STORAGE_VERSION 'v1.2.0')", sql_text(file.string()), catalog);
}

std::int64_t first_sequence(const std::string& month) {
  int year = 0;
  int number = 0;
  std::from_chars(month.data(), month.data() + 4, year);
  std::from_chars(month.data() + 5, month.data() + 7, number);
  return static_cast<std::int64_t>(year * 12 + number) << rows_of_month_bits;
}

DuckDatabase::Options database_options(const Options& options) {
  return {options.threads, options.memory_mb, options.folder / "tmp"};
}

bool is_month_file(const fs::path& file) {
  const std::string stem = file.stem().string();
  return file.extension() == ".duckdb" && stem.size() == 7 && stem[4] == '-';
}

Id128 id_of(const std::string& digits) {
  Id128 id;
  std::from_chars(digits.data(), digits.data() + 16, id.high, 16);
  std::from_chars(digits.data() + 16, digits.data() + 32, id.low, 16);
  return id;
}

void write_row(DuckAppender& out, std::int64_t sequence, const Row& row) {
  const auto id = [](Id128 value) { return value.empty() ? Cell(nullptr) : Cell(value); };
  std::size_t at = 0;
  const auto put = [&](const Cell& value) { out.set(at++, value); };
  const auto number = [&](std::int64_t value) { put(value); };
  number(sequence);
  number(row.app);
  number(row.name);
  number(row.time);
  number(row.time / hour_ms);
  number(row.received);
  number(row.late ? 1 : 0);
  put(row.weight);
  put(row.value ? Cell(*row.value) : Cell(nullptr));
  put(row.value ? Cell(std::int64_t{bucket_of(*row.value)}) : Cell(nullptr));
  put(id(row.id));
  put(id(row.session));
  put(id(row.page_view));
  put(row.trace.empty() ? Cell(nullptr) : Cell(std::string_view(row.trace)));
  number(row.level);
  number(row.person);
  number(row.release);
  number(row.build);
  number(row.page);
  number(row.scene);
  number(row.device);
  number(row.network);
  number(row.region);
  number(row.client);
  put(std::string_view(row.text));
  put(std::string_view(row.properties));
  number(rows_version);
  number(row.issue);
  number(row.log_template);
  out.end_row();
}

}  // namespace

Result<std::unique_ptr<EventStore>> EventStore::open(const Options& options) {
  const auto api = load_duckdb(duckdb_places());
  if (!api) return std::unexpected(api.error());
  std::error_code problem;
  // What a killed process left there may be of people who were erased since.
  fs::remove_all(options.folder / "tmp", problem);
  fs::create_directories(options.folder / "tmp", problem);
  if (problem)
    return fail(ErrorKind::unavailable, "storage.events_unavailable",
                fmt::format("{}: the folder of the event store cannot be made: {}", options.folder.string(),
                            problem.message()));
  try {
    return std::make_unique<DuckStore>(*api, options);
  } catch (const DuckFailure& failure) {
    return std::unexpected(noted("events.not_opened", failure));
  }
}

DuckStore::DuckStore(std::shared_ptr<const DuckApi> api, Options options)
    : options_(std::move(options)),
      database_(std::move(api), database_options(options_)),
      loader_(database_),
      filters_(loader_, filtered_),
      rollups_(loader_),
      askers_(database_, options_.askers, options_.question_ms_max) {
  // From here on SQL reaches this folder and nothing else, and nobody can change that.
  const fs::path folder = fs::absolute(options_.folder);
  loader_.execute(fmt::format("SET allowed_directories = [{}]", sql_text(folder.string() + "/")));
  loader_.execute("SET enable_external_access = false");
  loader_.execute("SET lock_configuration = true");
  register_functions(loader_, loans_);
  loader_.execute("CREATE TABLE counted_as (person BIGINT PRIMARY KEY, canonical BIGINT NOT NULL)");
  std::vector<std::string> months;
  for (const auto& entry : fs::directory_iterator(folder))
    if (is_month_file(entry.path())) months.push_back(entry.path().stem().string());
  std::ranges::sort(months);
  for (const std::string& month : months) attach(month);
}

// ---- months and tables ----

void DuckStore::attach(const std::string& month) {
  const std::string catalog = catalog_of(month);
  loader_.execute(attach_text(fs::absolute(options_.folder) / (month + ".duckdb"), catalog));
  const auto names = loader_.query(
      "SELECT table_name, list(column_name) FILTER (column_name = 'log_template') IS NULL FROM duckdb_columns() "
      "WHERE database_name = $1 GROUP BY table_name",
      std::array<Cell, 1>{std::string_view(catalog)});
  for (const sql::Row& row : names) {
    const auto table = parse_table(row.text(0));
    if (!table) continue;
    if (row.integer(1) != 0) add_columns(full_name(table->first, table->second));
    if (table->first == kind_of_lines) filters_.attach(table->second);
    tables_.add(table->first, table->second);
  }
  attached_.insert(month);
  if (!made(month)) return;
  add_tables(month);
  const std::lock_guard lock(months_mutex_);
  months_.insert(month);
}

// A table that an older program made.
void DuckStore::add_columns(const std::string& table) {
  for (const ColumnOf& column : row_columns())
    loader_.execute(fmt::format("ALTER TABLE {} ADD COLUMN IF NOT EXISTS {} {}", table, column.name, column.type));
}

// What an older program did not make.
void DuckStore::add_tables(const std::string& month) {
  auto tables = tables_.all();
  std::erase_if(tables, [&](const DayTable& table) { return month_of_day(table.second) != month; });
  DuckTransaction transaction(loader_);
  loader_.execute(fmt::format("CREATE TABLE IF NOT EXISTS {}.main.{}", catalog_of(month), marks_table));
  rollups_.make(month, tables);
  transaction.commit();
  rollups_.merge(month);
  for (const sql::Row& row :
       loader_.query(fmt::format("SELECT kind, day FROM {}.main.marks WHERE what = 'tidy'", catalog_of(month))))
    tidy_.emplace(static_cast<std::int32_t>(row.integer(0)), row.text(1));
}

// A kill may have left a file without its memory.
bool DuckStore::made(const std::string& month) {
  const std::string catalog = catalog_of(month);
  const auto there =
      loader_.query("SELECT count(*) FROM duckdb_tables() WHERE database_name = $1 AND table_name = 'state'",
                    std::array<Cell, 1>{std::string_view(catalog)});
  return there.front().integer(0) > 0;
}

std::optional<std::string> DuckStore::month_before(const std::string& month) const {
  const auto at = months_.lower_bound(month);  // written by this thread alone
  if (at == months_.begin()) return std::nullopt;
  return *std::prev(at);
}

// Under its name a file is whole: one whose first blocks a full disk or a kill cut off is never opened again.
void DuckStore::make_file(const std::string& month) {
  const fs::path folder = fs::absolute(options_.folder);
  const fs::path file = folder / (month + ".duckdb");
  if (fs::exists(file)) return;
  const fs::path unfinished = folder / (month + ".unfinished");
  std::error_code problem;
  fs::remove(unfinished, problem);
  loader_.execute(attach_text(unfinished, "unfinished"));
  loader_.execute("DETACH unfinished");
  fs::rename(unfinished, file, problem);
  if (problem) throw DuckFailure(DuckFailure::Kind::broken, fmt::format("{}: {}", file.string(), problem.message()));
}

// One transaction makes the memory.
void DuckStore::make_month(const std::string& month) {
  make_file(month);
  if (!attached_.contains(month)) attach(month);
  if (made(month)) return;
  const std::string catalog = catalog_of(month);
  DuckTransaction transaction(loader_);
  const auto make = [&](std::string_view what) {
    loader_.execute(fmt::format("CREATE TABLE {}.main.{}", catalog, what));
  };
  make(marks_table);
  rollups_.make(month, {});
  make("state (segment BIGINT, \"offset\" BIGINT, next_sequence BIGINT)");
  make("seen (app INTEGER, id HUGEINT, at_ms BIGINT)");
  make("batches (app INTEGER, install HUGEINT, first BIGINT, last BIGINT, at_ms BIGINT)");
  make(
      "ledger (app INTEGER, at_ms BIGINT, fate VARCHAR, reason VARCHAR, category VARCHAR, client VARCHAR, "
      "example VARCHAR, count BIGINT)");
  loader_.execute(fmt::format("INSERT INTO {}.main.state VALUES (0, 0, {})", catalog, first_sequence(month)));
  if (const auto before = month_before(month)) {
    const std::string from = catalog_of(*before);
    loader_.execute(
        fmt::format("INSERT INTO {0}.main.seen SELECT * FROM {1}.main.seen WHERE at_ms >= (SELECT max(at_ms) - {2} "
                    "FROM {1}.main.seen)",
                    catalog, from, seen_for_ms));
    loader_.execute(
        fmt::format("INSERT INTO {0}.main.batches SELECT * FROM {1}.main.batches WHERE at_ms >= (SELECT "
                    "max(at_ms) - {2} FROM {1}.main.batches)",
                    catalog, from, installs_for_ms));
  }
  transaction.commit();
  const std::lock_guard lock(months_mutex_);
  months_.insert(month);
}

void DuckStore::make_table(const std::string& month, std::int32_t kind, const std::string& day) {
  loader_.execute(fmt::format("CREATE TABLE IF NOT EXISTS {}.main.{} ({})", catalog_of(month), table_of(kind, day),
                              columns_text()));
}

// ---- the loader ----

// Runs that touch become one, so that an install costs one row however long it has been there.
void DuckStore::merge_batches(const std::string& catalog) {
  loader_.execute(fmt::format(
      "CREATE OR REPLACE TEMP TABLE merged AS "
      "SELECT app, install, min(first) AS first, max(last) AS last, max(at_ms) AS at_ms FROM ("
      "SELECT *, sum(begins) OVER (PARTITION BY app, install ORDER BY first) AS run FROM ("
      "SELECT *, CASE WHEN first = lag(last) OVER (PARTITION BY app, install ORDER BY first) + 1 THEN 0 ELSE 1 END AS "
      "begins FROM {}.main.batches)) GROUP BY app, install, run",
      catalog));
  DuckTransaction transaction(loader_);
  loader_.execute(fmt::format("DELETE FROM {}.main.batches", catalog));
  loader_.execute(
      fmt::format("INSERT INTO {}.main.batches SELECT app, install, first, last, at_ms FROM merged", catalog));
  loader_.execute(fmt::format("DELETE FROM {0}.main.seen WHERE at_ms < (SELECT max(at_ms) - {1} FROM {0}.main.seen)",
                              catalog, seen_for_ms));
  transaction.commit();
}

Result<LoadState> DuckStore::state(const std::string& month) {
  try {
    make_month(month);
    const std::string catalog = catalog_of(month);
    merge_batches(catalog);
    catch_up_filters();
    LoadState state;
    const auto kept =
        loader_.query(fmt::format("SELECT segment, \"offset\", next_sequence FROM {}.main.state", catalog)).front();
    state.segment = kept.integer(0);
    state.offset = kept.integer(1);
    next_sequence_[month] = kept.integer(2);
    for (const auto& row : loader_.query(fmt::format("SELECT app, id, at_ms FROM {}.main.seen", catalog)))
      state.seen.push_back({static_cast<std::int32_t>(row.integer(0)), id_of(row.text(1)), row.integer(2)});
    for (const auto& row :
         loader_.query(fmt::format("SELECT app, install, first, last, at_ms FROM {}.main.batches", catalog)))
      state.batches.push_back({static_cast<std::int32_t>(row.integer(0)), id_of(row.text(1)), row.integer(2),
                               row.integer(3), row.integer(4)});
    return state;
  } catch (const DuckFailure& failure) {
    return std::unexpected(noted("events.state_unreadable", failure));
  }
}

void DuckStore::write_rows(const std::string& month, const Load& load) {
  std::map<std::pair<std::int32_t, std::string>, std::vector<const Row*>> by_table;
  for (const Row& row : load.rows) by_table[{row.kind, day_of(row.received)}].push_back(&row);
  std::vector<duckdb_type> types;
  for (const ColumnOf& column : row_columns()) types.push_back(column.written);
  std::int64_t& sequence = next_sequence_[month];
  for (const auto& [table, rows] : by_table) {
    if (!tables_.has(table.first, table.second)) make_table(month, table.first, table.second);
    DuckAppender out(loader_, catalog_of(month), table_of(table.first, table.second), types);
    const std::int64_t first = sequence;
    for (const Row* row : rows) write_row(out, sequence++, *row);
    out.close();
    if (table.first == kind_of_lines) filters_.add(table.second, rows, first);
  }
}

void DuckStore::write_memory(const std::string& catalog, const Load& load) {
  static constexpr std::array seen_types{DUCKDB_TYPE_INTEGER, DUCKDB_TYPE_HUGEINT, DUCKDB_TYPE_BIGINT};
  DuckAppender seen(loader_, catalog, "seen", seen_types);
  for (const Seen& one : load.seen) {
    seen.set(0, std::int64_t{one.app});
    seen.set(1, one.id);
    seen.set(2, one.at);
    seen.end_row();
  }
  seen.close();
  static constexpr std::array batch_types{DUCKDB_TYPE_INTEGER, DUCKDB_TYPE_HUGEINT, DUCKDB_TYPE_BIGINT,
                                          DUCKDB_TYPE_BIGINT, DUCKDB_TYPE_BIGINT};
  DuckAppender batches(loader_, catalog, "batches", batch_types);
  for (const SeenBatches& one : load.batches) {
    batches.set(0, std::int64_t{one.app});
    batches.set(1, one.install);
    batches.set(2, one.first);
    batches.set(3, one.last);
    batches.set(4, one.at);
    batches.end_row();
  }
  batches.close();
  static constexpr std::array ledger_types{DUCKDB_TYPE_INTEGER, DUCKDB_TYPE_BIGINT,  DUCKDB_TYPE_VARCHAR,
                                           DUCKDB_TYPE_VARCHAR, DUCKDB_TYPE_VARCHAR, DUCKDB_TYPE_VARCHAR,
                                           DUCKDB_TYPE_VARCHAR, DUCKDB_TYPE_BIGINT};
  DuckAppender ledger(loader_, catalog, "ledger", ledger_types);
  for (const LedgerRow& one : load.ledger) {
    ledger.set(0, std::int64_t{one.app});
    ledger.set(1, one.at);
    std::size_t at = 2;
    for (const std::string* text : {&one.fate, &one.reason, &one.category, &one.client, &one.example})
      ledger.set(at++, std::string_view(*text));
    ledger.set(at, one.count);
    ledger.end_row();
  }
  ledger.close();
}

Result<void> DuckStore::load(const std::string& month, const Load& load) {
  const std::int64_t sequence_before = next_sequence_[month];
  try {
    DuckTransaction transaction(loader_);
    write_rows(month, load);
    rollups_.add(month, load.rows);
    write_memory(catalog_of(month), load);
    loader_.execute(
        fmt::format("UPDATE {}.main.state SET segment = $1, \"offset\" = $2, next_sequence = $3", catalog_of(month)),
        std::array<Cell, 3>{load.segment, load.offset, next_sequence_[month]});
    transaction.commit();
  } catch (const DuckFailure& failure) {
    next_sequence_[month] = sequence_before;
    filters_.rolled_back();
    rollups_.rolled_back();
    return std::unexpected(noted("events.load_failed", failure));
  }
  for (const Row& row : load.rows) tables_.add(row.kind, day_of(row.received));
  filters_.committed();
  catch_up_filters();
  return {};
}

// Lines without filters are found all the same.
void DuckStore::catch_up_filters() {
  try {
    DuckTransaction transaction(loader_);
    if (!filters_.catch_up()) return;
    transaction.commit();
    filters_.committed();
  } catch (const DuckFailure& failure) {
    filters_.rolled_back();
    noted("events.filters_not_made", failure);
  }
}

Result<void> DuckStore::count_as(std::int64_t from, std::int64_t to) {
  try {
    loader_.execute("DELETE FROM memory.main.counted_as WHERE person = $1", std::array<Cell, 1>{from});
    if (to != 0) loader_.execute("INSERT INTO memory.main.counted_as VALUES ($1, $2)", std::array<Cell, 2>{from, to});
    return {};
  } catch (const DuckFailure& failure) {
    return std::unexpected(noted("events.merge_failed", failure));
  }
}

}  // namespace miniops::events
