// Requests and responses as domain modules see them: no Beast, no sockets.
#pragma once

#include <boost/json/value.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/clock.hpp"
#include "base/error.hpp"

namespace miniops::net {

enum class Method { get, head, post, put, patch, del, options, other };
std::string_view to_string(Method method);  // "GET" …

// Header names compare without case; order and repetition are kept.
class Headers {
 public:
  void add(std::string name, std::string value) { fields_.emplace_back(std::move(name), std::move(value)); }
  void set(std::string_view name, std::string value);                // replaces all of that name
  std::optional<std::string_view> get(std::string_view name) const;  // the first
  void reserve(std::size_t count) { fields_.reserve(count); }
  bool empty() const { return fields_.empty(); }
  auto begin() const { return fields_.begin(); }
  auto end() const { return fields_.end(); }

 private:
  std::vector<std::pair<std::string, std::string>> fields_;
};

// key=value pairs of a query or form, decoded; order kept. A pair that does not decode is kept as it came.
using Pairs = std::vector<std::pair<std::string, std::string>>;
Pairs parse_query(std::string_view query);

struct Request {
  Method method = Method::get;
  std::string target;  // as it came: path and query
  std::string path;    // without the query; not decoded
  std::string query;   // after the '?', as it came
  Headers headers;
  std::string body;
  std::string remote_address;  // behind a trusted proxy: the client that X-Forwarded-For names
  bool secure = false;         // TLS here, or X-Forwarded-Proto: https from a trusted proxy
  std::string request_id;      // of our making; in every problem+json and log line
  TimeMs received_at = 0;
  std::vector<std::pair<std::string, std::string>> path_params;  // decoded

  // A path parameter that the route's pattern names; asserts that it does.
  const std::string& param(std::string_view name) const;
  std::optional<std::string> query_value(std::string_view name) const;  // the first
  std::optional<std::string> cookie(std::string_view name) const;
};

struct Response {
  int status = 200;
  Headers headers;
  std::string body;
  bool drop = false;  // close the connection without an answer: WeChat then tries again

  static Response text(std::string body, int status = 200);  // text/plain; charset=utf-8
  static Response json(const boost::json::value& value, int status = 200);
  static Response bytes(std::string body, std::string content_type, int status = 200);
  static Response no_content();
  static Response dropped();
};

// Error → problem+json (RFC 9457): type, title, status, detail, code, request_id, errors[]. The one place where an
// ErrorKind becomes a status.
int status_of(ErrorKind kind);
Response problem(const Error& error, const Request& request);

// A request's body as JSON (body must be application/json), ready for JsonInput.
Result<boost::json::value> json_body(const Request& request);

// limit=1…100 (default 50) and cursor of a list request.
struct Page {
  int limit = 50;
  std::optional<std::string> cursor{};
};
Result<Page> page_of(const Request& request);
// Opaque cursors over (sort key, id).
std::string make_cursor(std::int64_t key, std::int64_t id);
Result<std::pair<std::int64_t, std::int64_t>> read_cursor(std::string_view cursor);  // request.invalid_cursor

}  // namespace miniops::net
