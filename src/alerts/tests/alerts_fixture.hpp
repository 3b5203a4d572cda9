// Alerts on a fresh database of either engine, with figures, health and mail from the test.
#pragma once

#include <gmock/gmock.h>

#include "alerts/preview.hpp"
#include "alerts/service.hpp"
#include "identity/service.hpp"
#include "storage/testing/engines.hpp"

namespace miniops::alerts {
std::span<const sql::Migration> migrations();

inline const AppId app_id("wxapp");

// Answers each window with what a function of its beginning says, for each group.
class FakeSignals final : public Signals {
 public:
  using Figure = std::function<Sample(TimeMs at, TimeMs step)>;
  Task<Result<std::vector<Sample>>> ask(Question question) override {
    ++questions;
    asked = question.records;
    if (broken) co_return fail(ErrorKind::unavailable, "storage.events_unavailable", "the store is away");
    std::vector<Sample> out;
    for (const auto& [group, figure] : groups)
      for (TimeMs at = question.from; at < question.to; at += question.step) {
        Sample sample = figure(at, question.step);
        sample.at = at;
        sample.group = question.by ? group : "";
        if (sample.count > 0) out.push_back(std::move(sample));
      }
    co_return out;
  }
  std::map<std::string, Figure> groups;
  std::shared_ptr<const Selection> asked;  // by the question that is being answered
  bool broken = false;
  int questions = 0;
};

class FakeHealth final : public HealthSource {
 public:
  Task<Result<std::vector<HealthFigure>>> figures(AppId) override { co_return all; }
  std::vector<HealthFigure> all{{"journal_lag_ms", 10, "ms"}};
};

class FakeQueries final : public QueryParser {
 public:
  Result<events::Matching> parse(std::string_view text) const override {
    if (text == "(") return fail(ErrorKind::invalid, "logs.invalid_query", "a bracket is open");
    return std::make_shared<const events::Predicate>();
  }
  Task<Result<std::string>> saved(AppId, std::int64_t id) override {
    if (id == 404) co_return fail(ErrorKind::not_found, "logs.not_found", "gone");
    co_return std::string("timeout");
  }
};

// Keeps what was queued in a table, so that it goes with a transaction that is rolled back.
class FakeSender final : public Sender {
 public:
  Result<void> queue(sql::Transaction& tx, const notify::Notification& notification, TimeMs) override {
    if (refuses) return fail(ErrorKind::invalid, "notify.invalid_notification", "refused");
    tx.execute("INSERT INTO sent (key, title, text, resolved) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING",
               {notification.dedupe_key, notification.title, notification.text, notification.resolved});
    return {};
  }
  void wake() override { ++wakes; }
  bool refuses = false;
  int wakes = 0;
};

class AlertsTest : public sql::EngineTest {
 protected:
  void SetUp() override {
    open({identity::migrations(), alerts::migrations()});
    execute(
        "CREATE TABLE sent (key TEXT NOT NULL PRIMARY KEY, title TEXT NOT NULL, text TEXT NOT NULL, resolved BIGINT "
        "NOT NULL)");
    clock_.set(clock_.now() - clock_.now() % tick_ms + settle_ms);
    start();
  }
  void start() {
    version_.emplace(db());
    watcher_.emplace(Watcher::Collaborators{signals_, health_, queries_});
    evaluator_.emplace(Evaluator::Collaborators{db(), *version_, clock_, ids_, *watcher_});
    teller_.emplace(Teller::Collaborators{db(), sender_, clock_, ids_, "https://ops.example.com"});
    service_.emplace(Service::Collaborators{db(), *version_, clock_, ids_, health_, queries_, sender_,
                                            [](AppId) -> Task<std::vector<std::pair<std::string, TimeMs>>> {
                                              co_return std::vector<std::pair<std::string, TimeMs>>{};
                                            }});
  }
  void TearDown() override {
    service_.reset();
    teller_.reset();
    evaluator_.reset();
    watcher_.reset();
    version_.reset();
    sql::EngineTest::TearDown();
  }

  static Access access_of(const std::string& name = "wang", identity::Role role = identity::Role::developer,
                          const AppId& appid = app_id) {
    identity::Caller caller;
    caller.account = identity::AccountId(7);
    caller.username = name;
    caller.roles[appid] = role;
    return caller.access(appid, identity::Permission::telemetry_read).value();
  }
  template <class T>
  static T must(Result<T> result) {
    if (!result) throw std::runtime_error(result.error().code + ": " + result.error().message);
    if constexpr (!std::is_void_v<T>) return std::move(*result);
  }
  template <class T>
  static std::string code_of(const Result<T>& result) {
    return result ? "ok" : result.error().code;
  }

  // ---- what is there ----
  Rule rule(const std::string& definition) {
    const auto parsed = must(parse_rule(json::parse(definition)));
    return must(sql::run(service_->add_rule(access_of(), parsed))).rule;
  }
  // Fires at once when a figure is above 100.
  Rule count_rule(const std::string& more = "") {
    return rule(R"({"name":"错误多","kind":"error_count","severity":"warning","priority":"P2","watch":{},)"
                R"("condition":{"type":"static","direction":"above","threshold":100},"for_ms":0,"clear_ms":60000)" +
                more + "}");
  }
  void receivers(const std::string& more = R"("otherwise":["值班"])") {
    auto all = to_json(Receivers{});
    all["receivers"] = json::parse(R"([{"name":"值班","channels":["1"]},{"name":"主管","channels":["2"]}])");
    const json::value patch = json::parse("{" + more + "}");
    for (const auto& [key, value] : patch.as_object()) all[key] = value;
    const Receivers parsed = must(parse_receivers(all));
    auto put = [&](sql::Transaction& tx) -> Result<void> {
      store::put_receivers(tx, app_id, parsed);
      return {};
    };
    must(db().write_blocking(put));
  }
  void figure(double value, const std::string& group = "") {
    signals_.groups[group] = [value](TimeMs, TimeMs) { return Sample{0, "", value, value > 0 ? value : 1}; };
  }

  // ---- time goes by ----
  void look() {
    must(sql::run(evaluator_->evaluate(app_id)));
    must(sql::run(teller_->remind()));
    must(sql::run(teller_->tell()));
  }
  void pass(TimeMs ms, TimeMs step = tick_ms) {
    for (TimeMs gone = 0; gone < ms; gone += step) {
      clock_.advance(step);
      look();
    }
  }

  // ---- what came of it ----
  std::vector<Alert> alerts() {
    auto read = [](sql::Transaction& tx) -> Result<std::vector<Alert>> {
      return store::list_alerts(tx, app_id, {}, std::nullopt, 100);
    };
    return must(db().read_blocking(read));
  }
  Alert only() {
    const auto all = alerts();
    if (all.size() != 1) throw std::runtime_error(fmt::format("expected one alert, got {}", all.size()));
    return all.front();
  }
  std::vector<std::string> sent() {
    std::vector<std::string> out;
    for (const sql::Row& row : query("SELECT title FROM sent ORDER BY key")) out.push_back(row.text(0));
    return out;
  }
  std::string whole_timeline(AlertId id) {
    std::string out;
    for (const auto& entry : must(sql::run(service_->timeline(access_of(), id)))) out += entry.what + " ";
    return out;
  }

  FakeSignals signals_;
  FakeHealth health_;
  FakeQueries queries_;
  FakeSender sender_;
  std::optional<sql::ConfigVersion> version_;
  std::optional<Watcher> watcher_;
  std::optional<Evaluator> evaluator_;
  std::optional<Teller> teller_;
  std::optional<Service> service_;
};

}  // namespace miniops::alerts
