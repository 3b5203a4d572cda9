// Search and reading; retention; holds.
#include "records/service.hpp"

#include "base/mask.hpp"
#include "records/service_parts.hpp"

namespace miniops::records {

namespace {

constexpr Reader machinery{.everything = true};

// What the hold is on, as the store knows it.
Result<Hold> resolved(sql::Transaction& tx, Archive& archive, const AppId& appid, const HoldWish& wish) {
  Hold hold;
  hold.appid = appid;
  hold.kind = wish.kind;
  hold.reason = wish.reason;
  if (wish.kind == HoldKind::person) hold.openid = wish.openid;
  if (wish.kind != HoldKind::conversation) return hold;
  const auto conversation = archive.conversation(tx, appid, machinery, wish.conversation);
  if (!conversation) return fail(errors::not_found("conversation"));
  hold.openid = conversation->openid;
  hold.conversation = wish.conversation;
  return hold;
}

void add_ids(std::set<GroupId>& groups, const std::set<std::string>& granted) {
  for (const std::string& group : granted)
    if (const auto id = parse_as<GroupId>(group)) groups.insert(*id);
}

}  // namespace

json::object audited(const Question& question) {
  json::object asked = to_json(question);
  asked["text"] = mask_personal_data(question.text);
  asked["tag"] = mask_personal_data(question.tag);
  asked["customer_tag"] = mask_personal_data(question.customer_tag);
  asked["source"] = mask_personal_data(question.source);
  asked["customer"] = question.customer.empty() ? "" : hash_of(question.customer);
  return {{"question", {{"to", std::move(asked)}}}};
}

Reader Service::reader_of(sql::Transaction& tx, const Access& access) const {
  Reader reader;
  reader.personal_data = access.sees_personal_data();
  reader.scores = with_.archive.shows_scores(tx, access);
  const auto groups = with_.archive.groups_read(access);
  reader.everything = !groups;
  if (reader.everything) return reader;
  reader.own = access.account();
  reader.groups.assign(groups->begin(), groups->end());
  return reader;
}

// What of it may leave as a file.
Result<Reader> Service::exporting(sql::Transaction& tx, const Access& access) const {
  Reader reader = reader_of(tx, access);
  const auto granted = access.groups_with(Permission::desk_export);
  if (!granted) return reader;
  if (granted->empty()) return fail(errors::needs_export());
  std::set<GroupId> groups;
  add_ids(groups, *granted);
  if (!reader.everything)
    std::erase_if(groups, [&](GroupId id) { return !std::ranges::binary_search(reader.groups, id); });
  reader.everything = false;
  reader.own = {};
  reader.groups.assign(groups.begin(), groups.end());
  return reader;
}

Task<Result<Found>> Service::search(Access access, Question question, Before before, int limit) {
  identity::ReadingLog::Reading reading{
      {0, with_.clock.now(), "records.conversation.search", "records", audited(question)},
      json::serialize(to_json(question))};
  auto look = [=, this](sql::Transaction& tx) -> Result<Found> {
    const Reader reader = reader_of(tx, access);
    if (question.score != 0 && !reader.scores) return fail(errors::scores_hidden());
    Found page{with_.archive.find(tx, access.appid(), reader, question, before, limit)};
    if (!question.text.empty()) page.not_indexed = with_.archive.not_indexed(tx);
    for (Hit& hit : page.items) {
      hit.conversation = shown_to(reader, std::move(hit.conversation));
      if (hit.message) hit.message = shown_to(reader, std::move(*hit.message));
    }
    return page;
  };
  auto found = co_await with_.database.read(std::move(look));
  if (!found) co_return found;
  if (auto noted = co_await audited_.note(access, std::move(reading)); !noted) co_return std::unexpected(noted.error());
  co_return found;
}

Task<Result<ConversationView>> Service::read(Access access, ConversationId id, std::int64_t after_seq, int limit) {
  identity::ReadingLog::Reading reading{
      {0, with_.clock.now(), "records.conversation.read", "conversation:" + id.str()}};
  auto look = [=, this](sql::Transaction& tx) -> Result<ConversationView> {
    const Reader reader = reader_of(tx, access);
    auto conversation = with_.archive.conversation(tx, access.appid(), reader, id);
    if (!conversation) return fail(errors::not_found("conversation"));
    ConversationView view{shown_to(reader, std::move(*conversation))};
    for (MessageRecord& message : with_.archive.messages(tx, id, after_seq, limit + 1))
      view.messages.push_back(shown_to(reader, std::move(message)));
    if (view.messages.size() > static_cast<std::size_t>(limit)) {
      view.messages.pop_back();
      view.next_seq = view.messages.back().seq;
    }
    return view;
  };
  auto found = co_await with_.database.read(std::move(look));
  if (!found) co_return found;
  if (auto noted = co_await audited_.note(access, std::move(reading)); !noted) co_return std::unexpected(noted.error());
  co_return found;
}

// ---- retention ----

Task<Result<Retention>> Service::retention(Access access) {
  auto read = [=](sql::Transaction& tx) -> Result<Retention> { return store::retention(tx, access.appid()); };
  co_return co_await with_.database.read(std::move(read));
}

Task<Result<Retention>> Service::change_retention(Access access, RetentionPatch patch) {
  const AuditEntry entry{with_.ids.next(), with_.clock.now(), "records.retention.update",
                         "miniprogram:" + access.appid().str()};
  auto write = [=](sql::Transaction& tx) -> Result<Retention> {
    const Retention before = store::retention(tx, access.appid());
    if (before.version != patch.version) return fail(errors::changed());
    Retention after = before;
    after.messages_days = patch.messages_days.value_or(before.messages_days);
    after.media_days = patch.media_days.value_or(before.media_days);
    if (after.messages_days != 0 && (after.media_days == 0 || after.media_days > after.messages_days))
      return fail(errors::media_longer_than_messages());
    after.updated_by = access.username();
    after.updated_at = after.due_at = entry.at;
    if (!store::put_retention(tx, after)) return fail(errors::changed());
    AuditEntry audited = entry;
    audited.changes = {{"messages_days", {{"from", before.messages_days}, {"to", after.messages_days}}},
                       {"media_days", {{"from", before.media_days}, {"to", after.media_days}}}};
    identity::audit(tx, access, audited);
    ++after.version;
    return after;
  };
  co_return co_await with_.database.write(std::move(write));
}

// ---- holds ----

Task<Result<PageOf<Hold>>> Service::holds(Access access, bool released_too, HoldId before, int limit) {
  auto read = [=](sql::Transaction& tx) -> Result<PageOf<Hold>> {
    return page_of(store::list_holds(tx, access.appid(), released_too, before, limit + 1), limit);
  };
  co_return co_await with_.database.read(std::move(read));
}

Task<Result<Hold>> Service::place_hold(Access access, HoldWish wish) {
  const HoldId id = with_.ids.next_as<HoldId>();
  const AuditEntry entry{with_.ids.next(), with_.clock.now(), "records.hold.place", "hold:" + id.str()};
  auto write = [=, this](sql::Transaction& tx) -> Result<Hold> {
    auto hold = resolved(tx, with_.archive, access.appid(), wish);
    if (!hold) return hold;
    if (store::hold_exists(tx, *hold)) return fail(errors::hold_exists());
    if (store::count_holds(tx, access.appid()) >= holds_max) return fail(errors::too_many_holds());
    hold->id = id;
    hold->placed_by = access.username();
    hold->placed_at = entry.at;
    store::insert_hold(tx, *hold);
    AuditEntry audited = entry;
    audited.changes = {{"kind", {{"to", word(hold->kind)}}}, {"reason", {{"to", hold->reason}}}};
    identity::audit(tx, access, audited);
    return hold;
  };
  co_return co_await with_.database.write(std::move(write));
}

Task<Result<Hold>> Service::release_hold(Access access, HoldId id, std::string reason) {
  const AuditEntry entry{
      with_.ids.next(), with_.clock.now(), "records.hold.release", "hold:" + id.str(), {{"reason", {{"to", reason}}}}};
  auto write = [=, this](sql::Transaction& tx) -> Result<Hold> {
    auto hold = store::hold(tx, access.appid(), id);
    if (!hold) return fail(errors::not_found("hold"));
    if (hold->released_at != 0) return fail(errors::hold_released());
    hold->released_by = access.username();
    hold->release_reason = reason;
    hold->released_at = entry.at;
    store::release_hold(tx, *hold);
    // What it kept may be old enough, or asked to be deleted.
    store::sweep_again(tx, access.appid(), entry.at);
    with_.erasures.look_again(tx);
    identity::audit(tx, access, entry);
    return std::move(*hold);
  };
  co_return co_await with_.database.write(std::move(write));
}

}  // namespace miniops::records
