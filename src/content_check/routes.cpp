#include "content_check/routes.hpp"

#include "content_check/errors.hpp"
#include "identity/idempotency.hpp"
#include "webhooks/subscription.hpp"

namespace miniops::content_check {

namespace {

using identity::Permission;
using net::Method;
using net::Request;
using net::Response;
using Answered = Task<Result<Response>>;

constexpr std::size_t address_chars_max = 2048;
constexpr std::size_t name_chars_max = 64;
constexpr std::size_t text_chars_max = 2048;
constexpr std::int64_t version_max = std::numeric_limits<std::int64_t>::max();

// ---- reading requests ----

Result<CheckerId> id_in(const Request& request) {
  const auto id = parse_as<CheckerId>(request.param("id"));
  return id ? Result<CheckerId>(*id) : fail(errors::not_found());
}

Action read_action(JsonInput& in, std::string_view key) {
  return parse_word<Action>(in.choice(key, {"warn", "block"})).value_or(Action::block);
}
Failing read_failing(JsonInput& in, std::string_view key) {
  return parse_word<Failing>(in.choice(key, {"open", "closed"})).value_or(Failing::closed);
}

Settings read_settings(JsonInput& in) {
  Settings settings;
  settings.version = in.integer("version", 1, version_max);
  settings.words = read_action(in, "words");
  JsonInput wechat = in.object("wechat");
  settings.wechat = {wechat.boolean("enabled"), read_action(wechat, "action"), read_failing(wechat, "unanswered"),
                     read_failing(wechat, "inactive")};
  settings.leave_out = in.optional_texts("leave_out", leave_out_max, {1, phrase_chars_max});
  return settings;
}

Given read_given(JsonInput& in) {
  Given given;
  given.name = in.optional_text("name", {1, name_chars_max});
  given.address = in.optional_text("address", {1, address_chars_max});
  if (given.address && !webhooks::parse_address(*given.address))
    in.mistake("address", "must be an http or https address without user, password and fragment");
  if (in.has("action")) given.action = read_action(in, "action");
  if (in.has("unanswered")) given.unanswered = read_failing(in, "unanswered");
  given.enabled = in.optional_boolean("enabled");
  return given;
}

// ---- answers ----

json::object to_json(const Settings& settings) {
  const WeChatRule& rule = settings.wechat;
  json::object out{{"version", settings.version}, {"words", word(settings.words)}};
  out["wechat"] = {{"enabled", rule.enabled},
                   {"action", word(rule.action)},
                   {"unanswered", word(rule.unanswered)},
                   {"inactive", word(rule.inactive)}};
  out["leave_out"] = json::array(settings.leave_out.begin(), settings.leave_out.end());
  return out;
}

json::object to_json(const Outside& one) {
  return {{"id", one.id.str()},     {"version", one.version},      {"name", one.name},
          {"address", one.address}, {"action", word(one.action)},  {"unanswered", word(one.unanswered)},
          {"enabled", one.enabled}, {"created_at", one.created_at}};
}

Response secret_answer(const WithSecret& made, int status) {
  return identity::secret_response(json::object{{"checker", to_json(made.checker)}, {"secret", made.secret}}, status);
}

// ---- routes ----

Answered get(Service& service, Request&, Access access) {
  const auto setup = co_await service.setup(access);
  if (!setup) co_return std::unexpected(setup.error());
  json::array checkers;
  for (const Outside& one : setup->checkers) checkers.push_back(to_json(one));
  json::object out = to_json(setup->settings);
  out["checkers"] = std::move(checkers);
  co_return Response::json(out);
}

Answered set(Service& service, Request& request, Access access) {
  const auto body = net::json_body(request);
  if (!body) co_return std::unexpected(body.error());
  JsonInput in(*body);
  Settings settings = read_settings(in);
  if (auto ok = in.finish(); !ok) co_return std::unexpected(ok.error());
  const auto stored = co_await service.set_settings(access, std::move(settings));
  if (!stored) co_return std::unexpected(stored.error());
  co_return Response::json(to_json(*stored));
}

Answered add(Service& service, Request& request, Access access) {
  const auto body = net::json_body(request);
  if (!body) co_return std::unexpected(body.error());
  JsonInput in(*body);
  Given given = read_given(in);
  for (const std::string_view name : {"name", "address"})
    if (!in.has(name)) in.mistake(name, "is required");
  if (auto ok = in.finish(); !ok) co_return std::unexpected(ok.error());
  const auto made = co_await service.add(access, std::move(given));
  if (!made) co_return std::unexpected(made.error());
  co_return secret_answer(*made, 201);
}

Answered change(Service& service, Request& request, Access access) {
  const auto id = id_in(request);
  if (!id) co_return std::unexpected(id.error());
  const auto body = net::json_body(request);
  if (!body) co_return std::unexpected(body.error());
  JsonInput in(*body);
  const std::int64_t version = in.integer("version", 1, version_max);
  Given given = read_given(in);
  if (auto ok = in.finish(); !ok) co_return std::unexpected(ok.error());
  const auto changed = co_await service.change(access, *id, version, std::move(given));
  if (!changed) co_return std::unexpected(changed.error());
  co_return Response::json(to_json(*changed));
}

Answered remove(Service& service, Request& request, Access access) {
  const auto id = id_in(request);
  if (!id) co_return std::unexpected(id.error());
  if (auto done = co_await service.remove(access, *id); !done) co_return std::unexpected(done.error());
  co_return Response::no_content();
}

Answered renew_secret(Service& service, Request& request, Access access) {
  const auto id = id_in(request);
  if (!id) co_return std::unexpected(id.error());
  const auto made = co_await service.renew_secret(access, *id);
  if (!made) co_return std::unexpected(made.error());
  co_return secret_answer(*made, 200);
}

Answered test(Service& service, Request& request, Access access) {
  const auto id = id_in(request);
  if (!id) co_return std::unexpected(id.error());
  const auto body = net::json_body(request);
  if (!body) co_return std::unexpected(body.error());
  JsonInput in(*body);
  std::string text = in.text("text", {1, text_chars_max});
  if (auto ok = in.finish(); !ok) co_return std::unexpected(ok.error());
  const auto answer = co_await service.test(access, *id, std::move(text));
  if (!answer) co_return std::unexpected(answer.error());
  json::object out{{"verdict", word(answer->verdict)}, {"reason", answer->reason}, {"ms", answer->ms}};
  out["words"] = json::array(answer->words.begin(), answer->words.end());
  co_return Response::json(out);
}

Answered needs_records() { co_return fail(errors::needs_records()); }

}  // namespace

void mount(identity::Guard& guard, Service& service) {
  const auto route = [&](Method method, const std::string& path, Answered (*handler)(Service&, Request&, Access)) {
    guard.app_route(method, "/api/v1/miniprograms/{appid}/content-check" + path, Permission::desk_configure,
                    [&service, handler, reads = !path.empty()](Request& request, const Access& access) {
                      const bool refused = reads && !access.may(Permission::desk_records_all);
                      return refused ? needs_records() : handler(service, request, access);
                    });
  };
  route(Method::get, "", get);
  route(Method::put, "", set);
  route(Method::post, "/checkers", add);
  route(Method::patch, "/checkers/{id}", change);
  route(Method::del, "/checkers/{id}", remove);
  route(Method::post, "/checkers/{id}/secret", renew_secret);
  route(Method::post, "/checkers/{id}/test", test);
}

}  // namespace miniops::content_check
