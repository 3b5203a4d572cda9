// Saved queries. The fourth part of service.hpp.
#include "base/mask.hpp"
#include "identity/audit.hpp"
#include "logs/errors.hpp"
#include "logs/service.hpp"
#include "logs/store.hpp"

namespace miniops::logs {

namespace {

constexpr std::size_t queries_max = 200;

void take(SavedQuery& query, const QueryDraft& draft, TimeMs now) {
  query.name = draft.name;
  query.query = draft.query;
  query.source = draft.source;
  query.level = draft.level;
  query.columns = draft.columns;
  query.updated_at = now;
}

std::string object_of(std::int64_t id) { return "logs_query:" + std::to_string(id); }

}  // namespace

Task<Result<std::vector<SavedQuery>>> Service::queries(Access access) {
  auto read = [appid = access.appid()](sql::Transaction& tx) -> Result<std::vector<SavedQuery>> {
    return store::queries(tx, appid);
  };
  co_return co_await with_.database.read(std::move(read));
}

Task<Result<SavedQuery>> Service::add_query(Access access, QueryDraft draft) {
  if (const auto query = read_query(draft.query); !query) co_return std::unexpected(query.error());
  SavedQuery made;
  made.id = with_.ids.next();
  made.created_at = with_.clock.now();
  made.account = access.account();
  made.username = access.username();
  take(made, draft, made.created_at);
  const identity::AuditEntry entry{
      with_.ids.next(),
      made.created_at,
      "logs.query.create",
      object_of(made.id),
      {{"name", {{"to", made.name}}}, {"query", {{"to", mask_personal_data(made.query)}}}}};
  auto write = [=](sql::Transaction& tx) -> Result<SavedQuery> {
    if (store::queries(tx, access.appid()).size() >= queries_max) return fail(errors::too_many_queries());
    if (!store::put_query(tx, access.appid(), made)) return fail(errors::name_taken());
    identity::audit(tx, access, entry);
    return made;
  };
  co_return co_await with_.database.write(std::move(write));
}

Task<Result<SavedQuery>> Service::change_query(Access access, std::int64_t id, QueryDraft draft) {
  if (const auto query = read_query(draft.query); !query) co_return std::unexpected(query.error());
  const TimeMs now = with_.clock.now();
  const std::int64_t audit_id = with_.ids.next();
  auto write = [=](sql::Transaction& tx) -> Result<SavedQuery> {
    auto there = store::find_query(tx, access.appid(), id);
    if (!there) return fail(errors::not_found("saved query"));
    if (!may_change(access, there->account)) return fail(errors::not_yours());
    const json::object changes{
        {"name", {{"from", there->name}, {"to", draft.name}}},
        {"query", {{"from", mask_personal_data(there->query)}, {"to", mask_personal_data(draft.query)}}}};
    take(*there, draft, now);
    if (!store::put_query(tx, access.appid(), *there)) return fail(errors::name_taken());
    identity::audit(tx, access, {audit_id, now, "logs.query.update", object_of(id), changes});
    return *there;
  };
  co_return co_await with_.database.write(std::move(write));
}

Task<Result<void>> Service::delete_query(Access access, std::int64_t id) {
  const TimeMs now = with_.clock.now();
  const std::int64_t audit_id = with_.ids.next();
  auto write = [=](sql::Transaction& tx) -> Result<void> {
    const auto there = store::find_query(tx, access.appid(), id);
    if (!there) return fail(errors::not_found("saved query"));
    if (!may_change(access, there->account)) return fail(errors::not_yours());
    store::delete_query(tx, access.appid(), id);
    identity::audit(tx, access,
                    {audit_id, now, "logs.query.delete", object_of(id), {{"name", {{"from", there->name}}}}});
    return {};
  };
  co_return co_await with_.database.write(std::move(write));
}

}  // namespace miniops::logs
