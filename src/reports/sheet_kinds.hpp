// The two kinds of sheets, for sheet_csv.cpp and sheet_xlsx.cpp.
#pragma once

#include "reports/sheet.hpp"

namespace miniops::reports {

std::unique_ptr<Sheet> make_csv(std::string time_zone);
std::unique_ptr<Sheet> make_xlsx(std::string time_zone, std::string name);

}  // namespace miniops::reports
