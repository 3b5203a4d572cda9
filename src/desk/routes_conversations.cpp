#include "desk/agents.hpp"
#include "desk/route_support.hpp"
#include "desk/routes.hpp"

namespace miniops::desk {

namespace {

// The conversation that a path names, and the proof that the caller may do this to it.
struct Target {
  ConversationId id;
  Access access;
};

Task<Result<Target>> target_of(Service& service, const Request& request, const Caller& caller, Permission permission) {
  const auto id = id_param<ConversationId>(request, "id", "conversation");
  if (!id) co_return std::unexpected(id.error());
  const auto appid = co_await service.appid_of(*id);
  if (!appid) co_return std::unexpected(appid.error());
  auto access = caller.access(*appid, permission);
  if (!access) {
    // Another mini program's conversation looks like one that does not exist.
    if (access.error().kind == ErrorKind::not_found) co_return fail(errors::not_found("conversation"));
    co_return std::unexpected(access.error());
  }
  co_return Target{*id, std::move(*access)};
}

Result<store::ConversationFilter> filter_of(const Request& request, const Access& access) {
  store::ConversationFilter filter;
  if (const auto state = request.query_value("state")) {
    filter.state = parse_state(*state);
    if (!filter.state) return fail(invalid_query("state", "must be waiting, active or closed"));
  }
  if (const auto stage = request.query_value("stage")) {
    filter.stage = parse_stage(*stage);
    if (!filter.stage) return fail(invalid_query("stage", "must be assistant, queued, assigned, parked or outside"));
  }
  if (const auto assignee = request.query_value("assignee")) {
    if (*assignee == "me") {
      filter.assignee = access.account();
    } else if (*assignee == "none") {
      filter.assignee = AccountId();
    } else {
      filter.assignee = parse_as<AccountId>(*assignee);
      if (!filter.assignee) return fail(invalid_query("assignee", "must be me, none or an account id"));
    }
  }
  if (const auto group = request.query_value("group_id")) {
    filter.group = parse_as<routing::GroupId>(*group);
    if (!filter.group) return fail(invalid_query("group_id", "must be an id"));
  }
  if (const auto thread = request.query_value("thread_id")) {
    filter.thread = parse_as<ThreadId>(*thread);
    if (!filter.thread) return fail(invalid_query("thread_id", "must be an id"));
  }
  const std::string sort = request.query_value("sort").value_or("newest");
  if (sort != "newest" && sort != "waiting") return fail(invalid_query("sort", "must be newest or waiting"));
  filter.waiting_longest = sort == "waiting" && filter.state != State::closed;
  return filter;
}

Task<Result<Response>> list(Service& service, Request& request, Access access) {
  const auto page = list_request(request);
  if (!page) co_return std::unexpected(page.error());
  const auto filter = filter_of(request, access);
  if (!filter) co_return std::unexpected(filter.error());
  const auto words = words_of(request, "q");
  if (!words) co_return std::unexpected(words.error());
  const auto found = co_await service.list(access, *filter, *words, page->after, page->limit);
  if (!found) co_return std::unexpected(found.error());
  json::array items;
  for (const ConversationView& view : found->items) items.push_back(to_json(view, viewer_of(request, access)));
  co_return Response::json(list_of(std::move(items), found->next));
}

Task<Result<Response>> counts(Service& service, Request&, Access access) {
  const auto counts = co_await service.counts(access);
  if (!counts) co_return std::unexpected(counts.error());
  co_return Response::json(json::object{{"mine", counts->mine},
                                        {"waiting", counts->waiting},
                                        {"active", counts->active},
                                        {"closed_today", counts->closed_today}});
}

Task<Result<Response>> get(Service& service, Request& request, const Caller& caller) {
  const auto target = co_await target_of(service, request, caller, Permission::desk_read);
  if (!target) co_return std::unexpected(target.error());
  const auto view = co_await service.get(target->access, target->id);
  if (!view) co_return std::unexpected(view.error());
  co_return Response::json(to_json(*view, viewer_of(request, target->access)));
}

Task<Result<Response>> messages(Service& service, Request& request, const Caller& caller) {
  const auto target = co_await target_of(service, request, caller, Permission::desk_read);
  if (!target) co_return std::unexpected(target.error());
  const auto page = list_request(request);
  if (!page) co_return std::unexpected(page.error());
  const std::string scope = request.query_value("scope").value_or("conversation");
  if (scope != "conversation" && scope != "thread") {
    co_return fail(invalid_query("scope", "must be conversation or thread"));
  }
  const std::int64_t before = page->after ? page->after->first : 0;
  const auto found = co_await service.messages(target->access, target->id, scope == "thread", before, page->limit);
  if (!found) co_return std::unexpected(found.error());
  json::array items;
  for (const Message& message : found->items) items.push_back(to_json(message, viewer_of(request, target->access)));
  co_return Response::json(list_of(std::move(items), found->next));
}

Task<Result<Response>> events(Service& service, Request& request, const Caller& caller) {
  const auto target = co_await target_of(service, request, caller, Permission::desk_read);
  if (!target) co_return std::unexpected(target.error());
  const auto page = list_request(request);
  if (!page) co_return std::unexpected(page.error());
  const auto found = co_await service.events(target->access, target->id, page->after, page->limit);
  if (!found) co_return std::unexpected(found.error());
  json::array items;
  for (const store::StoredEvent& event : found->items) {
    items.push_back(to_json(event, viewer_of(request, target->access)));
  }
  co_return Response::json(list_of(std::move(items), found->next));
}

// ---- sending ----

struct SendRequest {
  ToSend sending;
  std::optional<std::string> client_id;
  std::optional<std::int64_t> seen_seq;
  std::optional<quick_replies::QuickReplyId> used{};
};

Result<SendRequest> send_request(const Request& request) {
  const auto body = net::json_body(request);
  if (!body) return std::unexpected(body.error());
  if (!body->is_object()) return fail(ErrorKind::invalid, "request.invalid", "the body must be an object");
  auto sending = parse_to_send(body->get_object(), true);
  if (!sending) return std::unexpected(sending.error());
  JsonInput in(*body);
  const std::string msgtype = in.text("msgtype", {1, 32});
  in.optional_value(msgtype);  // parse_to_send has read it
  auto client_id = in.optional_text("client_id", {1, 64});
  const auto seen_seq = in.optional_integer("seen_seq", 0, std::numeric_limits<std::int64_t>::max());
  const auto used = in.optional_id("quick_reply_id");
  if (auto ok = in.finish(); !ok) return std::unexpected(ok.error());
  SendRequest wanted{std::move(*sending), std::move(client_id), seen_seq};
  if (used) wanted.used.emplace(*used);
  return wanted;
}

Task<Result<Response>> send(Service& service, Agents& agents, Request& request, const Caller& caller) {
  const auto target = co_await target_of(service, request, caller, Permission::desk_reply);
  if (!target) co_return std::unexpected(target.error());
  auto wanted = send_request(request);
  if (!wanted) co_return std::unexpected(wanted.error());
  agents.heartbeat(target->access.account());
  const auto sent = co_await service.send(target->access, target->id, std::move(wanted->sending),
                                          std::move(wanted->client_id), wanted->seen_seq, wanted->used);
  if (!sent) co_return std::unexpected(sent.error());
  co_return Response::json(to_json(*sent, viewer_of(request, target->access)), 201);
}

Task<Result<Response>> resend(Service& service, Request& request, const Caller& caller) {
  const auto target = co_await target_of(service, request, caller, Permission::desk_reply);
  if (!target) co_return std::unexpected(target.error());
  const auto message = id_param<MessageId>(request, "message_id", "message");
  if (!message) co_return std::unexpected(message.error());
  const auto sent = co_await service.resend(target->access, target->id, *message);
  if (!sent) co_return std::unexpected(sent.error());
  co_return Response::json(to_json(*sent, viewer_of(request, target->access)));
}

Task<Result<Response>> attempts(Service& service, Request& request, const Caller& caller) {
  const auto target = co_await target_of(service, request, caller, Permission::desk_read);
  if (!target) co_return std::unexpected(target.error());
  const auto message = id_param<MessageId>(request, "message_id", "message");
  if (!message) co_return std::unexpected(message.error());
  auto found = co_await service.attempts(target->access, target->id, *message);
  if (!found) co_return std::unexpected(found.error());
  co_return Response::json(json::object{{"items", std::move(*found)}});
}

// ---- who has it ----

// What the calls that change a conversation may carry.
struct ActionRequest {
  std::optional<std::int64_t> account{}, group{}, seq{}, version{}, until{};
  std::string text{}, outcome{};
};

Result<ActionRequest> action_request(const Request& request, std::string_view action) {
  const auto body = optional_body(request);
  if (!body) return std::unexpected(body.error());
  JsonInput in(*body);
  ActionRequest wanted;
  wanted.version = in.optional_integer("version", 1, std::numeric_limits<std::int64_t>::max());
  if (action == "transfer") {
    wanted.account = in.optional_id("account_id");
    wanted.group = in.optional_id("group_id");
    if (wanted.account.has_value() == wanted.group.has_value())
      in.mistake("account_id", "give either account_id or group_id");
    wanted.text = in.optional_text("note", {0, 2048}).value_or("");
  } else if (action == "park") {
    wanted.until = in.optional_integer("until", 1, std::numeric_limits<std::int64_t>::max());
    wanted.text = in.optional_text("note", {0, 2048}).value_or("");
  } else if (action == "close") {
    wanted.text = in.optional_text("reason", {0, 200}).value_or("");
    wanted.outcome = in.optional_choice("outcome", {"resolved", "unresolved"}).value_or("resolved");
  } else if (action == "read") {
    wanted.seq = in.integer("seq", 0, std::numeric_limits<std::int64_t>::max());
  }
  if (auto ok = in.finish(); !ok) return std::unexpected(ok.error());
  return wanted;
}

Task<Result<ConversationView>> act(Service& service, const Target& target, std::string_view action,
                                   ActionRequest wanted) {
  const Access& access = target.access;
  if (action == "take") co_return co_await service.take(access, target.id, wanted.version);
  if (action == "release") co_return co_await service.release(access, target.id, wanted.version);
  if (action == "park")
    co_return co_await service.park(access, target.id, wanted.until.value_or(0), std::move(wanted.text),
                                    wanted.version);
  if (action == "unpark") co_return co_await service.unpark(access, target.id, wanted.version);
  if (action == "reopen") co_return co_await service.reopen(access, target.id, wanted.version);
  if (action == "read") co_return co_await service.mark_read(access, target.id, wanted.seq.value_or(0));
  if (action == "close")
    co_return co_await service.close(access, target.id, std::move(wanted.text), std::move(wanted.outcome),
                                     wanted.version);
  if (wanted.group)
    co_return co_await service.transfer_to_group(access, target.id, routing::GroupId(*wanted.group),
                                                 std::move(wanted.text), wanted.version);
  const AccountId to(wanted.account.value_or(0));
  co_return co_await service.transfer(access, target.id, to, std::move(wanted.text), wanted.version);
}

Task<Result<Response>> action(Service& service, Agents& agents, Request& request, const Caller& caller,
                              std::string name) {
  const auto target = co_await target_of(service, request, caller, Permission::desk_reply);
  if (!target) co_return std::unexpected(target.error());
  auto wanted = action_request(request, name);
  if (!wanted) co_return std::unexpected(wanted.error());
  agents.heartbeat(target->access.account());
  const auto view = co_await act(service, *target, name, std::move(*wanted));
  if (!view) co_return std::unexpected(view.error());
  co_return Response::json(to_json(*view, viewer_of(request, target->access)));
}

Task<Result<Response>> typing(Service& service, Request& request, const Caller& caller) {
  const auto target = co_await target_of(service, request, caller, Permission::desk_reply);
  if (!target) co_return std::unexpected(target.error());
  const auto body = net::json_body(request);
  if (!body) co_return std::unexpected(body.error());
  JsonInput in(*body);
  const std::string state = in.choice("state", {"start", "stop"});
  if (auto ok = in.finish(); !ok) co_return std::unexpected(ok.error());
  const auto done = co_await service.typing(target->access, target->id, state == "start");
  if (!done) co_return std::unexpected(done.error());
  co_return Response::no_content();
}

}  // namespace

void mount_conversations(identity::Guard& guard, Service& service, Agents& agents) {
  const std::string app = "/api/v1/miniprograms/{appid}/conversations";
  guard.app_route(Method::get, app, Permission::desk_read,
                  [&service](Request& request, const Access& access) { return list(service, request, access); });
  guard.app_route(Method::get, app + "/counts", Permission::desk_read,
                  [&service](Request& request, const Access& access) { return counts(service, request, access); });

  const std::string one = "/api/v1/conversations/{id}";
  using Handle = Task<Result<Response>> (*)(Service&, Request&, const Caller&);
  auto route = [&](Method method, const std::string& path, Permission permission, Handle handle) {
    guard.object_route(method, one + path, permission, [&service, handle](Request& request, const Caller& caller) {
      return handle(service, request, caller);
    });
  };
  route(Method::get, "", Permission::desk_read, get);
  route(Method::get, "/messages", Permission::desk_read, messages);
  route(Method::get, "/events", Permission::desk_read, events);
  route(Method::get, "/messages/{message_id}/attempts", Permission::desk_read, attempts);
  route(Method::post, "/messages/{message_id}/resend", Permission::desk_reply, resend);
  route(Method::post, "/typing", Permission::desk_reply, typing);
  guard.object_route(
      Method::post, one + "/messages", Permission::desk_reply,
      [&service, &agents](Request& request, const Caller& caller) { return send(service, agents, request, caller); });
  for (const std::string name : {"take", "release", "transfer", "park", "unpark", "close", "reopen", "read"}) {
    guard.object_route(Method::post, one + "/" + name, Permission::desk_reply,
                       [&service, &agents, name](Request& request, const Caller& caller) {
                         return action(service, agents, request, caller, name);
                       });
  }
}

}  // namespace miniops::desk
