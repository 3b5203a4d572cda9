#include "content_check/checks.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "base/log.hpp"
#include "base/mask.hpp"

namespace miniops::content_check {

namespace {

// Answers that come side by side; each is waited for until the time is over. What comes later finds nobody.
class Round {
 public:
  explicit Round(const boost::asio::any_io_executor& executor) : timer_(executor) { timer_.expires_after(ask_timeout); }

  static void add(const std::shared_ptr<Round>& round, Task<Answer> asking) {
    const std::size_t place = round->answers_.size();
    round->answers_.push_back({.verdict = Verdict::unanswered, .reason = "timeout"});
    ++round->open_;
    auto note = [round, place](std::exception_ptr thrown, Answer answer) {
      if (thrown) answer = {.verdict = Verdict::unanswered, .reason = "failed"};
      round->answers_[place] = std::move(answer);
      if (--round->open_ == 0) round->timer_.cancel();
    };
    boost::asio::co_spawn(round->timer_.get_executor(), std::move(asking), std::move(note));
  }

  static Task<std::vector<Answer>> wait(std::shared_ptr<Round> round) {
    if (round->open_ > 0) co_await round->timer_.async_wait(boost::asio::as_tuple(boost::asio::use_awaitable));
    co_return round->answers_;
  }

 private:
  boost::asio::steady_timer timer_;
  std::vector<Answer> answers_;
  int open_ = 0;
};

std::string_view kind_of(CheckerId id) { return id.empty() ? "wechat" : "webhook"; }

}  // namespace

// ---- what is set up ----

Checks::ByApp Checks::read(sql::Transaction& tx) {
  ByApp apps;
  for (auto& [appid, settings] : store::all_settings(tx)) apps[appid].settings = std::move(settings);
  for (Outside& one : store::enabled_checkers(tx)) apps[one.appid].outside.push_back(std::move(one));
  return apps;
}

Task<Result<bool>> Checks::load() {
  const std::int64_t version = with_.version.current();  // before reading: a later change is then read again
  {
    const std::scoped_lock lock(mutex_);
    if (version == loaded_version_) co_return false;
  }
  auto look = [](sql::Transaction& tx) -> Result<ByApp> { return read(tx); };
  auto rows = co_await with_.database.read(std::move(look));
  if (!rows) co_return std::unexpected(rows.error());
  set(std::move(*rows), version);
  co_return true;
}

Result<void> Checks::prepare_blocking() {
  const std::int64_t version = with_.version.current();
  auto look = [](sql::Transaction& tx) -> Result<ByApp> { return read(tx); };
  auto rows = with_.database.read_blocking(std::move(look));
  if (!rows) return std::unexpected(rows.error());
  set(std::move(*rows), version);
  return {};
}

std::shared_ptr<const Checks::ByApp> Checks::current() const {
  const std::scoped_lock lock(mutex_);
  return current_;
}

void Checks::set(ByApp rows, std::int64_t version) {
  auto built = std::make_shared<const ByApp>(std::move(rows));
  const std::scoped_lock lock(mutex_);
  if (version < loaded_version_) return;  // of two that load at once, the one that began earlier may end later
  current_ = std::move(built);
  loaded_version_ = version;
  std::erase_if(turnstiles_, [this](const auto& entry) {
    const auto app = current_->find(entry.first.first);
    if (app == current_->end()) return true;
    if (entry.first.second.empty()) return !app->second.settings.wechat.enabled;
    return std::ranges::count(app->second.outside, entry.first.second, &Outside::id) == 0;
  });
}

Rules Checks::rules(const AppId& appid) const {
  const auto apps = current();
  const auto app = apps->find(appid);
  if (app == apps->end()) return {};
  return {app->second.settings.words, app->second.settings.wechat.enabled || !app->second.outside.empty()};
}

// ---- asking ----

std::shared_ptr<Turnstile> Checks::turnstile(const Key& key) {
  const std::scoped_lock lock(mutex_);
  std::shared_ptr<Turnstile>& one = turnstiles_[key];
  if (!one) one = std::make_shared<Turnstile>(with_.limits);
  return one;
}

void Checks::count(const Key& key, Verdict verdict) {
  (key.second.empty() ? wechat_ : webhook_)[static_cast<std::size_t>(verdict)].fetch_add(1);
}

Task<Answer> Checks::ask_wechat(Question question) {
  wechat::ApiCall call = wechat::text_security_call(question.openid, question.text);
  const WeChat::Reply reply = co_await with_.wechat.call(std::move(question.appid), std::move(call));
  co_return answer_of(reply);
}

// Runs to its end also when nobody waits any more: an answer that is late is none.
Task<Answer> Checks::through(Key key, Task<Answer> asking) {
  const auto gate = turnstile(key);
  Answer answer;
  switch (gate->enter(with_.clock.now())) {
    case Turnstile::Entry::busy:
      co_return Answer{.reason = "busy"};
    case Turnstile::Entry::resting:
      co_return Answer{.reason = "resting"};
    case Turnstile::Entry::in:
      break;
  }
  const auto started = std::chrono::steady_clock::now();
  try {
    answer = co_await std::move(asking);
  } catch (const std::exception& problem) {
    log::error("content_check.failed", {{"checker", kind_of(key.second)}, {"what", problem.what()}});
    answer = {.verdict = Verdict::unanswered, .reason = "failed"};
  }
  const auto taken = std::chrono::steady_clock::now() - started;
  answer.ms = std::chrono::duration_cast<std::chrono::milliseconds>(taken).count();
  const bool answered = answer.verdict != Verdict::unanswered && taken < ask_timeout;
  if (gate->leave(answered, with_.clock.now()))
    log::warn("content_check.resting", {{"appid", key.first.str()},
                                        {"checker", kind_of(key.second)},
                                        {"id", key.second.str()},
                                        {"reason", answer.reason}});
  co_return answer;
}

Task<std::vector<Finding>> Checks::ask(Question question) {
  std::vector<Finding> findings;
  const auto apps = current();
  const auto found = apps->find(question.appid);
  if (found == apps->end()) co_return findings;
  const App& app = found->second;
  question.text = shown_text(question.text, app.settings.leave_out);
  if (question.text.empty()) co_return findings;

  std::vector<Key> asked;
  const auto round = std::make_shared<Round>(co_await boost::asio::this_coro::executor);
  if (app.settings.wechat.enabled) {
    asked.emplace_back(question.appid, CheckerId());
    Round::add(round, through(asked.back(), ask_wechat(question)));
  }
  for (const Outside& one : app.outside) {
    asked.emplace_back(question.appid, one.id);
    Round::add(round, through(asked.back(), with_.webhook.ask(one, mask_personal_data(question.text))));
  }
  std::vector<Answer> answers = co_await Round::wait(round);
  for (std::size_t i = 0; i < asked.size(); ++i) {
    const Key& key = asked[i];
    const Answer& answer = answers[i];
    count(key, answer.verdict);
    if (answer.verdict != Verdict::pass)
      log::info("content_check.found", {{"appid", key.first.str()},
                                        {"checker", kind_of(key.second)},
                                        {"id", key.second.str()},
                                        {"verdict", word(answer.verdict)},
                                        {"ms", answer.ms}});
    const std::size_t outside = i - (app.settings.wechat.enabled ? 1 : 0);
    auto finding = key.second.empty() ? finding_of(app.settings.wechat, std::move(answers[i]))
                                      : finding_of(app.outside[outside], std::move(answers[i]));
    if (finding) findings.push_back(std::move(*finding));
  }
  co_return findings;
}

Task<Answer> Checks::ask_one(Outside checker, std::string text) {
  const auto started = std::chrono::steady_clock::now();
  Answer answer = co_await with_.webhook.ask(std::move(checker), std::move(text));
  const auto taken = std::chrono::steady_clock::now() - started;
  answer.ms = std::chrono::duration_cast<std::chrono::milliseconds>(taken).count();
  co_return answer;
}

Figures Checks::figures() const {
  Figures figures;
  for (std::size_t i = 0; i < verdict_words.size(); ++i) {
    figures.wechat[i] = wechat_[i].load();
    figures.webhook[i] = webhook_[i].load();
  }
  return figures;
}

}  // namespace miniops::content_check
