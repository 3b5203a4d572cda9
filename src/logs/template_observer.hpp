// Gives each log line the number of its template as it is loaded, and keeps the templates: those that are new or became
// more general are stored before the lines that have their numbers.
#pragma once

#include <set>

#include "logs/templates.hpp"
#include "logs/templates/miner.hpp"
#include "storage/sql/database.hpp"
#include "telemetry/ports.hpp"

namespace miniops::logs {

// Used by the loader's thread alone. Fails with storage.*: nothing is lost then, what was learnt is stored with the
// next try.
class TemplateObserver final : public telemetry::LoadObserver {
 public:
  explicit TemplateObserver(sql::Database& database, MinerOptions options = {})
      : database_(database), options_(options) {}
  Result<void> look(const AppId& appid, std::span<const telemetry::Record* const> records,
                    std::span<telemetry::Additions> out) override;

 private:
  // Of one mini program: what was stored, and what is to be.
  struct Known {
    explicit Known(MinerOptions options) : miner(options) {}
    Miner miner;
    std::map<std::int32_t, Template> living{};
    std::set<std::string> releases{};
    std::map<std::int32_t, Template> unsaved{};
    std::vector<Release> unsaved_releases{};
  };
  Result<Known*> known(const AppId& appid);
  static std::int32_t learn(Known& known, const telemetry::Record& record);
  static void reword(Known& known, std::int32_t number);
  static void learn_aliases(Known& known);
  Result<void> save(const AppId& appid, Known& known);

  sql::Database& database_;
  const MinerOptions options_;
  std::map<AppId, Known> known_;
};

}  // namespace miniops::logs
