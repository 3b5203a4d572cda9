#include "desk/service.hpp"

#include "base/mask.hpp"
#include "calendar/time_zone.hpp"
#include "desk/actions.hpp"

namespace miniops::desk {

namespace {

constexpr int matches_max = 256;

Result<Conversation> load_only(sql::Transaction& tx, const Access& access, const ReadScope& scope, ConversationId id) {
  auto conversation = store::find_conversation(tx, id);
  if (!conversation || conversation->appid != access.appid()) return fail(errors::not_found("conversation"));
  if (auto may = may_read(scope, *conversation); !may) return std::unexpected(may.error());
  return std::move(*conversation);
}

// Which conversations are read by a grant alone: this one, and earlier ones of the thread that are among the messages.
std::vector<ConversationId> by_grant(sql::Transaction& tx, const ReadScope& scope, const Conversation& conversation,
                                     const std::vector<Message>& messages) {
  std::set<ConversationId> earlier;
  for (const Message& message : messages)
    if (message.conversation_id != conversation.id && !message.conversation_id.empty())
      earlier.insert(message.conversation_id);
  std::vector<ConversationId> found;
  if (scope.by_grant(conversation)) found.push_back(conversation.id);
  for (const ConversationId id : earlier)
    if (const auto one = store::find_conversation(tx, id); one && scope.by_grant(*one)) found.push_back(id);
  return found;
}

}  // namespace

void Service::committed(const AppId& appid) {
  with_.common.channels.wake();
  with_.broadcaster.changed(appid);
}

store::Sought Service::sought(const Access& access, std::string words) const {
  store::Sought sought{std::move(words), access.sees_personal_data()};
  if (sought.personal_data) sought.number_key = with_.common.sealing.search_key(sought.words);
  return sought;
}

ReadScope Service::scope_of(const Access& access) const {
  return read_scope(access, *with_.common.placer.setups().of(access.appid()));
}

Task<Result<AppId>> Service::appid_of(ConversationId id) {
  auto read = [id](sql::Transaction& tx) -> Result<AppId> {
    const auto row = tx.query_one("SELECT appid FROM desk_conversations WHERE id = $1", {id});
    if (!row) return fail(errors::not_found("conversation"));
    return row->id<AppId>(0);
  };
  co_return co_await with_.database.read(std::move(read));
}

// ---- reading ----

ConversationView Service::view_of(sql::Transaction& tx, Conversation conversation, TimeMs now) const {
  const Channel& channel = with_.common.channels.of(conversation.channel);
  auto budget = channel.budget(tx, conversation.appid, conversation.openid, now);
  const service_levels::ConversationId id(conversation.id.value());
  auto marks = service_levels::marks(tx, std::span(&id, 1), now);
  return {std::move(conversation), std::move(budget), std::move(marks[id])};
}

// Conversations that the words point to: those of customers, and those of messages. nullopt: no words.
std::optional<std::vector<ConversationId>> Service::matching(sql::Transaction& tx, const Access& access,
                                                             std::string_view words) const {
  if (words.empty()) return std::nullopt;
  std::vector<ConversationId> found;
  auto add = [&](ConversationId id) {
    if (found.size() < matches_max && std::ranges::find(found, id) == found.end()) found.push_back(id);
  };
  for (const ThreadId thread : store::search_customers(tx, access.appid(), words, 50)) {
    for (const ConversationId id : store::conversations_of(tx, thread, 20)) add(id);
  }
  const auto messages = store::search_messages(tx, access.appid(), sought(access, std::string(words)), {}, matches_max);
  for (const MessageId id : messages) {
    const auto message = store::find_message(tx, id);
    if (message && !message->conversation_id.empty()) add(message->conversation_id);
  }
  return found;
}

Task<Result<PageOf<ConversationView>>> Service::list(Access access, store::ConversationFilter filter, std::string words,
                                                     After after, int limit) {
  const ReadScope scope = scope_of(access);
  auto read = [=, this](sql::Transaction& tx) -> Result<PageOf<ConversationView>> {
    PageOf<ConversationView> page;
    store::ConversationFilter wanted = filter;
    wanted.scope = scope;
    wanted.among = matching(tx, access, words);
    // With those below it.
    if (filter.reasons && filter.reasons->size() == 1)
      wanted.reasons = wrapup::with_children(tx, access.appid(), filter.reasons->front());
    auto found = store::list_conversations(tx, access.appid(), wanted, after, limit + 1);
    if (found.size() > static_cast<std::size_t>(limit)) {
      found.pop_back();
      page.next = {store::sort_key(found.back(), wanted), found.back().id.value()};
    }
    const TimeMs now = with_.clock.now();
    std::vector<service_levels::ConversationId> ids;
    for (const Conversation& conversation : found) ids.emplace_back(conversation.id.value());
    auto marks = service_levels::marks(tx, ids, now);
    for (std::size_t i = 0; i < found.size(); ++i) {
      const Channel& channel = with_.common.channels.of(found[i].channel);
      auto budget = channel.budget(tx, found[i].appid, found[i].openid, now);
      page.items.push_back({std::move(found[i]), std::move(budget), std::move(marks[ids[i]])});
    }
    return page;
  };
  auto page = co_await with_.database.read(std::move(read));
  if (!page || words.empty() || !scope.wide()) co_return page;
  if (auto noted = co_await audit_search(std::move(access), std::move(words)); !noted)
    co_return std::unexpected(noted.error());
  co_return page;
}

Task<Result<store::Counts>> Service::counts(Access access) {
  const TimeMs today = calendar::day_start(with_.common.configs.of(access.appid())->hours.time_zone, with_.clock.now());
  const ReadScope scope = scope_of(access);
  auto read = [=](sql::Transaction& tx) -> Result<store::Counts> {
    return store::count_conversations(tx, access.appid(), scope, today);
  };
  co_return co_await with_.database.read(std::move(read));
}

Task<Result<ConversationView>> Service::get(Access access, ConversationId id) {
  const ReadScope scope = scope_of(access);
  auto read = [=, this](sql::Transaction& tx) -> Result<ConversationView> {
    auto conversation = load_only(tx, access, scope, id);
    if (!conversation) return std::unexpected(conversation.error());
    return view_of(tx, std::move(*conversation), with_.clock.now());
  };
  co_return co_await with_.database.read(std::move(read));
}

Task<Result<PageOf<Message>>> Service::messages(Access access, ConversationId id, bool whole_thread,
                                                std::int64_t before_seq, int limit) {
  const ReadScope scope = scope_of(access);
  using Read = std::pair<PageOf<Message>, std::vector<ConversationId>>;
  auto read = [=](sql::Transaction& tx) -> Result<Read> {
    const auto conversation = load_only(tx, access, scope, id);
    if (!conversation) return std::unexpected(conversation.error());
    PageOf<Message> page;
    page.items = whole_thread ? store::thread_messages_before(tx, *conversation, scope, before_seq, limit + 1)
                              : store::messages_before(tx, *conversation, scope, before_seq, limit + 1);
    if (page.items.size() > static_cast<std::size_t>(limit)) {
      page.items.pop_back();
      page.next = {page.items.back().seq, page.items.back().id.value()};
    }
    auto others = by_grant(tx, scope, *conversation, page.items);
    return Read{std::move(page), std::move(others)};
  };
  auto found = co_await with_.database.read(std::move(read));
  if (!found) co_return std::unexpected(found.error());
  if (auto noted = co_await audit_reading(std::move(access), std::move(found->second)); !noted)
    co_return std::unexpected(noted.error());
  co_return std::move(found->first);
}

Task<Result<PageOf<store::StoredEvent>>> Service::events(Access access, ConversationId id, After before, int limit) {
  const ReadScope scope = scope_of(access);
  using Read = std::pair<PageOf<store::StoredEvent>, std::vector<ConversationId>>;
  auto read = [=](sql::Transaction& tx) -> Result<Read> {
    const auto conversation = load_only(tx, access, scope, id);
    if (!conversation) return std::unexpected(conversation.error());
    constexpr std::int64_t newest = std::numeric_limits<std::int64_t>::max();
    PageOf<store::StoredEvent> page;
    page.items = store::events_before(tx, id, before.value_or(std::pair(newest, newest)), limit + 1);
    if (page.items.size() > static_cast<std::size_t>(limit)) {
      page.items.pop_back();
      page.next = {page.items.back().at, page.items.back().id};
    }
    return Read{std::move(page), by_grant(tx, scope, *conversation, {})};
  };
  auto found = co_await with_.database.read(std::move(read));
  if (!found) co_return std::unexpected(found.error());
  if (auto noted = co_await audit_reading(std::move(access), std::move(found->second)); !noted)
    co_return std::unexpected(noted.error());
  co_return std::move(found->first);
}

// ---- who read what ----

Task<Result<void>> Service::audit_reading(Access access, std::vector<ConversationId> conversations) {
  std::vector<identity::ReadingLog::Reading> readings;
  for (const ConversationId id : conversations)
    readings.push_back({{0, with_.clock.now(), "desk.conversation.read", "conversation:" + id.str()}});
  co_return co_await audited_.note(std::move(access), std::move(readings));
}

Task<Result<void>> Service::audit_search(Access access, std::string words) {
  identity::ReadingLog::Reading reading{{0, with_.clock.now(), "desk.conversation.search", "desk"}};
  reading.entry.changes = {{"text", {{"to", mask_personal_data(words)}}}};
  reading.asked = std::move(words);
  co_return co_await audited_.note(std::move(access), std::move(reading));
}

// ---- who has it ----

// Loads, lets `decide` change the conversation, saves and tells.
Task<Result<ConversationView>> Service::change(Access access, ConversationId id, SeenVersion seen, Decide decide) {
  co_return co_await change(std::move(access), id, seen, std::move(decide), Reach::work);
}

Task<Result<ConversationView>> Service::change(Access access, ConversationId id, SeenVersion seen, Decide decide,
                                               Reach reach) {
  const TimeMs now = with_.clock.now();
  auto write = [=, this](sql::Transaction& tx) -> Result<ConversationView> {
    const BudgetNews::Hushed hushed(with_.news, tx);
    auto work = load_work(tx, access, id, with_.common, with_.colleagues, now, reach);
    if (!work) return std::unexpected(work.error());
    if (seen && *seen != work->conversation.version) return fail(errors::conversation_changed());
    const Result<bool> changed = decide(*work);
    if (!changed) return std::unexpected(changed.error());
    if (*changed) {
      if (auto saved = work->recorder.save(work->conversation); !saved) return std::unexpected(saved.error());
    }
    return view_of(tx, std::move(work->conversation), now);
  };
  auto view = co_await with_.database.write(std::move(write));
  if (view) committed(access.appid());
  co_return view;
}

Task<Result<ConversationView>> Service::take(Access access, ConversationId id, SeenVersion seen) {
  auto decide = [](Work& work) -> Result<bool> { return desk::take(work); };
  co_return co_await change(std::move(access), id, seen, std::move(decide));
}

Task<Result<ConversationView>> Service::release(Access access, ConversationId id, SeenVersion seen) {
  auto decide = [](Work& work) -> Result<bool> { return desk::release(work); };
  auto view = co_await change(std::move(access), id, seen, std::move(decide));
  if (view) with_.freed();
  co_return view;
}

Task<Result<ConversationView>> Service::transfer(Access access, ConversationId id, AccountId to, std::string note,
                                                 SeenVersion seen) {
  auto decide = [=](Work& work) -> Result<bool> {
    auto moved = desk::transfer(work, to, note);
    if (moved && *moved) add_note(work, note);
    return moved;
  };
  auto view = co_await change(std::move(access), id, seen, std::move(decide));
  if (view) with_.freed();
  co_return view;
}

Task<Result<ConversationView>> Service::transfer_to_group(Access access, ConversationId id, routing::GroupId to,
                                                          std::string note, SeenVersion seen) {
  auto decide = [=](Work& work) -> Result<bool> {
    auto moved = desk::transfer_to_group(work, to, note);
    if (moved && *moved) add_note(work, note);
    return moved;
  };
  auto view = co_await change(std::move(access), id, seen, std::move(decide));
  if (view) with_.freed();
  co_return view;
}

Task<Result<ConversationView>> Service::transfer_to_tier(Access access, ConversationId id, routing::Tier to,
                                                         std::string note, SeenVersion seen) {
  auto decide = [=](Work& work) -> Result<bool> {
    auto moved = desk::transfer_to_tier(work, to, note);
    if (moved && *moved) add_note(work, note);
    return moved;
  };
  auto view = co_await change(std::move(access), id, seen, std::move(decide));
  if (view) with_.freed();
  co_return view;
}

Task<Result<ConversationView>> Service::park(Access access, ConversationId id, TimeMs until, std::string note,
                                             SeenVersion seen) {
  auto decide = [=](Work& work) -> Result<bool> { return desk::park(work, until, note); };
  auto view = co_await change(std::move(access), id, seen, std::move(decide));
  if (view) with_.freed();
  co_return view;
}

Task<Result<ConversationView>> Service::unpark(Access access, ConversationId id, SeenVersion seen) {
  auto decide = [](Work& work) -> Result<bool> { return desk::unpark(work); };
  co_return co_await change(std::move(access), id, seen, std::move(decide));
}

Task<Result<ConversationView>> Service::close(Access access, ConversationId id, std::string note, std::string outcome,
                                              SeenVersion seen, wrapup::Patch patch) {
  auto decide = [=](Work& work) -> Result<bool> { return desk::close(work, note, outcome, patch); };
  auto view = co_await change(std::move(access), id, seen, std::move(decide));
  if (view) with_.freed();
  co_return view;
}

Task<Result<ConversationView>> Service::wrap_up(Access access, ConversationId id, wrapup::Patch patch,
                                                SeenVersion seen) {
  auto decide = [=](Work& work) -> Result<bool> { return desk::wrap_up(work, patch); };
  co_return co_await change(std::move(access), id, seen, std::move(decide));
}

Task<Result<Service::Closing>> Service::closing(Access access, ConversationId id) {
  const ReadScope scope = scope_of(access);
  auto read = [=](sql::Transaction& tx) -> Result<Closing> {
    const auto contact = store::find_contact(tx, id);
    if (!contact || contact->thread.appid != access.appid()) return fail(errors::not_found("conversation"));
    const Conversation& conversation = *contact->conversation;
    if (auto may = may_read(scope, conversation); !may) return std::unexpected(may.error());
    return Closing{conversation.wrap_up, suggested_reason(tx, contact->thread, conversation),
                   wrapup::reason_required(tx, access.appid())};
  };
  co_return co_await with_.database.read(std::move(read));
}

Task<Result<ConversationView>> Service::reopen(Access access, ConversationId id, SeenVersion seen) {
  auto decide = [](Work& work) -> Result<bool> { return desk::reopen(work); };
  co_return co_await change(std::move(access), id, seen, std::move(decide));
}

Task<Result<ConversationView>> Service::mark_read(Access access, ConversationId id, std::int64_t seq) {
  auto decide = [seq](Work& work) -> Result<bool> {
    const std::int64_t read = std::min(seq, work.conversation.last_seq);
    if (read <= work.conversation.read_seq) return false;
    work.conversation.read_seq = read;
    work.conversation.unread = store::count_unread(work.tx, work.conversation);
    return true;
  };
  co_return co_await change(std::move(access), id, std::nullopt, std::move(decide));
}

Task<Result<void>> Service::typing(Access access, ConversationId id, bool typing) {
  const ReadScope scope = scope_of(access);
  struct Typed {
    OpenId openid;
    std::string channel, name;
    live::Audience audience;
  };
  auto read = [=, this](sql::Transaction& tx) -> Result<Typed> {
    const auto conversation = load_only(tx, access, scope, id);
    if (!conversation) return std::unexpected(conversation.error());
    // The customer sees it: who reads along does not type to them.
    if (auto may = may_work_on(scope, *conversation); !may) return std::unexpected(may.error());
    return Typed{conversation->openid, conversation->channel,
                 actor_of(access, with_.colleagues.name_of(tx, access.account())).name, audience_of(*conversation)};
  };
  const auto who = co_await with_.database.read(std::move(read));
  if (!who) co_return std::unexpected(who.error());
  Channel& channel = with_.common.channels.of(who->channel);
  if (channel.capabilities().typing) channel.typing(access.appid(), who->openid, typing);
  boost::json::object message{{"type", "typing"},
                              {"appid", access.appid().str()},
                              {"conversation_id", id.str()},
                              {"account_id", access.account().str()},
                              {"display_name", who->name},
                              {"state", typing ? "start" : "stop"}};
  with_.broadcaster.broadcast(access.appid(), std::move(message), who->audience);
  co_return Result<void>();
}

}  // namespace miniops::desk
