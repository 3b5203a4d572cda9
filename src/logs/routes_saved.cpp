// Saved queries and exports.
#include "base/text.hpp"
#include "logs/export_format.hpp"
#include "logs/route_support.hpp"
#include "logs/routes.hpp"

namespace miniops::logs {

namespace {

using identity::Permission;
using net::Method;
using net::Request;
using net::Response;

json::value time_or_none(TimeMs at) { return at == 0 ? json::value(nullptr) : json::value(at); }

Result<std::int64_t> id_of(const Request& request, std::string_view what) {
  const auto id = parse_id(request.param("id"));
  if (!id) return fail(errors::not_found(what));
  return *id;
}

// ---- saved queries ----

json::object shown(const SavedQuery& query, const Access& access) {
  return {{"id", std::to_string(query.id)},
          {"name", query.name},
          {"query", query.query},
          {"source", to_string(query.source)},
          {"level", shown_level(query.level)},
          {"columns", shown_columns(query.columns)},
          {"created_by", query.username},
          {"created_at", query.created_at},
          {"updated_at", query.updated_at},
          {"mine", may_change(access, query.account)}};
}

Result<QueryDraft> draft_of(const Request& request) {
  const auto body = net::json_body(request);
  if (!body) return std::unexpected(body.error());
  JsonInput in(*body);
  QueryDraft draft;
  draft.name = in.text("name", {1, 64});
  AskedInBody asked = asked_in_body(in);
  if (auto ok = in.finish(); !ok) return std::unexpected(ok.error());
  draft.query = std::move(asked.query);
  draft.source = asked.source;
  draft.level = asked.level;
  draft.columns = std::move(asked.columns);
  return draft;
}

Answer list_queries(Service& service, Request&, Access access) {
  const auto found = co_await service.queries(access);
  if (!found) co_return std::unexpected(found.error());
  co_return Response::json(shown_list(*found, [&](const SavedQuery& query) { return shown(query, access); }));
}

Answer add_query(Service& service, Request& request, Access access) {
  auto draft = draft_of(request);
  if (!draft) co_return std::unexpected(draft.error());
  const auto made = co_await service.add_query(access, std::move(*draft));
  if (!made) co_return std::unexpected(made.error());
  co_return Response::json(shown(*made, access), 201);
}

Answer put_query(Service& service, Request& request, Access access) {
  const auto id = id_of(request, "saved query");
  if (!id) co_return std::unexpected(id.error());
  auto draft = draft_of(request);
  if (!draft) co_return std::unexpected(draft.error());
  const auto changed = co_await service.change_query(access, *id, std::move(*draft));
  if (!changed) co_return std::unexpected(changed.error());
  co_return Response::json(shown(*changed, access));
}

Answer delete_query(Service& service, Request& request, Access access) {
  const auto id = id_of(request, "saved query");
  if (!id) co_return std::unexpected(id.error());
  if (auto done = co_await service.delete_query(access, *id); !done) co_return std::unexpected(done.error());
  co_return Response::no_content();
}

// ---- exports ----

json::object shown(const Export& one, const Access& access) {
  const ExportWish& wish = one.wish;
  const ExportProgress& done = one.progress;
  const auto bytes = static_cast<std::size_t>(done.bytes);
  const bool ready = one.state == ExportState::done;
  const std::size_t parts = ready ? std::max<std::size_t>((bytes + export_part_bytes - 1) / export_part_bytes, 1) : 0;
  return {{"id", std::to_string(one.id)},
          {"state", to_string(one.state)},
          {"query", wish.query},
          {"source", to_string(wish.source)},
          {"level", shown_level(wish.level)},
          {"from", wish.from},
          {"to", wish.to},
          {"format", to_string(wish.format)},
          {"gzip", wish.gzip},
          {"columns", shown_columns(wish.columns)},
          {"masked", one.masked},
          {"rows", done.lines},
          {"rows_estimated", done.lines_expected ? json::value(*done.lines_expected) : json::value(nullptr)},
          {"bytes", done.bytes},
          {"cut", done.cut},
          {"parts", parts},
          {"problem", one.problem.empty() ? json::value(nullptr) : json::value(one.problem)},
          {"created_by", one.username},
          {"created_at", one.created_at},
          {"ended_at", time_or_none(one.ended_at)},
          {"expires_at", time_or_none(one.expires_at)},
          {"mine", may_change(access, one.account)}};
}

Answer list_exports(Exports& exports, Request&, Access access) {
  const auto found = co_await exports.all(access);
  if (!found) co_return std::unexpected(found.error());
  co_return Response::json(shown_list(*found, [&](const Export& one) { return shown(one, access); }));
}

Answer add_export(Exports& exports, Request& request, Access access) {
  const auto body = net::json_body(request);
  if (!body) co_return std::unexpected(body.error());
  JsonInput in(*body);
  ExportWish wish;
  wish.from = in.integer("from", 0, 4'102'444'800'000);
  wish.to = in.integer("to", 0, 4'102'444'800'000);
  wish.format = in.choice("format", {"csv", "jsonl"}) == "csv" ? Format::csv : Format::jsonl;
  wish.gzip = in.optional_boolean("gzip").value_or(false);
  AskedInBody asked = asked_in_body(in);
  if (wish.from > wish.to) in.mistake("to", "must not lie before `from`");
  if (auto ok = in.finish(); !ok) co_return std::unexpected(ok.error());
  wish.query = std::move(asked.query);
  wish.source = asked.source;
  wish.level = asked.level;
  wish.columns = std::move(asked.columns);
  const auto made = co_await exports.add(access, std::move(wish));
  if (!made) co_return std::unexpected(made.error());
  co_return Response::json(shown(*made, access), 201);
}

Answer get_export(Exports& exports, Request& request, Access access) {
  const auto id = id_of(request, "export");
  if (!id) co_return std::unexpected(id.error());
  const auto found = co_await exports.find(access, *id);
  if (!found) co_return std::unexpected(found.error());
  co_return Response::json(shown(*found, access));
}

Answer cancel_export(Exports& exports, Request& request, Access access) {
  const auto id = id_of(request, "export");
  if (!id) co_return std::unexpected(id.error());
  const auto done = co_await exports.cancel(access, *id);
  if (!done) co_return std::unexpected(done.error());
  co_return Response::json(shown(*done, access));
}

Answer repeat_export(Exports& exports, Request& request, Access access) {
  const auto id = id_of(request, "export");
  if (!id) co_return std::unexpected(id.error());
  const auto made = co_await exports.repeat(access, *id);
  if (!made) co_return std::unexpected(made.error());
  co_return Response::json(shown(*made, access), 201);
}

Answer delete_export(Exports& exports, Request& request, Access access) {
  const auto id = id_of(request, "export");
  if (!id) co_return std::unexpected(id.error());
  if (auto done = co_await exports.remove(access, *id); !done) co_return std::unexpected(done.error());
  co_return Response::no_content();
}

Answer download_export(Exports& exports, Request& request, Access access) {
  const auto id = id_of(request, "export");
  if (!id) co_return std::unexpected(id.error());
  const auto part = number_of(request, "part", 1, 1, 1000);
  if (!part) co_return std::unexpected(part.error());
  auto found = co_await exports.download(access, *id, static_cast<std::size_t>(*part) - 1);
  if (!found) co_return std::unexpected(found.error());
  Response response = Response::bytes(std::move(found->bytes), std::string(content_type(found->from.wish)));
  response.headers.set("Content-Disposition", fmt::format("attachment; filename=\"{}\"", file_name(found->from)));
  co_return response;
}

template <class To, class Handler>
void route(identity::Guard& guard, To& to, Method method, std::string_view path, Handler handler) {
  guard.app_route(
      method, fmt::format("{}{}", base_path, path), Permission::telemetry_read,
      [&to, handler](Request& request, const Access& access) -> Answer { return handler(to, request, access); });
}

}  // namespace

void mount_saved(identity::Guard& guard, Service& service) {
  route(guard, service, Method::get, "queries", list_queries);
  route(guard, service, Method::post, "queries", add_query);
  route(guard, service, Method::put, "queries/{id}", put_query);
  route(guard, service, Method::del, "queries/{id}", delete_query);
}

void mount_exports(identity::Guard& guard, Exports& exports) {
  route(guard, exports, Method::get, "exports", list_exports);
  route(guard, exports, Method::post, "exports", add_export);
  route(guard, exports, Method::get, "exports/{id}", get_export);
  route(guard, exports, Method::del, "exports/{id}", delete_export);
  route(guard, exports, Method::post, "exports/{id}/cancel", cancel_export);
  route(guard, exports, Method::post, "exports/{id}/repeat", repeat_export);
  route(guard, exports, Method::get, "exports/{id}/download", download_export);
}

}  // namespace miniops::logs
