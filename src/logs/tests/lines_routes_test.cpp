// Lines in the API: found, paged, followed, counted, with what stands beside them.
#include "logs/tests/logs_fixture.hpp"

namespace miniops::logs {
namespace {

using enum net::Method;
using Texts = std::vector<std::string>;

class LinesTest : public LogsTest {};

TEST_P(LinesTest, AreFoundByEachFormOfTheLanguage) {
  Record paid = line("order 42 paid in 130ms", Level::info);
  paid.properties = R"({"order_id":42,"user":{"vip":true},"city":"深圳"})";
  paid.name = "pay";
  paid.trace = "4bf92f35";
  Record failed = line("Order 43 支付失败: timeout", Level::error);
  failed.properties = R"({"order_id":"43","user":{"vip":false}})";
  failed.page = "pages/pay/index";
  failed.release = "1.5.0";
  failed.session = "s-2";
  load({paid, failed, line("reorder started", Level::debug)});
  const std::string a = paid.text, b = failed.text, c = "reorder started";
  struct Case {
    std::string query;
    Texts found;
  };
  for (const auto& [query, wanted] : std::vector<Case>{{"", {a, b, c}},
                                                       {"order", {a, b}},
                                                       {"*order*", {a, b, c}},
                                                       {"ord*", {a, b}},
                                                       {"*order", {a, b, c}},
                                                       {"\"order 42\"", {a}},
                                                       {"失败", {b}},
                                                       {"/[0-9]+ms/", {a}},
                                                       {"/^Order/", {b}},
                                                       {"/^order/i", {a, b}},
                                                       {"p*d", {a}},
                                                       {"order -timeout", {a}},
                                                       {"paid OR started", {a, c}},
                                                       {"level:error", {b}},
                                                       {"level>=info", {a, b}},
                                                       {"level:[debug TO info]", {a, c}},
                                                       {"tag:pay", {a}},
                                                       {"page:pay", {b}},
                                                       {"page:=\"pages/pay/index\"", {b}},
                                                       {"release:1.4.2", {a, c}},
                                                       {"release:1.*", {a, b, c}},
                                                       {"session:s-2", {b}},
                                                       {"trace:4bf92f35", {a}},
                                                       {"trace:*", {a}},
                                                       {"order_id:42", {a}},
                                                       {"order_id:43", {b}},
                                                       {"order_id>=43", {b}},
                                                       {"order_id:[42 TO 43]", {a, b}},
                                                       {"-order_id:*", {c}},
                                                       {"user.vip:true", {a}},
                                                       {"city:深圳", {a}},
                                                       {"template:999", {}},
                                                       {"(level:error OR tag:pay) order_id<43", {a}}})
    EXPECT_EQ(found(query), wanted) << query;
  const json::value first = get("lines?query=order%20paid").at("items").at(0);
  EXPECT_EQ(json::serialize(first.at("highlights")), "[[0,5],[9,4]]");
  EXPECT_EQ(found(fmt::format("template:{}", first.at("template").as_int64())), (Texts{a}));
  EXPECT_EQ(texts(get("lines?level=error").at("items")), (Texts{b}));
}

TEST_P(LinesTest, OfEachSource) {
  Record tagged = line("tagged");
  tagged.name = "pay";
  Record request = line("");
  request.kind = Kind::performance;
  request.name = "request";
  request.value = 130;
  Record render = request;
  render.id[15] = 1;
  render.name = "firstRender";
  Record click = line("");
  click.kind = Kind::event;
  click.name = "Buy";
  Record memory = line("the system asks for memory");
  memory.kind = Kind::error;
  memory.name = "memory_warning";
  Record error = line("x is not defined");
  error.kind = Kind::error;
  error.name = "TypeError";
  load({line("plain"), tagged, request, render, click, memory, error});
  const auto tags = [&](const std::string& source) {
    Texts out;
    for (const json::value& item : get("lines?source=" + source).at("items").as_array())
      out.emplace_back(item.at("tag").as_string());
    std::ranges::sort(out);
    return out;
  };
  EXPECT_EQ(tags("log"), (Texts{"log", "pay"}));
  EXPECT_EQ(tags("run"), (Texts{"log"}));
  EXPECT_EQ(tags("custom"), (Texts{"pay"}));
  EXPECT_EQ(tags("request"), (Texts{"request"}));
  EXPECT_EQ(tags("behaviour"), (Texts{"Buy"}));
  EXPECT_EQ(tags("system"), (Texts{"memory_warning"}));
  EXPECT_EQ(tags("error"), (Texts{"TypeError", "memory_warning"}));
  EXPECT_EQ(get("lines?source=request&query=value%3E100").at("items").as_array().size(), 1u);
  EXPECT_TRUE(get("lines?source=request&query=value%3E200").at("items").as_array().empty());
}

TEST_P(LinesTest, ComeInPages) {
  std::vector<Record> records;
  for (int i = 0; i < 25; ++i) records.push_back(line(fmt::format("line {}", i), Level::info, noon + i / 3));
  load(std::move(records));
  Texts all;
  std::string before;
  for (int pages = 0; pages < 10; ++pages) {
    const auto page = get("lines?limit=10" + (before.empty() ? "" : "&before=" + before));
    const auto part = texts(page.at("items"));
    all.insert(all.end(), part.begin(), part.end());
    EXPECT_EQ(page.at("tail_cursor").is_null(), !before.empty());
    if (page.at("next_cursor").is_null()) break;
    before = std::string(page.at("next_cursor").as_string());
  }
  ASSERT_EQ(all.size(), 25u);
  EXPECT_EQ(all.front(), "line 24");
  EXPECT_EQ(all.back(), "line 0");
  EXPECT_EQ(std::set(all.begin(), all.end()).size(), 25u);
}

TEST_P(LinesTest, AreFollowedAsTheyCome) {
  load({"order 1", "other"});
  auto answer = get("lines?query=order");
  const auto follow = [&](int limit = 10) {
    answer = get(
        fmt::format("lines?query=order&limit={}&after={}", limit, std::string(answer.at("tail_cursor").as_string())));
    return texts(answer.at("items"));
  };
  EXPECT_EQ(follow(), Texts{});
  clock_.advance(2000);
  // A phone that was slow: its line is older, and new.
  load({line("order 2"), line("other 2"), line("order late", Level::info, noon - 5000)});
  EXPECT_EQ(follow(), (Texts{"order 2", "order late"}));
  EXPECT_FALSE(answer.at("skipped").as_bool());
  EXPECT_EQ(follow(), Texts{});
  clock_.advance(2 * hour_ms);
  EXPECT_EQ(follow(), Texts{});
  clock_.advance(1000);
  load({"order 3", "order 4", "order 5"});
  EXPECT_EQ(follow(2).size(), 2u);
  EXPECT_TRUE(answer.at("skipped").as_bool());
  EXPECT_EQ(follow(), Texts{});
}

TEST_P(LinesTest, TheHistogramCountsWhatTheListHolds) {
  std::vector<Record> records;
  for (int i = 0; i < 30; ++i)
    records.push_back(line("x", i % 3 == 0 ? Level::error : Level::info, noon + i * 10 * minute_ms));
  records[1].weight = 10;
  clock_.advance(6 * hour_ms);
  load(std::move(records));
  const std::string range = fmt::format("from={}&to={}", noon, noon + 5 * hour_ms);
  const auto bars = get("histogram?query=x&interval_ms=3600000&" + range);
  EXPECT_EQ(bars.at("items").as_array().size(), 5u);
  EXPECT_EQ(bars.at("total").to_number<double>(), 39);
  EXPECT_EQ(bars.at("items").at(1).at("levels").at("error").to_number<double>(), 2);
  EXPECT_EQ(bars.at("items").at(0).at("at").as_int64(), noon);
  const auto chosen = get("histogram?" + range);
  EXPECT_EQ(chosen.at("interval_ms").as_int64(), 5 * minute_ms);
  EXPECT_EQ(chosen.at("total").to_number<double>(), 39);
  EXPECT_EQ(code(admin_, net::Method::get, "histogram?interval_ms=1000&from=0"), "request.invalid");
  EXPECT_EQ(code(admin_, net::Method::get, "histogram?interval_ms=1001"), "request.invalid");
}

TEST_P(LinesTest, HaveTheirContext) {
  std::vector<Record> records;
  for (int i = 0; i < 20; ++i) {
    records.push_back(line(fmt::format("line {}", i), Level::info, noon + i));
    records.back().session = i % 2 == 0 ? "even" : "";
  }
  load(std::move(records));
  const std::string id(get("lines?query=%22line%2010%22").at("items").at(0).at("id").as_string());
  const auto same = get("context?lines=2&id=" + id);
  EXPECT_EQ(texts(same.at("before")), (Texts{"line 6", "line 8"}));
  EXPECT_EQ(same.at("line").at("text").as_string(), "line 10");
  EXPECT_EQ(texts(same.at("after")), (Texts{"line 12", "line 14"}));
  const auto all = get("context?lines=2&within=miniprogram&id=" + id);
  EXPECT_EQ(texts(all.at("before")), (Texts{"line 8", "line 9"}));
  EXPECT_EQ(texts(all.at("after")), (Texts{"line 11", "line 12"}));
  const std::string odd(get("lines?query=%22line%2011%22").at("items").at(0).at("id").as_string());
  EXPECT_EQ(get("context?lines=1&id=" + odd).at("within").as_string(), "miniprogram");
  EXPECT_EQ(code(admin_, net::Method::get, "context?id=4-1-1"), "logs.not_found");
  EXPECT_EQ(code(admin_, net::Method::get, "context?id=x"), "request.invalid");
}

TEST_P(LinesTest, LeadToWhatHasTheSameTraceAndSession) {
  Record log = line("pay"), error = line("failed"), event = line("");
  log.trace = error.trace = "t-1";
  error.kind = Kind::error;
  event.kind = Kind::event;
  load({log, error, event, line("alone")});
  const auto of = [&](const std::string& query) {
    return get("related?id=" + std::string(get("lines?query=" + query).at("items").at(0).at("id").as_string()));
  };
  const auto related = of("pay");
  EXPECT_EQ(json::serialize(related.at("trace")),
            R"({"id":"t-1","counts":{"event":0E0,"performance":0E0,"error":1E0,"log":1E0}})");
  EXPECT_EQ(related.at("session").at("counts").at("log").to_number<double>(), 2);
  EXPECT_EQ(related.at("session").at("counts").at("event").to_number<double>(), 1);
  EXPECT_TRUE(of("alone").at("trace").is_null());
}

TEST_P(LinesTest, ShowTheirFieldsAndProperties) {
  std::vector<Record> records;
  for (int i = 0; i < 12; ++i) {
    records.push_back(line("x", i < 9 ? Level::info : Level::warn));
    records.back().properties = fmt::format(R"({{"order_id":{},"vip":true}})", i % 4);
  }
  load(std::move(records));
  const auto all = get("fields?query=x");
  EXPECT_EQ(all.at("lines").as_int64(), 12);
  const auto& items = all.at("items").as_array();
  const auto* level = std::ranges::find_if(items, [](const json::value& one) { return one.at("name") == "level"; });
  EXPECT_EQ(level->at("values").at(0).at("query").as_string(), "level:info");
  EXPECT_EQ(level->at("values").at(0).at("share").to_number<double>(), 0.75);
  const auto* order =
      std::ranges::find_if(items, [](const json::value& one) { return one.at("name") == "properties.order_id"; });
  EXPECT_EQ(order->at("values").as_array().size(), 4u);
  const auto exact = get("fields/level?query=x");
  EXPECT_TRUE(exact.at("exact").as_bool());
  EXPECT_EQ(exact.at("values").at(0).at("count").to_number<double>(), 9);
  const auto region = get("fields/region");
  EXPECT_EQ(region.at("count").to_number<double>(), 0);
  const auto property = get("fields/order_id?top=2");
  EXPECT_TRUE(property.at("exact").as_bool());
  EXPECT_EQ(property.at("values").as_array().size(), 2u);
  EXPECT_EQ(code(admin_, net::Method::get, "fields/text"), "request.invalid");
}

TEST_P(LinesTest, AreCompletedFromWhatIsThere) {
  Record one = line("x");
  one.properties = R"({"order_id":42})";
  load({one});
  const auto texts_of = [&](const std::string& query) {
    Texts out;
    for (const json::value& item : get("complete?query=" + escaped(query)).at("items").as_array())
      out.emplace_back(item.at("text").as_string());
    return out;
  };
  EXPECT_EQ(texts_of("ord"), (Texts{"order_id:"}));
  EXPECT_EQ(texts_of("release:1"), (Texts{"1.4.2"}));
  EXPECT_EQ(texts_of("order_id:4"), (Texts{"42"}));
  EXPECT_EQ(texts_of("level:w"), (Texts{"warn"}));
  const auto place = get("complete?cursor=3&query=" + escaped("x order_id:4"));
  EXPECT_EQ(place.at("from").as_int64(), 2);
  EXPECT_EQ(place.at("to").as_int64(), 10);
  EXPECT_EQ(code(admin_, net::Method::get, "complete?query=a&cursor=2"), "request.invalid");
}

TEST_P(LinesTest, HaveTemplatesThatAreNewSinceARelease) {
  std::vector<Record> records;
  for (int i = 0; i < 6; ++i) records.push_back(line(fmt::format("order {} paid in {} ms", 1000 + i, i * 7)));
  clock_.advance(1000);
  for (int i = 0; i < 3; ++i) {
    records.push_back(line(fmt::format("coupon {} refused by server", 50 + i)));
    records.back().release = "1.5.0";
  }
  load(std::move(records));
  const auto all = get("templates");
  EXPECT_EQ(all.at("total").to_number<double>(), 9);
  ASSERT_EQ(all.at("items").as_array().size(), 2u) << json::serialize(all);
  const json::value& paid = all.at("items").at(0);
  EXPECT_EQ(paid.at("count").to_number<double>(), 6);
  EXPECT_EQ(paid.at("first_release").as_string(), "1.4.2");
  double trend = 0;
  for (const json::value& count : paid.at("trend").as_array()) trend += count.to_number<double>();
  EXPECT_EQ(trend, 6);
  EXPECT_EQ(get(fmt::format("lines?query=template:{}", paid.at("number").as_int64())).at("items").as_array().size(),
            6u);
  const auto fresh = get("templates?since_release=1.5.0");
  ASSERT_EQ(fresh.at("items").as_array().size(), 1u);
  EXPECT_EQ(fresh.at("items").at(0).at("sample").as_string(), "coupon 50 refused by server");
  EXPECT_EQ(fresh.at("total").to_number<double>(), 9);
  EXPECT_EQ(get("templates?since_release=1.4.2").at("items").as_array().size(), 2u);
  EXPECT_EQ(get("templates?query=coupon").at("items").as_array().size(), 1u);
  EXPECT_EQ(get("releases").at("items").at(0).at("release").as_string(), "1.5.0");
}

TEST_P(LinesTest, HidePersonalDataFromWhoMayNotSeeIt) {
  Record one = line("用户 13812345678 登录");
  one.properties = R"({"phone":13812345678})";
  load({one});
  EXPECT_TRUE(json::serialize(get("lines")).contains("13812345678"));
  for (const char* const target : {"lines", "fields", "fields/phone", "templates"})
    EXPECT_FALSE(json::serialize(get(developer_, target)).contains("13812345678")) << target;
}

TEST_P(LinesTest, MistakesArePointedAt) {
  const auto answer = call(admin_, net::Method::get, "lines?query=" + escaped("支付 level:loud"));
  EXPECT_EQ(answer.status, 400);
  const json::value problem = json::parse(answer.body);
  EXPECT_EQ(problem.at("code").as_string(), "logs.invalid_query");
  EXPECT_EQ(problem.at("query_error").at("code").as_string(), "bad_level");
  EXPECT_EQ(problem.at("query_error").at("offset").to_number<int>(), 9);
  const auto parsed = post("parse", R"({"query":"a \"b"})");
  EXPECT_FALSE(parsed.at("ok").as_bool());
  EXPECT_EQ(parsed.at("error").at("suggestion").as_string(), "a \"b\"");
  EXPECT_EQ(post("parse", R"({"query":"a AND b"})").at("query").as_string(), "a b");
  EXPECT_EQ(post("parse", R"({"query":""})").at("query").as_string(), "");
  for (const char* const target : {"lines?source=x", "lines?level=loud", "lines?limit=0", "lines?limit=501",
                                   "lines?from=x", "lines?from=5&to=4", "fields?query=(", "templates?limit=0"})
    EXPECT_NE(code(admin_, net::Method::get, target), "200") << target;
  EXPECT_EQ(code(admin_, net::Method::get, "lines?before=x"), "request.invalid_cursor");
}

TEST_P(LinesTest, MaskingRulesCanBeTried) {
  const std::string body =
      R"({"text":"call 13812345678 order-77","masking":{"phones":true,"rules":[{"name":"o","pattern":"order-[0-9]+","replacement":"order-*"}]}})";
  EXPECT_EQ(post("masking/try", body).at("text").as_string(), "call 138****5678 order-*");
  EXPECT_EQ(code(analyst_, net::Method::post, "masking/try", body), "identity.forbidden");
  EXPECT_EQ(code(admin_, net::Method::post, "masking/try",
                 R"({"text":"","masking":{"rules":[{"name":"o","pattern":"(","replacement":""}]}})"),
            "request.invalid");
}

MINIOPS_ON_BOTH_ENGINES(LinesTest);

}  // namespace
}  // namespace miniops::logs
