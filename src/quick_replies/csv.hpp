// CSV (RFC 4180), read and written. Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace miniops::quick_replies {

struct CsvRow {
  int line = 1;  // at which it begins
  std::vector<std::string> cells{};
  bool closed = true;  // false: the file ends within quotes
};
// Up to `rows_max`, of each the first 32 cells; a byte order mark and empty lines do not count. Any bytes are read: a
// quote within an unquoted cell is itself.
std::vector<CsvRow> read_csv(std::string_view text, std::size_t rows_max);

// Cells that a spreadsheet would take for a formula get an apostrophe before them, which plain_cell() takes away again.
std::string csv_line(const std::vector<std::string>& cells);
std::string plain_cell(std::string cell);

}  // namespace miniops::quick_replies
