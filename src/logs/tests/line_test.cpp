// Lines as values: ids, columns, exports' formats, counts of fields, plans.
#include "logs/line.hpp"

#include <gtest/gtest.h>

#include "logs/binding.hpp"
#include "logs/export_format.hpp"
#include "logs/export_plan.hpp"
#include "logs/field_counts.hpp"
#include "logs/query/query.hpp"

namespace miniops::logs {
namespace {

using telemetry::Kind;

Line line(std::string text, std::string properties = "{}", double weight = 1) {
  telemetry::NamedRow row;
  row.row.time = 1795237200123;
  row.row.sequence = 17;
  row.row.weight = weight;
  row.row.level = 3;
  row.row.log_template = 5;
  row.row.text = std::move(text);
  row.row.properties = std::move(properties);
  row.name = "pay";
  row.page = "pages/a,b";
  row.release = "1.4.2";
  row.device = {"HUAWEI", "ALN-AL00", "", "Android", "12", "", ""};
  return line_of(Kind::log, std::move(row), nullptr);
}

TEST(LineIds, AreReadAsTheyAreWritten) {
  const LineId id = id_of(line("x"));
  EXPECT_EQ(to_string(id), "4-1795237200123-17");
  EXPECT_EQ(parse_line_id(to_string(id))->place(), id.place());
  for (const std::string_view text : {"", "4", "4-1", "4-1-", "4-1-2-3", "9-1-2", "0-1-2", "x-1-2", "4--1-2", "4-1-2 "})
    EXPECT_FALSE(parse_line_id(text)) << text;
}

TEST(Columns, AreFieldsAndProperties) {
  const Line one = line("pay failed", R"({"order":{"id":42},"a.b":true,"n":null})");
  struct Case {
    std::string_view name, text;
  };
  for (const auto& [name, text] : std::vector<Case>{{"at", "1795237200123"},
                                                    {"time", "2026-11-21T05:00:00.123Z"},
                                                    {"id", "4-1795237200123-17"},
                                                    {"level", "warn"},
                                                    {"tag", "pay"},
                                                    {"text", "pay failed"},
                                                    {"device", "HUAWEI ALN-AL00 Android 12"},
                                                    {"template", "5"},
                                                    {"issue", ""},
                                                    {"region", ""},
                                                    {"properties.order.id", "42"},
                                                    {"properties.order", R"({"id":42})"},
                                                    {"properties.a.b", "true"},
                                                    {"properties.n", ""},
                                                    {"properties.none", ""},
                                                    {"properties", R"({"order":{"id":42},"a.b":true,"n":null})"}}) {
    EXPECT_TRUE(is_column(name)) << name;
    EXPECT_EQ(column_text(one, name), text) << name;
  }
  for (const FieldInfo& info : fields()) EXPECT_TRUE(is_column(info.name)) << info.name;
  for (const std::string_view name : {"", "properties.", "nothing", "Level"}) EXPECT_FALSE(is_column(name)) << name;
}

TEST(Lines, HidePersonalData) {
  const telemetry::Masker masker({true, true, true, false, false, {}});
  telemetry::NamedRow row;
  row.row.text = "call 13812345678";
  row.row.properties = R"({"phone":13812345678,"text":"13812345678"})";
  const Line hidden = line_of(Kind::log, row, &masker);
  EXPECT_EQ(hidden.text, "call 138****5678");
  EXPECT_EQ(json::serialize(hidden.properties), R"({"phone":"138****5678","text":"138****5678"})");
  const Line broken = line_of(Kind::log, {{}, "", "", "", "", "", "", {}}, &masker);
  EXPECT_TRUE(broken.properties.empty());
}

TEST(ExportFormats, CsvIsReadBackAndRunsNothing) {
  ExportWish wish;
  wish.columns = {"text", "page", "properties.n"};
  EXPECT_EQ(export_head(wish), "\xef\xbb\xbftext,page,properties.n\r\n");
  struct Case {
    std::string_view text, cell;
  };
  for (const auto& [text, cell] : std::vector<Case>{{"plain", "plain"},
                                                    {"a,b", "\"a,b\""},
                                                    {"say \"hi\"", "\"say \"\"hi\"\"\""},
                                                    {"two\nlines", "\"two\nlines\""},
                                                    {"=1+1", "'=1+1"},
                                                    {"+1", "'+1"},
                                                    {"-1", "'-1"},
                                                    {"@SUM(A1)", "'@SUM(A1)"},
                                                    {"\t=1", "'\t=1"},
                                                    {"＝1", "'＝1"},
                                                    {"=a,b", "\"'=a,b\""}})
    EXPECT_EQ(export_line(wish, line(std::string(text))), std::string(cell) + ",\"pages/a,b\",\r\n");
}

TEST(ExportFormats, JsonlHasOneObjectALine) {
  ExportWish wish;
  wish.format = Format::jsonl;
  wish.columns = {"text", "properties", "region"};
  EXPECT_EQ(export_head(wish), "");
  EXPECT_EQ(export_line(wish, line("=a\n", R"({"n":1})")), R"({"text":"=a\n","properties":{"n":1},"region":null})"
                                                           "\n");
}

TEST(ExportPlans, CoverTheRangeOnceTheNewestFirst) {
  const Span range{100, 1100};
  const auto point = [](TimeMs at, double count) {
    events::Point out;
    out.at = at;
    out.count = count;
    return out;
  };
  const std::vector<events::Point> counts{point(0, 5), point(200, 6), point(400, 9), point(800, 2), point(1000, 3)};
  EXPECT_EQ(plan_spans(range, 200, counts, 10), (std::vector<Span>{{600, 1100}, {400, 600}, {200, 400}, {100, 200}}));
  EXPECT_EQ(plan_spans(range, 200, counts, 1000), (std::vector<Span>{range}));
  EXPECT_EQ(plan_spans(range, 200, {}, 10), (std::vector<Span>{range}));
  EXPECT_EQ(plan_spans({5, 5}, 200, counts, 10), std::vector<Span>{});
  EXPECT_EQ(plan_spans(range, 400), (std::vector<Span>{{700, 1100}, {300, 700}, {100, 300}}));
  for (const TimeMs length : {TimeMs{1}, hour_ms, 30 * day_ms, 3650 * day_ms}) {
    const TimeMs interval = plan_interval({0, length});
    EXPECT_EQ(interval % minute_ms, 0);
    EXPECT_LE(length / interval, 500);
  }
}

TEST(FieldCounts, CountWeightsAndFindTheirValues) {
  const std::vector<Line> lines{line("a", R"({"order":{"id":42},"vip":true,"list":[1]})"),
                                line("b", R"({"order":{"id":42}})", 10), line("c", R"({"order":{"id":"x y"}})")};
  const FieldCounts all = count_fields(lines);
  EXPECT_EQ(all.lines, 3u);
  const auto named = [&](std::string_view name) -> const FieldCount& {
    return *std::ranges::find(all.fields, name, &FieldCount::name);
  };
  EXPECT_EQ(named("level").values.at(0).query, "level:warn");
  EXPECT_EQ(named("level").count, 12);
  EXPECT_EQ(named("page").values.at(0).query, "page:=\"pages/a,b\"");
  EXPECT_EQ(named("device").values.at(0).query, "device:\"HUAWEI ALN-AL00 Android 12\"");
  const FieldCount& order = named("properties.order.id");
  EXPECT_TRUE(order.property);
  EXPECT_EQ(order.values.size(), 2u);
  EXPECT_EQ(order.values.at(0).value, "42");
  EXPECT_EQ(order.values.at(0).count, 11);
  EXPECT_EQ(order.values.at(1).query, "order.id:=\"x y\"");
  for (const FieldCount& field : all.fields)
    for (const ValueCount& value : field.values) EXPECT_TRUE(parse(value.query)) << value.query;
  EXPECT_EQ(std::ranges::find(all.fields, "properties.list", &FieldCount::name), all.fields.end());
  EXPECT_EQ(count_field(lines, "order.id", 1).values.size(), 1u);
  EXPECT_EQ(count_field(lines, "template", 5).values.at(0).value, "5");
}

TEST(Bindings, FollowAliasesAndHashSessions) {
  const Aliases aliases{{7, 3}, {3, 1}, {9, 4}};
  EXPECT_EQ(living(7, aliases), 1);
  EXPECT_EQ(living(4, aliases), 4);
  EXPECT_EQ(living(2, {{2, 2}}), 2);
  const auto numbers = [&](std::string_view query) { return bound(to_predicate(*parse(query)), aliases).numbers; };
  EXPECT_EQ(numbers("template:1"), (std::vector<std::int64_t>{1, 3, 7}));
  EXPECT_EQ(numbers("template:7"), (std::vector<std::int64_t>{1, 3, 7}));
  EXPECT_EQ(numbers("template:5"), (std::vector<std::int64_t>{5}));
  EXPECT_EQ(numbers("template:99999999999"), (std::vector<std::int64_t>{99999999999}));
  EXPECT_EQ(numbers("scene:7"), (std::vector<std::int64_t>{7}));
  const std::string hash(32, 'a');
  EXPECT_EQ(bound(to_predicate(*parse("session:" + hash)), {}).text, hash);
  const std::string hashed = bound(to_predicate(*parse("session:s-1")), {}).text;
  EXPECT_EQ(hashed.size(), 32u);
  EXPECT_EQ(bound(to_predicate(*parse("x -session:s-1")), {}).of.at(1).of.at(0).text, hashed);
  EXPECT_TRUE(mentions(to_predicate(*parse("a (b OR -template:4)")), events::Field::log_template));
  EXPECT_FALSE(mentions(to_predicate(*parse("template")), events::Field::log_template));
}

TEST(Releases, AreOrderedByTheirFirstLine) {
  const std::vector<Release> releases{{"1.10", 300}, {"1.9", 200}, {"1.8", 100}};
  const auto of = [](std::string release) { return Template{1, "", "", 0, std::move(release)}; };
  EXPECT_TRUE(is_new_since(of("1.9"), "1.9", releases));
  EXPECT_TRUE(is_new_since(of("1.10"), "1.9", releases));
  EXPECT_FALSE(is_new_since(of("1.8"), "1.9", releases));
  EXPECT_FALSE(is_new_since(of("1.8"), "none", releases));
  EXPECT_FALSE(is_new_since(of(""), "1.9", releases));
}

}  // namespace
}  // namespace miniops::logs
