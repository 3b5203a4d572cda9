// Tables as CSV; what Excel's form holds is read back by tests/integration/reports.test.mjs, with another program.
#include "reports/sheet.hpp"

#include <gmock/gmock.h>

namespace miniops::reports {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

std::string csv_of(std::span<const Cell> cells) {
  const auto sheet = make_sheet(FileFormat::csv, "Asia/Shanghai", "test");
  sheet->line(cells);
  return sheet->finish().value().substr(3);  // after the mark
}

TEST(SheetTest, EachKindOfCell) {
  const std::vector<Cell> cells{Cell(),        std::string("0042"), std::int64_t{42}, 1.5, Moment{1'773'453'600'000},
                                Spell{60'500}, Share{0.25}};
  EXPECT_EQ(csv_of(cells), ",\"0042\",42,1.5000,\"2026-03-14 10:00\",60500,0.2500\r\n");
}

TEST(SheetTest, NoTextIsAFormula) {
  for (const std::string text : {"=1+1", "+1", "-1", "@sum", "\tx", "\rx", "\nx", "＝1", "＋1", "－1", "＠x"}) {
    const std::vector<Cell> cells{text};
    EXPECT_THAT(csv_of(cells), StartsWith("\"'")) << text;
  }
  const std::vector<Cell> cells{std::string("say \"1=1\"")};
  EXPECT_EQ(csv_of(cells), "\"say \"\"1=1\"\"\"\r\n");
}

TEST(SheetTest, SpellsNameTheirUnitWhereTheyAreNumbers) {
  const auto sheet = make_sheet(FileFormat::csv, "UTC", "test");
  const std::vector<Column> columns{{"wait", true}, {"count"}};
  sheet->head(columns);
  EXPECT_THAT(sheet->finish().value(), HasSubstr("wait_ms,count\r\n"));
}

TEST(SheetTest, AWorkbookIsAnArchive) {
  const auto sheet = make_sheet(FileFormat::xlsx, "UTC", "test");
  const std::vector<Column> columns{{"text"}};
  sheet->head(columns);
  const std::vector<Cell> cells{std::string(100'000, 'x')};  // more than Excel takes
  sheet->line(cells);
  const auto file = sheet->finish();
  ASSERT_TRUE(file) << file.error().message;
  EXPECT_THAT(*file, StartsWith("PK"));
  EXPECT_THAT(*file, HasSubstr("xl/worksheets/sheet1.xml"));
}

TEST(SheetTest, OneThatIsNotFinishedLeavesNothing) {
  const auto sheet = make_sheet(FileFormat::xlsx, "UTC", "test");
  const std::vector<Cell> cells{std::string("x")};
  sheet->line(cells);
}

}  // namespace
}  // namespace miniops::reports
