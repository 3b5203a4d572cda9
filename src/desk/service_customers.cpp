// Customers and search: the third part of service.hpp.
#include "desk/service.hpp"
#include "desk/work.hpp"

namespace miniops::desk {

namespace {
constexpr int sources_max = 20;
}

Task<Result<Service::FoundPage>> Service::search(Access access, std::string words, MessageId before, int limit) {
  auto read = [=, this](sql::Transaction& tx) -> Result<FoundPage> {
    FoundPage found;
    auto ids = store::search_messages(tx, access.appid(), words, access.sees_personal_data(), before, limit + 1);
    if (ids.size() > static_cast<std::size_t>(limit)) {
      ids.pop_back();
      found.page.next = {ids.back().value(), ids.back().value()};
    }
    const TimeMs now = with_.clock.now();
    for (const MessageId id : ids) {
      auto message = store::find_message(tx, id);
      if (!message || message->conversation_id.empty()) continue;  // still in the lobby
      auto conversation = store::find_conversation(tx, message->conversation_id);
      if (!conversation || conversation->appid != access.appid()) continue;
      found.page.items.push_back({std::move(*message), view_of(tx, std::move(*conversation), now)});
    }
    found.not_indexed = tx.query_one("SELECT COUNT(*) FROM (SELECT 1 FROM desk_search_pending LIMIT 10000) AS waiting")
                            .value()
                            .integer(0);
    return found;
  };
  co_return co_await with_.database.read(std::move(read));
}

Task<Result<Service::Customer>> Service::customer(Access access, OpenId openid) {
  auto read = [=](sql::Transaction& tx) -> Result<Customer> {
    auto thread = store::find_thread(tx, access.appid(), openid);
    if (!thread) return fail(errors::not_found("customer"));
    auto sources = store::sources_of(tx, *thread, sources_max);
    return Customer{std::move(*thread), std::move(sources)};
  };
  co_return co_await with_.database.read(std::move(read));
}

Task<Result<Service::Customer>> Service::change_customer(Access access, OpenId openid, CustomerPatch patch) {
  const TimeMs now = with_.clock.now();
  auto write = [=, this](sql::Transaction& tx) -> Result<Customer> {
    auto thread = store::find_thread(tx, access.appid(), openid);
    if (!thread) return fail(errors::not_found("customer"));
    if (auto described = with_.profiles.describe(tx, access, std::move(*thread), patch, now); !described)
      return std::unexpected(described.error());
    const Thread after = store::find_thread(tx, access.appid(), openid).value();
    return Customer{after, store::sources_of(tx, after, sources_max)};
  };
  auto changed = co_await with_.database.write(std::move(write));
  if (changed) committed(access.appid());
  co_return changed;
}

}  // namespace miniops::desk
