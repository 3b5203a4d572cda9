// Service levels on a fresh database of either engine. The clock stands at minute 0 of a Wednesday, 09:00 in China.
#pragma once

#include <gmock/gmock.h>

#include "calendar/tests/moments.hpp"
#include "service_levels/conversation_clocks.hpp"
#include "service_levels/service.hpp"
#include "storage/testing/engines.hpp"

namespace miniops::identity {
std::span<const sql::Migration> migrations();
}

namespace miniops::service_levels {
std::span<const sql::Migration> migrations();

inline const AppId shop("wxshop");
inline const TimeMs minute_0 = calendar::china(calendar::date(2026, 9, 23), 9, 0);

// A target of so many minutes.
inline Target promise(int first, int next, int resolution, bool business = false) {
  return {"", std::nullopt, first * minute_ms, next * minute_ms, resolution * minute_ms, business};
}

class ServiceLevelsTest : public sql::EngineTest {
 protected:
  void SetUp() override {
    open({identity::migrations(), service_levels::migrations()});
    clock_.set(minute_0);
    service_.emplace(Service::Collaborators{db(), clock_, ids_});
    about_.conversation = ConversationId(7);
    about_.appid = shop;
  }
  void TearDown() override {
    service_.reset();
    sql::EngineTest::TearDown();
  }

  template <class T>
  static T must(Result<T> result) {
    if (!result) throw std::runtime_error(result.error().code + ": " + result.error().message);
    if constexpr (!std::is_void_v<T>) return std::move(*result);
  }
  static Access access(identity::Role role = identity::Role::admin) {
    identity::Caller caller;
    caller.account = AccountId(9);
    caller.username = "wang";
    caller.roles = {{shop, role}};
    caller.via = "session";
    return caller.access(shop, identity::Permission::desk_read).value();
  }

  void set_targets(std::vector<Target> items, Warnings warnings = {}) {
    Targets targets = must(sql::run(service_->targets(access())));
    targets.items = std::move(items);
    targets.warnings = warnings;
    must(sql::run(service_->set_targets(access(), std::move(targets))));
  }
  // What the desk does in one transaction; when it is to fire next.
  template <class Act>
  TimeMs happens(Act act) {
    auto write = [&](sql::Transaction& tx) -> Result<TimeMs> {
      ConversationClocks clocks(tx, ids_, about_);
      act(clocks);
      return clocks.save();
    };
    return must(db().write_blocking(write));
  }
  std::vector<Notice> fire(TimeMs now) {
    std::vector<Notice> notices;
    happens([&](ConversationClocks& clocks) { notices = clocks.fire(now); });
    return notices;
  }
  void opens(TimeMs at) {
    happens([=](ConversationClocks& clocks) {
      clocks.opened(at);
      clocks.queued(at);
      clocks.asked(at);
    });
  }
  void answers(TimeMs at, AccountId agent = AccountId(1)) {
    happens([=](ConversationClocks& clocks) { clocks.answered({at, at, 0, agent}); });
  }
  // By kind and ordinal.
  std::vector<ServiceClock> stored() {
    auto read = [&](sql::Transaction& tx) -> Result<std::vector<ServiceClock>> {
      return store::list_clocks(tx, shop, about_.conversation, std::nullopt, 100);
    };
    auto clocks = must(db().read_blocking(read));
    std::ranges::sort(clocks, {}, [](const ServiceClock& one) { return std::pair(one.kind, one.ordinal); });
    return clocks;
  }
  ServiceClock stored(Kind kind) {
    const auto clocks = stored();
    return *std::ranges::find(clocks, kind, &ServiceClock::kind);
  }
  std::int64_t rows(const std::string& table) { return query("SELECT COUNT(*) FROM " + table)[0].integer(0); }

  static TimeMs at(int minute) { return minute_0 + minute * minute_ms; }

  About about_;
  std::optional<Service> service_;
};

}  // namespace miniops::service_levels
