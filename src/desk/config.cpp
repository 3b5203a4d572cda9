#include "desk/config.hpp"

#include "desk/queue_help_store.hpp"

namespace miniops::desk {

namespace {
constexpr int words_per_read = 5000;
}

struct Configs::Rows {
  std::vector<std::pair<AppId, Settings>> settings;
  std::vector<std::pair<AppId, QueueSettings>> queues;
  std::vector<std::pair<AppId, Calendar>> hours;
  std::vector<std::pair<AppId, Rule>> rules;
};

std::shared_ptr<const AppConfig> Configs::of(const AppId& appid) const {
  static const auto defaults = std::make_shared<const AppConfig>();
  std::shared_ptr<const ByApp> current;
  {
    const std::lock_guard lock(mutex_);
    current = current_;
  }
  const auto found = current->find(appid);
  return found == current->end() ? defaults : found->second;
}

std::int64_t Configs::loaded_version() const {
  const std::lock_guard lock(mutex_);
  return loaded_version_;
}

Task<Result<bool>> Configs::load(bool force) {
  const std::int64_t version = version_.current();  // before reading: a later change is then read again
  if (!force && version == loaded_version()) co_return false;
  auto read = [](sql::Transaction& tx) -> Result<Rows> {
    return Rows{store::all_settings(tx), store::all_queue_settings(tx), store::all_hours(tx), store::all_rules(tx)};
  };
  auto rows = co_await database_.read(std::move(read));
  if (!rows) co_return std::unexpected(rows.error());

  std::map<AppId, AppConfig> apps;
  std::map<AppId, std::vector<Rule>> rules;
  for (auto& [appid, settings] : rows->settings) apps[appid].settings = settings;
  for (auto& [appid, queue] : rows->queues) apps[appid].queue = with_our_texts(std::move(queue));
  for (auto& [appid, hours] : rows->hours) apps[appid].hours = std::move(hours);
  for (auto& [appid, rule] : rows->rules) rules[appid].push_back(std::move(rule));
  for (const auto& [appid, of_app] : rules) apps[appid];

  std::map<AppId, std::vector<Word>> changed_words;
  for (auto& [appid, app] : apps) {
    const auto before = of(appid);
    if (before->settings.words_version == app.settings.words_version) {
      app.words = before->words;
      continue;
    }
    auto words = co_await read_words(appid);
    if (!words) co_return std::unexpected(words.error());
    changed_words[appid] = std::move(*words);
  }

  auto build = [apps = std::move(apps), rules = std::move(rules), words = std::move(changed_words)]() mutable {
    auto built = std::make_shared<ByApp>();
    for (auto& [appid, app] : apps) {
      if (auto found = rules.find(appid); found != rules.end()) app.rules = RuleSet(std::move(found->second));
      if (auto found = words.find(appid); found != words.end()) {
        app.words = std::make_shared<const WordMatcher>(std::move(found->second));
      }
      (*built)[appid] = std::make_shared<const AppConfig>(std::move(app));
    }
    return std::shared_ptr<const ByApp>(std::move(built));
  };
  auto built = co_await workers_.run(std::move(build));
  if (!built) co_return std::unexpected(built.error());
  const std::lock_guard lock(mutex_);
  current_ = std::move(*built);
  loaded_version_ = version;
  co_return true;
}

Task<Result<std::vector<Word>>> Configs::read_words(AppId appid) {
  std::vector<Word> words;
  WordId after;
  for (;;) {
    auto read = [appid, after](sql::Transaction& tx) -> Result<std::vector<StoredWord>> {
      return store::words_after(tx, appid, after, words_per_read);
    };
    auto some = co_await database_.read(std::move(read));
    if (!some) co_return std::unexpected(some.error());
    if (some->empty()) co_return words;
    after = some->back().id;
    for (StoredWord& word : *some) words.push_back(std::move(word.word));
  }
}

}  // namespace miniops::desk
