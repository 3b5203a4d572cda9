// Quick replies as a table: CSV with a header line, one quick reply a row. Pure.
#pragma once

#include "quick_replies/reply.hpp"

namespace miniops::quick_replies {

struct Rejected {
  int line = 0;
  std::string why;
};
struct ImportRow {
  int line = 0;
  QuickReply reply;  // checked; without id, mini program and owner
};
struct ImportTable {
  std::vector<ImportRow> rows{};
  std::vector<Rejected> rejected{};
};

inline constexpr std::size_t import_rows_max = 2000;

// The header names the columns: content, or picture_id, and any of folder, shortcut, title, initials; others do not
// matter. quick_replies.invalid_csv: no header line, or none that names content or picture_id.
Result<ImportTable> read_table(std::string_view text);
// What read_table() reads, and scope and uses. With a byte order mark, for spreadsheets.
std::string write_table(const std::vector<Listed>& replies);

}  // namespace miniops::quick_replies
