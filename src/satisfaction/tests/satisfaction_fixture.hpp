// Satisfaction on a fresh database of either engine.
#pragma once

#include <gmock/gmock.h>

#include "satisfaction/service.hpp"
#include "storage/testing/engines.hpp"

namespace miniops::identity {
std::span<const sql::Migration> migrations();
}

namespace miniops::satisfaction {
std::span<const sql::Migration> migrations();

inline const AppId shop("wxshop");

class SatisfactionTest : public sql::EngineTest {
 protected:
  void SetUp() override { open({identity::migrations(), satisfaction::migrations()}); }

  template <class T>
  static T must(Result<T> result) {
    if (!result) throw std::runtime_error(result.error().code + ": " + result.error().message);
    if constexpr (!std::is_void_v<T>) return std::move(*result);
  }
  template <class T>
  static std::string code_of(const Result<T>& result) {
    return result ? "ok" : result.error().code;
  }

  // One transaction of another module.
  template <class F>
  auto within(F act) -> std::invoke_result_t<F&, sql::Transaction&> {
    using Out = std::invoke_result_t<F&, sql::Transaction&>;
    if constexpr (std::is_void_v<Out>) {
      auto write = [&](sql::Transaction& tx) -> Result<void> {
        act(tx);
        return {};
      };
      must(db().write_blocking(write));
    } else {
      auto write = [&](sql::Transaction& tx) -> Result<Out> { return act(tx); };
      return must(db().write_blocking(write));
    }
  }

  // ---- what happens ----
  void set(const Settings& settings) {
    within([&](sql::Transaction& tx) { store::put_settings(tx, shop, settings); });
  }
  static Settings switched_on(Form form = Form::text) {
    Settings settings;
    settings.enabled = true;
    settings.form = form;
    if (form == Form::card) {
      settings.texts = {{"zh", "请评价"}};
      settings.card_page = "pages/rate/rate";
      settings.card_picture_id = "p1";
    }
    return settings;
  }
  // Thread and profile have the same number here.
  ClosedConversation conversation(std::int64_t id, std::int64_t customer = 100) const {
    ClosedConversation facts;
    facts.appid = shop;
    facts.conversation = ConversationId(id);
    facts.thread = ThreadId(customer);
    facts.profile = ProfileId(customer);
    facts.agent = AccountId(7);
    facts.group = GroupId(3);
    facts.day = 20251121;
    facts.human_answered = true;
    facts.window_ends_at = clock_.now() + 47 * hour_ms;
    facts.remaining = 10;
    return facts;
  }
  std::optional<Question> close(const ClosedConversation& facts) {
    return within([&](sql::Transaction& tx) { return surveys_.closed(tx, facts, clock_.now()); });
  }
  std::optional<Question> close(std::int64_t id, std::int64_t customer = 100) {
    return close(conversation(id, customer));
  }
  void accept(std::int64_t id) {
    within([&](sql::Transaction& tx) { surveys_.accepted(tx, ConversationId(id), clock_.now()); });
  }
  void refuse(std::int64_t id) {
    within([&](sql::Transaction& tx) { surveys_.refused(tx, ConversationId(id)); });
  }
  Heard hear(const std::string& text, std::int64_t customer = 100) {
    return within([&](sql::Transaction& tx) { return surveys_.heard(tx, ThreadId(customer), {text, clock_.now()}); });
  }
  std::string rate(const std::string& token, int score, const std::string& comment = "") {
    auto write = [&](sql::Transaction& tx) { return surveys_.rate(tx, token, score, comment, clock_.now()); };
    return code_of(db().write_blocking(write));
  }
  std::string check(const std::string& token) {
    auto read = [&](sql::Transaction& tx) { return surveys_.check(tx, token, clock_.now()); };
    return code_of(db().read_blocking(read));
  }
  // A conversation that was asked about by a link; its token.
  std::string token_of(std::int64_t id, std::int64_t customer = 100) {
    set(switched_on(Form::link));
    const std::string text = close(id, customer).value().text;
    return text.substr(text.rfind('/') + 1);
  }

  // ---- what is there ----
  Survey stored(std::int64_t id) {
    return within([&](sql::Transaction& tx) { return store::survey_of(tx, ConversationId(id)).value(); });
  }
  std::vector<store::FollowUpView> follow_ups() {
    return within([&](sql::Transaction& tx) { return store::list_follow_ups(tx, shop, {}, FollowUpId(), 100); });
  }
  std::int64_t rows(const std::string& table) { return query("SELECT COUNT(*) FROM " + table)[0].integer(0); }

  Sealer sealer_{std::string(Sealer::key_bytes, 'k'), random_};
  Vault vault_{sealer_, std::string(32, 'h')};
  Surveys surveys_{{ids_, random_, vault_, "https://ops.example.cn/"}};
};

}  // namespace miniops::satisfaction
