#include "net/router.hpp"

#include <gtest/gtest.h>

namespace miniops::net {
namespace {

struct MatchCase {
  std::string name;
  Method method;
  std::string path;
  std::string pattern;   // empty: no route
  std::string params{};  // "name=value,…"
  std::string allowed{};
};
void PrintTo(const MatchCase& row, std::ostream* out) { *out << row.path; }

class RouterMatch : public ::testing::TestWithParam<MatchCase> {
 protected:
  RouterMatch() {
    const Handler handler = [](Request&) -> Task<Response> { co_return Response::no_content(); };
    const auto add = [&](Method method, std::string pattern) {
      RouteInfo info;
      info.method = method;
      info.pattern = std::move(pattern);
      router.add(info, handler);
    };
    add(Method::get, "/");
    add(Method::get, "/apps");
    add(Method::post, "/apps");
    add(Method::get, "/apps/{appid}");
    add(Method::del, "/apps/{appid}");
    add(Method::get, "/apps/counts");
    add(Method::get, "/apps/{appid}/users/{openid}");
    add(Method::put, "/apps/special/users/{user}");
    add(Method::get, "/apps/special/only");
    add(Method::post, "/api/{number}/envelope/");
    add(Method::get, "/files/{path*}");
    add(Method::get, "/files/index");
  }
  Router router;
};

TEST_P(RouterMatch, FindsTheRoute) {
  const auto& row = GetParam();
  const auto match = router.match(row.method, row.path);
  EXPECT_EQ(match.route ? match.route->info.pattern : "", row.pattern);
  std::string params;
  for (const auto& [name, value] : match.params) params += (params.empty() ? "" : ",") + name + "=" + value;
  EXPECT_EQ(params, row.params);
  EXPECT_EQ(match.allowed_methods, row.allowed);
  EXPECT_EQ(match.other != nullptr, !row.allowed.empty());
}

constexpr Method get = Method::get;

INSTANTIATE_TEST_SUITE_P(
    Paths, RouterMatch,
    ::testing::Values(
        MatchCase{"Root", get, "/", "/"}, MatchCase{"Empty", get, "", ""}, MatchCase{"Star", Method::options, "*", ""},
        MatchCase{"Literal", get, "/apps", "/apps"}, MatchCase{"OtherMethodOfPath", Method::post, "/apps", "/apps"},
        MatchCase{"HeadIsGet", Method::head, "/apps", "/apps"}, MatchCase{"TrailingSlash", get, "/apps/", ""},
        MatchCase{"Param", get, "/apps/wx1", "/apps/{appid}", "appid=wx1"},
        MatchCase{"LiteralBeatsParam", get, "/apps/counts", "/apps/counts"},
        MatchCase{"BackToParamForMethod", Method::del, "/apps/counts", "/apps/{appid}", "appid=counts"},
        MatchCase{"TwoParams", get, "/apps/wx1/users/o2", "/apps/{appid}/users/{openid}", "appid=wx1,openid=o2"},
        MatchCase{"BackFromLiteral", get, "/apps/special/users/o2", "/apps/{appid}/users/{openid}",
                  "appid=special,openid=o2"},
        MatchCase{"LiteralForMethod", Method::put, "/apps/special/users/o2", "/apps/special/users/{user}", "user=o2"},
        MatchCase{"Decoded", get, "/apps/a%20b%E5%BE%AE", "/apps/{appid}", "appid=a b微"},
        MatchCase{"PlusStays", get, "/apps/a+b", "/apps/{appid}", "appid=a+b"},
        MatchCase{"BadEscape", get, "/apps/a%2", ""}, MatchCase{"Nul", get, "/apps/a%00", ""},
        MatchCase{"HiddenSlash", get, "/apps/a%2Fb", ""}, MatchCase{"HiddenBackslash", get, "/apps/a%5cb", ""},
        MatchCase{"DotDot", get, "/apps/..", ""}, MatchCase{"HiddenDotDot", get, "/apps/%2e%2E", ""},
        MatchCase{"DoubleSlash", get, "//apps", ""}, MatchCase{"DoubleSlashInside", get, "/apps//users/o", ""},
        MatchCase{"WrongMethod", Method::put, "/apps", "", "", "GET, HEAD, POST"},
        MatchCase{"UnknownMethod", Method::other, "/apps/wx1", "", "", "GET, HEAD, DELETE"},
        MatchCase{"WrongMethodOfTwo", Method::post, "/apps/special/users/o", "", "", "GET, HEAD, PUT"},
        MatchCase{"SlashAtEnd", Method::post, "/api/7/envelope/", "/api/{number}/envelope/", "number=7"},
        MatchCase{"SlashAtEndMissing", Method::post, "/api/7/envelope", ""},
        MatchCase{"Rest", get, "/files/a/b%20c.js", "/files/{path*}", "path=a/b c.js"},
        MatchCase{"RestEmpty", get, "/files/", "/files/{path*}", "path="},
        MatchCase{"RestLiteral", get, "/files/index", "/files/index"},
        MatchCase{"RestClimbs", get, "/files/a/../b", ""}, MatchCase{"RestClimbsHidden", get, "/files/a/%2e%2e/b", ""},
        MatchCase{"RestDoubleSlash", get, "/files/a//b", ""}, MatchCase{"Nothing", get, "/other", ""}),
    [](const auto& row) { return row.param.name; });

TEST(Router, RefusesWhatCannotBeMeant) {
  Router router;
  const Handler handler = [](Request&) -> Task<Response> { co_return Response::no_content(); };
  RouteInfo info;
  info.pattern = "/a/{x}";
  router.add(info, handler);
  EXPECT_THROW(router.add(info, handler), std::invalid_argument);
  info.pattern = "a";
  EXPECT_THROW(router.add(info, handler), std::invalid_argument);
  info.pattern = "/{rest*}/more";
  EXPECT_THROW(router.add(info, handler), std::invalid_argument);
  EXPECT_EQ(router.routes().size(), 1U);
}

TEST(Router, ManySegmentsAreNotSearched) {
  Router router;
  std::string path;
  for (int i = 0; i < 10'000; ++i) path += "/x";
  EXPECT_EQ(router.match(Method::get, path).route, nullptr);
}

}  // namespace
}  // namespace miniops::net
