// Records as CSV and as JSONL. Pure.
#pragma once

#include "records/export.hpp"

namespace miniops::records {

// One row of a file: a message or an event with its conversation, or a conversation in which nothing is left.
struct ExportRow {
  ConversationRecord conversation{};
  std::optional<MessageRecord> message{};
  std::optional<EventRecord> event{};  // of JSONL alone
};

// What stands before the first row: of CSV the names, behind a mark that tells spreadsheets that it is UTF-8.
std::string export_head(Format format);
// A row with its end, as `reader` may see it. A cell of CSV that a spreadsheet would take for a formula gets a ' in
// front.
std::string export_row(Format format, const Reader& reader, const ExportRow& row);

std::string_view content_type(const Export& one);
std::string file_name(const Export& one);  // "records-<id>.csv"

}  // namespace miniops::records
