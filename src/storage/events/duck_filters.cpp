#include "storage/events/duck_filters.hpp"

#include <numeric>

namespace miniops::events {

namespace {

constexpr std::int64_t lines_of_step = 65'536;
// A source costs 0.8 ms, a block in a scan 0.25 ms.
constexpr std::int64_t gap_max = 3 * 2048;

// The name says which filters these are: those of another version are as good as none.
std::string filters_of(const std::string& day) { return fmt::format("words{}_{}", filter_version, day); }

std::string full_filters_of(const std::string& day) {
  return fmt::format("{}.main.{}", catalog_of(month_of_day(day)), filters_of(day));
}

std::string lines_of(const std::string& day) { return full_name(kind_of_lines, day); }

// Bits do not compress, and are not tried.
std::string filter_columns() {
  std::string columns =
      "first BIGINT, last BIGINT, oldest BIGINT, newest BIGINT, received_from BIGINT, received_to BIGINT";
  for (std::size_t i = 0; i < filter_slices; ++i)
    columns += fmt::format(", slice{} BLOB USING COMPRESSION uncompressed", i);
  return columns;
}

std::vector<duckdb_type> filter_types() {
  std::vector<duckdb_type> types(6, DUCKDB_TYPE_BIGINT);
  types.insert(types.end(), filter_slices, DUCKDB_TYPE_BLOB);
  return types;
}

std::string condition_of(const Demand& demand, Statement& statement) {
  if (demand.of == Demand::Of::nothing) return "true";
  if (demand.of == Demand::Of::token)
    return fmt::format("slice_may_hold(slice{}, {})", slice_of(demand.token),
                       statement.param(static_cast<std::int64_t>(demand.token)));
  std::string parts;
  for (const Demand& part : demand.parts) {
    if (!parts.empty()) parts += demand.of == Demand::Of::all ? " AND " : " OR ";
    parts += condition_of(part, statement);
  }
  return "(" + parts + ")";
}

void widen(TimeRange& range, TimeMs time, bool first) {
  range.first = first ? time : std::min(range.first, time);
  range.last = first ? time : std::max(range.last, time);
}

}  // namespace

bool FilteredDays::has(const std::string& day) const {
  const std::lock_guard lock(mutex_);
  return days_.contains(day);
}

void FilteredDays::add(const std::string& day) {
  const std::lock_guard lock(mutex_);
  days_.insert(day);
}

void FilteredDays::erase(const std::string& day) {
  const std::lock_guard lock(mutex_);
  days_.erase(day);
}

// ---- questions ----

// Counts that stay of deleted people have moved to the beginning of their hour.
TimeRange with_counts(TimeRange times) { return {times.first, times.last + hour_ms}; }

TimeRange times_of(const Scope& scope) {
  if (!scope.by_receipt) return {scope.from, scope.to - 1};
  return {scope.from - latest_ms, scope.to + latest_ms};
}

std::vector<LineBlock> blocks_with(DuckConnection& connection, Loans& loans, const FilteredDays& days,
                                   const std::string& day, const Scope& scope, const TimeRange& times) {
  // First how far they reach, then what they say: what is written in between is not counted twice.
  std::int64_t last = -1;
  if (days.has(day))
    last = connection.query("SELECT coalesce(max(last), -1) FROM " + full_filters_of(day)).front().integer(0);
  std::vector<LineBlock> blocks;
  if (last >= 0) {
    Statement statement(loans);
    statement.text = fmt::format(
        "SELECT first, last, oldest, newest FROM {} WHERE last <= {} AND newest >= {} AND oldest <= {}",
        full_filters_of(day), statement.param(last), statement.param(times.first), statement.param(times.last));
    if (scope.by_receipt)
      statement.text += fmt::format(" AND received_to >= {} AND received_from < {}", statement.param(scope.from),
                                    statement.param(scope.to + hour_ms));
    statement.text += fmt::format(" AND {} ORDER BY first", condition_of(demand_of(scope), statement));
    for (const sql::Row& row : statement.ask(connection))
      blocks.push_back({row.integer(0), row.integer(1), {row.integer(2), row.integer(3)}});
  }
  LineBlock rest;
  rest.first = last + 1;
  blocks.push_back(rest);
  return blocks;
}

std::vector<Source> sources_of(const std::string& table, std::span<const LineBlock> blocks) {
  std::vector<Source> sources;
  for (const LineBlock& block : blocks) {
    if (sources.empty() || block.first - sources.back().sequences->second > gap_max) {
      sources.push_back({table, std::pair(block.first, block.last)});
    } else {
      sources.back().sequences->second = block.last;
    }
  }
  return sources;
}

// ---- the loader ----

void OpenBlock::add(std::int64_t sequence, const Row& row) {
  const bool first = lines_++ == 0;
  last_ = sequence;
  widen(times_, row.time, first);
  widen(received_, row.received, first);
  add_tokens(row, tokens_);
}

void OpenBlock::write(DuckAppender& out, std::int64_t first) const {
  std::size_t at = 0;
  for (const std::int64_t number : {first, last_, times_.first, times_.last, received_.first, received_.last})
    out.set(at++, number);
  for (const std::string& slice : tokens_.filter()) out.set(at++, std::string_view(slice));
  out.end_row();
}

void OpenBlock::clear() {
  tokens_.clear();
  lines_ = 0;
}

FilterWriter::Day& FilterWriter::known(const std::string& day) {
  const auto [found, fresh] = known_.try_emplace(day);
  if (!fresh) return found->second;
  loader_.execute(fmt::format("CREATE TABLE IF NOT EXISTS {} ({})", full_filters_of(day), filter_columns()));
  const auto held = loader_.query(
      fmt::format("SELECT coalesce(max(last), -1), CAST(coalesce(sum(last - first + 1), 0) AS BIGINT) FROM {}",
                  full_filters_of(day)));
  const std::int64_t last = held.front().integer(0);
  if (held.front().integer(1) == last + 1) {
    found->second.last = last;
  } else {
    loader_.execute("DELETE FROM " + full_filters_of(day));
  }
  return found->second;
}

void FilterWriter::attach(const std::string& day) {
  known(day);
  days_.add(day);
}

void FilterWriter::add(const std::string& day, std::span<const Row* const> rows, std::int64_t first) {
  changed_.insert(day);
  Day& of = known(day);
  if (!of.complete &&
      loader_
          .query(fmt::format("SELECT 1 FROM {} WHERE sequence < $1 LIMIT 1", lines_of(day)), std::array<Cell, 1>{first})
          .empty()) {
    of.open.emplace();
    of.complete = true;
  }
  if (!of.open) return read_on(day, of);
  std::vector<std::int64_t> sequences(rows.size());
  std::iota(sequences.begin(), sequences.end(), first);
  take(day, of, rows, sequences);
}

// From the first line that has no filter.
void FilterWriter::read_on(const std::string& day, Day& of) {
  const auto range =
      loader_
          .query(fmt::format("SELECT count(*), coalesce(max(sequence), -1) FROM (SELECT sequence FROM {} "
                             "WHERE sequence > $1 ORDER BY sequence LIMIT {})",
                             lines_of(day), lines_of_step),
                 std::array<Cell, 1>{of.last})
          .front();
  of.complete = range.integer(0) < lines_of_step;
  of.open.emplace();
  std::vector<Row> lines;
  std::vector<std::int64_t> sequences;
  for (const sql::Row& read : loader_.query(
           fmt::format("SELECT sequence, app, time, received, session, trace, log_template, text FROM {} WHERE "
                       "sequence BETWEEN $1 AND $2 ORDER BY sequence",
                       lines_of(day)),
           std::array<Cell, 2>{of.last + 1, range.integer(1)})) {
    sequences.push_back(read.integer(0));
    Row& line = lines.emplace_back();
    line.app = static_cast<std::int32_t>(read.integer(1));
    line.time = read.integer(2);
    line.received = read.integer(3);
    line.session = parse_id128(read.optional_text(4).value_or("")).value_or(Id128{});
    line.trace = read.optional_text(5).value_or("");
    line.log_template = static_cast<std::int32_t>(read.optional_integer(6).value_or(0));
    line.text = read.optional_text(7).value_or("");
  }
  std::vector<const Row*> rows;
  for (const Row& line : lines) rows.push_back(&line);
  take(day, of, rows, sequences);
  if (!of.complete) of.open.reset();
}

void FilterWriter::take(const std::string& day, Day& of, std::span<const Row* const> rows,
                        std::span<const std::int64_t> sequences) {
  DuckAppender out(loader_, catalog_of(month_of_day(day)), filters_of(day), filter_types());
  for (std::size_t i = 0; i < rows.size(); ++i) {
    of.open->add(sequences[i], *rows[i]);
    if (!of.open->full()) continue;
    of.open->write(out, of.last + 1);
    of.last = of.open->last();
    of.open->clear();
  }
  out.close();
}

// The newest day first: it is asked about most.
bool FilterWriter::catch_up() {
  const auto behind =
      std::find_if(known_.rbegin(), known_.rend(), [](const auto& one) { return !one.second.complete; });
  if (behind == known_.rend()) return false;
  changed_.insert(behind->first);
  read_on(behind->first, behind->second);
  return true;
}

void FilterWriter::drop(const std::string& day) {
  days_.erase(day);
  known_.erase(day);
  loader_.execute("DROP TABLE IF EXISTS " + full_filters_of(day));
}

// Lines of a day that is over come seldom: its open block is read again when one does.
void FilterWriter::committed() {
  for (const std::string& day : changed_) days_.add(day);
  changed_.clear();
  if (known_.size() > 2)
    for (auto& day : known_)
      if (day.first < std::prev(known_.end(), 2)->first) day.second.open.reset();
}

void FilterWriter::rolled_back() {
  for (const std::string& day : changed_) known_.erase(day);
  changed_.clear();
}

}  // namespace miniops::events
