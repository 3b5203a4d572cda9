#include "base/text.hpp"
#include "telemetry/errors.hpp"
#include "telemetry/person_export.hpp"
#include "telemetry/record_json.hpp"
#include "telemetry/routes.hpp"

namespace miniops::telemetry {

namespace {

using identity::Permission;
using net::Method;
using net::Request;
using net::Response;
using Answer = Task<Result<Response>>;

constexpr std::size_t id_bytes_max = 500;

// How the API calls a kind of id, and how the dictionary does.
constexpr std::array<std::pair<std::string_view, std::string_view>, 4> id_kinds{
    {{"login_id", "login"}, {"unionid", "unionid"}, {"openid", "openid"}, {"device_id", "device"}}};

std::string_view name_of_kind(std::string_view kind) {
  for (const auto& [name, stored] : id_kinds)
    if (stored == kind) return name;
  return kind;
}

// What stays lets people tell two apart.
std::string masked(const std::string& id) {
  constexpr std::size_t kept = 2;
  const bool plain = std::ranges::all_of(id, [](char c) { return c > ' ' && c <= '~'; });
  if (!plain || id.size() < 4 * kept) return "***";
  return id.substr(0, kept) + "***" + id.substr(id.size() - kept);
}

json::object shown(const store::KnownPerson& person, bool personal) {
  json::array merged;
  for (const std::int64_t number : person.merged) merged.emplace_back(std::to_string(number));
  json::array ids;
  for (const store::PersonId& id : person.ids)
    ids.push_back({{"kind", name_of_kind(id.kind)}, {"id", personal ? id.id : masked(id.id)}});
  return {{"id", std::to_string(person.person)}, {"merged", std::move(merged)}, {"ids", std::move(ids)}};
}

json::value shown_report(const Erasure& erasure) {
  if (erasure.report.empty()) return nullptr;
  json::object report = erasure.report;
  for (const std::string_view later : {"spool_segments", "backups_before"})
    if (!report.contains(later)) report[later] = nullptr;
  return report;
}

json::object shown(const Erasure& erasure) {
  return {{"id", std::to_string(erasure.id)},
          {"state", to_string(erasure.state)},
          {"id_kind", name_of_kind(erasure.named.kind)},
          {"id_hash", erasure.hash},
          {"asked_by", erasure.asked_by},
          {"asked_at", erasure.asked_at},
          {"finished_at", erasure.finished_at == 0 ? json::value(nullptr) : json::value(erasure.finished_at)},
          {"report", shown_report(erasure)}};
}

Answer find_persons(Service& service, Request& request, Access access) {
  const std::string id = request.query_value("id").value_or("");
  if (id.empty() || id.size() > id_bytes_max || !valid_utf8(id))
    co_return fail(errors::invalid_question("id", "must be an id of 1 to 500 bytes"));
  const auto people = co_await service.people_with(access, id);
  if (!people) co_return std::unexpected(people.error());
  json::array items;
  for (const auto& person : *people) items.push_back(shown(person, access.sees_personal_data()));
  co_return Response::json(json::object{{"items", std::move(items)}, {"next_cursor", nullptr}});
}

Answer export_person(Service& service, Request& request, Access access, TimeMs now) {
  if (auto may = access.must_have(Permission::telemetry_read); !may) co_return std::unexpected(may.error());
  const auto person = parse_id(request.param("id"));
  if (!person) co_return fail(errors::no_such_person());
  const auto cursor = request.query_value("cursor");
  ExportPlace from;
  if (cursor) {
    const auto place = read_export_cursor(*cursor);
    if (!place) co_return std::unexpected(place.error());
    from = *place;
  }
  const auto known = co_await service.person_to_export(access, *person);
  if (!known) co_return std::unexpected(known.error());
  std::string lines;
  if (!cursor) lines = json::serialize(json::object{{"person", shown(*known, true)}}) + "\n";
  const auto page = co_await export_page(service, access, *person, from, now);
  if (!page) co_return std::unexpected(page.error());
  for (const auto& [kind, row] : page->rows)
    lines += json::serialize(json::object{{"kind", to_string(kind)}, {"record", shown(row, true)}}) + "\n";
  Response response = Response::bytes(std::move(lines), "application/jsonl");
  if (page->next) response.headers.set("Next-Cursor", to_cursor(*page->next));
  co_return response;
}

// The desk's conversations, media and profile of the person go, too (PersonKeeper): who asks needs what they would need
// in the records.
Result<void> may_erase(const Access& access) {
  if (auto may = access.must_have(Permission::desk_configure); !may) return may;
  return access.must_have(Permission::personal_data_read);
}

Answer erase_person(Service& service, Request& request, Access access) {
  if (auto may = may_erase(access); !may) co_return std::unexpected(may.error());
  const auto body = net::json_body(request);
  if (!body) co_return std::unexpected(body.error());
  JsonInput in(*body);
  std::vector<store::PersonId> named;
  for (const auto& [name, kind] : id_kinds)
    if (auto id = in.optional_text(name, {1, id_bytes_max})) named.push_back({std::string(kind), std::move(*id)});
  if (named.size() != 1) in.mistake("openid", "give exactly one id: openid, unionid, login_id or device_id");
  if (auto ok = in.finish(); !ok) co_return std::unexpected(ok.error());
  const auto asked = co_await service.erase_person(access, named.front());
  if (!asked) co_return std::unexpected(asked.error());
  co_return Response::json(shown(*asked), 201);
}

Answer list_erasures(Service& service, Request& request, Access access) {
  const auto page = net::page_of(request);
  if (!page) co_return std::unexpected(page.error());
  std::int64_t before = std::numeric_limits<std::int64_t>::max();
  if (page->cursor) {
    const auto place = net::read_cursor(*page->cursor);
    if (!place) co_return std::unexpected(place.error());
    before = place->second;
  }
  auto found = co_await service.erasures(access, before, page->limit + 1);
  if (!found) co_return std::unexpected(found.error());
  json::value next(nullptr);
  if (found->size() > static_cast<std::size_t>(page->limit)) {
    found->pop_back();
    next = net::make_cursor(found->back().asked_at, found->back().id);
  }
  json::array items;
  for (const Erasure& erasure : *found) items.push_back(shown(erasure));
  co_return Response::json(json::object{{"items", std::move(items)}, {"next_cursor", std::move(next)}});
}

Answer get_erasure(Service& service, Request& request, Access access) {
  const auto id = parse_id(request.param("id"));
  if (!id) co_return fail(errors::no_such_erasure());
  const auto erasure = co_await service.erasure(access, *id);
  if (!erasure) co_return std::unexpected(erasure.error());
  co_return Response::json(shown(*erasure));
}

}  // namespace

void mount_people(identity::Guard& guard, Service& service, const Clock& clock) {
  const std::string base = "/api/v1/miniprograms/{appid}/telemetry/";
  const auto route = [&](Method method, const std::string& path, Permission permission, auto handler) {
    guard.app_route(method, base + path, permission,
                    [handler](Request& request, const Access& access) -> Answer { return handler(request, access); });
  };
  Service* to = &service;
  const Clock* time = &clock;
  using enum Permission;
  route(Method::get, "persons", telemetry_read,
        [=](Request& request, const Access& access) { return find_persons(*to, request, access); });
  route(Method::get, "persons/{id}/export", personal_data_read,
        [=](Request& request, const Access& access) { return export_person(*to, request, access, time->now()); });
  route(Method::post, "erasures", telemetry_manage,
        [=](Request& request, const Access& access) { return erase_person(*to, request, access); });
  route(Method::get, "erasures", telemetry_manage,
        [=](Request& request, const Access& access) { return list_erasures(*to, request, access); });
  route(Method::get, "erasures/{id}", telemetry_manage,
        [=](Request& request, const Access& access) { return get_erasure(*to, request, access); });
}

}  // namespace miniops::telemetry
