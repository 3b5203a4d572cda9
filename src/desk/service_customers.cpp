// Customers and search: the third part of service.hpp.
#include "desk/service.hpp"
#include "desk/sight.hpp"
#include "desk/work.hpp"

namespace miniops::desk {

namespace {
constexpr int sources_max = 20;
}

Task<Result<Service::FoundPage>> Service::search(Access access, std::string words, MessageId before, int limit) {
  const ReadScope scope = scope_of(access);
  auto read = [=, this](sql::Transaction& tx) -> Result<FoundPage> {
    FoundPage found;
    auto ids = store::search_messages(tx, access.appid(), sought(access, words), before, limit + 1);
    if (ids.size() > static_cast<std::size_t>(limit)) {
      ids.pop_back();
      found.page.next = {ids.back().value(), ids.back().value()};
    }
    const TimeMs now = with_.clock.now();
    for (const MessageId id : ids) {
      auto message = store::find_message(tx, id);
      if (!message || message->conversation_id.empty()) continue;  // still in the lobby
      auto conversation = store::find_conversation(tx, message->conversation_id);
      if (!conversation || conversation->appid != access.appid() || !scope.covers(*conversation)) continue;
      found.page.items.push_back({std::move(*message), view_of(tx, std::move(*conversation), now)});
    }
    found.not_indexed = store::count_not_indexed(tx);
    return found;
  };
  auto found = co_await with_.database.read(std::move(read));
  if (!found || !scope.wide()) co_return found;
  if (auto noted = co_await audit_search(std::move(access), std::move(words)); !noted)
    co_return std::unexpected(noted.error());
  co_return found;
}

Task<Result<Service::Customer>> Service::customer(Access access, OpenId openid) {
  const ReadScope scope = scope_of(access);
  auto read = [=](sql::Transaction& tx) -> Result<Customer> {
    auto thread = store::find_thread(tx, access.appid(), openid);
    if (!thread) return fail(errors::not_found("customer"));
    if (auto may = may_see(tx, scope, thread->id); !may) return std::unexpected(may.error());
    auto sources = store::sources_of(tx, *thread, sources_max);
    auto notices = store::notices_of(tx, thread->id);
    return Customer{std::move(*thread), std::move(sources), std::move(notices)};
  };
  co_return co_await with_.database.read(std::move(read));
}

Task<Result<void>> Service::may_see_customer(Access access, OpenId openid) {
  const ReadScope scope = scope_of(access);
  auto read = [=](sql::Transaction& tx) -> Result<void> {
    const auto thread = store::find_thread(tx, access.appid(), openid);
    // Of whom the desk knows nothing, there is no conversation that could be read: to those who do not read all of
    // them, there is nobody.
    auto may = may_see(tx, scope, thread ? thread->id : ThreadId());
    if (!may && !thread) return fail(errors::not_found("customer"));
    return may;
  };
  co_return co_await with_.database.read(std::move(read));
}

Task<Result<Service::Customer>> Service::change_customer(Access access, OpenId openid, CustomerPatch patch) {
  const TimeMs now = with_.clock.now();
  const ReadScope scope = scope_of(access);
  auto write = [=, this](sql::Transaction& tx) -> Result<Customer> {
    auto thread = store::find_thread(tx, access.appid(), openid);
    if (!thread) return fail(errors::not_found("customer"));
    if (auto may = may_see(tx, scope, thread->id); !may) return std::unexpected(may.error());
    if (auto described = with_.profiles.describe(tx, access, std::move(*thread), patch, now); !described)
      return std::unexpected(described.error());
    const Thread after = store::find_thread(tx, access.appid(), openid).value();
    return Customer{after, store::sources_of(tx, after, sources_max), store::notices_of(tx, after.id)};
  };
  auto changed = co_await with_.database.write(std::move(write));
  if (changed) committed(access.appid());
  co_return changed;
}

}  // namespace miniops::desk
