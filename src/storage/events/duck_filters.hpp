// Token filters beside each day's lines of logs: 2,048 lines are a block, and a question asks only for blocks that may
// hold its words, and its times.
//
// A day's blocks lie in a table of its month's file. Each begins behind the one before, the first at 0, so that
// together they cover the day up to the last one; what lies behind is scanned. They are written in the transaction of
// the lines that fill them; where they are missing they are made from the day's table, some at a time. Private to
// storage/events.
#pragma once

#include <limits>

#include "storage/events/duck_statement.hpp"
#include "storage/events/duck_tables.hpp"
#include "storage/events/token_filter.hpp"

namespace miniops::events {

// The days that have a table of filters. Safe from any thread.
class FilteredDays {
 public:
  bool has(const std::string& day) const;
  void add(const std::string& day);
  void erase(const std::string& day);

 private:
  mutable std::mutex mutex_;
  std::set<std::string> days_;
};

// ---- questions ----

struct TimeRange {
  TimeMs first = std::numeric_limits<TimeMs>::min();
  TimeMs last = std::numeric_limits<TimeMs>::max();
};
TimeRange times_of(const Scope& scope);  // that its rows may have
TimeRange with_counts(TimeRange times);  // and those that they had before they became counts

// Lines that follow each other in a day's table, by sequence number.
struct LineBlock {
  std::int64_t first = 0;
  std::int64_t last = std::numeric_limits<std::int64_t>::max();
  TimeRange times{};  // no line's time lies outside
};

// Of a day, in their order: the blocks that may hold lines of the scope with such times, and what has no filter as one.
// Throws DuckFailure.
std::vector<LineBlock> blocks_with(DuckConnection& connection, Loans& loans, const FilteredDays& days,
                                   const std::string& day, const Scope& scope, const TimeRange& times);

// Blocks between which little lies become one source: to read it costs less than a source more.
std::vector<Source> sources_of(const std::string& table, std::span<const LineBlock> blocks);

// ---- the loader ----

// Lines of which no filter is written yet.
class OpenBlock {
 public:
  void add(std::int64_t sequence, const Row& row);
  // So many lines; or so many words that a slice of their filter would not lie in one page of the engine, which hands
  // out pages without copying them.
  bool full() const { return lines_ >= 2048 || tokens_.size() >= 14'000; }
  std::int64_t last() const { return last_; }
  void write(DuckAppender& out, std::int64_t first) const;
  void clear();

 private:
  TokenSet tokens_;
  std::int64_t lines_ = 0, last_ = 0;
  TimeRange times_{}, received_{};
};

// For the loader's thread. What it writes is part of the connection's transaction; committed() or rolled_back() says
// how that ended. Throws DuckFailure.
class FilterWriter {
 public:
  FilterWriter(DuckConnection& loader, FilteredDays& days) : loader_(loader), days_(days) {}

  // A day's table that is there. Filters that do not cover it as they should are dropped.
  void attach(const std::string& day);
  // Lines that were just written behind all others of their day, numbered from `first` on.
  void add(const std::string& day, std::span<const Row* const> rows, std::int64_t first);
  // Makes some of what is missing of one day; false: nothing is.
  bool catch_up();
  void drop(const std::string& day);
  void committed();
  void rolled_back();

 private:
  struct Day {
    std::int64_t last = -1;           // of its blocks
    bool complete = false;            // but for an open block
    std::optional<OpenBlock> open{};  // nullopt: its lines are to be read again
  };
  Day& known(const std::string& day);
  void read_on(const std::string& day, Day& of);
  void take(const std::string& day, Day& of, std::span<const Row* const> rows, std::span<const std::int64_t> sequences);

  DuckConnection& loader_;
  FilteredDays& days_;
  std::map<std::string, Day> known_;
  std::set<std::string> changed_;  // in this transaction
};

}  // namespace miniops::events
