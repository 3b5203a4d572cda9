// The audit log of a mini program and of the instance, as pages and as CSV.
#include <charconv>

#include "base/json.hpp"
#include "identity/errors.hpp"
#include "identity/routes.hpp"

namespace miniops::identity {

namespace {

constexpr int export_page = 500;
// Some tens of MiB: what a spreadsheet still opens. Who needs more exports by time ranges.
constexpr std::size_t export_rows_max = 100'000;

std::unexpected<Error> wrong_query(std::string name, std::string message) {
  Error error{"request.invalid", name + " " + message};
  error.fields.push_back({"/" + name, std::move(message)});
  return fail(std::move(error));
}

Result<std::optional<TimeMs>> time_of(const net::Request& request, const std::string& name) {
  const auto text = request.query_value(name);
  if (!text || text->empty()) return std::nullopt;
  TimeMs at = 0;
  const auto [end, problem] = std::from_chars(text->data(), text->data() + text->size(), at);
  if (problem != std::errc() || end != text->data() + text->size()) {
    return wrong_query(name, "must be a time in epoch milliseconds");
  }
  return at;
}

Result<AuditFilter> filter_of(const net::Request& request, std::optional<AppId> appid) {
  AuditFilter filter;
  filter.appid = std::move(appid);
  filter.action = request.query_value("action").value_or("");
  filter.object = request.query_value("object").value_or("");
  filter.text = request.query_value("q").value_or("");
  if (filter.action.size() + filter.object.size() + filter.text.size() > 1000) {
    return wrong_query("q", "is too long");
  }
  if (const auto account = request.query_value("account"); account && !account->empty()) {
    filter.account = parse_as<AccountId>(*account);
    if (!filter.account) return wrong_query("account", "must be an id");
  }
  auto from = time_of(request, "from");
  if (!from) return std::unexpected(std::move(from.error()));
  auto to = time_of(request, "to");
  if (!to) return std::unexpected(std::move(to.error()));
  filter.from = *from;
  filter.to = *to;
  return filter;
}

json::object row_json(const AuditRow& row) {
  auto changes = parse_json(row.changes);
  return {{"id", std::to_string(row.id)},
          {"at", row.at},
          {"account_id", row.account.empty() ? json::value(nullptr) : json::value(row.account.str())},
          {"username", row.username},
          {"via", row.via},
          {"remote_address", row.remote_address},
          {"action", row.action},
          {"object", row.object},
          {"appid", row.appid.empty() ? json::value(nullptr) : json::value(row.appid)},
          {"changes", changes ? std::move(*changes) : json::value(json::object{})}};
}

Task<Result<net::Response>> list(Service& service, const net::Request& request, std::optional<AppId> appid) {
  auto filter = filter_of(request, std::move(appid));
  if (!filter) co_return std::unexpected(std::move(filter.error()));
  const auto page = net::page_of(request);
  if (!page) co_return std::unexpected(page.error());
  std::optional<std::pair<TimeMs, std::int64_t>> before;
  if (page->cursor) {
    const auto position = net::read_cursor(*page->cursor);
    if (!position) co_return std::unexpected(position.error());
    before = *position;
  }
  auto rows = co_await service.read_audit(std::move(*filter), before, page->limit + 1);
  if (!rows) co_return std::unexpected(std::move(rows.error()));
  json::value next = nullptr;
  if (rows->size() > static_cast<std::size_t>(page->limit)) {
    rows->pop_back();
    next = net::make_cursor(rows->back().at, rows->back().id);
  }
  json::array items;
  for (const auto& row : *rows) items.emplace_back(row_json(row));
  co_return net::Response::json(json::object{{"items", std::move(items)}, {"next_cursor", std::move(next)}});
}

Task<Result<net::Response>> export_csv(Service& service, const net::Request& request, std::optional<AppId> appid) {
  const auto filter = filter_of(request, std::move(appid));
  if (!filter) co_return std::unexpected(filter.error());
  // The mark tells spreadsheets that this is UTF-8.
  std::string csv = "\xEF\xBB\xBF" + std::string(audit_csv_header);
  std::optional<std::pair<TimeMs, std::int64_t>> before;
  for (std::size_t count = 0; count < export_rows_max;) {
    const auto rows = co_await service.read_audit(*filter, before, export_page);
    if (!rows) co_return std::unexpected(rows.error());
    for (const auto& row : *rows) csv += audit_csv_line(row);
    count += rows->size();
    if (rows->size() < static_cast<std::size_t>(export_page)) break;
    before = std::pair(rows->back().at, rows->back().id);
  }
  auto response = net::Response::bytes(std::move(csv), "text/csv; charset=utf-8");
  response.headers.set("Content-Disposition", "attachment; filename=\"audit.csv\"");
  response.headers.set("Cache-Control", "no-store");
  co_return response;
}

}  // namespace

void mount_audit(Guard& guard, Service& service) {
  using enum Permission;
  constexpr auto get = net::Method::get;
  guard.app_route(
      get, "/api/v1/miniprograms/{appid}/audit", audit_read,
      [&service](net::Request& request, const Access& access) { return list(service, request, access.appid()); });
  guard.app_route(
      get, "/api/v1/miniprograms/{appid}/audit/export", audit_read,
      [&service](net::Request& request, const Access& access) { return export_csv(service, request, access.appid()); });
  guard.instance_route(
      get, "/api/v1/audit", instance_manage,
      [&service](net::Request& request, const Caller&, const Access&) { return list(service, request, std::nullopt); });
  guard.instance_route(get, "/api/v1/audit/export", instance_manage,
                       [&service](net::Request& request, const Caller&, const Access&) {
                         return export_csv(service, request, std::nullopt);
                       });
}

}  // namespace miniops::identity
