// The embedded event store. Private to storage/events.
#pragma once

#include <condition_variable>
#include <thread>

#include "storage/events/askers.hpp"
#include "storage/events/duck_tables.hpp"

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

  Result<std::vector<Point>> series(const SeriesQuestion& question) override;
  Result<std::vector<Point>> breakdown(const BreakdownQuestion& question) override;
  Result<std::vector<FoundRow>> rows(const RowsQuestion& question) override;
  Result<std::vector<LedgerSum>> ledger(std::int32_t app, TimeMs from, TimeMs to) override;
  Result<Sizes> sizes() override;

 private:
  void attach(const std::string& month);
  void add_columns(const std::string& table);
  bool made(const std::string& month);
  void make_month(const std::string& month);
  std::optional<std::string> month_before(const std::string& month) const;
  void make_table(const std::string& month, std::int32_t kind, const std::string& day);
  void write_rows(const std::string& month, const Load& load);
  void write_memory(const std::string& catalog, const Load& load);
  void merge_batches(const std::string& catalog);

  const Options options_;
  DuckDatabase database_;
  DuckConnection loader_;
  DuckTables tables_;
  Askers askers_;
  std::set<std::string> attached_;  // loader's thread
  std::mutex months_mutex_;
  std::set<std::string> months_;  // attached, with their ledger and the rest: questions may name them
  std::map<std::string, std::int64_t> next_sequence_;
};

}  // namespace miniops::events
