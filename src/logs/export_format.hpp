// Lines as CSV and as JSONL. Pure.
#pragma once

#include "logs/line.hpp"
#include "logs/saved.hpp"

namespace miniops::logs {

std::vector<std::string> default_columns();

// What stands before the first line: of CSV the names, behind a mark that tells spreadsheets that it is UTF-8.
std::string export_head(const ExportWish& wish);
// One line with its end. A cell of CSV that a spreadsheet would take for a formula gets a ' in front.
std::string export_line(const ExportWish& wish, const Line& line);

std::string_view content_type(const ExportWish& wish);
std::string file_name(const Export& one);  // "logs-<id>.csv.gz"

}  // namespace miniops::logs
