#include "performance/heat.hpp"

#include <algorithm>

namespace miniops::performance {

Heat heat_of(const std::map<std::string, Spreads>& spreads, const std::vector<HeatColumn>& columns, double quantile,
             std::size_t rows_max) {
  Heat heat;
  std::map<std::string, double> counts;
  for (const auto& [row, cells] : spreads) {
    heat.rows.push_back(row);
    for (const auto& [column, spread] : cells) counts[row] += spread.count();
  }
  std::ranges::sort(heat.rows, {}, [&](const std::string& row) { return std::pair(-counts[row], row); });
  if (heat.rows.size() > rows_max) heat.rows.resize(rows_max);
  for (const HeatColumn& column : columns) heat.columns.push_back(column.name);
  for (const std::string& row : heat.rows) {
    const Spreads& cells = spreads.at(row);
    for (const HeatColumn& column : columns) {
      const auto found = cells.find(column.name);
      if (found == cells.end() || found->second.empty()) continue;
      const double ms = found->second.at(quantile);
      heat.cells.push_back({row, column.name, found->second.count(), ms, grade_of(ms, column.limits)});
    }
  }
  return heat;
}

}  // namespace miniops::performance
