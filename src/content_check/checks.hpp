// Asks whom a mini program has set up: WeChat and other programs, side by side, a second at most. What is set up is
// kept in memory and checked against config_version.
//
// Texts are never logged; what is logged and counted is who was asked and what came of it.
#pragma once

#include <atomic>
#include <map>
#include <memory>
#include <mutex>

#include "content_check/askers.hpp"
#include "content_check/store.hpp"
#include "content_check/turnstile.hpp"
#include "storage/sql/config_version.hpp"

namespace miniops::content_check {

// How often each kind of checker said what, since the start.
struct Figures {
  std::array<std::uint64_t, verdict_words.size()> wechat{}, webhook{};
};

// Safe from any thread. What is asked runs on the caller's executor, which must run on a single thread. Collaborators
// must outlive it, and the io threads that ran a question.
class Checks final : public Checker {
 public:
  struct Collaborators {
    sql::Database& database;
    const sql::ConfigVersion& version;
    const Clock& clock;
    WeChat& wechat;
    const WebhookAsker& webhook;
    Turnstile::Limits limits{};
  };
  explicit Checks(const Collaborators& with) : with_(with) {}

  Rules rules(const AppId& appid) const override;
  Task<std::vector<Finding>> ask(Question question) override;
  // One question to one of them, whether it is switched on or not: for the test button.
  Task<Answer> ask_one(Outside checker, std::string text);
  Figures figures() const;

  // Reads anew when config_version moved. True: it did.
  Task<Result<bool>> load();
  Result<void> prepare_blocking();  // before anything can be asked

 private:
  struct App {
    Settings settings{};
    std::vector<Outside> outside{};  // that are switched on
  };
  using ByApp = std::map<AppId, App>;
  using Key = std::pair<AppId, CheckerId>;  // no id: WeChat

  static ByApp read(sql::Transaction& tx);
  std::shared_ptr<const ByApp> current() const;
  void set(ByApp rows, std::int64_t version);
  std::shared_ptr<Turnstile> turnstile(const Key& key);
  Task<Answer> ask_wechat(Question question);
  Task<Answer> through(Key key, Task<Answer> asking);
  void count(const Key& key, Verdict verdict);

  const Collaborators with_;
  mutable std::mutex mutex_;
  std::shared_ptr<const ByApp> current_ = std::make_shared<const ByApp>();
  std::int64_t loaded_version_ = -1;
  std::map<Key, std::shared_ptr<Turnstile>> turnstiles_;
  std::array<std::atomic<std::uint64_t>, verdict_words.size()> wechat_{}, webhook_{};
};

}  // namespace miniops::content_check
