// The embedded event store. Private to storage/events.
#pragma once

#include <condition_variable>
#include <thread>

#include "storage/events/askers.hpp"
#include "storage/events/duck_filters.hpp"
#include "storage/events/duck_rollups.hpp"

namespace miniops::events {

class DuckStore final : public EventStore {
 public:
  // Throws DuckFailure.
  DuckStore(std::shared_ptr<const DuckApi> api, Options options);

  Result<LoadState> state(const std::string& month) override;
  Result<void> load(const std::string& month, const Load& load) override;
  Result<void> count_as(std::int64_t from, std::int64_t to) override;
  Result<void> forget(std::int32_t kind, const std::string& day) override;
  Result<void> forget(std::int32_t kind, std::int32_t app, const std::string& day) override;

  Result<PersonRows> held_of(const std::vector<Person>& people) override;
  Result<bool> forget_people(const std::vector<Person>& people) override;
  Result<bool> tidy_day(TimeMs now) override;
  Result<void> sum_up() override;
  Result<void> settle() override;

  Result<std::vector<Point>> series(const SeriesQuestion& question) override;
  Result<std::vector<Point>> breakdown(const BreakdownQuestion& question) override;
  Result<std::vector<BucketCount>> buckets(const BucketsQuestion& question) override;
  Result<std::vector<FoundRow>> rows(const RowsQuestion& question) override;
  Result<std::vector<LedgerSum>> ledger(std::int32_t app, TimeMs from, TimeMs to) override;
  Result<Sizes> sizes() override;

 private:
  void attach(const std::string& month);
  void add_columns(const std::string& table);
  void add_tables(const std::string& month);
  bool made(const std::string& month);
  void make_file(const std::string& month);
  void make_month(const std::string& month);
  std::optional<std::string> month_before(const std::string& month) const;
  void make_table(const std::string& month, std::int32_t kind, const std::string& day);
  void write_rows(const std::string& month, const Load& load);
  void write_anew(const DayTable& table, const std::string& rows, bool tidy);
  void mark(const std::string& month, std::string_view what, const DayTable& table = {});
  std::vector<std::string> marked(std::string_view what);
  void drop(const std::string& month, const std::vector<DayTable>& tables);
  std::optional<DayTable> next_with(const std::vector<Person>& people);
  void overwrite_deleted(const std::string& month);
  void write_memory(const std::string& catalog, const Load& load);
  void catch_up_filters();
  std::vector<Source> sources_with(DuckConnection& connection, const Scope& scope);
  std::vector<Source> sources_with(DuckConnection& connection, const Scope& scope, const RollupUse& use);
  void merge_batches(const std::string& catalog);

  const Options options_;
  Loans loans_;
  DuckDatabase database_;
  DuckConnection loader_;
  DuckTables tables_;
  FilteredDays filtered_;
  FilterWriter filters_;
  RollupWriter rollups_;
  Askers askers_;
  std::set<std::string> attached_;  // loader's thread
  std::mutex months_mutex_;
  std::set<std::string> months_;  // attached, with their ledger and the rest: questions may name them
  std::map<std::string, std::int64_t> next_sequence_;
  std::set<DayTable> tidy_;  // loader's thread
};

}  // namespace miniops::events
