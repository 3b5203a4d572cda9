// Source maps.
#include "base/text.hpp"
#include "issues/errors.hpp"
#include "issues/routes.hpp"
#include "net/client.hpp"

namespace miniops::issues {

namespace {

using identity::Permission;
using net::Method;
using net::Request;
using net::Response;

constexpr std::size_t upload_bytes_max = map_bytes_max + (64 << 10);  // and the form around it
constexpr std::size_t release_chars_max = 200;
constexpr std::size_t file_chars_max = 400;

Result<std::string> word_in(const Request& request, std::string_view name, std::size_t chars_max) {
  std::string text = request.query_value(name).value_or("");
  if (text.empty() || !valid_utf8(text) || count_chars(text) > chars_max)
    return fail(errors::invalid_question(name, fmt::format("must be UTF-8 of 1 to {} characters", chars_max)));
  return text;
}

// The body itself, or the part `file` of a form.
Result<std::string> map_in(Request& request) {
  const std::string_view type = request.headers.get("content-type").value_or("");
  if (!type.starts_with("multipart/form-data")) return std::move(request.body);
  auto parts = net::parse_multipart(type, request.body, 8);
  if (!parts) return std::unexpected(parts.error());
  const auto file = std::ranges::find(*parts, "file", &net::Part::name);
  if (file == parts->end()) return fail(errors::bad_source_map("the form has no part `file`"));
  return std::move(file->bytes);
}

Answer upload(const RouteTargets& to, Request& request, Access access) {
  auto release = word_in(request, "release", release_chars_max);
  auto file = word_in(request, "file", file_chars_max);
  const auto layer = parse_layer(request.query_value("layer").value_or(""));
  if (!release) co_return std::unexpected(release.error());
  if (!file) co_return std::unexpected(file.error());
  if (!layer) co_return fail(errors::invalid_question("layer", "must be build or wechat"));
  auto bytes = map_in(request);
  if (!bytes) co_return std::unexpected(bytes.error());
  const auto done = co_await to.maps.upload(access, std::move(*release), *layer, std::move(*file), std::move(*bytes));
  if (!done) co_return std::unexpected(done.error());
  json::object out = Views::map(done->entry);
  out["sources"] = done->sources;
  out["replaced"] = done->replaced;
  co_return Response::json(out, 201);
}

Answer list_maps(const RouteTargets& to, Request& request, Access access) {
  const auto asked = page_in(request);
  if (!asked) co_return std::unexpected(asked.error());
  std::optional<std::string> release;
  if (request.query_value("release")) {
    auto word = word_in(request, "release", release_chars_max);
    if (!word) co_return std::unexpected(word.error());
    release = plain_release(*word);
  }
  const auto page = co_await to.maps.list(access, std::move(release), asked->after, asked->limit);
  if (!page) co_return std::unexpected(page.error());
  json::array items;
  for (const MapEntry& entry : page->items) items.push_back(Views::map(entry));
  co_return list_answer(std::move(items), page->next);
}

Answer drop(const RouteTargets& to, Request& request, Access access) {
  const auto id = parse_id(request.param("id"));
  if (!id) co_return fail(errors::map_not_found());
  if (auto done = co_await to.maps.remove(access, *id); !done) co_return std::unexpected(done.error());
  co_return Response::no_content();
}

Answer diagnose(const RouteTargets& to, Request& request, Access access) {
  const auto release = word_in(request, "release", release_chars_max);
  if (!release) co_return std::unexpected(release.error());
  const auto report = co_await to.maps.examine(access, *release);
  if (!report) co_return std::unexpected(report.error());
  co_return Response::json(Views::report(plain_release(*release), *report));
}

}  // namespace

void mount_maps(identity::Guard& guard, const RouteTargets& to) {
  const std::string base = fmt::format("{}/source-maps", base_path);
  const auto handled = [&](auto handler) {
    return [=](Request& request, const Access& access) -> Answer { return handler(to, request, access); };
  };
  using enum Permission;
  guard.app_route(Method::get, base, telemetry_read, handled(list_maps));
  guard.app_route(Method::post, base, issues_handle, handled(upload), upload_bytes_max);
  guard.app_route(Method::get, base + "/doctor", telemetry_read, handled(diagnose));
  guard.app_route(Method::del, base + "/{id}", issues_handle, handled(drop));
}

}  // namespace miniops::issues
