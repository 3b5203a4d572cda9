// Exports, and one person's data.
#include "records/errors.hpp"
#include "records/export_format.hpp"
#include "records/routes.hpp"
#include "records/views.hpp"

namespace miniops::records {

using identity::Permission;
using net::Method;
using net::Request;
using net::Response;

namespace {

constexpr int parts_max = 10'000;

Answer list(Service& service, Request& request, Access access) {
  const auto page = page_in(request);
  if (!page) co_return std::unexpected(page.error());
  const auto found = co_await service.exports(access, ExportId(page->before_id()), page->limit);
  if (!found) co_return std::unexpected(found.error());
  co_return list_answer(*found);
}

Question question_in_body(JsonInput& in) {
  Question question;
  question.text = in.optional_text("text", {0, 200}).value_or("");
  question.from = in.optional_integer("from", 0, time_max).value_or(0);
  question.to = in.optional_integer("to", 0, time_max).value_or(0);
  question.agent = AccountId(in.optional_id("agent").value_or(0));
  question.group = GroupId(in.optional_id("group").value_or(0));
  question.customer = in.optional_text("customer", {0, 200}).value_or("");
  question.reason = ReasonId(in.optional_id("reason_id").value_or(0));
  question.tag = in.optional_text("tag", {0, 32}).value_or("");
  question.customer_tag = in.optional_text("customer_tag", {0, 32}).value_or("");
  question.source = in.optional_text("source", {0, 200}).value_or("");
  question.score = static_cast<int>(in.optional_integer("score", 1, 5).value_or(0));
  question.events = in.optional_boolean("events").value_or(false);
  if (question.to != 0 && question.to < question.from) in.mistake("to", "must not lie before `from`");
  return question;
}

Answer add(Service& service, Request& request, Access access) {
  const auto body = net::json_body(request);
  if (!body) co_return std::unexpected(body.error());
  JsonInput in(*body);
  const Format format = in.choice("format", {"csv", "jsonl"}) == "jsonl" ? Format::jsonl : Format::csv;
  Question question = question_in_body(in);
  if (question.events && (format == Format::csv || !question.text.empty()))
    in.mistake("events", "are told in jsonl, and not with `text`");
  if (auto ok = in.finish(); !ok) co_return std::unexpected(ok.error());
  const auto made = co_await service.add_export(access, std::move(question), format);
  if (!made) co_return std::unexpected(made.error());
  co_return Response::json(to_json(*made), 201);
}

Answer one(Service& service, Request& request, Access access) {
  const auto id = id_in(request, "id", "export");
  if (!id) co_return std::unexpected(id.error());
  const auto found = co_await service.find_export(access, ExportId(*id));
  if (!found) co_return std::unexpected(found.error());
  co_return Response::json(to_json(*found));
}

Answer cancel(Service& service, Request& request, Access access) {
  const auto id = id_in(request, "id", "export");
  if (!id) co_return std::unexpected(id.error());
  const auto done = co_await service.cancel_export(access, ExportId(*id));
  if (!done) co_return std::unexpected(done.error());
  co_return Response::json(to_json(*done));
}

Answer remove(Service& service, Request& request, Access access) {
  const auto id = id_in(request, "id", "export");
  if (!id) co_return std::unexpected(id.error());
  if (auto done = co_await service.remove_export(access, ExportId(*id)); !done) co_return std::unexpected(done.error());
  co_return Response::no_content();
}

Result<std::int64_t> part_of(const Request& request) {
  const auto part = parse_id(request.query_value("part").value_or("1"));
  if (part && *part <= parts_max) return *part;
  return fail(ErrorKind::invalid, "request.invalid", "the query is wrong: part must be 1, 2 …");
}

Answer download(Service& service, Request& request, Access access) {
  const auto id = id_in(request, "id", "export");
  if (!id) co_return std::unexpected(id.error());
  const auto part = part_of(request);
  if (!part) co_return std::unexpected(part.error());
  auto found = co_await service.download(access, ExportId(*id), *part);
  if (!found) co_return std::unexpected(found.error());
  Response response = Response::bytes(std::move(found->bytes), std::string(content_type(found->from)));
  response.headers.set("Content-Disposition", fmt::format("attachment; filename=\"{}\"", file_name(found->from)));
  response.headers.set("X-Content-Type-Options", "nosniff");
  response.headers.set("Cache-Control", "no-store, private");
  co_return response;
}

// ---- one person's data ----

Answer add_person_export(Service& service, Request& request, Access access) {
  const auto body = net::json_body(request);
  if (!body) co_return std::unexpected(body.error());
  JsonInput in(*body);
  OpenId openid(in.text("openid", {1, 128}));
  if (auto ok = in.finish(); !ok) co_return std::unexpected(ok.error());
  const auto made = co_await service.add_person_export(access, std::move(openid));
  if (!made) co_return std::unexpected(made.error());
  co_return Response::json(to_json(*made), 201);
}

Answer erase(Service& service, Request& request, Access access) {
  const auto body = net::json_body(request);
  if (!body) co_return std::unexpected(body.error());
  JsonInput in(*body);
  OpenId openid(in.text("openid", {1, 128}));
  std::string reason = in.text("reason", {1, 500});
  if (auto ok = in.finish(); !ok) co_return std::unexpected(ok.error());
  const auto asked = co_await service.erase(access, std::move(openid), std::move(reason));
  if (!asked) co_return std::unexpected(asked.error());
  co_return Response::json(to_json(*asked), 201);
}

Answer erasures(Service& service, Request& request, Access access) {
  const auto page = page_in(request);
  if (!page) co_return std::unexpected(page.error());
  const auto found = co_await service.erasures(access, ErasureId(page->before_id()), page->limit);
  if (!found) co_return std::unexpected(found.error());
  co_return list_answer(*found);
}

Answer erasure(Service& service, Request& request, Access access) {
  const auto id = id_in(request, "id", "request");
  if (!id) co_return std::unexpected(id.error());
  const auto found = co_await service.find_erasure(access, ErasureId(*id));
  if (!found) co_return std::unexpected(found.error());
  co_return Response::json(to_json(*found));
}

}  // namespace

void mount_exports(identity::Guard& guard, Service& service) {
  // desk.export may be granted for single groups: the use cases ask for it.
  using enum Permission;
  route(guard, service, Method::get, "/exports", desk_read, list);
  route(guard, service, Method::post, "/exports", desk_read, add);
  route(guard, service, Method::get, "/exports/{id}", desk_read, one);
  route(guard, service, Method::del, "/exports/{id}", desk_read, remove);
  route(guard, service, Method::post, "/exports/{id}/cancel", desk_read, cancel);
  route(guard, service, Method::get, "/exports/{id}/download", desk_read, download);
}

namespace {

Answer needs_personal_data() { co_return std::unexpected(errors::needs_personal_data()); }

}  // namespace

void mount_erasures(identity::Guard& guard, Service& service) {
  // They need personal_data.read, too, which alone opens nothing.
  const auto mount = [&](Method method, std::string_view path, Permission permission,
                         Answer (*handler)(Service&, Request&, Access)) {
    route(guard, service, method, path, permission, [handler](Service& asked, Request& request, Access access) {
      return access.sees_personal_data() ? handler(asked, request, std::move(access)) : needs_personal_data();
    });
  };
  mount(Method::post, "/person-exports", Permission::desk_export, add_person_export);
  mount(Method::post, "/erasures", Permission::desk_configure, erase);
  mount(Method::get, "/erasures", Permission::desk_configure, erasures);
  mount(Method::get, "/erasures/{id}", Permission::desk_configure, erasure);
}

}  // namespace miniops::records
