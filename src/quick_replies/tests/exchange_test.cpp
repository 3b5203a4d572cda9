// CSV, and quick replies in it.
#include "quick_replies/exchange.hpp"

#include <gmock/gmock.h>

#include "quick_replies/csv.hpp"

namespace miniops::quick_replies {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using Cells = std::vector<std::string>;

TEST(Csv, IsRead) {
  struct Case {
    std::string text;
    std::vector<std::pair<int, Cells>> rows;
  };
  const std::vector<Case> cases{
      {"", {}},
      {"\n\r\n\n", {}},
      {"a,b", {{1, {"a", "b"}}}},
      {"\xef\xbb\xbf"
       "a\r\nb\r\n",
       {{1, {"a"}}, {2, {"b"}}}},
      {"a\rb", {{1, {"a"}}, {2, {"b"}}}},
      {"a,\n,b\n", {{1, {"a", ""}}, {2, {"", "b"}}}},
      {"\"a,\"\"b\"\"\",c\n", {{1, {"a,\"b\"", "c"}}}},
      {"\"a\nb\",c\n\nd\n", {{1, {"a\nb", "c"}}, {4, {"d"}}}},
      {"a\"b\"\n", {{1, {"a\"b\""}}}},
      {"\"a\"b,c\n", {{1, {"ab", "c"}}}},
      {"\"\",\"\"\n", {{1, {"", ""}}}},
  };
  for (const auto& [text, rows] : cases) {
    const auto read = read_csv(text, 100);
    ASSERT_EQ(read.size(), rows.size()) << text;
    for (std::size_t i = 0; i < rows.size(); ++i) {
      EXPECT_EQ(read[i].line, rows[i].first) << text;
      EXPECT_EQ(read[i].cells, rows[i].second) << text;
      EXPECT_TRUE(read[i].closed);
    }
  }
}

TEST(Csv, WhatIsHostileIsBounded) {
  const auto open = read_csv("a\n\"b\nc", 100);
  ASSERT_EQ(open.size(), 2U);
  EXPECT_EQ(open[1].line, 2);
  EXPECT_FALSE(open[1].closed);
  EXPECT_EQ(read_csv(std::string(1000, ','), 100).at(0).cells.size(), 32U);
  EXPECT_EQ(read_csv("a\na\na\na\n", 3).size(), 3U);
}

TEST(Csv, NoCellIsAFormulaAndNoneIsChanged) {
  const Cells cells{"=1+1",
                    "+86",
                    "-1",
                    "@SUM(A1)",
                    "\t=1",
                    "\r=1",
                    "＝1",
                    "'=1",
                    "''=1",
                    "'ok'",
                    "a=1",
                    "",
                    "\"quoted\"",
                    "a,b",
                    "a\nb",
                    "＋1",
                    "=HYPERLINK(\"http://a\")"};
  const std::string line = csv_line(cells);
  const auto read = read_csv(line, 10);
  ASSERT_EQ(read.size(), 1U);
  ASSERT_EQ(read[0].cells.size(), cells.size());
  for (std::size_t i = 0; i < cells.size(); ++i) {
    const std::string& written = read[0].cells[i];
    const bool formula = !written.empty() && (std::string_view("=+-@\t\r").contains(written[0]) ||
                                              written.starts_with("＝") || written.starts_with("＋"));
    EXPECT_FALSE(formula) << written;
    EXPECT_EQ(plain_cell(written), cells[i]);
  }
  EXPECT_EQ(plain_cell("=1"), "=1");
}

TEST(Exchange, GoodRowsAreReadAndBadOnesNamed) {
  const auto table = read_table(
      "title,content,folder,uses,initials\n"
      "问候,您好{{customer.nickname|亲}},售前,7,\n"
      ",,,,\n"
      "坏,{{phone}},,,\n"
      "\"多\n行\",\"a\nb\", 售后 / 退款 ,,TK\n"
      "短\n"
      "深,x,a/b/c/d,,\n"
      "乱,\xff,,,\n"
      "长," +
      std::string(2049, 'x') +
      ",,,\n"
      "公式,'=1+1,,,\n"
      "开,\"x\n");
  ASSERT_TRUE(table.has_value()) << table.error().message;
  ASSERT_EQ(table->rows.size(), 3U);
  EXPECT_EQ(table->rows[0].line, 2);
  EXPECT_EQ(table->rows[0].reply.folder, "售前");
  EXPECT_EQ(table->rows[1].line, 5);
  EXPECT_EQ(table->rows[1].reply.folder, "售后/退款");
  EXPECT_EQ(table->rows[1].reply.initials, "tk");
  EXPECT_EQ(table->rows[2].reply.content, "=1+1");
  std::vector<int> lines;
  for (const Rejected& one : table->rejected) lines.push_back(one.line);
  EXPECT_THAT(lines, ElementsAre(3, 4, 8, 9, 10, 11, 13));
  EXPECT_THAT(table->rejected[1].why, HasSubstr("character 1"));
  EXPECT_THAT(table->rejected[4].why, HasSubstr("UTF-8"));
}

TEST(Exchange, AFileThatIsNone) {
  for (const std::string text : {"", "\n", "a,b\n1,2\n", "title\n问候\n", "内容\n您好\n"}) {
    const auto table = read_table(text);
    ASSERT_FALSE(table.has_value()) << text;
    EXPECT_EQ(table.error().code, "quick_replies.invalid_csv");
  }
}

TEST(Exchange, OnlySoManyRows) {
  std::string text = "content\n";
  for (std::size_t i = 0; i < import_rows_max + 5; ++i) text += fmt::format("t{}\n", i);
  const auto table = read_table(text).value();
  EXPECT_EQ(table.rows.size(), import_rows_max);
  ASSERT_EQ(table.rejected.size(), 1U);
  EXPECT_EQ(table.rejected[0].line, static_cast<int>(import_rows_max) + 2);
}

TEST(Exchange, WhatIsWrittenIsReadAgain) {
  QuickReply one;
  one.folder = "售后/退款";
  one.shortcut = "tk";
  one.title = "=退款";
  one.content = "第一行\n\"第二行\", 第三";
  one.initials = "tk";
  QuickReply two;
  two.owner = AccountId(7);
  two.picture_id = "p1";
  const std::string text = write_table({{one, 3, 0}, {two}});
  EXPECT_TRUE(text.starts_with("\xef\xbb\xbf"));
  EXPECT_THAT(text, HasSubstr("\"personal\""));
  const auto table = read_table(text).value();
  EXPECT_THAT(table.rejected, IsEmpty());
  ASSERT_EQ(table.rows.size(), 2U);
  EXPECT_EQ(table.rows[0].reply.title, one.title);
  EXPECT_EQ(table.rows[0].reply.content, one.content);
  EXPECT_EQ(table.rows[0].reply.folder, one.folder);
  EXPECT_EQ(table.rows[1].reply.picture_id, "p1");
}

}  // namespace
}  // namespace miniops::quick_replies
