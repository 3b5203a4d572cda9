// Customers who wait, told by themselves.
#pragma once

#include "desk/tests/desk_fixture.hpp"
#include "teams/store.hpp"

namespace miniops::desk {

class QueueTest : public DeskTest {
 protected:
  void set(json::object change) { must(sql::run(desk_->settings().set_queue_settings(admin(), std::move(change)))); }
  void change_group(const std::function<void(teams::Group&)>& change) {
    auto write = [&](sql::Transaction& tx) -> Result<void> {
      teams::Group group = teams::default_group_at_first();
      change(group);
      teams::store::put_group(tx, AppId("wxapp"), group);
      sql::raise_config_version(tx);
      return {};
    };
    must(db().write_blocking(write));
    must(sql::run(setups_->load(true)));
  }
  void replies(std::size_t count) {
    json::array texts;
    for (std::size_t i = 0; i < count; ++i)
      texts.push_back(json::object{{"msgtype", "text"}, {"text", {{"content", fmt::format("自动 {}", i + 1)}}}});
    add_rule({{"name", "default"}, {"kind", "default"}, {"replies", std::move(texts)}});
  }
  // What the customer got, oldest first.
  std::vector<std::string> told(const std::string& openid) {
    std::vector<std::string> texts;
    for (const Message& one : messages(conversation_of(openid).id))
      if (one.direction == Direction::out) texts.push_back(content(one));
    return texts;
  }
  // WeChat accepted whatever was said: until then it counts against the next window.
  void all_sent() { execute("DELETE FROM gateway_outbox"); }
  int remaining(const std::string& openid) {
    return must(sql::run(service().get(admin(), conversation_of(openid).id))).budget->remaining;
  }
};

}  // namespace miniops::desk
