#include "service_levels/service.hpp"

#include "identity/audit.hpp"
#include "service_levels/errors.hpp"

namespace miniops::service_levels {

namespace {

// Cuts the row that tells whether more follow; `key` is what the list is sorted by, besides the id.
ClockPage page_of(std::vector<ServiceClock> clocks, int limit, TimeMs ServiceClock::* key) {
  ClockPage page{std::move(clocks)};
  if (page.items.size() <= static_cast<std::size_t>(limit)) return page;
  page.items.resize(static_cast<std::size_t>(limit));
  page.next = {page.items.back().*key, page.items.back().id.value()};
  return page;
}

Scope scope_of(const Access& access) {
  return {access.groups_with(identity::Permission::desk_supervise), access.account()};
}

}  // namespace

Task<Result<Targets>> Service::targets(Access access) {
  auto read = [=](sql::Transaction& tx) -> Result<Targets> { return store::targets(tx, access.appid()); };
  co_return co_await with_.database.read(std::move(read));
}

Task<Result<Targets>> Service::set_targets(Access access, Targets targets) {
  targets.updated_by = access.username();
  targets.updated_at = with_.clock.now();
  const std::int64_t audit_id = with_.ids.next();
  auto write = [=](sql::Transaction& tx) -> Result<Targets> {
    const Targets before = store::targets(tx, access.appid());
    if (before.version != targets.version) return fail(errors::changed());
    Targets after = targets;
    ++after.version;
    store::put_targets(tx, access.appid(), after);
    identity::audit(tx, access,
                    {audit_id,
                     after.updated_at,
                     "service_levels.targets.update",
                     "service_levels_targets:" + access.appid().str(),
                     {{"targets", {{"from", to_json(before)}, {"to", to_json(after)}}}}});
    return after;
  };
  co_return co_await with_.database.write(std::move(write));
}

Task<Result<ClockPage>> Service::clocks(Access access, ConversationId conversation, store::Before before, int limit) {
  auto read = [=, this](sql::Transaction& tx) -> Result<ClockPage> {
    if (with_.may_see)
      if (auto may = with_.may_see(tx, access, conversation); !may) return std::unexpected(may.error());
    return page_of(store::list_clocks(tx, access.appid(), conversation, before, limit + 1), limit,
                   &ServiceClock::started_at);
  };
  co_return co_await with_.database.read(std::move(read));
}

Task<Result<ClockPage>> Service::breaches(Access access, BreachFilter filter, store::Before before, int limit) {
  filter.among.scope = scope_of(access);
  auto read = [=](sql::Transaction& tx) -> Result<ClockPage> {
    return page_of(store::list_breaches(tx, access.appid(), filter, before, limit + 1), limit,
                   &ServiceClock::breached_at);
  };
  co_return co_await with_.database.read(std::move(read));
}

Task<Result<std::vector<Tally>>> Service::tally(Access access, TallyQuestion question) {
  question.among.scope = scope_of(access);
  auto read = [=](sql::Transaction& tx) -> Result<std::vector<Tally>> {
    return store::tally(tx, access.appid(), question);
  };
  co_return co_await with_.database.read(std::move(read));
}

}  // namespace miniops::service_levels
