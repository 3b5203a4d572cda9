// An Error becomes an answer: RFC 9457's problem+json. Nowhere else is a status chosen for a failure.
#include <boost/json/serialize.hpp>

#include "base/log.hpp"
#include "net/http.hpp"
#include "net/reason.hpp"

namespace miniops::net {

int status_of(ErrorKind kind) {
  switch (kind) {
    case ErrorKind::invalid:
      return 400;
    case ErrorKind::unauthenticated:
      return 401;
    case ErrorKind::forbidden:
      return 403;
    case ErrorKind::not_found:
      return 404;
    case ErrorKind::conflict:
      return 409;
    case ErrorKind::gone:
      return 410;
    case ErrorKind::too_large:
      return 413;
    case ErrorKind::unsupported:
      return 415;
    case ErrorKind::rejected:
      return 422;
    case ErrorKind::too_many:
      return 429;
    case ErrorKind::internal:
      return 500;
    case ErrorKind::bad_gateway:
      return 502;
    case ErrorKind::unavailable:
      return 503;
  }
  return 500;
}

Response problem(const Error& error, const Request& request) {
  const int status = status_of(error.kind);
  // What failed inside is for the log; its text may hold SQL, paths or addresses.
  const bool inside = error.kind == ErrorKind::internal;
  if (inside) {
    log::error("net.internal_error",
               {{"code", error.code}, {"message", error.message}, {"request_id", request.request_id}});
  }
  boost::json::object body{
      {"type", "urn:miniops:error:" + error.code},
      {"title", reason_phrase(status)},
      {"status", status},
      {"detail", inside ? "something failed inside the server; its log has the details under this request_id"
                        : std::string_view(error.message)},
      {"code", error.code},
      {"request_id", request.request_id},
  };
  if (!error.fields.empty()) {
    boost::json::array& errors = body["errors"].emplace_array();
    for (const FieldError& field : error.fields) {
      errors.push_back(boost::json::object{{"pointer", field.pointer}, {"message", field.message}});
    }
  }
  if (!inside) {
    for (const auto& detail : error.details) body.emplace(detail.key(), detail.value());  // never replaces the above
  }
  Response response = Response::bytes(boost::json::serialize(body), "application/problem+json", status);
  if (error.kind == ErrorKind::unauthenticated) response.headers.add("WWW-Authenticate", "Bearer");
  return response;
}

}  // namespace miniops::net
