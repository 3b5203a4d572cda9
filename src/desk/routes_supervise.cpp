// Mentions, transfers that are asked for, supervision. Who supervises a group only has desk.supervise there and not in
// the whole mini program: the service asks for it.
#include "desk/agents.hpp"
#include "desk/route_support.hpp"
#include "desk/routes.hpp"

namespace miniops::desk {

namespace {

constexpr std::size_t marked_max = 100;

json::value or_null(TimeMs at) { return at == 0 ? json::value(nullptr) : json::value(at); }

json::object shown(const Named& one) { return {{"id", one.account.str()}, {"display_name", one.name}}; }

json::object shown(const Mention& mention) {
  return {{"id", mention.id.str()},
          {"kind", to_string(mention.kind)},
          {"conversation_id", mention.conversation.str()},
          {"message_id", mention.message.str()},
          {"whom", shown(mention.whom)},
          {"from", shown(mention.from)},
          {"created_at", mention.created_at},
          {"read_at", or_null(mention.read_at)},
          {"answered_at", or_null(mention.answered_at)}};
}

json::object shown(const Service::InboxItem& named, const Viewer& viewer) {
  json::object object = shown(named.mention);
  object["summary"] = named.text;
  object["nickname"] = named.in.nickname;
  object["openid"] = named.in.openid.str();
  object["state"] = to_string(named.in.state);
  object["readable"] = named.readable;
  if (viewer.personal_data) return object;
  json::value masked(std::move(object));
  mask_texts(masked);
  return std::move(masked.get_object());
}

// ---- mentions ----

Task<Result<Response>> inbox(Service& service, Request& request, Access access) {
  const auto page = list_request(request);
  if (!page) co_return std::unexpected(page.error());
  const std::string unread = request.query_value("unread").value_or("false");
  if (unread != "true" && unread != "false") co_return fail(invalid_query("unread", "must be true or false"));
  const MentionId before(page->after ? page->after->second : 0);
  const auto found = co_await service.inbox(access, unread == "true", before, page->limit);
  if (!found) co_return std::unexpected(found.error());
  json::array items;
  for (const Service::InboxItem& one : found->page.items) items.push_back(shown(one, viewer_of(request, access)));
  json::object answer = list_of(std::move(items), found->page.next);
  answer["unread"] = found->unread;
  co_return Response::json(std::move(answer));
}

Task<Result<Response>> read_mentions(Service& service, Request& request, Access access) {
  const auto body = optional_body(request);
  if (!body) co_return std::unexpected(body.error());
  JsonInput in(*body);
  std::vector<MentionId> ids;
  for (const std::string& text : in.optional_texts("ids", marked_max)) {
    const auto id = parse_as<MentionId>(text);
    if (id) ids.push_back(*id);
    if (!id) in.mistake("ids", "must be ids");
  }
  if (auto ok = in.finish(); !ok) co_return std::unexpected(ok.error());
  const auto unread = co_await service.read_mentions(access, std::move(ids));
  if (!unread) co_return std::unexpected(unread.error());
  co_return Response::json(json::object{{"unread", *unread}});
}

Task<Result<Response>> named_in(Service& service, Request& request, const Caller& caller) {
  const auto target = co_await target_of(service, request, caller, Permission::desk_read);
  if (!target) co_return std::unexpected(target.error());
  const auto mentions = co_await service.named_in(target->access, target->id);
  if (!mentions) co_return std::unexpected(mentions.error());
  json::array items;
  for (const Mention& mention : *mentions) items.push_back(shown(mention));
  co_return Response::json(json::object{{"items", std::move(items)}});
}

Task<Result<Response>> withdraw_mention(Service& service, Request& request, const Caller& caller) {
  const auto target = co_await target_of(service, request, caller, Permission::desk_reply);
  if (!target) co_return std::unexpected(target.error());
  const auto mention = id_param<MentionId>(request, "mention_id", "mention");
  if (!mention) co_return std::unexpected(mention.error());
  const auto done = co_await service.withdraw_mention(target->access, target->id, *mention);
  if (!done) co_return std::unexpected(done.error());
  co_return Response::no_content();
}

// ---- transfers and supervision ----

struct Wanted {
  SeenVersion version{};
  std::string note{};
};
Result<Wanted> wanted_of(const Request& request, bool with_note) {
  const auto body = optional_body(request);
  if (!body) return std::unexpected(body.error());
  JsonInput in(*body);
  Wanted wanted;
  wanted.version = in.optional_integer("version", 1, std::numeric_limits<std::int64_t>::max());
  if (with_note) wanted.note = in.optional_text("note", {0, 2048}).value_or("");
  if (auto ok = in.finish(); !ok) return std::unexpected(ok.error());
  return wanted;
}

enum class Step { accept, decline, withdraw, take_over, watch };

Task<Result<ConversationView>> act(Service& service, const Target& target, Step step, Wanted wanted) {
  const Access& access = target.access;
  if (step == Step::accept) co_return co_await service.accept_transfer(access, target.id, wanted.version);
  if (step == Step::decline)
    co_return co_await service.decline_transfer(access, target.id, std::move(wanted.note), wanted.version);
  if (step == Step::withdraw) co_return co_await service.withdraw_transfer(access, target.id, wanted.version);
  if (step == Step::take_over) co_return co_await service.take_over(access, target.id, wanted.version);
  co_return co_await service.watch(access, target.id);
}

Task<Result<Response>> step(Service& service, Agents& agents, Request& request, const Caller& caller, Step step) {
  const Permission needed = step == Step::watch ? Permission::desk_read : Permission::desk_reply;
  const auto target = co_await target_of(service, request, caller, needed);
  if (!target) co_return std::unexpected(target.error());
  auto wanted = wanted_of(request, step == Step::decline);
  if (!wanted) co_return std::unexpected(wanted.error());
  if (step != Step::watch) agents.heartbeat(target->access.account());
  const auto view = co_await act(service, *target, step, std::move(*wanted));
  if (!view) co_return std::unexpected(view.error());
  co_return Response::json(to_json(*view, viewer_of(request, target->access)));
}

Task<Result<Response>> whisper(Service& service, Request& request, const Caller& caller) {
  const auto target = co_await target_of(service, request, caller, Permission::desk_read);
  if (!target) co_return std::unexpected(target.error());
  const auto body = net::json_body(request);
  if (!body) co_return std::unexpected(body.error());
  JsonInput in(*body);
  std::string content = in.text("content", {1, 2048});
  auto client_id = in.optional_text("client_id", {1, 64});
  if (auto ok = in.finish(); !ok) co_return std::unexpected(ok.error());
  const auto said = co_await service.whisper(target->access, target->id, std::move(content), std::move(client_id));
  if (!said) co_return std::unexpected(said.error());
  co_return Response::json(to_json(*said, viewer_of(request, target->access)), 201);
}

Task<Result<Response>> set_presence_for(Agents& agents, Request& request, Access access) {
  const auto account = id_param<AccountId>(request, "id", "agent");
  if (!account) co_return std::unexpected(account.error());
  const auto body = net::json_body(request);
  if (!body) co_return std::unexpected(body.error());
  JsonInput in(*body);
  const std::string presence = in.choice("presence", {"online", "busy", "away"});
  auto reason = in.optional_text("reason", {0, 32}).value_or("");
  if (auto ok = in.finish(); !ok) co_return std::unexpected(ok.error());
  const auto view =
      co_await agents.set_for(access, *account, parse_word<Presence>(presence).value(), std::move(reason));
  if (!view) co_return std::unexpected(view.error());
  co_return Response::json(to_json(*view));
}

}  // namespace

void mount_supervision(identity::Guard& guard, Service& service, Agents& agents) {
  const std::string app = "/api/v1/miniprograms/{appid}";
  guard.app_route(Method::get, app + "/mentions", Permission::desk_read,
                  [&service](Request& request, const Access& access) { return inbox(service, request, access); });
  guard.app_route(
      Method::post, app + "/mentions/read", Permission::desk_read,
      [&service](Request& request, const Access& access) { return read_mentions(service, request, access); });
  guard.app_route(
      Method::put, app + "/agents/{id}/presence", Permission::desk_read,
      [&agents](Request& request, const Access& access) { return set_presence_for(agents, request, access); });

  const std::string one = "/api/v1/conversations/{id}";
  using Handle = Task<Result<Response>> (*)(Service&, Request&, const Caller&);
  auto route = [&](Method method, const std::string& path, Permission permission, Handle handle) {
    guard.object_route(method, one + path, permission, [&service, handle](Request& request, const Caller& caller) {
      return handle(service, request, caller);
    });
  };
  route(Method::get, "/mentions", Permission::desk_read, named_in);
  route(Method::del, "/mentions/{mention_id}", Permission::desk_reply, withdraw_mention);
  route(Method::post, "/whispers", Permission::desk_read, whisper);
  auto step_route = [&](const std::string& path, Permission permission, Step which) {
    guard.object_route(Method::post, one + path, permission,
                       [&service, &agents, which](Request& request, const Caller& caller) {
                         return step(service, agents, request, caller, which);
                       });
  };
  step_route("/transfer/accept", Permission::desk_reply, Step::accept);
  step_route("/transfer/decline", Permission::desk_reply, Step::decline);
  step_route("/transfer/withdraw", Permission::desk_reply, Step::withdraw);
  step_route("/take-over", Permission::desk_reply, Step::take_over);
  step_route("/watch", Permission::desk_read, Step::watch);
}

}  // namespace miniops::desk
