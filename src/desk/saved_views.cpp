#include "desk/saved_views.hpp"

#include <algorithm>

#include "desk/conversation.hpp"
#include "desk/errors.hpp"
#include "identity/audit.hpp"
#include "routing/rule.hpp"
#include "wrapup/wrap_up.hpp"

namespace miniops::desk {

namespace {

constexpr std::int64_t day_minutes = 24 * 60;

// me, none, or an account's id.
std::optional<std::string> read_agent(JsonInput& in) {
  auto agent = in.optional_text("agent", {1, 20});
  if (agent && *agent != "me" && *agent != "none" && !parse_as<AccountId>(*agent)) {
    in.mistake("agent", "must be me, none or an account id");
    return std::nullopt;
  }
  return agent;
}

}  // namespace

json::object read_view_filter(JsonInput& in) {
  json::object filter;
  const auto put = [&](std::string_view name, const auto& value) {
    if (value) filter[name] = *value;
  };
  const auto put_id = [&](std::string_view name) {
    if (const auto id = in.optional_id(name)) filter[name] = std::to_string(*id);
  };
  put("state", in.optional_choice("state", {"waiting", "active", "closed"}));
  put_id("group_id");
  put("agent", read_agent(in));
  put("tag", in.optional_text("tag", {1, wrapup::tag_rule.chars_max}));
  put_id("reason_id");
  put("waiting_minutes", in.optional_integer("waiting_minutes", 1, 7 * day_minutes));
  put("window_minutes", in.optional_integer("window_minutes", 1, 2 * day_minutes));
  put("priority", in.optional_integer("priority", 1, routing::priority_max));
  for (const std::string_view name : {"unread", "left_message"})
    if (in.optional_boolean(name).value_or(false)) filter[name] = true;
  if (const json::value* state = filter.if_contains("state"); state != nullptr && *state == "closed")
    for (const std::string_view name : {"waiting_minutes", "window_minutes", "priority", "unread", "left_message"})
      if (filter.contains(name)) in.mistake(name, "is of no closed conversation");
  return filter;
}

namespace {

SavedView view_of(const sql::Row& row) {
  return {row.id<SavedViewId>(0), row.id<AccountId>(1), row.text(2), json::parse(row.text(3)).as_object(),
          row.integer(4)};
}

std::vector<SavedView> views_of(sql::Transaction& tx, const AppId& appid, AccountId owner) {
  std::vector<SavedView> views;
  for (const sql::Row& row : tx.query("SELECT id, account_id, name, filter, updated_at FROM desk_saved_views WHERE "
                                      "appid = $1 AND account_id = $2 ORDER BY position, id",
                                      {appid, owner}))
    views.push_back(view_of(row));
  return views;
}

Result<SavedView> find(sql::Transaction& tx, const Access& access, SavedViewId id) {
  const auto row = tx.query_one(
      "SELECT id, account_id, name, filter, updated_at FROM desk_saved_views WHERE appid = $1 AND id = $2 AND "
      "(account_id = 0 OR account_id = $3)",
      {access.appid(), id, access.account()});
  if (!row) return fail(errors::not_found("saved view"));
  return view_of(*row);
}

void move(sql::Transaction& tx, SavedViewId id, std::int64_t position) {
  tx.execute("UPDATE desk_saved_views SET position = $2 WHERE id = $1", {id, position});
}

// Where one more goes. desk.too_many
Result<std::int64_t> end_of(sql::Transaction& tx, const AppId& appid, AccountId owner) {
  const auto row = tx.query_one(
      "SELECT COUNT(*), COALESCE(MAX(position), 0) FROM desk_saved_views WHERE appid = $1 AND account_id = $2",
      {appid, owner});
  if (row->integer(0) >= saved_views_max) return fail(errors::too_many("saved views", saved_views_max));
  return row->integer(1) + 1;
}

Result<void> may_change(const Access& access, AccountId owner) {
  if (!owner.empty() || access.may(identity::Permission::desk_configure)) return {};
  return fail(errors::shared_view_forbidden());
}

void apply(SavedView& view, const SavedViewPatch& patch, AccountId caller) {
  if (patch.shared) view.owner = *patch.shared ? AccountId() : caller;
  if (patch.name) view.name = *patch.name;
  if (patch.filter) view.filter = *patch.filter;
}

json::value described(const SavedView* view) {
  if (view == nullptr || !view->owner.empty()) return nullptr;
  return {{"name", view->name}, {"filter", view->filter}};
}

// What a member arranges for themselves is nobody else's affair.
void audit_shared(sql::Transaction& tx, const Access& access, identity::AuditEntry entry, const SavedView* before,
                  const SavedView* after) {
  json::value from = described(before), to = described(after);
  if (from == to) return;
  entry.changes["view"] = {{"from", std::move(from)}, {"to", std::move(to)}};
  identity::audit(tx, access, entry);
}

}  // namespace

Task<Result<std::vector<SavedView>>> SavedViews::list(Access access) {
  auto read = [=](sql::Transaction& tx) -> Result<std::vector<SavedView>> {
    auto views = views_of(tx, access.appid(), AccountId());
    if (!access.account().empty())
      std::ranges::move(views_of(tx, access.appid(), access.account()), std::back_inserter(views));
    return views;
  };
  co_return co_await database_.read(std::move(read));
}

Task<Result<SavedView>> SavedViews::add(Access access, SavedViewPatch given) {
  SavedView made{ids_.next_as<SavedViewId>(), access.account()};
  apply(made, given, access.account());
  made.updated_at = clock_.now();
  if (auto may = may_change(access, made.owner); !may) co_return std::unexpected(may.error());
  const identity::AuditEntry entry{ids_.next(), made.updated_at, "desk.view.create", "view:" + made.id.str()};
  auto write = [=](sql::Transaction& tx) -> Result<SavedView> {
    const auto position = end_of(tx, access.appid(), made.owner);
    if (!position) return std::unexpected(position.error());
    tx.execute(
        "INSERT INTO desk_saved_views (id, appid, account_id, name, filter, position, updated_at) VALUES ($1, $2, $3, "
        "$4, $5, $6, $7)",
        {made.id, access.appid(), made.owner, made.name, json::serialize(made.filter), *position, made.updated_at});
    audit_shared(tx, access, entry, nullptr, &made);
    return made;
  };
  co_return co_await database_.write(std::move(write));
}

Task<Result<SavedView>> SavedViews::change(Access access, SavedViewId id, SavedViewPatch patch) {
  const identity::AuditEntry entry{ids_.next(), clock_.now(), "desk.view.update", "view:" + id.str()};
  auto write = [=](sql::Transaction& tx) -> Result<SavedView> {
    const auto before = find(tx, access, id);
    if (!before) return before;
    SavedView after = *before;
    apply(after, patch, access.account());
    after.updated_at = entry.at;
    for (const AccountId owner : {before->owner, after.owner})
      if (auto may = may_change(access, owner); !may) return std::unexpected(may.error());
    if (after.owner != before->owner) {
      const auto position = end_of(tx, access.appid(), after.owner);
      if (!position) return std::unexpected(position.error());
      move(tx, id, *position);
    }
    tx.execute("UPDATE desk_saved_views SET account_id = $2, name = $3, filter = $4, updated_at = $5 WHERE id = $1",
               {id, after.owner, after.name, json::serialize(after.filter), after.updated_at});
    audit_shared(tx, access, entry, &*before, &after);
    return after;
  };
  co_return co_await database_.write(std::move(write));
}

Task<Result<void>> SavedViews::remove(Access access, SavedViewId id) {
  const identity::AuditEntry entry{ids_.next(), clock_.now(), "desk.view.delete", "view:" + id.str()};
  auto write = [=](sql::Transaction& tx) -> Result<void> {
    const auto before = find(tx, access, id);
    if (!before) return std::unexpected(before.error());
    if (auto may = may_change(access, before->owner); !may) return may;
    tx.execute("DELETE FROM desk_saved_views WHERE id = $1", {id});
    audit_shared(tx, access, entry, &*before, nullptr);
    return {};
  };
  co_return co_await database_.write(std::move(write));
}

Task<Result<void>> SavedViews::order(Access access, bool shared, std::vector<SavedViewId> first) {
  const AccountId owner = shared ? AccountId() : access.account();
  if (auto may = may_change(access, owner); !may) co_return std::unexpected(may.error());
  auto write = [=](sql::Transaction& tx) -> Result<void> {
    const auto views = views_of(tx, access.appid(), owner);
    std::vector<std::pair<std::ptrdiff_t, std::size_t>> places;  // where it was named, and where it stood
    for (std::size_t i = 0; i < views.size(); ++i)
      places.emplace_back(std::ranges::find(first, views[i].id) - first.begin(), i);
    std::ranges::sort(places);
    for (std::size_t i = 0; i < places.size(); ++i)
      move(tx, views[places[i].second].id, static_cast<std::int64_t>(i) + 1);
    return {};
  };
  co_return co_await database_.write(std::move(write));
}

}  // namespace miniops::desk
