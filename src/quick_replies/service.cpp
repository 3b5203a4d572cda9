// Quick replies.
#include "quick_replies/service.hpp"

#include "identity/audit.hpp"
#include "quick_replies/errors.hpp"
#include "quick_replies/ranking.hpp"

namespace miniops::quick_replies {

namespace {

std::string object_of(QuickReplyId id) { return "quick_reply:" + id.str(); }

bool within(const std::string& folder, const std::string& path) {
  return folder == path || folder.starts_with(path + "/");
}

Result<void> check_room(sql::Transaction& tx, const QuickReply& reply) {
  if (store::count_replies(tx, reply.appid, reply.owner) >= static_cast<std::int64_t>(replies_max))
    return fail(errors::too_many("quick replies", replies_max));
  return {};
}

json::object changes_of(const QuickReply* before, const QuickReply* after) {
  json::object changes;
  const auto note = [&](std::string_view name, auto text_of) {
    const json::value from = before != nullptr ? json::value(text_of(*before)) : json::value(nullptr);
    const json::value to = after != nullptr ? json::value(text_of(*after)) : json::value(nullptr);
    if (from != to) changes[name] = {{"from", from}, {"to", to}};
  };
  note("title", [](const QuickReply& one) { return one.title; });
  note("content", [](const QuickReply& one) { return one.content; });
  note("folder", [](const QuickReply& one) { return one.folder; });
  note("shortcut", [](const QuickReply& one) { return one.shortcut; });
  note("picture_id", [](const QuickReply& one) { return one.picture_id; });
  note("scope", [](const QuickReply& one) { return one.owner.empty() ? "shared" : "personal"; });
  return changes;
}

}  // namespace

Result<void> may_change(const Access& access, AccountId owner, std::string_view what) {
  if (!owner.empty()) return owner == access.account() ? Result<void>{} : fail(errors::not_found(what));
  if (access.may(identity::Permission::desk_configure)) return {};
  return fail(errors::shared_forbidden());
}

Result<void> Service::check_picture(sql::Transaction& tx, const QuickReply& reply) const {
  if (reply.picture_id.empty() || with_.pictures.exists(tx, reply.appid, reply.picture_id)) return {};
  return fail(errors::unknown_picture());
}

Task<Result<std::vector<Listed>>> Service::find(Access access, Sought sought) {
  auto read = [=](sql::Transaction& tx) -> Result<std::vector<Listed>> {
    return store::replies_for(tx, access.appid(), access.account());
  };
  auto all = co_await with_.database.read(std::move(read));
  if (!all) co_return all;
  if (sought.folder) std::erase_if(*all, [&](const Listed& one) { return !within(one.reply.folder, *sought.folder); });
  co_return ranked(std::move(*all), sought.words, sought.limit);
}

Task<Result<Listed>> Service::add(Access access, QuickReplyPatch given) {
  QuickReply made{with_.ids.next_as<QuickReplyId>(), access.appid(), access.account()};
  apply(made, given, access.account());
  made.created_at = made.updated_at = with_.clock.now();
  if (auto may = may_change(access, made.owner, "quick reply"); !may) co_return std::unexpected(may.error());
  const auto reply = checked(std::move(made));
  if (!reply) co_return std::unexpected(reply.error());
  const identity::AuditEntry entry{with_.ids.next(), reply->created_at, "quick_replies.reply.create",
                                   object_of(reply->id), changes_of(nullptr, &*reply)};
  auto write = [=, this, reply = *reply](sql::Transaction& tx) -> Result<Listed> {
    if (auto room = check_room(tx, reply); !room) return std::unexpected(room.error());
    if (auto known = check_picture(tx, reply); !known) return std::unexpected(known.error());
    store::insert_replies(tx, {reply});
    identity::audit(tx, access, entry);
    return Listed{reply};
  };
  co_return co_await with_.database.write(std::move(write));
}

Task<Result<Listed>> Service::change(Access access, QuickReplyId id, QuickReplyPatch patch) {
  const identity::AuditEntry entry{with_.ids.next(), with_.clock.now(), "quick_replies.reply.update", object_of(id)};
  auto write = [=, this](sql::Transaction& tx) -> Result<Listed> {
    auto listed = store::reply(tx, access.appid(), id);
    if (!listed) return fail(errors::not_found("quick reply"));
    const QuickReply before = listed->reply;
    if (auto may = may_change(access, before.owner, "quick reply"); !may) return std::unexpected(may.error());
    QuickReply wished = before;
    apply(wished, patch, access.account());
    wished.updated_at = entry.at;
    if (auto may = may_change(access, wished.owner, "quick reply"); !may) return std::unexpected(may.error());
    const auto after = checked(std::move(wished));
    if (!after) return std::unexpected(after.error());
    if (after->owner != before.owner)
      if (auto room = check_room(tx, *after); !room) return std::unexpected(room.error());
    if (auto known = check_picture(tx, *after); !known) return std::unexpected(known.error());
    store::update_reply(tx, *after);
    identity::AuditEntry audited = entry;
    audited.changes = changes_of(&before, &*after);
    identity::audit(tx, access, audited);
    listed->reply = *after;
    return std::move(*listed);
  };
  co_return co_await with_.database.write(std::move(write));
}

Task<Result<void>> Service::remove(Access access, QuickReplyId id) {
  const identity::AuditEntry entry{with_.ids.next(), with_.clock.now(), "quick_replies.reply.delete", object_of(id)};
  auto write = [=](sql::Transaction& tx) -> Result<void> {
    const auto listed = store::reply(tx, access.appid(), id);
    if (!listed) return fail(errors::not_found("quick reply"));
    if (auto may = may_change(access, listed->reply.owner, "quick reply"); !may) return may;
    store::delete_reply(tx, id);
    identity::AuditEntry audited = entry;
    audited.changes = changes_of(&listed->reply, nullptr);
    identity::audit(tx, access, audited);
    return {};
  };
  co_return co_await with_.database.write(std::move(write));
}

Task<Result<Filled>> Service::fill_in(Access access, QuickReplyId id, std::int64_t conversation) {
  const TimeMs now = with_.clock.now();
  auto read = [=, this](sql::Transaction& tx) -> Result<Filled> {
    const auto listed = store::reply(tx, access.appid(), id);
    const bool visible = listed && (listed->reply.owner.empty() || listed->reply.owner == access.account());
    if (!visible) return fail(errors::not_found("quick reply"));
    const auto facts = with_.executor.facts(tx, access, conversation, Cause::macro, now);
    if (!facts) return std::unexpected(facts.error());
    return Filled{fill(listed->reply.content, values_of(*facts, access.sees_personal_data())),
                  listed->reply.picture_id};
  };
  co_return co_await with_.database.read(std::move(read));
}

}  // namespace miniops::quick_replies
