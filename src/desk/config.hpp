// The desk's configuration of every mini program, compiled and cached: rules, words, hours, settings. Checked against
// config_version and rebuilt off the io threads; readers get an immutable snapshot and never wait.
#pragma once

#include <map>
#include <memory>
#include <mutex>

#include "base/task.hpp"
#include "desk/config_store.hpp"
#include "desk/queue_settings.hpp"
#include "net/workers.hpp"
#include "storage/sql/config_version.hpp"
#include "storage/sql/database.hpp"

namespace miniops::desk {

struct AppConfig {
  Settings settings{};
  QueueSettings queue = with_our_texts({});
  Calendar hours{};
  RuleSet rules{};
  std::shared_ptr<const WordMatcher> words = std::make_shared<const WordMatcher>();
};

// of() and version() are safe from any thread; load() is run by one loop at a time (and by tests).
class Configs {
 public:
  Configs(sql::Database& database, const sql::ConfigVersion& version, net::Workers& workers)
      : database_(database), version_(version), workers_(workers) {}

  // Defaults for a mini program that nobody has configured. Never nullptr.
  std::shared_ptr<const AppConfig> of(const AppId& appid) const;
  // Reads anew when config_version moved, or always with `force`. True: it did.
  Task<Result<bool>> load(bool force = false);
  std::int64_t loaded_version() const;

 private:
  using ByApp = std::map<AppId, std::shared_ptr<const AppConfig>>;
  struct Rows;
  Task<Result<std::vector<Word>>> read_words(AppId appid);

  sql::Database& database_;
  const sql::ConfigVersion& version_;
  net::Workers& workers_;
  mutable std::mutex mutex_;
  std::shared_ptr<const ByApp> current_ = std::make_shared<const ByApp>();
  std::int64_t loaded_version_ = -1;
};

}  // namespace miniops::desk
