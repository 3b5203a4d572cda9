#include "desk/agents.hpp"
#include "desk/route_support.hpp"
#include "desk/routes.hpp"
#include "identity/idempotency.hpp"

namespace miniops::desk {

namespace {

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
  if (const auto reason = request.query_value("reason_id")) {
    const auto id = parse_as<wrapup::ReasonId>(*reason);
    if (!id) return fail(invalid_query("reason_id", "must be an id"));
    filter.reasons = {*id};
  }
  if (const auto tag = request.query_value("tag")) {
    if (!valid_utf8(*tag) || count_chars(*tag) > wrapup::tag_rule.chars_max)
      return fail(invalid_query("tag", "must be UTF-8 of at most 32 characters"));
    filter.tag = *tag;
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

Result<Service::Sending> send_request(const Request& request) {
  const auto body = net::json_body(request);
  if (!body) return std::unexpected(body.error());
  if (!body->is_object()) return fail(ErrorKind::invalid, "request.invalid", "the body must be an object");
  auto message = parse_to_send(body->get_object(), true);
  if (!message) return std::unexpected(message.error());
  JsonInput in(*body);
  const std::string msgtype = in.text("msgtype", {1, 32});
  in.optional_value(msgtype);  // parse_to_send has read it
  Service::Sending wanted{std::move(*message)};
  wanted.client_id = in.optional_text("client_id", {1, 64});
  wanted.seen_seq = in.optional_integer("seen_seq", 0, std::numeric_limits<std::int64_t>::max());
  if (const auto used = in.optional_id("quick_reply_id")) wanted.used.emplace(*used);
  wanted.confirmed = in.optional_boolean("confirmed").value_or(false);
  if (auto ok = in.finish(); !ok) return std::unexpected(ok.error());
  return wanted;
}

Task<Result<Response>> send(Service& service, Agents& agents, Request& request, const Caller& caller) {
  const auto target = co_await target_of(service, request, caller, Permission::desk_reply);
  if (!target) co_return std::unexpected(target.error());
  auto wanted = send_request(request);
  if (!wanted) co_return std::unexpected(wanted.error());
  agents.heartbeat(target->access.account());
  const auto sent = co_await service.send(target->access, target->id, std::move(*wanted));
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

// Needs to be allowed to read, too.
Task<Result<Response>> reveal(Service& service, Request& request, const Caller& caller) {
  const auto target = co_await target_of(service, request, caller, Permission::desk_read);
  if (!target) co_return std::unexpected(target.error());
  auto access = caller.access(target->access.appid(), Permission::personal_data_read);
  if (!access) co_return std::unexpected(access.error());
  const auto message = id_param<MessageId>(request, "message_id", "message");
  if (!message) co_return std::unexpected(message.error());
  const auto body = net::json_body(request);
  if (!body) co_return std::unexpected(body.error());
  JsonInput in(*body);
  const auto position = in.integer("position", 0, std::numeric_limits<std::int32_t>::max());
  if (auto ok = in.finish(); !ok) co_return std::unexpected(ok.error());
  const auto value = co_await service.reveal(std::move(*access), target->id, *message, position);
  if (!value) co_return std::unexpected(value.error());
  co_return identity::secret_response(json::object{{"value", *value}});
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
  std::optional<std::string> tier{};
  std::string text{}, outcome{};
  wrapup::Patch wrap_up{};
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
    wanted.tier = in.optional_choice("tier", {"ordinary", "expert"});
    if (wanted.account.has_value() + wanted.group.has_value() + wanted.tier.has_value() != 1)
      in.mistake("account_id", "give account_id, group_id or tier");
    wanted.text = in.optional_text("note", {0, 2048}).value_or("");
  } else if (action == "park") {
    wanted.until = in.optional_integer("until", 1, std::numeric_limits<std::int64_t>::max());
    wanted.text = in.optional_text("note", {0, 2048}).value_or("");
  } else if (action == "close") {
    wanted.text = in.optional_text("reason", {0, 200}).value_or("");
    wanted.outcome = in.optional_choice("outcome", {"resolved", "unresolved"}).value_or("resolved");
    wanted.wrap_up = wrapup::read_patch(in, *body);
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
                                     wanted.version, std::move(wanted.wrap_up));
  if (wanted.group)
    co_return co_await service.transfer_to_group(access, target.id, routing::GroupId(*wanted.group),
                                                 std::move(wanted.text), wanted.version);
  if (wanted.tier)
    co_return co_await service.transfer_to_tier(access, target.id, parse_word<routing::Tier>(*wanted.tier).value(),
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

// ---- wrapping up ----

Task<Result<Response>> closing(Service& service, Request& request, const Caller& caller) {
  const auto target = co_await target_of(service, request, caller, Permission::desk_read);
  if (!target) co_return std::unexpected(target.error());
  const auto found = co_await service.closing(target->access, target->id);
  if (!found) co_return std::unexpected(found.error());
  json::value body = wrapup::to_json(found->said);
  if (!target->access.sees_personal_data()) mask_texts(body);
  json::object& shown = body.get_object();
  shown["suggested_reason_id"] = found->suggested.empty() ? json::value(nullptr) : json::value(found->suggested.str());
  shown["reason_required"] = found->reason_required;
  co_return Response::json(body);
}

Task<Result<Response>> wrap_up(Service& service, Request& request, const Caller& caller) {
  const auto target = co_await target_of(service, request, caller, Permission::desk_reply);
  if (!target) co_return std::unexpected(target.error());
  const auto body = net::json_body(request);
  if (!body) co_return std::unexpected(body.error());
  JsonInput in(*body);
  const auto version = in.optional_integer("version", 1, std::numeric_limits<std::int64_t>::max());
  wrapup::Patch patch = wrapup::read_patch(in, *body);
  if (auto ok = in.finish(); !ok) co_return std::unexpected(ok.error());
  const auto view = co_await service.wrap_up(target->access, target->id, std::move(patch), version);
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
  route(Method::get, "/wrap-up", Permission::desk_read, closing);
  route(Method::patch, "/wrap-up", Permission::desk_reply, wrap_up);
  route(Method::get, "/messages", Permission::desk_read, messages);
  route(Method::get, "/events", Permission::desk_read, events);
  route(Method::get, "/messages/{message_id}/attempts", Permission::desk_read, attempts);
  route(Method::post, "/messages/{message_id}/resend", Permission::desk_reply, resend);
  route(Method::post, "/messages/{message_id}/reveal", Permission::personal_data_read, reveal);
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
