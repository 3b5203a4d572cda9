// What the desk's routes share: ids from paths, the caller's language, lists. Private to routes_*.cpp.
#pragma once

#include "base/json.hpp"
#include "base/text.hpp"
#include "desk/errors.hpp"
#include "desk/service.hpp"
#include "desk/views.hpp"
#include "identity/guard.hpp"

namespace miniops::desk {

using identity::Caller;
using identity::Permission;
using net::Method;
using net::Request;
using net::Response;

template <class Id>
Result<Id> id_param(const Request& request, std::string_view name, std::string_view what) {
  const auto id = parse_as<Id>(request.param(name));
  if (!id) return fail(errors::not_found(what));  // what cannot be an id names nothing
  return *id;
}

inline std::string_view language_of(const Request& request) {
  const auto accepted = request.headers.get("accept-language").value_or("");
  return accepted.starts_with("en") ? "en" : "zh";
}

inline Viewer viewer_of(const Request& request, const Access& access) {
  return {access.sees_personal_data(), language_of(request)};
}

inline json::object list_of(json::array items, const After& next = std::nullopt) {
  json::value cursor(nullptr);
  if (next) cursor = net::make_cursor(next->first, next->second);
  return {{"items", std::move(items)}, {"next_cursor", std::move(cursor)}};
}

struct ListRequest {
  int limit = 50;
  After after{};
};
inline Result<ListRequest> list_request(const Request& request) {
  const auto page = net::page_of(request);
  if (!page) return std::unexpected(page.error());
  ListRequest list{page->limit};
  if (page->cursor) {
    const auto after = net::read_cursor(*page->cursor);
    if (!after) return std::unexpected(after.error());
    list.after = *after;
  }
  return list;
}

// A body that may be left out: an empty object.
inline Result<json::value> optional_body(const Request& request) {
  if (request.body.empty()) return json::value(json::object());
  return net::json_body(request);
}

inline json::object to_json(const ConversationView& view, const Viewer& viewer) {
  return to_json(view.conversation, view.budget, view.marks, viewer);
}

inline Error invalid_query(std::string_view name, std::string_view why) {
  Error error{"request.invalid", "the query is wrong: " + std::string(name) + " " + std::string(why),
              ErrorKind::invalid};
  return error;
}

// Free text of a query: what is no UTF-8 finds nothing on one engine and is an error on the other.
inline Result<std::string> words_of(const Request& request, std::string_view name, std::size_t bytes_max = 500) {
  std::string words = request.query_value(name).value_or("");
  if (!valid_utf8(words)) return fail(invalid_query(name, "must be UTF-8"));
  if (words.size() > bytes_max) return fail(invalid_query(name, "is too long"));
  return words;
}

inline Result<OpenId> openid_param(const Request& request) {
  const std::string& openid = request.param("openid");
  if (!valid_utf8(openid) || openid.size() > 128) return fail(errors::not_found("customer"));
  return OpenId(openid);
}

// The conversation that a path names, and the proof that the caller may do this to it.
struct Target {
  ConversationId id;
  Access access;
};

inline Task<Result<Target>> target_of(Service& service, const Request& request, const Caller& caller,
                                      Permission permission) {
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

}  // namespace miniops::desk
