#include "storage/testing/engines.hpp"

#include <stdlib.h>

namespace miniops::sql {

namespace {

[[noreturn]] void give_up(const std::string& what, const Error& error) {
  throw std::runtime_error(what + ": " + error.code + ": " + error.message);
}

}  // namespace

std::string engine_name(Engine engine) { return engine == Engine::sqlite ? "sqlite" : "postgres"; }

PostgresServer& shared_postgres() {
  static PostgresServer server;
  return server;
}

TemporaryFolder::TemporaryFolder() {
  std::string name = std::filesystem::temp_directory_path() / "miniops-test-XXXXXX";
  if (mkdtemp(name.data()) == nullptr) throw std::runtime_error("cannot make a temporary folder");
  path_ = name;
}

TemporaryFolder::~TemporaryFolder() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

void EngineTest::open(std::vector<std::span<const Migration>> sets, OpenOptions options) {
  sets_ = std::move(sets);
  options_ = std::move(options);
  options_.server_clock = false;
  address_ = GetParam() == Engine::sqlite ? "sqlite:" + (folder_.path() / "test.db").string()
                                          : shared_postgres().create_database();
  reopen();
}

void EngineTest::reopen() {
  database_.reset();
  auto opened = sql::open(address_, clock_, options_);
  if (!opened) give_up("cannot open " + address_, opened.error());
  database_ = std::move(*opened);
  if (auto migrated = migrate(*database_, sets_); !migrated) give_up("cannot migrate", migrated.error());
}

std::unique_ptr<Database> EngineTest::open_another() const {
  auto opened = sql::open(address_, clock_, options_);
  if (!opened) give_up("cannot open " + address_, opened.error());
  return std::move(*opened);
}

std::int64_t EngineTest::execute(const std::string& sql, const Params& params) {
  auto changed = db().write_blocking([&](Transaction& tx) -> Result<std::int64_t> { return tx.execute(sql, params); });
  if (!changed) give_up(sql, changed.error());
  return *changed;
}

Rows EngineTest::query(const std::string& sql, const Params& params) {
  auto rows = db().read_blocking([&](Transaction& tx) -> Result<Rows> { return tx.query(sql, params); });
  if (!rows) give_up(sql, rows.error());
  return std::move(*rows);
}

}  // namespace miniops::sql
