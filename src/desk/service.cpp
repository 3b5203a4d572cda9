#include "desk/service.hpp"

#include "calendar/time_zone.hpp"
#include "desk/actions.hpp"

namespace miniops::desk {

namespace {

constexpr int matches_max = 256;

Result<Conversation> load_only(sql::Transaction& tx, const Access& access, ConversationId id) {
  auto conversation = store::find_conversation(tx, id);
  if (!conversation || conversation->appid != access.appid()) return fail(errors::not_found("conversation"));
  return std::move(*conversation);
}

}  // namespace

void Service::committed(const AppId& appid) {
  with_.common.outbox.wake();
  with_.broadcaster.changed(appid);
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
  auto budget = with_.common.outbox.budget(tx, conversation.appid, conversation.openid, now);
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
  const auto messages = store::search_messages(tx, access.appid(), words, access.sees_personal_data(), {}, matches_max);
  for (const MessageId id : messages) {
    const auto message = store::find_message(tx, id);
    if (message && !message->conversation_id.empty()) add(message->conversation_id);
  }
  return found;
}

Task<Result<PageOf<ConversationView>>> Service::list(Access access, store::ConversationFilter filter, std::string words,
                                                     After after, int limit) {
  auto read = [=, this](sql::Transaction& tx) -> Result<PageOf<ConversationView>> {
    PageOf<ConversationView> page;
    store::ConversationFilter wanted = filter;
    wanted.among = matching(tx, access, words);
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
      auto budget = with_.common.outbox.budget(tx, found[i].appid, found[i].openid, now);
      page.items.push_back({std::move(found[i]), std::move(budget), std::move(marks[ids[i]])});
    }
    return page;
  };
  co_return co_await with_.database.read(std::move(read));
}

Task<Result<store::Counts>> Service::counts(Access access) {
  const TimeMs today = calendar::day_start(with_.common.configs.of(access.appid())->hours.time_zone, with_.clock.now());
  auto read = [=](sql::Transaction& tx) -> Result<store::Counts> {
    return store::count_conversations(tx, access.appid(), access.account(), today);
  };
  co_return co_await with_.database.read(std::move(read));
}

Task<Result<ConversationView>> Service::get(Access access, ConversationId id) {
  auto read = [=, this](sql::Transaction& tx) -> Result<ConversationView> {
    auto conversation = load_only(tx, access, id);
    if (!conversation) return std::unexpected(conversation.error());
    return view_of(tx, std::move(*conversation), with_.clock.now());
  };
  co_return co_await with_.database.read(std::move(read));
}

Task<Result<PageOf<Message>>> Service::messages(Access access, ConversationId id, bool whole_thread,
                                                std::int64_t before_seq, int limit) {
  auto read = [=](sql::Transaction& tx) -> Result<PageOf<Message>> {
    const auto conversation = load_only(tx, access, id);
    if (!conversation) return std::unexpected(conversation.error());
    PageOf<Message> page;
    page.items = whole_thread ? store::thread_messages_before(tx, *conversation, before_seq, limit + 1)
                              : store::messages_before(tx, *conversation, before_seq, limit + 1);
    if (page.items.size() > static_cast<std::size_t>(limit)) {
      page.items.pop_back();
      page.next = {page.items.back().seq, page.items.back().id.value()};
    }
    return page;
  };
  co_return co_await with_.database.read(std::move(read));
}

Task<Result<PageOf<store::StoredEvent>>> Service::events(Access access, ConversationId id, After before, int limit) {
  auto read = [=](sql::Transaction& tx) -> Result<PageOf<store::StoredEvent>> {
    const auto conversation = load_only(tx, access, id);
    if (!conversation) return std::unexpected(conversation.error());
    constexpr std::int64_t newest = std::numeric_limits<std::int64_t>::max();
    PageOf<store::StoredEvent> page;
    page.items = store::events_before(tx, id, before.value_or(std::pair(newest, newest)), limit + 1);
    if (page.items.size() > static_cast<std::size_t>(limit)) {
      page.items.pop_back();
      page.next = {page.items.back().at, page.items.back().id};
    }
    return page;
  };
  co_return co_await with_.database.read(std::move(read));
}

// ---- who has it ----

// Loads, lets `decide` change the conversation, saves and tells.
Task<Result<ConversationView>> Service::change(Access access, ConversationId id, SeenVersion seen, Decide decide) {
  const TimeMs now = with_.clock.now();
  auto write = [=, this](sql::Transaction& tx) -> Result<ConversationView> {
    const BudgetNews::Hushed hushed(with_.news, tx);
    auto work = load_work(tx, access, id, with_.common, with_.colleagues, now);
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

Task<Result<ConversationView>> Service::close(Access access, ConversationId id, std::string reason, std::string outcome,
                                              SeenVersion seen) {
  auto decide = [reason, outcome](Work& work) -> Result<bool> { return desk::close(work, reason, outcome); };
  auto view = co_await change(std::move(access), id, seen, std::move(decide));
  if (view) with_.freed();
  co_return view;
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
  auto read = [=, this](sql::Transaction& tx) -> Result<std::pair<OpenId, std::string>> {
    const auto conversation = load_only(tx, access, id);
    if (!conversation) return std::unexpected(conversation.error());
    return std::pair(conversation->openid, actor_of(access, with_.colleagues.name_of(tx, access.account())).name);
  };
  const auto who = co_await with_.database.read(std::move(read));
  if (!who) co_return std::unexpected(who.error());
  with_.typing.typing(access.appid(), who->first, typing);
  boost::json::object message{{"type", "typing"},
                              {"appid", access.appid().str()},
                              {"conversation_id", id.str()},
                              {"account_id", access.account().str()},
                              {"display_name", who->second},
                              {"state", typing ? "start" : "stop"}};
  with_.broadcaster.broadcast(access.appid(), std::move(message));
  co_return Result<void>();
}

}  // namespace miniops::desk
