// Requests, responses, problems, pages and cursors as values.
#include "net/http.hpp"

#include <gtest/gtest.h>

#include "net/serialize.hpp"

namespace miniops::net {
namespace {

TEST(Headers, CompareWithoutCaseAndKeepOrder) {
  Headers headers;
  headers.add("Content-Type", "a");
  headers.add("X", "1");
  headers.add("x", "2");
  EXPECT_EQ(headers.get("CONTENT-type"), "a");
  EXPECT_EQ(headers.get("X"), "1");
  headers.set("X", "3");
  EXPECT_EQ(headers.get("x"), "3");
  EXPECT_EQ(std::distance(headers.begin(), headers.end()), 2);
  EXPECT_EQ(headers.get("y"), std::nullopt);
}

struct QueryCase {
  std::string query;
  Pairs expected;
};
TEST(Query, IsDecoded) {
  const QueryCase rows[] = {
      {"", {}},
      {"&&", {}},
      {"a=1&b=2", {{"a", "1"}, {"b", "2"}}},
      {"a", {{"a", ""}}},
      {"=1", {{"", "1"}}},
      {"a=b=c", {{"a", "b=c"}}},
      {"q=%E5%BE%AE%E4%BF%A1+ok%2B", {{"q", "微信 ok+"}}},
      {"a=1&a=2", {{"a", "1"}, {"a", "2"}}},
      {"a=%zz&b=%4", {{"a", "%zz"}, {"b", "%4"}}},
  };
  for (const auto& row : rows) EXPECT_EQ(parse_query(row.query), row.expected) << row.query;
}

TEST(RequestValues, CookieAndQuery) {
  Request request;
  request.headers.add("Cookie", "a=1; miniops_session=abc=d; b");
  request.headers.add("cookie", "c=3");
  request.query = "x=1&x=2";
  request.path_params = {{"id", "7"}};
  EXPECT_EQ(request.cookie("miniops_session"), "abc=d");
  EXPECT_EQ(request.cookie("c"), "3");
  EXPECT_EQ(request.cookie("session"), std::nullopt);
  EXPECT_EQ(request.query_value("x"), "1");
  EXPECT_EQ(request.query_value("y"), std::nullopt);
  EXPECT_EQ(request.param("id"), "7");
}

TEST(Problem, TellsWhatWasWrong) {
  Request request;
  request.request_id = "r1";
  Error error{"desk.invalid", "two fields are wrong", ErrorKind::invalid, {{"/text/content", "is empty"}}};
  error.details = {{"limit", 5}, {"code", "forged"}};
  const Response response = problem(error, request);
  EXPECT_EQ(response.status, 400);
  EXPECT_EQ(response.headers.get("content-type"), "application/problem+json");
  const auto body = boost::json::parse(response.body).as_object();
  EXPECT_EQ(body.at("type"), "urn:miniops:error:desk.invalid");
  EXPECT_EQ(body.at("title"), "Bad Request");
  EXPECT_EQ(body.at("status"), 400);
  EXPECT_EQ(body.at("detail"), "two fields are wrong");
  EXPECT_EQ(body.at("code"), "desk.invalid");
  EXPECT_EQ(body.at("request_id"), "r1");
  EXPECT_EQ(body.at("limit"), 5);
  EXPECT_EQ(body.at("errors").at(0).at("pointer"), "/text/content");
}

TEST(Problem, NeverTellsWhatAnEngineSaid) {
  Error error{"storage.engine", "near \"SELECT secret\": syntax error", ErrorKind::internal};
  error.details = {{"sql", "SELECT secret"}};
  const Response response = problem(error, Request{});
  EXPECT_EQ(response.status, 500);
  EXPECT_EQ(response.body.find("SELECT"), std::string::npos);
  EXPECT_NE(response.body.find("storage.engine"), std::string::npos);
}

TEST(Problem, EachKindHasItsStatus) {
  const std::pair<ErrorKind, int> rows[] = {
      {ErrorKind::invalid, 400},     {ErrorKind::unauthenticated, 401}, {ErrorKind::forbidden, 403},
      {ErrorKind::not_found, 404},   {ErrorKind::conflict, 409},        {ErrorKind::gone, 410},
      {ErrorKind::too_large, 413},   {ErrorKind::unsupported, 415},     {ErrorKind::rejected, 422},
      {ErrorKind::too_many, 429},    {ErrorKind::internal, 500},        {ErrorKind::bad_gateway, 502},
      {ErrorKind::unavailable, 503},
  };
  for (const auto& [kind, status] : rows) EXPECT_EQ(status_of(kind), status);
}

TEST(JsonBody, NeedsItsContentType) {
  Request request;
  request.body = R"({"a":1})";
  EXPECT_EQ(json_body(request).error().code, "request.not_json");
  request.headers.set("Content-Type", "Application/JSON; charset=utf-8");
  EXPECT_EQ(json_body(request)->at("a"), 1);
  request.headers.set("Content-Type", "application/json5");
  EXPECT_EQ(json_body(request).error().code, "request.not_json");
  request.headers.set("Content-Type", "application/json");
  request.body = "{";
  EXPECT_EQ(json_body(request).error().code, "request.malformed_json");
}

TEST(PageOf, LimitAndCursor) {
  Request request;
  EXPECT_EQ(page_of(request)->limit, 50);
  request.query = "limit=100&cursor=abc";
  EXPECT_EQ(page_of(request)->limit, 100);
  EXPECT_EQ(page_of(request)->cursor, "abc");
  for (const char* limit : {"0", "101", "-1", "ten", "", "1e3", "99999999999999999999"}) {
    request.query = fmt::format("limit={}", limit);
    EXPECT_EQ(page_of(request).error().code, "request.invalid_limit") << limit;
  }
}

TEST(Cursor, ComesBackAsItWas) {
  const std::pair<std::int64_t, std::int64_t> rows[] = {
      {0, 0}, {1763701200000, 42}, {-5, INT64_MAX}, {INT64_MIN, INT64_MIN}};
  for (const auto& row : rows) {
    const std::string cursor = make_cursor(row.first, row.second);
    EXPECT_EQ(cursor.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"),
              std::string::npos);
    EXPECT_EQ(read_cursor(cursor), row);
  }
  for (const char* wrong :
       {"", "!", "MQ", "MS4", "Lg", "MS4yLjM", "MS4yIA", "MS4y=", "x.y", "MTIzNDU2Nzg5MDEyMzQ1Njc4OTAxMjMuMQ"}) {
    EXPECT_EQ(read_cursor(wrong).error().code, "request.invalid_cursor") << wrong;
  }
  EXPECT_FALSE(read_cursor(std::string(10'000, 'A')));
}

TEST(Serialize, FramesByStatusAndRequest) {
  Framing framing;
  framing.date = "D";
  framing.request_id = "r";
  std::string out;
  EXPECT_FALSE(serialize(Response::no_content(), framing, out));
  EXPECT_EQ(out.find("Content-Length"), std::string::npos);
  out.clear();
  framing.http_1_0 = true;
  EXPECT_FALSE(serialize(Response::text("x"), framing, out));
  EXPECT_NE(out.find("Connection: keep-alive\r\n"), std::string::npos);
  EXPECT_TRUE(out.ends_with("\r\n\r\nx"));
  out.clear();
  Response own = Response::bytes("<html>", "text/html");
  own.headers.add("X-Frame-Options", "SAMEORIGIN");
  own.headers.add("content-length", "999");
  serialize(own, framing, out);
  EXPECT_NE(out.find("X-Frame-Options: SAMEORIGIN"), std::string::npos);
  EXPECT_EQ(out.find("DENY"), std::string::npos);
  EXPECT_EQ(out.find("999"), std::string::npos);
  EXPECT_NE(out.find("Content-Security-Policy: default-src 'self'"), std::string::npos);
  out.clear();
  EXPECT_TRUE(serialize(Response::text(std::string(100'000, 'x')), framing, out));
  EXPECT_TRUE(out.ends_with("\r\n\r\n"));
}

TEST(HttpDate, IsImfFixdate) { EXPECT_EQ(http_date(784111777000), "Sun, 06 Nov 1994 08:49:37 GMT"); }

}  // namespace
}  // namespace miniops::net
