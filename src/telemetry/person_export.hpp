// All records of one person, a page at a time: kind by kind, the newest first.
#pragma once

#include "telemetry/service.hpp"

namespace miniops::telemetry {

// Where a page begins.
struct ExportPlace {
  Kind kind = Kind::event;
  std::optional<events::RowPlace> before{};
};
std::string to_cursor(const ExportPlace& place);
Result<ExportPlace> read_export_cursor(std::string_view cursor);  // request.invalid_cursor

struct ExportPage {
  std::vector<std::pair<Kind, NamedRow>> rows{};
  std::optional<ExportPlace> next{};  // nullopt: that was all
};
// Of `person`, the number that records show: at most 100 rows, and not many more than 4 MB.
Task<Result<ExportPage>> export_page(Service& service, Access access, std::int64_t person, ExportPlace from,
                                     TimeMs now);

}  // namespace miniops::telemetry
